"""The command line: arguments in, summary and exit code out. What happens stands in the pipeline.

Results go to stdout, all else to stderr. Exit codes: 0 done or stopped at a limit that was set, 1 a bug of
ours, 2 wrong usage, configuration or input, 3 another run holds the site, 4 interrupted, 5 a condition of
--fail-on held, or `status` found a site too old, 6 the dataset does not verify.
"""

import sys
import traceback
from typing import Annotated

import typer

from sectionary.commands.printing import say
from sectionary.commands.table import COMMANDS
from sectionary.scraper.errors import InterruptedRunError, SectionaryError
from sectionary.scraper.version import VERSION

app = typer.Typer(
    help="Encyclopedia pages in, clean section records out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


for name, command, example in COMMANDS:
    app.command(name, epilog=f"Example: sectionary {example}")(command)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the release and stop")] = False,  # noqa: FBT002
) -> None:
    if version:
        sys.stdout.write(f"sectionary {VERSION}\n")
        raise typer.Exit


def main() -> None:
    """Run the command line; ends the process with an exit code."""
    try:
        app()
    except SectionaryError as error:
        say(f"sectionary: {error}")
        sys.exit(error.exit_code)
    except OSError as error:
        say(f"sectionary: {error.filename or 'a file'}: {error.strerror or error}; run again when that is mended")
        sys.exit(InterruptedRunError.exit_code)
    except Exception:  # noqa: BLE001 - the last word on a bug of ours
        traceback.print_exc()
        say(f"sectionary: this is a bug in sectionary {VERSION}; please report it with the lines above")
        sys.exit(1)


if __name__ == "__main__":
    main()
