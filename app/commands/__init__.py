"""One module a command of the command line: `run(args, t)` prints and returns the exit code."""
