"""The preview as a person uses it: in a real Chromium, from a file."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sectionary

pytest.importorskip("playwright.sync_api", reason="no Playwright: make integration installs it")

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

PAGES = Path(__file__).parents[2] / "examples" / "encyclopedia" / "pages"
HOSTILE = """<!doctype html><html><head><title>Spray</title><meta http-equiv="refresh" content="0;url=https://evil.example/">
<base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/a.css"></head>
<body class="mediawiki" onload="document.title = 'taken'"><h1 id="firstHeading">Spray</h1><div id="mw-content-text">
<p style="background: url(https://evil.example/b.png)">Spray is <img src="https://evil.example/c.png" onerror="alert(1)"
alt="&quot;><script>document.title = 'taken'</script>"> water in the air.<script>document.title = "taken"</script></p>
<iframe src="https://evil.example/">frame</iframe><svg><image href="https://evil.example/d.png"/></svg>
<form action="https://evil.example/"><button formaction="https://evil.example/">Send</button></form>
<p><a href="javascript:document.title = 'taken'">Here</a> &lt;/script>&lt;script>alert(1)&lt;/script></p>
</div></body></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; where it is missing, an error."""
    program = shutil.which("chromium")
    assert program, "no chromium: make integration-deps installs it"
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu"]    # root has no sandbox, and a container no GPU
        chromium = playwright.chromium.launch(executable_path=program, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A preview of three pages: one with everything, one from right to left, one that means harm."""
    folder = tmp_path_factory.mktemp("preview")
    (folder / "spray.html").write_text(HOSTILE, encoding="utf-8")
    sources = (PAGES / "limpet.html", PAGES / "ar-birka.html", "spray.html")
    command = [sys.executable, "-m", "sectionary.cli", "preview", *map(str, sources), "-o", "preview.html"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "preview.html"


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The preview, opened. Whatever a test does with it: no message on the console, nothing asked from anywhere."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened, heard, asked = context.new_page(), [], []
    opened.on("console", lambda message: heard.append(message.text))
    opened.on("pageerror", lambda error: heard.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(file.as_uri())
    yield opened
    context.close()
    assert heard == []
    assert asked == [file.as_uri()]


def told(page: Page) -> str:
    """What the preview says of the chosen part."""
    return page.locator("#told").inner_text()


def original(page: Page) -> Locator:
    return page.locator("main:not([hidden]) .original")


def on(page: Page, inside: str) -> list[str]:
    """The words of what is marked as chosen."""
    return page.locator(f"main:not([hidden]) {inside} .on").all_inner_texts()


def show(page: Page, title: str) -> None:
    page.get_by_label("Page", exact=True).select_option(title)


def test_choosing_a_removal_names_rule_selector_site_file_and_characters(page: Page) -> None:
    original(page).get_by_text("[edit | edit source]").first.click()
    for words in ("removed by section.edit-link", ".mw-editsection", "mediawiki.yaml", "characters"):
        assert words in told(page)


def test_choosing_a_rule_goes_through_all_that_it_removed(page: Page) -> None:
    rule = page.get_by_role("button", name="section.edit-link")
    rule.click()
    assert "1 of" in told(page)
    places = page.locator(".original .first").first.bounding_box()
    rule.click()
    assert "2 of" in told(page)
    assert page.locator(".original .first").first.bounding_box() != places
    expect(page.locator(".original .first").first).to_be_in_viewport()


def test_choosing_a_block_of_a_record_marks_its_text_on_the_page(page: Page) -> None:
    page.locator("[data-b]", has_text="broad sucker").click()
    assert " ".join(on(page, ".original")).startswith("The foot is a broad sucker")
    expect(page.locator(".original .first").first).to_be_in_viewport()


def test_choosing_text_on_the_page_marks_its_block_in_the_record(page: Page) -> None:
    original(page).get_by_text("The foot is a broad sucker").click()
    assert any("broad sucker" in words for words in on(page, ".right"))
    assert "Limpet > Body > Foot" in told(page)


def test_choosing_a_record_marks_its_heading_and_its_blocks(page: Page) -> None:
    page.locator(".record header button", has_text="Foot").click()
    words = on(page, ".original")
    assert "Foot" in words
    assert any("broad sucker" in each for each in words)


def test_all_can_be_reached_by_keys_alone(page: Page) -> None:
    page.keyboard.press("n")
    first = told(page)
    assert "removed by" in first
    page.keyboard.press("n")
    assert told(page) != first
    page.keyboard.press("p")
    assert told(page) == first
    page.keyboard.press("Escape")
    assert page.locator("#told").is_hidden()
    seen = set()
    for _ in range(40):
        page.keyboard.press("j")
        seen.add(told(page).split()[0])
    assert seen == {"removed", "kept", "field"}


def test_a_page_is_chosen_from_the_list(page: Page) -> None:
    show(page, "Spray")
    assert original(page).inner_text().count("water in the air") == 1
    assert page.title().startswith("Spray")


def test_a_page_that_means_harm_can_do_none(page: Page) -> None:
    """Not even an attempt: the policy would say on the console what it had refused."""
    show(page, "Spray")
    original(page).get_by_text("Here").click()
    page.wait_for_timeout(300)
    assert page.title() == "Spray · sectionary preview"


def test_an_article_from_right_to_left_reads_so_on_both_sides(page: Page) -> None:
    page.get_by_label("Page", exact=True).select_option(index=1)
    for side in (".original", ".record"):
        found = page.locator(f"main:not([hidden]) {side}").first
        assert found.evaluate("node => getComputedStyle(node).direction") == "rtl"


@pytest.mark.parametrize("name", ["limpet.html", "ar-birka.html"])
def test_chromium_reads_the_text_of_the_page_as_it_was(page: Page, name: str) -> None:
    trace = sectionary.extract((PAGES / name).read_bytes(), trace=True).trace
    assert trace is not None
    written = page.locator(".original").nth(["limpet.html", "ar-birka.html"].index(name))
    assert written.text_content() == trace.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_to_be_read_stands_out_from_its_ground(page: Page, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 at least."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    worst = page.evaluate(CONTRASTS)
    assert min(worst.values()) >= 4.5, worst


CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour, under) => {
    canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (node) => {
    const above = node === document.documentElement ? "white" : ground(node.parentElement);
    return `rgb(${rgb(getComputedStyle(node).backgroundColor, above).slice(0, 3).join(" ")})`;
  };
  const found = {};
  const read = "main:not([hidden]) :is(del, mark, .original span, .record .block, .crumb, .rules span)";
  for (const node of document.querySelectorAll(read)) {
    const under = ground(node);
    const [one, other] = [light(rgb(getComputedStyle(node).color, under)), light(rgb(under, under))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const key = `${node.tagName} ${node.className}`;
    found[key] = Math.min(found[key] ?? 99, contrast);
  }
  return found;
}"""
