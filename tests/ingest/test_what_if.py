"""The file of suppositions: what it may say, and where it is wrong."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from portfolio.errors import FileUnreadableError, WhatIfError
from portfolio.ingest import what_if
from portfolio.ingest.what_if import WhatIf, read_what_if

PROVIDERS = {"claude-pro": "claude", "claude-max": "claude", "codex-plus": "codex"}
WHOLE = """\
demand = 120

[prices]
claude-max = 80

[caps]
claude-pro = 0.5
codex-plus = { week = 2 }

[[plans]]
plan = "cursor-pro"
provider = "cursor"
price_usd = 20
promo_usd = 10
promo_months = 2
least_months = 1
features_month = { S = 60, M = 20, L = 7 }

[[plans]]
plan = "claude-max"
times = 5
of = "claude-pro"
"""


def read(tmp_path: Path, text: str, name: str = "what.toml") -> WhatIf:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_what_if(path, providers=PROVIDERS)


def wrong(tmp_path: Path, text: str, name: str = "what.toml") -> WhatIfError:
    with pytest.raises(WhatIfError) as caught:
        read(tmp_path, text, name)
    return caught.value


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)

    assert (found.demand, found.prices) == (120.0, {"claude-max": 80.0})
    assert found.caps == {("claude-pro", ""): 0.5, ("codex-plus", "week"): 2.0}
    cursor, claude = found.plans
    assert (cursor.provider, cursor.price_usd, cursor.promo_usd) == ("cursor", 20.0, 10.0)
    assert (cursor.promo_months, cursor.least_months) == (2, 1)
    assert cursor.features_month == {"S": 60.0, "M": 20.0, "L": 7.0}
    assert (claude.provider, claude.times, claude.of) == ("claude", 5.0, "claude-pro")
    assert (claude.price_usd, claude.features_month) == (None, {})


def test_the_same_as_json_says_the_same(tmp_path: Path) -> None:
    as_json = json.dumps(tomllib.loads(WHOLE))

    assert read(tmp_path, as_json, "what.json") == read(tmp_path, WHOLE)
    assert read(tmp_path, as_json, "what.txt") == read(tmp_path, WHOLE)


def test_one_number_of_features_is_at_ones_own_mix(tmp_path: Path) -> None:
    found = read(tmp_path, '[[plans]]\nplan = "claude-max"\nfeatures_month = 90\n')

    assert found.plans[0].features_month == {"": 90.0}


def test_a_plan_that_the_file_brings_in_may_be_named_by_the_next(tmp_path: Path) -> None:
    text = (
        '[[plans]]\nplan = "x-one"\nprovider = "x"\nprice_usd = 9\nfeatures_month = 9\n'
        '[[plans]]\nplan = "x-two"\nprovider = "x"\nprice_usd = 19\ntimes = 3\nof = "x-one"\n'
        "[prices]\nx-one = 8\n"
    )

    assert [one.plan for one in read(tmp_path, text).plans] == ["x-one", "x-two"]


def test_an_empty_file_supposes_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "") == WhatIf()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("demand = 'many'\n", 1, "demand is no number: 'many'"),
        ("\ndemand = 0\n", 2, "demand is not above 0 up to"),
        ("\ndemand = true\n", 2, "demand is no number: True"),
        ("demand = nan\n", 1, "demand is not above 0"),
        ("[prices]\nclaude-pro = 20\nclaude-max = -1\n", 3, "prices.claude-max is not from 0"),
        ("[prices]\nclaude-mix = 1\n", 2, "no plan of the catalogue (do you mean claude-max"),
        ("prices = 3\n", 1, "prices is no table"),
        ("[caps]\nclaude-pro = { weak = 2 }\n", 2, "caps.claude-pro.weak is no pool"),
        ("[caps.claude-pro]\nweek = 0\n", 2, "caps.claude-pro.week is not above 0"),
        ("demnad = 3\n", 1, "demnad is no key we know (demand, prices"),
        ("plans = 3\n", 1, "plans is no list of plans"),
        ("[[plans]]\nprice_usd = 3\n", 1, "plans needs plan, its id"),
        ("[[plans]]\nplan = 'new'\n", 2, "'new' is new: it needs provider"),
        (
            "[[plans]]\nplan = 'claude-max'\n[[plans]]\nplan = 'claude-pro'\nprcie = 3\n",
            5,
            "plans.prcie is no key we know",
        ),
        ("[[plans]]\nplan = 'claude-max'\ntimes = 5\n", 1, "needs both times and of"),
        ("[[plans]]\nplan = 'claude-max'\npromo_usd = 5\n", 1, "needs both promo_usd and"),
        ("[[plans]]\nplan = 'claude-max'\ntimes = 5\nof = 'x'\n", 4, "plans.of is no plan of"),
        ("[[plans]]\nplan = 'claude-max'\nleast_months = 1.5\n", 3, "no whole number of months"),
        ("[[plans]]\nplan = 'claude-max'\nfeatures_month = { XL = 3 }\n", 3, "XL is no key"),
        ("[[plans]]\nplan = 'claude-max'\nfeatures_month = { S = 0 }\n", 3, "S is not above 0"),
        ("demand = \n", 1, "is no TOML"),
        ("x = 1\n= 2\n", 2, "is no TOML"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line_and_key(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    error = wrong(tmp_path, text)

    assert error.slug == "what-if-invalid"
    assert error.where == f"{tmp_path / 'what.toml'}, line {line}"
    assert words in error.what


def test_a_slip_in_json_is_named_with_its_line(tmp_path: Path) -> None:
    assert wrong(tmp_path, '{\n\n"demand" 3}\n', "what.json").where == (
        f"{tmp_path / 'what.json'}, line 3"
    )
    error = wrong(tmp_path, '{"plans": [{"plan": "claude-max"},\n {"plan": "nobodys"}]}', "w.json")
    assert error.where == f"{tmp_path / 'w.json'}, line 2"
    assert "'nobodys' is new" in error.what


def test_what_is_no_text_or_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "what.toml"
    with pytest.raises(FileUnreadableError):
        read_what_if(path, providers=PROVIDERS)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(WhatIfError, match="no text in UTF-8"):
        read_what_if(path, providers=PROVIDERS)


def test_the_head_of_the_module_shows_a_file_that_is_taken(tmp_path: Path) -> None:
    shown = (what_if.__doc__ or "").split("\n\n", 1)[1].rsplit("\n\n", 1)[0]

    assert len(read(tmp_path, shown.replace("cursor-pro", "x")).plans) == 1


def test_the_file_that_the_docs_show_is_taken(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "planning.md").read_text()
    shown = page.partition("```toml\n")[2].partition("```")[0]

    found = read(tmp_path, shown)

    assert [one.plan for one in found.plans] == ["cursor-pro", "claude-max"]
    assert found.demand == 120.0
