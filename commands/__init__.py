"""The commands of the command line: their options, what they call, what they print and their exit codes."""
