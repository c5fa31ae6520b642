"""The live meter of a GLM plan: asked with the user's key, which goes nowhere else."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.records import Problem
from portfolio.ingest.live import ask_all, take_in_answers
from portfolio.ingest.live_glm import Key, keys_of, variable_of
from portfolio.ingest.live_questions import questions_of
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.model import AccountSpan
from portfolio.settings import Home
from portfolio.store import logins, read, write
from tests.vendors import Host, quota
from tests.world import World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
RESET = NOW + timedelta(days=2)
SECRET = "0123456789abcdef.VerySecretKey"
GOOD = quota(7974, resets_at=int(RESET.timestamp()))


def span(name: str) -> AccountSpan:
    return AccountSpan(
        account=name, span=0, provider="glm", plan="glm-lite", since=None, until=None, folder=None
    )


def asked(
    database: Database,
    host: str,
    *accounts: str,
    environment: dict[str, str] | None = None,
    seconds: float = 20.0,
) -> list[Problem]:
    """Ask the host as `sync --live` does, take its answers in, and give the problems."""
    for name in accounts:
        write.account_span(database, span(name), now=NOW)
    questions = questions_of(
        Machine(home=Path("/nowhere"), environment=environment or {"PORTFOLIO_GLM_KEY": SECRET}),
        [span(name) for name in accounts],
        glm_endpoint=host,
        run_in=Path("/"),
        now=NOW,
    )
    look = Look()
    answers = ask_all(questions, clock=lambda: NOW, seconds=seconds)
    take_in_answers(database, answers, look, zone=UTC, now=NOW)
    return look.problems


def test_the_quota_is_read_with_the_key_in_the_one_header(database: Database) -> None:
    with Host(answer=GOOD).open() as host:
        problems = asked(database, host.url, "glm-a")

    assert problems == []
    (reading,) = read.readings(database)
    assert (reading.account, reading.pool, reading.used, reading.cap) == (
        "glm-a",
        "week",
        7974.0,
        10_000.0,
    )
    assert (reading.source, reading.read_at, reading.resets_at) == ("glm-quota", NOW, RESET)
    ((path, headers),) = host.asked
    assert path == "/api/monitor/usage/quota/limit"
    assert headers["Authorization"] == f"Bearer {SECRET}"


def test_the_key_is_followed_nowhere_else(database: Database) -> None:
    with Host(answer=GOOD).open() as other, Host(status=302).open() as host:
        host.headers["Location"] = f"{other.url}/api/monitor/usage/quota/limit"
        (problem,) = asked(database, host.url, "glm-a")

    assert problem.slug == "live-unanswered"
    assert "sent us elsewhere (HTTP 302)" in problem.text
    assert other.asked == []


@pytest.mark.parametrize(
    ("host", "slug", "said"),
    [
        (Host(status=401, answer="KEY is wrong"), "live-unanswered", "refused the key (HTTP 401)"),
        (Host(status=503), "live-unanswered", "HTTP 503"),
        (Host(answer="<html>KEY</html>"), "json-unreadable", "glm-a: "),
        (Host(answer='{"code": 401, "msg": "bad token KEY"}'), "meter-error", "bad token Bearer"),
        (Host(answer=" " * 2_000_000), "live-unanswered", "more than a meter takes"),
        (Host(answer='{"code": 200, "data": {"limits": []}}'), "nothing-read", "no meter"),
    ],
)
def test_every_other_answer_is_a_problem_without_the_key_in_it(
    database: Database, host: Host, slug: str, said: str
) -> None:
    host = replace(host, repeats_key=True)

    with host.open():
        (problem,) = asked(database, host.url, "glm-a")

    assert (problem.slug, said in problem.text) == (slug, True)
    assert SECRET not in problem.text


def test_a_host_that_hangs_or_is_not_there_is_told_in_a_bounded_time(database: Database) -> None:
    with Host(answer=GOOD, waits=threading.Event()).open() as host:
        (hanging,) = asked(database, host.url, "glm-a", seconds=0.3)
    (gone,) = asked(database, host.url, "glm-a")

    assert [hanging.slug, gone.slug] == ["live-unanswered"] * 2
    assert "127.0.0.1 gave no answer" in hanging.text
    assert "refused" in gone.text


@pytest.mark.parametrize(
    "bad", ["with blank inside", "two\nlines-of-it", "ключ-ключ-ключ", "short"]
)
def test_what_can_be_no_key_is_sent_nowhere_and_not_told(database: Database, bad: str) -> None:
    with Host(answer=GOOD).open() as host:
        (problem,) = asked(database, host.url, "glm-a", environment={"PORTFOLIO_GLM_KEY": bad})

    assert problem.slug == "live-unanswered"
    assert bad not in problem.text
    assert host.asked == []


def test_each_account_is_asked_with_its_own_key(database: Database) -> None:
    keys = {variable_of("glm-a"): SECRET, variable_of("glm-b"): SECRET[::-1]}

    with Host(answer=GOOD).open() as host:
        asked(database, host.url, "glm-a", "glm-b", environment=keys)

    assert sorted(headers["Authorization"] for _, headers in host.asked) == sorted(
        f"Bearer {key}" for key in keys.values()
    )
    assert {one.account for one in read.readings(database)} == {"glm-a", "glm-b"}


def test_a_key_that_could_be_several_accounts_is_not_used(database: Database) -> None:
    with Host(answer=GOOD).open() as host:
        (problem,) = asked(database, host.url, "glm-a", "glm-b")

    assert problem.slug == "live-unanswered"
    assert "PORTFOLIO_GLM_KEY_GLM_A, PORTFOLIO_GLM_KEY_GLM_B" in problem.text
    assert host.asked == []


def test_names_that_make_one_variable_share_no_key() -> None:
    keys, doubt = keys_of(["glm-a", "glm.a"], {variable_of("glm-a"): SECRET})

    assert keys == []
    assert doubt is None


def test_an_account_without_a_key_is_told_how_to_give_one(database: Database) -> None:
    with Host(answer=GOOD).open() as host:
        (problem,) = asked(database, host.url, "glm-a", environment={"PATH": ""})

    assert problem.slug == "live-unanswered"
    assert problem.text == "glm-a: no key is given for its meter: set PORTFOLIO_GLM_KEY"


def test_the_one_of_two_accounts_without_a_key_is_named(database: Database) -> None:
    keys = {variable_of("glm-a"): SECRET}

    with Host(answer=GOOD).open() as host:
        (problem,) = asked(database, host.url, "glm-a", "glm-b", environment=keys)

    assert problem.text.startswith("glm-b: no key")
    assert problem.text.endswith("PORTFOLIO_GLM_KEY_GLM_B")
    assert {one.account for one in read.readings(database)} == {"glm-a"}


def test_where_there_is_no_account_yet_the_key_makes_one(database: Database) -> None:
    with Host(answer=GOOD).open() as host:
        problems = asked(database, host.url)

    assert problems == []
    assert [one.account for one in read.readings(database)] == ["glm-a"]
    (plan,) = logins.plan_sightings(database)
    assert (plan.provider, plan.plan_word, plan.folder) == ("glm", "lite", None)


KEYRING = """
class errors:
    class KeyringError(Exception): pass
def get_password(service, user):
    if user == "locked": raise errors.KeyringError("locked")
    return {("portfolio", "glm"): "key-of-the-keyring", ("portfolio", "glm-b"): "key-of-glm-b"}.get(
        (service, user)
    )
"""


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a keyring."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "keyring.py").write_text(KEYRING, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "lib")
    own = sys.modules.pop("keyring", None)
    yield
    del sys.modules["keyring"]
    if own is not None:
        sys.modules["keyring"] = own


def texts(keys: list[tuple[str | None, Key]]) -> list[tuple[str | None, str | None]]:
    headers = [(account, key.request("https://api.z.ai/x")) for account, key in keys]
    return [(account, request.get_header("Authorization")) for account, request in headers]


@pytest.mark.usefixtures("keyring")
def test_the_keyring_gives_what_the_environment_does_not() -> None:
    one, _ = keys_of(["glm-a"], {})
    two, _ = keys_of(["glm-a", "glm-b"], {variable_of("glm-a"): SECRET})
    locked, _ = keys_of(["locked"], {"PORTFOLIO_GLM_KEY": SECRET})

    assert texts(one) == [("glm-a", "Bearer key-of-the-keyring")]
    assert texts(two) == [("glm-a", f"Bearer {SECRET}"), ("glm-b", "Bearer key-of-glm-b")]
    assert texts(locked) == [("locked", f"Bearer {SECRET}")]


def test_a_key_prints_as_hidden() -> None:
    key = Key(SECRET)

    assert SECRET not in f"{key} {key!r} {vars(type(key))}"
    assert key.hidden_in(f"no such key {SECRET}!") == "no such key ***!"


def test_the_key_is_in_nothing_that_is_printed_or_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    world.ok("init")
    world.ok("account", "add", "glm-a", "--provider", "glm", "--plan", "glm-lite")
    settings = world.home / "portfolio.toml"
    monkeypatch.setenv("PORTFOLIO_GLM_KEY", SECRET)
    monkeypatch.setenv("PATH", str(tmp_path))
    said = ""

    for host in (
        Host(answer=GOOD.replace("lite", "KEY"), repeats_key=True),
        Host(answer='{"code": 1, "msg": "KEY"}', repeats_key=True),
        Host(answer="KEY", status=500, repeats_key=True),
    ):
        with host.open():
            text = settings.read_text(encoding="utf-8").partition("[glm]")[0]
            settings.write_text(text + f'[glm]\nendpoint = "{host.url}"\n', encoding="utf-8")
            for form in ([], ["--json"]):
                done = world.ok("sync", "--live", "--at", "2026-11-03T12:00Z", *form)
                said += done.out + done.err
            assert len(host.asked) == 2
    said += world.ok("readings", "--json").out

    assert "glm-quota" in said
    assert SECRET not in said
    world.let_go()
    kept = [path for path in world.home.rglob("*") if path.is_file()]
    assert world.home / "portfolio.duckdb" in kept
    assert [path.name for path in kept if SECRET.encode() in path.read_bytes()] == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://api.z.ai",
        "https://user@api.z.ai",
        "https://api.z.ai/other/path",
        "https://api.z.ai?x=1",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://",
        "https://api.z.ai:port",
        "",
    ],
)
def test_a_host_that_is_not_safe_for_a_key_is_refused(home: Home, endpoint: str) -> None:
    from portfolio import settings
    from portfolio.errors import SettingError

    text = home.settings_path.read_text(encoding="utf-8").partition("[glm]")[0]
    home.settings_path.write_text(f'{text}[glm]\nendpoint = "{endpoint}"\n', encoding="utf-8")

    with pytest.raises(SettingError, match=r"glm\.endpoint"):
        settings.load(home)


def test_the_host_in_china_can_be_chosen(home: Home) -> None:
    from portfolio import settings

    text = home.settings_path.read_text(encoding="utf-8").partition("[glm]")[0]
    home.settings_path.write_text(
        f'{text}[glm]\nendpoint = "https://open.bigmodel.cn/"\n', encoding="utf-8"
    )

    assert settings.load(home).glm__endpoint == "https://open.bigmodel.cn/"
