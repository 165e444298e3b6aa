include { option ; quoted } from './shell'

process OUTCOMES {
    tag 'all samples'
    label 'process_low'

    conda "${projectDir}/../containers/environment.yml"
    container "${params.container}"

    input:
    path reconciled
    path clinical
    path analysis
    val parameters

    output:
    path "${prefix}", emit: folder
    tuple val("${task.process}"), val('kmt2a'), eval('kmt2a --version'), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    prefix = task.ext.prefix ?: 'outcomes'
    def options = [
        option('--clinical', clinical),
        option('--analysis', analysis),
        parameters,
        "--processes ${task.cpus}",
        task.ext.args,
    ]
    """
    kmt2a outcomes --patients ${reconciled}/patients.tsv ${options.findAll().join(' ')} -o ${quoted(prefix)}
    """

    stub:
    prefix = task.ext.prefix ?: 'outcomes'
    """
    mkdir ${quoted(prefix)}
    """
}
