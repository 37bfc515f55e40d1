"""verify, vacuum, changes and takedown: a dataset that is there."""

from pathlib import Path
from typing import Annotated

import typer

from sectionary.commands.options import Configured, Dataset, Quiet, WorkDir, loaded
from sectionary.commands.printing import say, write_lines

DAMAGED = 6


def verify(dataset: Dataset = None, config: Configured = None, quiet: Quiet = False) -> None:
    """Check a dataset: checksums, counts, ids, pages and their sections. Exits 6 on any damage."""
    from sectionary.output.verify import verify as look

    found = look(_directory(dataset, config))
    if found.flaws or not quiet:
        write_lines([found.told()])
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
        write_lines([done.told()])


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
    write_lines((encoded(change).decode() for change in found) if json else summary(found))


def _directory(dataset: Path | None, config: Path | None) -> Path:
    from sectionary.config import find_config, load_config

    return dataset or load_config(find_config(config)).corpus


def takedown(
    url: Annotated[str | None, typer.Argument(help="Address of the page; none: finish what was stopped")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept beside the page's hashed keys")] = "asked",
    config: Configured = None,
    work_dir: WorkDir = None,
    quiet: Quiet = False,
) -> None:
    """Take a page out of dataset, history and raw archive for good; no later run or import takes it in again."""
    from sectionary.takedown import take_down

    came_to = take_down(loaded(config, work_dir), url, reason)
    if not quiet:
        say(came_to.told())
