"""Draw few figures towards what their method and their size have in common.

Ten features of a size tell little by themselves; sizes and methods tell of each other. So each
figure is drawn towards the sum of what its method and its size have in common, the more so the
less the figures are seen to differ from such sums beyond chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    from portfolio.rebalance.monthly.problem import FloatArray

LEAST_SPREAD: Final = 1e-4  # variance: figures never have all in common
USUAL_SPREAD: Final = 0.1  # the same, where figures are too few to tell: log-sd .3
UNSEEN: Final = 1e6  # variance of a figure that nothing was seen of
SIZE_SPREAD: Final = 1.0  # variance of what a size has in common, before anything is seen of it


class Pooled(NamedTuple):
    """Best guesses of a table's figures, and how sure they are, row by row."""

    guess: FloatArray  # shape (methods, sizes)
    covariance: FloatArray  # shape (methods * sizes, methods * sizes)

    def drawn(self, scenarios: int, rng: np.random.Generator) -> FloatArray:
        """Draw what the figures may be in truth, shape (scenarios, methods, sizes)."""
        import numpy as np

        values, vectors = np.linalg.eigh(self.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = rng.standard_normal((scenarios, len(values)))
        found: FloatArray = self.guess + (normal @ root.T).reshape(scenarios, *self.guess.shape)
        return found


def pooled(seen: FloatArray, noise: FloatArray) -> Pooled:
    """Give the best guesses of figures y_ij that were seen with errors of variance v_ij.

    In truth they are a_i + b_j, what method and size have in common, and something of their own of
    variance t, by moments (DerSimonian and Laird). The guess takes t / (t + v) of what was seen and
    the rest of a_i + b_j, by weighted least squares, whose error counts too. Of a size that nothing
    was seen of, or not beside others, b_j is about nothing, with variance 1.

    Args:
        seen: Shape (methods, sizes).
        noise: The same; `UNSEEN` where nothing was seen.

    Source:
        Efron and Morris (1975); DerSimonian and Laird (1986); docs/holding.md has what it saves.

    Example:
        Sums of what is in common, so nothing is changed:

        >>> import numpy as np
        >>> pooled(np.array([[1.0, 2.0], [3.0, 4.0]]), np.full((2, 2), 0.1)).guess.round(3).tolist()
        [[1.0, 2.0], [3.0, 4.0]]
    """
    import numpy as np

    common = _common(*seen.shape)
    values, errors = seen.ravel(), noise.ravel()
    spread = _spread(values, errors, common)
    weights = np.where(errors < UNSEEN, 1 / (errors + spread), 0.0)
    told = common.T @ (weights[:, np.newaxis] * common)
    if np.linalg.matrix_rank(common[errors < UNSEEN]) < len(told):
        known = np.repeat([0.0, 1 / SIZE_SPREAD], [len(seen), seen.shape[1] - 1])
        told += np.diag(known)
    inverse = np.linalg.pinv(told, hermitian=True)
    fitted = common @ inverse @ (common.T @ (weights * values))
    own = spread / (errors + spread)
    lent = (1 - own)[:, np.newaxis] * common
    covariance = np.diag(own * errors) + lent @ inverse @ lent.T
    guess = fitted + own * (values - fitted)
    return Pooled(guess.reshape(seen.shape), covariance)


def _common(methods: int, sizes: int) -> FloatArray:
    """Say which method and which size a figure is of; the first size is in the method's."""
    import numpy as np

    own = np.repeat(np.eye(methods), sizes, axis=0)
    size = np.tile(np.eye(sizes)[:, 1:], (methods, 1))
    found: FloatArray = np.concatenate([own, size], axis=1)
    return found


def _spread(values: FloatArray, errors: FloatArray, common: FloatArray) -> float:
    """Estimate how far figures are from what they have in common, beyond chance: a variance."""
    import numpy as np

    is_seen = errors < UNSEEN
    values, errors, common = values[is_seen], errors[is_seen], common[is_seen]
    free = len(values) - int(np.linalg.matrix_rank(common)) if len(values) else 0
    if free <= 0:
        return USUAL_SPREAD
    weights = 1 / errors
    inverse = np.linalg.pinv(common.T @ (weights[:, np.newaxis] * common), hermitian=True)
    off = values - common @ inverse @ (common.T @ (weights * values))
    leverage = np.einsum("ij,jk,ik->i", common, inverse, common)
    scale = float(weights.sum() - (weights**2 * leverage).sum())
    return max((float((weights * off**2).sum()) - free) / scale, LEAST_SPREAD)
