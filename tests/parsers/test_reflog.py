from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers.reflog import DETACHED, Branch, parse_reflog, rebased_tips

OLD, NEW, NONE = "a" * 40, "b" * 40, "0" * 40


def line(done: str, *, old: str = OLD, new: str = NEW, who: str = "Ada <a@b>", at: int = 7) -> str:
    return f"{old} {new} {who} {at} +0100\t{done}\n"


@pytest.mark.parametrize(
    ("done", "left", "entered"),
    [
        ("checkout: moving from main to feat/a", "main", "feat/a"),
        (f"checkout: moving from {OLD} to main", DETACHED, "main"),
        ("checkout: moving from main to HEAD~2", "main", DETACHED),
        ("checkout: moving from main to HEAD", "main", DETACHED),
        (f"checkout: moving from main to {OLD}", "main", DETACHED),
        (f"checkout: moving from main to {OLD[:9]}", "main", OLD[:9]),
        ("checkout: moving from main to refs/remotes/origin/main", "main", DETACHED),
        ("checkout: moving from main to HEADER", "main", "HEADER"),
        ("Branch: renamed refs/heads/feat/a to refs/heads/feat/b", "feat/a", "feat/b"),
        ("rebase (start): checkout main", None, None),
        ("rebase (finish): returning to refs/heads/feat/a", "feat/a", "feat/a"),
        ("rebase -i (finish): returning to refs/heads/feat/a", "feat/a", "feat/a"),
        ("rebase finished: returning to refs/heads/feat/a", "feat/a", "feat/a"),
        ("rebase (abort): updating HEAD", None, None),
        ("rebase: checkout feat/a", None, None),
        ("pull --rebase origin main (start): checkout 12ab34cd", None, None),
        ("pull --rebase (finish): returning to refs/heads/feat/a", "feat/a", "feat/a"),
        ("pull --rebase https://x.example/y (start): checkout 12ab34cd", None, None),
    ],
)
def test_a_move_is_read_as_far_as_it_tells_the_branch(
    done: str, left: Branch, entered: Branch
) -> None:
    (found,) = parse_reflog(line(done).encode())

    assert (found.kind, found.left, found.entered) == ("moved", left, entered)
    assert (found.at_s, found.commit) == (7, NEW)


@pytest.mark.parametrize(
    ("done", "kind"),
    [
        ("commit: checkout: moving from main to feat/a", "made"),
        ("commit (initial): first", "made"),
        ("commit (amend): first (start): checkout x", "made"),
        ("commit (merge): Merge branch 'x'", "made"),
        ("rebase (pick): returning to nothing", "made"),
        ("rebase (continue): on", "made"),
        ("commit (cherry-pick): of another branch", "other"),
        ("cherry-pick: of another branch", "other"),
        ("merge feat/a: Fast-forward", "other"),
        ("reset: moving to HEAD", "other"),
        ("pull: Fast-forward", "other"),
        ("clone: from https://x.example/y", "other"),
    ],
)
def test_what_is_no_move_is_a_commit_made_here_or_something_else(done: str, kind: str) -> None:
    (found,) = parse_reflog(line(done).encode())

    assert (found.kind, found.left, found.entered) == (kind, None, None)


def test_a_head_that_went_elsewhere_without_a_word_has_moved() -> None:
    silent = f"{OLD} {NEW} Ada <a@b> 7 +0000\n"
    begun = f"{NONE} {NEW} Ada <a@b> 7 +0000\n"
    stood = f"{NEW} {NEW} Ada <a@b> 7 +0000\n"

    kinds = [one.kind for one in parse_reflog((silent + begun + stood).encode())]

    assert kinds == ["moved", "other", "other"]


def test_torn_and_strange_lines_say_nothing_and_the_others_are_read() -> None:
    text = (
        b"\xff\xfe\n\n" + line("commit: one", who="A <b> c <d>").encode() + b"nonsense\n"
        b"\xc3\x28" + line("commit: broken").encode() + line("commit: \xff").encode("latin-1")
    )

    assert [one.kind for one in parse_reflog(text + line("commit: two").encode()[:60])] == [
        "made",
        "made",
    ]


def test_hashes_may_be_longer() -> None:
    (found,) = parse_reflog(
        line(f"checkout: moving from {'c' * 64} to main", old="a" * 64, new="b" * 64).encode()
    )

    assert (found.left, found.commit) == (DETACHED, "b" * 64)


@given(st.binary(max_size=300))
@example(line("rebase" * 2000).encode())
@example(line("pull " + "(start): " * 3000).encode())
@example(line("checkout: moving from " + "a" * 5000).encode())
def test_no_text_makes_it_raise(text: bytes) -> None:
    for found in parse_reflog(text):
        assert found.kind in ("made", "moved", "other")


def test_the_log_of_a_branch_tells_where_it_stood_before_it_was_rebased() -> None:
    text = (
        line("rebase (finish): refs/heads/feat/a onto " + NEW, old="1" * 40)
        + line("rebase finished: refs/heads/feat/a onto " + NEW, old="2" * 40)
        + line("pull --rebase (finish): refs/heads/feat/a onto " + NEW, old="3" * 40)
        + line("commit: rebase (finish): refs/heads/feat/a onto " + NEW, old="4" * 40)
        + line("branch: Created from HEAD", old="5" * 40)
    )

    assert rebased_tips(text.encode()) == {"1" * 40, "2" * 40, "3" * 40}
