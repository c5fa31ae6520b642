"""Sizes that rest on texts: what a session was asked for first, and what an issue says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.records import Issue, Prompt, PullRequest, TextCues, Turn
from portfolio.commands.exporting import export_facts, import_facts
from portfolio.commands.item_texts import IssueCues, issues_of
from portfolio.model import NamedRepository, Word
from portfolio.settings import Home, data_folder
from portfolio.store import commits, cues, items, requests, turns
from portfolio.store.catalogue import Catalogue, read_catalogue
from portfolio.store.opening import opened, transaction
from portfolio.store.turns import FoundTurns
from portfolio.store.write import microseconds
from tests.parsers.rollout_samples import Talk, asked, named
from tests.parsers.transcript_samples import answer, prompt
from tests.stores import place_empty
from tests.world import World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEGAN = datetime(2026, 11, 1, 9, tzinfo=UTC)
SHORT = "Rename the button"
MIDDLE = "\n".join(["Add an export of the table", *["- [ ] a column of it with its test"] * 3])
LONG = "\n".join(
    ["Build the whole export", *[f"- [ ] part {n} in src/export_{n}.py, tested" for n in range(12)]]
)
TEXTS = {"S": SHORT, "M": MIDDLE, "L": LONG}
TOKENS = {"S": 1_000, "M": 10_000, "L": 100_000}


class Desk:
    """A home, a repository, and the transcripts of a client."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(folder / "user"))
        self.logs = folder / "user" / ".claude" / "projects" / "shop"
        self.logs.mkdir(parents=True)
        self.world = World(folder)
        self.world.set_up("claude-a:claude-pro")
        self.world.commit("Begin", "2026-10-01T09:00:00+00:00")
        monkeypatch.chdir(self.world.repository)

    def talk(
        self, session: str, text: str, at: datetime, *branches: str, tokens: int = 1_000
    ) -> None:
        """Write a session: what was asked first, and an answer on each branch."""
        place = str(self.world.repository)
        lines = [prompt(text, at=_stamp(at), sessionId=session, cwd=place, gitBranch=branches[0])]
        for number, branch in enumerate(branches):
            lines.append(
                answer(
                    f"{session}-{number}",
                    f"{session}-{number}",
                    at=_stamp(at + timedelta(minutes=1 + number)),
                    tokens=(3, tokens, 0, 0),
                    sessionId=session,
                    cwd=place,
                    gitBranch=branch,
                )
            )
        (self.logs / f"{session}.jsonl").write_bytes(b"".join(lines))

    def sync(self, at: datetime, *more: str) -> None:
        """Take in what is new."""
        self.world.ok("sync", *more, "--at", at.isoformat())

    def ship(self, *names: str, at: datetime) -> None:
        """Say that items have shipped."""
        said = [Word(name, word, "", at) for name in names for word in ("feature", "shipped")]
        with opened(Home(self.world.home).store_path) as database, transaction(database):
            items.add_words(database, said, origin="-", now=at)

    def sizes(self) -> dict[str, tuple[str, str]]:
        features = self.world.ok("feature", "list", "--json").document["features"]
        return {one["feature"]: (one["size"], one["size_basis"]) for one in features}

    def work_through(self, branch: str, item: str) -> None:
        """Finish fifteen items, whose texts and costs go together, one a day."""
        names = []
        for number in range(15):
            size = "SML"[number % 3]
            at = BEGAN + timedelta(days=number)
            name = branch.format(100 + number)
            self.talk(f"past-{number}", TEXTS[size], at, name, tokens=TOKENS[size])
            names.append(item.format(100 + number))
        self.sync(NOW - timedelta(hours=3))
        self.ship(*names, at=NOW - timedelta(days=2))


@pytest.fixture
def every_plan() -> Catalogue:
    return read_catalogue(data_folder() / "plans.toml")


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_what_was_asked_first_tells_how_large_the_item_will_be(desk: Desk) -> None:
    desk.work_through("feat/AUTH-{}-x", "AUTH-{}")
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    desk.talk("new-1", LONG, NOW - hour, "feat/AUTH-201-x")
    desk.talk("new-2", SHORT, NOW - 50 * minute, "feat/AUTH-202-x")
    desk.talk("new-3", LONG, NOW - 40 * minute, "feat/AUTH-203-x", "feat/AUTH-204-x")
    desk.talk("new-4", LONG, NOW - 30 * minute, "main", "feat/AUTH-205-x")

    desk.sync(NOW)

    sizes = desk.sizes()
    assert sizes["AUTH-102"] == ("L", "from-text")
    assert sizes["AUTH-201"] == ("L", "predicted")
    assert sizes["AUTH-202"] == ("S", "predicted")
    assert sizes["AUTH-203"] == ("L", "predicted")
    assert sizes["AUTH-204"] == ("M", "predicted")  # its session began on another item
    assert sizes["AUTH-205"] == ("L", "predicted")  # and this one's on none
    begun = desk.world.ok("start", "AUTH-201", "--at", (NOW + hour).isoformat())
    assert "Started AUTH-201 [L]" in begun.out
    assert LONG.split("\n")[1] not in _all_stored(desk)


def test_an_issue_tells_how_large_an_item_will_be_before_its_first_turn(desk: Desk) -> None:
    desk.world.repo.create_remote("origin", "https://github.com/acme/shop").repo.close()
    desk.work_through("feat/{}-x", "shop.{}")
    told = [
        Issue("acme/shop", number, _cues(text), labels, NOW)
        for number, text, labels in ((412, LONG, ("export",)), (413, SHORT, ()))
    ]
    with opened(Home(desk.world.home).store_path) as database, transaction(database):
        cues.add_issues(database, told, now=NOW)

    sizes = {
        number: desk.world.ok("start", number, "--at", NOW.isoformat(), "--json").document["size"]
        for number in ("412", "413", "414")
    }

    assert sizes == {"412": "L", "413": "S", "414": "M"}


def test_a_session_of_codex_is_asked_first_too(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = named(0, 1)
    talk = Talk(session).begin().turn()
    talk.lines.append(asked(1, LONG))
    talk.respond((1_000, 0, 50))
    log = tmp_path / "user" / ".codex" / "sessions" / f"rollout-{session}.jsonl"
    log.parent.mkdir(parents=True)
    log.write_bytes(talk.text)

    desk.sync(NOW)

    with opened(Home(desk.world.home).store_path) as database:
        assert cues.prompts(database) == {session: _cues(LONG)}


def test_what_was_asked_counts_once_where_a_session_was_resumed_in_a_file_of_its_own(
    database: Database,
) -> None:
    at_us = microseconds(NOW)
    asked_first = [Prompt("claude", session, at_us, _cues(LONG)) for session in ("a", "b", "c")]
    made = [_turn("b", NOW + timedelta(minutes=1)), _turn("a", NOW + timedelta(hours=5))]
    with transaction(database):
        cues.add_prompts(database, [*asked_first, *asked_first], now=NOW)
        cues.add_prompts(database, asked_first, now=NOW)
        turns.add(database, [FoundTurns(made, "/made/up", "-")], now=NOW)
        turns.settle(database)

    assert cues.prompts(database) == {"b": _cues(LONG)}  # it was answered first
    assert database.execute("SELECT count(*) FROM session_prompt").fetchall() == [(3,)]


def test_an_issue_is_an_item_and_so_is_the_request_that_closes_it(database: Database) -> None:
    one, two = _cues(LONG), _cues(MIDDLE)
    told = [
        Issue("acme/shop", 7, one, ("big", "export"), NOW),
        Issue("acme/shop", 8, two, ("export",), NOW),
        Issue("acme/else", 9, two, (), NOW),
    ]
    closing = PullRequest("gh", "", "acme/shop", 12, NOW, closes=(7, 8, 99))
    linked = PullRequest("transcript", "s", "acme/shop", 13, NOW, closes=())
    with transaction(database):
        here = NamedRepository(
            "/made/shop", "shop", "p", "acme/shop", is_github=True, is_shallow=False
        )
        commits.name_repository(database, here, now=NOW)
        cues.add_issues(database, told, now=NOW)
        requests.add(database, [closing, linked], now=NOW)

    found = issues_of(database)

    both = TextCues(
        words=one.words + two.words,
        checkboxes=one.checkboxes + two.checkboxes,
        files=one.files + two.files,
    )
    assert found == {
        "shop.7": IssueCues(one, ("big", "export")),
        "shop.8": IssueCues(two, ("export",)),
        "shop.12": IssueCues(both, ("big", "export")),
    }


def test_of_an_issue_what_was_told_last_rules_and_the_same_again_adds_nothing(
    database: Database,
) -> None:
    def told(text: str, *labels: str) -> int:
        issue = Issue("acme/shop", 7, _cues(text), labels, NOW)
        with transaction(database):
            return cues.add_issues(database, [issue], now=NOW)

    added = [told(SHORT), told(SHORT), told(LONG), told(LONG, "big"), told(SHORT)]

    assert added == [1, 0, 1, 1, 1]
    assert [one.cues for one in cues.issues(database)] == [_cues(SHORT)]


def test_prompts_and_issues_come_back_from_an_export_once(
    database: Database, tmp_path: Path, every_plan: Catalogue
) -> None:
    prompt_told = Prompt("claude", "s", microseconds(NOW), _cues(LONG))
    with transaction(database):
        cues.add_prompts(database, [prompt_told], now=NOW)
        for text in (LONG, SHORT):
            told = Issue("acme/shop", 7, _cues(text), ("big",), NOW)
            cues.add_issues(database, [told], now=NOW)
        turns.add(database, [FoundTurns([_turn("s", NOW)], "/made/up", "-")], now=NOW)
        turns.settle(database)
    export_facts(database, tmp_path / "out")

    with opened(place_empty(tmp_path / "other.duckdb")) as other:
        for _ in range(2):
            import_facts(other, tmp_path / "out", catalogue=every_plan, now=NOW)

        assert cues.prompts(other) == {"s": _cues(LONG)}
        assert cues.issues(other) == [told]
        assert other.execute("SELECT count(*) FROM issue").fetchall() == [(2,)]


def _cues(text: str) -> TextCues:
    words = sum(word not in ("-", "[", "]") for word in text.split())
    return TextCues(words=words, checkboxes=text.count("- [ ]"), files=text.count(".py"))


def _turn(session: str, at: datetime) -> Turn:
    tokens = (1, 1, 0, 0, 0)
    at_us = microseconds(at)
    return Turn("claude", session, "", session, at_us, "m", None, None, *tokens, False, True)  # noqa: FBT003


def _all_stored(desk: Desk) -> str:
    """Give every word that the store holds."""
    with opened(Home(desk.world.home).store_path) as database:
        tables = database.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        return "".join(
            repr(database.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in tables
        )


def test_a_finished_item_that_was_never_sized_has_the_size_that_its_first_prompt_tells(
    desk: Desk,
) -> None:
    # All of it comes in at once, as on the first day: nothing was fixed before the work.
    names = [f"{size.lower()}{number}" for number in range(6) for size in TEXTS]
    for number, name in enumerate(names):
        size = name[0].upper()
        odd = 50 if name == "s3" else 1  # a small thing that took as much as a large one
        desk.talk(
            f"s-{name}",
            TEXTS[size],
            BEGAN + timedelta(hours=5 * number),
            f"feat/{name}",
            tokens=TOKENS[size] * odd,
        )
    desk.sync(NOW)
    desk.ship(*(f"shop.{name}" for name in names), at=NOW - timedelta(days=2))

    told = desk.world.ok("feature", "list", "--at", NOW.isoformat(), "--json").document["features"]

    sizes = {one["feature"].partition(".")[2]: (one["size"], one["size_basis"]) for one in told}
    assert sizes["s3"] == ("S", "from-text")
    assert sizes["l2"] == ("L", "from-text")
    assert {basis for _, basis in sizes.values()} == {"from-text"}
