"""Alerts on their way: each address gets each once, and a failure loses none."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from portfolio.commands.alert_sending import Take, by_apprise, due, keep_sent, send
from portfolio.report.answers.routines import SentRow
from portfolio.settings import Settings
from portfolio.store import routines
from tests.world import Done, World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTINGS = Settings(timezone="UTC", alerts__to=("slack://T/hush", "mailto://me:hush@x.org"))
SECRET = "hush"


def tell(database: Database, subject: str, at: datetime) -> None:
    routines.add_alert(database, "unused", subject, about_at=at, text=f"{subject} expires", now=at)


def sent(database: Database, take: Take, at: datetime) -> list[SentRow]:
    deliveries = due(database, settings=SETTINGS, now=at)
    rows = send(deliveries, take)
    keep_sent(database, deliveries, rows, now=at)
    return rows


def test_each_address_takes_each_alert_once(database: Database) -> None:
    tell(database, "claude-a", NOON)
    texts: list[str] = []

    def take(url: str, title: str, body: str) -> bool:
        texts.append(f"{title}: {body}")
        return True

    first = sent(database, take, NOON)
    tell(database, "codex-a", NOON + HOUR)
    second = sent(database, take, NOON + HOUR)

    assert sent(database, take, NOON + 2 * HOUR) == []
    assert [(row.address, row.alerts) for row in first + second] == 2 * [
        ("slack-1", 1),
        ("mailto-1", 1),
    ]
    assert texts == 2 * ["portfolio: 1 alert: claude-a expires"] + 2 * [
        "portfolio: 1 alert: codex-a expires"
    ]


def test_what_an_address_did_not_take_is_sent_to_it_alone_again(database: Database) -> None:
    tell(database, "claude-a", NOON)

    first = sent(database, lambda url, title, body: url.startswith("mailto"), NOON)
    tell(database, "codex-a", NOON + HOUR)
    second = sent(database, lambda url, title, body: True, NOON + HOUR)

    assert [(row.address, row.alerts, row.is_taken) for row in first + second] == [
        ("slack-1", 1, False),
        ("mailto-1", 1, True),
        ("slack-1", 2, True),
        ("mailto-1", 1, True),
    ]


def test_what_was_told_a_week_ago_is_stale(database: Database) -> None:
    tell(database, "claude-a", NOON)

    assert due(database, settings=SETTINGS, now=NOON + 7 * DAY) == []
    assert len(due(database, settings=SETTINGS, now=NOON + 7 * DAY - HOUR)) == 2


def test_without_an_address_nothing_is_due(database: Database) -> None:
    tell(database, "claude-a", NOON)

    assert due(database, settings=Settings(), now=NOON) == []


def test_no_address_is_in_what_is_shown_of_a_delivery(database: Database) -> None:
    tell(database, "claude-a", NOON)

    assert SECRET not in repr(due(database, settings=SETTINGS, now=NOON))


class Webhook(BaseHTTPRequestHandler):
    """An address that keeps what it is sent, and answers as it is told."""

    got: ClassVar[list[dict[str, str]]] = []
    answers: ClassVar[int] = 200

    def do_POST(self) -> None:
        self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.answers)
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def webhook() -> Iterator[str]:
    pytest.importorskip("apprise")
    Webhook.got.clear()
    Webhook.answers = 200
    server = HTTPServer(("127.0.0.1", 0), Webhook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://me:{SECRET}@127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def set_to(world: World, value: str) -> None:
    """Set alerts.to, as TOML."""
    settings = world.home / "portfolio.toml"
    settings.write_text(settings.read_text().replace("# to = []", f"to = {value}"))


@pytest.fixture
def alarmed(tmp_path: Path, webhook: str) -> World:
    """Give a world in which a price changed since the last run, and a webhook is set."""
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    set_to(world, f'["{webhook}"]')
    from portfolio.store.opening import opened

    with opened(world.home / "portfolio.duckdb") as database:
        routines.add_run(database, "weekly", {"price in dollars of claude-pro": 17.0}, now=NOON)
    return world


def weekly(world: World, hour: int, *arguments: str) -> Done:
    return world.run("weekly", *arguments, "--at", (NOON + hour * HOUR).isoformat())


def test_news_end_with_4_and_are_sent_once(alarmed: World) -> None:
    first, second = weekly(alarmed, 1, "--json"), weekly(alarmed, 2)

    assert (first.code, second.code) == (4, 0)
    assert [one["message"] for one in Webhook.got] == [
        "The price of claude-pro is now $20.00 a month; it was $17.00."
    ]
    assert first.document["sent"] == [{"address": "json-1", "alerts": 1, "is_taken": True}]
    assert SECRET not in first.out + first.err + second.out + second.err


def test_an_address_that_refuses_is_a_problem_and_gets_them_with_the_next_run(
    alarmed: World, caplog: pytest.LogCaptureFixture
) -> None:
    Webhook.answers = 500
    with caplog.at_level(logging.DEBUG):
        first = weekly(alarmed, 1, "--json")
    Webhook.answers = 200

    second = weekly(alarmed, 2)

    assert (first.code, second.code) == (4, 0)
    assert [one["slug"] for one in first.document["problems"]] == ["alert-unsent"]
    assert "1 alert sent to json-1." in second.out
    assert len(Webhook.got) == 2
    assert SECRET not in first.out + first.err + second.out + second.err + caplog.text


def test_an_address_that_is_none_is_not_taken_and_not_told(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("apprise")

    with caplog.at_level(logging.DEBUG):
        assert not by_apprise(f"nonsense://{SECRET}", "title", "body")

    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_without_apprise_nothing_is_done_and_the_error_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    world.set_up()
    set_to(world, f'["slack://T/{SECRET}"]')
    monkeypatch.setitem(sys.modules, "apprise", None)

    done = world.run("weekly", "--json")

    assert (done.code, done.document["slug"]) == (1, "alerts-extra")
    assert "subscription-portfolio[alerts]" in done.document["hint"]
    assert SECRET not in done.out + done.err


def test_an_address_of_the_wrong_form_is_not_told_in_the_error(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up()
    set_to(world, f'"slack://T/{SECRET}"')

    done = world.run("weekly")

    assert (done.code, "setting-invalid" in done.err) == (1, True)
    assert SECRET not in done.out + done.err
