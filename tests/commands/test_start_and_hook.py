"""What the installed hook writes after `portfolio start`, and how it knows windows and names."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import git
import pytest

from portfolio.ingest import window_file
from tests.started_world import DAY, Started, ready


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    return ready(tmp_path, monkeypatch)


def test_a_started_ticket_is_a_tag_with_its_step_in_the_window_that_start_opened(
    world: Started,
) -> None:
    world.git("checkout", "-q", "-b", "feature/AUTH-01-login", at="10:00")
    world.do("start", "--step", "PLAN", at="10:00")

    first = world.say("Say how", "10:10")
    world.do("start", "--step", "BUILD", at="11:00")
    second = world.say("Do it", "11:10")

    assert first == "xfeat::AUTH-01::W0-001::PLAN Say how"
    assert second == "xfeat::AUTH-01::W0-001::BUILD Do it"
    world.do("sync", at="12:00")
    told = world.do("feature", "show", "AUTH-01", at="12:00")
    assert [(one["step"], one["window"]) for one in told["events"]] == [
        ("PLAN", "W0-001"),
        ("BUILD", "W0-001"),
    ]


def test_a_started_number_or_word_is_a_trailer_which_names_no_step(world: Started) -> None:
    world.git("checkout", "-q", "-b", "csv-export", at="10:00")
    world.do("start", "412", "--step", "PLAN", at="10:00")
    number = world.say("Say how", "10:10")
    world.do("start", "--step", "PLAN", at="10:20")
    words = world.say("Do it", "10:30")

    assert number == "Say how\n\nWork: shop.412"
    assert words == "Do it\n\nWork: shop.csv-export"
    world.do("sync", at="12:00")
    found = world.do("feature", "list", at="12:00")["features"]
    assert {one["feature"]: one["evidence"] for one in found} == {
        "shop.412": "trailer",
        "shop.csv-export": "trailer",
    }


def test_on_another_branch_that_branch_counts_and_back_again_what_was_started(
    world: Started,
) -> None:
    world.git("checkout", "-q", "-b", "csv-export", at="10:00")
    world.do("start", "AUTH-01", "--step", "PLAN", at="10:00")
    world.git("checkout", "-q", "-b", "feature/AUTH-02-logout", at="10:05")
    other = world.say("Log out", "10:10")
    world.git("checkout", "-q", "csv-export", at="10:15")
    back = world.say("Log in", "10:20")

    assert other == "xfeat::AUTH-02::W0-001::BUILD Log out"
    assert back == "xfeat::AUTH-01::W0-001::PLAN Log in"


def test_what_was_started_on_everybodys_branch_goes_along_to_the_next_one(world: Started) -> None:
    world.do("start", "AUTH-01", "--step", "SPEC", at="10:00")
    world.git("checkout", "-q", "-b", "first-try", at="10:05")
    first = world.say("Try", "10:10")
    world.git("checkout", "-q", "-b", "other-thing", at="10:15")

    assert first == "xfeat::AUTH-01::W0-001::SPEC Try"
    assert world.say("Else", "10:20") == "Else\n\nWork: shop.other-thing"


def test_a_linked_worktree_marks_what_was_started_in_it(
    world: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "beside"
    world.git("worktree", "add", "-q", "-b", "csv-export", str(beside), at="09:00")
    world.git("checkout", "-q", "-b", "pdf-export", at="09:05")
    world.do("start", "AUTH-01", "--step", "PLAN", at="10:00")
    monkeypatch.chdir(beside)
    world.do("start", "AUTH-02", "--step", "TEST", at="10:05")

    assert world.say("Here", "10:10") == "xfeat::AUTH-01::W0-001::PLAN Here"
    assert world.say("There", "10:10", beside) == "xfeat::AUTH-02::W0-001::TEST There"


# Windows


def test_a_sync_cuts_a_file_of_windows_that_has_grown(world: Started) -> None:
    path = world.home / "window"
    begin = int(datetime.fromisoformat(f"{DAY}T09:00:00+00:00").timestamp())
    lines = [f"W0-{n:03d} {begin - n * 18000} {begin - (n - 1) * 18000}\n" for n in range(1, 100)]
    with path.open("a") as file:
        file.writelines(lines)

    world.do("sync", at="12:00")

    _, known = window_file.read(str(world.home))
    assert len(known) == window_file.MOST
    assert known[-1].name == "W0-001"  # the newest stay
    assert len(path.read_text().splitlines()) == window_file.MOST + 1


def test_what_start_opens_after_a_sync_is_no_name_that_was_given(world: Started) -> None:
    names = []
    for hours in range(0, 24, 6):
        at = datetime.fromisoformat(f"{DAY}T00:00:00+00:00") + timedelta(days=1, hours=hours)
        said = world.ok("start", "AUTH-01", "--at", at.isoformat(), "--json").document
        names.append(said["window"])
        world.ok("sync", "--at", at.isoformat())

    assert names == ["W0-001", "W0-002", "W0-003", "W0-004"]


# Names


@pytest.fixture
def other(world: Started, tmp_path: Path) -> Path:
    """Give another project that is called shop, of another owner."""
    folder = tmp_path / "elsewhere" / "shop"
    made = git.Repo.init(folder, initial_branch="main")
    made.create_remote("origin", "https://github.com/acme/shop")
    made.close()
    world.git("commit", "-q", "--allow-empty", "-m", "Begin elsewhere", at="08:05", place=folder)
    world.ok("init", "--repo", folder)
    return folder


def stored_name(world: Started, place: Path) -> str:
    listed = world.git("config", "--list", at="09:00", place=place)
    told = [line for line in listed.splitlines() if line.startswith("portfolio.storedname=")]
    return told[0].partition("=")[2] if told else ""


def test_of_two_projects_of_one_name_the_hook_marks_as_the_store_calls_them(
    world: Started, other: Path
) -> None:
    world.ok("hook", "install", "--repo", other)
    world.git("checkout", "-q", "-b", "fix/412-x", at="09:00", place=other)
    world.git("checkout", "-q", "-b", "fix/412-x", at="09:00")

    first = world.ok("sync", "--at", f"{DAY}T09:30Z")
    again = world.ok("sync", "--at", f"{DAY}T09:31Z")

    assert world.say("Mend", "10:00", other) == "Mend\n\nWork: acme-shop.412"
    assert world.say("Mend", "10:00") == "Mend\n\nWork: shop.412"
    assert "calls it acme-shop from now on" in first.err + first.out
    assert "acme-shop" not in again.err + again.out
    assert (stored_name(world, other), stored_name(world, world.repository)) == ("acme-shop", "")


def test_the_configuration_of_a_repository_without_our_hook_is_left_alone(
    world: Started, other: Path
) -> None:
    world.ok("sync", "--at", f"{DAY}T09:30Z")

    assert stored_name(world, other) == ""


def test_uninstalling_takes_the_stored_name_out_again(world: Started, other: Path) -> None:
    world.ok("hook", "install", "--repo", other)
    world.ok("sync", "--at", f"{DAY}T09:30Z")
    assert stored_name(world, other) == "acme-shop"

    world.ok("hook", "uninstall", "--repo", other)

    assert stored_name(world, other) == ""
    assert "portfolio" not in (other / ".git" / "config").read_text()


def test_a_name_that_the_user_gave_and_the_store_took_is_left_alone(
    world: Started, other: Path
) -> None:
    world.git("config", "portfolio.name", "depot", at="09:00", place=other)
    world.ok("hook", "install", "--repo", other)
    world.git("checkout", "-q", "-b", "fix/412-x", at="09:00", place=other)

    world.ok("sync", "--at", f"{DAY}T09:30Z")

    assert stored_name(world, other) == ""
    assert world.say("Mend", "10:00", other) == "Mend\n\nWork: depot.412"


def test_a_name_that_cannot_be_written_is_told(world: Started, other: Path) -> None:
    world.ok("hook", "install", "--repo", other)
    (other / ".git" / "config.lock").touch()  # as while another git writes

    said = world.do("sync", at="09:30")

    assert [one["slug"] for one in said["problems"]] == ["hook-misnames"]
