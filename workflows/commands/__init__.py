"""One file a command: arguments in, a plain function, results out."""
