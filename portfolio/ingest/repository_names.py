"""How a repository is called in the ids of items, and as whom one commits in it.

Clones of one project share its name: they have the same origin; or the same first commit, and their
origins are called alike, as a fork is. Another project of the same name gets its owner in front,
else a number behind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Final

from portfolio.estimate.branch_items import as_id, short_name
from portfolio.model import NamedRepository
from portfolio.store import commits

if TYPE_CHECKING:
    from portfolio.ingest.checkout import Checkout, Graph
    from portfolio.ingest.commit_fates import Fates
    from portfolio.store.opening import Database

# git@host:owner/name.git, https://host/owner/name, ssh://git@host:22/owner/name
_GITHUB: Final = re.compile(
    r"(?:(?:ssh|https?|git)://)?(?:[^@/]+@)?(?:www\.|ssh\.)?github\.com(?::[0-9]+)?[:/]",
    re.IGNORECASE,
)
_FORGE_PATH: Final = re.compile(r"(?:[:/])([^/:]+)/([^/:]+?)(?:\.git)?/?$")


def take_in_name(
    database: Database, checkout: Checkout, graph: Graph, found: Fates, *, now: datetime
) -> None:
    """Store how a repository is called, where it comes from, and as whom one commits there."""
    folder = str(checkout.folder)
    if any(own := checkout.author()):
        commits.add_repository_author(database, folder, *own, now=now)
    if not graph.parents:
        return
    origin = checkout.origin() or ""
    path = forge_path(origin)
    known = commits.repository_names(database)
    before = next((one for one in known if one.repository == folder), None)
    project = _project(found.roots, folder, is_shallow=checkout.is_shallow())
    clone = before or _clone(known, project, path)
    chosen = checkout.own_name()
    if chosen and not any(one.name == chosen and one.project != project for one in known):
        name = chosen
    elif clone is not None:
        name, project = clone.name, clone.project
    else:
        name = _free(known, _candidates(checkout.folder.name, path))
    named = NamedRepository(folder, name, project, path, is_github(origin), checkout.is_shallow())
    if named != before:
        commits.name_repository(database, named, now=now)


def forge_path(origin: str) -> str | None:
    """Give owner/name of an origin's address, lower case; None where it has none.

    >>> forge_path("git@github.com:Ada/Api.git"), forge_path("/srv/git/api")
    ('ada/api', 'git/api')
    """
    match = _FORGE_PATH.search(origin)
    return f"{match[1]}/{match[2]}".lower() if match else None


def is_github(origin: str) -> bool:
    """Tell whether an origin lies at github.com.

    >>> is_github("git@github.com:ada/api"), is_github("https://github.com.example/ada/api")
    (True, False)
    """
    return _GITHUB.match(origin) is not None


def _project(roots: Sequence[str], folder: str, *, is_shallow: bool) -> str:
    """Name what clones share; of a shallow one the first commit is not known."""
    told = folder if is_shallow or not roots else roots[0]
    return hashlib.blake2b(told.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _clone(
    known: Sequence[NamedRepository], project: str, path: str | None
) -> NamedRepository | None:
    same = [one for one in known if path is not None and one.forge_path == path]
    same += [one for one in known if one.project == project and _may_be(one.forge_path, path)]
    return same[0] if same else None


def _may_be(one: str | None, other: str | None) -> bool:
    """Tell whether two origins may be of one project: a fork is called as what it is a fork of."""
    if one is None or other is None:
        return True
    return one.partition("/")[2] == other.partition("/")[2]


def _candidates(folder: str, path: str | None) -> Iterator[str]:
    if path is None:
        yield short_name(folder)
        plain = short_name(folder)
    else:
        owner, _, last = path.partition("/")
        plain = short_name(last)
        yield plain
        yield short_name(f"{as_id(owner)}-{last}")
    yield from (f"{plain}-{number}" for number in count(2))


def _free(known: Sequence[NamedRepository], candidates: Iterator[str]) -> str:
    taken = {one.name.casefold() for one in known}
    return next(name for name in candidates if name.casefold() not in taken)
