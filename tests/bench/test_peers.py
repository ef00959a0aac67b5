"""The comparison with peers: the plain model finds what is wrong, and rows are judged rightly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import chain
from bench.chain import BenchError
from bench.ledger import NATIVE
from bench.peers import __main__ as command
from bench.peers import chart, compare, fetched, ground, recorded, report
from bench.peers.figures import COMPUTED, RECORDED, Figure, measured
from bench.peers.ground import Call, Ground
from bench.peers.places.ours import See, Splitter

OZ = "OpenZeppelin"


@pytest.fixture(scope="module")
def place() -> Iterator[Ground]:
    """A chain with everything but the peers, which are fetched for the benchmark alone."""
    with chain.running(12, *ground.OPTIONS) as own:
        yield ground.build(own)


@pytest.fixture
def split(place: Ground) -> Splitter:
    """A Splitter of five seats that was paid in both currencies."""
    made = Splitter(place, place.scene.table(5))
    made.pay(NATIVE)
    made.pay(place.token.address)
    return made


@pytest.mark.parametrize("kind", ["native", "erc20"])
def test_every_way_to_be_paid_agrees_with_the_model(place: Ground, kind: str) -> None:
    currency = NATIVE if kind == "native" else place.token.address
    table = place.scene.table(5)
    for make in (lambda: Splitter(place, table), lambda: See(place, table, 3, kind)):
        made = make()
        made.pay(currency)
        assert len(made.claim_first("first", currency, last=2)) == 5
        for _ in range(2):
            made.pay(currency)
            at_once = made.claim_everyone("at once", currency)
            made.pay(currency)
            assert sum(made.claim_each("each", currency)) > at_once
        made.pay(currency)
        made.claim_for("for another", currency, 3)
        made.end("ended")


def test_a_see_is_amended_and_what_was_paid_stays_paid(place: Ground) -> None:
    made = See(place, place.scene.table(5), 1, "amended")
    made.pay(NATIVE)
    made.push_all("pushed", NATIVE)
    (used,) = made.amend("amended", place.scene.table(5, step=41))
    assert 100_000 < used < 200_000
    made.pay(NATIVE)
    made.push_all("pushed", NATIVE)


def test_a_unit_elsewhere_is_found(place: Ground, split: Splitter) -> None:
    member, other = split.seats[0][0], split.seats[1][0]
    place.send(member, Call(place.token.address, place.token.data("transfer", other, 1)))
    with pytest.raises(BenchError, match=r"pushed: 0x[0-9a-f]{40} has [0-9]+ units of 0x"):
        split.push_all("pushed", NATIVE)


def test_a_member_who_was_not_paid_is_found(split: Splitter) -> None:
    split.push_all("pushed", NATIVE)
    with pytest.raises(BenchError, match="nothing is due to seat 0, so nothing is measured"):
        split.books.take("again", NATIVE, range(5))
    split.books.receive(NATIVE, 10**18)
    with pytest.raises(BenchError, match="wei, not"):
        split.books.take("unpaid", NATIVE, range(5))


def test_many_calls_are_all_done_or_none(place: Ground, split: Splitter) -> None:
    held = place.held([split.address], [])
    bad = Call(split.address, split.contract.data("claim", 9, split.seats[0][0]))
    good = split.push(NATIVE)
    with pytest.raises(BenchError, match="not joined"):
        place.send(place.stranger, good, bad)
    assert place.held([split.address], []) == held
    place.send(place.stranger, good, split.push(place.token.address))
    assert place.held([split.address], []) < held


def test_transactions_of_one_sender_keep_their_order(place: Ground) -> None:
    token, one, other = place.token, place.chain.accounts[1], place.chain.accounts[2]
    (before,) = place.held([one], [token.address])[1:]
    approve = Call(token.address, token.data("approve", one, 7))
    spend = Call(token.address, token.data("transferFrom", one, other, 7))
    assert len(place.send_all([(one, [approve]), (one, [spend])])) == 2
    assert place.held([one], [token.address])[1] == before - 7


def test_libraries_are_put_into_their_places() -> None:
    code = fetched.Code("aa" + "__" * 20 + "bb", {}, {"One": (1,)}, {"One": "one.sol"})
    assert code.linked({"One": "0x" + "Cd" * 20}).hex() == "aa" + "cd" * 20 + "bb"


def of(row: str, gas: int, name: str = OZ, how: str = "measured", over: bool = False) -> Figure:
    return Figure(row, 10, name, gas, how, 1, over)


def judged(*figures: Figure) -> compare.Verdict:
    (found,) = compare.verdicts(figures)
    return found


def test_a_row_that_is_like_for_like_and_not_below_is_a_fault() -> None:
    ours = of("push.native", 100, compare.OURS)
    assert compare.faults([judged(ours, of("push.native", 101))]) == []
    for gas in (100, 99):
        (fault,) = compare.faults([judged(ours, of("push.native", gas))])
        assert fault.startswith(f"push.native with 10 members uses 100, {100 - gas} more than Open")


def test_the_best_peer_is_the_least_that_is_like_for_like() -> None:
    ours = of("pay.native", 100, compare.OURS)
    peers = of("pay.native", 120), of("pay.native", 90, recorded.V2, RECORDED)
    found, aside = compare.verdicts([ours, *peers])
    assert (found.best.contender, found.like, found.aside) == (OZ, True, False)
    assert (aside.best.contender, aside.like, aside.aside) == (recorded.V2, False, True)
    assert compare.faults([found, aside]) == []
    found = judged(of("replace", 100, compare.ONE_VOICE), of("replace", 90, recorded.V1, RECORDED))
    assert not found.like
    assert "closes the books" in found.why
    assert compare.faults([found]) == []


def test_what_no_transaction_can_do_is_no_rival() -> None:
    ours = of("firsts.native", 100, compare.OURS)
    over = of("firsts.native", 90, over=True)
    assert judged(ours, over, of("firsts.native", 120, "thirdweb")).best.contender == "thirdweb"
    alone = judged(ours, over)
    assert not alone.like
    assert "more gas than a transaction may" in alone.why
    assert measured("x", 2, OZ, [2**24, 1]).over is False
    assert measured("x", 2, OZ, [2**24 + 1]).over is True


def test_a_lower_bound_proves_that_ours_is_below_and_nothing_else() -> None:
    row = "life.pull.native"
    bound = of(row, 100, recorded.V1, COMPUTED)
    assert judged(of(row, 99, compare.OURS), bound, of(row, 120)).like
    assert not judged(of(row, 101, compare.OURS), bound, of(row, 120)).like


def test_a_life_is_added_up_from_recorded_rows() -> None:
    lives = {(each.row, each.members): each.gas for each in recorded.lives()}
    assert lives["life.push.native", 10] == 110_810 + 12 * 163_742
    assert lives["life.pull.erc20", 100] == 223_199 + 12 * 5_546_021
    assert ("life.pull.native", 10) not in lives


def test_tables_go_between_their_markers_and_nowhere_else(tmp_path: Path) -> None:
    document = tmp_path / "some.md"
    document.write_text("a\n<!-- bench: one -->\nold\n<!-- end -->\nb\n<!-- gas table -->\nc\n")
    report.fill(document, {"one": "| new \\1 |\n", "two": "| else |\n"})
    assert document.read_text() == (
        "a\n<!-- bench: one -->\n| new \\1 |\n<!-- end -->\nb\n<!-- gas table -->\nc\n"
    )


def test_the_document_and_its_picture_show_the_record(tmp_path: Path) -> None:
    figures = report.read(command.RECORD)
    found = list(compare.verdicts(figures))
    shown = command.DOCUMENT.read_text("utf-8")
    copy = tmp_path / "copy.md"
    copy.write_text(shown, "utf-8")
    made = report.tables(figures, found)
    report.fill(copy, made)
    assert copy.read_text("utf-8") == shown
    assert all(table in shown for table in made.values())
    assert command.PICTURE.read_text("utf-8") == chart.draw(found)
    report.record(tmp_path / "again.json", figures, found)
    assert (tmp_path / "again.json").read_bytes() == command.RECORD.read_bytes()
    with pytest.raises(BenchError, match="make bench"):
        report.read(tmp_path / "copy.md")
