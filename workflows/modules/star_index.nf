// STAR's index of a genome: some 30 GB of memory and half an hour for the human genome, once.

process STAR_INDEX {
    tag 'genome'
    label 'process_high'

    // The image and the packages of nf-core's module star/genomegenerate.
    conda 'bioconda::htslib=1.21 bioconda::samtools=1.21 bioconda::star=2.7.11b conda-forge::gawk=5.1.0'
    container "${workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container
        ? 'https://community-cr-prod.seqera.io/docker/registry/v2/blobs/sha256/26/268b4c9c6cbf8fa6606c9b7fd4fafce18bf2c931d1a809a0ce51b105ec06c89d/data'
        : 'community.wave.seqera.io/library/htslib_samtools_star_gawk:ae438e9a604351a4'}"

    input:
    path genome
    path gtf

    output:
    path 'star', emit: index
    tuple val("${task.process}"), val('star'), eval('STAR --version'), topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def memory = task.memory ? "--limitGenomeGenerateRAM ${task.memory.toBytes() - 100_000_000}" : ''
    // STAR reads the files several times, so that a compressed one has to be unpacked. Of the bases, which say how
    // much of its suffix array is looked up directly, those count that are no N: by STAR's manual min(14, log2(n)/2 - 1).
    """
    genome='${genome}' gtf='${gtf}'
    case \$genome in *.gz) gzip -cd "\$genome" > unpacked.fa; genome=unpacked.fa ;; esac
    case \$gtf in *.gz) gzip -cd "\$gtf" > unpacked.gtf; gtf=unpacked.gtf ;; esac
    bases=\$(grep -v '^>' "\$genome" | tr -cd 'ACGTacgt' | wc -c)
    looked_up=\$(awk -v n="\$bases" 'BEGIN { size = int(log(n) / log(2) / 2 - 1); print (size < 14 ? size : 14) }')

    STAR --runMode genomeGenerate \\
        --runThreadN ${task.cpus} \\
        --genomeDir star \\
        --genomeFastaFiles "\$genome" \\
        --sjdbGTFfile "\$gtf" \\
        --genomeSAindexNbases "\$looked_up" \\
        --outFileNamePrefix index_ \\
        ${memory} \\
        ${args}

    rm -f unpacked.fa unpacked.gtf
    """

    stub:
    """
    mkdir star
    touch star/Genome star/SA star/SAindex
    """
}
