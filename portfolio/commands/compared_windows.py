"""What two arms used and shipped in logged windows, as the report's rows count it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from portfolio.estimate.cycles import RESOLUTION
from portfolio.estimate.shares import Share
from portfolio.estimate.two_arms import Worked
from portfolio.report.answers.comparing import ArmKind


def worked_in_windows(
    kind: ArmKind, names: tuple[str, str], shares: Sequence[Share], *, zone: tzinfo
) -> tuple[Worked, Worked] | None:
    """Give both arms over their logged windows; None where one has none that is known in dollars.

    A window tells of no model, as its burn is that of all models together. An arm is compared by
    the items that were drawn.
    """
    if kind in ("arm", "model"):
        return None
    arms = [_worked(_of(name, kind, shares), zone) for name in names]
    return (arms[0], arms[1]) if all(len(arm.shipped) for arm in arms) else None


def _of(name: str, kind: ArmKind, shares: Sequence[Share]) -> list[Share]:
    """Give an arm's shares, without the windows of which a part is not known."""
    own = [
        share
        for share in shares
        if name == (share.account if kind == "account" else share.observation.window.methodology)
    ]
    broken = {
        share.observation.window.window
        for share in own
        if share.burn_usd is None or (kind == "methodology" and share.unmeasured)
    }
    return [share for share in own if share.observation.window.window not in broken]


def _worked(shares: Sequence[Share], zone: tzinfo) -> Worked:
    burn: dict[str, float] = {}
    shipped: dict[str, set[str]] = {}
    days: dict[str, int] = {}
    for share in shares:
        window = share.observation.window
        burn[window.window] = burn.get(window.window, 0.0) + (share.burn_usd or 0.0)
        shipped.setdefault(window.window, set()).update(share.observation.work.shipped)
        days[window.window] = window.start_at.astimezone(zone).toordinal()
    steps = [RESOLUTION[share.unit] * (share.usd_per_unit or 0.0) for share in shares]
    return Worked(
        shipped=[float(len(shipped[name])) for name in burn],
        burn_usd=list(burn.values()),
        days=[days[name] for name in burn],
        step_usd=max(steps, default=0.0),
    )
