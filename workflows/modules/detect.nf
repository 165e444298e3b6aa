include { keepGoing ; option ; quoted } from './shell'

process DETECT {
    tag "${meta.id}"
    label 'process_low'
    publishDir "${params.outdir}/detect", mode: params.publish_dir_mode, saveAs: { _name -> meta.name }

    conda "${projectDir}/../containers/environment.yml"
    container "${params.container}"

    input:
    // Alignments are the only file of their task, and their index is looked for beside them.
    tuple val(meta), path(files, stageAs: 'inputs/?/*'), path(indexes, stageAs: 'inputs/1/*')
    // The sheet of the task: a value is the same whenever it was made, and no identifier gets into a command.
    stdin
    path index
    path reference, arity: '0..*'
    val parameters

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
        parameters,
        keepGoing(),
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
