from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from io import BytesIO

import pytest

from parsers.records import Occasion
from parsers.rollout_capture import parse_rollout
from parsers.rollouts import read_rollout
from portfolio.ingest.kinds import parser_of, provider_of, recognise
from tests.parsers.rollout_samples import at, context, count, limits, meta, window

OCCASION = Occasion(account="codex-a", read_at=at(9_999), zone=UTC)
ONE = count(5, (10, 0, 1), shown=limits(window(12, 300), window(34.5)))
TWO = count(9, (20, 0, 2), shown=limits(window(13, 300), window(34.5)))


def test_a_rollout_handed_over_gives_the_meters_that_sync_would_take_in() -> None:
    whole = meta("0199-a") + context(1) + ONE + TWO

    found = parse_rollout(whole.decode(), OCCASION)

    told = read_rollout(BytesIO(whole)).readings
    assert found.readings == [replace(one, account="codex-a") for one in told]
    assert {one.read_at for one in found.readings} == {at(5), at(9)}
    assert found.has_own_time


@pytest.mark.parametrize("lines", [ONE, ONE + TWO, ONE + TWO[:-40], meta("0199-a") + ONE])
def test_it_is_known_by_its_shape_in_whole_and_in_part(lines: bytes) -> None:
    kind = recognise(lines.decode())

    assert (kind, provider_of(kind)) == ("codex-rollout", "codex")
    assert parser_of(kind)(lines.decode(), OCCASION).readings


def test_a_rollout_without_meters_is_told() -> None:
    found = parse_rollout((meta("0199-a") + context(1)).decode(), OCCASION)

    assert (found.readings, [one.slug for one in found.problems]) == ([], ["nothing-read"])
    assert not found.has_own_time
