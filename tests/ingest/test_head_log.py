from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.reflog import DETACHED, Branch, parse_reflog
from portfolio.ingest.head_log import HeadSpan, branch_of_head, history_of

BRANCHES = ["main", "feat/a", "feat/b", "v1"]


@dataclass
class Head:
    """A HEAD whose log is written as git writes it, and what it was on all along."""

    on: str = "main"  # DETACHED: on no branch
    second: int = 100
    made: int = 0
    lines: list[str] = field(default_factory=list)
    truth: list[tuple[int, Branch]] = field(default_factory=list)  # None: it went unseen there
    commits: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._log("commit (initial): first")
        self.truth.append((self.second, self.on))

    @property
    def hash(self) -> str:
        return f"{self.made:040x}"

    def _log(self, done: str) -> None:
        self.second += 10
        old = self.hash
        self.made += "commit" in done or "pick" in done
        self.lines.append(f"{old} {self.hash} Ada <a@b> {self.second} +0000\t{done}\n")
        if self.made and done.startswith("commit") and self.on:
            self.commits[self.hash] = self.on

    def _went(self, on: str) -> None:
        self.on = on
        self.truth.append((self.second, on))

    def commit(self, _: str) -> None:
        self._log("commit: more")

    def merge(self, other: str) -> None:
        self._log(f"merge {other}: Fast-forward")

    def checkout(self, branch: str) -> None:
        self._log(f"checkout: moving from {self.on or 'f' * 40} to {branch}")
        self._went(branch)

    def detach(self, name: str) -> None:
        """Go to a tag or commit, or to a branch with --detach: all of them write but a name."""
        self._log(f"checkout: moving from {self.on or 'f' * 40} to {name}")
        self._went(DETACHED)

    def rename(self, branch: str) -> None:
        if self.on:
            for _ in range(2):
                self._log(f"Branch: renamed refs/heads/{self.on} to refs/heads/{branch}")
                self._went(branch)

    def rebase(self, other: str) -> None:
        if self.on:
            own = self.on
            self._log(f"rebase (start): checkout {other}")
            self._log("rebase (pick): more")
            self.commits[self.hash] = own
            self._log(f"rebase (finish): returning to refs/heads/{own}")

    def hide(self, branch: str) -> None:
        """Go elsewhere behind the log's back, as `git symbolic-ref` does."""
        if branch != self.on:
            self.truth.append((self.second, None))
            self.on = branch

    @property
    def text(self) -> str:
        return f"ref: refs/heads/{self.on}" if self.on else "f" * 40


def told(spans: list[HeadSpan], second: float) -> str | None:
    """Give what spans say of a moment: a branch, DETACHED, or None for nothing."""
    at = datetime.fromtimestamp(second, UTC)
    place = bisect_right([span.since_at for span in spans], at) - 1
    if place < 0 or ((until := spans[place].until_at) is not None and at >= until):
        return None
    return spans[place].branch or DETACHED


NAMES = [*BRANCHES, "v2", "HEAD~2", "c" * 40, "c" * 7, "origin/main"]
STEPS = ("commit", "merge", "checkout", "detach", "rename", "rebase")
HISTORIES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(BRANCHES)),
        st.tuples(st.just("detach"), st.sampled_from(NAMES)),
    ),
    max_size=12,
)


def lived(steps: list[tuple[str, str]]) -> Head:
    head = Head()
    for step, name in steps:
        getattr(head, step)(name)
    return head


@given(HISTORIES)
def test_the_branch_of_every_moment_is_told_and_is_the_true_one(
    steps: list[tuple[str, str]],
) -> None:
    # A rebase may be of another branch than HEAD was on, so a log that begins with one does not
    # tell of the time before.
    head = lived([("checkout", "main"), *steps])

    found = history_of(parse_reflog("".join(head.lines).encode()), head=head.text)

    for (begin, branch), (end, _) in zip(
        head.truth, [*head.truth[1:], (head.second + 20, None)], strict=True
    ):
        if begin < end:
            assert told(found.spans, begin + 0.5) == branch
            assert told(found.spans, end - 0.5) == branch
    assert found.made == head.commits


def says_nothing_false(head: Head, lines: list[str]) -> bool:
    """Tell whether a log says of each moment what is true, or nothing."""
    found = history_of(parse_reflog("".join(lines).encode()), head=head.text)
    ends = [*head.truth[1:], (head.second + 20, None)]
    return all(
        told(found.spans, (begin + end) / 2) in (branch, None)
        for (begin, branch), (end, _) in zip(head.truth, ends, strict=True)
        if begin < end and branch is not None
    )


@given(HISTORIES, st.integers(0, 20))
def test_a_log_whose_beginning_expired_says_nothing_false(
    steps: list[tuple[str, str]], expired: int
) -> None:
    head = lived(steps)

    assert says_nothing_false(head, head.lines[expired:])


# A branch gone to with --detach and then left unseen looks like one that was worked on.
UNAMBIGUOUS = HISTORIES.filter(
    lambda steps: not any(step[1] in BRANCHES and step[0] == "detach" for step in steps)
)


@given(UNAMBIGUOUS, st.sampled_from(["hidden", "d" * 7]), UNAMBIGUOUS)
def test_a_head_that_went_elsewhere_unseen_makes_nothing_false_be_told(
    steps: list[tuple[str, str]], hidden: str, more: list[tuple[str, str]]
) -> None:
    head = lived([("checkout", "main"), *steps])
    head.hide(hidden)
    for step, name in more:
        getattr(head, step)(name)

    assert says_nothing_false(head, head.lines)


def test_a_branch_named_like_a_hash_is_told_by_the_move_away_from_it() -> None:
    head = lived([("checkout", "d" * 7), ("commit", ""), ("checkout", "main")])

    spans = history_of(parse_reflog("".join(head.lines).encode()), head=head.text).spans

    assert [span.branch for span in spans] == ["main", "d" * 7, "main"]


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(BRANCHES)), max_size=12))
def test_a_clock_that_is_set_back_makes_no_two_spans_of_one_moment(
    moves: list[tuple[int, str]],
) -> None:
    old, text = "main", ""
    for at, branch in moves:
        text += f"{'a' * 40} {'a' * 40} A <a> {at} +0000\tcheckout: moving from {old} to {branch}\n"
        old = branch

    spans = history_of(parse_reflog(text.encode()), head=f"ref: refs/heads/{old}").spans

    for span, following in pairwise(spans):
        assert span.until_at is not None
        assert span.since_at < span.until_at <= following.since_at


@pytest.mark.parametrize(
    ("head", "branch"),
    [
        ("ref: refs/heads/feat/a\n", "feat/a"),
        ("a" * 40 + "\n", DETACHED),
        ("ref: refs/heads/.invalid", None),  # kept in another way
        ("", None),
    ],
)
def test_a_head_names_its_branch(head: str, branch: Branch) -> None:
    assert branch_of_head(head) == branch
