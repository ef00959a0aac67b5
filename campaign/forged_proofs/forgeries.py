"""What a forger does to a page and its proof. None of it may leave a true one."""

from __future__ import annotations

import random
from collections.abc import Callable

from eth_hash.auto import keccak

from campaign.forged_proofs.trees import Case, shares_of, word32

Forgery = Callable[[Case, random.Random, list[Case]], Case]
SHARES = 2**48


def flipped(data: bytes, dice: random.Random) -> bytes:
    if not data:
        return bytes(dice.randrange(1, 65))
    bit = dice.randrange(8 * len(data))
    return (int.from_bytes(data, "big") ^ 1 << bit).to_bytes(len(data), "big")


def _number(case: Case, at: int) -> int:
    return int.from_bytes(case.words[at : at + 32], "big")


def bit_of_a_word(case: Case, dice: random.Random, _: list[Case]) -> Case:
    return case.but(words=flipped(case.words, dice))


def bit_of_the_shares(case: Case, dice: random.Random, _: list[Case]) -> Case:
    at = dice.randrange(len(case.words) // 32) * 32
    changed = word32(_number(case, at) ^ 1 << dice.randrange(48))
    return case.but(words=case.words[:at] + changed + case.words[at + 32 :])


def bit_of_the_proof(case: Case, dice: random.Random, _: list[Case]) -> Case:
    return case.but(proof=flipped(case.proof, dice))


def bit_of_the_table(case: Case, dice: random.Random, _: list[Case]) -> Case:
    root, shares, pages, terms = case.table
    field = dice.randrange(4)
    if field == 0:
        root = flipped(root, dice)
    elif field == 1:
        shares ^= 1 << dice.choice((dice.randrange(48), dice.randrange(256)))
    elif field == 2:
        pages ^= 1 << dice.choice((dice.randrange(18), dice.randrange(256)))
    else:
        terms = flipped(terms, dice)
    return case.but(table=(root, shares, pages, terms))


def other_words(case: Case, dice: random.Random, _: list[Case]) -> Case:
    return case.but(words=dice.randbytes(len(case.words)))


def other_proof(case: Case, dice: random.Random, _: list[Case]) -> Case:
    return case.but(proof=dice.randbytes(max(64, len(case.proof))))


def length_of_the_words(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """Cut, stretched, a seat twice or one left out."""
    words, way = case.words, dice.randrange(4)
    if way == 0:
        return case.but(words=words[: -dice.randrange(1, len(words) + 1)])
    if way == 1:
        return case.but(words=words + bytes(dice.choice((1, 31, 32, 33, 64, 96))))
    at = dice.randrange(len(words) // 32) * 32
    return case.but(words=words[: at + 32 * (way == 2)] + words[at + 32 * (way == 3) :])


def length_of_the_proof(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """A level more, a level less, and what is no level."""
    proof, way = case.proof, dice.randrange(4)
    if way == 0 or not proof:
        more = dice.choice((bytes(64), dice.randbytes(64), bytes(1), bytes(32), bytes(1088)))
        return case.but(proof=proof + more)
    if way == 1:
        return case.but(proof=proof[: -dice.choice((1, 31, 32, 33, 63, 64))])
    at = dice.randrange(len(proof) // 64) * 64
    return case.but(proof=proof[: at + 64 * (way == 2)] + proof[at + 64 * (way == 3) :])


def another_number(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """The page under a number that is not its own."""
    number = dice.choice(
        (
            case.page ^ 1 << dice.randrange(18),
            case.page + case.table[2],
            case.page + (1 << dice.randrange(251)),
            dice.randrange(2**251),
            2**251 - 1,
        )
    )
    return case.but(page=number)


def no_seat_of_the_page(case: Case, dice: random.Random, others: list[Case]) -> Case:
    """A place behind the last seat, under another number; of 32 seats there is none."""
    seats = len(case.words) // 32
    if seats == 32:
        return another_number(case, dice, others)
    return case.but(place=dice.randrange(seats, 32), page=case.page ^ 1 << dice.randrange(18))


def swapped_siblings(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """Hash and sum exchanged, or two levels, or all of them from behind."""
    levels = [case.proof[at : at + 64] for at in range(0, len(case.proof), 64)]
    if len(levels) > 1 and dice.random() < 0.6:
        a, b = dice.sample(range(len(levels)), 2)
        levels[a], levels[b] = levels[b], levels[a]
        return case.but(proof=b"".join(levels if dice.random() < 0.5 else levels[::-1]))
    at = dice.randrange(max(1, len(levels)))
    level = levels[at] if levels else case.table[0] + word32(case.table[1])
    return case.but(
        proof=b"".join(levels[:at]) + level[32:] + level[:32] + case.proof[at * 64 + 64 :]
    )


def inner_node_as_page(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """What a node hashes, given as four seats one level higher, with its last byte or without."""
    own = keccak(case.words) + word32(shares_of(case.words))
    sibling = case.proof[:64] or own
    inside = sibling + own if case.page & 1 else own + sibling
    proof, page = case.proof[64:], case.page >> 1
    root, total, pages, terms = case.table
    if dice.random() < 0.5:
        inside += b"\x01"
    if dice.random() < 0.3:
        pages = (pages + 1) >> 1
    return Case((root, total, pages, terms), page, dice.randrange(4), inside, proof, case.version)


def page_as_inner_node(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """A seat taken for a page's hash: its neighbours are then its sum, and a sibling."""
    first, rest = case.words[:32], case.words[32:96].ljust(64, b"\0")
    return case.but(words=first, proof=rest + case.proof, page=case.page << 1)


def sums_that_wrap(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """A sibling's sum moved by a power of two, beyond 48 bits and beyond 256."""
    if not case.proof:
        return case.but(proof=bytes(32) + word32(-dice.randrange(1, SHARES)))
    at = dice.randrange(len(case.proof) // 64) * 64 + 32
    sum_ = int.from_bytes(case.proof[at : at + 32], "big")
    moved = sum_ + dice.choice((SHARES, 2**255, 2**112, 1, -1, -sum_ - 1, 2**64, -2 * sum_ - 1))
    return case.but(proof=case.proof[:at] + word32(moved) + case.proof[at + 32 :])


def shares_from_a_sibling(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """More for a seat, and as much less for the sibling: the total stays."""
    more = dice.choice((1, dice.randrange(1, 1000), dice.randrange(1, SHARES)))
    at = dice.randrange(len(case.words) // 32) * 32
    number = _number(case, at)
    richer = number // SHARES * SHARES + (number + more) % SHARES
    changed = case.but(words=case.words[:at] + word32(richer) + case.words[at + 32 :])
    if not case.proof:
        return changed
    sum_ = int.from_bytes(case.proof[32:64], "big")
    return changed.but(proof=case.proof[:32] + word32(sum_ - more) + case.proof[64:])


def seats_among_themselves(case: Case, dice: random.Random, _: list[Case]) -> Case:
    """The same sum in another order, or shares moved from seat to seat, or another's account."""
    seats = [case.words[at : at + 32] for at in range(0, len(case.words), 32)]
    a, b = dice.randrange(len(seats)), dice.randrange(len(seats))
    if a == b:
        seats[a] = dice.randbytes(20) + seats[a][20:]
    elif dice.random() < 0.5:
        seats[a], seats[b] = seats[b], seats[a]
    else:
        seats[a], seats[b] = seats[a][:20] + seats[b][20:], seats[b][:20] + seats[a][20:]
        if seats[a][20:] == seats[b][20:]:
            seats[a] = flipped(seats[a], dice)
    return case.but(words=b"".join(seats))


def of_another_tree(case: Case, dice: random.Random, others: list[Case]) -> Case:
    """Words, proof or all of another tree, under this table or under its own."""
    other = dice.choice([each for each in others if each.table != case.table])
    return dice.choice(
        (
            case.but(words=other.words),
            case.but(proof=other.proof),
            case.but(words=other.words, proof=other.proof, page=other.page),
            case.but(table=other.table),
            other.but(version=case.version),
        )
    )


def of_another_version(case: Case, dice: random.Random, others: list[Case]) -> Case:
    """A true page under a version that is not its own; where there is one, of its sibling."""
    version = case.version ^ 1 << dice.choice((0, 1, 12, 15, 16, dice.randrange(64), 255))
    return case.but(version=version)


def of_another_page(case: Case, dice: random.Random, others: list[Case]) -> Case:
    """A page or a proof of the same tree, at the wrong number."""
    same = [each for each in others if each.table == case.table and each.page != case.page]
    if not same:
        return another_number(case, dice, others)
    other = dice.choice(same)
    return case.but(words=other.words) if dice.random() < 0.5 else case.but(proof=other.proof)


SINGLE: list[Forgery] = [
    bit_of_a_word,
    bit_of_the_shares,
    bit_of_the_proof,
    bit_of_the_table,
    other_words,
    other_proof,
    length_of_the_words,
    length_of_the_proof,
    another_number,
    no_seat_of_the_page,
    swapped_siblings,
    inner_node_as_page,
    page_as_inner_node,
    sums_that_wrap,
    shares_from_a_sibling,
    seats_among_themselves,
    of_another_tree,
    of_another_page,
]


def two_at_once(case: Case, dice: random.Random, others: list[Case]) -> Case:
    first, second = dice.choice(SINGLE), dice.choice((bit_of_a_word, bit_of_the_proof, other_proof))
    return second(first(case, dice, others), dice, others)


FORGERIES: list[Forgery] = [*SINGLE, two_at_once]
