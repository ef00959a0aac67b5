"""A Payer, a token that takes signatures, and a client who makes them."""

from __future__ import annotations

from functools import cache
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_utils import keccak

from tests.contracts.consent import DAY, compact
from tests.contracts.evm import ROOT, Contract, Kernel, Tree
from tests.contracts.life import Life

PERMIT = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
RECEIVE = (
    "ReceiveWithAuthorization(address from,address to,uint256 value,"
    "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
)
ANY = 2**256 - 1
LATE = 1 << 15
MEMO = b"INV-7".ljust(32, b"\0")
PAID = keccak(text="Paid(address,bytes32,address,uint256)")
PAID_LATE = keccak(text="PaidLate(address,bytes32,address,uint256,uint256)")
PAID_FOR = keccak(text="PaidFor(address,address,bytes32,address,uint256)")
CLIENT = Account.from_key(keccak(text="the client"))
THIEF = Account.from_key(keccak(text="the thief"))

# tests/tokens/SignedToken.vy
FEE, ANSWERS_FALSE, NO_ANSWER, ZERO_FIRST, ROUNDS, KEEPS, TAKES_MORE = range(1, 8)
STICKY, CALLS, NO_PERMIT, PHANTOM, FALSE_APPROVAL, BURNS_PERMIT = range(8, 14)


@cache
def _token() -> tuple[Any, str]:
    from vyper import compile_code

    source = (ROOT / "tests" / "tokens" / "SignedToken.vy").read_text("ascii")
    made = compile_code(source, output_formats=["abi", "bytecode"])
    return made["abi"], made["bytecode"]


class Stage:
    """A Splitter to pay, a client with 1,000,000 units, and somebody with bad intentions."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, self.chain = kernel, kernel.chain
        self.chain.contracts["SignedToken"] = _token()
        self.token = self.chain.deploy("SignedToken")
        self.payer = self.chain.deterministic("Payer")
        self.tree = Tree.of([(self.chain.account(), 1), (self.chain.account(), 3)])
        self.split = kernel.split(self.tree)
        self.client, self.thief = CLIENT.address, THIEF.address
        for each in (self.client, self.thief):
            self.token.give(each, 1_000_000)
            self.chain.rpc("anvil_impersonateAccount", each)
        self.until = self.chain.now() + DAY

    def living(self) -> Life:
        """A SEE that names the token."""
        seats = [(self.chain.account(), 1), (self.chain.account(), 3)]
        return Life.found(self.kernel, seats, self.token)

    def set(self, mode: int, target: str = "", call: bytes = b"") -> None:
        self.token.set(mode, target or self.client, call)

    # ------------------------------------------------------------ signatures

    def signed(self, kind: str, types: str, *values: Any, key: Any = CLIENT) -> tuple[Any, ...]:
        struct = keccak(keccak(text=kind) + encode(types.split(), values))
        digest = keccak(b"\x19\x01" + self.token.DOMAIN_SEPARATOR() + struct)
        made = compact(key.unsafe_sign_hash(digest))
        vs = int.from_bytes(made[32:], "big")
        return 27 + (vs >> 255), made[:32], (vs & 2**255 - 1).to_bytes(32, "big")

    def permit(self, amount: int, spender: str = "", key: Any = CLIENT) -> tuple[Any, ...]:
        """Deadline, v, r, s."""
        spender = spender or self.payer.address
        nonce = self.token.nonces(key.address)
        fields = (key.address, spender, amount, nonce, self.until)
        types = "address address uint256 uint256 uint256"
        return self.until, *self.signed(PERMIT, types, *fields, key=key)

    def authorization(
        self,
        see: str,
        amount: int,
        memo: bytes = MEMO,
        version: int = ANY,
        salt: bytes = bytes(32),
        key: Any = CLIENT,
        to: str = "",
    ) -> tuple[Any, ...]:
        """What pay_with_authorization takes behind the version."""
        nonce = nonce_of(see, self.token.address, memo, version, salt)
        fields = (key.address, to or self.payer.address, amount, 0, self.until, nonce)
        types = "address address uint256 uint256 uint256 bytes32"
        return salt, 0, self.until, *self.signed(RECEIVE, types, *fields, key=key)

    # ------------------------------------------------------------ payments

    def pay(
        self,
        see: Contract | None = None,
        amount: int = 1000,
        version: int = ANY,
        memo: bytes = MEMO,
        permit: tuple[Any, ...] | None = None,
        **how: Any,
    ) -> Any:
        """By the client, with its permit of the amount."""
        to = (see or self.split).address
        permit = self.permit(amount) if permit is None else permit
        how.setdefault("sender", self.client)
        return self.payer.pay_with_permit(
            to, self.token.address, amount, memo, version, *permit, **how
        )

    def relay(
        self,
        see: Contract | None = None,
        amount: int = 1000,
        version: int = ANY,
        memo: bytes = MEMO,
        made: tuple[Any, ...] | None = None,
        payer: str = "",
        **how: Any,
    ) -> Any:
        """By anyone, what the client has authorised."""
        to = (see or self.split).address
        made = self.authorization(to, amount, memo, version) if made is None else made
        return self.payer.pay_with_authorization(
            to, self.token.address, payer or self.client, amount, memo, version, *made, **how
        )

    # ------------------------------------------------------------ what came of it

    def has(self, account: Contract | str) -> int:
        address = account if isinstance(account, str) else account.address
        return int(self.token.balanceOf(address))

    def clean(self, *sees: Contract, kept: int = 0) -> None:
        """The Payer has nothing, and nobody may take anything from it."""
        assert self.has(self.payer) == kept
        assert self.chain.balance(self.payer.address) == 0
        for see in (self.split, *sees):
            assert self.token.allowance(self.payer.address, see.address) == 0


def nonce_of(see: str, currency: str, memo: bytes, version: int, salt: bytes) -> bytes:
    """How a nonce binds where the money goes, as the contract's NatSpec says."""
    types = ["address", "address", "bytes32", "uint256", "bytes32"]
    return keccak(encode(types, [see, currency, memo, version, salt]))


def logged(receipt: Any, topic: bytes) -> list[dict[str, Any]]:
    return [log for log in receipt["logs"] if log["topics"][0] == "0x" + topic.hex()]


def paid_for(receipt: Any) -> tuple[str, str, bytes, str, int]:
    """The one event of the Payer: see, payer, memo, currency, amount; addresses in lower case."""
    (log,) = logged(receipt, PAID_FOR)
    data = bytes.fromhex(log["data"][2:])
    see, payer = ("0x" + topic[-40:] for topic in log["topics"][1:3])
    memo = bytes.fromhex(log["topics"][3][2:])
    return see, payer, memo, "0x" + data[12:32].hex(), int.from_bytes(data[32:], "big")
