"""Printing: results to stdout, all else to stderr."""

import os
import sys
from collections.abc import Iterable

import typer


def write(chunks: Iterable[bytes]) -> None:
    """Write results to stdout; a reader that has seen enough (`| head`) ends the program, and is no fault."""
    try:
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def say(text: str) -> None:
    """Write lines to stderr."""
    from sectionary.progress import printable

    sys.stderr.write("\n".join(map(printable, text.splitlines())) + "\n")


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to stdout, as `write` does."""
    write(f"{line}\n".encode("utf-8", "replace") for line in lines)
