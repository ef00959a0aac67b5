"""What accounts held of tokens in many blocks, asked for at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from web3 import Web3

from seechain.chain.interface import ERC20
from seechain.chain.logs import latest_block
from seechain.chain.node import asking
from seechain.chain.reverts import ChainError, NodeError
from seechain.history.replaying import held

AT_ONCE = 100  # questions in one request

Place = tuple[str, str, int]  # an account, a token, a block


def held_at(w3: Web3, places: Iterable[Place]) -> dict[Place, int | None]:
    """What each account held of the token at the end of the block.

    None: the node has forgotten that block, or the token does not answer.

    Raises:
        NodeError: the node can't be asked.
    """
    wanted = sorted(dict.fromkeys(places), key=lambda place: -place[2])
    found: dict[Place, int | None] = {}
    forgotten: set[tuple[str, str]] = set()
    for at in range(0, len(wanted), AT_ONCE):
        part = wanted[at : at + AT_ONCE]
        answers = _at_once(w3, part)
        for place, units in zip(part, answers or [None] * len(part), strict=True):
            # What failed among others is asked again by itself: it may have been too many. But
            # not where a later block was forgotten.
            if units is None and not (answers and place[:2] in forgotten):
                units = _held(w3, place)
            found[place] = units
            if units is None:
                forgotten.add(place[:2])
    return found


def _held(w3: Web3, place: Place) -> int | None:
    try:
        return held(w3, *place)
    except ChainError:
        latest_block(w3)  # a node that is not there has not forgotten
        return None


def _at_once(w3: Web3, places: Sequence[Place]) -> list[int | None]:
    """In one request, None for what has no answer; nothing from a node that takes no batches."""
    provider: Any = w3.provider
    if len(places) < 2 or not hasattr(provider, "make_batch_request"):
        return []
    questions = []
    for account, token, block in places:
        data = "0x" + ERC20.encode("balanceOf", account).hex()
        questions.append(("eth_call", [{"to": token, "data": data}, hex(block)]))
    try:
        with asking(w3, "balances"):
            answers = provider.make_batch_request(questions)
            if isinstance(answers, list) and len(answers) == len(places):
                return [_units(each.get("result")) for each in answers]
    except NodeError:
        pass
    return []


def _units(answer: object) -> int | None:
    is_word = isinstance(answer, str) and answer.startswith("0x") and len(answer) >= 66
    return int(str(answer)[2:66], 16) if is_word else None
