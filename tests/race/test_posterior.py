from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.race.best import probabilities_of_best
from portfolio.race.posterior import Posterior, Rescaling, Tally, exposure_usd, posteriors

DAY = datetime(2026, 9, 7, tzinfo=UTC)
weights = st.lists(st.sampled_from([1.0, 3.0, 9.0]), max_size=12).map(tuple)
histories = st.lists(st.tuples(weights, st.floats(1.0, 500.0)), min_size=1, max_size=5)
scales = st.floats(1e-3, 1e3)


def tally(arm: str, shipped: int | tuple[float, ...], usd: float, **given: bool) -> Tally:
    provider, _, methodology = arm.partition("/")
    return Tally(
        arm=arm,
        provider=provider,
        methodology=methodology,
        shipped=(1.0,) * shipped if isinstance(shipped, int) else shipped,
        exposure_usd=usd,
        is_newcomer=given.get("is_newcomer", False),
    )


def tallies(
    told: list[tuple[tuple[float, ...], float]], *, weigh: float = 1.0, currency: float = 1.0
) -> list[Tally]:
    return [
        tally(
            f"p{place % 2}/m{place // 2}",
            tuple(weigh * weight for weight in shipped),
            currency * usd,
            is_newcomer=place == 3,
        )
        for place, (shipped, usd) in enumerate(told)
    ]


def test_the_prior_is_one_feature_at_the_pooled_rate_and_own_work_adds_to_it() -> None:
    a, b, c = posteriors([tally("a/x", 6, 20.0), tally("b/x", 2, 20.0), tally("c/x", 0, 0.0)])

    assert [one.shape for one in (a, b, c)] == [7.0, 3.0, 1.0]
    assert [one.usd for one in (a, b, c)] == [25.0, 25.0, 5.0]  # 8 features for 40 dollars
    assert b.mean == 3 / 25


def test_before_any_feature_one_is_taken_to_come_next_and_before_any_spend_all_are_alike() -> None:
    a, _ = posteriors([tally("a/x", 0, 30.0), tally("b/x", 0, 10.0)])
    first, second = posteriors([tally("a/x", 0, 0.0), tally("b/x", 0, 0.0)])

    assert (a.shape, a.usd) == (1.0, 70.0)
    assert (first.shape, first.usd) == (second.shape, second.usd) == (1.0, 1.0)


def test_features_of_unlike_classes_tell_less_than_as_many_of_one_class() -> None:
    mixed = posteriors([tally("a/x", (1.0, 3.0), 4.0)])[0]

    # sum w² / sum w = 10 / 4: four S-units tell as much as 1.6 features would.
    assert mixed.shipped == pytest.approx(1.6)
    assert mixed.exposure_usd == pytest.approx(1.6)


@given(histories, scales, scales)
def test_neither_the_scale_of_the_weights_nor_the_currency_changes_how_arms_stand(
    told: list[tuple[tuple[float, ...], float]], weigh: float, currency: float
) -> None:
    plain = posteriors(tallies(told))
    scaled = posteriors(tallies(told, weigh=weigh, currency=currency))

    assert [one.shape for one in scaled] == pytest.approx([one.shape for one in plain])
    assert probabilities_of_best(scaled) == pytest.approx(probabilities_of_best(plain), abs=1e-9)


@given(histories)
def test_the_order_of_the_arms_changes_nothing(
    told: list[tuple[tuple[float, ...], float]],
) -> None:
    made = tallies(told)
    back = dict(zip([one.arm for one in made[::-1]], posteriors(made[::-1]), strict=True))

    for one in posteriors(made):
        assert one.shape == pytest.approx(back[one.arm].shape)
        assert one.usd == pytest.approx(back[one.arm].usd)


def test_spend_before_a_change_is_rescaled_by_every_later_one() -> None:
    spends = [(DAY + timedelta(days=day), 10.0) for day in range(4)]
    dearer = Rescaling(at=DAY + timedelta(days=1), factor=1.8)
    cut_in_half = Rescaling(at=DAY + timedelta(days=2, hours=1), factor=1 / 0.5)

    assert exposure_usd(spends, [dearer, cut_in_half]) == pytest.approx(36 + 20 + 20 + 10)
    assert exposure_usd(spends, [cut_in_half, dearer]) == pytest.approx(86)
    assert exposure_usd(spends, []) == 40


def test_a_dearer_arm_falls_back_by_the_price_and_keeps_what_it_knows() -> None:
    before = posteriors([tally("a/x", 20, 100.0), tally("b/x", 20, 100.0)])
    after = posteriors([tally("a/x", 20, 180.0), tally("b/x", 20, 100.0)])

    assert after[0].shape == before[0].shape
    assert after[0].mean / after[1].mean == pytest.approx(1 / 1.8, rel=0.03)


def test_a_newcomer_is_expected_where_its_provider_and_methodology_stand() -> None:
    seen = [
        tally("claude/solo", 400, 100.0),
        tally("claude/pair", 800, 100.0),
        tally("glm/solo", 800, 100.0),
    ]

    lent = posteriors([*seen, tally("glm/pair", 0, 0.0, is_newcomer=True)])[-1]
    alone = posteriors([*seen, tally("glm/pair", 0, 0.0)])[-1]

    assert alone.shape == 1.0
    assert alone.mean == pytest.approx(6.67, abs=0.01)
    assert lent.shape > 8
    assert 10 < lent.mean < 16  # additive on logs: twice by provider, twice by methodology


def test_adding_a_newcomer_moves_no_other_arm() -> None:
    seen = [tally("claude/solo", 40, 10.0), tally("glm/solo", 80, 10.0)]

    assert posteriors([*seen, tally("glm/pair", 0, 0.0, is_newcomer=True)])[:2] == posteriors(seen)


def test_a_newcomer_among_arms_of_no_work_takes_the_pooled_prior() -> None:
    made = posteriors([tally("a/x", 0, 0.0), tally("b/x", 0, 0.0, is_newcomer=True)])

    assert [one.shape for one in made] == [1.0, 1.0]


def test_tempering_counts_own_work_more_and_leaves_the_prior() -> None:
    told = Posterior(arm="a", prior_shape=1.0, prior_usd=2.0, shipped=4.0, exposure_usd=6.0)

    assert (told.tempered(0.5).shape, told.tempered(0.5).usd) == (9.0, 14.0)
    assert told.tempered(1.0) == told


@pytest.mark.parametrize(
    ("shipped", "usd"), [((1.0,), 0.0), ((0.0,), 1.0), ((), -1.0), ((), float("inf"))]
)
def test_what_cannot_have_been_worked_is_refused(shipped: tuple[float, ...], usd: float) -> None:
    with pytest.raises(ValueError, match="a/x"):
        tally("a/x", shipped, usd)


def test_an_arm_that_is_there_twice_or_a_factor_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        posteriors([tally("a/x", 1, 1.0), tally("a/x", 1, 1.0)])
    with pytest.raises(ValueError, match="factor"):
        Rescaling(at=DAY, factor=0.0)
