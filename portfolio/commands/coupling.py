"""How pools hang together, from the logged windows: 5 hours and week, scopes, other providers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from portfolio.estimate.coupling import (
    Beside,
    Moved,
    Scoped,
    beside_over_alone,
    longer_per_shorter,
    scoped_over_other,
)
from portfolio.estimate.cycles import RESOLUTION
from portfolio.model import cycle_of, is_scoped, priced_among
from portfolio.report.answers.coupling import CouplingRow

if TYPE_CHECKING:
    from portfolio.estimate.burn import Burn
    from portfolio.estimate.observations import Observation
    from portfolio.estimate.pool_drift import Spent
    from portfolio.model import AccountSpan

SCOPES: Final = ("opus", "fable", "spark")  # looked for in models even where no pool is of them


def coupling_rows(
    seen: Sequence[Observation],
    spent: Mapping[tuple[str, str], Spent],
    spans: Sequence[AccountSpan],
) -> list[CouplingRow]:
    """Give how the pools of every account hang together, as far as windows were worked for it."""
    providers = {span.account: span.provider for span in spans}
    own: dict[str, list[dict[str, Burn]]] = defaultdict(list)
    for one in seen:
        by_account: dict[str, dict[str, Burn]] = defaultdict(dict)
        for burn in one.burns:
            if burn.is_measured and not burn.is_computed:
                by_account[burn.account][burn.pool] = burn
        for account, burns in by_account.items():
            own[account].append(burns)
    return [
        row for account in sorted(own) for row in _rows_of(account, own[account], spent, providers)
    ]


def _rows_of(
    account: str,
    windows: Sequence[Mapping[str, Burn]],
    spent: Mapping[tuple[str, str], Spent],
    providers: Mapping[str, str],
) -> Iterator[CouplingRow]:
    pools = {pool for burns in windows for pool in burns}
    longest = priced_among({pool for pool in pools if not is_scoped(pool)})
    if longest is None:
        return
    cycle = cycle_of(longest)
    for pool in sorted(pools - {longest}):
        length = cycle_of(pool)
        if is_scoped(pool) or length is None or cycle is None or length >= cycle:
            continue
        yield _per_shorter(account, longest, pool, windows)
    told = [burns[longest] for burns in windows if longest in burns]
    turns = [
        (burn, did)
        for burn in told
        if (did := spent.get((burn.window, account))) is not None and not did.unpriced_tokens
    ]
    scopes = {pool.partition(":")[2] for pool in pools if is_scoped(pool)}
    for scope in sorted(scopes.union(SCOPES)):
        if any(scope in model for _, did in turns for model, _ in did.by_model):
            yield _scoped(account, longest, scope, turns)
    yield from _beside(account, longest, turns, spent, providers)


def _per_shorter(
    account: str, longest: str, pool: str, windows: Sequence[Mapping[str, Burn]]
) -> CouplingRow:
    pairs = [(burns[longest], burns[pool]) for burns in windows if {longest, pool} <= burns.keys()]
    moved = [Moved(longer=one.burn or 0.0, shorter=other.burn or 0.0) for one, other in pairs]
    steps = [max((RESOLUTION[pair[place].unit] for pair in pairs), default=0.0) for place in (0, 1)]
    return CouplingRow(
        account=account,
        pool=longest,
        what="longer-per-shorter",
        beside=pool,
        windows=len(pairs),
        ratio=longer_per_shorter(moved, longer_step=steps[0], shorter_step=steps[1]),
    )


def _scoped(
    account: str, longest: str, scope: str, turns: Sequence[tuple[Burn, Spent]]
) -> CouplingRow:
    windows = []
    for burn, did in turns:
        own = sum(usd for model, usd in did.by_model if scope in model)
        windows.append(Scoped(burn=burn.burn or 0.0, scoped_usd=own, other_usd=did.usd - own))
    return CouplingRow(
        account=account,
        pool=longest,
        what="scoped-over-other",
        beside=scope,
        windows=len(windows),
        ratio=scoped_over_other(windows),
    )


def _beside(
    account: str,
    longest: str,
    turns: Sequence[tuple[Burn, Spent]],
    spent: Mapping[tuple[str, str], Spent],
    providers: Mapping[str, str],
) -> Iterator[CouplingRow]:
    """Set windows in which another provider was worked, too, against those without it."""
    others = sorted({*providers.values()} - {providers.get(account, "")})
    worked = {(window, providers.get(one)) for (window, one), did in spent.items() if did.usd > 0}
    for provider in others:
        windows = [
            Beside(
                burn=max(0.0, burn.burn or 0.0),
                usd=did.usd,
                is_beside=(burn.window, provider) in worked,
            )
            for burn, did in turns
        ]
        if any(one.is_beside for one in windows):
            yield CouplingRow(
                account=account,
                pool=longest,
                what="beside-over-alone",
                beside=provider,
                windows=len(windows),
                ratio=beside_over_alone(windows),
            )
