"""How many tokens each request of Codex took, from totals that are counted on and shown again.

A rollout shows the total of its session so far, and what the last request added. The same total
stands there again whenever limits change (30 to 67 % of all lines); it goes down when a session
begins anew in the same log; and totals of two counters (a reviewer's beside the session's) may
take turns. So a request is the difference to the total that the last request is the rest to.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec

from parsers.log_reading import Tokens

MOST_COUNTERS: Final = 4

# Input (what the cache gave and took included), read from the cache, written to it, output
# (reasoning included).
Counts: TypeAlias = tuple[int, int, int, int]


class Usage(msgspec.Struct, gc=False):
    """Tokens as Codex writes them."""

    input_tokens: Tokens = 0
    cached_input_tokens: Tokens = 0
    cache_write_input_tokens: Tokens = 0
    output_tokens: Tokens = 0


class TotalTokens(msgspec.Struct):
    """The totals of a log so far."""

    counters: list[Counts] = []  # where each stands, the last to move at the end
    restarts: int = 0  # how often a total went down

    def spent(self, total: Counts, last: Counts | None, *, is_inherited: bool) -> Counts | None:
        """Give what was spent since the total before; None where it merely stands there again.

        A first total that is more than its last request goes on from what another log tells; where
        that log is known (`is_inherited`), it is that log's own count, shown again.
        """
        if not self.counters:
            self.counters = [total]
            is_shown_again = is_inherited and last not in {None, total}
            return None if is_shown_again else _within(last or total, total)
        before = self.counters[-1]
        if total == before:
            return None
        step = _difference(total, before)
        if last is not None and step != last:
            if total in self.counters:  # the other counter, shown again
                return None
            if self._moves_another(total, last):
                return last
        if step is not None:
            self.counters[-1] = total
            return step
        # It went down: counted from nothing again, or by another counter.
        self.restarts += 1
        self.counters = [*self.counters[1 - MOST_COUNTERS :], total]
        return _within(last or total, total)

    def _moves_another(self, total: Counts, last: Counts) -> bool:
        """Move the counter that a total is the next of, if it is not the one that moved last."""
        for place, other in enumerate(self.counters):
            if _difference(total, other) == last:
                del self.counters[place]
                self.counters.append(total)
                return True
        return False


def counts(usage: Usage | None) -> Counts | None:
    """Give the counts; None where there are none, or all are zero."""
    if usage is None:
        return None
    found = (
        usage.input_tokens,
        usage.cached_input_tokens,
        usage.cache_write_input_tokens,
        usage.output_tokens,
    )
    return found if any(found) else None


def _difference(total: Counts, before: Counts) -> Counts | None:
    """Subtract each count; None where one would be below zero."""
    a, b, c, d = total
    w, x, y, z = before
    found = (a - w, b - x, c - y, d - z)
    return None if min(found) < 0 else found


def _within(last: Counts, total: Counts) -> Counts:
    """Give what the last request took, or the total where that is less."""
    return total if _difference(total, last) is None else last
