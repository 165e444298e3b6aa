include { option ; quoted } from './shell'

process DETECT {
    tag "${meta.id}"
    label 'process_low'

    conda "${projectDir}/../containers/environment.yml"
    container "${params.container}"

    input:
    tuple val(meta), path(files, stageAs: 'inputs/?/*')
    // The sheet of the task: a value is the same whenever it was made, and no identifier gets into a command.
    stdin
    path index
    path reference, arity: '0..*'

    output:
    tuple val(meta), path("${prefix}"), emit: folder
    tuple val("${task.process}"), val('kmt2a'), eval('kmt2a --version'), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    prefix = task.ext.prefix ?: meta.id
    def options = [
        option('--index', index),
        option('--reference', reference ? reference[0] : ''),
        params.no_figures ? '--no-figures' : '',
        params.keep_going ? '--keep-going' : '',
        task.ext.args,
    ]
    """
    kmt2a detect --samplesheet - ${options.findAll().join(' ')} -o ${quoted(prefix)}
    """

    stub:
    prefix = task.ext.prefix ?: meta.id
    """
    mkdir ${quoted(prefix)}
    touch ${quoted(prefix)}/detect.html
    """
}
