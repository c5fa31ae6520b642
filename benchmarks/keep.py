"""Measure how often `keep` and `replay` are right about made-up users, and write docs/keep.md.

python -m benchmarks.keep [--users N] [--stationary N] [--seed N] [--jobs N]

Each user's logs and readings of nine weeks are put into a store of their own, and the program is
asked; what is true is known from the whole year and more (benchmarks/users.py, truth.py).
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.truth import blocked_weeks, full_spans, used_shares
from benchmarks.user_store import moment_of, store
from benchmarks.users import DAY, WEEK, WORLDS, MadeAccount, made_user
from portfolio.commands.keep import keep
from portfolio.commands.replaying import replay
from portfolio.settings import Settings, data_folder
from portfolio.store.catalogue import read_catalogue
from portfolio.store.opening import opened

if TYPE_CHECKING:
    from portfolio.report.answers.keep import KeepAnswer
    from portfolio.report.answers.replaying import ReplayAnswer

PAGE: Final = Path(__file__).parents[1] / "docs" / "keep.md"
ASKED_AT: Final = 9 * WEEK + DAY  # so that every account has eight whole weeks
AFTER: Final = 4  # weeks
HOUR: Final = 60
HEAD: Final = """# How often `keep` and `replay` are right

Made-up users of whom everything is known: two or three plans of Claude and Codex, a load a week on
each account, sessions of turns, a true capacity of each pool that nobody tells the program, turns
that weigh on a meter give or take an eighth of what they cost, some work on other machines,
readings in whole percent after about every second turn and where one is refused. Their logs of nine
weeks go into a store, and `portfolio keep` and `portfolio replay` are asked. The year after is what
is true.

The worlds: **stationary** (weeks alike but for chance, up to a fifth of the sessions on other
machines), **here** (all on this one), **bursts** (every sixth week doubled), **trend** (up
to 3 % more a week for half a year), **holidays** (five weeks without work), **elsewhere** (a third
to two thirds of the sessions on other machines), **cap cut** (one account's caps silently cut by a
quarter in some week). Not in it: scoped pools, GLM's credits, monthly pools, new models, plans that
change, resets out of turn, smaller plans instead of none. What is true of a plan left out is
replayed on true capacities; a plain walk, turn by turn, tells the same (tests/benchmarks).

"""
ABOUT_KEEP: Final = """## `keep`

**Bound holds**: for each plan left out, the 95 % bound on the share of blocked weeks that was told
lies above the share of weeks of the following year in which work truly finds no room. **Cancel,
then blocked**: of the plans told to cancel, in how many there is such a week within the next four.
**Dead weight found**: of the plans without which no week is blocked in all fourteen months, how
many are told to cancel, or are `either-or` beside one that is. Where weeks are not alike, no bound
from the past can hold for a year to come; those rows say how far it is off.

"""
ABOUT_REPLAY: Final = """## `replay` of the past under its very plans

What the program says beside what happened; a meter shows whole percent. Expired: the share of the
weekly caps that was not used, an account's whole cycles together. At a cap: hours in which a pool
of an account stood at its cap; off by, of those accounts that did. What was worked elsewhere after
the last reading before a reset no meter showed; where nothing was (**here**) the two are equal.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One plan left out: what was told, and what is true."""

    verdict: str
    is_bound_kept: bool | None  # None: no bound was told
    is_blocked_soon: bool
    is_dead_weight: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AsItWas:
    """One account under its own plan: what was told less what is true."""

    expired: float  # share of the caps
    at_cap_hours: float
    true_at_cap_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One user."""

    left_out: list[LeftOut]
    as_it_was: list[AsItWas]


def asked(world: str, seed: int, number: int) -> Asked:
    """Make a user, ask the program, and hold it against the truth."""
    rng = np.random.default_rng([seed, list(WORLDS).index(world), number])
    user = made_user(world, rng)
    settings, now = Settings(timezone="UTC"), moment_of(ASKED_AT)
    catalogue = read_catalogue(data_folder() / "plans.toml")
    with tempfile.TemporaryDirectory() as folder, opened(_empty_store(Path(folder))) as database:
        store(database, user, until=ASKED_AT, rng=rng)
        told = keep(database, settings=settings, catalogue=catalogue, now=now)
        plans = [account.plan for account in user]
        past = replay(database, plans, catalogue=catalogue, settings=settings, since=None, now=now)
    return Asked(left_out=_left_out(user, told), as_it_was=_as_it_was(user, past))


@cache
def _migrated() -> bytes:
    """Give a store without anything in it: to make one takes longer than to copy it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        with opened(path):
            pass
        return path.read_bytes()


def _empty_store(folder: Path) -> Path:
    path = folder / "store.duckdb"
    path.write_bytes(_migrated())
    return path


def _left_out(user: Sequence[MadeAccount], told: KeepAnswer) -> list[LeftOut]:
    rows = {row.account: row for row in told.plans if row.change == "cancel"}
    found = []
    for account in user:
        row, blocked = rows[account.name], blocked_weeks(user, account)
        later = blocked[(ASKED_AT - account.phase) // WEEK :]
        bound = row.blocked_share_high
        found.append(
            LeftOut(
                verdict=row.verdict,
                is_bound_kept=None if bound is None else bound >= float(later.mean()),
                is_blocked_soon=bool(later[:AFTER].any()),
                is_dead_weight=not bool(blocked.any()),
            )
        )
    return found


def _as_it_was(user: Sequence[MadeAccount], past: ReplayAnswer) -> list[AsItWas]:
    found = []
    for account, row in zip(user, past.plans, strict=True):
        true = used_shares(account, until=ASKED_AT)[-row.cycles :]
        spans = full_spans(account, until=ASKED_AT)
        hours = sum(until - since for since, until in spans) / HOUR
        found.append(
            AsItWas(
                expired=float(true.mean()) - (row.used_share.point if row.used_share else 0.0),
                at_cap_hours=row.full_hours.point - hours,
                true_at_cap_hours=hours,
            )
        )
    return found


def keep_row(world: str, users: Sequence[Asked]) -> str:
    """Count what was told of the users of one world."""
    every = [one for user in users for one in user.left_out]
    bounds = [one.is_bound_kept for one in every if one.is_bound_kept is not None]
    cancels = [one.is_blocked_soon for one in every if one.verdict == "cancel"]
    dead = [one.verdict in ("cancel", "either-or") for one in every if one.is_dead_weight]
    cells = (f"{world}, {len(users)} users", *map(_share, (bounds, cancels, dead)))
    return "| " + " | ".join(cells) + " |"


def replay_row(world: str, users: Sequence[Asked]) -> str:
    """Give the typical and the largest difference of the users of one world."""
    every = [one for user in users for one in user.as_it_was]
    expired = np.abs([100 * one.expired for one in every])
    at_cap = [one for one in every if one.true_at_cap_hours > 0]
    hours = np.abs([one.at_cap_hours for one in at_cap]) if at_cap else np.zeros(1)
    true = sum(one.true_at_cap_hours for one in at_cap)
    said = true + sum(one.at_cap_hours for one in every)
    cells = (
        f"{world}, {len(every)} accounts",
        _spread(expired, "pp"),
        f"{_spread(hours, 'h')} ({len(at_cap)} accounts)",
        f"{true:,.0f} h, told {said:,.0f} h",
    )
    return "| " + " | ".join(cells) + " |"


def _share(told: Sequence[bool]) -> str:
    return f"{sum(told) / max(1, len(told)):.1%} of {len(told)}"


def _spread(off: np.ndarray[tuple[int], np.dtype[np.float64]], unit: str) -> str:
    half, most = np.quantile(off, [0.5, 0.95])
    return f"{half:.2f} {unit}, 95 % within {most:.2f}, at most {off.max():.2f}"


def _table(heads: Iterable[str], rows: Sequence[str]) -> str:
    names = list(heads)
    return "\n".join(["| " + " | ".join(names) + " |", "|---" * len(names) + "|", *rows]) + "\n"


def main() -> None:
    """Ask about every user of every world, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stationary", type=int, default=2_000, help="users of that world")
    parser.add_argument("--users", type=int, default=300, help="of each other world")
    parser.add_argument("--seed", type=int, default=20_261)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    found: dict[str, list[Asked]] = defaultdict(list)
    with multiprocessing.Pool(given.jobs) as pool:
        for world in WORLDS:
            count = given.stationary if world == "stationary" else given.users
            ask: Callable[[int], Asked] = partial(asked, world, given.seed)
            found[world] = pool.map(ask, range(count), chunksize=10)
            sys.stdout.write(keep_row(world, found[world]) + "\n")
            sys.stdout.write(replay_row(world, found[world]) + "\n")
    keeps = _table(
        (
            "world",
            "bound holds (≥ 95 %)",
            "cancel, then blocked (≤ 10 %)",
            "dead weight found (≥ 80 %)",
        ),
        [keep_row(world, users) for world, users in found.items()],
    )
    replays = _table(
        ("world", "expired, off by", "at a cap, off by", "at a cap in all"),
        [replay_row(world, found[world]) for world in ("here", "stationary", "elsewhere")],
    )
    command = (
        f"python -m benchmarks.keep --stationary {given.stationary} --users {given.users}"
        f" --seed {given.seed}"
    )
    PAGE.write_text(
        f"{HEAD}`{command}`\n\n{ABOUT_KEEP}{keeps}\n{ABOUT_REPLAY}{replays}", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
