"""Which login is which account: each finds its own, and what could be two is nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.logins import accounts_of, linked, new_account
from portfolio.model import AccountLogin, AccountSpan, LoginKind, LoginSighting
from tests.estimate.builders import at
from tests.estimate.test_sightings import account

HERE, WORK = "/home/u/.claude", "/home/u/work"


def seen(
    *ids: tuple[LoginKind, str], folder: str = HERE, hours: float = 0, provider: str = "claude"
) -> list[LoginSighting]:
    when = at(0) + timedelta(hours=hours)
    return [LoginSighting(provider, folder, None, kind, login, when) for kind, login in ids]


def link(name: str, kind: LoginKind, login: str) -> AccountLogin:
    return AccountLogin(name, "claude", kind, login)


def named(
    *sightings: list[LoginSighting], spans: tuple[AccountSpan, ...] = ()
) -> dict[str, set[str]]:
    """Link logins, and give the ids of each account."""
    found = linked(spans, [], [one for some in sightings for one in some])
    ids: dict[str, set[str]] = {}
    for one in found.links:
        ids.setdefault(one.account, set()).add(one.login)
    assert {one.account for one in found.accounts} <= set(ids)
    return ids


def test_a_login_makes_an_account_of_both_its_ids() -> None:
    assert named(seen(("account", "p"), ("org", "o"))) == {"claude-a": {"p", "o"}}


def test_the_same_login_named_by_one_of_its_ids_is_the_same_account() -> None:
    sightings = (
        seen(("org", "o"), folder=""),
        seen(("account", "p"), ("org", "o")),
        seen(("account", "p"), folder=WORK),
    )

    assert named(*sightings) == {"claude-a": {"p", "o"}}


def test_a_second_login_is_a_second_account() -> None:
    ids = named(seen(("account", "p"), ("org", "o")), seen(("account", "q"), ("org", "n"), hours=1))

    assert sorted(map(sorted, ids.values())) == [["n", "q"], ["o", "p"]]


def test_two_organisations_in_one_history_are_two_accounts_though_seen_at_one_moment() -> None:
    assert sorted(named(seen(("org", "o"), ("org", "n"), folder=""))) == ["claude-a", "claude-b"]


def test_one_person_in_two_organisations_is_two_accounts_that_share_an_id() -> None:
    sightings = [
        *seen(("account", "p"), ("org", "o")),
        *seen(("account", "p"), ("org", "n"), hours=1),
    ]
    found = linked([], [], sightings)

    assert accounts_of([("account", "p"), ("org", "o")], "claude", found.links) != accounts_of(
        [("account", "p"), ("org", "n")], "claude", found.links
    )
    assert len(accounts_of([("account", "p")], "claude", found.links)) == 2


def test_a_login_whose_other_id_comes_later_stays_one_account() -> None:
    known = [link("claude-a", "org", "o")]
    found = linked([account("claude-a")], known, seen(("account", "p"), ("org", "o")))

    assert (found.links, found.accounts) == ([link("claude-a", "account", "p")], [])


def test_two_accounts_that_prove_to_be_one_login_are_told_apart_no_more() -> None:
    known = [link("claude-a", "org", "o"), link("claude-b", "account", "p")]
    spans = [account("claude-a"), account("claude-b")]
    found = linked(spans, known, seen(("account", "p"), ("org", "o")))

    assert found.links == [link("claude-a", "account", "p")]
    assert found.unlinked == [link("claude-b", "account", "p")]


def test_the_users_only_account_takes_the_only_login_on() -> None:
    assert named(seen(("account", "p")), spans=(account("mine"),)) == {"mine": {"p"}}


def test_of_two_logins_and_one_account_of_the_users_nobody_knows_which() -> None:
    sightings = [*seen(("account", "p")), *seen(("org", "o"), folder="")]
    found = linked([account("mine")], [], sightings)

    assert (found.links, found.accounts) == ([], [])
    assert sorted(found.unclear) == [("claude", ""), ("claude", HERE)]


def test_a_login_in_the_folder_tied_to_an_account_is_that_account() -> None:
    spans = (account("mine", folder=HERE), account("other", folder=WORK))
    ids = named(seen(("account", "q"), folder=WORK), seen(("account", "p")), spans=spans)

    assert ids == {"mine": {"p"}, "other": {"q"}}


def test_a_login_in_another_folder_than_the_tied_one_is_another_account() -> None:
    ids = named(seen(("account", "q"), folder=WORK), spans=(account("mine", folder=HERE),))

    assert ids == {"claude-a": {"q"}}


def test_what_the_user_said_of_a_capture_tells_whose_login_it_is() -> None:
    spans = [account("mine"), account("other")]
    said = [link("other", "named", "p")]
    found = linked(spans, said, seen(("account", "p"), ("org", "o")))

    assert {one.account for one in found.links} == {"other"}
    assert found.unclear == []


def test_the_login_of_a_capture_alone_leaves_an_account_free_for_its_login() -> None:
    said = [link("mine", "named", "an-address")]
    found = linked([account("mine")], said, seen(("account", "p")))

    assert found.links == [link("mine", "account", "p")]


def test_an_account_of_another_provider_takes_nothing_on() -> None:
    ids = named(seen(("account", "p")), spans=(account("claude-a", provider="glm"),))

    assert ids == {"claude-b": {"p"}}


def test_a_closed_account_takes_nothing_on() -> None:
    closed = replace(account("mine"), until=at(5))

    assert named(seen(("account", "p")), spans=(closed,)) == {"claude-a": {"p"}}


IDS = st.tuples(st.sampled_from(["p", "q", "r"]), st.sampled_from(["l", "m", "n"]))


def ids_of(person: str, org: str, how: str) -> list[tuple[LoginKind, str]]:
    ids: list[tuple[LoginKind, str]] = [("account", person), ("org", org)]
    return [one for one in ids if how in ("both", one[0])]


@given(st.lists(st.tuples(IDS, st.sampled_from(["both", "account", "org"])), max_size=8))
def test_two_logins_are_never_one_account_and_linking_again_changes_nothing(
    logins: list[tuple[tuple[str, str], str]],
) -> None:
    sightings = [
        one
        for number, ((person, org), how) in enumerate(logins)
        for one in seen(*ids_of(person, org, how), hours=number)
    ]
    found = linked([], [], sightings)

    whole = {ids for ids, how in logins if how == "both"}
    owners = {
        ids: accounts_of([("account", ids[0]), ("org", ids[1])], "claude", found.links)
        for ids in whole
    }
    assert all(len(names) == 1 for names in owners.values())
    assert len({names.copy().pop() for names in owners.values()}) == len(whole)
    again = linked(found.accounts, found.links, sightings)
    assert (again.links, again.unlinked, again.accounts) == ([], [], [])


@pytest.mark.parametrize(("taken", "name"), [(0, "glm-a"), (1, "glm-b"), (26, "glm-aa")])
def test_a_new_account_bears_the_next_name(taken: int, name: str) -> None:
    spans: list[AccountSpan] = []
    for _ in range(taken):
        spans.append(new_account("glm", spans))

    made = new_account("glm", spans)

    assert (made.account, made.plan, made.since, made.until) == (name, None, None, None)
