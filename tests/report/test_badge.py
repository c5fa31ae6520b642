"""What a badge says, and its picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from portfolio.report.answers.badge import BadgeAnswer
from portfolio.report.badge import block, svg

SVG = "{http://www.w3.org/2000/svg}"
ANSWER = BadgeAnswer(
    readme="README.md",
    svg=None,
    is_changed=False,
    date="2026-11-28",
    since=datetime(2026, 11, 2, tzinfo=UTC),
    saved_usd=1234.5,
    is_at_least=False,
    spent_usd=64.9,
    net_usd=1169.6,
    days=26,
    days_known=26,
    paid_per_feature_usd=4.06,
    features_shipped=16,
    problems=(),
)


def test_the_block_names_every_figure_and_says_what_it_is() -> None:
    lines = block(ANSWER, "badge.svg", zone=UTC)

    assert lines == [
        "![saved $1,234.50, spent $64.90, net $1,169.60, 28 Nov 2026](badge.svg)",
        "",
        "**Saved: $1,234.50** · **Spent: $64.90** · **Net: $1,169.60** · Paid per feature: $4.06"
        " (16 features) · 28 Nov 2026",
        "",
        "Saved: what the same tokens would have cost at API prices. Spent: what the plans cost."
        " Net: saved − spent. Since 2 Nov 2026, over 26 days.",
    ]


def test_what_is_not_known_is_said_so_and_a_loss_has_its_sign() -> None:
    unknown = replace(ANSWER, saved_usd=None, net_usd=None, days_known=0, paid_per_feature_usd=None)
    loss = replace(ANSWER, saved_usd=1.0, is_at_least=True, net_usd=-63.9, days_known=9)

    said = "\n".join(block(unknown, None, zone=UTC))
    lost = "\n".join(block(loss, None, zone=UTC))

    assert "**Saved: not known** · **Spent: $64.90** · **Net: not known**" in said
    assert "Paid per feature: not known" in said
    assert "**Saved: $1.00 (at least)**" in lost
    assert "**Net: -$63.90**" in lost
    assert "over the 9 of 26 days of which both are known" in lost
    nothing = replace(unknown, since=None, days=0)
    assert "No day to tell of yet" in block(nothing, None, zone=UTC)[-1]


def test_the_picture_is_xml_that_a_screen_reader_can_tell() -> None:
    root = ET.fromstring(svg(ANSWER))

    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == root.get("aria-label")
    assert title.text == "portfolio: saved $1,234.50, spent $64.90, net $1,169.60, 28 Nov 2026"


def test_no_text_of_the_picture_leaves_its_field() -> None:
    huge = replace(ANSWER, saved_usd=9e11, is_at_least=True, spent_usd=8e9, net_usd=None)

    for answer in (ANSWER, huge):
        root = ET.fromstring(svg(answer))
        fields = [
            (float(r.get("x", "")), float(r.get("width", "")))
            for r in root.iter(f"{SVG}rect")
            if r.get("x")
        ]
        texts = [
            (float(t.get("x", "")), float(t.get("textLength", "")), t.text or "")
            for t in root.iter(f"{SVG}text")
        ]
        assert len(fields) == len(texts) == 2
        for (left, width), (begin, length, text) in zip(fields, texts, strict=True):
            assert left < begin
            assert begin + length < left + width
            assert 5 * len(text) < length < 8 * len(text)  # so it is hardly squeezed
        assert sum(width for _, width in fields) == float(root.get("width", ""))
