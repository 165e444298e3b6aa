include { option ; quoted } from './shell'

process RECONCILE {
    tag 'all samples'
    label 'process_single'

    conda "${projectDir}/../containers/environment.yml"
    container "${params.container}"

    input:
    path calls
    path assays
    path clinical
    path analysis
    path panels
    val parameters

    output:
    path "${prefix}", emit: folder
    tuple val("${task.process}"), val('kmt2a'), eval('kmt2a --version'), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    prefix = task.ext.prefix ?: 'reconciled'
    def options = [
        option('--assays', assays),
        option('--clinical', clinical),
        option('--analysis', analysis),
        option('--panels', panels),
        parameters,
        task.ext.args,
    ]
    """
    kmt2a reconcile --calls ${calls}/kmt2a.tsv ${options.findAll().join(' ')} -o ${quoted(prefix)}
    """

    stub:
    prefix = task.ext.prefix ?: 'reconciled'
    """
    mkdir ${quoted(prefix)}
    """
}
