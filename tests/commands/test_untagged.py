"""What was merged in made repositories without tags is found, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.repositories import everything
from benchmarks.repositories.everything import MAKERS, cloned, made
from benchmarks.repositories.looking import SOON, Looker
from benchmarks.repositories.making import Made, Marks, TrueItem
from portfolio.report.answers.work import FeatureLine
from portfolio.settings import Home, write_once
from portfolio.store.opening import opened

Told = list[tuple[str, str, str]]
ALSO_BY_TRAILER = ("squashed, bullets", "rebased", "local merges")
ALSO_CHANGED = (
    "squashed, blank",
    "squashed by hand",
    "merge commits",
    "rebased",
    "reverted",
    "bots",
    "mates",
    "local merges",
)


def named(names: Iterable[str]) -> list[object]:
    """Give parameters by their names."""
    return [pytest.param(one, id=one) for one in names]


EVERY = pytest.mark.parametrize("name", named(MAKERS))
EVERY_MARKED = pytest.mark.parametrize("name", MAKERS)


@contextmanager
def looking(folder: Path) -> Iterator[Looker]:
    """Give a new home, with its store open."""
    home = Home(folder / "home")
    write_once(home)
    with opened(home.store_path) as database:
        yield Looker(database, home)


@dataclass(frozen=True)
class Seen:
    """Made repositories, and what the program makes of all of them at once."""

    made: dict[str, Made]
    looker: Looker

    def of(self, name: str) -> list[FeatureLine]:
        """Give the items of one repository that were merged."""
        one = self.made[name]
        named = {item.item for item in one.items} | {item.mark for item in one.items}
        lines = self.looker.merged()
        return [line for line in lines if line.feature in named or _is_named(line, one.name)]


def _is_named(line: FeatureLine, name: str) -> bool:
    return line.feature.startswith((f"{name}.", f"{name.upper()}-"))


def true(items: Iterable[TrueItem]) -> Told:
    """Give what is true of items; one that has no id is known by its title."""
    return sorted((one.item or one.title, one.kind, one.outcome) for one in items)


def told(lines: Iterable[FeatureLine], items: Iterable[TrueItem]) -> Told:
    """Give what was found; what has another id than it should is told by its title."""
    ids = {one.item for one in items}
    return sorted(
        (line.feature if line.feature in ids else line.title, line.kind, line.outcome)
        for line in lines
    )


def compared(looker: Looker) -> Told:
    return sorted((line.feature, line.kind, line.outcome) for line in looker.items())


def alone(one: Made) -> list[TrueItem]:
    """Give what is true of a repository that has no branch but main."""
    return [item.without_branch() for item in one.items if item.alone != "nothing"]


@pytest.fixture(scope="module")
def untagged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("none")
    with looking(folder) as looker:
        found = Seen({name: made(name, folder) for name in MAKERS}, looker)
        looker.sync(*(one.folder for one in found.made.values()))
        yield found


@EVERY
def test_what_was_merged_is_found(untagged: Seen, name: str) -> None:
    one = untagged.made[name]

    assert told(untagged.of(name), one.items) == true(one.items)


def test_nothing_is_invented(untagged: Seen) -> None:
    lines = untagged.looker.items()

    assert [line.outcome for line in lines if line.outcome not in ("shipped", "reverted")] == []
    assert len(lines) == sum(len(one.items) for one in untagged.made.values())


def test_what_shipped_is_provisional_for_two_weeks(untagged: Seen) -> None:
    def shipped(days: int) -> set[bool]:
        lines = untagged.looker.items(now=SOON + timedelta(days=days))
        return {line.provisional for line in lines if line.outcome == "shipped"}

    assert (shipped(0), shipped(12), shipped(15)) == ({True}, {True}, {False})


def test_a_second_look_finds_nothing_new(untagged: Seen) -> None:
    before = untagged.looker.items()

    assert untagged.looker.sync().commits_added == 0
    assert untagged.looker.items() == before


def test_two_clones_of_a_project_are_one(untagged: Seen, tmp_path: Path) -> None:
    one = untagged.made["merge commits"]
    with looking(tmp_path) as looker:
        looker.sync(one.folder, cloned(one, tmp_path / "once"), cloned(one, tmp_path / "twice"))

        assert told(looker.items(), one.items) == true(one.items)


@pytest.fixture(scope="module")
def clones(untagged: Seen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Give clones, of which the branches were deleted at their origin before."""
    folder = tmp_path_factory.mktemp("clones")
    with looking(folder) as looker:
        looker.sync(*(cloned(one, folder) for one in untagged.made.values()))
        yield Seen(untagged.made, looker)


@EVERY
def test_a_clone_without_the_branches_tells_what_main_says(clones: Seen, name: str) -> None:
    one = clones.made[name]

    assert told(clones.of(name), one.items) == true(alone(one))


@pytest.mark.parametrize("depth", named(("depth 1", "depth 3")))
def test_a_shallow_clone_tells_nothing_that_is_not_so(
    untagged: Seen, tmp_path: Path, depth: str
) -> None:
    every = [untagged.made[name] for name in ALSO_CHANGED]
    with looking(tmp_path) as looker:
        looker.sync(*(cloned(one, tmp_path, f"--{depth.replace(' ', '=')}") for one in every))

        # What was taken back before the cut, and brought back after it, is not seen whole; and
        # a kind may be unknown.
        items = [item for one in every for item in alone(one)]
        said = {line[:2] for line in true(items)}
        so = said | {(item, "change") for item, _ in said}
        assert {line[:2] for line in told(looker.items(), items)} <= so


@pytest.mark.parametrize("change", named(everything.CHANGES))
def test_what_was_taken_in_stays(untagged: Seen, tmp_path: Path, change: str) -> None:
    every = [untagged.made[name] for name in ALSO_CHANGED]
    with looking(tmp_path) as looker:
        for one in every:
            shutil.copytree(one.folder, tmp_path / one.name)
        looker.sync(*(tmp_path / one.name for one in every))
        before = compared(looker)

        for one in every:
            everything.CHANGES[change](tmp_path / one.name, one)
        problems = looker.sync().problems

        assert (compared(looker), problems) == (before, ())


def _marked(marks: Marks, names: Iterable[str], folder: Path) -> Iterator[Seen]:
    with looking(folder) as looker:
        found = Seen({name: made(name, folder, marks=marks) for name in names}, looker)
        looker.sync(*(one.folder for one in found.made.values()))
        yield found


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    yield from _marked("tag", MAKERS, tmp_path_factory.mktemp("tag"))


@pytest.fixture(scope="module")
def trailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    yield from _marked("trailer", ALSO_BY_TRAILER, tmp_path_factory.mktemp("trailer"))


def assert_same_count(seen: Seen, name: str) -> None:
    items, lines = seen.made[name].items, seen.of(name)
    ids = {item.item for item in items} | {item.mark for item in items}

    assert sorted(line.outcome for line in lines) == sorted(item.outcome for item in items)
    assert {line.feature for line in lines} <= ids


@EVERY_MARKED
def test_with_tags_it_is_the_same_count(tagged: Seen, name: str) -> None:
    assert_same_count(tagged, name)


@pytest.mark.parametrize("name", ALSO_BY_TRAILER)
def test_with_trailers_it_is_the_same_count(trailed: Seen, name: str) -> None:
    assert_same_count(trailed, name)
