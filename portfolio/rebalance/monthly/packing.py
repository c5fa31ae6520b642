"""Many small packing problems at once: most worth within limits, by the simplex method in arrays.

    max worth . amount    with    need amount <= limit,  amount >= 0        (need, limit >= 0)

Doing nothing is always possible, so each begins there. All take their step together; those that
are done drop out. The solver of the models (HiGHS) says the same of each; a test holds both to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from portfolio.rebalance.monthly.problem import FloatArray

    IntArray: TypeAlias = npt.NDArray[np.integer]

NOTHING: Final = 1e-10  # of the largest worth: a smaller gain is none
CHUNK: Final = 4096  # problems at a time, for memory


class Packed(NamedTuple):
    """The best of each problem."""

    worth: FloatArray  # shape (problems,)
    amounts: FloatArray  # (problems, columns)
    prices: FloatArray  # (problems, rows): what one more unit of a limit is worth there


def pack(worth: FloatArray, need: FloatArray, limit: FloatArray) -> Packed:
    """Solve each packing problem.

    Args:
        worth: Of one unit of each column, shape (problems, columns).
        need: What a unit takes of each row, shape (problems, rows, columns); each column with worth
            needs something of some row.
        limit: Shape (problems, rows), not negative.

    Raises:
        ValueError: A column has worth and needs nothing: there would be no end.
    """
    import numpy as np

    parts = [
        _packed(worth[at : at + CHUNK], need[at : at + CHUNK], limit[at : at + CHUNK])
        for at in range(0, len(worth), CHUNK)
    ]
    return Packed(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def _packed(worth: FloatArray, need: FloatArray, limit: FloatArray) -> Packed:
    import numpy as np

    problems, rows, columns = need.shape
    scale = np.maximum(need.max(axis=2, initial=0.0), 1e-300)
    scale = np.where(scale > 1e-299, scale, 1.0)
    table = np.zeros((problems, rows + 1, columns + rows + 1))
    table[:, :rows, :columns] = need / scale[:, :, None]
    table[:, :rows, columns : columns + rows] = np.eye(rows)
    table[:, :rows, -1] = np.maximum(limit, 0.0) / scale
    table[:, rows, :columns] = -worth
    basis = np.tile(np.arange(columns, columns + rows), (problems, 1))
    least = NOTHING * np.maximum(np.abs(worth).max(axis=1, initial=0.0), 1e-9)
    _step_to_the_end(table, basis, least)
    amounts = np.zeros((problems, columns + rows))
    np.put_along_axis(amounts, basis, table[:, :rows, -1], axis=1)
    return Packed(
        worth=table[:, rows, -1],
        amounts=amounts[:, :columns],
        prices=np.maximum(table[:, rows, columns : columns + rows], 0.0) / scale,
    )


def _step_to_the_end(table: FloatArray, basis: IntArray, least: FloatArray) -> None:
    """Take steps in place until no column gains; the first gaining one (Bland) after a while."""
    import numpy as np

    problems, _, width = table.shape
    going = np.arange(problems)
    steps = 0
    while len(going):
        gains = table[going, -1, :-1]
        is_gaining = gains < -least[going, None]
        entering = is_gaining.argmax(axis=1) if steps > 4 * width else gains.argmin(axis=1)
        still = is_gaining.any(axis=1)
        going, entering = going[still], entering[still]
        if not len(going):
            return
        rows = _leaving(table, basis, going, entering)
        _pivot(table, going, rows, entering)
        basis[going, rows] = entering
        steps += 1


def _leaving(table: FloatArray, basis: IntArray, going: IntArray, entering: IntArray) -> IntArray:
    """Give the row that is full first; of several, the one whose basic column comes first."""
    import numpy as np

    column = table[going, :-1, entering]
    full = table[going, :-1, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(column > 1e-11, full / column, np.inf)
    first = ratio.min(axis=1)
    if not np.isfinite(first).all():
        raise ValueError("a column has worth and needs nothing")
    tied = ratio <= first[:, None] * (1 + 1e-12) + 1e-300
    rows: IntArray = np.where(tied, basis[going], np.iinfo(np.int64).max).argmin(axis=1)
    return rows


def _pivot(table: FloatArray, going: IntArray, rows: IntArray, entering: IntArray) -> None:
    import numpy as np

    pivots = table[going, rows]
    pivots /= pivots[np.arange(len(going)), entering][:, None]
    columns = table[going, :, entering]
    table[going] -= columns[:, :, None] * pivots[:, None, :]
    table[going, rows] = pivots
    table[going, :-1, -1] = np.maximum(table[going, :-1, -1], 0.0)
