"""Work that is started in a checkout, by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import World

NOW = "2026-11-10T12:00Z"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro")
    made.commit("Begin", "2026-11-09T09:00:00+00:00")
    made.ok("sync", "--at", NOW)
    monkeypatch.chdir(made.repository)
    return made


def on(world: World, branch: str) -> None:
    world.repo.git.checkout("-q", "-B", branch)


def noted(world: World) -> dict[str, str]:
    text = (world.repository / ".git" / "portfolio-start").read_text(encoding="utf-8")
    return dict(line.split(" ", 1) for line in text.splitlines())


@pytest.mark.parametrize(
    ("branch", "given", "item"),
    [
        ("main", "AUTH-01", "AUTH-01"),
        ("main", "412", "shop.412"),
        ("main", "#412", "shop.412"),
        ("feature/PAY-07-refund", None, "PAY-07"),
        ("fix/88-crash", None, "shop.88"),
        ("csv-export", None, "shop.csv-export"),
    ],
)
def test_an_item_is_started_by_its_id_its_number_or_its_branch(
    world: World, branch: str, given: str | None, item: str
) -> None:
    on(world, branch)

    said = world.ok("start", *([given] if given else []), "--at", NOW, "--json").document

    assert (said["item"], said["branch"], said["step"]) == (item, branch, "BUILD")
    told = noted(world)
    assert (told["item"], told["branch"], told["step"]) == (item, branch, "BUILD")


def test_a_start_opens_a_window_and_the_next_one_lies_in_it(world: World) -> None:
    first = world.ok("start", "A-1", "--at", NOW, "--json").document["window"]
    same = world.ok("start", "A-2", "--at", "2026-11-10T16:59Z", "--json").document["window"]
    later = world.ok("start", "A-3", "--at", "2026-11-10T17:00Z", "--json").document["window"]

    assert (first, same, later) == ("W0-001", "W0-001", "W0-002")


def test_the_first_size_stays(world: World) -> None:
    world.ok("start", "A-1", "--size", "S", "--at", NOW)

    again = world.ok("start", "A-1", "--size", "L", "--at", NOW)

    assert "[S]" in again.out
    assert "stays S" in again.out


def test_where_the_branch_names_no_item_one_has_to_be_named(world: World) -> None:
    done = world.run("start", "--json")

    assert (done.code, done.document["slug"]) == (1, "item-unnamed")


def test_what_cannot_be_an_item_a_step_or_a_methodology_is_told(world: World) -> None:
    for arguments, slug in [
        (["two words"], "item-unreadable"),
        (["A-1", "--step", "build"], "step-unreadable"),
        (["A-1", "--methodology", "none"], "name-unknown"),
    ]:
        done = world.run("start", *arguments, "--json")
        assert (done.code, done.document["slug"]) == (1, slug)
    assert not (world.repository / ".git" / "portfolio-start").exists()


def test_outside_a_repository_nothing_is_started(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert world.run("start", "A-1", "--json").document["slug"] == "not-a-repository"


def test_on_no_branch_an_item_is_started_without_one(world: World) -> None:
    world.repo.git.checkout("-q", "--detach")

    assert world.ok("start", "AUTH-01", "--at", NOW, "--json").document["branch"] is None
    assert "branch" not in noted(world)


def test_a_linked_checkout_has_a_start_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = world.home.parent / "beside"
    world.repo.git.worktree("add", "-q", "-b", "csv-export", str(beside))
    monkeypatch.chdir(beside)

    said = world.ok("start", "--at", NOW, "--json").document

    assert said["item"] == "shop.csv-export"
    assert not (world.repository / ".git" / "portfolio-start").exists()
    own = world.repository / ".git" / "worktrees" / "beside" / "portfolio-start"
    assert "item shop.csv-export\n" in own.read_text(encoding="utf-8")


def test_a_changed_epoch_reaches_the_windows_of_the_hook(world: World) -> None:
    settings = world.home / "portfolio.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('# epoch = ""', 'epoch = "2026-10-19T00:00:00+00:00"'), encoding="utf-8"
    )

    world.ok("sync", "--at", NOW)

    told = (world.home / "window").read_text(encoding="utf-8")
    assert told.startswith("epoch 1792368000\n")
