"""Measure what a year of work costs to load and replay: `python -m benchmarks.portfolios`.

The year (benchmarks/year.py) is loaded, and then replayed under twenty portfolios: the plans as
held, each of them left out, and nine pairs left out.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import timing
from benchmarks.year import END, MAKERS, START, make
from portfolio.commands.histories import history_of
from portfolio.rebalance.blocked import blocked_places, blocked_spans, blocked_usd, seat_uses
from portfolio.rebalance.portfolio import set_up
from portfolio.rebalance.replay import replay
from portfolio.rebalance.seated_pool import Seat
from portfolio.settings import Home, Settings, data_folder
from portfolio.store.catalogue import read_catalogue
from portfolio.store.opening import opened

if TYPE_CHECKING:
    from portfolio.rebalance.draws import Known
    from portfolio.rebalance.history import History
    from portfolio.store.catalogue import Catalogue


def measured(home: Home) -> dict[str, float]:
    """Load the year, and give the CPU seconds of each part and the most memory held, in MB."""
    catalogue = read_catalogue(data_folder() / "plans.toml")
    spent: dict[str, float] = {}
    gc.disable()  # as the program does
    with opened(home.store_path) as database:
        begun = time.process_time()
        history = history_of(database, catalogue, settings=Settings(), since=START, now=END)
        spent["load_cpu_s"] = time.process_time() - begun
    spent["turns"] = len(history.turns.minutes)
    begun = time.process_time()
    spent["blocked_usd"] = sum(_replayed(history, catalogue))
    spent["replay_cpu_s"] = time.process_time() - begun
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    spent["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
    return spent


def _replayed(history: History, catalogue: Catalogue) -> Iterator[float]:
    """Replay the year under each portfolio; give the dollars of work without room."""
    held = [
        Seat(name=one.account, plan=one.plan or "", account=one.account) for one in history.held
    ]
    left_out = [
        (),
        *((n,) for n in range(len(MAKERS))),
        *((n, n + 1) for n in range(len(MAKERS) - 1)),
    ]
    known: Known = {}
    for out in left_out:
        seats = [seat for n, seat in enumerate(held) if n not in out]
        setup = set_up(history, seats, catalogue=catalogue, reckoning="tight", known=known)
        found = replay(
            [work.minutes for work in history.works],
            routes=setup.routes,
            quotas=setup.quotas,
            begin=history.begin,
            end=history.end,
        )
        blocked_spans(setup, found)
        seat_uses(setup, found)
        blocked_places(history, found)
        yield blocked_usd(history, found)


def portfolios(count: int = 1_000_000, kept: Path | None = None) -> Iterator[str]:
    """Measure a process of its own that loads a year.

    Args:
        count: How many turns.
        kept: Where to keep the year, and to look for it; None: it is made anew and taken away.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Home(kept or Path(folder, "home"))
        if not home.store_path.exists():
            make(home.folder, count=count)
        told = Path(folder, "told.json")
        command = (sys.executable, "-m", "benchmarks.portfolios", "--home", str(home.folder))
        timing.run((*command, "--told", str(told)), env={"OPENBLAS_NUM_THREADS": "1"})
        spent = json.loads(told.read_text(encoding="utf-8"))
    what = f"a year of 10 accounts and {spent['turns']:,} turns against 20 portfolios"
    load, replays = spent["load_cpu_s"], spent["replay_cpu_s"]
    cpu = f"{load + replays:.1f}: loaded in {load:.1f}, replayed in {replays:.1f}"
    yield f"| {what}, CPU s | {cpu} | 10 |"
    yield f"| the same, most memory held, MB | {spent['memory_mb']:.0f} | 1000 |"


def main() -> None:
    """Make a year and measure, or measure the one that is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="where to keep the year between runs")
    parser.add_argument("--home", type=Path, help="measure this one in this process")
    parser.add_argument("--told", type=Path, help="where to write what was measured in it")
    asked = parser.parse_args()
    if asked.home and asked.told:
        asked.told.write_text(json.dumps(measured(Home(asked.home))), encoding="utf-8")
        return
    for row in portfolios(asked.turns, asked.keep):
        sys.stdout.write(row + "\n")


if __name__ == "__main__":
    main()
