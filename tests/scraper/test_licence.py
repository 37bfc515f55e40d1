"""Licences as SPDX identifiers, never guessed."""

import pytest

from sectionary.scraper.licence import spdx

WIKI = "//wiki.example/wiki/Wiki"
CC = "https://creativecommons.org"
NAMED = [
    (f"{CC}/licenses/by-sa/4.0/", None, "CC-BY-SA-4.0"),
    ("http://creativecommons.org/licenses/by-sa/3.0", None, "CC-BY-SA-3.0"),
    ("//creativecommons.org/licenses/by/2.5/deed.de", None, "CC-BY-2.5"),
    (f"{CC}/licenses/by-nc-sa/4.0/legalcode", "whatever the footer says", "CC-BY-NC-SA-4.0"),
    (f"{CC}/licenses/by-nd-nc/1.0/", None, "CC-BY-NC-ND-1.0"),
    (f"{CC}/licenses/by-sa/3.0/de/", None, "CC-BY-SA-3.0-DE"),
    (f"{CC}/publicdomain/zero/1.0/", None, "CC0-1.0"),
    ("https://www.gnu.org/licenses/fdl-1.3.html", None, "GFDL-1.3-only"),
    ("https://www.gnu.org/licenses/old-licenses/fdl-1.2.html", None, "GFDL-1.2-only"),
    ("https://www.gnu.org/licenses/fdl-1.3.html", "GNU Free Documentation License 1.3 or later", "GFDL-1.3-or-later"),
    ("https://www.gnu.org/copyleft/fdl.html", "GNU Free Documentation License 1.3 or later", "GFDL-1.3-or-later"),
    ("../../creativecommons.org/licenses/by-sa/3.0/index.html", None, "CC-BY-SA-3.0"),
    (f"{WIKI}:Text_of_Creative_Commons_Attribution-ShareAlike_3.0_Unported_License", None, "CC-BY-SA-3.0"),
    (f"{WIKI}:Lizenzbestimmungen_Commons_Attribution-ShareAlike_3.0_Unported", None, "CC-BY-SA-3.0"),
    ("/wiki/Wiki:Copyrights", "Attribution-Noncommercial-Share Alike 3.0", "CC-BY-NC-SA-3.0"),
    (None, "CC BY-SA 4.0", "CC-BY-SA-4.0"),
    (None, "CC-BY-SA-3.0", "CC-BY-SA-3.0"),
    (None, "Creative Commons Attribution-ShareAlike 4.0", "CC-BY-SA-4.0"),
    (None, "Creative Commons Attribution-Share Alike 4.0 International", "CC-BY-SA-4.0"),
    (None, "Creative Commons Attribution-NonCommercial-ShareAlike 3.0 License", "CC-BY-NC-SA-3.0"),
    (f"{CC}/licenses/by-sa/4.0/", "Creative Commons Attribution-Share Alike 4.0", "CC-BY-SA-4.0"),
]
UNNAMED = [
    (None, None), ("", ""), (None, "CC-BY-SA"), (None, "Creative Commons Attribution-ShareAlike"),
    (None, "All content under CC BY-SA 4.0 unless stated"), ("https://www.fandom.com/licensing", "CC-BY-SA"),
    (f"{CC}/licenses/by-sa/5.0/", None), (f"{CC}/licenses/by-sa/3.0/cn/", None), (f"{CC}/licenses/by-sa/", None),
    (f"{CC}.evil.example/licenses/by-sa/4.0/", None), ("https://example.org/creativecommons.org/by/4.0/", None),
    ("https://www.gnu.org/copyleft/fdl.html", None), (None, "public domain"), (None, "Attribution 3.0"),
    ("/wiki/Wiki:Text_of_Creative_Commons_Attribution-ShareAlike_License", None),
    ("../creativecommons.org.evil/licenses/by-sa/3.0/index.html", None),
    (f"{CC}/licenses/by/4.0/", "CC BY-SA 3.0"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "text", "name"), NAMED)
def test_a_licence_named_exactly_has_its_identifier(url: str | None, text: str | None, name: str) -> None:
    assert spdx(url, text) == name


@pytest.mark.parametrize(("url", "text"), UNNAMED)
def test_a_licence_without_version_or_in_doubt_has_none(url: str | None, text: str | None) -> None:
    assert spdx(url, text) is None
