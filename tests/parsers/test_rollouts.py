from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers import lines as blocks_of_lines
from parsers.records import LogHarvest, Reading, Turn
from parsers.rollouts import read_rollout
from tests.parsers.meter_samples import takes_linear_time
from tests.parsers.rollout_samples import (
    FIVE_HOURS,
    RESET,
    WEEK,
    Talk,
    at,
    context,
    count,
    limits,
    line,
    meta,
    named,
    tool,
    window,
)

PARENT, CHILD = named(0, 1), named(600, 2)


def read(*lines: bytes, carry: str = "") -> LogHarvest:
    return read_rollout(io.BytesIO(b"".join(lines)), carry=carry)


def tokens(turns: Iterable[Turn]) -> list[tuple[int, int, int]]:
    """Give input (not cached), cached and output of each turn."""
    return [(one.input_tokens, one.cache_read_tokens, one.output_tokens) for one in turns]


def shows(harvest: LogHarvest) -> list[tuple[str, float, datetime]]:
    return [(one.pool, one.used, one.read_at) for one in harvest.readings]


def once(*harvests: LogHarvest) -> list[Turn]:
    """Give each request once, as the store does."""
    best: dict[tuple[str, ...], Turn] = {}
    for turn in (turn for harvest in harvests for turn in harvest.turns):
        known = best.get(turn[:3])
        if known is None or turn.rank > known.rank:
            best[turn[:3]] = turn
    return sorted(best.values())


def folded(readings: Sequence[Reading]) -> list[Reading]:
    """Keep first and last of each run of equal values, as the store does."""
    kept: list[Reading] = []
    for pool in sorted({one.pool for one in readings}):
        own = sorted((one for one in readings if one.pool == pool), key=lambda one: one.read_at)
        breaks = [True, *(not _is_run(*pair) for pair in pairwise(own)), True]
        kept += [one for here, one in enumerate(own) if breaks[here] or breaks[here + 1]]
    return list(dict.fromkeys(kept))


def _is_run(before: Reading, now: Reading) -> bool:
    if now.used != before.used or (now.resets_at is None) != (before.resets_at is None):
        return False
    if now.resets_at is None or before.resets_at is None:
        unseen = timedelta(minutes=30) if now.pool.startswith("5h") else timedelta(days=1)
        return now.read_at - before.read_at <= unseen
    return abs(now.resets_at - before.resets_at) <= timedelta(minutes=2)


# ---- requests


def test_a_count_is_a_turn_with_all_that_stands_before_it() -> None:
    turn = named(10)
    found = read(
        meta(PARENT),
        context(10, turn=turn, model="gpt-5.6-sol"),
        tool(11, "x" * 2000),
        count(15, (1000, 300, 50), (1000, 300, 50)),
    )

    assert found.turns == [
        Turn(
            source="codex",
            message=f"{PARENT} {turn}",
            request="0:1000/300/0/50",
            session=PARENT,
            turn_us=int(at(15).timestamp()) * 1_000_000,
            model="gpt-5.6-sol",
            cwd="/home/u/shop",
            branch="feat/AUTH-01",
            input_tokens=700,
            output_tokens=50,
            cache_read_tokens=300,
            cache_write_tokens=0,
            cache_write_1h_tokens=0,
            is_sidechain=False,
            has_speed=False,
        )
    ]
    assert (found.lines_read, found.lines_skipped, found.problems) == (4, 0, [])


def test_what_was_written_to_the_cache_is_part_of_the_input() -> None:
    said = count(5, (1000, 300, 50)).replace(
        b'"cache_write_input_tokens":0', b'"cache_write_input_tokens":200'
    )

    (turn,) = read(meta(PARENT), said).turns

    assert (turn.input_tokens, turn.cache_read_tokens, turn.cache_write_tokens) == (500, 300, 200)


def test_a_total_that_stands_there_again_is_no_request() -> None:
    said = count(5, (1000, 0, 50), (1000, 0, 50))
    again = count(9, (1000, 0, 50), (1000, 0, 50), shown=limits(window(4)))

    assert tokens(read(said, again, again).turns) == [(1000, 0, 50)]


def test_without_what_the_last_took_it_is_the_difference_of_totals() -> None:
    found = read(count(5, (1000, 0, 50)), count(9, (1800, 200, 90)))

    assert tokens(found.turns) == [(1000, 0, 50), (600, 200, 40)]


def test_without_totals_each_line_is_a_request() -> None:
    found = read(count(5, last=(100, 0, 5)), count(9, last=(100, 0, 5)))

    assert tokens(once(found)) == [(100, 0, 5), (100, 0, 5)]


def test_a_total_that_went_down_is_counted_anew_even_to_the_same_numbers() -> None:
    run = [count(5, (1000, 0, 50)), count(9, (2000, 0, 90))]

    found = once(read(*run, count(20, (1000, 0, 50)), count(25, (2000, 0, 90))))

    assert sorted(tokens(found)) == [(1000, 0, 40)] * 2 + [(1000, 0, 50)] * 2


def test_two_counters_that_take_turns_are_told_apart() -> None:
    found = read(
        count(5, (9000, 0, 50), (9000, 0, 50)),
        count(6, (200, 0, 5), (200, 0, 5)),  # a reviewer's
        count(7, (9000, 0, 50), (9000, 0, 50)),
        count(8, (9500, 0, 60), (500, 0, 10)),
        count(9, (300, 0, 7), (100, 0, 2)),
    )

    assert tokens(found.turns) == [(9000, 0, 50), (200, 0, 5), (500, 0, 10), (100, 0, 2)]


def test_a_first_total_that_goes_on_from_a_lost_log_counts_its_last_request() -> None:
    assert tokens(read(count(5, (9000, 0, 50), (500, 0, 10))).turns) == [(500, 0, 10)]


def test_nothing_spent_is_no_request() -> None:
    found = read(count(5, (0, 0, 0), (0, 0, 0)), count(6, (10, 0, 1)), count(7, (0, 0, 0)))

    assert tokens(found.turns) == [(10, 0, 1)]


def test_the_model_is_that_of_the_line_else_of_the_turn_else_unknown() -> None:
    named_here = count(9, (30, 0, 3)).replace(b'"info":{', b'"info":{"model":"gpt-5.6-sol",')

    found = read(
        count(3, (10, 0, 1)), context(4), count(5, (20, 0, 2)), named_here, count(10, (40, 0, 4))
    )

    models = [one.model for one in found.turns]
    assert models == ["unknown", "gpt-5.3-codex", "gpt-5.6-sol", "gpt-5.3-codex"]


@pytest.mark.parametrize(
    ("git", "branch"),
    [({"branch": "main"}, "main"), ({"branch": "HEAD"}, None), (None, None), ("main", None)],
)
def test_the_branch_is_that_of_the_sessions_begin(git: Any, branch: str | None) -> None:
    (turn,) = read(meta(PARENT, git=git), count(5, (10, 0, 1))).turns

    assert turn.branch == branch


def test_logs_without_a_meta_are_told_apart_and_a_copy_of_one_is_not() -> None:
    one, other = (read(count(second, (10, 0, 1)), count(9, (20, 0, 2))) for second in (5, 6))

    assert len(once(one, one)) == 2
    assert len(once(one, other)) == 4


def test_the_requests_of_two_sessions_are_never_one() -> None:
    logs = [read(meta(named(0, n)), count(5, (10, 0, 1), (10, 0, 1))) for n in (1, 2)]

    assert len(once(*logs)) == 2


def test_a_session_that_is_resumed_in_its_log_goes_on() -> None:
    talk = Talk(PARENT).begin().respond((10, 0, 1))
    talk.lines.append(meta(PARENT, 90, cwd="/home/u/site", git={"branch": "main"}))

    found = read(talk.show(1).respond((20, 0, 2)).text)

    assert tokens(found.turns) == [(10, 0, 1), (20, 0, 2)]
    assert [(one.cwd, one.branch) for one in found.turns][1] == ("/home/u/site", "main")


def test_lines_of_other_kinds_disturb_nothing() -> None:
    others = [
        line("world_state", 6, {"cwd": "/elsewhere", "model": "x", "files": []}, ordinal=3),
        line("token_usage_record", 6, {"response_id": "resp_1", "usage": {"input_tokens": 9}}),
        line("response_item", 6, {"type": "message", "kind": ["token_count", "turn_context"]}),
        line("response_item", 6, {"type": 5, "of": "token_count"}),
        line("compacted", 6, {"message": "", "replacement_history": [{"type": "token_count"}]}),
        line("event_msg", 6, {"type": "agent_message", "message": '"token_count"'}),
        line("event_msg", 6, None, of="token_count"),
        b'"token_count"\n',
    ]

    found = read(meta(PARENT), context(4), count(5, (10, 0, 1)), *others, count(9, (20, 0, 2)))

    assert tokens(found.turns) == [(10, 0, 1)] * 2
    assert {one.model for one in found.turns} == {"gpt-5.3-codex"}
    assert found.lines_skipped == 1  # text alone


# ---- copies of what another session said


def _parent() -> Talk:
    talk = Talk(PARENT).begin().turn(turn=named(1))
    return talk.respond((100, 20, 5), used=3).respond((200, 30, 6), used=4).show(4)


@pytest.mark.parametrize("restamped", [True, False])
@pytest.mark.parametrize("has_ids", [True, False])
def test_what_a_fork_copied_is_neither_a_request_nor_a_reading(
    *, restamped: bool, has_ids: bool
) -> None:
    parent = Talk(PARENT).begin().turn(turn=named(1) if has_ids else None)
    parent.respond((100, 20, 5), used=3).respond((200, 30, 6), used=4).show(4)
    child = Talk(CHILD, seconds=600, total=parent.total)
    child.begin(forked_from_id=PARENT).copied(parent, restamped=restamped)
    child.seconds += 30
    child.turn(turn=named(630) if has_ids else None).respond((400, 50, 9), used=8)

    found = read(child.text)

    assert tokens(found.turns) == [(350, 50, 9)]
    assert shows(found) == [("week", 8, at(635))]
    assert tokens(once(read(parent.text), found)) == [(80, 20, 5), (170, 30, 6), (350, 50, 9)]
    assert [hint.seen_at for hint in found.plan_hints] == [at(635)]


def test_two_forks_that_took_the_same_tokens_are_two() -> None:
    parent, logs = _parent(), []
    for number in (2, 3):
        child = Talk(named(600, number), seconds=600, total=parent.total)
        child.begin(forked_from_id=PARENT).copied(parent)
        logs.append(read(child.turn(turn=named(601, number)).respond((400, 0, 9)).text))

    assert tokens(once(*logs)) == [(400, 0, 9)] * 2


def test_a_fork_of_a_fork_counts_only_its_own() -> None:
    parent = _parent()
    child = Talk(CHILD, seconds=600, total=parent.total).begin(forked_from_id=PARENT)
    child.copied(parent).turn(turn=named(601)).respond((400, 0, 9))
    last = Talk(named(900, 3), seconds=900, total=child.total).begin(forked_from_id=CHILD)
    last.copied(child).turn(turn=named(901)).respond((800, 0, 10))

    assert tokens(read(last.text).turns) == [(800, 0, 10)]
    logs = [read(one.text) for one in (last, parent, child)]
    assert sum(one.output_tokens for one in once(*logs)) == 5 + 6 + 9 + 10


def _helper(**more: Any) -> dict[str, Any]:
    how = {"subagent": {"thread_spawn": {"parent_thread_id": PARENT, "depth": 1}}}
    return {"source": how, "thread_source": "subagent"} | more


def test_a_helper_that_starts_anew_counts_from_its_first_answer() -> None:
    helper = Talk(CHILD, seconds=600).begin(**_helper()).turn(turn=named(600, 9))

    (turn,) = read(helper.respond((400, 0, 9), after=0.2).text).turns

    assert (turn.session, turn.is_sidechain, turn.output_tokens) == (CHILD, True, 9)


def test_a_helper_says_at_which_ordinal_its_own_part_begins() -> None:
    def numbered(talk: Talk) -> bytes:
        parts = (
            one.replace(b'Z",', b'Z","ordinal":%d,' % n, 1) for n, one in enumerate(talk.lines)
        )
        return b"".join(parts)

    parent = _parent()
    helper = Talk("helper-without-time", seconds=600, total=parent.total)
    helper.begin(**_helper(subagent_history_start_ordinal=1 + len(parent.lines)))
    helper.copied(parent).turn().respond((400, 0, 9), after=0.2)

    assert tokens(read(numbered(helper)).turns) == [(400, 0, 9)]


def test_the_total_a_fork_takes_over_is_not_its_own() -> None:
    child = Talk(CHILD, seconds=600, total=(300, 50, 11), last=(200, 30, 6))
    child.begin(history_base={"thread_id": PARENT, "end_ordinal_exclusive": 9})

    child.turn(turn=named(600)).show(4).respond((400, 0, 9))
    numbered = [one.replace(b'Z",', b'Z","ordinal":2,', 1) for one in child.lines]

    assert tokens(read(*numbered).turns) == [(400, 0, 9)]


def test_copies_that_nothing_gives_away_count_once_all_the_same() -> None:
    parent = Talk("p").begin().turn(turn="t1").respond((100, 0, 5)).respond((200, 0, 6))
    child = Talk("c", seconds=600, total=parent.total).begin(forked_from_id="p")
    for number, said in enumerate(parent.lines):
        moment = f"2026-11-03T11:{number:02}:00.000Z".encode()
        child.lines.append(said[:14] + moment + said[38:])
    child.seconds = 6000
    child.turn(turn="t2").respond((400, 0, 9))

    found = once(read(child.text), read(parent.text))

    assert sorted(one.output_tokens for one in found) == [5, 6, 9]
    assert {one.session for one in found if one.output_tokens < 9} == {"p"}


def test_ids_that_begin_with_no_time_are_not_believed() -> None:
    made_up = "00000000-0000-7000-8000-000000000001"
    child = Talk(made_up, seconds=600).begin(forked_from_id=PARENT)

    found = read(child.turn(turn=made_up).respond((400, 0, 9)).text)

    assert tokens(found.turns) == [(400, 0, 9)]


@given(
    answers=st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 10**5)),
        min_size=1,
        max_size=8,
    ),
    data=st.data(),
)
def test_however_sessions_fork_every_request_counts_once_for_the_log_it_was_made_in(
    answers: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    truth: list[tuple[int, int, int]] = []
    talks: list[Talk] = []
    said = st.booleans()
    for number in range(data.draw(st.integers(1, 4))):
        begins = 1000.0 * number
        talk = Talk(named(begins, number), seconds=begins)
        if data.draw(said) and talks:
            source = talks[data.draw(st.integers(0, len(talks) - 1))]
            talk.begin(forked_from_id=source.session)
            talk.copied(source, restamped=data.draw(said))
            talk.total, talk.last = source.total, source.last
        else:
            talk.begin()
        talk.turn(turn=named(begins + 1, number))
        for given_, cached, output in answers:
            talk.respond((given_ + cached, cached, output))
            if data.draw(said):
                talk.show(2)
            truth.append((given_, cached, output))
        talks.append(talk)

    data.draw(st.randoms()).shuffle(talks)
    found = once(*(read(talk.text) for talk in talks))

    assert Counter(tokens(found)) == Counter(truth)
    assert {one.session for one in found} == {talk.session for talk in talks}


# ---- meters


def test_every_line_with_limits_is_a_reading_at_its_own_time() -> None:
    shown = limits(window(12, FIVE_HOURS, RESET - 9), window(34.5))

    found = read(meta(PARENT), count(5, (10, 0, 1), shown=shown))

    assert found.readings == [
        Reading(
            account=None,
            provider="codex",
            pool=pool,
            unit="pp",
            used=used,
            cap=100,
            read_at=at(5),
            resets_at=datetime.fromtimestamp(resets_s, UTC),
            source="codex-rollout",
        )
        for pool, used, resets_s in (("5h", 12, RESET - 9), ("week", 34.5, RESET))
    ]


def test_a_refused_request_has_no_tokens_but_a_reading() -> None:
    found = read(count(5, shown=limits(window(100, FIVE_HOURS), window(80))))

    assert (found.turns, len(found.readings)) == ([], 2)


@pytest.mark.parametrize(
    "shown",
    [None, limits(None), {}, {"limit_id": None, "primary": None, "plan_type": None}],
    ids=["null", "null windows", "empty", "no plan"],
)
def test_what_shows_no_window_is_no_reading(shown: Any) -> None:
    found = read(count(5, (10, 0, 1), shown=shown))

    assert (found.readings, found.problems, len(found.turns)) == ([], [], 1)


@pytest.mark.parametrize(
    ("minutes", "pool"),
    [
        *((300, "5h"), (299, "5h"), (10_080, "week"), (10_079, "week")),
        *((43_200, "month"), (43_800, "month"), (44_640, "month")),
    ],
)
def test_a_windows_length_names_its_pool_in_either_slot(minutes: int, pool: str) -> None:
    first, second = limits(window(5, minutes)), limits(None, window(5, minutes))

    assert shows(read(count(5, shown=first))) == shows(read(count(5, shown=second)))
    assert shows(read(count(5, shown=first))) == [(pool, 5, at(5))]


@pytest.mark.parametrize("minutes", [60, 302, 1440, 20_000, None])
def test_a_window_of_another_length_is_told(minutes: int | None) -> None:
    found = read(count(5, (10, 0, 1), shown=limits({"used_percent": 5, "window_minutes": minutes})))

    assert [(one.slug, one.line) for one in found.problems] == [("pool-unknown", 1)]
    assert (found.readings, len(found.turns)) == ([], 1)


@pytest.mark.parametrize("name", ["GPT-5.3-Codex-Spark", None])
def test_a_familys_limits_are_its_own_and_leave_the_others_as_they_are(name: str | None) -> None:
    spark = limits(window(7, FIVE_HOURS), window(9), limit_id="codex_bengalfox", limit_name=name)

    found = read(
        count(5, shown=limits(window(40))),
        count(6, shown=spark),
        count(7, shown=limits(window(40), limit_id=None)),
    )

    assert shows(found) == [
        ("week", 40, at(5)),
        ("5h:spark", 7, at(6)),
        ("week:spark", 9, at(6)),
        ("week", 40, at(7)),
    ]


def test_a_family_without_any_name_is_told() -> None:
    found = read(count(5, shown=limits(window(7), limit_id="57", limit_name="")))

    assert ([one.slug for one in found.problems], found.readings) == (["pool-unknown"], [])


@pytest.mark.parametrize(
    ("resets", "seconds"),
    [
        ({"resets_at": None, "resets_in_seconds": 3600}, 3605),
        ({"resets_in_seconds": 3600.5}, 3605.5),
        ({"resets_at": "2026-11-03T11:00:00Z"}, 3600),
        ({"resets_at": None}, None),
        ({}, None),
    ],
)
def test_a_reset_may_be_relative_a_date_or_missing(
    resets: dict[str, Any], seconds: float | None
) -> None:
    shown = limits({"used_percent": 5, "window_minutes": 300} | resets)

    (reading,) = read(count(5, shown=shown)).readings

    assert reading.resets_at == (None if seconds is None else at(seconds))


@pytest.mark.parametrize("resets_at", [0, 9e18, "soon"])
def test_a_reset_that_is_none_is_told_and_the_reading_stays(resets_at: Any) -> None:
    found = read(count(5, shown=limits(window(5, resets_at=resets_at))))

    assert [one.slug for one in found.problems] == ["date-unreadable"]
    assert [one.resets_at for one in found.readings] == [None]


def test_an_unused_window_whose_reset_moves_with_each_line_has_none() -> None:
    lines = [
        count(n * 600, shown=limits(window(0, resets_at=at(n * 600 + WEEK * 60).timestamp())))
        for n in range(9)
    ]

    readings = read(*lines).readings

    assert [(one.used, one.resets_at, one.read_at) for one in readings] == [
        (0, None, at(0)),
        (0, None, at(4800)),
    ]


@pytest.mark.parametrize(
    ("damaged", "slug"),
    [
        ({"used_percent": -1, "window_minutes": 300}, "value-out-of-range"),
        ({"used_percent": 1001, "window_minutes": 300}, "value-out-of-range"),
        ({"used_percent": "5", "window_minutes": 300}, "meter-unreadable"),
        ({"window_minutes": 300}, "meter-unreadable"),
        ({"used_percent": True, "window_minutes": 300}, "meter-unreadable"),
        ("full", "meter-unreadable"),
        ([], "meter-unreadable"),
    ],
)
def test_a_damaged_window_is_told_and_takes_nothing_with_it(damaged: Any, slug: str) -> None:
    found = read(meta(PARENT), count(5, (10, 0, 1), shown=limits(damaged, window(40))))

    assert [(one.slug, one.line) for one in found.problems] == [(slug, 2)]
    assert (shows(found), len(found.turns)) == ([("week", 40, at(5))], 1)


@pytest.mark.parametrize("shown", ["full", [], 5, {"limit_id": 5}])
def test_limits_that_are_none_are_told_and_the_request_counts(shown: Any) -> None:
    found = read(count(5, (10, 0, 1), shown=shown))

    assert [one.slug for one in found.problems] == ["meter-unreadable"]
    assert len(found.turns) == 1


def test_limits_beside_tokens_that_cannot_be_read_are_a_reading() -> None:
    broken = count(5, (10, 0, 1), shown=limits(window(40))).replace(
        b'"input_tokens":10', b'"input_tokens":-10'
    )

    found = read(meta(PARENT), broken, count(9, (20, 0, 2)))

    assert [(one.slug, one.line) for one in found.problems] == [("line-unreadable", 2)]
    assert (shows(found), tokens(found.turns), found.lines_skipped) == (
        [("week", 40, at(5))],
        [(20, 0, 2)],
        1,
    )


def test_of_equal_readings_the_first_and_the_last_are_given() -> None:
    lines = [count(n, shown=limits(window(40 + n // 50))) for n in range(100)]

    assert shows(read(*lines)) == [
        ("week", 40, at(0)),
        ("week", 40, at(49)),
        ("week", 41, at(50)),
        ("week", 41, at(99)),
    ]


def test_the_plans_name_is_told_each_time_it_changes() -> None:
    plans = ["plus", "plus", None, "", "plus", "pro", "pro", "plus"]

    found = read(
        *(count(n, shown=limits(window(40), plan_type=plan)) for n, plan in enumerate(plans))
    )

    assert [(one.provider, one.plan_word, one.seen_at) for one in found.plan_hints] == [
        ("codex", "plus", at(0)),
        ("codex", "pro", at(5)),
        ("codex", "plus", at(7)),
    ]


# ---- lines and stretches


@st.composite
def logs(draw: st.DrawFn) -> list[bytes]:
    """Draw a log of lines of every kind, in any order."""
    seconds, made = 0.0, [meta(CHILD, 600, **draw(st.sampled_from([{}, _helper()])))]
    total = (0, 0, 0)
    if draw(st.booleans()):
        made = [meta(CHILD, 600, forked_from_id=PARENT), meta(PARENT, 600, begun=0)]
    seconds = 600.0
    for number in range(draw(st.integers(0, 25))):
        seconds += draw(st.sampled_from([0, 0.01, 3, 2000, 90_000]))
        total = tuple(n + draw(st.integers(0, 9)) for n in total)  # type: ignore[assignment]
        if draw(st.integers(0, 9)) == 0:
            total = (1, 0, 1)
        pools = draw(st.sampled_from([WEEK, FIVE_HOURS, 43_200]))
        resets = draw(st.sampled_from([RESET, RESET + 60, RESET + 9000, None]))
        spark = draw(st.sampled_from([{}, {"limit_id": "codex_bengalfox"}]))
        shown = limits(window(draw(st.integers(0, 2)), pools, resets), **spark)
        plan = {"plan_type": draw(st.sampled_from(["plus", "pro", None]))}
        made.append(
            draw(
                st.sampled_from(
                    [
                        count(seconds, total, shown=shown | plan),
                        count(seconds, total, (1, 0, 1), shown=shown),
                        count(seconds, shown=shown),
                        count(seconds, total),
                        count(seconds, last=(5, 0, 1)),
                        context(seconds, turn=named(seconds, number)),
                        context(seconds, model="gpt-5.6-sol"),
                        line("event_msg", seconds, {"type": "task_started", "turn_id": "t"}),
                        meta(CHILD, seconds, git={"branch": "main"}),
                        meta(PARENT, seconds, begun=0),
                        tool(seconds, "token_count"),
                        b'{"type":"event_msg","payload":{"type":"token_count"\n',
                        b'\xff"turn_context"\n',
                        b"\n",
                    ]
                )
            )
        )
    return made


@given(log=logs(), data=st.data())
def test_a_log_read_in_stretches_says_what_one_reading_says(
    log: list[bytes], data: st.DataObject
) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(log)), max_size=5).map(sorted))
    pieces = [log[a:b] for a, b in pairwise([0, *cuts, len(log)])]

    whole, carry, parts = read(*log), "", []
    for piece in pieces:
        parts.append(read(*piece, carry=carry))
        carry = parts[-1].carry

    assert [turn for part in parts for turn in part.turns] == whole.turns
    assert folded([one for part in parts for one in part.readings]) == folded(whole.readings)
    assert [hint for part in parts for hint in part.plan_hints] == whole.plan_hints
    for counted in ("lines_read", "lines_skipped", "end"):
        assert sum(getattr(part, counted) for part in parts) == getattr(whole, counted)
    assert carry == whole.carry


@given(log=logs(), data=st.data())
def test_a_torn_log_says_nothing_false_and_the_rest_is_read_later(
    log: list[bytes], data: st.DataObject
) -> None:
    text, whole = b"".join(log), read(*log)
    cut = data.draw(st.integers(0, len(text)))

    torn = read(text[:cut])
    rest = read(text[torn.end :], carry=torn.carry)

    assert torn.end == text.rfind(b"\n", 0, cut) + 1
    assert list(dict.fromkeys([*torn.turns, *rest.turns])) == list(dict.fromkeys(whole.turns))
    assert folded([*torn.readings, *rest.readings]) == folded(whole.readings)
    assert torn.lines_skipped + rest.lines_skipped == whole.lines_skipped


UNREADABLE_LINE = b'\xff"turn_context"\n'
TALK_BEGINS = b'{"type":"response_item","payload":{'


@given(log=logs(), size=st.integers(1, 2000))
@example([UNREADABLE_LINE, TALK_BEGINS + b"}}\n"], len(UNREADABLE_LINE + TALK_BEGINS))
def test_blocks_of_any_size_say_the_same(log: list[bytes], size: int) -> None:
    whole = read(*log)

    with (
        patch.object(blocks_of_lines, "BLOCK_BYTES", size),
        patch.object(blocks_of_lines, "_spare", []),
    ):
        found = read(*log)

    assert (found.turns, found.carry, found.end) == (whole.turns, whole.carry, whole.end)
    assert (found.lines_read, found.lines_skipped) == (whole.lines_read, whole.lines_skipped)


@given(st.lists(st.binary(max_size=200)))
def test_no_bytes_stop_the_lines_after_them(junk: list[bytes]) -> None:
    junk = [one.replace(b"\n", b" ") + b' "token_count"\n' for one in junk]

    found = read(*junk, meta(PARENT), count(5, (10, 0, 1)))

    assert tokens(found.turns) == [(10, 0, 1)]
    assert (found.lines_read, found.lines_skipped) == (len(junk) + 2, len(junk))


@pytest.mark.parametrize(
    "damaged",
    [
        b'{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{',
        b'{"type":"event_msg","payload":{"type":"token_count","info":NaN}}',
        b'{"type":"event_msg","payload":{"type":"token_count","info":' + b"[" * 100_000 + b"}}",
        count(5, (10, 0, 1))[:-1].replace(b'"timestamp":"2026', b'"timestamp":"0026'),
        count(5, (10, 0, 1))[:-1].replace(b'"timestamp":', b'"when":'),
        count(5, (10**16, 0, 1))[:-1],
        b'{"type":"session_meta","payload":{"id":5}}',
    ],
    ids=["cut", "NaN", "deep", "year 26", "undated", "huge", "no id"],
)
def test_a_line_that_cannot_be_read_is_counted_and_told(damaged: bytes) -> None:
    found = read(meta(PARENT), damaged + b"\n", count(9, (20, 0, 2)))

    assert [(one.slug, one.line) for one in found.problems] == [("line-unreadable", 2)]
    assert (found.lines_skipped, tokens(found.turns)) == (1, [(20, 0, 2)])


def test_blanks_after_colons_change_nothing() -> None:
    lines = [meta(PARENT), context(4), count(5, (10, 0, 1), shown=limits(window(4)))]

    def spaced(one: bytes) -> bytes:
        return json.dumps(json.loads(one), separators=(" , ", " : ")).encode() + b"\n"

    plain, blank = read(*lines), read(*map(spaced, lines))

    assert (plain.turns, plain.readings) == (blank.turns, blank.readings)


def test_of_lines_too_long_to_be_held_only_one_of_ours_is_told() -> None:
    with (
        patch.object(blocks_of_lines, "LONGEST_LINE", 4000),
        patch.object(blocks_of_lines, "BLOCK_BYTES", 2000),
        patch.object(blocks_of_lines, "_spare", []),
    ):
        found = read(
            tool(1, "x" * 20_000),
            context(2, model="y" * 20_000),
            count(5, (10, 0, 1)),
        )

    assert (found.lines_read, found.lines_skipped, len(found.turns)) == (3, 1, 1)


def test_a_log_of_nothing_but_broken_lines_is_read_in_linear_time() -> None:
    piece = '{"type":"event_msg","payload":{"type":"token_count","info":nope}}\n'

    assert takes_linear_time(lambda text: read(text.encode()), piece)


def test_of_endless_sorts_of_problems_the_first_hundred_are_told() -> None:
    found = read(*(count(n, shown=limits(window(5, 400 + n))) for n in range(150)))

    assert len(found.problems) == 100


def test_damage_to_a_text_costs_no_tokens() -> None:
    cut = context(1, model="gpt-5.3").replace(b"/home/u/shop", b"/home/u/caf\xe9")

    (turn,) = read(meta(PARENT), cut, b"\0\0" + count(9, (20, 0, 2))).turns

    assert (turn.model, turn.output_tokens) == ("gpt-5.3", 2)
