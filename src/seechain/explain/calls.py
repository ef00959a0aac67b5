"""The call by which a transaction came to a contract of seechain, and why it failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from web3 import Web3

from seechain.chain import clones, genuine, interface
from seechain.chain.decoding import currency_of
from seechain.chain.node import asking, code_of, eth_of
from seechain.chain.reverts import ChainError, NodeError, NoRegistry, NotSeechain
from seechain.consent.messages import table_hash
from seechain.see import SEE
from seechain.see.standing import books_at


@dataclass(frozen=True, slots=True)
class Made:
    """A call, in words. is_ours: whether a contract of seechain was called. name: of the function,
    empty for none. what: of the contract, as "the SEE 0x..."."""

    is_ours: bool
    sentences: tuple[str, ...] = ()
    name: str = ""
    what: str = ""
    arguments: tuple[Any, ...] = field(default=(), repr=False)


def read(w3: Web3, sent: Any) -> Made:
    """The call of a transaction.

    Raises:
        NodeError: the node can't be asked.
    """
    to, data = sent.get("to"), bytes(sent["input"])
    if to is None:
        return Made(False, ("It put a contract on the chain",))
    if to == clones.DEPLOYER:
        return _deployed(data)
    what, functions = _callee(w3, to)
    if functions is None:
        has_code = bool(code_of(w3, to))
        return Made(False, (f"It called another contract, {to}",) if has_code else ())
    if not data:
        return Made(True, (f"It sent {int(sent['value'])} wei to {what}",), "", what)
    called = interface.of(functions).read(data)
    if called is None:
        return Made(True, (f"It called {what} with data that names no function of it",), "", what)
    name, arguments = called
    said = (f"It called {name} of {what}", *_more(name, arguments, to))
    return Made(True, said, name, what, arguments)


def reason(w3: Web3, sent: Any, receipt: Any) -> str:
    """Why a transaction failed: asked for by calling it again, as it stood before its block.

    Raises:
        NodeError: the node can't be asked.
    """
    call: Any = {"from": sent["from"], "data": sent["input"], "value": sent["value"]}
    call |= {"to": sent["to"]} if sent.get("to") else {}
    if int(receipt["gasUsed"]) >= int(sent["gas"]):
        return f"it used all of its {int(sent['gas'])} gas: send it with more"
    try:
        with asking(w3, "the call"):
            eth_of(w3).call(call, int(receipt["blockNumber"]) - 1, ccip_read_enabled=False)
    except NodeError as error:
        return f"why, the node does not say any more ({error})"
    except ChainError as error:
        return str(error)
    return "why, can't be told: as the chain stood before its block it would not fail"


def _callee(w3: Web3, to: str) -> tuple[str, str | None]:
    if to == clones.payer_address():
        return f"the Payer {to}", "Payer"
    if to == clones.noticeboard_address(clones.registry_address()):
        return f"the Noticeboard {to}", "Noticeboard"
    code = code_of(w3, to)
    if clones.read_clone(code) is not None:
        try:
            what = "SEE" if isinstance(books_at(w3, to), SEE) else "Splitter"
        except NotSeechain:
            return to, None
        return f"the {what} {to}", what
    if code:
        try:
            genuine.check_registry(w3, to)
            return f"the Registry {to}", "Registry"
        except NoRegistry:
            pass
    return to, None


def _deployed(data: bytes) -> Made:
    address = clones.create2(clones.DEPLOYER, data[:32], data[32:])
    known = {
        clones.registry_address(): "the Registry",
        clones.splitter_implementation(): "the code of Splitters",
        clones.payer_address(): "the Payer",
        clones.noticeboard_address(clones.registry_address()): "the Noticeboard",
    }
    what = known.get(address)
    if what is None:
        return Made(False, (f"It put a contract on the chain, at {address}",))
    said = f"It put {what} of seechain on the chain, at {address}, the same as on every other"
    return Made(True, (said,), "deploy", what)


def _more(name: str, arguments: tuple[Any, ...], to: str) -> tuple[str, ...]:
    """What no event says."""
    if name == "touch":
        return (
            (
                f"It did for the token {currency_of(arguments[0])} what could not be done when an"
                " agreement came into force, a seat left or an account was redirected"
            ),
        )
    if name in ("create", "create_published"):
        root, shares, pages, salt = arguments[:4]
        commitment = table_hash(root, shares, pages)
        where = to, clones.splitter_implementation(), commitment, salt
        at = f" at {clones.clone_address(*where)}" if to == clones.registry_address() else ""
        return (f"It created a fixed Splitter{at}: {shares} shares in {pages} pages",)
    if name == "deploy":
        table = arguments[0]
        return (
            (
                f"It deployed the clone of an agreement before it is registered: {table[1]} shares"
                f" in {table[2]} pages; until then it is a Splitter and no more"
            ),
        )
    return ()
