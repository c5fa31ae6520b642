"""Solve made-up problems of both models, and tell a digest of each answer to six digits.

python -m benchmarks.same_answer [--weeks N] [--months N] [--beside PYTHON]

With --beside another Python solves them too; what differs is named in docs/holding.md.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from benchmarks.pages import put_between
from portfolio.rebalance.monthly.choosing import choose
from portfolio.rebalance.monthly.problem import (
    Ceiling,
    Cvar,
    HeldAccount,
    Method,
    MonthlyProblem,
    Offer,
    Options,
    Promo,
)
from portfolio.route import problem as week
from portfolio.route.planning import plan

PAGE: Final = Path(__file__).parents[1] / "docs" / "holding.md"
DIGITS: Final = 6
SIZES: Final = ("S", "M", "L")
DAY: Final = 24 * 60
SCENARIOS: Final = 30


def month_problem(seed: int) -> MonthlyProblem:
    """Make months to plan for, alike on every Python."""
    rng = Random(seed)
    months = rng.choice((1, 1, 3))
    offers = tuple(
        Offer(
            plan=f"{provider}-{times}",
            provider=provider,
            usd_by_month=(usd,) * months,
            capacity={"week": 400.0 * times, "opus": 150.0 * times},
            most=3,
            promo=Promo(usd_month=usd / 2, months=1) if rng.random() < 0.2 else None,
            held=(HeldAccount(account=f"{provider}-{times}", paid_share=0.5),)
            if rng.random() < 0.3
            else (),
        )
        for provider, unit in (("claude", 20.0), ("codex", 20.0), ("glm", 6.0))
        for times, usd in ((1, unit), (5, 4.8 * unit))
    )
    methods = tuple(
        Method(
            method=f"{provider}: {way}",
            provider=provider,
            use={
                pool: _array(rng, low * times, SCENARIOS, len(SIZES))
                for pool, times in (("week", 1.0), ("opus", 0.3))
            },
            success_low=tuple(rng.choice((0.5, 0.7, 0.9)) for _ in SIZES),
            api_usd=_array(rng, low, SCENARIOS, len(SIZES)),
        )
        for provider in ("claude", "codex", "glm")
        for way, low in (("quick", 1.0), ("careful", 1.6))
    )
    return MonthlyProblem(
        sizes=SIZES,
        offers=offers,
        methods=methods,
        demand=np.array(
            [
                [[float(rng.randint(most // 2, most)) for most in (300, 200, 90)]] * months
                for _ in range(SCENARIOS)
            ]
        ),
        short_usd=(20.0, 40.0, 100.0),
        quality_floor=0.6,
        budget_usd=rng.choice((None, None, 500.0)),
    )


def _array(rng: Random, low: float, scenarios: int, sizes: int) -> Any:
    times = (1.0, 3.0, 9.0)[:sizes]
    return np.array(
        [[low * size * (0.7 + rng.random()) for size in times] for _ in range(scenarios)]
    )


def week_problem(seed: int) -> week.Problem:
    """Make a week to plan, alike on every Python."""
    rng = Random(1_000 + seed)
    accounts = tuple(
        week.Account(
            account=f"{kind}-{number}",
            kind=kind,
            pools=(
                week.Pool(pool="week", unit="pp", cap=100.0, used=float(rng.randint(0, 40))),
                week.Pool(pool=week.WINDOW_POOL, unit="pp", cap=100.0, cycle_min=300),
            ),
            windows=tuple(
                week.Window(start_min=540 + day * DAY, end_min=840 + day * DAY) for day in range(5)
            ),
            dollars={"week": usd},
        )
        for kind, count, usd in (("pro", 2, 0.05), ("plus", 2, 0.05), ("lite", 1, 0.02))
        for number in range(count)
    )
    names = frozenset(one.account for one in accounts)
    methods = tuple(
        week.Method(
            method=name,
            parts=(
                week.Part(
                    steps=("BUILD",),
                    accounts=names,
                    burn={
                        (size, kind): {
                            "week": base * (0.6 + rng.random()),
                            week.WINDOW_POOL: 3 * base * (0.6 + rng.random()),
                        }
                        for size, base in zip(SIZES, (1.0, 3.0, 9.0), strict=True)
                        for kind in ("pro", "plus", "lite")
                    },
                ),
            ),
            success_low=dict.fromkeys(SIZES, share),
        )
        for name, share in (("quick", 0.7), ("careful", 0.9))
    )
    items = tuple(
        week.Item(
            item=f"item-{number:03}",
            size=rng.choice(SIZES),
            worth=float(rng.randint(1, 3)),
            due_min=rng.choice((None, None, 3 * DAY)),
        )
        for number in range(80)
    )
    return week.Problem(
        begin_at=datetime(2026, 11, 30, tzinfo=UTC),
        span_min=7 * DAY,
        items=items,
        methods=methods,
        accounts=accounts,
        floor=0.6,
    )


def digest(answer: object) -> str:
    """Give the digest of an answer as JSON, its numbers to six significant digits."""
    text = json.dumps(_rounded(answer), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}" if abs(value) > 1e-9 else "0"
    if isinstance(value, Mapping):
        return {str(key): _rounded(own) for key, own in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(own) for own in value]
    return value


def answers(weeks: int, months: int) -> Iterator[tuple[str, str]]:
    """Solve all, each with its digest; every fourth of the months with an option."""
    for seed in range(weeks):
        yield f"week {seed}", digest(asdict(plan(week_problem(seed))))
    ceiling, cvar = Options(ceiling=Ceiling(usd_per_feature=1.0)), Options(cvar=Cvar())
    options = (Options(), Options(), ceiling, cvar)
    for seed in range(months):
        found = choose(month_problem(seed), options=options[seed % 4])
        yield f"month {seed}", digest(asdict(found.allocation))


def versions() -> str:
    """Say what solves."""
    own = [f"{name} {importlib.metadata.version(name)}" for name in ("pulp", "highspy", "numpy")]
    return ", ".join([f"Python {platform.python_version()}", *own])


def compared(own: Mapping[str, str], other: Mapping[str, str], *, both: Sequence[str]) -> str:
    """Say of how many problems the answers are the same, and name the others."""
    lines = []
    for kind in ("week", "month"):
        names = [name for name in own if name.startswith(kind)]
        differing = [name for name in names if own[name] != other.get(name)]
        told = f": not {', '.join(differing)}" if differing else ""
        lines.append(f"- {kind}s: {len(names) - len(differing)} of {len(names)} the same{told}")
    return "\n".join([f"{both[0]}; {both[1]}.", "", *lines])


def main() -> None:
    """Print each digest; with another Python beside, write what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=30)
    parser.add_argument("--months", type=int, default=40)
    parser.add_argument("--beside", type=Path, default=None, help="another Python")
    asked = parser.parse_args()
    size = ["--weeks", str(asked.weeks), "--months", str(asked.months)]
    own = dict(answers(asked.weeks, asked.months))
    if asked.beside is None:
        print(json.dumps({"versions": versions(), "answers": own}, indent=1))
        return
    command = [str(asked.beside), "-m", "benchmarks.same_answer", *size]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    text = compared(own, told["answers"], both=(versions(), told["versions"]))
    put_between(
        PAGE, "same answer", f"`python -m benchmarks.same_answer {' '.join(size)}`\n\n{text}"
    )
    print(text)


if __name__ == "__main__":
    main()
