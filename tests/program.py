"""The program as a user runs it, in the process of the test or in one of its own.

To start Python and import everything costs most of a second of processor time, the server that forks cleaning
processes as much again. So the program is called here wherever the process is not the point; what is about signals,
kills, pipes, devices and several runs at once starts one.
"""

import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from sectionary.cli import main

WIDE = {"COLUMNS": "200"}
Ended = subprocess.CompletedProcess[str]


def called(*arguments: object, cwd: Path, text: str = "") -> Ended:
    """Call the program with these arguments in that folder, and `text` on stdin."""
    told, out, err = (TextIOWrapper(BytesIO(said), "utf-8") for said in (text.encode(), b"", b""))
    command = ["sectionary", *map(str, arguments)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", command)
        patch.setenv("COLUMNS", WIDE["COLUMNS"])
        for name, stream in (("stdin", told), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, stream)
        code = _exit_code()
    return Ended(command, code, *(_said(stream) for stream in (out, err)))


def _exit_code() -> int:
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def _said(stream: TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, BytesIO)
    return stream.buffer.getvalue().decode()


def started(*arguments: object, cwd: Path, text: str = "", **environment: str) -> Ended:
    """The same in a process of its own, with this besides in its environment."""
    return subprocess.run(
        [sys.executable, "-m", "sectionary.cli", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **WIDE, **environment},
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
