"""Print whether the git hook is here, and what it does."""

from __future__ import annotations

from portfolio.report.answers.hook import HookAnswer, HookLine
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import safe

LONGEST = 2_000  # of a path: it may be copied
SAID = {
    "installed": "installed",
    "updated": "brought up to date",
    "unchanged": "installed already",
    "removed": "removed",
    "restored": "removed; the hook from before is back",
    "run-by-pre-commit": "installed; the pre-commit framework runs it",
    "everywhere": "installed for all your repositories",
    "absent": "not installed",
    "program-gone": "does nothing: the portfolio that it points to is gone",
    "overwritten": "not run any more: another program wrote over it",
}


@render.register
def _(answer: HookAnswer, page: Page) -> None:
    where = "every repository of yours" if answer.repository is None else answer.repository
    page.raw(f"The git hook in {safe(where, longest=LONGEST)}\n")
    for line in answer.hooks:
        show_line(line, page)
    if not answer.is_installed:
        if answer.asked == "status":
            page.say("Commits are not marked here; `portfolio hook install` changes that.")
        return
    if answer.mode == "off":
        page.say("Mode off: no commit is marked or checked.")
        return
    if answer.mode is not None:
        does = "refuses" if answer.mode == "strict" else "warns of"
        page.say(f"Mode {answer.mode}: it {does} a mark that cannot be read.")
    if answer.branch is not None:
        page.say(f"On {safe(answer.branch)} the next commit gets: {answer.next_mark or 'no mark'}")
    for reason in answer.why:
        page.say(f"  {safe(reason, longest=400)}")


def show_line(line: HookLine, page: Page) -> None:
    """Print one of git's hooks: whether it is ours, where, and what it runs."""
    page.raw(f"  {line.hook}: {SAID[line.status]}\n")
    if line.status not in {"absent", "removed"}:
        page.raw(f"    {safe(line.file, longest=LONGEST)}\n")
    if line.kept is not None and line.status not in {"removed", "restored", "overwritten"}:
        page.raw(f"    runs {safe(line.kept, longest=LONGEST)}, which was here before\n")
