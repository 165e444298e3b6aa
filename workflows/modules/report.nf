include { quoted } from './shell'

process REPORT {
    tag 'all samples'
    label 'process_low'
    publishDir params.outdir, mode: params.publish_dir_mode, saveAs: { name -> name - 'results/' }

    conda "${projectDir}/../containers/environment.yml"
    container "${params.container}"

    input:
    path samplesheet
    path calls
    path reconciled
    path outcomes
    val parameters

    output:
    path "${prefix}/*", emit: results
    tuple val("${task.process}"), val('kmt2a'), eval('kmt2a --version'), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    prefix = task.ext.prefix ?: 'results'
    def options = [
        parameters,
        task.ext.args,
    ]
    """
    kmt2a report ${options.findAll().join(' ')} ${samplesheet} ${calls} ${reconciled} ${outcomes} -o ${quoted(prefix)}
    """

    stub:
    prefix = task.ext.prefix ?: 'results'
    """
    mkdir -p ${quoted(prefix)}/calls
    touch ${quoted(prefix)}/report.html ${quoted(prefix)}/manifest.json
    """
}
