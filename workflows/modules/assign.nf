include { keepGoing ; option ; quoted } from './shell'

process ASSIGN {
    tag 'all samples'
    label 'process_single'

    conda "${projectDir}/../containers/environment.yml"
    container "${params.container}"

    input:
    path samplesheet
    path folders, stageAs: 'tasks/*'
    path gtf
    path genome, arity: '0..*'
    path index
    val parameters

    output:
    path "${prefix}", emit: folder
    tuple val("${task.process}"), val('kmt2a'), eval('kmt2a --version'), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    prefix = task.ext.prefix ?: 'calls'
    def options = [
        option('--samplesheet', samplesheet),
        option('--gtf', gtf),
        option('--genome', genome ? genome[0] : ''),
        parameters,
        keepGoing(),
        option('--index', index),
        task.ext.args,
    ]
    """
    kmt2a assign ${options.findAll().join(' ')} ${folders} -o ${quoted(prefix)}
    """

    stub:
    prefix = task.ext.prefix ?: 'calls'
    """
    mkdir ${quoted(prefix)}
    """
}
