"""Several methodologies in one window: each with accounts of its own, and its features named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from parsers.records import Problem
from portfolio.errors import WindowPartsError, problem
from portfolio.model import ANY, Methodology, Window, WindowPart

JOINS: Final = "+"  # no methodology's name holds it


def said_methodology(texts: Sequence[str]) -> tuple[str | None, tuple[WindowPart, ...]]:
    """Read what was said of the way of working: one name for all, or each with its features.

    >>> said_methodology(["solo"])
    ('solo', ())
    >>> said_methodology(["solo=A-1,A-2", "relay=B-1"])[0]
    'relay+solo'

    Raises:
        WindowPartsError: Several names, of which one or more names no features; one name or one
            feature twice.
    """
    if len(texts) == 1 and "=" not in texts[0]:
        return texts[0], ()
    parts = tuple(sorted(map(_part, texts), key=lambda part: part.methodology))
    named: dict[str, str] = {}
    for place, part in enumerate(parts):
        if place and parts[place - 1].methodology == part.methodology:
            raise WindowPartsError(f"{part.methodology} is said twice")
        for feature in part.features:
            if feature in named:
                raise WindowPartsError(
                    f"{feature} is said of {named[feature]} and of {part.methodology}"
                )
            named[feature] = part.methodology
    return joined_name(parts), parts


def _part(text: str) -> WindowPart:
    name, _, listed = text.partition("=")
    features = tuple(sorted({one.strip() for one in listed.split(",")} - {""}))
    if not name.strip() or not features:
        raise WindowPartsError(f"{text!r} names no features of a methodology")
    return WindowPart(methodology=name.strip(), features=features)


def joined_name(parts: Sequence[WindowPart]) -> str | None:
    """Give one name for all the methodologies of a window; None where there are no parts."""
    return JOINS.join(part.methodology for part in parts) or None


def check_parts(parts: Sequence[WindowPart], known: Sequence[Methodology]) -> None:
    """See that a window's methodologies share no account, so that no burn counts twice.

    Raises:
        WindowPartsError: Two of them have a step on the same account, or one was never added, so
            that nobody knows its accounts.
    """
    accounts = {one.methodology: {step.account for step in one.steps} for one in known}
    owner: dict[str, str] = {}
    for part in parts:
        if ANY in accounts.get(part.methodology, {ANY}):
            raise WindowPartsError(
                f"methodology {part.methodology} was never added, or any account may do it, so its"
                " accounts are not known"
            )
        for account in sorted(accounts[part.methodology]):
            if account in owner:
                raise WindowPartsError(
                    f"{account} is in both {owner[account]} and {part.methodology}: its burn cannot"
                    " be told apart"
                )
            owner[account] = part.methodology


def part_doubts(window: Window, *, items: Collection[str], beside: Sequence[str]) -> list[Problem]:
    """Say what of a window its parts leave out, and what they name in vain.

    Args:
        window: The window, with its parts.
        items: What was worked on in it, as its commits tell.
        beside: The accounts that worked in it and are in none of its methodologies.
    """
    if not window.parts:
        return []
    named = {feature: part.methodology for part in window.parts for feature in part.features}
    told = []
    if left := sorted(set(items) - set(named)):
        told.append(
            f"{', '.join(left)} in no part of {window.window}: counted for none of its"
            " methodologies; say it with --methodology M=FEATURE,..."
        )
    told += [
        f"{named[feature]} names {feature}, but no commit of {window.window} does"
        for feature in sorted(set(named) - set(items))
    ]
    if beside:
        told.append(
            f"{', '.join(beside)} worked in {window.window} too, and in none of its methodologies:"
            " that burn stands by itself and brings no feature"
        )
    return [problem("part-incomplete", text) for text in told]
