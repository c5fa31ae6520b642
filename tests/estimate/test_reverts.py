from __future__ import annotations

from portfolio.estimate.reverts import by_hash, taken_back
from portfolio.model import Landing, RequestRevert
from tests.estimate.builders import at


def landing(commit: str, title: str, request: str | None, hours: float) -> Landing:
    return Landing(
        repository="api",
        commit=commit,
        title=title,
        request=request,
        branch=None,
        change_type=None,
        is_merge=False,
        author="A <a@b>",
        at=at(hours),
        authors=(),
        branches=(),
        change_types=(),
        worked_at=at(hours),
    )


def standing(*reverts: tuple[str, str, float], landings: list[Landing]) -> set[str]:
    told = [RequestRevert("api", commit, named, at(hours)) for commit, named, hours in reverts]
    gone = taken_back(by_hash(told, landings))
    return {one.commit for one in landings if ("api", one.commit) not in gone}


LOGIN = landing("c12", "Login", "12", 1)


def test_a_number_takes_back_what_it_names() -> None:
    assert standing(("r", "#12", 2), landings=[LOGIN]) == set()
    assert standing(("r", "#13", 2), landings=[LOGIN]) == {"c12"}


def test_a_title_takes_back_the_newest_that_had_landed_by_then() -> None:
    both = [LOGIN, landing("c20", "Login", "20", 3), landing("c30", "Login", "30", 9)]

    assert standing(("r", '#"Login', 5), landings=both) == {"c12", "c30"}


def test_a_revert_of_the_revert_by_number_gives_it_again() -> None:
    undo = landing("c13", 'Revert "Login"', "13", 2)

    found = standing(("c13", "#12", 2), ("c14", "#13", 3), landings=[LOGIN, undo])

    assert "c12" in found


def test_what_was_taken_back_by_number_is_given_again_by_title_and_the_other_way_round() -> None:
    assert standing(("c13", "#12", 2), ("c14", '!#"Login', 3), landings=[LOGIN]) == {"c12"}
    assert standing(("c13", '#"Login', 2), ("c14", "!#12", 3), landings=[LOGIN]) == {"c12"}


def test_what_is_taken_back_once_more_stays_back() -> None:
    told = [("c13", "#12", 2), ("c14", "!#12", 3), ("c15", "#12", 4)]

    assert standing(*told, landings=[LOGIN]) == set()


def test_a_request_of_another_repository_is_another_one() -> None:
    other = LOGIN._replace(repository="web", commit="w12")

    found = by_hash([RequestRevert("api", "r", "#12", at(2))], [LOGIN, other])

    assert [(one.repository, one.reverted) for one in found] == [("api", "c12")]
