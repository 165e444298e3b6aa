/** A text as one word of the shell. */
def quoted(text) {
    return "'" + text.toString().replace("'", "'\\''") + "'"
}

/** An option and its value; nothing where there is none. */
def option(name, value) {
    return value != null && value != '' && value != [] ? "${name} ${value instanceof Path ? value : quoted(value)}" : ''
}
