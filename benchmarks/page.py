"""What the page of a year of ten accounts costs: its size, its CPU, its first paint; and its race.

python -m benchmarks.page [--turns N]

The store is that of benchmarks/year.py, with seven hundred windows logged in it and a feature
shipped in each; chance gave every seventh its account. First paint is read in headless Chromium,
where there is one, five times.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import year
from benchmarks.made_commits import LANDED, made_commit
from benchmarks.timing import in_turns, program
from parsers.records import CommitTag
from portfolio.commands.assigning import Assignment, keep_assignment
from portfolio.model import Window
from portfolio.store import commits, write
from portfolio.store.opening import opened, transaction

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.settings import Home
    from portfolio.store.opening import Database

WINDOWS: Final = 700
DRAWN_OF: Final = 7  # of so many items one was drawn
PAINTS: Final = 5
MOST_MB, MOST_TIMES_CPU, MOST_TIMES_RACE, MOST_PAINT_S = 1.5, 4.0, 2.0, 1.0
# The page runs nothing, so the page around it reads when it was painted.
READING: Final = """<!doctype html><meta charset="utf-8"><pre></pre><iframe src="page.html"
style="width: 1280px; height: 900px"></iframe><script>
const frame = document.querySelector('iframe')
const read = () => {
  const found = frame.contentWindow.performance.getEntriesByName('first-contentful-paint')
  if (found.length) document.querySelector('pre').textContent = JSON.stringify(found[0].startTime)
  else setTimeout(read, 20)
}
frame.onload = read
</script>"""


def page(turns: int) -> Iterator[str]:
    """Measure all four."""
    with tempfile.TemporaryDirectory() as folder:
        home = year.make(Path(folder, "home"), count=turns)
        with opened(home.store_path) as database, transaction(database):
            _add_windows(database)
        file = Path(folder, "page.html")
        cost = in_turns(_commands(home, file), rounds=2, env={"OPENBLAS_NUM_THREADS": "1"})
        size = len(file.read_bytes()) / 1e6
        ratio = cost["page"].cpu_s / cost["report"].cpu_s
        made = f"the page of a year of ten accounts, {turns:,} turns"
        yield f"| {made}, MB | {size:.2f} | {MOST_MB} |"
        yield f"| the same / `report --json`, CPU | {ratio:.2f} | {MOST_TIMES_CPU:.0f} |"
        ratio = cost["race"].cpu_s / cost["report"].cpu_s
        most = MOST_TIMES_RACE
        yield f"| `race --json` of the same / `report --json`, CPU | {ratio:.2f} | {most:.0f} |"
        yield f"| `report --json`, CPU, s | {cost['report'].cpu_s:.1f} | |"
        paint = _first_paint_s(Path(folder))
        told = "no Chromium here" if paint is None else f"{paint:.2f}"
        yield f"| first paint, median of {PAINTS}, s | {told} | {MOST_PAINT_S} |"


def _commands(home: Home, file: Path) -> dict[str, tuple[str, ...]]:
    at = ("--at", f"{year.END:%F}")
    asked = (program("portfolio"), "--home", str(home.folder))
    return {
        "report": (*asked, "report", *at, "--json"),
        "page": (*asked, "report", *at, "--html", str(file)),
        "race": (*asked, "race", *at, "--json"),
    }


def _add_windows(database: Database) -> None:
    """Log two windows a day, where meters were read at both ends, and ship a feature in each."""
    new = commits.NewCommits()
    for number in range(WINDOWS):
        start = year.START + timedelta(days=number // 2, hours=year.BURSTS[number % 2 + 1])
        name = f"W{(start - year.START).days // 7}-{number + 1:03d}"
        length = timedelta(minutes=year.BURST_MINUTES)
        methodology = ("solo", "relay")[number % 2]
        window = Window(window=name, start_at=start, end_at=start + length, methodology=methodology)
        write.window(database, window, now=year.END)
        sha = f"{number:08x}".rjust(40, "f")
        tag = CommitTag(
            kind="feature", item=f"DONE-{number}", window=name, step="SHIP", message="made", line=1
        )
        new.rows.append(made_commit(sha, start + length / 2))
        new.tags.append((sha, tag))
        if number % DRAWN_OF == 0:
            keep_assignment(database, _drawn(f"DONE-{number}", number, start))
    states = {sha: LANDED for sha, _ in new.tags}
    commits.add_commits(database, "/made/shipped", new, states=states, tips="made up", now=year.END)


def _drawn(item: str, number: int, begun: datetime) -> Assignment:
    """Draw an item's account an hour before the work on it began."""
    arms = tuple(sorted(maker.account for maker in year.MAKERS))
    return Assignment(
        item=item,
        account=arms[number // DRAWN_OF % len(arms)],
        how="drawn",
        at=begun - timedelta(hours=1),
        size="M",
        eligible=arms,
        probabilities=(1 / len(arms),) * len(arms),
        seed=0,
    )


def _first_paint_s(folder: Path) -> float | None:
    browser = shutil.which("chromium")
    if browser is None:
        return None
    outer = folder / "reading.html"
    outer.write_text(READING, encoding="utf-8")
    return statistics.median(_painted_s(browser, outer) for _ in range(PAINTS))


def _painted_s(browser: str, outer: Path) -> float:
    done = subprocess.run(
        [
            *(browser, "--headless=new", "--no-sandbox", "--disable-gpu"),
            *(f"--user-data-dir={outer.parent / 'profile'}", "--allow-file-access-from-files"),
            *("--timeout=5000", "--dump-dom", outer.as_uri()),
        ],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(outer.parent)},
    )
    told = re.search(r"<pre>(.+?)</pre>", done.stdout)
    if told is None:
        raise RuntimeError(f"it was not painted: {done.stdout[:300]}")
    return float(json.loads(unescape(told[1]))) / 1000


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=1_000_000)
    for line in page(parser.parse_args().turns):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
