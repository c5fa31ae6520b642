"""Measure how far weekly plans are from the best there could be; writes docs/routing.md.

python -m benchmarks.routing [--instances N] [--processes N]
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Final

from benchmarks.made_routes import made_week
from portfolio.route.constraints import rows_of
from portfolio.route.filling import first_plan, ranked_ways
from portfolio.route.layout import Layout, Way, layout_of
from portfolio.route.model import relaxed
from portfolio.route.placing import Placement, placed
from portfolio.route.planning import best_placed
from portfolio.route.problem import Problem

PAGE: Final = Path(__file__).parents[1] / "docs" / "routing.md"
HEAD: Final = """# How far a weekly plan is from the best there could be

Made-up weeks: plans of three providers, each in two sizes, part used and reset at some hour of the
week; office hours of nine hours on five days, so ten 5-hour windows; a weekly pool holds as much as
nine of them, and the large plans of one provider have a scoped pool for the large model. Eight
methods, of which four are done by two or three accounts in order. Items of sizes S, M, L (50, 35,
15 %) that cost 1, 3, 9, worth 1, 2 or 4, some due on the second or fourth day, so dear that 90 % of
their worth can be done. The model's formulas stand in `portfolio/route/constraints.py`.

All distances are from the bound of the relaxation, which no plan reaches: items are whole.
**Naive**: first come, the first method and the first account that have room. **First**: the
relaxation rounded down and filled up, before and after each part of each item has its windows in
the order of the steps. **Placed**: what the program tells in the end, after a few accounts at a
time were planned anew and, where that was not enough, the whole model was searched. **Of whole**:
the same from the bound rounded down, as no plan is worth a part of a worth. CPU is of all that,
from the records to the windows, without the check and without the relaxations that tell what one
more account would bring.

"""
TAIL: Final = """
## Where the loss was, and what was tried against it

Measured on the first eight or ten weeks of 10 × 200, unless another size is named.

- **Where.** All that had a number in the model and no place failed at a later step: its account
  had room in the stretch, but in windows that were over when the step before it was done. From 10
  to 20 % of all windows was left over, the weekly pools a quarter or more.
- **The bound is not loose.** The relaxation with every window, and the order of the steps window by
  window, is worth the same to .05 of 340. The model's whole numbers are what cannot be placed: with
  them as upper limits that relaxation loses up to 9 of 342. All windows in the whole-number model:
  10 to 30 s and a worse plan than without.
- **What helps**: all that four accounts do by themselves is taken off and planned anew with what
  waits, on what their windows have left, company after company. 1.25 % became .57 % in 3.7 s. A
  company of three finds less, of five takes three times as long. The solver may stop where less
  than one item's worth is missing; that halves the time. A search of the whole model after it, and
  the same again, brings the rest.
- **Moving single items** (some taken off, the dearest first, put back where there is room; 3,200
  moves, 2.7 s): 1.25 % to .96 %.
- **Other orders of placing**, what has several parts first or the largest first: no better.
- **Fewer columns** by reduced cost, up to 100 nodes: .60 to .78 % before placing, as without.
- **500 × 30,000**: accounts chosen for the items that they share, companies of 2, 6 or 8, first
  parts on the account that is done the earliest, more tries of placing, a price on ways of several
  parts: no better for the time than any four accounts in turn.

A bound that is rounded down, as worths are whole here, is what no plan reaches more of; from it the
distances of 10 × 200 are .15 of a percent less. Sums are `math.fsum`: Python 3.12 adds floats in
another way than 3.11, and the last digit decides between plans that are worth the same.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A size of week and how long the search is let run."""

    accounts: int
    items: int
    gap: float
    tries: int
    nodes: int
    instances: int
    has_naive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One week planned: shares of the bound that are missing."""

    naive: float | None
    first: float
    first_placed: float
    placed: float
    of_whole: float
    cpu_s: float
    peak_mb: float


def measured(setting: Setting, seed: int) -> Measured:
    """Plan one week."""
    problem = made_week(setting.accounts, setting.items, seed)
    total = sum(one.worth for one in problem.items)
    begun = time.process_time()
    layout = layout_of(problem)
    rows = rows_of(layout)
    told = relaxed(layout, rows)
    ranked = ranked_ways(layout, rows, told.prices)
    placement, _ = best_placed(
        layout,
        rows,
        told,
        ranked,
        gap=setting.gap,
        max_nodes=setting.nodes,
        tries=setting.tries,
    )
    cpu = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first = first_plan(layout, rows, told, ranked)
    return Measured(
        naive=1 - naive(problem, layout) / told.bound if setting.has_naive else None,
        first=1 - _worth(layout, first) / told.bound,
        first_placed=1 - (total - placed(layout, first, ranked).lost) / told.bound,
        placed=1 - (total - placement.lost) / told.bound,
        of_whole=1 - (total - placement.lost) / math.floor(told.bound),
        cpu_s=cpu,
        peak_mb=peak,
    )


def _worth(layout: Layout, values: Mapping[str, float]) -> float:
    return sum(
        layout.classes[way.of].worth * values[column.name]
        for way in layout.ways
        for column in way.parts[0]
    )


def naive(problem: Problem, layout: Layout) -> float:
    """Give what is done if each item takes the first method and account that have room."""
    order = {method.method: place for place, method in enumerate(problem.methods)}
    ways = sorted(layout.ways, key=lambda way: order[way.method.method])
    classes = {item.item: of for of, one in enumerate(layout.classes) for item in one.items}
    placement = Placement.of(layout, [() for _ in layout.classes])
    worth = 0.0
    for item in problem.items:
        own = [way for way in ways if way.of == classes[item.item]]
        if any(_is_placed(placement, way, item.item, layout) for way in own):
            worth += item.worth
    return worth


def _is_placed(placement: Placement, way: Way, name: str, layout: Layout) -> bool:
    item = next(one for one in layout.classes[way.of].items if one.item == name)
    return any(placement.place(way, columns, item) for columns in product(*way.parts))


def row(setting: Setting, found: Sequence[Measured]) -> str:
    """Lay out one size."""

    def mean(values: Sequence[float]) -> str:
        return f"{100 * sum(values) / len(values):.2f} %"

    naive = [one.naive for one in found if one.naive is not None]
    cpu = sum(one.cpu_s for one in found) / len(found)
    return (
        f"| {setting.accounts} × {setting.items:,} | {len(found)} | {100 * setting.gap:g} %,"
        f" {setting.tries}, {setting.nodes} | {mean(naive) if naive else '-'} |"
        f" {mean([one.first for one in found])} | {mean([one.first_placed for one in found])} |"
        f" {mean([one.placed for one in found])} ({100 * max(one.placed for one in found):.2f} %)"
        f" | {mean([one.of_whole for one in found])}"
        f" | {cpu:.1f} s ({max(one.cpu_s for one in found):.1f} s) |"
        f" {max(one.peak_mb for one in found):.0f} MB |"
    )


def main() -> None:
    """Run all and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    settings = (
        Setting(
            accounts=10,
            items=200,
            gap=0.008,
            tries=15,
            nodes=0,
            instances=asked.instances,
            has_naive=True,
        ),
        Setting(accounts=10, items=200, gap=0.003, tries=40, nodes=3, instances=asked.instances),
        Setting(accounts=50, items=5_000, gap=0.003, tries=60, nodes=0, instances=2),
        Setting(accounts=500, items=30_000, gap=0.003, tries=150, nodes=0, instances=1),
    )
    lines = [
        "| accounts × items | weeks | gap, companies, nodes asked | naive | first | first placed |"
        " placed, mean (worst) | of whole | CPU, mean (worst) | peak |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for setting in settings:
        # A process for each, so that its peak is its own.
        with ProcessPoolExecutor(
            asked.processes,
            mp_context=multiprocessing.get_context("spawn"),
            max_tasks_per_child=1,
        ) as pool:
            found = list(pool.map(partial(measured, setting), range(setting.instances)))
        lines.append(row(setting, found))
        print(lines[-1], flush=True)
    command = f"python -m benchmarks.routing --instances {asked.instances}"
    PAGE.write_text(f"{HEAD}`{command}`\n\n" + "\n".join(lines) + "\n" + TAIL, encoding="utf-8")


if __name__ == "__main__":
    main()
