from __future__ import annotations

import json
import os
import shlex
import stat
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.json_members import raw_value, with_member, with_raw_member, without_member
from portfolio.commands import client_changes
from portfolio.commands.client_changes import (
    Offer,
    make,
    offer_statusline,
    offer_transcripts,
    offers_to_uninstall,
    settings_files,
    undo,
)
from portfolio.errors import ClientSettingsError
from portfolio.ingest.client_settings import (
    is_ours,
    read_settings,
    settings_paths,
    transcripts_kept,
    wrapped_in,
)
from portfolio.ingest.machine import Machine
from portfolio.model import AccountSpan
from portfolio.settings import Home
from portfolio.store import write
from portfolio.store.opening import opened

OURS = "/opt/bin/portfolio statusline"
FORMS = {
    "indented": '{\n    "env": {"TOKEN": "k"},\n    "statusLine": {\n        "type": "command",\n'
    '        "command": "~/line.sh \\"a b\\"",\n        "padding": 0\n    },\n'
    '    "model": "opus"\n}\n',
    "one-line": '{"model":"opus","statusLine":{"type":"command","command":"echo hi"},"a":[1,2.50]}',
    "tabs-crlf": '{\r\n\t"model": "opus",\r\n\t"theme": "dark"\r\n}\r\n',
    "no-statusline": '{\n  "model": "opus"\n}',
    "null": '{\n  "statusLine": null,\n  "model": "opus"\n}\n',
    "empty-object": "{}",
    "spread-empty": "{\n\n}\n",
    "mark": '\ufeff{\n  "model": "opus"\n}\n',
    "twice": '{"statusLine": 1, "statusLine": {"command": "x", "type": "command"}}',
    "foreign-letters": '{"statusLine": {"type": "command", "command": "echo \\u00e9 é"}}',
}


class Client:
    """A user with Claude Code and our home."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "data")
        self.machine = Machine(home=folder)
        self.path = folder / ".claude" / "settings.json"
        self.path.parent.mkdir()

    def write(self, text: str) -> None:
        self.path.write_bytes(text.encode())

    def text(self) -> str:
        return self.path.read_bytes().decode()

    def install(self, ours: str = OURS) -> Offer:
        offer = offer_statusline(self.path, ours=ours)
        if offer.is_needed:
            make(offer, self.home)
        return offer

    def keep(self, days: int) -> None:
        make(offer_transcripts(self.path, days=days), self.home)

    def uninstall(self) -> list[Offer]:
        offers = [*offers_to_uninstall(self.machine, self.home)]
        for offer in offers:
            undo(offer, self.home)
        return offers


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def _command(text: str) -> str:
    command: str = json.loads(text.removeprefix("\ufeff"))["statusLine"]["command"]
    return command


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_uninstall_puts_every_byte_back(client: Client, text: str) -> None:
    client.write(text)
    client.install()
    assert is_ours(_command(client.text()))

    client.uninstall()

    assert client.text() == text
    assert client.uninstall() == []


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_other_setting_stays_in_its_order_and_form(client: Client, text: str) -> None:
    client.write(text)
    before = json.loads(text.removeprefix("\ufeff"))

    client.install()

    after = json.loads(client.text().removeprefix("\ufeff"))
    assert {**after, "statusLine": None} == {**before, "statusLine": None}
    assert [key for key in after if key in before] == [*before]
    if "\r\n" in text:
        assert client.text().count("\n") == client.text().count("\r\n")


def test_the_command_that_was_there_is_wrapped_and_keeps_its_other_settings(
    client: Client,
) -> None:
    client.write(FORMS["indented"])

    client.install()

    line = json.loads(client.text())["statusLine"]
    assert (line["type"], line["padding"]) == ("command", 0)
    assert shlex.split(line["command"]) == [
        "/opt/bin/portfolio",
        "statusline",
        "--wrap",
        '~/line.sh "a b"',
    ]


def test_settings_that_were_not_there_are_made_and_taken_away_again(client: Client) -> None:
    client.install()
    assert client.text() == (
        '{\n  "statusLine": {\n    "type": "command",\n'
        '    "command": "/opt/bin/portfolio statusline"\n  }\n}\n'
    )

    client.uninstall()

    assert not client.path.exists()


def test_doing_it_again_changes_nothing(client: Client) -> None:
    client.write(FORMS["indented"])
    client.install()
    once = client.text()

    assert not client.install().is_needed
    assert client.text() == once


def test_our_program_that_moved_is_pointed_at_anew_and_wraps_what_it_wrapped(
    client: Client,
) -> None:
    client.write(FORMS["indented"])
    client.install()

    client.install("/new/portfolio --home /h statusline")

    assert wrapped_in(_command(client.text())) == '~/line.sh "a b"'
    assert _command(client.text()).startswith("/new/portfolio --home /h statusline --wrap ")
    client.uninstall()
    assert client.text() == FORMS["indented"]


@pytest.mark.parametrize("name", [name for name in FORMS if name not in ("null", "twice")])
def test_what_the_user_changed_since_stays_when_ours_is_taken_out(
    client: Client, name: str
) -> None:
    client.write(FORMS[name])
    client.install()
    client.write(with_member(client.text(), "added", [1, {"x": None}]))
    wanted = json.loads(with_member(FORMS[name], "added", [1, {"x": None}]).lstrip("\ufeff"))

    client.uninstall()

    assert json.loads(client.text().removeprefix("\ufeff")) == wanted


def test_a_statusline_that_the_user_set_since_is_left_alone(client: Client) -> None:
    client.write(FORMS["indented"])
    client.install()
    own = with_member(client.text(), "statusLine", {"type": "command", "command": "mine"})
    client.write(own)

    assert client.uninstall() == []
    assert client.text() == own


def test_ours_is_found_and_taken_out_where_no_record_of_it_is(client: Client) -> None:
    client.write(FORMS["indented"])
    client.install()

    home = Home(client.home.folder.parent / "other")
    (offer,) = offers_to_uninstall(client.machine, home)
    undo(offer, home)

    assert client.text() == FORMS["indented"]


def test_a_statusline_that_will_not_be_run_is_told(client: Client) -> None:
    client.write('{"disableAllHooks": true}')

    change = make(offer_statusline(client.path, ours=OURS), client.home)

    assert (change.hint or "").startswith("disableAllHooks is true")


def test_where_the_copy_from_before_is_gone_ours_is_taken_out(client: Client) -> None:
    client.write(FORMS["indented"])
    client.install()
    for copy in (client.home.folder / "clients").glob("*.settings.json"):
        copy.unlink()

    client.uninstall()

    assert client.text() == FORMS["indented"]


def test_days_that_transcripts_are_kept_stay_when_the_statusline_goes(client: Client) -> None:
    client.write(FORMS["indented"])
    client.install()
    client.keep(3650)

    client.uninstall()

    assert client.text() == FORMS["indented"].replace(
        '{\n    "env"', '{\n    "cleanupPeriodDays": 3650,\n    "env"'
    )


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "// mine\n{}", '{"a": NaN}', "{" * 100_000, '{"a": 1}}', "\udcff"],
    ids=["empty", "torn", "list", "comment", "nan", "deep", "more", "binary"],
)
def test_settings_that_are_no_json_are_an_error_and_stay(client: Client, text: str) -> None:
    raw = text.encode("utf-8", "surrogateescape")
    client.path.write_bytes(raw)

    for act in (client.install, lambda: client.keep(9), client.uninstall):
        with pytest.raises(ClientSettingsError) as caught:
            act()
        assert caught.value.slug == "client-settings"
        assert caught.value.where == str(client.path)
    assert client.path.read_bytes() == raw


@pytest.mark.parametrize("line", ['"x"', "[]", '{"type": "static"}', '{"command": 7}'])
def test_a_statusline_that_cannot_be_wrapped_is_an_error(client: Client, line: str) -> None:
    client.write(f'{{"statusLine": {line}}}')

    with pytest.raises(ClientSettingsError, match="no command"):
        client.install()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipe has a name there")
def test_a_pipe_in_place_of_settings_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.json")

    with pytest.raises(ClientSettingsError, match="is no file"):
        read_settings(tmp_path / "settings.json")


def test_a_machine_without_claude_code_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ClientSettingsError, match="no folder here"):
        settings_paths(Machine(home=tmp_path))


@pytest.mark.parametrize("act", [make, undo])
def test_a_file_that_changed_since_it_was_shown_is_not_touched(
    client: Client, act: Callable[[Offer, Home], object]
) -> None:
    client.write(FORMS["indented"])
    offer = offer_statusline(client.path, ours=OURS)
    client.write("{}")

    with pytest.raises(ClientSettingsError, match="changed since"):
        act(offer, client.home)

    assert client.text() == "{}"


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions are others there")
def test_links_and_permissions_stay(client: Client, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "claude.json"
    real.parent.mkdir()
    real.write_text(FORMS["indented"])
    real.chmod(0o640)
    client.path.symlink_to(real)

    client.install()

    assert client.path.is_symlink()
    assert is_ours(_command(real.read_text()))
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    client.uninstall()
    assert (client.path.is_symlink(), real.read_text()) == (True, FORMS["indented"])


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_what_was_there_before_is_kept_for_the_users_eyes_alone(client: Client) -> None:
    client.write(FORMS["indented"])

    change = make(offer_statusline(client.path, ours=OURS), client.home)

    assert change.backup is not None
    backup = Path(change.backup)
    assert backup.read_text() == FORMS["indented"]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_settings_that_cannot_be_written_are_an_error_and_stay(client: Client) -> None:
    client.write("{}")
    client.path.with_name(f".settings.json.{os.getpid()}").mkdir()  # stands where it is written

    with pytest.raises(ClientSettingsError, match="cannot be written"):
        client.install()

    assert client.text() == "{}"


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_only_lines_that_change_are_shown(client: Client, text: str) -> None:
    client.write(text)

    lines = client_changes.diff(offer_statusline(client.path, ours=OURS))

    assert lines[0] == f"--- {client.path}"
    assert any(line.startswith("+") and OURS in line for line in lines[2:])
    assert not any("TOKEN" in line or '"opus"' in line for line in lines)


def test_the_folder_of_the_environment_and_those_of_accounts_are_meant(
    home: Home, tmp_path: Path, now: datetime
) -> None:
    machine = Machine(home=tmp_path, environment={"CLAUDE_CONFIG_DIR": str(tmp_path / "work")})
    spans = [
        ("claude-a", "claude", "~/own"),
        ("claude-b", "claude", "~/gone"),
        ("glm-a", "glm", "~/z"),
    ]
    with opened(home.store_path) as database:
        for account, provider, folder in spans:
            span = AccountSpan(
                account=account,
                span=0,
                provider=provider,
                plan=None,
                since=None,
                until=None,
                folder=folder,
            )
            write.account_span(database, span, now=now)
    for name in (".claude", "work", "own", "z"):
        (tmp_path / name).mkdir()

    paths = settings_files(home, machine, wait_s=1)

    assert paths == [tmp_path / "work" / "settings.json", tmp_path / "own" / "settings.json"]
    for path in paths:
        make(offer_statusline(path, ours=OURS), home)
    gone = [offer.path for offer in offers_to_uninstall(Machine(home=tmp_path), home)]
    assert sorted(gone) == sorted(paths)


@pytest.mark.parametrize(
    ("command", "ours", "wrapped"),
    [
        ("portfolio statusline", True, None),
        ("/a b/portfolio statusline", False, None),
        ("'/a b/portfolio' --home '/x y' statusline --wrap 'a \"b\"'", True, 'a "b"'),
        ("C:/x/portfolio.exe statusline", True, None),
        ("/usr/bin/python3 -m portfolio.cli statusline --wrap x", True, "x"),
        ("portfolio report", False, None),
        ("echo portfolio statusline", False, None),
        ("npx ccstatusline", False, None),
        ("it's", False, None),
        ("", False, None),
    ],
)
def test_a_command_is_known_as_ours(command: str, *, ours: bool, wrapped: str | None) -> None:
    assert (is_ours(command), wrapped_in(command)) == (ours, wrapped)


@pytest.mark.parametrize(
    ("text", "days", "is_said"),
    [
        (None, 30, False),
        ("{}", 30, False),
        ('{"cleanupPeriodDays": 99999}', 99999, True),
        ('{"cleanupPeriodDays": 0}', 0, True),
        ('{"cleanupPeriodDays": "40"}', 30, False),
        ('{"cleanupPeriodDays": true}', 30, False),
        ('{"cleanupPeriodDays": -1}', 30, False),
        ("{nonsense", 30, False),
    ],
)
def test_how_long_transcripts_are_kept_is_told_with_its_source(
    client: Client, *, text: str | None, days: int, is_said: bool
) -> None:
    (client.path.parent / "projects").mkdir()
    if text is not None:
        client.write(text)

    (kept,) = transcripts_kept(client.machine)

    assert kept == (client.path.parent, days, client.path if is_said else None)


def test_a_machine_without_transcripts_keeps_none(client: Client) -> None:
    assert transcripts_kept(client.machine) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(), JSON, max_size=4)
INDENTS = st.sampled_from([None, 0, 1, 2, "\t"])


@given(OBJECTS, INDENTS, st.sampled_from(["\n", "\r\n"]), st.text(), JSON)
def test_a_member_that_is_set_and_taken_out_leaves_the_text_as_it_was(
    document: dict[str, object],
    indent: int | str | None,
    line_end: str,
    name: str,
    value: object,
) -> None:
    document.pop(name, None)
    text = json.dumps(document, indent=indent, ensure_ascii=False).replace("\n", line_end)

    changed = with_member(text, name, value)  # type: ignore[arg-type]

    assert json.loads(changed) == {**document, name: value}
    assert json.loads(raw_value(changed, name) or "") == value
    assert [*json.loads(changed)] == [name, *document]
    assert without_member(changed, name) == text


@given(OBJECTS.filter(bool), INDENTS, st.data())
def test_a_member_that_is_set_to_something_else_and_back_leaves_the_text_as_it_was(
    document: dict[str, object], indent: int | str | None, data: st.DataObject
) -> None:
    text = json.dumps(document, indent=indent)
    name = data.draw(st.sampled_from(sorted(document)))
    raw = raw_value(text, name)

    changed = with_member(text, name, "else")

    assert raw is not None
    assert json.loads(changed) == {**document, name: "else"}
    assert with_raw_member(changed, name, raw) == text


@given(OBJECTS.filter(bool), INDENTS, st.data())
def test_any_member_can_be_taken_out(
    document: dict[str, object], indent: int | str | None, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(document)))

    left = without_member(json.dumps(document, indent=indent), name)

    assert json.loads(left) == {key: one for key, one in document.items() if key != name}


def test_half_a_character_in_a_value_is_written_as_it_was_read() -> None:
    said = json.loads('"\\ud83d"')

    text = with_member('{"a": 1}', "b", {"command": said})

    assert text.isascii()
    assert json.loads(text)["b"] == {"command": said}
