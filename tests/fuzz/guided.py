"""Look for pages that break the laws, guided by which code they reach: `make fuzz SECONDS=60`.

Half of what libFuzzer makes are bytes for the grammar of `markup`, half are pages as they stand, begun from the
example encyclopedia and the pages written for the tests. A page that breaks a law is left in `.cache/fuzz/`;
`python tests/fuzz/guided.py FILE` tries it again. Shrink it and make a test of it in `tests/cleaners/`.
"""

import argparse
import sys
from pathlib import Path

import atheris
from hypothesis import given, settings

with atheris.instrument_imports(include=["sectionary"]):
    from laws import check

from markup import pages

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".cache" / "fuzz"
MOST_BYTES = 8192
_SEEDS = ("examples/encyclopedia/pages", "tests/cleaners/pages", "tests/cleaners/sites")
_GRAMMAR = 1                             # the first byte's last bit


@settings(deadline=None, database=None)
@given(pages)
def _from_grammar(body: bytes) -> None:
    check(body)


def one_input(data: bytes) -> None:
    """Try what libFuzzer made."""
    if data[:1] and data[0] & _GRAMMAR:
        _from_grammar.hypothesis.fuzz_one_input(data[1:])
    else:
        check(data[1:])


def seeds(folder: Path) -> None:
    """Pages to begin with, each behind the byte that says it is one, cut to what is read at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in _SEEDS:
        for number, page in enumerate(sorted((ROOT / source).rglob("*.html"))):
            body = page.read_bytes()
            for part in range(0, min(len(body), 4 * MOST_BYTES), MOST_BYTES):
                seed = folder / f"{Path(source).name}-{number}-{part}"
                seed.write_bytes(b"\0" + body[part : part + MOST_BYTES - 1])


def main() -> None:
    """Fuzz for as long as asked; libFuzzer ends the process, with an error where a law was broken."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("files", nargs="*", type=Path, help="pages that broke a law, to try again")
    given_ = arguments.parse_args()
    for file in given_.files:
        one_input(file.read_bytes())
    if given_.files:
        return
    seeds(PLACE / "seeds")
    (PLACE / "corpus").mkdir(exist_ok=True)
    bounds = (f"-max_total_time={given_.seconds}", f"-max_len={MOST_BYTES}", "-timeout=30")
    atheris.Setup(
        [sys.argv[0], *bounds, f"-artifact_prefix={PLACE}/", str(PLACE / "corpus"), str(PLACE / "seeds")], one_input
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
