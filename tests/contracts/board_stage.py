"""A Noticeboard, a SEE of three voices, and notices made from the written format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from eth_abi import encode
from eth_utils import keccak

from tests.contracts.consent import DAY, KEYS, Agreement
from tests.contracts.evm import Kernel, raw
from tests.contracts.life import Life, struct

NOTICE = (
    "Notice(address board,address see,string what,bytes32 content,string uri,"
    "uint256 shares,uint256 until)"
)
POSTING = f"Posting(address account,Notice notice,uint256 deadline){NOTICE}"
POSTED = keccak(text="Posted(address,address,bytes32,uint256,bytes32,string,uint256,uint256)")
APPEAL, RECORD = 1, 2
CONTENT = keccak(text="Who knows how to seal a quay wall?")
URI = "https://example.org/appeal-1"


@dataclass(frozen=True)
class Notice:
    see: str
    what: int
    content: bytes
    uri: str
    shares: int
    until: int

    def changed(self, **fields: Any) -> Notice:
        return replace(self, **fields)

    @property
    def fields(self) -> tuple[Any, ...]:
        return self.see, self.what, self.content, self.uri, self.shares, self.until

    def hash(self, board: str) -> bytes:
        said = {APPEAL: "appeal", RECORD: "record"}.get(self.what, "")
        return struct(
            NOTICE,
            "address address bytes32 bytes32 bytes32 uint256 uint256",
            board,
            self.see,
            keccak(text=said),
            self.content,
            keccak(text=self.uri),
            self.shares,
            self.until,
        )


class Board:
    """Voices of KEYS[:3] in ascending order, each with one voice."""

    def __init__(self, kernel: Kernel, life: Life | None = None) -> None:
        self.kernel, self.chain = kernel, kernel.chain
        seats = [(self.chain.account(), 1), (self.chain.account(), 3)]
        self.life = life or Life.found(kernel, seats)
        self.board = self.chain.deterministic("Noticeboard", kernel.registry.address)
        self.see = self.life.see.address
        self.until = self.chain.now() + 30 * DAY
        for key in KEYS:
            self.chain.rpc("anvil_impersonateAccount", key.address)

    def appeal(self, **fields: Any) -> Notice:
        return Notice(self.see, APPEAL, CONTENT, URI, 50, self.until).changed(**fields)

    def record(self, **fields: Any) -> Notice:
        return Notice(self.see, RECORD, CONTENT, URI, 0, 0).changed(**fields)

    def sign(self, notice: Notice, key: Any, account: str = "", board: str = "") -> bytes:
        subject = notice.hash(board or self.board.address)
        return self.life.alone(POSTING, subject, key, account)

    def post(
        self,
        notice: Notice,
        account: str = "",
        place: int = 0,
        signature: bytes = b"",
        agreement: Agreement | None = None,
        **how: Any,
    ) -> Any:
        """By the first voice itself; by anyone where a signature or an account is given."""
        account = account or KEYS[0].address
        how.setdefault("sender", self.chain.me if signature else account)
        a = agreement or self.life.agreement
        table, terms, roll, currencies = a.preimage
        return self.board.post(
            notice.fields,
            table,
            terms,
            roll,
            keccak(currencies),
            account,
            place,
            self.life.office.deadline,
            signature,
            **how,
        )

    def key_of(self, notice: Notice, account: str) -> bytes:
        words = encode(["address", "bytes32"], [account, notice.hash(self.board.address)])
        return keccak(words)


def posted(receipt: Any) -> dict[str, Any]:
    """The one event, and that there is no other."""
    from eth_abi import decode

    (log,) = receipt["logs"]
    assert log["topics"][0] == "0x" + POSTED.hex()
    names = ("what", "content", "uri", "shares", "until")
    types = ["uint256", "bytes32", "string", "uint256", "uint256"]
    said = dict(zip(names, decode(types, raw(log["data"])), strict=True))
    see, author = ("0x" + topic[-40:] for topic in log["topics"][1:3])
    return {"see": see, "author": author, "key": raw(log["topics"][3]), **said}
