"""Under which names a price list may know a model that a log names.

A log has a model as the client asked for it: by the maker's own name, with a mark of the client
(`[1m]`), behind the names of routers (`anthropic/claude-...`), or by the id of a cloud that resells
it (`us.anthropic.claude-...-v1:0`, `claude-...@20250929`).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# The beginnings of model names, lower case, and who makes them, as the price list calls it.
MAKERS: Final = (
    ("claude", "anthropic"),
    ("gpt", "openai"),
    ("codex", "openai"),
    ("chatgpt", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("glm", "zai"),
    ("kimi", "moonshotai"),
    ("moonshot", "moonshotai"),
    ("minimax", "minimax"),
    ("gemini", "google"),
    ("grok", "x-ai"),
    ("deepseek", "deepseek"),
    ("composer", "cursor"),
    ("mistral", "mistral"),
    ("codestral", "mistral"),
    ("devstral", "mistral"),
)
ROUTER: Final = "openrouter"
ROUTER_PREFIX: Final = {"zai": "z-ai"}  # what a maker is called there, where it differs
CLIENT_MARK: Final = re.compile(r"\[[^\[\]]*\]$")  # "[1m]": the client's word for a long context
CLOUD_ID: Final = re.compile(r"(?:[a-z]+\.)?(?:anthropic|openai|zai|moonshotai)\.(.+)")
CLOUD_VERSION: Final = re.compile(r"-v[0-9]+(?::[0-9]+)*$")


class Name(NamedTuple):
    """A name that a price list may know a model by."""

    seller: str  # the provider's id in the list
    name: str


def names_of(model: str) -> list[Name]:
    """Give the names to look up, the likeliest first.

    What a cloud resells is looked up at the cloud first, everything else at its maker: what the
    maker asks at its own API is what the tokens would have cost.

    >>> names_of("claude-opus-4-7[1m]")[0]
    Name(seller='anthropic', name='claude-opus-4-7')
    """
    asked = CLIENT_MARK.sub("", model.strip().lower()).strip()
    last = asked.rpartition("/")[2]
    found = []
    plain = last
    if cloud := CLOUD_ID.fullmatch(last):
        found.append(Name("aws", last))
        plain = CLOUD_VERSION.sub("", cloud.group(1))
    elif "@" in last:
        found.append(Name("google", last))
        plain = last.partition("@")[0]
    if maker := next((maker for begins, maker in MAKERS if plain.startswith(begins)), None):
        found.append(Name(maker, plain))
        found.append(Name(ROUTER, f"{ROUTER_PREFIX.get(maker, maker)}/{plain}"))
    if "/" in asked:
        found.append(Name(ROUTER, asked))
    return list(dict.fromkeys(found))
