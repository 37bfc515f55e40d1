"""What all tests share: the real saved pages, and the rule that nothing is skipped unseen."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

# The same examples on every machine, and no clock in the verdict: other examples are for `make fuzz`.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent.parent
ALLOWED_SKIP = "shared_pages"
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def pytest_xdist_auto_num_workers() -> int:
    """How many processes test under `-n auto`: one more than cores, since many tests wait for servers and disks."""
    return len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1


@pytest.fixture(autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for what a user's runs share, one for each test, its subprocesses included."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root, which is the package."""
    return ROOT


@pytest.fixture(scope="session")
def shared_pages() -> Path:
    """The folder of real saved pages: `$SECTIONARY_PAGES`, else beside the project; not ours to ship."""
    folder = Path(os.environ.get("SECTIONARY_PAGES", ROOT.parent / "shared" / "pages"))
    if not folder.is_dir():
        pytest.skip(f"{ALLOWED_SKIP}: no folder {folder}; set SECTIONARY_PAGES")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With SECTIONARY_NO_SKIP=1 a skipped test is a failed one."""
    return _unskipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself as a whole."""
    return _unskipped((yield))


def _unskipped(report: Report) -> Report:
    if os.environ.get("SECTIONARY_NO_SKIP") != "1" or not report.skipped or hasattr(report, "wasxfail"):
        return report
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not reason.removeprefix("Skipped: ").startswith(ALLOWED_SKIP):
        report.outcome = "failed"
        report.longrepr = f"no test may be skipped here, but: {reason}"
    return report
