from __future__ import annotations

import pytest

from portfolio.estimate.authors import Own, is_bot, is_bot_branch, own_alone

ADA = "Ada Lovelace <ada@example.com>"
OWN = Own([("api", "Ada Lovelace", "ada@example.com"), ("web", "adal", "ada@work.example")])


@pytest.mark.parametrize(
    ("author", "is_one"),
    [
        ("dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", True),
        ("Renovate Bot <bot@renovateapp.com>", True),
        ("github-actions <actions@github.com>", True),
        ("semantic-release-bot <s@r.example>", True),
        ("Claude <noreply@anthropic.com>", False),
        ("copilot-swe-agent[bot] <1+Copilot@users.noreply.github.com>", False),
        ("Abbott <a@b.example>", False),
        (ADA, False),
    ],
)
def test_programs_that_work_by_themselves_are_bots_and_coding_agents_are_not(
    author: str, *, is_one: bool
) -> None:
    assert is_bot(author) is is_one


def test_branches_of_bots_are_known_by_their_name() -> None:
    assert is_bot_branch("dependabot/npm_and_yarn/x-1.2")
    assert is_bot_branch("release-please--branches--main")
    assert not is_bot_branch("feat/renovate-the-page")
    assert not is_bot_branch(None)


@pytest.mark.parametrize(
    "author",
    [
        ADA,
        "ADA LOVELACE <other@example.com>",
        "A. L. <ADA@example.com>",
        "anybody <ada@work.example>",
        "Ada <12345+Ada Lovelace@users.noreply.github.com>",
        "Claude <noreply@anthropic.com>",
    ],
)
def test_oneself_is_known_by_name_by_any_address_and_by_ones_agents(author: str) -> None:
    assert OWN.has_part("api", ["Bob <bob@example.com>", author])


def test_githubs_address_that_hides_ones_own_is_known_by_the_login() -> None:
    author = "Ada L. <7+adal@users.noreply.github.com>"

    assert OWN.has_part("web", [author])
    assert not OWN.has_part("api", [author])


def test_other_people_are_not_oneself_and_where_nobody_is_known_anyone_may_be() -> None:
    assert not OWN.has_part("api", ["Bob <bob@example.com>"])
    assert Own([]).has_part("api", ["Bob <bob@example.com>"])


def test_who_writes_a_repository_alone_is_oneself_bots_and_agents_aside() -> None:
    bot, agent = "renovate[bot] <r@x.example>", "Claude <noreply@anthropic.com>"

    assert own_alone(
        {"one": [ADA, bot, agent], "two": [ADA, "Bob <bob@example.com>"], "none": [bot]}
    ) == {"one", "none"}
