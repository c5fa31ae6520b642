"""How good the work of an account or a methodology was."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.estimate.interval import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityRow:
    """The finished features of one account, one methodology, or all."""

    account: str | None
    methodology: str | None  # with the account null too: all features
    features: int
    features_shipped: int
    success: Interval  # shipped of all finished
    first_pass: Interval  # here and below: of what reached the default branch
    rework: Interval
    revert: Interval
    bugs_per_feature: Interval
    median_hours_to_ship: float | None  # from the first turn; null where no turn is known
    api_usd_per_feature: float | None
    """At API prices, what failed and was redone included; null where a feature has no turns."""
    features_without_turns: int
    is_below_floor: bool | None  # by the lower bound of success; null: nothing is finished
