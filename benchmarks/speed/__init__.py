"""How fast sectionary is, row by row as its design promises, against peers measured in the same run."""
