"""`race steps`: what single steps took on each arm, and the methodology that this makes likely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, get_args

from portfolio.commands.attempts import Finished, finished_items, methodologies_by_item, seen_of
from portfolio.commands.reporting import facts_of
from portfolio.commands.turn_items import turn_items
from portfolio.estimate.proposals import plain_model
from portfolio.estimate.starts import StartedSteps, step_started
from portfolio.estimate.turn_steps import TurnSteps
from portfolio.model import Methodology, WorkStart
from portfolio.race.step_items import Arm, Cell, StepItem
from portfolio.race.steps import Proposal, propose
from portfolio.report.answers.steps import ItemsLeftOut, LeftOutOf, StepRow, StepsAnswer
from portfolio.store import items, read

if TYPE_CHECKING:
    from portfolio.commands.reporting import Facts
    from portfolio.commands.work import Work
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


def propose_steps(
    database: Database,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    seed: int,
    now: datetime,
) -> StepsAnswer:
    """Propose the methodology that is worth drawing next, from what steps took so far."""
    import numpy as np

    facts = facts_of(
        database,
        home=home,
        settings=settings,
        catalogue=catalogue,
        since=None,
        until=None,
        now=now,
    )
    added = read.methodologies(database)
    steps = _Steps(database, facts.work, added)
    seen = seen_of(database, facts.work, now=now, points=facts.readings)
    done = finished_items(
        database, facts.work, catalogue=catalogue, now=now, steps=steps, seen=seen
    )
    since = _epoch_since(facts, done)
    done = [one for one in done if (since is None or since <= one.at) and one.at <= now]
    known, left_out = _sorted_out(done)
    found = propose(known, rng=np.random.default_rng(seed))
    name, is_added = _named(found, added) if found.status == "draw" else (None, False)
    return StepsAnswer(
        status=found.status,
        since=since,
        until=now,
        items=found.items,
        steps=_rows(found),
        cost_usd=found.cost_usd,
        saving_usd=found.saving_usd,
        saving_share=found.saving_share,
        saves=found.saves,
        cells=found.cells,
        left_out=left_out,
        methodology=name,
        is_added=is_added,
        command=None if name is None or is_added else _command(name, found.proposed),
        shared_arms=_shared(found.proposed) if name is not None else (),
    )


class _Steps:
    """Tells the step of turns: what was started, else the model and account that did it.

    Which step a model on an account does is told by the methodologies the item was worked on with.
    All that were ever added tell it only where these do not: in a new one the same arm may do
    another step, and what was done before it was added must not change its step.
    """

    def __init__(self, database: Database, work: Work, added: Sequence[Methodology]) -> None:
        known = turn_items(database, work)
        starts = [one._replace(item=known.became(one)) for one in items.starts(database)]
        self.started = StartedSteps(starts)
        self._ways: dict[str, frozenset[str]] = methodologies_by_item(work, ())
        for one in starts:
            own = {one.methodology} if one.methodology else frozenset()
            self._ways[one.item] = self._ways.get(one.item, frozenset()) | own
        self._added = added
        self._all = TurnSteps(added)
        self._own: dict[frozenset[str], TurnSteps] = {}

    def step_of(
        self, start: WorkStart | None, *, model: str, account: str | None, item: str
    ) -> str | None:
        """Give the step of turns after a start; None where nothing tells."""
        started = step_started(start, item)
        if started is not None:
            return started
        ways = self._ways.get(item, frozenset())
        if ways not in self._own:
            self._own[ways] = TurnSteps(one for one in self._added if one.methodology in ways)
        own = self._own[ways].step_of(account, model)
        return own or self._all.step_of(account, model)


def _epoch_since(facts: Facts, done: Sequence[Finished]) -> datetime | None:
    """Give when a cap of an account that did any of it changed last; None where none did."""
    accounts = {account for one in done for account, _ in one.took.usd}
    changed = ("cap-changed", "cap-detected")
    return max(
        (
            one.since
            for one in facts.told.epochs
            if one.cuts and one.kind in changed and one.account in accounts
        ),
        default=None,
    )


def _sorted_out(done: Sequence[Finished]) -> tuple[list[StepItem], tuple[ItemsLeftOut, ...]]:
    """Give the items whose steps and spend are known, and count the others."""
    known: list[StepItem] = []
    left: Counter[LeftOutOf] = Counter()
    for one in done:
        usd = {
            Cell(step, Arm(model, account)): amount
            for (step, account, model), amount in one.took.by_step.items()
            if step is not None and amount > 0
        }
        if not one.took.is_known or one.took.whole_usd <= 0:
            left["not-metered"] += 1
        elif not usd:
            left["no-step"] += 1
        else:
            known.append(_item(one, usd))
    reasons: tuple[LeftOutOf, ...] = get_args(LeftOutOf)
    return known, tuple(
        ItemsLeftOut(reason=reason, items=left[reason]) for reason in reasons if left[reason]
    )


def _item(one: Finished, usd: Mapping[Cell, float]) -> StepItem:
    return StepItem(
        item=one.item.item,
        at=one.at,
        usd=usd,
        rest_usd=sum(amount for (step, _, _), amount in one.took.by_step.items() if step is None),
        group=f"{one.item.kind} {one.size or '-'}",
        is_shipped=one.item.outcome == "shipped",
        is_feature=one.item.is_feature,
    )


def _rows(found: Proposal) -> tuple[StepRow, ...]:
    return tuple(
        StepRow(
            step=step,
            share=share,
            model=found.today[step].model,
            account=found.today[step].account,
            proposed_model=found.proposed[step].model,
            proposed_account=found.proposed[step].account,
            is_changed=step in found.changed,
            is_untried=Cell(step, found.proposed[step]) in found.untried,
        )
        for step, share in found.steps.items()
    )


def _named(found: Proposal, added: Sequence[Methodology]) -> tuple[str, bool]:
    """Name what is proposed: as the methodology that is it, else by the first name that is free."""
    for one in added:
        if _is_same(one, found.proposed):
            return one.methodology, True
    taken = {one.methodology for one in added}
    return next(name for n in count(1) if (name := f"steps-{n}") not in taken), False


def _is_same(one: Methodology, proposed: Mapping[str, Arm]) -> bool:
    return len(one.steps) == len(proposed) and all(
        (arm := proposed.get(step.step)) is not None
        and step.account == arm.account
        and plain_model(step.model) in plain_model(arm.model)
        for step in one.steps
    )


def _command(name: str, proposed: Mapping[str, Arm]) -> tuple[str, ...]:
    return (
        *("portfolio", "methodology", "add", name),
        *(f"{step}={arm}" for step, arm in proposed.items()),
    )


def _shared(proposed: Mapping[str, Arm]) -> tuple[str, ...]:
    """Give the arms of several steps: their turns tell no step by themselves."""
    return tuple(str(arm) for arm, n in sorted(Counter(proposed.values()).items()) if n > 1)
