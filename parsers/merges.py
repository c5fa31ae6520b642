"""Read what the message of a merge or squash says of the request or branch that it brings in.

Forms, as the forges and git itself write them:

    Add export (#12)                                GitHub's squash; also its rebase of one commit
    Merge pull request #12 from ada/feat/export     GitHub's merge; the request's title is the body
    Merged in feat/export (pull request #12)        Bitbucket
    Merge pull request #12 in ACME/api from feat/export to main      Bitbucket's servers, once
    Pull request #12: Add export                    and now, with `Merge in ACME/api from ...`
    Merged PR 12: Add export                        Azure
    Merge branch 'feat/export' into 'main'          GitLab, with `See merge request team/api!12`
    Merge branch 'feat/export'                      git; also `remote-tracking branch 'origin/...'`
    Squashed commit of the following:               git merge --squash, with `commit HASH` lines
    Revert "Add export (#12)" (#14)                 takes #12 back; Reapply "..." gives it again;
                                                    where no number is told, the title tells
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

LONGEST_TITLE: Final = 500  # characters that are kept
LARGEST_NUMBER: Final = 2**31 - 1
REVERT: Final = "revert"
UNUSUAL: Final = ("Merge", "Pull request #", "Squashed commit of", 'Revert "', 'Reapply "')

_PULL: Final = re.compile(r"Merge pull request #([0-9]{1,10}) from (\S+)")
_SERVER: Final = re.compile(
    r"Merge pull request #?([0-9]{1,10})(?: in \S+)? from (\S+) (?:in)?to \S+"
)
_SERVER_NOW: Final = re.compile(r"Pull request #([0-9]{1,10}): (.+)")
_SERVER_BRANCH: Final = re.compile(r"Merge in \S+ from (\S+) to \S+")
_BITBUCKET: Final = re.compile(r"Merged in (\S+) \(pull request #([0-9]{1,10})\)")
_AZURE: Final = re.compile(r"Merged PR ([0-9]{1,10}): (.+)")
_GITLAB: Final = re.compile(r"See merge request \S*!([0-9]{1,10})")
_BRANCH: Final = re.compile(
    r"Merge (?P<remote>remote-tracking )?branch '(?P<branch>[^']+)'(?P<pulled> of \S+)?"
    r"(?: into '?(?P<into>[^' ]+)'?)?"
)
_NUMBERED: Final = re.compile(r"(.*\S) \(#([0-9]{1,10})\)")
_TYPE: Final = re.compile(r"([A-Za-z]+)(?:\([^()]*\))?!?: ")
_TAKEN_BACK: Final = re.compile(r'(Revert|Reapply) "(.*)"')
_REVERTS: Final = re.compile(r"Reverts ([\w.-]+/[\w.-]+)?#([0-9]{1,10})\.?")
_REVERT_BRANCH: Final = re.compile(r"revert-([0-9]{1,10})-")  # as GitHub names it
_SQUASHED: Final = re.compile(r"commit ([0-9a-f]{40}|[0-9a-f]{64})")


@dataclass(slots=True)
class MergeMessage:
    """What a message says of the change it brings in; most messages say a title and no more."""

    title: str = ""  # of the request, else the subject without its number
    number: int | None = None  # of the request
    branch: str | None = None  # that is merged
    into: str | None = None  # what it is merged into
    change_type: str | None = None  # of the title, lower case: feat, fix, chore, revert, ...
    is_gitlab: bool = False  # its numbers of requests are not those of issues
    is_pull: bool = False  # the same branch from elsewhere, no change of its own
    squashed: list[str] = field(default_factory=list)  # hashes of what was made one commit
    reverts: str | None = None  # a request that this takes back: its number, else "TITLE
    reapplies: str | None = None  # a request that this gives again, named alike
    of_project: str | None = None  # owner/name that the number is of, where it says so


def parse_merge(message: str) -> MergeMessage:
    """Read one whole message."""
    subject, _, body = message.lstrip("\r\n").partition("\n")
    title = subject.strip()
    if not title.startswith(UNUSUAL) and "\ncommit " not in message:
        return _usual(title)
    found = MergeMessage(title=title)
    if title.startswith(("Merge", "Pull request #")):
        _read_merge(found, title, body)
    elif "\ncommit " in message:  # also below a subject of one's own
        found.squashed = [one[1] for line in body.split("\n") if (one := _squashed(line))]
        if title.startswith("Squashed commit of"):
            found.title = _first_squashed(body) or title
    if found.number is None:
        found.title, found.number = _numbered(found.title)
    if found.title.startswith(('Revert "', 'Reapply "')):
        found.change_type = REVERT
        _read_revert(found, body)
    else:
        found.change_type = _type(found.title)
    found.title = found.title[:LONGEST_TITLE]
    return found


def _usual(title: str) -> MergeMessage:
    """Read the subject that most commits have: a title, and perhaps the number of a request."""
    title, number = _numbered(title)
    return MergeMessage(title[:LONGEST_TITLE], number, None, None, _type(title))


def _numbered(title: str) -> tuple[str, int | None]:
    """Take the number of a request from the end of a subject."""
    if title[-1:] == ")" and (numbered := _NUMBERED.fullmatch(title)):
        return numbered[1], _number(numbered[2])
    return title, None


def _type(title: str) -> str | None:
    match = _TYPE.match(title) if ": " in title else None
    return match[1].lower() if match else None


def _squashed(line: str) -> re.Match[str] | None:
    return _SQUASHED.fullmatch(line.strip()) if line.startswith("commit ") else None


def _first_squashed(body: str) -> str | None:
    """Give the subject of the oldest of the squashed commits: git lists the newest first."""
    subjects = []
    has_head = False
    for line in body.split("\n"):
        if _squashed(line):
            has_head = True
        elif has_head and line.startswith("    ") and line.strip():
            subjects.append(line.strip())
            has_head = False
    return subjects[-1] if subjects else None


def _read_merge(found: MergeMessage, subject: str, body: str) -> None:
    if pull := _PULL.fullmatch(subject):
        found.number, found.branch = _number(pull[1]), pull[2].partition("/")[2] or pull[2]
        found.title = _first_line(body) or found.branch
    elif server := _SERVER.fullmatch(subject):
        found.number, found.branch = _number(server[1]), server[2]
        found.title = found.branch
    elif server := _SERVER_NOW.fullmatch(subject):
        found.number, found.title = _number(server[1]), server[2]
        if below := _SERVER_BRANCH.search(body):
            found.branch = below[1]
    elif bitbucket := _BITBUCKET.fullmatch(subject):
        found.number, found.branch = _number(bitbucket[2]), bitbucket[1]
        found.title = _first_line(body) or found.branch
    elif azure := _AZURE.fullmatch(subject):
        found.number, found.title = _number(azure[1]), azure[2]
    elif branch := _BRANCH.match(subject):
        _read_branch(found, branch, body)


def _read_branch(found: MergeMessage, branch: re.Match[str], body: str) -> None:
    named = branch["branch"].rpartition(":")[2]  # GitHub's sync of a fork says owner:branch
    found.branch = named.partition("/")[2] if branch["remote"] else named
    found.into = branch["into"]
    found.is_pull = bool(branch["pulled"]) and found.into in (None, found.branch)
    if request := _GITLAB.search(body):
        found.number, found.is_gitlab = _number(request[1]), True
        found.title = _first_line(body) or found.branch


def _read_revert(found: MergeMessage, body: str) -> None:
    """Say which request is taken back or given again, where no hash tells."""
    quoted = _TAKEN_BACK.match(found.title)
    if quoted is None:
        return
    title, number = _numbered(quoted[2])
    told = str(number) if number else f'"{title}'
    if quoted[1] == "Reapply":
        found.reapplies = told
        return
    said = next((one for line in body.split("\n") if (one := _reverts(line))), None)
    by_branch = _REVERT_BRANCH.match(found.branch or "")
    if said:
        told, found.of_project = str(int(said[2])), said[1] and said[1].lower()
    elif number is None and by_branch:
        told = str(int(by_branch[1]))
    found.reverts = told


def _reverts(line: str) -> re.Match[str] | None:
    return _REVERTS.fullmatch(line.strip()) if line.lstrip().startswith("Reverts ") else None


def _first_line(body: str) -> str | None:
    """Give the first line of a body that says something."""
    return next((line.strip() for line in body.split("\n") if line.strip()), None)


def _number(digits: str) -> int | None:
    number = int(digits)
    return number if 0 < number <= LARGEST_NUMBER else None
