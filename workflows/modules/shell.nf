/** A text as one word of the shell. */
def quoted(text) {
    return "'" + text.toString().replace("'", "'\\''") + "'"
}

/** An option and its value; nothing where there is none. */
def option(name, value) {
    return value != null && value != '' && value != [] ? "${name} ${quoted(value)}".toString() : ''
}

/**
 * Whether files that cannot be read are noted and left out.
 *
 * A function, so that it is no part of what Nextflow knows a task by: a run that goes on need not do again what was done.
 */
def keepGoing() {
    return params.keep_going ? '--keep-going' : ''
}
