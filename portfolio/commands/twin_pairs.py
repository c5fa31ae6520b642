"""Twins beside what they are twins of, as pairs that may be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio.commands.arms import Arms
from portfolio.commands.attempts import MAINLY, Finished
from portfolio.estimate.pairs import Pair, Side, compare_pairs
from portfolio.estimate.telling_apart import PAIR_SPREAD, moderated_spread, twins_to_tell
from portfolio.estimate.two_arms import excludes_one
from portfolio.report.answers.comparing import Estimate

if TYPE_CHECKING:
    from portfolio.store.twins import Twin


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinPairs:
    """The pairs of two arms, and those that are none."""

    pairs: Sequence[Pair]
    attended: int  # an item that was done in talk with the user, beside a twin that was not
    not_known: tuple[int, int]  # by arm: runs whose spend is not known

    @classmethod
    def of(cls, every: Iterable[Finished], arms: Arms, twins: Sequence[Twin]) -> TwinPairs:
        """Pair the runs of each item: its twins on both arms, else a twin and the item itself."""
        of_twin = {one.twin: one for one in twins}
        attended = {one.item for one in twins if one.prompts is not None and one.prompts > 1}
        runs: dict[str, dict[Side, Finished]] = defaultdict(dict)
        own: dict[str, tuple[Side, Finished]] = {}
        unknown = [0, 0]
        for one in every:
            twin = of_twin.get(one.item.item)
            side = _side(arms, one)
            is_twinned = any(other.item == one.item.item for other in twins)
            if side is None or (twin is None and not is_twinned):
                continue
            if not one.took.is_known or one.took.whole_usd <= 0:
                unknown[side] += 1
            elif twin is not None:
                runs[twin.item][side] = one
            else:
                own[one.item.item] = side, one
        pairs: list[Pair] = []
        talked = 0
        for item, twinned in sorted(runs.items()):
            chosen = _beside(twinned, own.get(item))
            if chosen is not None and item in attended:
                talked += 1
                continue
            both = twinned if chosen is None else twinned | {chosen: own[item][1]}
            if len(both) == 2:
                pairs.append(_pair(item, (both[0], both[1]), chosen))
        return cls(pairs=pairs, attended=talked, not_known=(unknown[0], unknown[1]))


def _side(arms: Arms, one: Finished) -> Side | None:
    """Give the arm that did mainly all of a run; None where neither did."""
    first, second = arms.shares(one)
    return 0 if first >= MAINLY else 1 if second >= MAINLY else None


def _beside(twinned: dict[Side, Finished], own: tuple[Side, Finished] | None) -> Side | None:
    """Give the arm on which the item itself stands in for a twin; None where it does not."""
    return own[0] if own is not None and own[0] not in twinned else None


def _pair(item: str, runs: tuple[Finished, Finished], chosen: Side | None) -> Pair:
    return Pair(
        item=item,
        usd=(runs[0].took.whole_usd, runs[1].took.whole_usd),
        is_shipped=(runs[0].item.outcome == "shipped", runs[1].item.outcome == "shipped"),
        chosen=chosen,
    )


def twin_estimate(found: TwinPairs) -> Estimate:
    """Compare the pairs of two arms under the label `twin`."""
    compared = compare_pairs(found.pairs)
    both = len(found.pairs)
    return Estimate(
        label="twin",
        basis="pairs",
        ratio=compared.ratio,
        spend_ratio=None,
        shipped=compared.shipped,
        counts=(both, both),
        features_shipped=(
            sum(one.is_shipped[0] for one in found.pairs),
            sum(one.is_shipped[1] for one in found.pairs),
        ),
        is_told_apart=excludes_one(compared.ratio),
        tipping_point=None,
        not_known=found.not_known,
        attended=found.attended,
        only_one_shipped=compared.only_one_shipped,
        p_shipped=compared.p_shipped,
    )


def twins_missing(found: TwinPairs, times: float) -> int:
    """Count the pairs still missing to tell arms apart that differ so, by the spread so far."""
    both = sum(all(one.is_shipped) for one in found.pairs)
    seen = compare_pairs(found.pairs).spread
    spread = moderated_spread(seen, both - 1, prior=PAIR_SPREAD)
    return max(0, twins_to_tell(times, spread=spread) - both)
