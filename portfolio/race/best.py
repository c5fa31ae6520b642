"""How probable it is that an arm is the best, by quadrature: no chance in it, the same every time.

P(a) is the integral of a's density times the distribution functions of all others. On the log of
the rate all of these are smooth, and only the stretch matters in which the best can lie. It is cut
into panels two deviations wide of the narrowest arm that lives there; in each, Legendre's eight
nodes integrate the densities to all but rounding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from portfolio.race.posterior import Posterior

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

NODES: Final = 8
WIDTH: Final = 2.0  # of a panel, in deviations
BEFORE, BEFORE_THIN, AFTER = 7.0, 14.0, 8.0  # deviations from its peak where an arm all but ends
TINY: Final = 1e-300


def probabilities_of_best(arms: Sequence[Posterior]) -> tuple[float, ...]:
    """Give each arm's probability of having the highest rate, in the order of the arms.

    Raises:
        ValueError: There is no arm.

    Example:
        >>> even = Posterior(arm="a", prior_shape=1.0, prior_usd=1.0)
        >>> twice = Posterior(arm="b", prior_shape=1.0, prior_usd=0.5)
        >>> [round(one, 6) for one in probabilities_of_best([even, twice])]
        [0.333333, 0.666667]
    """
    if not arms:
        raise ValueError("want one arm or more")
    import numpy as np

    shapes = np.array([one.shape for one in arms])
    # Of equal rates only the ratios matter: measured from the best mean, no currency is too small.
    usd = np.array([one.usd for one in arms])
    usd = usd * (shapes / usd).max()
    edges = _edges(shapes, usd)
    nodes, weights, upward = _legendre()
    half = np.diff(edges)[:, None] / 2
    logs = edges[:-1, None] + half * (1 + nodes)
    lgammas = np.array([math.lgamma(shape) for shape in shapes])
    density = np.exp(
        (shapes * np.log(usd) - lgammas)[:, None, None]
        + shapes[:, None, None] * logs
        - usd[:, None, None] * np.exp(logs)
    )
    panels = (density * weights).sum(axis=2) * half[:, 0]
    above = panels[:, ::-1].cumsum(axis=1)[:, ::-1] - panels
    beyond = above[:, :, None] + density @ upward * half
    below = np.log(np.clip(1 - beyond, TINY, 1.0))
    others = np.exp(below.sum(axis=0) - below)
    found = (density * others * weights).sum(axis=2) @ half[:, 0]
    return tuple(float(one) for one in found / found.sum())


def _edges(shapes: FloatArray, usd: FloatArray) -> FloatArray:
    """Give the edges of the panels, on the log of the rate, from where the best can lie on.

    A panel reaches into the stretch of an arm by no more than that arm's own width.
    """
    import numpy as np

    peaks, deviations = np.log(shapes / usd), 1 / np.sqrt(shapes)
    # To the left of an arm with few features its log has a long tail: 14 / sqrt(shape) more.
    begins = peaks - (BEFORE + BEFORE_THIN * deviations) * deviations
    ends = peaks + AFTER * deviations
    edge, last = begins.max(), ends.max()
    edges = [edge]
    while edge < last:
        lives = ends > edge
        reaches = np.maximum(begins[lives] - edge, 0) + WIDTH * deviations[lives]
        edge = min(edge + reaches.min(), last)
        edges.append(edge)
    return np.array(edges)


@cache
def _legendre() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give nodes and weights on (-1, 1), and what integrates from each node up to 1.

    The last has the shape (nodes, nodes): values at the nodes, times it, are those integrals.
    """
    import numpy as np
    from numpy.polynomial import legendre

    nodes, weights = legendre.leggauss(NODES)
    integrals = legendre.legint(np.eye(NODES))
    to_the_top = np.asarray(legendre.legval(np.ones(NODES), integrals))
    upward = to_the_top - legendre.legval(nodes, integrals)
    return nodes, weights, np.linalg.inv(legendre.legvander(nodes, NODES - 1)).T @ upward
