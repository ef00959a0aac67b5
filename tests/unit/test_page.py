"""A page in HTML: it needs nothing, runs nothing, and shows hostile text as text."""

from __future__ import annotations

import base64
import hashlib
import re
from fractions import Fraction

import pytest

from seechain.amounts import Amount
from seechain.paper.blocks import (
    Block,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Pre,
    Table,
    Text,
)
from seechain.paper.page import page
from seechain.paper.picture import Row, split_drawing
from tests.unit.papers import HOSTILE, Html

ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "pre"),
    *("span", "div", "table", "thead", "tbody", "tr", "th", "td", "bdi", "wbr", "dl", "dt", "dd"),
    *("figure", "figcaption", "svg", "desc", "rect", "path", "text", "circle"),
}


def every_block(text: str) -> list[Block]:
    units = Amount(7, text or "x", 0)
    drawing = split_drawing(text, [Row(text, Fraction(1), (7,), text)], [units], subtitle=text)
    return [
        Heading(text),
        Heading(text, 3),
        Text(text),
        Text(text, is_soft=True),
        Pre(text),
        Table((text, text), [(text, text)], "lr"),
        Figure(drawing, text),
        Facts([(text, text)]),
        PageBreak(),
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    written = page(text, every_block(text))
    read = Html(written)
    assert {tag for tag, _ in read.tags} <= TAGS
    assert not read.open
    assert sum(tag == "h1" for tag, _ in read.tags) == 1
    for _, attributes in read.tags:
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "href", "style", "action")
            assert value is None or "javascript:" not in value
    for letter in ("\u202e", "\x1b", "\x00", "\x07", "\ud800", "\uffff"):
        assert letter not in written
    written.encode("utf-8")


def test_the_only_style_is_the_one_whose_hash_it_allows() -> None:
    written = page("Night Market", every_block("Ada"))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', written)
    (style,) = re.findall(r"<style>(.*?)</style>", written, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "unsafe" not in policy
    for word in ("http://", "https://", "url(", "@import", "<script", "<link", "<img"):
        assert word not in written.replace("http://www.w3.org/2000/svg", "")


def test_a_line_that_wraps_can_not_pass_for_another() -> None:
    written = page("Lines", [Pre("one\n\n  three & <b>")])
    assert "<pre><span>one</span><span></span><span>  three &amp; &lt;b&gt;</span></pre>" in written


def test_a_table_has_its_titles_sides_and_sum() -> None:
    table = Table(("who", "part"), [("Ada", "40.00 %"), ("together", "100.00 %")], "lr", total=True)
    written = page("Table", [table])
    assert '<th scope="col" class="r"><bdi>part</bdi></th>' in written
    assert '<tr><td><bdi>Ada</bdi></td><td class="r"><bdi>40.00 %</bdi></td></tr>' in written
    assert '<tr class="sum"><td><bdi>together</bdi></td>' in written


def test_a_table_too_wide_for_a_sheet_is_printed_smaller() -> None:
    plain = Table(("who", "part"), [("Ada", "40.00 %")], "lr")
    assert "<table>" in page("Plain", [plain])
    wide = Table([f"c{at}" for at in range(6)], [["1234567.123456789012345678"] * 6], "r" * 6)
    assert '<table class="s5">' in page("Wide", [wide])


def test_an_address_breaks_in_its_middle_and_stays_whole_when_copied() -> None:
    written = page("Facts", [Facts([("address", ADDRESS)])])
    assert "".join(Html(written).texts).endswith(ADDRESS)
    assert f"{ADDRESS[:22]}<wbr>{ADDRESS[22:]}" in written


@pytest.mark.parametrize(
    "table",
    [
        Table(("a", "b"), [("1",)]),
        Table(("a", "b"), [("1", "2")], "l"),
        Table(("a", "b"), [("1", "2")], "lx"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(table: Table) -> None:
    with pytest.raises(ValueError, match=r"align|cell"):
        page("Wrong", [table])


def test_the_same_blocks_give_the_same_page() -> None:
    assert page("Night Market", every_block("Ada")) == page("Night Market", every_block("Ada"))


def test_terms_that_run_to_the_left_keep_their_bar_at_the_left() -> None:
    written = page("Terms", [Pre("| \u05e2\u05d1 1%.\n| Zo\u00eb\n\u05e2")])
    spans = "<span>| <bdi>\u05e2\u05d1 1%.</bdi></span><span>| Zo\u00eb</span><span>\u05e2</span>"
    assert f"<pre>{spans}</pre>" in written
