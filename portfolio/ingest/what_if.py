"""Read a file of suppositions for `rebalance --what-if`: TOML, or the same as JSON.

demand = 120                # features a month

[prices]                    # dollars a month from now on
claude-max = 80

[caps]                      # how many times what it holds now: all its pools, or each
claude-pro = 0.5
codex-plus = { week = 2 }

[[plans]]                   # one that nobody measured yet, or one whose size is not known
plan = "cursor-pro"
provider = "cursor"
price_usd = 20
promo_usd = 10              # may be left out, as all that follow: the price of its first months
promo_months = 2
least_months = 1            # that it is bought for
features_month = { S = 60, M = 20, L = 7 }    # or one number: at your own mix
times = 5                   # or its pools beside those of a plan that is measured
of = "claude-pro"

What is supposed is used for one answer and stored nowhere.
"""

from __future__ import annotations

import difflib
import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from portfolio.errors import FileUnreadableError, WhatIfError
from portfolio.model import cycle_of

KEYS: Final = ("demand", "prices", "caps", "plans")
PLAN_KEYS: Final = (
    "plan",
    "provider",
    "price_usd",
    "promo_usd",
    "promo_months",
    "least_months",
    "features_month",
    "times",
    "of",
)
SIZES: Final = ("S", "M", "L")
MOST: Final = 1e6  # dollars, features, times; beyond it, it is a mistake
LONGEST: Final = 36  # months


@dataclass(frozen=True, slots=True, kw_only=True)
class SupposedPlan:
    """A plan as the file has it; None: it does not say."""

    plan: str
    provider: str
    price_usd: float | None  # dollars a month
    promo_usd: float | None  # dollars a month in its first months
    promo_months: int
    least_months: int  # that it is bought for
    features_month: Mapping[str, float]
    """Features that a full month of it ships, by size; under "" at one's own mix of sizes."""
    times: float | None  # how many times the pools of plan `of`
    of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is supposed."""

    demand: float | None = None  # features a month; None: as measured
    prices: Mapping[str, float] = field(default_factory=dict)  # dollars a month, by plan
    caps: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Times what a pool holds now, by plan and pool; pool "" is all of them."""
    plans: tuple[SupposedPlan, ...] = ()


def read_what_if(path: Path, *, providers: Mapping[str, str]) -> WhatIf:
    """Read and check the file.

    Args:
        path: The file.
        providers: Who sells each plan of the catalogue.

    Raises:
        FileUnreadableError: It cannot be opened.
        WhatIfError: It is no TOML or JSON, or a key or value cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error
    except ValueError as error:
        raise WhatIfError(path, None, "it is no text in UTF-8") from error
    return _Checked(path, text, providers).what_if()


class _Checked:
    """One file; every complaint names its line and key."""

    def __init__(self, path: Path, text: str, providers: Mapping[str, str]) -> None:
        self._path, self._text = path, text
        self._providers = dict(providers)

    def what_if(self) -> WhatIf:
        """Check all of it."""
        said = self._table(self._document(), (), known=KEYS)
        listed = said.get("plans", [])
        if not isinstance(listed, list):
            raise self._wrong(("plans",), "is no list of plans: write [[plans]]")
        plans = [self._plan(one, n) for n, one in enumerate(listed)]
        prices = self._table(said.get("prices", {}), ("prices",))
        for plan in prices:
            self._known(("prices", plan), plan)
        return WhatIf(
            demand=self._number(said, ("demand",), above=0.0),
            prices={plan: self._needed(prices, ("prices", plan)) for plan in prices},
            caps=self._caps(said.get("caps", {})),
            plans=tuple(plans),
        )

    def _known(self, keys: tuple[str, ...], plan: str) -> None:
        if plan not in self._providers:
            near = difflib.get_close_matches(plan, sorted(self._providers), n=3, cutoff=0.5)
            hint = f" (do you mean {', '.join(near)}?)" if near else ""
            raise self._wrong(keys, f"is no plan of the catalogue{hint}")

    def _document(self) -> object:
        try:
            if self._path.suffix.lower() == ".json" or self._text.lstrip().startswith("{"):
                found: object = json.loads(self._text)
                return found
            return tomllib.loads(self._text)
        except json.JSONDecodeError as error:
            raise WhatIfError(self._path, error.lineno, f"is no JSON: {error.msg}") from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            line = re.search(r"line (\d+)", str(error))
            number = int(line[1]) if line else None
            raise WhatIfError(self._path, number, f"is no TOML: {error}") from error

    def _caps(self, value: object) -> dict[tuple[str, str], float]:
        found = {}
        for plan, own in self._table(value, ("caps",)).items():
            self._known(("caps", plan), plan)
            if not isinstance(own, dict):
                found[plan, ""] = self._needed({plan: own}, ("caps", plan), above=0.0)
                continue
            for pool in own:
                if cycle_of(pool) is None:
                    raise self._wrong(("caps", plan, pool), "is no pool such as week or 5h")
                found[plan, pool] = self._needed(own, ("caps", plan, pool), above=0.0)
        return found

    def _plan(self, value: object, place: int) -> SupposedPlan:
        here = ("plans", f"#{place}")
        said = self._table(value, here, known=PLAN_KEYS)
        features = said.get("features_month", {})
        if not isinstance(features, dict):
            features = {"": self._needed(said, (*here, "features_month"), above=0.0)}
        else:
            at = (*here, "features_month")
            own = self._table(features, at, known=SIZES)
            features = {size: self._needed(own, (*at, size), above=0.0) for size in own}
        if ("times" in said) != ("of" in said):
            raise self._wrong(here, "needs both times and of, or neither")
        if ("promo_usd" in said) != ("promo_months" in said):
            raise self._wrong(here, "needs both promo_usd and promo_months, or neither")
        plan = self._text_of(said, (*here, "plan"))
        if plan is None:
            raise self._wrong(here, "needs plan, its id")
        provider = self._text_of(said, (*here, "provider")) or self._providers.get(plan)
        if provider is None:
            raise self._wrong((*here, "plan"), f"{plan!r} is new: it needs provider, who sells it")
        self._providers[plan] = provider
        if (of := self._text_of(said, (*here, "of"))) is not None:
            self._known((*here, "of"), of)
        return SupposedPlan(
            plan=plan,
            provider=provider,
            price_usd=self._number(said, (*here, "price_usd")),
            promo_usd=self._number(said, (*here, "promo_usd")),
            promo_months=self._months(said, (*here, "promo_months")),
            least_months=self._months(said, (*here, "least_months")),
            features_month=features,
            times=self._number(said, (*here, "times"), above=0.0),
            of=of,
        )

    def _table(
        self, value: object, keys: tuple[str, ...], *, known: tuple[str, ...] | None = None
    ) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(keys, "is no table")
        for key in value:
            if known is not None and key not in known:
                raise self._wrong((*keys, key), f"is no key we know ({', '.join(known)})")
        return value

    def _number(
        self, said: Mapping[str, Any], keys: tuple[str, ...], *, above: float | None = None
    ) -> float | None:
        value = said.get(keys[-1])
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(keys, f"is no number: {value!r}")
        if not math.isfinite(value) or not 0 <= value <= MOST or value == above:
            raise self._wrong(keys, f"is not {'above' if above == 0 else 'from'} 0 up to {MOST:g}")
        return float(value)

    def _needed(
        self, said: Mapping[str, Any], keys: tuple[str, ...], *, above: float | None = None
    ) -> float:
        found = self._number(said, keys, above=above)
        if found is None:
            raise self._wrong(keys, "is no number")
        return found

    def _months(self, said: Mapping[str, Any], keys: tuple[str, ...]) -> int:
        found = self._number(said, keys) or 0.0
        if found != int(found) or found > LONGEST:
            raise self._wrong(keys, f"is no whole number of months up to {LONGEST}")
        return int(found)

    def _text_of(self, said: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
        value = said.get(keys[-1])
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self._wrong(keys, f"is no name: {value!r}")
        return value

    def _wrong(self, keys: tuple[str, ...], why: str) -> WhatIfError:
        named = ".".join(key for key in keys if not key.startswith("#"))
        return WhatIfError(self._path, self._line_of(keys), f"{named or 'the file'} {why}")

    def _line_of(self, keys: tuple[str, ...]) -> int | None:
        """Find where a key stands: each of its parts after the one before it."""
        place = 0
        for key in keys:
            if key.startswith("#"):
                begins = _begins(self._text[place:])
                place += begins[int(key[1:])] if int(key[1:]) < len(begins) else 0
                continue
            named = rf"(?:\[\[\s*)?(?<![\w-]){re.escape(key)}(?![\w-])"
            found = re.search(named, self._text[place:])
            if found is None:
                break
            place += found.start()
        return self._text.count("\n", 0, place) + 1 if keys else None


def _begins(text: str) -> list[int]:
    r"""Give where the tables of a list begin: in TOML by their heads, in JSON by their braces.

    >>> _begins("[[plans]]\na = {}\n[[plans]]"), _begins('"plans": [{"a": {}}, {}]')
    ([9, 26], [10, 21])
    """
    heads = [found.end() for found in re.finditer(r"\[\[\s*plans\s*\]\]", text)]
    if heads:
        return heads
    depth, found = 0, []
    for place, char in enumerate(text):
        if char == "{":
            found += [place] if depth == 0 else []
            depth += 1
        depth -= char == "}"
    return found
