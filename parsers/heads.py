"""Tell by the beginning of a client's log which folder its session worked in.

Transcripts and rollouts alike name it as `cwd`, the former in every line, the latter in the first.
What a tool printed may hold the same word, but only with its quotes escaped.
"""

from __future__ import annotations

import json
import re

_CWD = re.compile(rb'"cwd"\s*:\s*("(?:[^"\\]|\\.){1,4096}")')


def folder_of(head: bytes) -> str | None:
    r"""Give the first folder that is named; None where there is none.

    >>> folder_of(rb'{"content": "\"cwd\": \"/no\"", "cwd": "/home/u/shop"}')
    '/home/u/shop'
    """
    for found in _CWD.finditer(head):
        try:
            folder = json.loads(found.group(1))
        except ValueError:  # no UTF-8, or an escape that is none
            continue
        if isinstance(folder, str) and folder.strip():
            return folder
    return None
