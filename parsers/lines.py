"""Give the lines of a big log in blocks, with a bound on memory whatever stands in it.

One buffer is read into again and again, and parsers look for words in it without a copy: taking
every line out as an object of its own costs as much as reading it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias

BLOCK_BYTES: Final = 1 << 20
LONGEST_LINE: Final = 32 << 20  # bytes; pictures stand in logs, but no answer is so long

Kind: TypeAlias = Literal[
    "lines",  # whole lines, the last one with its newline
    "torn",  # the end of the log, without a newline: perhaps still being written
    "too-long",  # one line over LONGEST_LINE; its beginning alone is given
]

_spare: list[bytearray] = []  # a new buffer costs more than reading a small log


class Readable(Protocol):
    """A log that is open; an unbuffered file, or bytes in memory."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Read what fits."""


class Block(NamedTuple):
    """Some lines; `data` is read over as soon as the next block is asked for."""

    kind: Kind
    data: bytearray
    stop: int  # what counts of `data`
    size: int  # bytes of the log behind this block, from the end of the last one


def blocks(stream: Readable, *, most_bytes: int | None) -> Iterator[Block]:
    """Give the lines from where a log stands, until about `most_bytes` or its end."""
    buffer = _spare.pop() if _spare else bytearray(BLOCK_BYTES)
    held = taken = 0  # `held`: bytes of a line whose end has not been read yet
    while most_bytes is None or taken < most_bytes:
        count = 0
        if held >= LONGEST_LINE:
            size, count = _drop_line(stream, buffer, held)
            if size == 0:  # the log ends before the line does
                break
            taken += size
            yield Block("too-long", buffer, BLOCK_BYTES, size)
            held = 0
            buffer[:count] = buffer[BLOCK_BYTES : BLOCK_BYTES + count]
        elif held == len(buffer):
            buffer = bytearray().join((buffer, bytes(held)))  # a new one: views of the old may live
        count = count or stream.readinto(memoryview(buffer)[held:]) or 0
        if not count:
            if held:
                yield Block("torn", buffer, held, 0)
            break
        stop = buffer.rfind(b"\n", held, held + count) + 1
        held += count
        if stop:
            taken += stop
            yield Block("lines", buffer, stop, stop)
            held -= stop
            buffer[:held] = buffer[stop : stop + held]
    if len(buffer) == BLOCK_BYTES:
        _spare.append(buffer)


def _drop_line(stream: Readable, buffer: bytearray, held: int) -> tuple[int, int]:
    """Read on to the end of a line; give its size (0: it has none) and what was read beyond it.

    What was read beyond it is put behind the first block of the line, which stays.
    """
    size = held
    view = memoryview(buffer)
    while count := stream.readinto(view[BLOCK_BYTES : 2 * BLOCK_BYTES]):
        newline = buffer.find(b"\n", BLOCK_BYTES, BLOCK_BYTES + count)
        if newline >= 0:
            beyond = BLOCK_BYTES + count - newline - 1
            view[BLOCK_BYTES : BLOCK_BYTES + beyond] = bytes(
                view[newline + 1 : newline + 1 + beyond]
            )
            return size + newline + 1 - BLOCK_BYTES, beyond
        size += count
    return 0, 0
