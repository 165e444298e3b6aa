#!/usr/bin/env nextflow
/*
 * From callers' files and reads to KMT2A partners, integrated results and survival.
 *
 * Each process is one kmt2a command; what is to be run on what is decided by SAMPLESHEET, in its plan.
 * `nextflow run . --help` lists the parameters.
 */

include { ASSIGN      } from './modules/assign'
include { CALLS       } from './modules/calls'
include { DETECT      } from './modules/detect'
include { OUTCOMES    } from './modules/outcomes'
include { RECONCILE   } from './modules/reconcile'
include { REPORT      } from './modules/report'
include { SAMPLESHEET } from './modules/samplesheet'
include { STAR_ALIGN  } from './modules/star_align'
include { STAR_INDEX  } from './modules/star_index'
include { option      } from './modules/shell'

workflow {
    main:
    if (params.help) {
        print(helpText())
        exit 0
    }
    checkParameters()
    checkOutdir()
    checkParser()

    // What a task is asked for is an input of its process: by its inputs Nextflow knows whether it was done.
    build = option('--build', params.build)
    mark = option('--mark', params.mark)
    preset = analysisFile() ? '' : option('--analysis', params.analysis)

    // The names in a sheet are seen from its folder, which a task does not see.
    SAMPLESHEET(
        given('input'),
        params.input ? file(params.input).toAbsolutePath().parent.toUriString() : '',
        listing(params.rnafusion),
        params.rnafusion ? file(params.rnafusion).toAbsolutePath().toUriString() : '',
        option('--batch-size', params.batch_size),
    )

    ch_tasks = SAMPLESHEET.out.plan
        .flatMap { file -> new groovy.json.JsonSlurper().parseText(file.text).tasks }
        .branch { task ->
            calls: task.kind == 'calls'
            detect: task.kind == 'detect'
        }

    ch_calls = ch_tasks.calls.multiMap { task ->
        files: [[id: task.task, name: task.name], staged(task.files)]
        sheet: task.sheet
    }
    CALLS(ch_calls.files, ch_calls.sheet, given('gtf'), build)

    ch_detect = ch_tasks.detect.multiMap { task ->
        files: [[id: task.task, name: task.name], staged(task.files), existing(task.indexes)]
        sheet: task.sheet
    }
    DETECT(
        ch_detect.files,
        ch_detect.sheet,
        given('index'),
        withIndex('reference'),
        params.no_figures ? '--no-figures' : '',
    )

    // Sorted, so that the next run finds the same list, whichever task came first.
    ch_folders = CALLS.out.folder
        .mix(DETECT.out.folder)
        .map { _meta, folder -> folder }
        .toSortedList { a, b -> a.name <=> b.name }

    ASSIGN(
        SAMPLESHEET.out.samplesheet,
        ch_folders,
        given('gtf'),
        withIndex('genome'),
        given('index'),
        build,
    )
    RECONCILE(
        ASSIGN.out.folder,
        given('assays'),
        given('clinical'),
        analysisFile(),
        given('panels'),
        [preset, option('--fish-cutoff', params.fish_cutoff)].findAll().join(' '),
    )

    ch_outcomes = channel.value([])
    if (params.clinical) {
        OUTCOMES(
            RECONCILE.out.folder,
            given('clinical'),
            analysisFile(),
            [preset, mark].findAll().join(' '),
        )
        ch_outcomes = OUTCOMES.out.folder
    }

    REPORT(
        SAMPLESHEET.out.folder,
        ASSIGN.out.folder,
        RECONCILE.out.folder,
        ch_outcomes,
        [option('--title', params.title), mark].findAll().join(' '),
    )

    // Last: Nextflow numbers what `eval` gives through all processes, and finds no earlier task whose number moved.
    if (params.align) {
        ch_index = params.star_index
            ? channel.value(given('star_index'))
            : STAR_INDEX(given('genome'), given('gtf')).index
        STAR_ALIGN(fastqLanes(ch_tasks.detect), ch_index)
    }

    channel.topic('versions')
        .unique()
        .map { process, tool, version -> [process, "  ${tool}: ${version}\n".toString()] }
        .groupTuple(sort: true)
        .map { process, tools -> "${process}:\n${tools.join()}" }
        .collectFile(
            name: 'software_versions.yml',
            storeDir: "${params.outdir}/pipeline_info",
            sort: true,
        )

    workflow.onComplete {
        leftOut()
    }
}

/** Say at the end that there was something to go on without. */
def leftOut() {
    if (workflow.stats.ignoredCount > 0) {
        log.warn("${workflow.stats.ignoredCount} task(s) failed and were left out; the report says what is missing")
    }
}

/** The first and the second reads of each task whose reads are FASTQ, lane by lane. */
def fastqLanes(tasks) {
    return tasks
        .map { task -> [task, task.sheet] }
        .splitCsv(elem: 1, header: true, quote: '"', limit: 1)
        .filter { _task, row -> row.source == 'fastq' }
        .map { task, _row ->
            def (first, second) = ['file', 'file_2'].collect { column -> staged(task.files.findAll { entry -> entry.column == column }) }
            [[id: task.task, name: task.name], first, second]
        }
}

/** What `--help` prints, from the schema that portals read too. */
def helpText() {
    def groups = schema().collect { group ->
        def lines = group.properties.findAll { _name, about -> !about.hidden }.collect { name, about ->
            def default_value = about.default != null ? " [${about.default}]" : ''
            "  --${name.padRight(18)} ${about.description}${default_value}"
        }
        "${group.title}\n${lines.join('\n')}\n"
    }
    def usage = 'nextflow run <this folder> --input samplesheet.csv --outdir results'
    return "kmt2a ${workflow.manifest.version}: ${usage}\n\n${groups.join('\n')}"
}

/** The groups of parameters of nextflow_schema.json. */
def schema() {
    return new groovy.json.JsonSlurper().parse(file("${projectDir}/nextflow_schema.json"))['$defs'].values()
}

/** Refuse a parameter that nothing reads, and a run without input. */
def checkParameters() {
    def known = schema().collectMany { group -> group.properties.keySet() }
    def unknown = params.keySet().findAll { name -> !(name in known) }.sort()
    if (unknown) {
        error("no such parameter: --${unknown[0]}; --help lists them")
    }
    if (!params.input && !params.rnafusion) {
        error('give --input samplesheet.csv or --rnafusion folder; --help lists the parameters')
    }
    if (params.align && !params.star_index && !(params.genome && params.gtf)) {
        error('--align needs an index of STAR: give --star_index folder, or --genome and --gtf to make one')
    }
    if (params.star_index && !params.align) {
        error('--star_index is for --align, which is not given')
    }
}

/** Refuse a folder that holds the results of another run, which would be mixed with those of this one. */
def checkOutdir() {
    def there = (file(params.outdir).list() ?: []).findAll { name -> name != 'pipeline_info' }
    if (there && !workflow.resume) {
        error("--outdir ${params.outdir} already holds results; give another, or go on with that run: -resume SESSION, by its id in `nextflow log`")
    }
}

/** Say what Nextflow before 25.10 does not hand on to its configuration with the strict parser (its issue 6363). */
def checkParser() {
    if (System.getenv('NXF_SYNTAX_PARSER') == 'v2' && !nextflow.version.matches('>=25.10')) {
        log.warn('Nextflow before 25.10 with NXF_SYNTAX_PARSER=v2 hands no parameters to its configuration: records go to results/pipeline_info, --queue and the like are not heard; unset it, or take 25.10')
    }
}

/** The file of a parameter, an empty list where it is not given. */
def given(name) {
    if (!params[name]) {
        return []
    }
    def path = file(params[name], glob: false)
    if (!path.exists()) {
        error("--${name} ${params[name]}: no such file")
    }
    return path
}

/** The genome of a parameter and its index beside it, an empty list where it is not given. */
def withIndex(name) {
    def path = given(name)
    return path ? [path] + existing(['.fai', '.gzi'].collect { suffix -> "${path.toUriString()}${suffix}" }) : []
}

/** Those of some files that are there. */
def existing(names) {
    return names.collect { name -> file(name, glob: false) }.findAll { path -> path.exists() }
}

/** The analysis if it is a file, not the name of a preset. */
def analysisFile() {
    return params.analysis ==~ /.*\.ya?ml/ ? given('analysis') : []
}

/** The names of all files of a folder, seen from there, one a line. */
def listing(folder) {
    if (!folder) {
        return ''
    }
    def root = file(folder, type: 'dir', checkIfExists: true)
    return files("${root.toUriString()}/**").collect { path -> root.relativize(path).toString() }.sort().join('\n')
}

/** The files of a task; the command itself says which one is not there, and where its sheet lists it. */
def staged(files) {
    return files.collect { entry ->
        def path = file(entry.file, glob: false)
        path.exists() ? path : file("${projectDir}/assets/no_such_file")
    }
}
