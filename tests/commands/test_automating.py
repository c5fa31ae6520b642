"""`automate` from end to end, beside programs that keep what they are told."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest

from portfolio.commands.automating import Offer, make, offer
from portfolio.errors import TimerForeignError, TimerProgramError
from portfolio.ingest.machine import Machine
from portfolio.report.answers.automating import Asked, AutomateAnswer
from tests.world import World

CRONTAB = """#!/bin/sh
kept="{folder}/crontab.kept"
echo "crontab $*" >>"{folder}/ran"
case "$1" in
  -l) [ -f "$kept" ] || {{ echo "no crontab for me" >&2; exit 1; }}; cat "$kept" ;;
  -r) rm "$kept" ;;
  -) cat >"$kept" ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
echo "systemctl $*" >>"{folder}/ran"
[ ! -f "{folder}/fails" ] || {{ echo "no bus" >&2; exit 1; }}
case "$2" in
  is-active) [ -f "{folder}/on.$4" ] ;;
  enable) touch "{folder}/on.$4" ;;
  disable) rm -f "{folder}/on.$4" "{folder}/on.$5" ;;
esac
"""
LAUNCHCTL = """#!/bin/sh
echo "launchctl $*" >>"{folder}/ran"
on="{folder}/on.$(basename "${{3:-$2}}" .plist)"
case "$1" in
  bootstrap) [ ! -f "$on" ] || {{ echo "Bootstrap failed: 5" >&2; exit 5; }}; touch "$on" ;;
  bootout) rm "$on" 2>/dev/null || exit 113 ;;
  print) [ -f "$on" ] || exit 113 ;;
esac
"""
TOOLS = {"crontab": CRONTAB, "systemctl": SYSTEMCTL, "launchctl": LAUNCHCTL}


class Bench:
    """A machine with some of these programs."""

    def __init__(self, folder: Path, platform: str, *programs: str) -> None:
        self.folder, self.home = folder, folder / "me"
        for name in programs:
            path = folder / "bin" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(TOOLS[name].format(folder=folder))
            path.chmod(0o755)
        (folder / "run" / "systemd").mkdir(parents=True)
        path_of_tools = f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
        self.machine = Machine(
            home=self.home,
            environment={"PATH": path_of_tools, "XDG_RUNTIME_DIR": str(folder / "run")},
            platform=platform,
        )

    def offer(self, asked: Asked) -> Offer:
        return offer(
            asked, home=self.folder / "home", program=["/opt/portfolio"], machine=self.machine
        )

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.home.rglob("*") if path.is_file()}

    def ran(self) -> list[str]:
        return (self.folder / "ran").read_text().splitlines()


@pytest.fixture
def systemd(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "linux", "systemctl")


@pytest.fixture
def launchd(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "darwin", "launchctl")


@pytest.fixture
def cron(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path, "linux", "crontab")
    (tmp_path / "run" / "systemd").rmdir()
    return bench


def test_systemd_is_given_four_units_once_and_is_told_to_start_both_timers(systemd: Bench) -> None:
    first = make(systemd.offer("install"))
    files = systemd.files()
    second = make(systemd.offer("install"))

    assert (first.kind, first.result, second.result) == ("systemd", "done", "not-needed")
    assert {one.state for one in first.files} == {"absent"}
    assert {one.state for one in second.files} == {"as-wanted"}
    assert systemd.files() == files
    assert {name: text.decode() for name, text in files.items()} == {
        Path(one.file).name: one.text for one in first.files
    }
    assert first.active == second.active == ("weekly", "monthly")
    assert systemd.ran()[:3] == [
        "systemctl --user daemon-reload",
        *(f"systemctl --user enable --now {name}" for name in first_timers(first)),
    ]


def first_timers(answer: AutomateAnswer) -> list[str]:
    names = [Path(one.file).name for one in answer.files]
    return [name for name in names if name.endswith(".timer")]


def test_launchd_is_given_an_agent_a_routine_and_starts_none_twice(launchd: Bench) -> None:
    answer = make(launchd.offer("install"))
    again = make(launchd.offer("install"))

    assert (answer.kind, answer.active) == ("launchd", ("weekly", "monthly"))
    assert sorted(launchd.files()) == sorted(Path(one.file).name for one in answer.files)
    assert sum("bootstrap" in line for line in launchd.ran()) == 2
    assert (again.result, again.active) == ("not-needed", ("weekly", "monthly"))
    (launchd.folder / "on.portfolio.weekly.x").touch()  # another home's
    path = Path(answer.files[0].file)
    path.write_bytes(path.read_bytes().replace(b"/opt/", b"/old/"))
    assert make(launchd.offer("install")).active == ("weekly", "monthly")
    assert sum("bootstrap" in line for line in launchd.ran()) == 4


@pytest.mark.parametrize("name", ["systemd", "launchd"])
def test_taken_out_the_folder_is_as_it_was(name: str, request: pytest.FixtureRequest) -> None:
    bench: Bench = request.getfixturevalue(name)
    folder = bench.home / (".config/systemd/user" if name == "systemd" else "Library/LaunchAgents")
    folder.mkdir(parents=True)
    (folder / "other.service").write_bytes(b"\xffmine\r\n")
    before = bench.files()
    make(bench.offer("install"))

    answer = make(bench.offer("uninstall"))

    assert bench.files() == before
    assert (answer.result, answer.active) == ("done", ())
    assert not bench.offer("uninstall").is_needed


@pytest.mark.parametrize("before", [None, b"", b"0 1 * * * true", b"0 1 * * * true\n"])
def test_a_crontab_is_given_a_block_and_is_as_it_was_without_it(
    cron: Bench, before: bytes | None
) -> None:
    kept = cron.folder / "crontab.kept"
    if before is not None:
        kept.write_bytes(before)

    first = make(cron.offer("install"))
    with_block = kept.read_bytes()
    second = make(cron.offer("install"))

    assert (first.kind, first.active, second.result) == (
        "cron",
        ("weekly", "monthly"),
        "not-needed",
    )
    assert kept.read_bytes() == with_block
    assert with_block.startswith(before or b"")
    make(cron.offer("uninstall"))
    assert (kept.read_bytes() if kept.exists() else None) == before


def test_of_a_crontab_without_a_last_line_end_debians_cron_takes_the_lines_back(
    cron: Bench,
) -> None:
    kept = cron.folder / "crontab.kept"
    kept.write_bytes(b"0 1 * * * true")
    make(cron.offer("install"))
    refuses = 'new=$(cat; echo .); case "$new" in *"\n.") printf %s "${{new%.}}" >"$kept" ;;'
    tool = CRONTAB.replace('cat >"$kept" ;;', f"{refuses} *) exit 1 ;; esac ;;")
    (cron.folder / "bin" / "crontab").write_text(tool.format(folder=cron.folder))

    assert make(cron.offer("uninstall")).active == ()

    assert kept.read_bytes() == b"0 1 * * * true\n"


def test_a_strangers_file_is_not_touched(systemd: Bench) -> None:
    path = Path(systemd.offer("status").places[0].name)
    path.parent.mkdir(parents=True)
    path.write_text("[Unit]\n")

    for asked in get_args(Asked):
        with pytest.raises(TimerForeignError) as caught:
            systemd.offer(asked)
        assert caught.value.slug == "automate-foreign"
    assert path.read_text() == "[Unit]\n"


def test_a_file_of_an_older_version_is_brought_up_to_date(systemd: Bench) -> None:
    make(systemd.offer("install"))
    place = systemd.offer("status").places[0]
    path = Path(place.name)
    path.write_text(path.read_text().replace("/opt/", "/old/"))

    assert systemd.offer("status").places[0].state == "outdated"
    assert make(systemd.offer("install")).result == "done"
    assert path.read_text() == place.text


def test_what_is_installed_tells_the_kind_whatever_else_came_later(cron: Bench) -> None:
    make(cron.offer("install"))
    (cron.folder / "run" / "systemd").mkdir()
    program = cron.folder / "bin" / "systemctl"
    program.write_text(SYSTEMCTL.format(folder=cron.folder))
    program.chmod(0o755)

    assert cron.offer("uninstall").timers.kind == "cron"


def test_a_program_that_fails_is_quoted_and_trying_again_ends_it(systemd: Bench) -> None:
    (systemd.folder / "fails").touch()
    with pytest.raises(TimerProgramError) as caught:
        make(systemd.offer("install"))
    (systemd.folder / "fails").unlink()

    assert caught.value.slug == "automate-failed"
    assert "no bus" in caught.value.what
    assert make(systemd.offer("install")).active == ("weekly", "monthly")


@pytest.fixture
def world(cron: Bench, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("PATH", cron.machine.environment["PATH"])
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    made = World(cron.folder)
    made.set_up()
    return made


def test_off_a_terminal_the_files_are_shown_and_nothing_is_changed(
    world: World, cron: Bench
) -> None:
    shown = world.ok("automate", "install")

    assert "portfolio automate install --yes" in shown.out
    assert f"--home {world.home} weekly >{world.home}/weekly.log 2>&1" in shown.out
    assert set(cron.ran()) == {"crontab -l"}


def test_with_yes_it_is_installed_seen_and_taken_out(world: World, cron: Bench) -> None:
    done = [
        world.ok("automate", asked, *yes, "--json").document
        for asked, *yes in (("install", "--yes"), ("status",), ("install",), ("uninstall", "--yes"))
    ]

    assert [one["result"] for one in done] == ["done", "shown", "not-needed", "done"]
    assert [one["active"] for one in done] == [*3 * [["weekly", "monthly"]], []]
    assert not (cron.folder / "crontab.kept").exists()


def test_on_a_terminal_it_is_asked_and_no_is_no(
    world: World, cron: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def say_no(text: str) -> bool:
        asked.append(text)
        return False

    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr("typer.confirm", say_no)
    monkeypatch.setattr(
        "portfolio.cli.automate.sys", SimpleNamespace(stdin=terminal, stdout=terminal)
    )

    shown = world.run("automate", "install")

    assert (shown.code, asked) == (0, ["Do it?"])
    assert set(cron.ran()) == {"crontab -l"}


def test_a_home_that_is_not_set_up_has_nothing_to_automate(cron: Bench) -> None:
    done = World(cron.folder).run("automate", "install", "--yes")

    assert (done.code, "not-set-up" in done.err) == (1, True)
