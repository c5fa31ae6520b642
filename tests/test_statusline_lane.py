"""The fast lane: which command lines it takes, and where it finds the home."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest
from platformdirs.macos import MacOS

from portfolio.cli.statusline import asked, home_folder
from portfolio.settings import find_home


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["statusline"], (None, [])),
        (["--home", "/h", "statusline"], ("/h", [])),
        (["--home", "statusline", "statusline"], ("statusline", [])),
        (["statusline", "--wrap", "a b"], (None, ["a b"])),
        (["statusline", "--", "a", "b"], (None, ["a", "b"])),
        (["statusline", "--wrap"], None),
        (["statusline", "--help"], None),
        (["--home", "statusline"], None),
        (["read", "--", "statusline"], None),
        (["readings", "statusline"], None),
    ],
)
def test_the_fast_lane_takes_plain_forms_only(arguments: list[str], wanted: object) -> None:
    assert asked(arguments) == wanted


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("given", [None, "x/../y", "~/z", "/abs", ""])
@pytest.mark.parametrize("named", [None, "", "rel", "~/n", "/n"])
@pytest.mark.parametrize("data", [None, "", "  ", "rel", "/data", "~/d"])
def test_the_home_is_found_as_settings_find_it(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    given: str | None,
    named: str | None,
    data: str | None,
) -> None:
    for name, value in (("PORTFOLIO_HOME", named), ("XDG_DATA_HOME", data)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    if platform == "darwin":
        monkeypatch.setattr(platformdirs, "PlatformDirs", MacOS)

    quick = home_folder(given, os.environ, platform=platform)

    assert Path(quick) == find_home(None if given is None else Path(given)).folder
