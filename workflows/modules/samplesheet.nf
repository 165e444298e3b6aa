include { option } from './shell'

process SAMPLESHEET {
    tag 'all samples'
    label 'process_single'

    conda "${projectDir}/../containers/environment.yml"
    container "${params.container}"

    input:
    path samplesheet
    val folder
    stdin
    val rnafusion
    val parameters

    output:
    path 'samplesheet', emit: folder
    path 'samplesheet/plan.json', emit: plan
    path 'samplesheet/samplesheet.csv', emit: samplesheet
    tuple val("${task.process}"), val('kmt2a'), eval('kmt2a --version'), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def options = [
        option('--samplesheet', samplesheet),
        samplesheet ? option('--folder', folder) : '',
        rnafusion ? '--listing /dev/stdin' : '',
        option('--rnafusion', rnafusion),
        parameters,
        task.ext.args,
    ]
    """
    kmt2a samplesheet ${options.findAll().join(' ')} -o samplesheet
    """

    stub:
    """
    mkdir samplesheet
    touch samplesheet/samplesheet.csv
    echo '{"tasks": [
      {"task": "calls_0001", "kind": "calls", "name": "calls_0001", "sheet": "stub", "files": []},
      {"task": "detect_stub", "kind": "detect", "name": "stub", "sheet": "source\\nfastq", "files": [], "indexes": []}
    ]}' > samplesheet/plan.json
    """
}
