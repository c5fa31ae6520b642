"""Count in a text (an issue, a first prompt) what tells how large the work will be.

Source: Markdown as issues are written in it; task lists by GitHub's rules (`- [ ]`, `1. [x]`).
A text is only counted: nothing in it is followed, opened or run. Time is linear in its length.
"""

from __future__ import annotations

import re
from typing import Final

from parsers.records import TextCues

MOST_READ: Final = 200_000  # characters; what is longer is a pasted log, not a longer task
LONGEST_NAME: Final = 200  # characters of a file's name with its folders
_ENDINGS = """
    bash bat c cc cfg clj cpp cs css csv cxx dart env erl ex exs go gql gradle graphql h hpp hs
    html ini ipynb java jl js json jsonl jsx kt kts less lock lua m md mdx mjs ml mm php pl
    proto ps1 py pyi r rb rs rst sass scala scss sh sol sql svelte swift tf toml ts tsx txt vue
    xml yaml yml zig zsh
"""
FILE_ENDINGS: Final = frozenset(_ENDINGS.split())
FILES_BY_NAME: Final = frozenset({"dockerfile", "makefile", "gemfile", "rakefile", "justfile"})
FRAMEWORKS: Final = frozenset(
    {"node.js", "next.js", "vue.js", "react.js", "three.js", "nuxt.js", "express.js", "asp.net"}
)

_CHECKBOX: Final = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[[ xX]\](?:[ \t]|$)")
_LINE_NUMBER: Final = re.compile(r"(?::[0-9]{1,9}){1,2}$|#L[0-9]{1,9}(?:-L?[0-9]{1,9})?$")
_AROUND: Final = "`*_\"'()[]{}<>,.;:!?"


def cues_of_text(text: str) -> TextCues:
    r"""Count the words, checkboxes and different files that a text names.

    Only the first 200,000 characters are read. A file is a name with a usual ending, with or
    without folders and line number; an address on the web is none.

    >>> cues_of_text("Fix `src/api.py:12`.\n- [ ] tests in tests/test_api.py\n- [x] docs")
    TextCues(words=6, checkboxes=2, files=2)
    """
    head = text[:MOST_READ]
    checkboxes = 0
    words = 0
    files: set[str] = set()
    for line in head.splitlines():
        rest = line.lstrip(" \t>")
        box = _CHECKBOX.match(rest)
        if box:
            checkboxes += 1
            rest = rest[box.end() :]
        for word in rest.split():
            words += any(map(str.isalnum, word[:LONGEST_NAME]))
            if name := file_name(word):
                files.add(name)
    return TextCues(words=words, checkboxes=checkboxes, files=len(files))


def file_name(word: str) -> str | None:
    """Give the file that a word of a text names, without what stands round it; None for no file.

    >>> file_name("(`src/api.py:12`),"), file_name("e.g."), file_name("Node.js")
    ('src/api.py', None, None)
    """
    if len(word) > LONGEST_NAME or "://" in word:
        return None
    target = word.rpartition("](")[2]  # of a link, where it leads
    inner = target.lstrip(_AROUND.replace(".", "")).rstrip(_AROUND)
    bare = _LINE_NUMBER.sub("", inner).rstrip(_AROUND).replace("\\", "/")
    last = bare.rpartition("/")[2].lower()
    if last in FRAMEWORKS:
        return None
    stem, dot, ending = last.rpartition(".")
    is_file = last in FILES_BY_NAME or (dot and stem and ending in FILE_ENDINGS)
    return bare.removeprefix("./") if is_file else None
