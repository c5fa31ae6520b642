from __future__ import annotations

import numpy as np
import pytest

from portfolio.rebalance.pooling import LEAST_SPREAD, UNSEEN, pooled


def by_joint_normal(
    seen: np.ndarray, noise: np.ndarray, spread: float
) -> tuple[np.ndarray, np.ndarray]:
    """Work out guesses and covariance from the joint normal distribution of all figures."""
    by, sizes = np.arange(seen.size), seen.shape[1]
    wide = 1e3  # a prior of what is in common that says nothing
    prior = ((by[:, None] // sizes == by // sizes) + 0.0) * wide
    prior += ((by[:, None] % sizes == by % sizes) + 0.0) * wide + np.eye(len(by)) * spread
    gain = prior @ np.linalg.inv(prior + np.diag(noise.ravel()))
    return (gain @ seen.ravel()).reshape(seen.shape), prior - gain @ prior


def test_guesses_are_those_of_the_joint_normal_distribution() -> None:
    seen = np.array([[0.0, 1.1, 2.1], [0.5, 1.4, 2.6], [1.1, 2.1, 3.0]])  # hardly off the sums
    noise = np.array([[0.1, 0.2, 0.3], [0.2, 0.2, 0.1], [0.3, 0.1, 0.2]])

    found = pooled(seen, noise)

    guess, covariance = by_joint_normal(seen, noise, LEAST_SPREAD)
    np.testing.assert_allclose(found.guess, guess, atol=1e-3)
    np.testing.assert_allclose(found.covariance, covariance, atol=1e-3)


def test_figures_that_have_nothing_in_common_stand_for_themselves() -> None:
    seen = np.array([[0.0, 9.0, -9.0], [9.0, -9.0, 0.0], [-9.0, 0.0, 9.0]])

    found = pooled(seen, np.full((3, 3), 0.1))

    np.testing.assert_allclose(found.guess, seen, atol=0.02)
    assert np.diag(found.covariance) == pytest.approx(np.full(9, 0.1), abs=0.001)


def test_one_figure_alone_keeps_its_error() -> None:
    found = pooled(np.array([[1.5]]), np.array([[0.2]]))

    assert found.guess[0, 0] == pytest.approx(1.5)
    assert found.covariance[0, 0] == pytest.approx(0.2, rel=1e-4)


def test_a_figure_that_nothing_was_seen_of_is_what_its_method_and_size_have_in_common() -> None:
    seen = np.array([[0.0, 1.0, 2.0], [1.0, 2.0, 0.0], [2.0, 3.0, 4.0]])
    noise = np.full((3, 3), 0.01)
    noise[1, 2] = UNSEEN

    found = pooled(seen, noise)

    assert found.guess[1, 2] == pytest.approx(3.0, abs=0.01)


def test_draws_are_as_far_apart_as_the_figures_are_unsure() -> None:
    found = pooled(np.array([[0.0, 1.0], [0.7, 1.2]]), np.full((2, 2), 0.3))

    drawn = found.drawn(20_000, np.random.default_rng(2)).reshape(20_000, -1)

    np.testing.assert_allclose(drawn.mean(axis=0), found.guess.ravel(), atol=0.02)
    np.testing.assert_allclose(np.cov(drawn.T), found.covariance, atol=0.02)


def test_guesses_are_nearer_to_the_truth_than_what_was_seen() -> None:
    rng = np.random.default_rng(4)
    truth = rng.normal(0, 1, (200, 6, 1)) + rng.normal(0, 1, (200, 1, 3))
    truth = truth + rng.normal(0, 0.3, truth.shape)
    seen = truth + rng.normal(0, 0.4, truth.shape)

    guesses = np.array([pooled(one, np.full((6, 3), 0.16)).guess for one in seen])

    # Of its own a figure has .09 beside .16 of noise: .36 of the noise is left, and some of a + b.
    assert ((guesses - truth) ** 2).mean() < 0.75 * ((seen - truth) ** 2).mean()


def test_a_size_that_nothing_was_seen_of_is_guessed_like_the_others_and_widely() -> None:
    seen = np.array([[0.2, 0.0], [0.4, 0.0]])
    noise = np.array([[0.1, UNSEEN], [0.1, UNSEEN]])

    found = pooled(seen, noise)

    assert found.guess[:, 1] == pytest.approx(found.guess[:, 0], abs=0.2)
    assert 1.0 <= found.covariance[1, 1] < 3.0


def test_methods_that_were_each_seen_at_a_size_of_their_own_tell_of_each_other_a_little() -> None:
    """Nothing joins their figures but that sizes are not worlds apart."""
    seen = np.array([[0.2, 0.0], [0.0, 0.4]])
    noise = np.array([[0.1, UNSEEN], [UNSEEN, 0.1]])

    drawn = pooled(seen, noise).drawn(200, np.random.default_rng(1))

    assert np.isfinite(np.exp(drawn)).all()
    assert np.abs(drawn).max() < 8
