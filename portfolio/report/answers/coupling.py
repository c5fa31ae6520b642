"""How pools hang together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from portfolio.estimate.interval import Interval

Coupled: TypeAlias = Literal["longer-per-shorter", "scoped-over-other", "beside-over-alone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplingRow:
    """One way in which a pool's burn may hang on something else."""

    account: str
    pool: str  # whose burn it is
    what: Coupled
    beside: str  # the shorter pool, the scope, or the other provider
    windows: int  # that could tell
    ratio: Interval
