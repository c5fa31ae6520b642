"""`doctor` answers whatever is out of order, and says what to do about it."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from portfolio.cli.app import app
from portfolio.settings import Home
from portfolio.store import commits
from portfolio.store.opening import held, opened
from tests.parsers.transcript_samples import answer
from tests.world import World, usage

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
SOURCES = (
    *("claude-transcripts", "claude-cache", "claude-desktop", "claude-statusline"),
    *("codex-rollouts", "claude-usage", "codex-app-server", "glm-quota"),
    *("glm-transcripts", "glm-computed", "git"),
    *("antigravity-usage", "copilot-user", "cursor-summary", "kimi-usages", "minimax-remains"),
    *("codexbar", "openusage", "claude-monitor", "ccusage"),
)
STRANGE = {
    "type": "assistant",
    "cwd": "/home/josefine/secret-shop",
    "message": {"usage": {"inputTokens": 51234}, "note": "josefine@example.org sk-ant-abcdefghij"},
}


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a user's folder without any client, and no program on the path but git."""
    folder = tmp_path / "u"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "PORTFOLIO_GLM_KEY", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    programs = tmp_path / "bin"
    programs.mkdir()
    git = next(
        path
        for place in os.environ["PATH"].split(os.pathsep)
        if (path := Path(place, "git")).exists()
    )
    (programs / "git").symlink_to(git.resolve())
    monkeypatch.setenv("PATH", str(programs))
    return folder


@pytest.fixture
def world(tmp_path: Path, user: Path) -> World:
    return World(tmp_path)


def transcript(user: Path, *lines: bytes) -> Path:
    path = user / ".claude" / "projects" / "-shop" / "a.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(lines))
    return path


def strange() -> bytes:
    return json.dumps(STRANGE).encode() + b"\n"


def asked(world: World) -> dict[str, Any]:
    return world.ok("doctor", "--json").document


def source(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in document["sources"] if one["source"] == name)
    return found


def wrong(document: Mapping[str, Any]) -> dict[str, str | None]:
    """Give the checks that are not in order, with the command that puts each right."""
    return {one["name"]: one["command"] for one in document["checks"] if not one["is_ok"]}


def test_before_init_it_tells_what_is_here_and_makes_nothing(world: World, user: Path) -> None:
    transcript(user, answer("m1"))

    document = asked(world)

    assert [one["source"] for one in document["sources"]] == [*SOURCES]
    found = [one["source"] for one in document["sources"] if one["is_found"]]
    assert found == ["claude-transcripts"]
    assert source(document, "claude-transcripts")["place"] == "~/.claude/projects"
    assert wrong(document)["home"] == "portfolio init && portfolio sync"
    assert not world.home.exists()


def test_the_keys_that_programs_count_on(world: World) -> None:
    document = asked(world)

    assert document["schema"] == "portfolio.doctor/1"
    assert set(document["sources"][0]) == {
        *("source", "is_found", "place", "newest_at", "oldest_at", "readings", "turns"),
        *("accounts", "missing", "command", "is_by_hand"),
    }
    assert set(document["checks"][0]) == {"name", "is_ok", "what", "command"}


def test_each_source_tells_how_much_it_gave_and_of_whom(world: World, user: Path) -> None:
    world.set_up("claude-a:claude-pro")
    world.ok(
        "read", "-", "--account", "claude-a", "--at", "2026-11-03T12:00", stdin=usage(8).encode()
    )
    transcript(user, answer("m1"), answer("m2"))
    new = source(asked(world), "claude-transcripts")
    world.ok("sync")

    document = asked(world)

    assert (new["turns"], new["missing"], new["command"]) == (
        *(0, "1 of 1 logs are new or have grown"),
        "portfolio sync",
    )
    logs = source(document, "claude-transcripts")
    assert (logs["turns"], logs["missing"], logs["command"]) == (2, None, None)
    assert logs["accounts"] == ["claude-a"]
    assert logs["oldest_at"] is not None
    live = source(document, "claude-usage")
    assert (live["readings"], live["newest_at"], live["accounts"]) == (
        *(2, "2026-11-03T12:00:00Z"),
        ["claude-a"],
    )


def test_what_is_not_in_order_is_told_with_the_command_that_mends_it(
    world: World, user: Path
) -> None:
    world.set_up()
    world.ok("account", "add", "claude-a", "--provider", "claude")
    world.ok("account", "add", "claude-b", "--provider", "claude")
    world.ok("read", "-", stdin=usage(8).encode())
    transcript(user, answer("m1"), strange())
    world.ok("sync")

    mends = wrong(asked(world))

    assert mends["plans"] == "portfolio account add claude-b --provider claude --plan ID"
    assert mends["lines"] == "portfolio doctor --bug-report"
    assert mends["kept"] == "portfolio init --keep-transcripts"
    assert mends["nobody"] == "portfolio account add NAME --provider claude --folder DIR"
    assert "aside" in mends


def test_every_command_it_tells_is_one_of_ours(world: World, user: Path) -> None:
    known = set(getattr(get_command(app), "commands"))  # noqa: B009
    transcript(user, answer("m1"), answer("m2"), strange())
    documents = [asked(world)]
    world.set_up()
    world.ok("account", "add", "glm-a", "--provider", "glm")
    documents.append(asked(world))
    world.ok("sync")
    documents.append(asked(world))

    told = [
        one["command"]
        for document in documents
        for one in [*document["sources"], *document["checks"]]
        if one["command"] is not None and not one["command"].startswith("edit ")
    ]

    for line in told:
        words = shlex.split(line)
        assert words[words.index("portfolio") + 1] in known, line


def test_a_line_that_is_not_understood_is_shown_without_what_is_its_users(
    world: World, user: Path
) -> None:
    world.set_up("claude-a:claude-pro")
    transcript(user, answer("m1"), strange())
    world.ok("sync")

    told = world.ok("doctor").out
    report = world.ok("doctor", "--bug-report").out
    document = world.ok("doctor", "--bug-report", "--json").document

    assert '"inputTokens": 51200' in report
    assert '"inputTokens": 51200' in told
    assert (document["schema"], document["samples"][0]["line"]) == ("portfolio.bug-report/1", 2)
    for secret in ("josefine", "shop", "example.org", "sk-ant", "51234", str(user)):
        assert secret not in report


def test_where_all_is_understood_there_is_nothing_to_report(world: World, user: Path) -> None:
    world.set_up("claude-a:claude-pro")
    transcript(user, answer("m1"))
    world.ok("sync")

    assert "nothing to report" in world.ok("doctor", "--bug-report").out


def test_lines_of_logs_that_are_gone_are_told_as_such(world: World, user: Path) -> None:
    world.set_up("claude-a:claude-pro")
    path = transcript(user, answer("m1"), strange())
    world.ok("sync")
    path.unlink()

    assert world.ok("doctor", "--bug-report").out.startswith("1 line could not be read")


def test_a_capture_that_is_not_understood_is_cut_too(world: World, tmp_path: Path) -> None:
    capture = tmp_path / "strange.txt"
    capture.write_text("Usage of josefine@example.org\nCurrent fortnight: 12% spent\n")

    read = world.run("read", capture)
    report = world.ok("doctor", capture).out

    assert read.code == 1
    assert "Usage of xxxxxxxx@xxxxxxx.xxx\nCurrent xxxxxxxxx: 12% xxxxx\n" in report
    assert "josefine" not in report


def test_broken_settings_are_one_of_the_checks(world: World, user: Path) -> None:
    world.set_up("claude-a:claude-pro")
    transcript(user, answer("m1"))
    world.ok("sync")
    (world.home / "portfolio.toml").write_text("timezone = [")

    document = asked(world)

    assert next(iter(wrong(document))) == "settings"
    assert source(document, "claude-transcripts")["turns"] == 1


def test_own_plans_and_prices_that_cannot_be_used_are_told(world: World) -> None:
    world.set_up()
    (world.home / "plans.toml").write_text("[[plan]]\nid = 3\n")
    (world.home / "prices.toml").write_text('[models."m"]\ninput_usd = "much"\n')

    mends = wrong(asked(world))

    assert mends["catalogue"] == f"edit {world.home / 'plans.toml'}"
    assert mends["own prices"] == f"edit {world.home / 'prices.toml'}"


def test_a_store_in_use_is_told_with_its_holder_and_the_rest_too(world: World, user: Path) -> None:
    world.set_up("claude-a:claude-pro")
    text = (world.home / "portfolio.toml").read_text()
    (world.home / "portfolio.toml").write_text(
        text.replace("# lock_wait_s = 10.0", "lock_wait_s = 0.1")
    )
    transcript(user, answer("m1"))

    with held(Home(world.home).store_path, wait_s=1):
        document = asked(world)

    store = next(one for one in document["checks"] if one["name"] == "store")
    assert (store["is_ok"], "process" in store["what"]) == (False, True)
    assert source(document, "claude-transcripts")["is_found"]


def test_a_damaged_store_is_told_and_left_alone(world: World) -> None:
    world.set_up()
    store = Home(world.home).store_path
    world.let_go()
    store.write_bytes(b"no store" * 1000)

    document = asked(world)

    assert "store" in wrong(document)
    assert store.read_bytes() == b"no store" * 1000


def test_folders_that_cannot_be_looked_at_are_told(world: World, user: Path) -> None:
    (user / ".claude").mkdir()
    (user / ".claude" / "projects").symlink_to("projects")  # it leads to itself
    (user / ".codex").write_text("no folder")
    (user / ".claude.json").mkdir()

    document = asked(world)

    assert wrong(document)["folders"] == "ls -ld ~/.claude/projects"
    assert not source(document, "claude-transcripts")["is_found"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_folders_that_are_closed_to_us_are_told(world: World, user: Path) -> None:
    for name in (".claude", ".codex", ".config"):
        (user / name).mkdir(mode=0)

    document = asked(world)

    assert [one["source"] for one in document["sources"]] == [*SOURCES]


def test_a_statusline_and_what_waits_in_its_spool_are_told(world: World, user: Path) -> None:
    world.set_up()
    (user / ".claude").mkdir()
    missing = source(asked(world), "claude-statusline")
    world.ok("init", "--statusline", "--yes")
    (world.home / "spool").mkdir()
    (world.home / "spool" / "1-1-a.json").write_text("{}")

    found = source(asked(world), "claude-statusline")

    assert (missing["is_found"], missing["command"]) == (False, "portfolio init --statusline")
    assert (found["is_found"], found["place"]) == (True, "~/.claude/settings.json")
    assert (found["missing"], found["command"]) == ("1 capture waits", "portfolio sync")


def test_what_was_read_from_files_is_a_source_of_its_own(world: World) -> None:
    world.set_up("claude-a:claude-pro")
    world.ok("read", "-", "--account", "claude-a", stdin=b"week=82% 5h=14%")

    typed = source(asked(world), "plain")

    assert (typed["readings"], typed["place"], typed["accounts"]) == (2, "files", ["claude-a"])
    assert (typed["missing"], typed["command"]) == (None, None)


def test_what_other_tools_know_is_told_with_what_gives_it_to_us(world: World) -> None:
    world.set_up("codex-a:codex-plus")
    before = source(asked(world), "codexbar")
    used = {"usedPercent": 31, "windowMinutes": 10080, "resetsAt": "2026-11-05T19:15:00Z"}
    told = {"provider": "codex", "usage": {"primary": used, "updatedAt": "2026-11-03T10:00:00Z"}}
    world.ok("read", "-", stdin=json.dumps(told).encode())

    after = source(asked(world), "codexbar")

    assert (before["is_found"], before["command"]) == (
        False,
        "codexbar usage --format json | portfolio read -",
    )
    assert (after["readings"], after["accounts"], after["command"]) == (1, ["codex-a"], None)
    page = world.ok("doctor").out
    assert "gh api copilot_internal/user | portfolio read -" in " ".join(page.split())


def test_repositories_tell_what_they_gave(world: World) -> None:
    world.commit("xfeat::AUTH-01::W0-001::SHIP log in", "2026-11-03T09:30:00+00:00")
    world.set_up("claude-a:claude-pro")
    before = source(asked(world), "git")
    world.ok("sync", "--at", "2026-11-04")

    after = source(asked(world), "git")

    assert (before["place"], before["command"]) == (str(world.repository), "portfolio sync")
    told = f"{world.repository} (1 commit, 1 tag, taken in 2026-11-04)"
    assert (after["place"], after["newest_at"]) == (told, "2026-11-03T09:30:00Z")


def test_nothing_from_outside_moves_the_cursor(world: World, user: Path) -> None:
    world.set_up()
    with opened(Home(world.home).store_path) as database:
        commits.add_repository(database, "/x\x1b[2J", default_branch=None, now=NOON)
    (world.home / "portfolio.toml").write_text('timezone = "UTC"\nrepos = ["/x\\u001b[2J"]\n')
    transcript(user, json.dumps({**STRANGE, "\x1b[2J": "\x1b[2J"}).encode() + b"\n")
    world.ok("sync")

    assert "\x1b" not in world.ok("doctor").out
