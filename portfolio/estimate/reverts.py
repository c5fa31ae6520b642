"""What stands reverted: chains of reverts resolved, and those that name a request by its number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from portfolio.model import Landing, RequestRevert, Revert

Place: TypeAlias = tuple[str, str]  # repository and commit


def taken_back(reverts: Iterable[Revert]) -> set[Place]:
    """Resolve chains of reverts: give the (repository, commit) that stand reverted now.

    A commit is taken back while some revert of it stands; a revert that was itself taken back
    does not.
    """
    by_target: dict[Place, set[str]] = defaultdict(set)
    for revert in reverts:
        by_target[revert.repository, revert.reverted].add(revert.commit)
    state: dict[Place, bool] = {}
    for target in by_target:
        _resolve(target, by_target, state)
    return {target for target in by_target if state[target]}


def _resolve(target: Place, by_target: Mapping[Place, set[str]], state: dict[Place, bool]) -> None:
    """Settle one commit after the reverts of it, without recursion: a chain may be long."""
    waiting = [target]
    opened: set[Place] = set()
    while waiting:
        here = waiting[-1]
        reverting = [(here[0], commit) for commit in by_target.get(here, ())]
        open_ones = [one for one in reverting if one not in state and one not in opened]
        if open_ones and here not in opened:
            opened.add(here)
            waiting.extend(open_ones)
            continue
        state[here] = any(not state.get(one, False) for one in reverting)
        waiting.pop()


def by_hash(reverts: Sequence[RequestRevert], landings: Sequence[Landing]) -> list[Revert]:
    """Give the reverts of requests as reverts of the commits that brought these in.

    A title may have been used before: the newest that had landed by then is meant.

    Args:
        reverts: Each takes back #NUMBER or #"TITLE, or with a ! before gives it again.
        landings: What brought requests in.
    """
    brought: dict[Place, list[Landing]] = defaultdict(list)
    for landing in sorted(landings, key=lambda one: one.at):
        for name in _names(landing):
            brought[landing.repository, name].append(landing)
    taken: dict[Place, list[str]] = defaultdict(list)  # request → the commits that took it back
    found: list[Revert] = []
    for one in sorted(reverts, key=lambda one: one.at):
        sign, _, name = one.reverted.partition("#")
        request = one.repository, name
        if sign:
            targets = taken[request]
        else:
            known = [landing for landing in brought[request] if landing.at <= one.at]
            meant = known[-1:] if name.startswith('"') else known
            targets = [landing.commit for landing in meant]
            # What takes it back by its number may be undone by its title.
            for other in {name, *(other for landing in meant for other in _names(landing))}:
                taken[one.repository, other].append(one.commit)
        found += [
            Revert(repository=one.repository, commit=one.commit, reverted=target)
            for target in targets
            if target != one.commit
        ]
    return found


def _names(landing: Landing) -> list[str]:
    """Give how a revert may name what a commit brought in."""
    return [*([landing.request] if landing.request else []), f'"{landing.title}']
