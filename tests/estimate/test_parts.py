"""Several methodologies in one window: nothing of it counts twice, and nothing is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.burn import Tolerances
from portfolio.estimate.observations import Observation, WindowWork, by_part, observe
from portfolio.estimate.rows import rows_of
from portfolio.estimate.shares import Shares, shares_of
from portfolio.model import AccountSpan, Methodology, Step, WindowPart
from tests.estimate.builders import point, window

ACCOUNTS = ("claude-a", "claude-b", "codex-a", "glm-a")
PARTS = (
    WindowPart(methodology="relay", features=("C",)),
    WindowPart(methodology="solo", features=("A", "B")),
)
STEPS = {"solo": {"claude-a"}, "relay": {"claude-b", "codex-a"}}
WORK = WindowWork(attempted=("A", "B", "C", "D"), shipped=("A", "C", "D"), reworked=("B",))


def observed(parts: tuple[WindowPart, ...] = PARTS, work: WindowWork = WORK) -> list[Observation]:
    readings = [
        point(hour, 10 + hour * (place + 1), 90, account=account)
        for hour in (0, 5)
        for place, account in enumerate(ACCOUNTS)
    ]
    steps = {
        name: tuple(Step(step="BUILD", model="m", account=one) for one in sorted(accounts))
        for name, accounts in STEPS.items()
    }
    return observe(
        [replace(window(methodology="relay+solo"), parts=parts)],
        readings,
        given=[],
        methodologies=[Methodology(methodology=name, steps=own) for name, own in steps.items()],
        work={"W0-001": work},
        tolerances=Tolerances(),
    )


def shares(seen: list[Observation]) -> Shares:
    spans = [
        AccountSpan(
            account=account,
            span=0,
            provider=account.partition("-")[0],
            plan=None,
            since=None,
            until=None,
            folder=None,
        )
        for account in ACCOUNTS
    ]
    return shares_of(
        seen, spans=spans, plan_of=lambda _: None, caps=[], priced_at=seen[0].window.end_at
    )


def test_each_part_has_its_accounts_and_its_features_and_the_rest_stands_by_itself() -> None:
    seen = [
        (one.window.methodology, one.accounts, one.work.shipped, one.work.attempted)
        for one in observed()
    ]

    assert seen == [
        ("relay", ("claude-b", "codex-a"), ("C",), ("C",)),
        ("solo", ("claude-a",), ("A",), ("A", "B")),
        (None, ("glm-a",), (), ()),
        (None, (), ("D",), ("D",)),
    ]


@given(
    named=st.lists(st.sampled_from("ABCDE"), unique=True).map(sorted),
    split=st.integers(0, 5),
    steps=st.dictionaries(
        st.sampled_from(["solo", "relay"]), st.sets(st.sampled_from(ACCOUNTS)), max_size=2
    ),
)
def test_the_parts_of_a_window_add_up_to_it_and_share_nothing(
    named: list[str], split: int, steps: dict[str, set[str]]
) -> None:
    whole = observed(())[0]
    parts = (
        WindowPart(methodology="relay", features=tuple(named[:split])),
        WindowPart(methodology="solo", features=tuple(named[split:])),
    )

    found = by_part(replace(whole, window=replace(whole.window, parts=parts)), steps)

    assert Counter(burn for one in found for burn in one.burns) == Counter(whole.burns)
    assert Counter(name for one in found for name in one.accounts) == Counter(whole.accounts)
    for part in ("shipped", "attempted", "reworked"):
        items = Counter(item for one in found for item in getattr(one.work, part))
        assert items == Counter(getattr(whole.work, part))
    assert sum(burn.burn or 0 for one in found for burn in one.burns) == sum(
        burn.burn or 0 for burn in whole.burns
    )


def test_the_row_of_an_account_has_the_features_of_its_part_and_the_same_burn() -> None:
    apart = {share.account: share for share in shares(observed()).measured}
    whole = {share.account: share for share in shares(observed(())).measured}

    assert {name: one.burn for name, one in apart.items()} == {
        name: one.burn for name, one in whole.items()
    }
    assert apart["claude-a"].observation.work.shipped == ("A",)


def test_a_provider_whose_accounts_were_in_two_parts_has_one_window_with_the_features_of_both() -> (
    None
):
    found = [replace(share, usd_per_unit=1.0) for share in shares(observed()).measured]

    rows = rows_of(
        found,
        by="provider",
        zone=UTC,
        rng_for=lambda _: np.random.default_rng(7),
        until=datetime(2027, 1, 1, tzinfo=UTC),
    )

    claude = next(row for row in rows if row.provider == "claude")
    assert (claude.windows, claude.features_shipped, claude.features_attempted) == (1, 2, 3)
    assert claude.burn == 5 + 10


def test_a_row_says_how_many_of_its_windows_have_a_guessed_methodology() -> None:
    seen = observed(())
    guess = [replace(one, window=replace(one.window, is_guess=True)) for one in seen]

    rows = rows_of(
        [*shares(guess).measured],
        by="account",
        zone=UTC,
        rng_for=lambda _: np.random.default_rng(7),
        until=datetime(2027, 1, 1, tzinfo=UTC),
    )

    assert {row.guessed for row in rows} == {1}
