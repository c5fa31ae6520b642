from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import transcripts
from parsers.records import LogHarvest, Reading, Turn
from parsers.transcripts import read_transcript
from tests.parsers.transcript_samples import DAY, answer, line, tool_result


def read(*lines: bytes) -> LogHarvest:
    return read_transcript(io.BytesIO(b"".join(lines)))


def only(harvest: LogHarvest) -> Turn:
    (turn,) = harvest.turns
    return turn


def test_an_answer_is_a_turn_with_all_it_says() -> None:
    assert only(read(answer())) == Turn(
        source="claude",
        message="msg_1",
        request="req_1",
        session="s1",
        turn_us=int(datetime(2026, 11, 3, 10, tzinfo=UTC).timestamp()) * 1_000_000,
        model="claude-opus-4-7",
        cwd="/home/u/shop",
        branch="feat/AUTH-01",
        input_tokens=3,
        output_tokens=412,
        cache_read_tokens=900,
        cache_write_tokens=5000,
        cache_write_1h_tokens=0,
        is_sidechain=False,
        has_speed=False,
    )


def test_of_a_placeholder_and_the_whole_line_the_whole_one_counts_in_either_order() -> None:
    placeholder = answer(tokens=(3, 1, 900, 5000))

    assert only(read(placeholder, answer())) == only(read(answer(), placeholder))
    assert only(read(placeholder, answer())).output_tokens == 412


def test_the_same_answer_said_again_keeps_its_first_time() -> None:
    later = answer(at=f"{DAY}T10:00:09.000Z")

    assert only(read(later, answer(), later)) == only(read(answer()))


def test_a_line_that_names_its_speed_counts_among_equals() -> None:
    fast = answer(usage={"speed": "fast"}, at=f"{DAY}T10:00:09.000Z")

    assert only(read(fast, answer())).has_speed
    assert only(read(answer(), fast)).has_speed


def test_spaces_after_colons_change_nothing() -> None:
    spaced = json.dumps(json.loads(answer())).encode() + b"\n"

    assert read(spaced).turns == read(answer()).turns


def test_what_the_client_says_itself_is_no_answer() -> None:
    own_words = answer(model="<synthetic>", tokens=(0, 0, 0, 0))

    assert read(own_words) == LogHarvest(lines_read=1, end=len(own_words))


def test_cache_writes_are_summed_from_the_nested_fields_where_the_flat_one_is_zero() -> None:
    nested = {"ephemeral_5m_input_tokens": 70, "ephemeral_1h_input_tokens": 30}

    filled = only(read(answer(tokens=(1, 1, 0, 100), usage={"cache_creation": nested})))
    empty = only(read(answer(tokens=(1, 1, 0, 0), usage={"cache_creation": nested})))

    for turn in (filled, empty):
        assert (turn.cache_write_tokens, turn.cache_write_1h_tokens) == (100, 30)


def test_iterations_are_not_added() -> None:
    again = [{"input_tokens": 3, "output_tokens": 412}]

    assert read(answer(usage={"iterations": again})).turns == read(answer()).turns


def test_lines_without_an_answer_say_nothing_and_are_no_problem() -> None:
    others = (
        tool_result('{"usage": {"input_tokens": 5}}', toolUseResult={"usage": {"x": 1}}),
        line(type="summary", summary='about "usage"', leafUuid="x"),
        line(type="cost-state", sessionId="s1", totalCostUSD=1.5, modelUsage={"m": {}}),
        line(type="assistant", message={"usage": None}),
        line(type="system", message="words", usage=1),
        line(type="progress", data={"type": "hook", "usage": 1}),
        b"\n",
    )

    harvest = read(*others)

    assert (harvest.turns, harvest.lines_skipped, harvest.problems) == ([], 0, [])
    assert harvest.lines_read == len(others)


def test_a_users_type_inside_an_answer_does_not_hide_it() -> None:
    call = {"type": "tool_use", "name": "find", "input": {"type": "user"}}
    usage = {"input_tokens": 1, "output_tokens": 2}
    said = {"content": [call], "id": "m", "usage": usage}
    first = line(message=said, timestamp=f"{DAY}T10:00:00Z")

    assert only(read(first)).output_tokens == 2


def test_what_a_helper_said_is_found_inside_the_progress_of_its_session() -> None:
    inner = json.loads(answer("msg_9", "req_9"))
    for name in ("cwd", "sessionId", "gitBranch", "isSidechain"):
        del inner[name]
    told = line(
        type="progress",
        cwd="/home/u/shop",
        sessionId="s1",
        gitBranch="main",
        timestamp=f"{DAY}T11:00:00Z",
        data={"type": "agent_progress", "message": inner},
    )

    turn = only(read(told))

    assert (turn.message, turn.is_sidechain, turn.branch, turn.session) == (
        "msg_9",
        True,
        "main",
        "s1",
    )
    assert turn.turn_us == only(read(answer())).turn_us


def test_what_is_not_said_is_not_known() -> None:
    bare = answer(model=None, request=None, sessionId=None, cwd=None, gitBranch=None)

    turn = only(read(bare))

    assert (turn.model, turn.request, turn.session, turn.cwd, turn.branch) == (
        "unknown",
        "",
        "",
        None,
        None,
    )


def test_a_head_on_no_branch_is_no_branch() -> None:
    assert only(read(answer(gitBranch="HEAD"))).branch is None
    assert only(read(answer(gitBranch=""))).branch is None


def test_answers_without_an_id_are_told_apart_by_what_they_say() -> None:
    first, second = answer(message=None), answer(message=None, at=f"{DAY}T12:00:00Z")

    assert len(read(first, second, first).turns) == 2
    assert only(read(answer(message=None, uuid="u-1"))).message == "u-1"


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (answer()[:-40] + b"\n", "truncated"),
        (b'{"message": {"usage": {"input_tokens": nope}}}\n', "malformed"),
        (answer(tokens=(-1, 1, 0, 0)), "input_tokens"),
        (answer(usage={"output_tokens": "many"}), "output_tokens"),
        (answer(usage={"output_tokens": 10**30}), "output_tokens"),
        (line(type="assistant", message={"usage": {"tokens": 5}}), "input_tokens"),
        (answer(timestamp=None), "time"),
        (answer(at="2026-11-03T10:00:00"), "timestamp"),
        (answer(at="0001-01-01T00:00:00Z"), "time"),
        (b'{"a":' * 100_000 + b'"usage"\n', ""),
        (b'\xff\xfe "usage"\n', "malformed"),
    ],
)
def test_a_line_that_ought_to_say_something_is_counted_and_told(broken: bytes, why: str) -> None:
    harvest = read(answer("msg_0"), broken, answer())

    assert [turn.message for turn in harvest.turns] == ["msg_0", "msg_1"]
    assert (harvest.lines_read, harvest.lines_skipped) == (3, 1)
    (problem,) = harvest.problems
    assert (problem.slug, problem.line) == ("line-unreadable", 2)
    assert why in problem.text


def test_of_many_lines_broken_alike_the_first_is_told() -> None:
    broken = b'{"message": {"usage": {"input_tokens": nope}}}\n'

    harvest = read(broken, b" " + broken, answer(), broken)

    assert (harvest.lines_skipped, [problem.line for problem in harvest.problems]) == (3, [1])


def test_bytes_that_are_no_text_harm_only_what_needs_them() -> None:
    line_with_noise = answer().replace(b'"done"', b'"d\xff\xfene"')

    assert read(line_with_noise).turns == read(answer()).turns


@pytest.mark.parametrize(
    ("whole", "damaged"),
    [
        (b'"done"', rb'"cut in a \ud83d"'),
        (b'"done"', rb'"\uDE00 alone, \ud83d\ude00 whole, \\\\ud83d said, \ud83d\\ud83d"'),
        (b'"/home/u/shop"', rb'"/home/u/\ud83d"'),
        (b'"/home/u/shop"', b'"/home/u/caf\xe9"'),
        (b'{"parentUuid"', b'\xef\xbb\xbf{"parentUuid"'),
        (b'{"parentUuid"', b'\0\0\0{"parentUuid"'),
    ],
)
def test_damage_to_a_text_costs_no_tokens(whole: bytes, damaged: bytes) -> None:
    said = answer().replace(whole, damaged) if b"Uuid" not in whole else damaged[:-13] + answer()

    harvest = read(answer("msg_0"), said)

    assert [turn.output_tokens for turn in harvest.turns] == [412, 412]
    assert (harvest.problems, harvest.lines_skipped) == ([], 0)


def test_a_torn_last_line_is_read_if_it_can_be_and_read_again_when_it_is_whole() -> None:
    torn = answer("msg_2")[:-1]

    harvest = read(answer(), torn)

    assert [turn.message for turn in harvest.turns] == ["msg_1", "msg_2"]
    assert (harvest.end, harvest.lines_read) == (len(answer()), 1)


def test_a_torn_last_line_that_cannot_be_read_is_no_error() -> None:
    harvest = read(answer(), answer("msg_2")[:-30])

    assert [turn.message for turn in harvest.turns] == ["msg_1"]
    assert (harvest.end, harvest.lines_skipped, harvest.problems) == (len(answer()), 0, [])


LINES = st.sampled_from(
    (
        answer(),
        answer(tokens=(3, 1, 900, 5000)),
        answer("msg_2", "req_2", is_sidechain=True),
        answer("msg_2", "req_3"),
        tool_result("words " * 50),
        b'{"usage"\n',
        b"\xff\n",
        b"\n",
    )
)


@given(st.lists(LINES, max_size=12), st.integers(1, 2000))
def test_stretches_give_what_the_whole_gives(lines: list[bytes], most_bytes: int) -> None:
    log = b"".join(lines)
    whole = read(log)
    stream, at, parts = io.BytesIO(log), 0, []
    while True:
        stream.seek(at)
        part = read_transcript(stream, carry="", most_bytes=most_bytes)
        if part.end == 0:
            break
        parts.append(part)
        at += part.end

    best: dict[tuple[str, str], Turn] = {}
    for part in parts:
        for turn in part.turns:
            key = (turn.message, turn.request)
            best[key] = max(turn, best.get(key, turn), key=lambda one: one.rank)
    assert at == whole.end
    assert sorted(best.values()) == sorted(whole.turns)
    assert sum(part.lines_read for part in parts) == whole.lines_read
    assert sum(part.lines_skipped for part in parts) == whole.lines_skipped


@given(st.data())
def test_no_bytes_stop_the_reading(data: st.DataObject) -> None:
    raw = bytearray(answer() + tool_result("x") + answer("msg_2"))
    for _ in range(data.draw(st.integers(0, 8))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))

    harvest = read(bytes(raw))

    assert harvest.end == raw.rfind(b"\n") + 1
    assert harvest.lines_read == raw.count(b"\n")


def test_a_line_too_long_is_skipped_and_told_unless_it_is_the_users(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from parsers import lines

    monkeypatch.setattr(lines, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(lines, "LONGEST_LINE", 4000)
    monkeypatch.setattr(lines, "_spare", [])
    huge = answer("msg_0").replace(b'"done"', b'"' + b"x" * 9000 + b'"')

    harvest = read(answer(), tool_result("x" * 9000), huge, answer("msg_2"))

    assert [turn.message for turn in harvest.turns] == ["msg_1", "msg_2"]
    assert (harvest.lines_read, harvest.lines_skipped) == (4, 1)
    assert [(problem.slug, problem.line) for problem in harvest.problems] == [
        ("line-unreadable", 3)
    ]
    assert transcripts.SOURCE == "claude"


# ---- limits


def said(text: str, **fields: Any) -> bytes:
    """Write the client's own word on an error."""
    message = {
        "id": "m9",
        "model": "<synthetic>",
        "content": [{"type": "text", "text": text}],
        "usage": {"input_tokens": 0, "output_tokens": 0},
    }
    whole = {"type": "assistant", "timestamp": f"{DAY}T10:00:00.000Z", "message": message}
    return line(**(whole | {"error": "rate_limit", "isApiErrorMessage": True} | fields))


HIT = "You've hit your weekly limit · resets Nov 7, 5am (UTC)"


@pytest.mark.parametrize(
    "usage",
    [{"input_tokens": 0, "output_tokens": 0}, {}, None],
    ids=["of nothing", "empty", "without usage"],
)
def test_a_limit_that_was_hit_is_a_reading_and_no_turn(usage: dict[str, int] | None) -> None:
    message = {"model": "<synthetic>", "content": [{"type": "text", "text": HIT}]}

    found = read(
        answer(), said(HIT, message=message if usage is None else message | {"usage": usage})
    )

    assert found.readings == [
        Reading(
            account=None,
            provider="claude",
            pool="week",
            unit="pp",
            used=100,
            cap=100,
            read_at=datetime(2026, 11, 3, 10, tzinfo=UTC),
            resets_at=datetime(2026, 11, 7, 5, tzinfo=UTC),
            source="claude-limit",
        )
    ]
    assert (len(found.turns), found.lines_skipped, found.problems) == (1, 0, [])


def test_what_a_tool_or_a_user_says_of_limits_is_no_evidence() -> None:
    quoted = said(HIT).decode().strip()

    found = read(
        tool_result(quoted),
        tool_result("x", toolUseResult={"stdout": quoted, "isApiErrorMessage": True}),
        line(type="attachment", attachment={"isApiErrorMessage": True, "text": HIT}),
        answer("m1", message_text=HIT),
        line(type="user", message={"content": HIT}, isApiErrorMessage=True),
    )

    assert (found.readings, found.problems, found.lines_skipped) == ([], [], 0)


def test_another_providers_session_is_no_reading_of_claude() -> None:
    refused = "API Error: Request rejected (429) · Usage limit reached for 5 hour."
    other = {"id": "m1", "model": "glm-5.3", "content": [{"type": "text", "text": HIT}]}

    found = read(answer(model="glm-5.3"), said(refused), said(HIT, message=other))

    assert (found.readings, found.problems, len(found.turns)) == ([], [], 1)


def test_error_rows_information_and_events_are_readings_at_their_own_time() -> None:
    headers = {"anthropic-ratelimit-unified-5h-utilization": "0.5"}
    info = {"status": "allowed", "unifiedWindows": {"seven_day": {"utilization": 0.07}}}

    found = read(
        line(
            type="system",
            subtype="api_error",
            timestamp=f"{DAY}T10:00:01Z",
            error={"status": 429, "headers": headers},
        ),
        line(
            type="system",
            subtype="informational",
            timestamp=f"{DAY}T10:00:02Z",
            content="You've used 97% of your session limit",
        ),
        line(type="rate_limit_event", timestamp=f"{DAY}T10:00:03Z", rate_limit_info=info),
    )

    assert [(one.pool, one.used, one.read_at.second, one.source) for one in found.readings] == [
        ("5h", 50, 1, "claude-limit"),
        ("5h", 97, 2, "claude-limit"),
        ("week", 7, 3, "claude-stream"),
    ]


def test_limits_of_no_moment_or_no_json_are_counted_and_told_once() -> None:
    undated = line(type="rate_limit_event", rate_limit_info={})
    broken = b'{"type":"system","subtype":"api_error","error":nope}\n'

    found = read(undated, undated, broken)

    assert (found.lines_skipped, [one.line for one in found.problems]) == (3, [1, 3])


def test_a_hit_without_its_pools_name_is_told_once_with_its_line() -> None:
    vague = said("Claude AI usage limit reached|1736503200")

    found = read(answer(), vague, vague)

    assert [(one.slug, one.line) for one in found.problems] == [("pool-ambiguous", 2)]
    assert (found.readings, found.lines_skipped) == ([], 0)
