"""Where our own vectors are put: SEEs on an anvil, the same addresses each time.

Two rolls: of two keys, and of a key and a contract. Of each an agreement that is not registered
yet, and one that is, whose voices decide together (quorum 1/1) and whose seats have joined. All
that is put is called, not sent: nothing changes but the contract that signs.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_utils import keccak, to_checksum_address
from web3 import Web3
from web3.providers import JSONBaseProvider

from seechain.consent import Kind
from tests.contracts.consent import (
    AMENDMENT,
    DEREGISTRATION,
    ENDORSEMENT,
    KEYS,
    LEAVING,
    PUBLICATION,
    REDIRECTION,
    REGISTRATION,
    Agreement,
    Office,
    domain,
)
from tests.contracts.evm import Chain, Contract, Kernel, Tree, compiled
from tests.contracts.life import Life
from tests.contracts.wire import HEADERS, short_wire
from tools.anvil import running

CHAIN_ID = 31337
START = 1_800_000_000  # unix seconds: when its chain begins
DEADLINE = START + 7 * 86400
EXPIRY = START + 100 * 86400
OVER = START - 1  # a deadline that is over
SIGNER = to_checksum_address("0x" + "c0de" * 10)  # the contract that has a voice
TO = to_checksum_address("0x" + "70" * 20)
MEMBER = to_checksum_address("0x" + "3e" * 20)
URI = "ipfs://bafy/agreement.yaml"
TYPES = {
    Kind.REGISTRATION: REGISTRATION,
    Kind.AMENDMENT: AMENDMENT,
    Kind.DEREGISTRATION: DEREGISTRATION,
    Kind.ENDORSEMENT: ENDORSEMENT,
    Kind.LEAVING: LEAVING,
    Kind.REDIRECTION: REDIRECTION,
    Kind.PUBLICATION: PUBLICATION,
}
ALONE = (Kind.LEAVING, Kind.REDIRECTION, Kind.PUBLICATION)


@dataclass(frozen=True)
class Message:
    """What is signed: `about` as the SDK names it, `subject` hashed by the tests' own rules.

    submit: the calldata, and to whom, of signatures under a deadline by an account.
    """

    kind: Kind
    about: dict[str, Any]
    subject: bytes
    submit: Callable[[bytes, int, str], tuple[str, bytes]]
    roll: bytes = b""


class Scene:
    """One roll: its messages by kind."""

    def __init__(self, kernel: Kernel, accounts: tuple[str, ...], number: int) -> None:
        self.kernel, self.accounts = kernel, accounts
        office = Office.open(kernel)
        office.deadline = DEADLINE
        seats = Tree.of([(account, 5 + place) for place, account in enumerate(accounts)])
        voices = tuple((account, 1) for account in accounts)
        first = Agreement(seats, voices, EXPIRY, quorum=(1, 1), currencies=(bytes(32),))
        self.new = first.changed(nonce=bytes([number]) * 32)
        self.next = first.changed(nonce=bytes([number + 1]) * 32)
        office.agreement = first.changed(nonce=bytes([number + 2]) * 32)
        self.life, self.office = Life(office, register=False), office

    def found(self, signatures: bytes) -> None:
        """Registers it, and joins its seats."""
        self.office.register(signatures=signatures)
        for index in range(len(self.accounts)):
            self.life.join(index)

    @cached_property
    def messages(self) -> dict[Kind, Message]:
        """What is signed in this scene."""
        life, registry = self.life, self.kernel.registry
        see, current = life.see.address, life.agreement
        subject = keccak(text="something that a SEE signs")
        act = life.act_hash(PUBLICATION, MEMBER, subject)
        of = {"see": see, "version": 0}

        def to_registry(name: str, *before: Any, after: tuple[Any, ...] = ()) -> Any:
            def submit(signatures: bytes, deadline: int, _: str) -> tuple[str, bytes]:
                data = registry.data(name, *before, deadline, signatures, *after)
                return registry.address, data

            return submit

        def register(signatures: bytes, deadline: int, _: str) -> tuple[str, bytes]:
            table, terms, roll, currencies = self.new.preimage
            data = (table, terms, deadline, roll, currencies, signatures, b"", 0)
            return registry.address, registry.data("register", *data)

        def deregister(signatures: bytes, deadline: int, _: str) -> tuple[str, bytes]:
            table, terms, roll, currencies = current.preimage
            data = (see, table, terms, deadline, roll, currencies, signatures)
            return registry.address, registry.data("deregister", *data)

        def leave(signature: bytes, deadline: int, account: str) -> tuple[str, bytes]:
            what = (account, self.accounts.index(account), False, 0, deadline, signature)
            return registry.address, registry.data("leave", see, *current.preimage, *what)

        def redirect(signature: bytes, deadline: int, account: str) -> tuple[str, bytes]:
            seat = self.accounts.index(account) << 160
            return see, life.see.data("redirect", account, TO, seat, [], deadline, signature)

        def locate(signature: bytes, deadline: int, account: str) -> tuple[str, bytes]:
            data = registry.data("locate", see, account, URI, deadline, signature)
            return registry.address, data

        preimages = (*current.preimage, *self.next.preimage)
        amend = to_registry("amend", see, *preimages, after=(b"", 0))
        endorse = to_registry(
            "endorse", see, *current.preimage, keccak(text=PUBLICATION), MEMBER, subject
        )
        signed = {"act": Kind.PUBLICATION, "member": MEMBER, "subject": subject}
        left = {"voice": True, "seat": False, "index": 0}
        made = (
            (Kind.REGISTRATION, {"commitment": self.new.hash}, self.new.hash, register),
            (
                Kind.AMENDMENT,
                {**of, "commitment": self.next.hash},
                life.succession(self.next),
                amend,
            ),
            (Kind.DEREGISTRATION, of, self.office.end_of(see), deregister),
            (Kind.ENDORSEMENT, {**of, **signed}, act, endorse),
            (Kind.LEAVING, {**of, **left}, life.leave_hash(True, False, 0), leave),
            (
                Kind.REDIRECTION,
                {"see": see, "to": TO, "times": 0},
                life.redirect_hash(TO, 0),
                redirect,
            ),
            (Kind.PUBLICATION, {"see": see, "uri": URI}, life.location_hash(URI), locate),
        )
        return {kind: Message(kind, *rest, current.roll_words) for kind, *rest in made}


class Stage:
    """Both scenes, and the contract that signs."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, self.chain = kernel, kernel.chain
        self.domain = domain(kernel.registry.address, CHAIN_ID)
        self._signer = self.chain.deploy("Signer")
        self._code = self.chain.code(self._signer.address)
        self.signer: Contract = self.chain.at("Signer", SIGNER)
        self.set("mode 0")
        keys = Scene(kernel, (KEYS[0].address, KEYS[1].address), 1)
        keys.found(keys.office.consent())
        both = tuple(sorted((KEYS[2].address, SIGNER), key=lambda each: int(each, 16)))
        contract = Scene(kernel, both, 4)
        word = bytes(32) + (128 << 32).to_bytes(32, "big")
        one = contract.office.consent(keys=[KEYS[2]])
        parts = [word if each == SIGNER else one for each in both]
        contract.found(b"".join(parts) + bytes(1024))
        self.scenes = {"keys": keys, "contract": contract}

    def set(self, how: str, expected: bytes = bytes(32)) -> None:
        """Lets the contract behave: "mode N" of Signer.vy, or "code HEX"."""
        what, _, value = how.partition(" ")
        self.chain.set_code(SIGNER, self._code if what == "mode" else bytes.fromhex(value))
        if what == "mode":
            self.signer.set(int(value), expected)

    @property
    def where(self) -> dict[str, Any]:
        """What the vectors hang on: they are made anew where it changes."""
        sees = {name: scene.life.see.address for name, scene in self.scenes.items()}
        return {"chain_id": CHAIN_ID, "registry": self.kernel.registry.address, **sees}


class Line(JSONBaseProvider):
    """One connection, kept open: web3's own session costs more than what anvil does."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.endpoint_uri = url
        self._line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=120)

    def make_request(self, method: Any, params: Any) -> Any:
        self._line.request("POST", "/", self.encode_rpc_request(method, params), HEADERS)
        return json.loads(self._line.getresponse().read())

    def close(self) -> None:
        self._line.close()


@contextmanager
def stage(cache: Any) -> Iterator[Stage]:
    """An anvil of its own with all of it. cache: a folder for what is compiled."""
    options = "--hardfork prague --base-fee 0 --gas-price 0 --gas-limit 40000000"
    options += f" --timestamp {START}"
    with running(*options.split()) as url, closing(Line(url)) as line:
        chain = Chain(url, compiled(cache))
        with short_wire(chain):
            chain.web3 = Web3(line)
            yield Stage(_kernel(chain))


def _kernel(chain: Chain) -> Kernel:
    splitter = chain.deterministic("Splitter")
    see = bytes.fromhex(chain.contracts["SEE"][1][2:])
    registry = chain.deterministic("Registry", see, splitter.address)
    return Kernel(chain, splitter, registry)
