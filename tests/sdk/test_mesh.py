"""The mesh: SEEs that are members of each other, and seats that are shared."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain import SEE, Registry
from seechain.accounts import checksum
from seechain.chain.reverts import NotRegistered
from seechain.mesh import Edge, Mesh, Node, find
from seechain.mesh.layout import layout
from seechain.mesh.picture import draw
from tests.sdk.cascades import amend, members, see_of
from tests.sdk.chain import key
from tests.sdk.conftest import ADA, BEN, CLEO, make_agreement

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def four(registry: Registry) -> tuple[SEE, SEE, SEE, SEE]:
    """Low is a member of mid, mid and low of top; another stands alone."""
    low = see_of(registry, "Low", {CLEO: 2, ADA: 1})
    mid = see_of(registry, "Mid", {BEN: 3, low.address: 4})
    top = see_of(registry, "Top", {ADA: 50, mid.address: 30, low.address: 20})
    return top, mid, low, see_of(registry, "Alone", {BEN: 1})


def ties(mesh: Mesh) -> set[tuple[str, str, Fraction]]:
    return {(each.payer, each.member, each.part) for each in mesh.edges}


def test_who_is_a_member_of_whom_is_found(
    registry: Registry, four: tuple[SEE, SEE, SEE, SEE]
) -> None:
    top, mid, low, alone = four
    mesh = find(registry, names={top.address: "Top"})
    assert ties(mesh) == {
        (top.address, mid.address, Fraction(3, 10)),
        (top.address, low.address, Fraction(1, 5)),
        (mid.address, low.address, Fraction(4, 7)),
    }
    nodes = {each.address: each for each in mesh.nodes}
    assert nodes[top.address] == Node(top.address, "SEE", "registered", 3, "Top")
    assert {each.kind for each in mesh.edges} == {"seat"}
    around = find(registry, around=low.address)
    assert {each.address for each in around.nodes} == {top.address, mid.address, low.address}
    assert [each.address for each in find(registry, around=alone.address).nodes] == [alone.address]
    with pytest.raises(NotRegistered, match="is not in the mesh"):
        find(registry, around=BEN)


def test_voices_and_both_are_told_apart(registry: Registry) -> None:
    low = see_of(registry, "Low", {CLEO: 1})
    lines = [*members({ADA: 1}), {"name": "Low", "role": "core", "account": low.address}]
    both = make_agreement(members=[*lines[:-1], {**lines[-1], "shares": 3, "voices": 2}])
    wanted = registry.registration(both)
    low.endorse(low.endorsement(wanted), [low.sign(low.endorsement(wanted), key(1))], sender=key(1))
    consents = [
        registry.sign(both, key(1), wanted.deadline),
        registry.sign(both, low, wanted.deadline),
    ]
    top = registry.register(both, consents, sender=key(0))
    (edge,) = find(registry).edges
    assert (edge.payer, edge.member, edge.kind) == (top.address, low.address, "seat and voice")
    assert (edge.shares, edge.total, edge.voices, edge.all_voices) == (3, 4, 2, 3)


def test_a_circle_is_found_and_drawn(registry: Registry) -> None:
    one = see_of(registry, "One", {ADA: 1, BEN: 1})
    two = see_of(registry, "Two", {one.address: 1, CLEO: 3})
    amend(one, "One", {two.address: 1, BEN: 1})
    mesh = find(registry)
    assert ties(mesh) == {
        (one.address, two.address, Fraction(1, 2)),
        (two.address, one.address, Fraction(1, 4)),
    }
    assert "50.00 %" in draw(mesh)


def test_a_seat_that_is_shared_goes_by_its_splitter(registry: Registry) -> None:
    low = see_of(registry, "Low", {CLEO: 1})
    top = see_of(registry, "Top", {ADA: 3, BEN: 1})
    top.join(ADA, sender=key(8))
    splitter = top.share_seat(key(1), low.address, "1/4")
    mesh = find(registry)
    (redirect,) = (each for each in mesh.edges if each.account)
    assert (redirect.payer, redirect.member) == (top.address, splitter.address)
    assert (redirect.account, redirect.part) == (ADA, Fraction(3, 4))
    assert (splitter.address, low.address, Fraction(1, 4)) in ties(mesh)
    node = next(each for each in mesh.nodes if each.kind == "Splitter")
    assert (node.address, node.state, node.members) == (splitter.address, "fixed", 2)
    top.redirect(key(1), ADA)
    assert not any(each.account for each in find(registry).edges)


def test_who_left_and_what_was_not_published_and_what_ended(registry: Registry) -> None:
    low = see_of(registry, "Low", {CLEO: 1})
    top = see_of(registry, "Top", {ADA: 3, BEN: 1, low.address: 4})
    top.join(BEN, sender=key(8))
    top.leave(key(2))
    (edge,) = find(registry).edges
    assert edge.part == Fraction(4, 7)
    hidden = make_agreement(members=members({ADA: 1, low.address: 9}), quorum="1", nonce=5)
    consents = [registry.sign(hidden, key(1))]
    see = registry.register(hidden, consents, sender=key(0), publish=False)
    mesh = find(registry)
    node = next(each for each in mesh.nodes if each.address == see.address)
    assert node.members is None
    assert len(mesh.edges) == 1
    assert len(find(registry, tables=[hidden.table]).edges) == 2
    top.leave(key(1), seat=False)  # the last voice
    states = {each.address: each.state for each in find(registry).nodes}
    assert states[top.address] == "ended"


# ---------------------------------------------------------------- the picture


def account(number: int) -> str:
    return checksum(number.to_bytes(20, "big"))


def mesh_of(count: int, pairs: list[tuple[int, int]], name: str = "") -> Mesh:
    nodes = tuple(Node(account(at + 1), "SEE", "registered", at, name) for at in range(count))
    edges = tuple(
        Edge(account(a + 1), account(b + 1), 1, 4) for a, b in dict.fromkeys(pairs) if a < count > b
    )
    return Mesh(account(999), 1, nodes, edges)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 60).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(
                st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=2 * count
            ),
        )
    )
)
def test_no_two_cards_overlap_and_all_is_on_the_sheet(
    drawn: tuple[int, list[tuple[int, int]]],
) -> None:
    mesh = mesh_of(*drawn)
    svg = draw(mesh)
    assert svg == draw(mesh)
    root = ET.fromstring(svg)
    wide, high = (float(root.attrib[each]) for each in ("width", "height"))
    cards = []
    for group in root.iter(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        assert box is not None
        cards.append(tuple(float(box.attrib[each]) for each in ("x", "y", "width", "height")))
    assert len(cards) == len(mesh.nodes)
    for at, (x, y, w, h) in enumerate(cards):
        assert x >= 0 <= y
        assert x + w <= wide
        assert y + h <= high
        for x2, y2, w2, h2 in cards[:at]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 + 1e-6 or y2 + h2 <= y + 1e-6
    arrows = svg.count("rotate(")
    assert arrows == len(mesh.edges)


def test_money_flows_to_the_right_but_for_circles() -> None:
    mesh = mesh_of(4, [(0, 1), (1, 2), (0, 2), (2, 0), (3, 2)])
    found = layout(
        [each.address for each in mesh.nodes], [(each.payer, each.member) for each in mesh.edges]
    )
    columns = [found.nodes[account(at)].column for at in (1, 2, 3, 4)]
    assert columns == [0, 1, 2, 1]
    (turned,) = found.turned
    assert (mesh.edges[turned].payer, mesh.edges[turned].member) == (account(3), account(1))


def test_a_name_is_shown_and_does_nothing_else() -> None:
    evil = '"><script>alert(1)</script>\u202e\x1b[31m&'
    svg = draw(mesh_of(2, [(0, 1)], evil))
    ET.fromstring(svg)
    assert "<script" not in svg
    assert "\x1b" not in svg
    assert "\u202e" not in svg
    assert not re.search("(href|style|@import|<image|<foreign)", svg)


def test_a_clone_that_waits_to_be_registered_is_left_out(registry: Registry) -> None:
    waiting = registry.deploy_clone(make_agreement(nonce=21), sender=key(0))
    waiting.publish(sender=key(0))
    see_of(registry, "Top", {ADA: 3, waiting.address: 1})
    mesh = find(registry)
    assert mesh.edges == ()
    assert [each.kind for each in mesh.nodes] == ["SEE"]


def test_a_splitter_whose_table_is_not_published_is_drawn(registry: Registry) -> None:
    splitter = registry.create_splitter({ADA: 1, BEN: 1}, sender=key(0), publish=False)
    top = see_of(registry, "Top", {ADA: 3, splitter.address: 1})
    mesh = find(registry)
    (edge,) = mesh.edges
    assert (edge.payer, edge.member) == (top.address, splitter.address)
    assert next(each.members for each in mesh.nodes if each.kind == "Splitter") is None
    assert "table not published" in draw(mesh)


def test_a_splitter_with_a_salt_is_found_by_what_created_it(registry: Registry) -> None:
    below = see_of(registry, "Below", {ADA: 1})
    for salt, publish in ((7, True), (8, False)):
        seats = {below.address: salt, BEN: 1}
        splitter = registry.create_splitter(seats, sender=key(0), salt=salt, publish=publish)
        if not publish:
            splitter.publish(sender=key(0))
        top = see_of(registry, f"Top {salt}", {ADA: 3, splitter.address: 1})
        edges = {(each.payer, each.member) for each in find(registry).edges}
        assert {(top.address, splitter.address), (splitter.address, below.address)} <= edges
