"""Logins that were seen tell whose the time between is: the right account's or nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.ownership import Ownership, TurnOwners
from portfolio.estimate.sightings import Sighted
from portfolio.model import AccountSpan
from tests.estimate.builders import at

A, B, HERE = "claude-a", "claude-b", "/home/u/.claude"
HOURS = st.integers(0, 200)


def account(name: str, *, folder: str | None = None, provider: str = "claude") -> AccountSpan:
    return AccountSpan(
        account=name,
        span=0,
        provider=provider,
        plan=None,
        since=None,
        until=None,
        folder=folder,
    )


def seen(hour: float, name: str | None, *, session: str | None = None) -> Sighted:
    return Sighted("claude", HERE, session, name, moment(hour))


def moment(hour: float) -> datetime:
    return at(1) + timedelta(hours=hour)


def owner(
    hour: float,
    *sighted: Sighted,
    session: str = "s",
    folders: tuple[str | None, ...] = (None,) * 2,
) -> str | None:
    """Tell whose a turn of an hour is, with two accounts of Claude."""
    spans = [account(A, folder=folders[0]), account(B, folder=folders[1])]
    owners = TurnOwners(Ownership(spans, {}, sighted).claims())
    return owners.owner_of(model="claude-opus-5", folder=HERE, session=session, at=moment(hour))


def test_between_two_sightings_of_a_login_it_was_that_account() -> None:
    assert owner(5, seen(1, A), seen(9, A)) == A


def test_between_sightings_of_two_logins_it_was_nobodys_in_particular() -> None:
    sighted = (seen(1, A), seen(4, A), seen(9, B), seen(12, B))

    assert [owner(hour, *sighted) for hour in (2, 4, 5, 8.9, 9, 11)] == [A, None, None, None, B, B]


def test_after_the_last_sighting_it_is_that_account_until_another_is_seen() -> None:
    assert owner(99, seen(1, B), seen(2, A)) == A


def test_before_the_first_sighting_another_account_leaves_it_to_nobody() -> None:
    assert owner(0, seen(1, A)) is None
    assert owner(0, seen(1, A), seen(2, B)) is None


def test_before_the_first_sighting_a_tie_of_the_user_tells() -> None:
    assert owner(0, seen(1, A), seen(2, B), folders=(HERE, None)) == A


def elsewhere(hour: float, name: str, folder: str = "/work/.claude") -> Sighted:
    return Sighted("claude", folder, None, name, moment(hour))


def test_accounts_that_keep_to_folders_of_their_own_are_told_apart_back_to_the_beginning() -> None:
    assert owner(0, seen(1, A), elsewhere(1, B)) == A
    assert owner(0, seen(1, B), elsewhere(1, A)) == B


def test_an_account_seen_in_both_folders_leaves_the_time_before_to_nobody() -> None:
    assert owner(0, seen(1, A), elsewhere(1, B), seen(2, B)) is None
    assert owner(0, seen(1, A), elsewhere(1, B), elsewhere(2, A)) == A


def test_a_login_that_was_seen_in_no_folder_keeps_to_none() -> None:
    assert owner(0, seen(1, A), elsewhere(1, B, folder="")) is None


def test_a_folder_tied_to_an_account_is_its_own_though_it_was_seen_elsewhere_only() -> None:
    assert owner(0, elsewhere(1, A), folders=(HERE, None)) == A


def test_the_time_of_a_change_is_nobodys_though_the_folder_is_tied() -> None:
    assert owner(1.5, seen(1, A), seen(2, B), folders=(HERE, None)) is None


def test_a_login_that_is_nobodys_yet_owns_nothing_and_hides_nothing() -> None:
    sighted = (seen(1, A), seen(3, None), seen(5, A), seen(7, A))

    assert [owner(hour, *sighted) for hour in (2, 3, 4, 6)] == [None, None, None, A]


def test_a_session_with_a_sighting_of_its_own_is_told_while_the_login_changes() -> None:
    sighted = (seen(1, A, session="mine"), seen(9, B))

    assert owner(5, *sighted, session="mine") == A
    assert owner(5, *sighted, session="other") is None


def test_a_session_is_nobodys_once_another_account_was_seen_in_its_folder() -> None:
    sighted = (seen(1, A, session="mine"), seen(9, B), seen(12, B))

    assert owner(10, *sighted, session="mine") is None
    assert owner(10, *sighted, session="other") == B


def test_two_logins_at_the_same_moment_are_nobodys() -> None:
    assert owner(3, seen(1, A), seen(3, A), seen(3, B), seen(5, A)) is None


def test_another_providers_account_in_the_same_folder_has_no_part_in_it() -> None:
    spans = [account(A), account("glm-a", provider="glm")]
    owners = TurnOwners(Ownership(spans, {}, [seen(1, A)]).claims())

    def owner_of(model: str) -> str | None:
        return owners.owner_of(model=model, folder=HERE, session="s", at=moment(0))

    assert (owner_of("claude-opus-5"), owner_of("glm-5.3"), owner_of("x")) == (A, "glm-a", None)


def test_a_folder_is_its_accounts_and_the_others_are_the_account_without_one() -> None:
    owners = TurnOwners(Ownership([account(A), account(B, folder="/work")]).claims())

    def owner_in(folder: str) -> str | None:
        return owners.owner_of(model="claude-x", folder=folder, session="s", at=moment(0))

    assert (owner_in("/work"), owner_in(HERE)) == (B, A)


def test_a_login_nobody_knows_leaves_even_the_only_account_in_doubt() -> None:
    def owner_of(known: Ownership, *, login: str | None, folder: str | None) -> str | None:
        return known.owner_of(provider="claude", login=login, folder=folder, at=moment(0))

    strange = Ownership([account(A)], {("claude", "l-1"): None})

    assert owner_of(strange, login="l-1", folder=None) is None
    assert owner_of(strange, login=None, folder=HERE) is None
    assert owner_of(Ownership([account(A)]), login="l-1", folder=HERE) == A


@st.composite
def switches(draw: st.DrawFn) -> list[tuple[int, str]]:
    """Give when a folder went on which account; the first holds from the beginning."""
    hours = sorted(draw(st.sets(HOURS, max_size=6)))
    return [
        (-1000, draw(st.sampled_from([A, B]))),
        *((h, draw(st.sampled_from([A, B]))) for h in hours),
    ]


def truth(history: list[tuple[int, str]], hour: float) -> str:
    return [name for begins, name in history if begins <= hour][-1]


@given(history=switches(), looks=st.sets(HOURS), turns=st.lists(HOURS, min_size=1), data=st.data())
def test_a_turn_is_never_the_wrong_accounts(
    history: list[tuple[int, str]], looks: set[int], turns: list[int], data: st.DataObject
) -> None:
    """No change is missed (the file is looked at around each); of this session nothing is known."""
    whole = sorted(
        looks | {hour for hour, _ in history[1:]} | {hour - 1 for hour, _ in history[1:]}
    )
    sighted = [
        seen(hour, truth(history, hour), session=data.draw(st.sampled_from([None, "t", "u"])))
        for hour in whole
    ]
    tie = data.draw(st.sampled_from([None, HERE])) if truth(history, -1000) == A else None
    for hour in turns:
        found = owner(hour + 0.5, *sighted, folders=(tie, None))
        assert found in (None, truth(history, hour + 0.5))


@given(sightings=st.lists(st.tuples(HOURS, st.sampled_from("st"))), hour=HOURS)
def test_a_session_with_sightings_of_its_own_is_its_logins_or_nobodys(
    sightings: list[tuple[int, str]], hour: int
) -> None:
    """Two sessions at once in one folder, each on a login of its own for all its life."""
    logins = {"s": A, "t": B}
    sighted = [seen(when, logins[session], session=session) for when, session in sightings]

    for session in {session for _, session in sightings}:
        found = owner(hour + 0.5, *sighted, session=session)
        assert found in (None, logins[session])


def test_accounts_are_plain_where_none_could_be_another_at_any_time() -> None:
    whole, other = account(A), account("glm-a", provider="glm")
    first = replace(whole, until=moment(3))
    then = replace(whole, span=1, since=moment(3))

    assert Ownership([whole, other]).is_plain()
    assert Ownership([first, then, other]).is_plain()
    assert not Ownership([whole, account(B)]).is_plain()
    assert not Ownership([first, other]).is_plain()
    assert not Ownership([first, replace(then, since=moment(4)), other]).is_plain()
    assert not Ownership([whole], {("claude", "l-1"): None}).is_plain()
