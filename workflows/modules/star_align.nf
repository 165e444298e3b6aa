// The reads of a sample aligned by STAR, for those who want a BAM beside what DETECT finds in the same reads.

include { quoted } from './shell'

process STAR_ALIGN {
    tag "${meta.id}"
    label 'process_high'
    publishDir "${params.outdir}/star", mode: params.publish_dir_mode

    // The image and the packages of nf-core's module star/align.
    conda 'bioconda::htslib=1.21 bioconda::samtools=1.21 bioconda::star=2.7.11b conda-forge::gawk=5.1.0'
    container "${workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container
        ? 'https://community-cr-prod.seqera.io/docker/registry/v2/blobs/sha256/26/268b4c9c6cbf8fa6606c9b7fd4fafce18bf2c931d1a809a0ce51b105ec06c89d/data'
        : 'community.wave.seqera.io/library/htslib_samtools_star_gawk:ae438e9a604351a4'}"

    input:
    tuple val(meta), path(reads_1, stageAs: 'reads_1/?.fastq'), path(reads_2, stageAs: 'reads_2/?.fastq')
    path index

    output:
    tuple val(meta), path("${prefix}"), emit: folder
    tuple val("${task.process}"), val('star'), eval('STAR --version'), topic: versions
    tuple val("${task.process}"), val('samtools'), eval("samtools --version | sed -n '1s/samtools //p'"), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    prefix = task.ext.prefix ?: meta.name
    def args = task.ext.args ?: ''
    def lanes = [reads_1, reads_2].collect { reads -> [reads].flatten().join(',') }
    def results = [bam: 'Aligned.sortedByCoord.out.bam', junctions: 'Chimeric.out.junction', log: 'Log.final.out']
        .collectEntries { kind, name -> [kind, quoted("${prefix}/${prefix}.${name}")] }
    // samtools sorts in the memory that it has, which STAR must be told of beforehand. No pipe between them: the exit
    // code is STAR's own, which says whether to try again.
    """
    STAR --genomeDir ${index} \\
        --runThreadN ${task.cpus} \\
        --readFilesIn ${lanes.join(' ')} \\
        --readFilesCommand gzip -cdf \\
        --outSAMattrRGline ${quoted("ID:${prefix}")} ${quoted("SM:${prefix}")} \\
        --outSAMtype BAM Unsorted \\
        --outFileNamePrefix star. \\
        ${args}

    mkdir ${quoted(prefix)}
    samtools sort -@ ${task.cpus} -o ${results.bam} star.Aligned.out.bam
    samtools index -@ ${task.cpus} ${results.bam}
    mv star.Chimeric.out.junction ${results.junctions}
    mv star.Log.final.out ${results.log}
    rm star.Aligned.out.bam
    """

    stub:
    prefix = task.ext.prefix ?: meta.name
    """
    mkdir ${quoted(prefix)}
    touch ${quoted("${prefix}/${prefix}.Aligned.sortedByCoord.out.bam")}
    """
}
