"""The table of fault cases (F), security cases (S) and advisories: each is shown by a test that names it.

A test says so by `@pytest.mark.case("F17")`, of which the files are read; what the cases are, its name tells.
"""

import ast
from collections import defaultdict
from pathlib import Path

CASES = frozenset({
    *(f"F{number}" for number in range(1, 24)), *(f"S{number}" for number in range(1, 21)),
    # Scrapy's; those without an identifier by the version that mended them
    "GHSA-76g3-c3x4-crvx", "GHSA-cwxj-rr6w-m6w7", "Scrapy 2.14.2", "CVE-2025-6176", "GHSA-23j4-mw76-5v7h",
    "GHSA-4qqq-9vqf-3h3f", "GHSA-jm3v-qxmh-hxwv", "Scrapy 2.11.2", "GHSA-cc65-xxvf-f7r9", "GHSA-7j7m-v7m3-jqm7",
    "GHSA-cw9j-q3vf-hrrv", "Scrapy 2.6.2", "GHSA-cjvr-mfj7-j4j8", "GHSA-mfjm-vh54-3f96", "Scrapy 2.5.1",
    # urllib3's
    "GHSA-2xpw-w6gg-jr37", "GHSA-gm62-xv2j-4w53", "GHSA-38jv-5279-wg99", "GHSA-mf9v-mfxr-j63j", "GHSA-qccp-gfcp-xxvc",
    # requests'
    "CVE-2024-47081", "CVE-2024-35195", "CVE-2023-32681", "CVE-2026-25645",
    # ultimate-sitemap-parser's
    "GHSA-p5wc-9w9r-m232", "GHSA-8823-qg2x-pv9f",
})  # fmt: skip


def shown(folder: Path) -> dict[str, set[str]]:
    """Give the tests of each case that any test names."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted(folder.rglob("test_*.py")):
        for node in ast.parse(file.read_bytes()).body:
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    for case in cases_of(decorator):
                        found[case].add(f"{file.name}::{node.name}")
    return found


def cases_of(decorator: ast.expr) -> list[str]:
    if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "pytest.mark.case":
        return []
    return [ast.literal_eval(argument) for argument in decorator.args]


def test_every_case_is_shown_by_a_test_and_no_test_names_another() -> None:
    found = shown(Path(__file__).parents[1])
    assert sorted(CASES - found.keys()) == []
    assert sorted(found.keys() - CASES) == []


def test_what_names_a_case_is_collected_as_a_test() -> None:
    found = shown(Path(__file__).parents[1])
    assert [name for names in found.values() for name in names if "::test_" not in name] == []
