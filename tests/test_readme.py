"""The README's commands run as they stand there."""

import datetime as dt
import re
import shlex
from pathlib import Path

import pytest

from sectionary.scraper.demo import DemoServer
from tests.program import called

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ sectionary (.+)$", README, re.MULTILINE)
ON_A_SITE = [line for line in COMMANDS if line.startswith("init") or "-c wikimd.yaml" in line]


def test_the_commands_on_a_site_run_one_after_another_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the wiki's address and the day are others: a wiki on loopback, and today."""
    monkeypatch.setenv("SECTIONARY_SCRAPER__PRIVATE_HOSTS", "[127.0.0.1]")
    monkeypatch.setenv("SECTIONARY_SCRAPER__DELAY", "0")
    today = dt.datetime.now(dt.UTC).date().isoformat()
    with DemoServer() as server:
        for line in ON_A_SITE:
            here = line.replace("https://wikimd.org", server.base_url).replace("Metastasectomy", "Limpet")
            shown = called(*shlex.split(re.sub(r"\d{4}-\d\d-\d\d", today, here), comments=True), cwd=tmp_path)
            assert (line, shown.returncode, shown.stderr if shown.returncode else "") == (line, 0, "")
    names = {line.split()[0] for line in ON_A_SITE}
    assert names == {"init", "run", "status", "changes", "retry", "clean", "takedown"}
