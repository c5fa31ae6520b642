from __future__ import annotations

import pytest

from portfolio.estimate.size_cues import Cues, coding_of, prefix_of, size_of_label, size_of_labels


def test_labels_of_size_are_told_in_their_usual_spellings() -> None:
    spelled = ("size/S", "size: M", "XL", "effort-large", "T-shirt: xs", "epic", "good first issue")

    assert [size_of_label(one) for one in spelled] == ["S", "M", "L", "L", "S", "L", None]


def test_two_labels_that_differ_name_no_size() -> None:
    assert size_of_labels(["size/S", "size/L"]) is None
    assert size_of_labels(["ui", "size/L", "large"]) == "L"


def test_an_item_without_ticket_or_branch_prefix_has_no_family() -> None:
    assert prefix_of("api.csv-export", "csv-export") is None


def test_a_level_seen_once_or_in_every_item_is_not_learned() -> None:
    history = [Cues(kind="fix", prefix="AUTH"), Cues(kind="fix"), Cues(kind="fix", scope="ui")]

    assert coding_of(history).levels == {}


def test_what_is_not_known_is_written_as_the_mean() -> None:
    coding = coding_of([Cues(words=10), Cues(words=100)])

    assert coding.bulk(Cues(words=None)) == [0, 0, 0]
    assert coding.bulk(Cues(words=10)) == pytest.approx([-1, 0, 0])


def test_a_text_far_longer_than_any_seen_is_not_extrapolated() -> None:
    coding = coding_of([Cues(words=10), Cues(words=11)])

    assert coding.bulk(Cues(words=10**6))[0] == 3


def test_levels_do_not_depend_on_the_order_of_items() -> None:
    history = [Cues(prefix=one, scope=two) for one in "ab" for two in "xy"] + [Cues()]

    assert list(coding_of(history).levels) == list(coding_of(history[::-1]).levels)


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Cues(words=-1)
