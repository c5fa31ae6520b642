"""Operations of git at random, each done for real and noted in the model.

Every operation is given a number in [0, 1) that picks what it works on; where there is nothing for
it to do, it does nothing, so that operations may be left out of a sequence.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.git_model import Item, Landing
from benchmarks.git_play import Play, picked


def direct(play: Play, _: float) -> None:
    """Commit on main without a mark."""
    play.made.direct(f"feat: plain {play.next_number()}")


def build_on_main(play: Play, _: float) -> None:
    """Begin an item on main itself: without a terminal step it has not shipped."""
    item = play.new_item(branch="", is_tagged=True)
    play.commit(item, "BUILD")


def ship_on_main(play: Play, pick: float) -> None:
    """Do the terminal step of an item on main."""
    item = picked([one for one in play.items if not one.branch and not one.landing], pick)
    item = item or play.new_item(branch="", is_tagged=True)
    item.landing = Landing([play.commit(item, "SHIP" if pick < 0.5 else "REVIEW")])


def begin(play: Play, pick: float) -> None:
    """Begin an item on a branch of its own, by tags or by trailers."""
    play.begin("main", pick)


def begin_on_top(play: Play, pick: float) -> None:
    """Begin an item on the branch of another, and merge it into that one."""
    if under := picked(play.open_items(), pick):
        item = play.begin(under.branch, pick)
        play.go(under.branch)
        play.made.git("merge", "-q", "--no-ff", "--no-edit", item.branch)
        play.go("main")
        item.carried_by, item.is_done = under, True
        under.is_straight, under.ship_commit = False, ""


def work(play: Play, pick: float) -> None:
    """Commit once more on a branch, marked or not."""
    if item := picked(play.open_items(), pick):
        play.go(item.branch)
        if pick * 7 % 1 < 0.3:
            play.made.direct(f"Unmarked {play.next_number()}")
        else:
            play.commit(item, "TEST")
        play.go("main")
        item.ship_commit = ""


def ship_on_branch(play: Play, pick: float) -> None:
    """Do the terminal step on a branch, which ships nothing by itself."""
    if item := picked([one for one in play.open_items() if one.is_tagged], pick):
        play.go(item.branch)
        item.ship_commit = play.commit(item, "SHIP")
        play.go("main")


def rework(play: Play, pick: float) -> None:
    """Work on a branch again that was merged, and merge it again."""
    if item := picked(play.merged_items(), pick):
        play.go(item.branch)
        play.commit(item, "FIX")
        play.go("main")
        play.made.git("merge", "-q", "--no-ff", "--no-edit", item.branch)
        for one in play.brought(item):
            one.is_reworked = True


def amend(play: Play, pick: float) -> None:
    """Amend the last commit of a branch."""
    if item := picked([one for one in play.open_items() if one.is_straight], pick):
        play.go(item.branch)
        play.change_last()
        play.made.git("commit", "-q", "--amend", "--no-edit")
        play.moved(item)


def rebase(play: Play, pick: float) -> None:
    """Rebase a branch onto main."""
    if item := picked([one for one in play.open_items() if one.is_straight], pick):
        play.made.git("rebase", "-q", "main", item.branch)
        play.moved(item)


def pull(play: Play, pick: float) -> None:
    """Merge main into a branch."""
    if item := picked(play.open_items(), pick):
        play.go(item.branch)
        play.made.git("merge", "-q", "--no-ff", "--no-edit", "main")
        item.is_straight = False
        play.moved(item)


def reset(play: Play, pick: float) -> None:
    """Throw the last commit of a branch away, or all of them."""
    if item := picked([one for one in play.open_items() if one.is_straight], pick):
        play.go(item.branch)
        base = play.forked(item)
        to = base if pick * 7 % 1 < 0.5 else "HEAD~1"
        play.made.git("reset", "-q", "--hard", to)
        item.is_done = play.made.head() == base
        play.moved(item)
        item.ship_commit = ""


def delete(play: Play, pick: float) -> None:
    """Delete a branch, merged or not."""
    if (item := picked([one for one in play.items if one.branch and one.is_free], pick)) and (
        play.has_branch(item.branch)
    ):
        play.made.git("branch", "-q", "-D", item.branch)
        item.is_done = True


def merge(play: Play, pick: float) -> None:
    """Merge a branch with a merge commit, in git's words or a forge's."""
    if item := picked(play.open_items(), pick):
        forge = f"Merge pull request #{play.next_number()} from ada/{item.branch}\n\nSome title"
        said = ("-m", forge) if pick * 7 % 1 < 0.5 else ("--no-edit",)
        play.made.git("merge", "-q", "--no-ff", *said, item.branch)
        play.landed(item, Landing([play.made.head()], is_merge=True))


def squash(play: Play, pick: float) -> None:
    """Squash a branch: as GitHub writes it, or git itplay."""
    if item := picked(play.open_items(), pick):
        told = play.made.git("log", "--reverse", "--format=%s", f"main..{item.branch}")
        play.made.git("merge", "-q", "--squash", item.branch)
        if pick * 7 % 1 < 0.5:
            lines = "\n".join(f"* {one}" for one in told.splitlines())
            text = f"Squashed {play.count} (#{play.next_number()})\n\n{lines}"
        else:
            log = play.made.folder / ".git" / "SQUASH_MSG"
            text = f"Squashed {play.next_number()}\n\n{log.read_text(encoding='utf-8').strip()}"
        trailers = [f"Work: {one.name}" for one in play.brought(item) if not one.is_tagged]
        _squashed(play, item, "\n\n".join([text, "\n".join(trailers)]))


def squash_blank(play: Play, pick: float) -> None:
    """Squash a branch that main has not moved on from, so that only its files tell which."""
    fit = [one for one in play.open_items() if play.forked(one) == play.made.head()]
    if item := picked(fit, pick):
        play.made.git("merge", "-q", "--squash", item.branch)
        _squashed(play, item, f"Squashed {play.count} (#{play.next_number()})", is_free=False)


def _squashed(play: Play, item: Item, text: str, *, is_free: bool = True) -> None:
    play.made.write(text)
    play.landed(item, Landing([play.made.head()]), is_free=is_free)
    item.is_straight = False


def fast_forward(play: Play, pick: float) -> None:
    """Rebase a branch onto main, and let main follow it."""
    if item := picked([one for one in play.open_items() if one.is_straight], pick):
        before = play.made.head()
        play.made.git("rebase", "-q", "main", item.branch)
        play.go("main")
        play.made.git("merge", "-q", "--ff-only", item.branch)
        play.landed(item, Landing(play.since(before)), is_free=False)


def rebase_merge(play: Play, pick: float) -> None:
    """Put copies of a branch's commits onto main, as forges do; the branch stays as it was."""
    if item := picked([one for one in play.open_items() if one.is_straight], pick):
        before = play.made.head()
        play.made.git("cherry-pick", f"main..{item.branch}")
        play.landed(item, Landing(play.since(before)), is_free=False)


def pick_ship(play: Play, pick: float) -> None:
    """Put a copy of a branch's terminal step onto main, and nothing else of it."""
    if item := picked([one for one in play.open_items() if one.ship_commit], pick):
        play.made.git("cherry-pick", item.ship_commit)
        item.landing, item.is_done = Landing([play.made.head()]), True


def undo(play: Play, pick: float) -> None:
    """Take back what landed, or what took something back, on main itplay."""
    if target := picked(play.undoable(), pick):
        before = play.made.head()
        play.revert(target)
        target.undone_by.append(Landing(play.since(before)))


def undo_on_branch(play: Play, pick: float) -> None:
    """Take something back on a branch, which changes nothing until it is merged."""
    if target := picked(play.undoable(), pick):
        branch = f"undo-{play.next_number()}"
        play.made.git("checkout", "-q", "-b", branch)
        play.revert(target)
        play.go("main")
        target.is_waiting = True
        play.undoing.append((branch, target))


def merge_undo(play: Play, pick: float) -> None:
    """Merge a branch that takes something back."""
    if found := picked(play.undoing, pick):
        branch, target = found
        title = play.made.git("log", "-1", "--format=%s", branch)
        text = f"Merge pull request #{play.next_number()} from ada/{branch}\n\n{title}"
        play.made.git("merge", "-q", "--no-ff", "-m", text, branch)
        target.undone_by.append(Landing([play.made.head()], is_merge=True))
        target.is_waiting = False
        play.undoing.remove(found)


# How often each is drawn.
OPERATIONS: dict[str, tuple[int, Callable[[Play, float], None]]] = {
    "begin": (9, begin),
    "begin on top": (4, begin_on_top),
    "build on main": (1, build_on_main),
    "ship on main": (2, ship_on_main),
    "direct": (2, direct),
    "work": (6, work),
    "ship on branch": (4, ship_on_branch),
    "rework": (8, rework),
    "amend": (5, amend),
    "rebase": (5, rebase),
    "pull": (2, pull),
    "reset": (3, reset),
    "delete": (2, delete),
    "merge": (6, merge),
    "squash": (6, squash),
    "squash, blank": (3, squash_blank),
    "fast-forward": (4, fast_forward),
    "rebase-merge": (4, rebase_merge),
    "pick ship": (6, pick_ship),
    "undo": (9, undo),
    "undo on a branch": (3, undo_on_branch),
    "merge an undo": (5, merge_undo),
}
