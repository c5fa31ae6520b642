from __future__ import annotations

import os
import tomllib
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portfolio.errors import FileUnreadableError, MomentError, NotSetUpError, SettingError
from portfolio.settings import (
    Home,
    Settings,
    find_home,
    key_of,
    load,
    moment,
    monday_before,
    set_value,
    table,
    template,
    week_begins,
    weeks_in,
    write_once,
)

VIENNA = ZoneInfo("Europe/Vienna")


def written(tmp_path: Path, text: str) -> Home:
    home = Home(tmp_path)
    home.settings_path.write_text(text, encoding="utf-8")
    return home


def test_a_new_file_shows_every_setting_and_sets_none(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")

    assert (write_once(home), write_once(home)) == (True, False)
    assert load(home) == Settings()
    for item in fields(Settings):
        assert f"# {item.name.rpartition('__')[2]} = " in template()
        assert f"`{key_of(item.name)}`" in table()


def test_every_commented_default_may_be_uncommented(tmp_path: Path) -> None:
    lines = template().split("\n")
    keys = {item.name.rpartition("__")[2] for item in fields(Settings)}
    text = "\n".join(
        line[2:] if line.startswith("# ") and line[2:].partition(" =")[0] in keys else line
        for line in lines
    )

    assert load(written(tmp_path, text)) == Settings()
    assert len(tomllib.loads(text)["readings"]) == 4


def test_a_home_without_settings_is_not_set_up(tmp_path: Path) -> None:
    with pytest.raises(NotSetUpError) as told:
        load(Home(tmp_path))

    assert told.value.slug == "not-set-up"
    assert not Home(tmp_path).is_set_up()


@pytest.mark.parametrize(
    "text",
    [
        "epoch = ",
        "epoch = 2026-11-02",
        'epoch = "soon"',
        'unknown = "x"',
        "[readings]\nsoon = 1",
        "[readings.before_early_min]\nx = 1",
        "[epoch]\nx = 1",
        'repos = "shop"',
        "repos = [1]",
        'lock_wait_s = "10"',
        "lock_wait_s = true",
        "lock_wait_s = -1",
        "lock_wait_s = nan",
        "lock_wait_s = inf",
        f"lock_wait_s = 1{'0' * 400}",
        'timezone = "Mars/Olympus"',
        'timezone = "Europe"',
        'timezone = "../../etc/passwd"',
        'week_start = "Montag"',
        '[work]\nhours = "9-17"',
        '[work]\nhours = "17:00-09:00"',
        '[work]\nhours = "09:00-24:30"',
        '[work]\nhours = "\u0660\u0669:00-17:00"',
        "[work]\ndays = []",
        '[work]\ndays = ["Montag"]',
        "\x00",
    ],
)
def test_a_line_that_cannot_be_used_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    home = written(tmp_path, text)

    with pytest.raises(SettingError) as told:
        load(home)

    assert (told.value.slug, told.value.where) == ("setting-invalid", str(home.settings_path))


def test_settings_that_are_no_utf_8_or_no_file_are_told(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.settings_path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError):
        load(home)

    home.settings_path.unlink()
    home.settings_path.mkdir()
    with pytest.raises(SettingError):
        load(home)


def test_values_are_read_as_their_types(tmp_path: Path) -> None:
    text = (
        'timezone = "Europe/Vienna"\nrepos = ["/a", "/b"]\nlock_wait_s = 3\n'
        "[readings]\nafter_late_min = 45\n"
    )
    settings = load(written(tmp_path, text))

    assert (settings.zone, settings.repos) == (VIENNA, ("/a", "/b"))
    assert (settings.lock_wait_s, settings.readings__after_late_min) == (3.0, 45.0)


def test_setting_a_value_keeps_comments_and_order(tmp_path: Path) -> None:
    home = written(tmp_path, template())
    set_value(home, "epoch", "2026-11-02T00:00:00+00:00")
    set_value(home, "repos", ["/a b", '/c "d"'])
    set_value(home, "epoch", "2026-10-26T00:00:00+00:00")

    text = home.settings_path.read_text(encoding="utf-8")
    assert load(home).epoch == "2026-10-26T00:00:00+00:00"
    assert load(home).repos == ("/a b", '/c "d"')
    assert [line for line in text.split("\n") if line.startswith("#") or "[" in line[:1]] == [
        line for line in template().split("\n") if line.startswith("#") or "[" in line[:1]
    ]
    assert list(tmp_path.iterdir()) == [home.settings_path]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# epoch = none",
        'repos = ["/x"]',
        "[readings]\nafter_late_min = 45",
        "[readings]\n# epoch = here\nafter_late_min = 45\n",
        'repos = [\n  "/x",\n]\n[readings]\n',
        "# a comment\r\n# epoch = ''\r\n[readings]\r\n",
    ],
)
def test_a_value_is_set_at_the_top_whatever_the_user_made_of_the_file(
    tmp_path: Path, text: str
) -> None:
    home = written(tmp_path, text)
    before = load(home)

    set_value(home, "epoch", "2026-11-02")

    after = load(home)
    assert after.epoch == "2026-11-02"
    assert (after.repos, after.readings__after_late_min) == (
        before.repos,
        before.readings__after_late_min,
    )


def test_a_link_to_the_settings_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    own = tmp_path / "dotfiles" / "portfolio.toml"
    own.write_text(template(), encoding="utf-8")
    home = Home(tmp_path)
    home.settings_path.symlink_to(own)

    set_value(home, "epoch", "2026-11-02")

    assert home.settings_path.is_symlink()
    assert 'epoch = "2026-11-02"' in own.read_text(encoding="utf-8")


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for folder in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(FileUnreadableError):
            write_once(Home(folder))


def test_the_home_is_the_given_one_else_the_environment_s_else_the_platform_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PORTFOLIO_HOME", "~/mine")

    assert find_home(Path("here")).folder == tmp_path / "here"
    assert find_home(None).folder == tmp_path / "mine"
    assert find_home(None).store_path == tmp_path / "mine" / "portfolio.duckdb"

    monkeypatch.setenv("PORTFOLIO_HOME", "")
    assert find_home(None).folder.name == "portfolio"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-03", "2026-11-02T23:00:00+00:00"),
        (" 2026-11-03T09:00 ", "2026-11-03T08:00:00+00:00"),
        ("2026-07-03T09:00", "2026-07-03T07:00:00+00:00"),
        ("2026-11-03T09:00Z", "2026-11-03T09:00:00+00:00"),
        ("2026-11-03T09:00+05:30", "2026-11-03T03:30:00+00:00"),
    ],
)
def test_a_time_without_a_zone_is_in_the_settings_zone(text: str, expected: str) -> None:
    assert moment(text, zone=VIENNA).isoformat() == expected


@hypothesis_settings(database=None, deadline=None)
@given(
    st.text() | st.sampled_from(["0001-01-01", "9999-12-31T23:59", "٢٠٢٦-١١-٠٣", "25:61", "now"])
)
def test_any_text_is_a_moment_or_an_error_of_ours(text: str) -> None:
    for zone in (UTC, VIENNA, ZoneInfo("America/New_York")):
        try:
            assert moment(text, zone=zone).tzinfo is UTC
        except MomentError:
            continue


def test_what_is_no_time_is_told() -> None:
    with pytest.raises(MomentError, match="'soon' is no time") as told:
        moment("soon", zone=UTC)

    assert told.value.slug == "moment-unreadable"


@pytest.mark.parametrize("text", ["0001-01-02", "1969-12-31", "2200-01-01", "9999-12-31T23:59"])
def test_a_year_nobody_works_in_is_no_time(text: str) -> None:
    with pytest.raises(MomentError, match="is no time"):
        moment(text, zone=UTC)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", ":UTC", "Europe", "EST5EDT,M3.2.0,M11.1.0", "?"])
def test_the_machine_s_zone_has_rules_whatever_tz_says(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)

    assert datetime(2026, 11, 3, tzinfo=Settings().zone).utcoffset() is not None
    if zone == "Asia/Kolkata":
        assert moment("2026-11-03", zone=Settings().zone).hour == 18


def test_a_week_begins_at_local_midnight_over_a_change_of_the_clock() -> None:
    sunday = datetime(2026, 10, 25, 12, tzinfo=UTC)  # Vienna left summer time in the night before

    assert monday_before(sunday, VIENNA) == datetime(2026, 10, 18, 22, tzinfo=UTC)
    begins = week_begins(sunday, VIENNA, first_day="sunday")
    assert begins == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert os.environ.get("TZ") is None or begins.tzinfo is UTC


def test_the_weeks_of_a_span_begin_at_local_midnight_over_a_change_of_the_clock() -> None:
    since, until = (datetime(2026, *day, 12, tzinfo=UTC) for day in ((10, 20), (11, 2)))

    found = weeks_in(since, until, VIENNA, first_day="monday")

    assert found == [
        datetime(2026, 10, 18, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 23, tzinfo=UTC),
        datetime(2026, 11, 1, 23, tzinfo=UTC),
    ]
    assert weeks_in(since, found[2], VIENNA, first_day="monday") == found[:2]


def test_a_file_that_was_hidden_from_others_stays_hidden_when_it_is_changed(home: Home) -> None:
    home.settings_path.chmod(0o600)

    set_value(home, "epoch", "2026-11-02")

    assert home.settings_path.stat().st_mode & 0o777 == 0o600
