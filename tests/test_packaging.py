"""What an installation gives: one name in site-packages, all of the tree, and commands that run."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

DATA = ("*.py", "*.yaml", "*.json", "*.jinja", "*.css", "*.js", "py.typed")
DEPENDENCIES = sysconfig.get_path("purelib")
NOT_SHIPPED = shutil.ignore_patterns(
    ".*", "build", "dist", "*.egg-info", "__pycache__", "tests", "corpus", "work", "benchmarks", "docs"
)


@pytest.fixture(scope="module")
def tree(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, so that building leaves nothing in the checkout and finds no old build there."""
    return Path(shutil.copytree(root, tmp_path_factory.mktemp("tree") / "checkout", ignore=NOT_SHIPPED))


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `pip wheel` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(tree))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it."""
    environment = fresh_environment(tmp_path_factory.mktemp("installed") / "venv")
    pip("--python", str(environment), "install", "--no-deps", str(wheel))
    return environment


@pytest.fixture(scope="module")
def editable(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the sources in it, as `make` installs them."""
    environment = fresh_environment(tmp_path_factory.mktemp("editable") / "venv")
    options = ("--no-deps", "--no-build-isolation", "-C", "editable_mode=strict")
    pip("--python", str(environment), "install", *options, "-e", str(tree))
    return environment


def pip(*arguments: str) -> str:
    """Pip's output; AssertionError with all of it if it fails."""
    return run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments)


def run(*command: str, cwd: Path | None = None) -> str:
    """The command's output, in an environment that does not know this checkout."""
    ours = ("PYTHON", "SECTIONARY")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def fresh_environment(folder: Path) -> Path:
    """A virtual environment whose only neighbours are this one's dependencies; its interpreter.

    A folder named in a .pth file is searched, but the .pth files in it are not: the sectionary
    installed beside the dependencies stays out of sight.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    interpreter = folder / "bin" / "python"
    packages(interpreter).joinpath("dependencies.pth").write_text(f"{DEPENDENCIES}\n")
    return interpreter


def packages(interpreter: Path) -> Path:
    """The interpreter's site-packages."""
    return Path(run(str(interpreter), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())


def shipped(root: Path) -> set[str]:
    """The files of the packages that pyproject.toml names, as they are called in the wheel."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    found = set()
    for package in settings["packages"]:
        inside = package.replace(".", "/").removeprefix("sectionary").strip("/")
        files = {file for pattern in DATA for file in (root / inside).glob(pattern)}
        found |= {f"sectionary/{file.relative_to(root)}" for file in files}
    return found | {f"sectionary/{file.relative_to(root)}" for file in example_files(root)}


def example_files(root: Path) -> set[Path]:
    """The example encyclopedia: what the demo server answers with, but not what it was made of."""
    return {file for file in (root / "examples" / "encyclopedia").rglob("*") if file.is_file()}


def files_in(wheel: Path) -> set[str]:
    """The wheel's files without its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_nothing_beside_the_one_package(wheel: Path) -> None:
    assert {name.split("/")[0] for name in files_in(wheel)} == {"sectionary"}


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path, root: Path) -> None:
    assert shipped(root) - files_in(wheel) == set()


def test_the_wheel_holds_no_module_that_is_not_in_the_packages(wheel: Path, root: Path) -> None:
    modules = {name for name in files_in(wheel) if name.endswith(".py")}
    assert modules - shipped(root) == set()


def test_every_folder_of_the_program_is_listed_as_a_package(root: Path) -> None:
    stages = ("scraper", "cleaners", "output", "commands")
    folders = {file.parent for stage in stages for file in (root / stage).rglob("*.py")}
    named = {f"sectionary/{folder.relative_to(root)}" for folder in folders}
    assert named <= {str(Path(name).parent) for name in shipped(root)}


def test_site_packages_gains_one_name(installed: Path) -> None:
    """No scraper, cleaners, output, cli, examples or tests that another project could also bring."""
    ours = {path.name for path in packages(installed).iterdir()} - {"dependencies.pth"}
    assert {name for name in ours if not name.endswith(".dist-info")} == {"sectionary"}


@pytest.mark.parametrize("kind", ["installed", "editable"])
@pytest.mark.parametrize("name", ["scraper", "cleaners", "output", "cli", "pipeline", "examples", "tests"])
def test_no_general_name_is_importable(
    kind: str, name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    look = (
        "import sys; from importlib.util import find_spec;"
        f"sys.path.remove({DEPENDENCIES!r}); print(find_spec({name!r}))"
    )
    assert run(str(request.getfixturevalue(kind)), "-c", look, cwd=tmp_path).strip() == "None"


@pytest.mark.parametrize("kind", ["installed", "editable"])
def test_both_installations_give_the_command_and_the_module(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    interpreter = request.getfixturevalue(kind)
    by_module = run(str(interpreter), "-m", "sectionary.cli", "--help", cwd=tmp_path)
    by_name = run(str(interpreter.parent / "sectionary"), "--help", cwd=tmp_path)
    assert "run" in by_module
    assert "run" in by_name


@pytest.mark.parametrize("name", ["checkout", "my-checkout"])
def test_lint_is_the_same_whatever_the_checkout_is_called_and_runs_have_left_in_it(
    name: str, root: Path, tmp_path: Path
) -> None:
    """A folder as a run makes it is no package, though modules of the tests are called as it is."""
    checkout = tmp_path / name
    left_out = shutil.ignore_patterns(".*", "*.html", "__pycache__", "build", "dist", "corpus", "work", "docs")
    shutil.copytree(root, checkout, ignore=left_out)
    for module in (root / "tests").rglob("*.py"):
        (checkout / module.stem).mkdir(exist_ok=True)
    ruff = str(Path(sys.executable).with_name("ruff"))
    assert "All checks passed" in run(ruff, "check", "--no-cache", "--select", "I,N999", str(checkout))


def test_an_installed_program_finds_its_data(installed: Path, tmp_path: Path) -> None:
    """The site files and the example configuration are read from the package, wherever it lies."""
    look = (
        "from importlib.resources import files; top = files('sectionary');"
        "print(top.joinpath('config.yaml').is_file(), top.joinpath('scraper/sites/mediawiki.yaml').is_file())"
    )
    assert run(str(installed), "-c", look, cwd=tmp_path).split() == ["True", "True"]
