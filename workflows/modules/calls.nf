include { keepGoing ; option ; quoted } from './shell'

process CALLS {
    tag "${meta.id}"
    label 'process_single'

    conda "${projectDir}/../containers/environment.yml"
    container "${params.container}"

    input:
    tuple val(meta), path(files, stageAs: 'inputs/?/*')
    // The sheet of the task: a value is the same whenever it was made, and no identifier gets into a command.
    stdin
    path gtf
    val parameters

    output:
    tuple val(meta), path("${prefix}"), emit: folder
    tuple val("${task.process}"), val('kmt2a'), eval('kmt2a --version'), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    prefix = task.ext.prefix ?: meta.id
    def options = [
        option('--gtf', gtf),
        parameters,
        keepGoing(),
        "--processes ${task.cpus}",
        task.ext.args,
    ]
    """
    kmt2a calls --samplesheet - ${options.findAll().join(' ')} -o ${quoted(prefix)}
    """

    stub:
    prefix = task.ext.prefix ?: meta.id
    """
    mkdir ${quoted(prefix)}
    """
}
