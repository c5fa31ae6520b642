"""Two arms, and the finished items by what may be compared of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from portfolio.commands.assigning import Assignment
from portfolio.commands.attempts import MAINLY, Finished
from portfolio.errors import SameArmError, UnknownNameError
from portfolio.estimate.attempts import Attempt
from portfolio.estimate.proposals import plain_model
from portfolio.estimate.size_cues import Size
from portfolio.race.arm import arm_of, by_level
from portfolio.race.draw import weight
from portfolio.report.answers.comparing import ArmKind, LeftOut, Reason

if TYPE_CHECKING:
    from portfolio.commands.reporting import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """The two arms that are asked for, and how much of an item is of which."""

    kind: ArmKind
    names: tuple[str, str]

    def level(self, arm: str) -> str:
        """Give what an arm of the race is of what is compared: its account, its methodology."""
        if self.kind == "account":
            return arm_of(arm).account
        return arm_of(arm).methodology if self.kind == "methodology" else arm

    def shares(self, done: Finished) -> tuple[float, float]:
        """Give the shares of an item that each arm did; 0 and 0 where neither did any."""
        if self.kind == "arm":
            found = [
                arms.shares(done)[0]
                * (not arm.methodology or {arm.methodology} == done.methodologies)
                for arm in map(arm_of, self.names)
                for arms in [Arms(kind="account", names=(arm.account, ""))]
            ]
            return found[0], found[1]
        if self.kind == "methodology":
            under = [float(name in done.methodologies) for name in self.names]
            every = max(1, len(done.methodologies))
            return under[0] / every, under[1] / every
        usd = [0.0, 0.0]
        for (account, model), amount in done.took.usd.items():
            for place, name in enumerate(self.names):
                is_own = account == name if self.kind == "account" else is_model(name, model)
                usd[place] += amount * is_own
        whole = done.took.whole_usd
        return (usd[0] / whole, usd[1] / whole) if whole > 0 else (0.0, 0.0)


def is_model(asked: str, model: str) -> bool:
    """Tell whether a model is the one that is asked for, by its name or a part of it.

    >>> is_model("opus", "claude-opus-5"), is_model("opus-4.8", "claude-opus-4-8")
    (True, True)
    """
    return bool(asked) and plain_model(asked) in plain_model(model)


def arms_of(
    names: tuple[str, str],
    facts: Facts,
    done: Sequence[Finished],
    assigned: Sequence[Assignment],
    *,
    defined: set[str],
) -> Arms:
    """Find what two names are of: accounts, else methodologies, else arms, else models.

    Args:
        names: As asked for.
        facts: With the accounts, and the windows by methodology.
        done: Finished items, by whose models a model is known.
        assigned: All assignments, by which the arms of the race are known.
        defined: Methodologies, whether or not anything was done by them.

    Raises:
        UnknownNameError: There is no such arm, or none of both kinds.
        SameArmError: Both names are one, or of one model.
    """
    if names[0] == names[1]:
        raise SameArmError(names[0])
    accounts = {span.account for span in facts.spans}
    logged = {window.methodology for window in facts.work.windows if window.methodology}
    methodologies = logged | defined
    drawn = {name for one in assigned for name in one.eligible}
    models = {model for one in done for _, model in one.took.usd}
    known: list[tuple[ArmKind, Callable[[str], bool]]] = [
        ("account", accounts.__contains__),
        ("methodology", methodologies.__contains__),
        ("arm", drawn.__contains__),
        ("model", lambda name: any(is_model(name, model) for model in models)),
    ]
    for kind, has in known:
        if all(map(has, names)):
            both = (one for one in models if all(is_model(name, one) for name in names))
            if kind == "model" and (same := next(both, None)):
                raise SameArmError(same)
            return Arms(kind=kind, names=names)
    arms = sorted(accounts | methodologies | drawn | models)
    unknown = next((name for name in names if not any(has(name) for _, has in known)), names[1])
    raise UnknownNameError("arm", unknown, known=arms)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedOut:
    """The finished items by what may be compared."""

    attempts: Sequence[Attempt]  # of one arm, what they took known
    left_out: tuple[LeftOut, ...]

    @property
    def sized(self) -> list[Attempt]:
        """Give those whose size was fixed before the work."""
        return [one for one in self.attempts if one.size is not None]

    @classmethod
    def of(cls, done: Sequence[Finished], arms: Arms) -> SortedOut:
        """Sort out the items that either arm had a part in."""
        attempts: list[Attempt] = []
        left: Counter[tuple[Reason, int]] = Counter()
        for one in done:
            shares = arms.shares(one)
            on = [place for place in (0, 1) if shares[place] > 0]
            if not on:
                continue
            main = next((place for place in on if shares[place] >= MAINLY), None)
            is_known = one.took.is_known and one.took.whole_usd > 0
            if main is None or not is_known:
                reason: Reason = "both-arms" if main is None else "not-metered"
                left.update((reason, place) for place in on)
                continue
            left["no-size", main] += one.size is None
            attempts.append(_attempt(one, is_first=main == 0, size=one.size))
        return cls(
            attempts=attempts,
            left_out=tuple(
                LeftOut(reason=reason, counts=(left[reason, 0], left[reason, 1]))
                for reason in get_args(Reason)
                if left[reason, 0] + left[reason, 1]
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnItems:
    """What chance assigned to either of two arms, and how it was kept to."""

    attempts: Sequence[Attempt]  # on the arm that was drawn, wherever it was done
    adhered: int  # those done mainly there
    not_known: tuple[int, int]  # by arm: what they took is not known

    @classmethod
    def of(cls, done: Sequence[Finished], arms: Arms, assigned: Sequence[Assignment]) -> DrawnItems:
        """Sort out the items that either arm was drawn for while both could have been."""
        if arms.kind == "model":
            return cls(attempts=(), adhered=0, not_known=(0, 0))
        draws = {
            one.item: one
            for one in reversed(assigned)
            if one.how == "drawn" and set(arms.names) <= {arms.level(name) for name in one.eligible}
        }
        attempts: list[Attempt] = []
        adhered, not_known = 0, [0, 0]
        for one in done:
            drawn = draws.get(one.item.item)
            if drawn is None or arms.level(drawn.arm) not in arms.names:
                continue
            place = arms.names.index(arms.level(drawn.arm))
            if not one.took.is_known or one.took.whole_usd <= 0:
                not_known[place] += 1
                continue
            adhered += arms.shares(one)[place] >= MAINLY
            attempts.append(
                _attempt(
                    one,
                    is_first=place == 0,
                    size=drawn.size,
                    weighs=weight(
                        arms.names[place],
                        arms.names,
                        *by_level(drawn.eligible, drawn.probabilities, arms.level),
                    ),
                )
            )
        return cls(attempts=attempts, adhered=adhered, not_known=(not_known[0], not_known[1]))


def _attempt(one: Finished, *, is_first: bool, size: Size | None, weighs: float = 1.0) -> Attempt:
    return Attempt(
        item=one.item.item,
        is_first=is_first,
        usd=one.took.whole_usd,
        size=size,
        kind=one.item.kind,
        week=one.week,
        is_shipped=one.item.outcome == "shipped",
        weight=weighs,
    )
