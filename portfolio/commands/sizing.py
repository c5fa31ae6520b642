"""Sizes of work items: which one rules for each, and how large one will be before the work on it.

What an item cost is known where this machine holds all its turns and knows their prices.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.commands.item_texts import issues_of, prompts_of
from portfolio.commands.item_turns import ItemTurns, by_item
from portfolio.commands.placed_turns import placed_turns
from portfolio.commands.work import naming_of
from portfolio.estimate.branch_items import ItemKind, item_of_branch, kind_of_branch
from portfolio.estimate.class_weights import ClassWeights, learned_weights
from portfolio.estimate.merged import Naming
from portfolio.estimate.size import (
    FEWEST_FOR_HISTORY,
    Prediction,
    SizedItem,
    predict,
    size_at,
    sizes_left_out,
    terciles,
)
from portfolio.estimate.size_cues import SIZES, Cues, Size, prefix_of
from portfolio.estimate.size_ruling import RulingSize, SizeBasis, SizeRecord, ruling_size
from portfolio.report.answers.work import SizesLine
from portfolio.store import items

if TYPE_CHECKING:
    from parsers.records import TextCues
    from portfolio.commands.placed_turns import PlacedTurns
    from portfolio.commands.work import Work
    from portfolio.estimate.work import WorkItem
    from portfolio.store.opening import Database

ENDED: Final = frozenset({"shipped", "reverted"})  # what failed was given up at any point
SCOPE: Final = re.compile(r"[A-Za-z]+\(([^()]{1,64})\)!?: ")
SIZE_OF: Final[dict[str, Size]] = {size: size for size in SIZES}
BASIS_OF: Final[dict[str, SizeBasis]] = {"said": "said", "predicted": "predicted"}


class Finished(NamedTuple):
    """One's own item that is done."""

    item: str
    at: datetime  # UTC
    sized: SizedItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that was worked on up to a moment."""

    items: Mapping[str, WorkItem]
    turns: Mapping[str, ItemTurns]
    naming: Naming
    texts: Mapping[str, TextCues] = field(default_factory=dict)
    """Of items, by id: of their issue, else of what their first session was asked for first."""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of items, by id: of their issue."""

    def began_at(self, name: str) -> datetime | None:
        """Give when work on an item began: its first turn or commit; None: none is seen."""
        turns, item = self.turns.get(name), self.items.get(name)
        moments = [turns.first_at] if turns else []
        moments += [event.at for event in item.events] if item else []
        moments += [one.worked_at for one in item.merges] if item else []
        return min(moments, default=None)

    def cost_usd(self, name: str) -> float | None:
        """Give what an item cost at API prices; None where that is not known."""
        turns = self.turns.get(name)
        usd = sum(turns.usd.values()) if turns and turns.is_priced else 0.0
        return usd if usd > 0 else None


def past_of(database: Database, work: Work, *, until: datetime) -> Past:
    """Give all that was worked on up to a moment."""
    return past_in(database, work, placed_turns(database, work, until=until))


def past_in(database: Database, work: Work, placed: PlacedTurns | None) -> Past:
    """Give the same, by turns that were read already; None: there are none."""
    turns = by_item(placed)
    issues = issues_of(database)
    return Past(
        items={item.item: item for item in work.items},
        turns=turns,
        naming=naming_of(database),
        texts=prompts_of(database, turns) | {name: one.cues for name, one in issues.items()},
        labels={name: one.labels for name, one in issues.items()},
    )


def history(past: Past) -> list[Finished]:
    """Give one's own finished items with what was known of them before, as they were finished."""
    found = []
    for name, item in past.items.items():
        usd = past.cost_usd(name)
        is_done = item.outcome in ENDED and item.kind != "twin"
        if is_done and item.shipped is not None and usd is not None:
            cues = cues_of(name, past.turns[name].branch, past)
            sized = SizedItem(cues=cues, spend_usd=usd)
            found.append(Finished(name, item.shipped.at, sized))
    return sorted(found, key=lambda one: (one.at, one.item))


def cues_of(name: str, branch: str | None, past: Past) -> Cues:
    """Give what tells how large an item will be: its text, kind, family, scope and labels.

    Args:
        name: Its id.
        branch: The one its work begins on.
        past: What else is known of it.
    """
    item = past.items.get(name)
    kind: ItemKind | None = item.kind if item and item.kind != "change" else None
    scope = SCOPE.match(item.title) if item else None
    text = past.texts.get(name)
    return Cues(
        words=text.words if text else None,
        checkboxes=text.checkboxes if text else None,
        files=text.files if text else None,
        kind=kind or kind_of_branch(branch or ""),
        prefix=prefix_of(name, branch),
        scope=scope[1].strip().lower() if scope else None,
        labels=past.labels.get(name, ()),
    )


def predicted(
    name: str, branch: str | None, past: Past, done: Sequence[Finished], *, at: datetime
) -> Prediction:
    """Predict how large an item will be from what was finished before a moment."""
    return predict(cues_of(name, branch, past), [one.sized for one in done if one.at < at])


def records_of(database: Database) -> dict[str, list[SizeRecord]]:
    """Give the sizes that were recorded of each item, in the order they were."""
    found: dict[str, list[SizeRecord]] = defaultdict(list)
    for one in items.sizes(database):
        found[one.item].append(
            SizeRecord(
                size=SIZE_OF[one.size],
                basis=BASIS_OF.get(one.basis, "after-the-fact"),
                sized_at=one.at,
                predicted_usd=one.predicted_usd,
            )
        )
    return found


def as_merged(
    records: Mapping[str, Sequence[SizeRecord]], past: Past
) -> dict[str, list[SizeRecord]]:
    """Give the records by the items that became of them.

    While it is open, a branch is an item by its words, once merged by the number of its request.
    """
    merges: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for name, item in past.items.items():
        for one in item.merges:
            for branch in one.branches:
                was = item_of_branch(branch, past.naming.name(one.repository))
                if was is not None and was.item not in past.items:
                    merges[was.item].append((one.at, name))
    found: dict[str, list[SizeRecord]] = defaultdict(list)
    for name, own in records.items():
        later = sorted(merges.get(name, ()))
        for record in own:
            became = (item for at, item in later if at >= record.sized_at)
            found[next(became, name)].append(record)
    return found


def sizes_of(past: Past, records: Mapping[str, Sequence[SizeRecord]]) -> dict[str, RulingSize]:
    """Give the size that rules for each item.

    Of a finished one without: by its first prompt or issue, as one's other items tell what such
    takes; where no text of it is known, by what it cost.
    """
    found = {}
    for name, own in as_merged(records, past).items():
        ruling = ruling_size(own, first_turn_at=past.began_at(name))
        if ruling is not None:
            found[name] = ruling
    done = history(past)
    if len(done) < FEWEST_FOR_HISTORY:
        return found  # there is no usual number of dollars
    logs = {one.item: math.log(one.sized.spend_usd) for one in done}
    cuts = terciles(list(logs.values()))
    told = sizes_left_out([one.sized for one in done])
    for one, by_text in zip(done, told, strict=True):
        has_text = one.sized.cues.words is not None
        size = by_text if has_text else size_at(logs[one.item], cuts)
        basis: SizeBasis = "from-text" if has_text else "after-the-fact"
        found.setdefault(one.item, RulingSize(size=size, basis=basis, predicted_usd=None))
    return found


def weights_of(past: Past, sizes: Mapping[str, RulingSize]) -> tuple[ClassWeights, bool]:
    """Learn what the classes weigh, and tell whether from sizes that were fixed before the work.

    Those alone where there are twelve: sizes by cost lie further apart than the classes do.
    """
    spent = [(sizes[one.item], one.sized.spend_usd) for one in history(past) if one.item in sizes]
    fixed = [(size.size, usd) for size, usd in spent if size.is_good_for_verdict]
    if len(fixed) >= FEWEST_FOR_HISTORY:
        return learned_weights(fixed), True
    return learned_weights([(size.size, usd) for size, usd in spent]), len(fixed) == len(spent)


def sizes_line(past: Past, sizes: Mapping[str, RulingSize]) -> SizesLine:
    """Sum up what the classes weigh, and the features that were shipped in them."""
    weights, is_fixed = weights_of(past, sizes)
    shipped = [item for item in past.items.values() if item.is_feature]
    shipped = [item for item in shipped if item.outcome == "shipped"]
    counts = Counter(sizes[item.item].size for item in shipped if item.item in sizes)
    return SizesLine(
        S=1.0,
        M=weights.medium,
        L=weights.large,
        items=weights.items,
        is_fixed_before=is_fixed,
        score_shipped=weights.score(counts) if counts else None,
        shipped_without_size=len(shipped) - sum(counts.values()),
    )
