"""Tell the git hook how the store calls a repository, where that is not what git itself tells.

Two projects of one name would mark their commits with the same items. Only the git configuration of
a repository that our hook marks is written to, and there a key of its own: `portfolio.name` is the
user's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.errors import HookFolderError, problem
from portfolio.estimate.branch_items import short_name
from portfolio.store import commits, places

if TYPE_CHECKING:
    from parsers.records import Problem
    from portfolio.model import NamedRepository
    from portfolio.settings import Home
    from portfolio.store.opening import Database

KEY: Final = "portfolio.storedName"


def keep_names(database: Database, home: Home) -> tuple[list[str], list[Problem]]:
    """Write the names that the hook would not find by itself; give what is to be said of it."""
    mains = places.main_checkouts(database)
    others = [
        one
        for one in commits.repository_names(database)
        if one.name != name_by_git(one.forge_path, mains.get(one.repository, one.repository))
    ]
    said: list[str] = []
    problems: list[Problem] = []
    for one in others:  # hardly ever any; else git is not asked, nor what asks it imported
        from portfolio.ingest import hook_places

        if not _is_called_otherwise(one, home):
            continue
        try:
            hook_places.set_config(Path(one.repository), KEY, one.name, scope="local")
        except HookFolderError as error:
            told = f"the hook in {one.repository} does not call it {one.name}: {error.what}"
            problems.append(problem("hook-misnames", told))
        else:
            said.append(
                f"The hook in {one.repository} calls it {one.name} from now on, as another project"
                f" has the name that git tells ({KEY} in its git configuration)."
            )
    return said, problems


def name_by_git(forge_path: str | None, folder: str) -> str:
    """Give the short name that a repository has by its origin, else by its main checkout's folder.

    >>> name_by_git("ada/api", "/src/copy"), name_by_git(None, "/src/copy")
    ('api', 'copy')
    """
    return short_name(forge_path.partition("/")[2] if forge_path else Path(folder).name)


def _is_called_otherwise(one: NamedRepository, home: Home) -> bool:
    """Tell whether the hook of this home is there and calls a repository by another name."""
    from portfolio.ingest import hook_places

    folder = Path(one.repository)
    if hook_places.config(folder, KEY) == one.name:
        return False
    if hook_places.config(folder, "portfolio.home") != str(home.folder):
        return False
    return hook_places.config(folder, "portfolio.name") != one.name
