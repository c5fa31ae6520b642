from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime
from itertools import permutations, product
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.records import Turn
from portfolio.store import turns
from portfolio.store.opening import opened, transaction
from portfolio.store.turns import FoundTurns, LogState
from tests.stores import place_empty

if TYPE_CHECKING:
    from pathlib import Path

    from portfolio.store.opening import Database

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
NOON_US = int(NOON.timestamp()) * 1_000_000

BASE = Turn(
    source="claude",
    message="msg_1",
    request="req_1",
    session="s1",
    turn_us=NOON_US,
    model="claude-opus-4-7",
    cwd="/home/u/shop",
    branch="main",
    input_tokens=1,
    output_tokens=2,
    cache_read_tokens=3,
    cache_write_tokens=4,
    cache_write_1h_tokens=0,
    is_sidechain=False,
    has_speed=False,
)


def add(database: Database, *found: Turn, origin: str = "a.jsonl") -> int:
    with transaction(database):
        located = FoundTurns(found, "/home/u/.claude", origin)
        return turns.add(database, [located], now=NOON)


def current(database: Database) -> list[Turn]:
    rows = database.execute(
        "SELECT source, message, request, session, epoch_us(turn_at), model, cwd, branch,"
        " input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,"
        " cache_write_1h_tokens, is_sidechain, has_speed FROM current_turn ORDER BY ALL"
    ).fetchall()
    return [Turn._make(row) for row in rows]


def stored(database: Database) -> int:
    return int(database.execute("SELECT count(*) FROM turn").fetchall()[0][0])


def test_a_turn_comes_back_as_it_was(database: Database) -> None:
    odd = BASE._replace(
        message='a "b", \\N', session="", cwd="C:\\work, too\\ä", branch=None, request=""
    )

    assert add(database, odd, BASE) == 2
    assert current(database) == sorted([odd, BASE])
    where = database.execute("SELECT DISTINCT folder, origin FROM current_turn").fetchall()
    assert where == [("/home/u/.claude", "a.jsonl")]


def test_text_of_every_sort_is_kept_but_for_half_characters(database: Database) -> None:
    odd = BASE._replace(branch="a\x00b\x1f\n\u2028", session="null", cwd="[1]")
    add(database, odd, BASE._replace(message="m2", branch="a\ud800"))

    assert [turn.branch for turn in current(database)] == ["a?", odd.branch]
    assert odd in current(database)


def test_the_same_turns_again_add_no_row(database: Database) -> None:
    placeholder = BASE._replace(output_tokens=0)
    add(database, BASE)

    assert add(database, placeholder, BASE) == 0
    assert add(database, BASE, BASE._replace(session="s2", turn_us=NOON_US + 5)) == 0
    assert (stored(database), current(database)) == (1, [BASE])


def test_a_whole_line_takes_the_place_of_its_placeholder_and_adds_no_turn(
    database: Database,
) -> None:
    assert add(database, BASE._replace(output_tokens=0)) == 1
    assert add(database, BASE) == 0
    assert (stored(database), current(database)) == (2, [BASE])


def test_a_log_copied_to_another_folder_gives_its_turns_to_one_whichever_was_read_first(
    tmp_path: Path,
) -> None:
    found = []
    for place, folders in enumerate(permutations(["/home/u/.claude", "/home/u/.work"])):
        with opened(place_empty(tmp_path / f"{place}.duckdb")) as database:
            added = []
            for folder in folders:
                with transaction(database):
                    located = FoundTurns([BASE], folder, "a.jsonl")
                    added.append(turns.add(database, [located], now=NOON))
            rows = database.execute("SELECT folder FROM current_turn").fetchall()
            found.append((added, rows))

    assert found == [([1, 0], [("/home/u/.claude",)])] * 2


def test_a_helpers_replay_is_not_counted_whichever_comes_first(database: Database) -> None:
    replay = BASE._replace(request="req_2", is_sidechain=True, output_tokens=999)
    other = BASE._replace(message="msg_2", is_sidechain=True)

    assert add(database, replay, other) == 2
    assert add(database, BASE) == 0
    assert add(database, replay._replace(request="req_3")) == 0
    assert current(database) == [BASE, other]


def test_a_line_that_names_no_request_is_one_of_those_that_do(database: Database) -> None:
    nameless = BASE._replace(request="", output_tokens=999)

    assert add(database, nameless) == 1
    assert add(database, BASE) == 0
    assert current(database) == [BASE]


def test_codex_and_claude_never_share_an_answer(database: Database) -> None:
    codex = BASE._replace(source="codex", is_sidechain=True)

    assert add(database, codex, BASE) == 2


def test_a_line_of_any_length_is_taken(database: Database) -> None:
    long = BASE._replace(branch="x" * 3_000_000)

    assert add(database, long, BASE._replace(message="m2")) == 2
    assert long in current(database)


def test_no_turns_are_no_work(database: Database) -> None:
    assert add(database) == 0


def oracle(lines: list[Turn]) -> list[Turn]:
    """Say by brute force which lines count."""
    by_request: dict[tuple[str, str], list[Turn]] = defaultdict(list)
    for line in lines:
        by_request[line.message, line.request].append(line)
    best = [max(same, key=lambda line: line.rank) for same in by_request.values()]
    return sorted(
        line
        for line in best
        if not any(
            line.message == other.message
            and (
                (line.is_sidechain and not other.is_sidechain)
                or (line.request == "" and other.request != "")
            )
            for other in lines
        )
    )


LINES = st.builds(
    BASE._replace,
    message=st.sampled_from(("m1", "m2", "m3")),
    request=st.sampled_from(("r1", "r2", "")),
    session=st.sampled_from(("s1", "s2")),
    turn_us=st.sampled_from((NOON_US, NOON_US + 1)),
    branch=st.sampled_from(("main", None)),
    output_tokens=st.integers(0, 2),
    cache_read_tokens=st.integers(0, 2),
    is_sidechain=st.booleans(),
    has_speed=st.booleans(),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=1, max_size=14), st.randoms(use_true_random=False), st.data())
def test_whatever_the_order_and_the_parts_what_counts_is_the_same(
    database: Database, lines: list[Turn], chance: random.Random, data: st.DataObject
) -> None:
    database.execute("DELETE FROM turn")
    added = 0
    for again in range(2):
        chance.shuffle(lines)
        at = 0
        while at < len(lines):
            size = data.draw(st.integers(1, len(lines)))
            added += add(database, *lines[at : at + size])
            at += size
        assert current(database) == oracle(lines), again
    assert added == len(oracle(lines))


def test_the_order_of_lines_in_python_is_the_one_in_sql(database: Database) -> None:
    lines = [
        BASE._replace(
            is_sidechain=side, has_speed=speed, output_tokens=output, session=session, cwd=cwd
        )
        for side, speed, output, session, cwd in product(
            (True, False), (True, False), (1, 2), ("s1", "é"), (None, "", "/x")
        )
    ]
    rows = database.execute(
        "SELECT turn_rank(a.is_sidechain, 1, a.output_tokens, 1, 1, 0, a.has_speed, now(), '',"
        " a.session, a.cwd, NULL) >= turn_rank(b.is_sidechain, 1, b.output_tokens, 1, 1, 0,"
        " b.has_speed, now(), '', b.session, b.cwd, NULL) FROM"
        " (SELECT unnest($lines, recursive := true)) a, (SELECT unnest($lines, recursive := true))"
        " b ORDER BY a.no, b.no",
        {
            "lines": [
                {
                    "no": no,
                    "is_sidechain": line.is_sidechain,
                    "has_speed": line.has_speed,
                    "output_tokens": line.output_tokens,
                    "session": line.session,
                    "cwd": line.cwd,
                }
                for no, line in enumerate(lines)
            ]
        },
    ).fetchall()

    assert [row[0] for row in rows] == [a.rank >= b.rank for a in lines for b in lines]


def test_settling_tells_anew_which_lines_count(database: Database) -> None:
    add(database, BASE._replace(output_tokens=0))
    add(database, BASE, BASE._replace(message="m2"))
    right = current(database)
    database.execute("UPDATE turn SET is_superseded = NOT is_superseded")

    turns.settle(database)

    assert current(database) == right


STATE = LogState(
    path="/home/u/.claude/projects/x/a.jsonl",
    folder="/home/u/.claude",
    source="claude",
    reader=1,
    size=100,
    modified_ns=1,
    end_offset=90,
    seam="abc",
    carry="{}",
    lines_read=4,
    lines_skipped=1,
)


def test_how_far_a_log_was_read_is_kept_up_to_date(database: Database) -> None:
    other = STATE._replace(path="b.jsonl")
    grown = STATE._replace(size=200, end_offset=190)

    turns.set_log_states(database, [STATE, other])
    turns.set_log_states(database, [grown])
    turns.set_log_states(database, [])

    assert turns.log_states(database) == {grown.path: grown, "b.jsonl": other}
    assert turns.log_state(database, grown.path) == grown
    assert turns.log_state(database, "c.jsonl") is None


def test_turns_and_the_place_in_their_log_are_stored_together_or_not_at_all(
    tmp_path: Path,
) -> None:
    path = tmp_path / "portfolio.duckdb"
    with opened(path) as database:
        database.begin()
        turns.add(database, [FoundTurns([BASE], "f", "o")], now=NOON)
        turns.set_log_states(database, [STATE])
        database.rollback()

    with opened(path) as database:
        assert (stored(database), turns.log_states(database)) == (0, {})
