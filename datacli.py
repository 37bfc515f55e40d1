"""The command line's part for a dataset that is there: verify, vacuum, changes."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

Dataset = Annotated[Path | None, typer.Argument(help="Folder of the dataset [output.directory]", show_default=False)]
Configured = Annotated[Path | None, typer.Option("-c", "--config", help="Configuration [./config.yaml]")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing when all is well")]
DAMAGED = 6


def verify(dataset: Dataset = None, config: Configured = None, quiet: Quiet = False) -> None:
    """Check a dataset: checksums, counts, ids, pages and their sections. Exits 6 on any damage."""
    from sectionary.output.verify import verify as look

    found = look(_directory(dataset, config))
    if found.flaws or not quiet:
        _print([found.told()])
    raise typer.Exit(DAMAGED if found.flaws else 0)


def vacuum(
    dataset: Dataset = None,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="Snapshots to leave [output.keep.snapshots, 14]")
    ] = None,
    config: Configured = None,
    quiet: Quiet = False,
) -> None:
    """Delete old snapshots of a dataset, and the files that only they need."""
    from sectionary.config import find_config, load_config
    from sectionary.output.settings import OutputSettings
    from sectionary.output.vacuum import vacuum as clear

    if dataset and config is None:
        directory, settings = dataset, OutputSettings()
    else:
        loaded = load_config(find_config(config))
        directory, settings = dataset or loaded.corpus, loaded.output
    done = clear(directory, keep or settings.keep.snapshots)
    if not quiet:
        _print([done.told()])


def changes(
    dataset: Dataset = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Snapshot, or date like 2026-11-22 [the snapshot before]")
    ] = None,
    until: Annotated[int | None, typer.Option("--until", help="Snapshot [the latest]")] = None,
    json: Annotated[bool, typer.Option("--json", help="A JSON object a line, as in the table changes")] = False,
    config: Configured = None,
) -> None:
    """Tell what changed between two snapshots: sections added, removed, edited, moved, renamed, and the cause."""
    from sectionary.output.feed import changes as between
    from sectionary.output.feed import summary
    from sectionary.output.json_bytes import encoded

    found = between(_directory(dataset, config), since, until)
    _print((encoded(change).decode() for change in found) if json else summary(found))


def register(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.command(epilog="Example: sectionary verify corpus")(verify)
    app.command(epilog="Example: sectionary vacuum corpus --keep 7")(vacuum)
    app.command(epilog="Example: sectionary changes --since 2026-11-22 --json")(changes)


def _directory(dataset: Path | None, config: Path | None) -> Path:
    from sectionary.config import find_config, load_config

    return dataset or load_config(find_config(config)).corpus


def _print(lines: Iterable[str]) -> None:
    """Write results to stdout; a reader that has seen enough (`| head`) ends the program, and is no fault."""
    try:
        sys.stdout.buffer.writelines(f"{line}\n".encode("utf-8", "replace") for line in lines)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
