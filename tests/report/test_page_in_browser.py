"""The page in a real browser, where there is one: no complaint, no overflow, its policy holds."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from portfolio.store.opening import opened
from tests.page_world import NOW, make
from tests.world import World

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium (apt-get install chromium)")
LIGHTS = {"light": "1", "dark": "0"}  # as Blink numbers them
# What a page sees of itself; it runs in a page around ours, as ours runs nothing.
LOOKING = """<!doctype html><meta charset="utf-8"><iframe src="page.html"></iframe><pre></pre>
<script>
const frame = document.querySelector('iframe'), found = {wide: {}}
frame.style.cssText = 'height: 800px; border: 0'
frame.onload = () => {
  const page = frame.contentDocument
  for (const width of [390, 1280]) {
    frame.style.width = width + 'px'
    const over = [...page.querySelectorAll('main *, header *')].filter(one =>
      !one.closest('.scroll') && !one.closest('.unseen') && !one.closest('svg')
      && one.getBoundingClientRect().right > width + 0.5).map(one => one.outerHTML.slice(0, 200))
    found.wide[width] = [page.documentElement.scrollWidth, over]
  }
  const colour = one => frame.contentWindow.getComputedStyle(one)
  found.paper = colour(page.body).backgroundColor
  found.green = colour(page.querySelector('.f-green')).fill
  found.empty = [...page.querySelectorAll('svg text')].filter(one =>
    one.getBoundingClientRect().width === 0).length
  const style = page.createElement('style'), script = page.createElement('script')
  style.textContent = 'body { margin-left: 77px !important }'
  script.textContent = 'document.title = "ran"'
  page.head.append(style, script)
  page.body.setAttribute('style', 'margin-right: 77px !important')
  found.margins = [colour(page.body).marginLeft, colour(page.body).marginRight]
  found.title = page.title
  document.querySelector('pre').textContent = JSON.stringify(found)
}
</script>
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("browser")
    made = World(place)
    made.set_up()
    with opened(made.home / "portfolio.duckdb") as database:
        make(database)
    made.ok("report", "--html", place / "page.html", "--at", NOW.isoformat())
    (place / "looking.html").write_text(LOOKING, encoding="utf-8")
    return place


def browse(folder: Path, name: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page and give what the browser said."""
    profile = folder / "profile"
    return subprocess.run(
        [
            str(BROWSER),
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--disable-dev-shm-usage", "--no-first-run", f"--user-data-dir={profile}"),
            *("--enable-logging=stderr", "--allow-file-access-from-files"),
            *options,
            (folder / name).as_uri(),
        ],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "HOME": str(folder)},
        timeout=120,
    )


def looked(folder: Path, light: str) -> dict[str, Any]:
    """Look at the page through the page around it."""
    done = browse(
        folder,
        "looking.html",
        f"--blink-settings=preferredColorScheme={LIGHTS[light]}",
        *("--dump-dom", "--virtual-time-budget=10000"),
    )
    told = re.search(r"<pre>(.*)</pre>", done.stdout, re.DOTALL)
    assert told is not None, done.stderr
    found: dict[str, Any] = json.loads(unescape(told[1]))
    return found


def test_the_console_has_nothing_to_say(folder: Path) -> None:
    done = browse(folder, "page.html", "--dump-dom")

    assert "</html>" in done.stdout
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []


@pytest.mark.parametrize("light", LIGHTS)
def test_nothing_overflows_and_the_policy_lets_nothing_else_in(folder: Path, light: str) -> None:
    found = looked(folder, light)

    assert found["wide"] == {"390": [390, []], "1280": [1280, []]}
    assert found["paper"] == {"light": "rgb(241, 244, 248)", "dark": "rgb(14, 18, 22)"}[light]
    assert found["green"] == "rgb(0, 158, 115)"  # our own style is let in
    assert found["empty"] == 0
    assert found["margins"] == ["0px", "0px"]
    assert found["title"] != "ran"
