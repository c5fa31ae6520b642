from __future__ import annotations

from pathlib import Path

import pytest

from portfolio.errors import CatalogueError
from portfolio.store.catalogue import Catalogue, read_catalogue

FACT = '\nas_of = 2026-10-06\nsource = "a page"\n'
PLAN = '[[plan]]\nid = "x"\nprovider = "x"\nname = "X"\n'
PRICE = f'{PLAN}[[plan.price]]\nusd_month = 20\nbilling = "monthly"{FACT}'
POOL = f'{PLAN}[[plan.pool]]\npool = "week"\nunit = "pp"{FACT}'


def written(tmp_path: Path, text: str) -> Catalogue:
    path = tmp_path / "plans.toml"
    path.write_text(text, encoding="utf-8")
    return read_catalogue(path)


def test_a_sound_fact_is_read(tmp_path: Path) -> None:
    assert written(tmp_path, PRICE).plan("x").prices[0].usd_month == 20.0
    assert written(tmp_path, POOL).plan("x").pools[0].pool == "week"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[plan]]",
        PRICE.replace("= 20", "= -1"),
        PRICE.replace("monthly", "weekly"),
        PRICE.replace("as_of", "seen"),
        PRICE.replace("a page", " "),
        POOL.replace('"week"', '"fortnight"'),
        POOL.replace('"pp"', '"tokens"'),
        POOL.replace('"pp"', '"pp"\ncap = 0'),
        POOL.replace('"pp"', '"pp"\ntimes = 5'),
    ],
)
def test_a_fact_that_cannot_be_used_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogueError) as told:
        written(tmp_path, text)

    assert told.value.slug == "catalogue-invalid"
    assert told.value.where == str(tmp_path / "plans.toml")
