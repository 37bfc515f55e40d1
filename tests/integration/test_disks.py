"""A disk that is full and one that is read-only, both real: mounted for one shell in a mount namespace of its own."""

import shlex
import subprocess
import sys
from pathlib import Path

PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><main><h1>{0}</h1><p>{1}</p></main></body></html>"
PROGRAM = shlex.join([sys.executable, "-m", "sectionary.cli"])


def shell(script: str) -> list[str]:
    """The lines that a script prints, run where its mounts concern nobody else."""
    command = ["/usr/bin/unshare", "--mount", "sh", "-euc", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def pages(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        words = " ".join(f"tide{number * word}" for word in range(2000))
        (folder / f"Page{number}.html").write_text(PAGE.format(f"Page {number}", words), "utf-8")
    return folder


def clean(folder: Path, corpus: Path) -> str:
    """A command that prints its exit code and what was said."""
    command = f"{PROGRAM} clean {folder} --base-url https://wiki.example/ -q -o {corpus}"
    return f"said=$({command} 2>&1) && code=0 || code=$?; echo $code $said"


def test_a_full_disk_is_told_and_the_run_that_has_room_again_goes_on(tmp_path: Path) -> None:
    few, many, disk = pages(tmp_path / "few", 3), pages(tmp_path / "many", 60), tmp_path / "disk"
    disk.mkdir()
    first, full, flaws, again, end = shell(f"""
        mount -t tmpfs -o size=700k tmpfs {disk}
        {clean(few, disk / "corpus")}
        {clean(many, disk / "corpus")}
        {PROGRAM} verify {disk / "corpus"}
        mount -o remount,size=60m {disk}
        {clean(many, disk / "corpus")}
        {PROGRAM} verify {disk / "corpus"}
    """)
    assert first == "0"
    assert full.startswith("4 sectionary: ")
    assert "No space left on device" in full
    assert "3 pages" in flaws            # the last good snapshot, whole
    assert "all well" in flaws
    assert again == "0"
    assert "60 pages" in end
    assert "all well" in end


def test_a_read_only_disk_is_told_and_nothing_else_happens(tmp_path: Path) -> None:
    few, many, disk = pages(tmp_path / "few", 3), pages(tmp_path / "many", 5), tmp_path / "disk"
    disk.mkdir()
    first, refused, whole, again = shell(f"""
        mount -t tmpfs -o size=60m tmpfs {disk}
        {clean(few, disk / "corpus")}
        mount -o remount,ro {disk}
        {clean(many, disk / "corpus")}
        {PROGRAM} verify {disk / "corpus"}
        mount -o remount,rw {disk}
        {clean(many, disk / "corpus")}
    """)
    assert first == again == "0"
    assert refused.startswith("4 sectionary: ")
    assert "Read-only file system" in refused
    assert "3 pages" in whole
    assert "all well" in whole
