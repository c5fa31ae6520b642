"""The small file `window` in the home: which windows were opened, for those that must be quick.

    epoch 1793577600                    when week 0 began, in seconds since 1970
    W0-003 1793790000 1793808000        name, start, end (not included), oldest first

The git hook, `start` and the statusline read it and open a window where none holds the moment: the
next of its week, for five hours. They never open the store. Commands that hold the store write the
file anew with the names that are in use, so that the next one is free; what was opened meanwhile
stays. No file: nobody knows of windows, and nothing opens one.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = "window"
MOST = 40  # windows that are kept
LASTS_S = 18_000
WEEK_S = 604_800
LARGEST = 1 << 16  # bytes
LONGEST = 12  # digits of a number


class Opened:
    """One window of the file; times in seconds since 1970."""

    __slots__ = ("end_s", "name", "start_s")

    def __init__(self, name: str, start_s: int, end_s: int) -> None:
        self.name, self.start_s, self.end_s = name, start_s, end_s

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same window."""
        return isinstance(other, Opened) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        """Write it as the file does."""
        return f"{self.name} {self.start_s} {self.end_s}"


def read(home: str) -> "tuple[int | None, list[Opened]]":
    """Give the epoch and the windows of the file; a line that is none of these says nothing."""
    try:
        with open(os.path.join(home, NAME), "rb") as file:
            return _parsed(file.read(LARGEST))
    except OSError:
        return None, []


def _parsed(raw: bytes) -> "tuple[int | None, list[Opened]]":
    text = raw.decode("utf-8", "replace")
    epoch: int | None = None
    found: dict[str, Opened] = {}
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) == 2 and words[0] == "epoch" and _is_number(words[1]):
            epoch = int(words[1])
        elif len(words) == 3 and words[0][:1] == "W" and all(map(_is_number, words[1:])):
            # Two may open the next one at once, a second apart: the first line rules.
            found.setdefault(words[0], Opened(words[0], int(words[1]), int(words[2])))
    return epoch, sorted(found.values(), key=lambda one: (one.start_s, one.name))


def open_at(home: str, now_s: int) -> str | None:
    """Give the window that a moment lies in, opened if none was; None where windows are unknown."""
    epoch, known = read(home)
    if epoch is None or now_s < epoch:
        return None
    for one in reversed(known):
        if one.start_s <= now_s < one.end_s:
            return one.name
    if any(one.start_s > now_s for one in known):
        return None  # the past is for the store to tell
    opened = Opened(_next(known, (now_s - epoch) // WEEK_S), now_s, now_s + LASTS_S)
    with open(os.path.join(home, NAME), "a", encoding="utf-8") as file:
        file.write(f"{opened}\n")
    return opened.name


def _next(known: "Iterable[Opened]", week: int) -> str:
    highest = 0
    for one in known:
        begin, _, ordinal = one.name.partition("-")
        if begin == f"W{week}" and _is_number(ordinal):
            highest = max(highest, int(ordinal))
    return f"W{week}-{highest + 1:03d}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST


def write(home: str, epoch: int, windows: "Iterable[Opened]", taken: "Iterable[Opened]") -> None:
    """Write the file anew; a window that was opened meanwhile stays.

    Args:
        home: The folder of the file.
        epoch: When week 0 began.
        windows: The logged ones: what they say rules.
        taken: Names that commits bear, which are not free.
    """
    path = os.path.join(home, NAME)
    try:
        old = os.open(path, os.O_RDONLY)
    except OSError:
        old = None
    try:
        before = b"" if old is None else os.read(old, LARGEST)
        known = {one.name: one for one in taken}
        known |= {one.name: one for one in _parsed(before)[1]}
        known |= {one.name: one for one in windows}
        lines = sorted(known.values(), key=lambda one: (one.start_s, one.name))[-MOST:]
        text = "".join([f"epoch {epoch}\n", *(f"{one}\n" for one in lines)])
        aside = f"{path}.{os.getpid()}"
        with open(aside, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(aside, path)
        # What was appended to the old file meanwhile would go with it.
        behind = b"" if old is None else os.read(old, LARGEST)
        if behind:
            with open(path, "ab") as file:
                file.write(behind)
    finally:
        if old is not None:
            os.close(old)
