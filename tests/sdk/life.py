"""What the tests of a SEE's life share: the next agreement, and the acts that put it in force."""

from __future__ import annotations

from typing import Any

from seechain import SEE, Agreement
from seechain.chain.receipts import Receipts
from tests.sdk.chain import key
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement

DAY = 86_400
EVE = key(6).address
ETHER = 10**18


def line(name: str, account: str, shares: int = 0, voices: int = 0, **more: object) -> Any:
    """A member of an agreement."""
    fields = {"name": name, "role": "core", "account": account, **more}
    return fields | {k: v for k, v in (("shares", shares), ("voices", voices)) if v}


def next_agreement(**changed: object) -> Agreement:
    """Ada 40 -> 30, Ben 35 -> 50, Cleo out, Desk 5 -> 5, Eve in with 15 and a voice."""
    members = [
        line("Ada", ADA, 30, 1),
        line("Ben", BEN, 50, 1),
        line("Port", PORT, 0, 1, role="client"),
        line("Desk", DESK, 5, role="facilitator"),
        line("Eve", EVE, 15, 1),
    ]
    fields: dict[str, Any] = {"members": members, "nonce": 4, "terms": "We run two markets."}
    return make_agreement(**{**fields, **changed})


def amend(see: SEE, agreement: Agreement, *voices: int, **options: Any) -> Receipts:
    """Amends by the consent of these of anvil's accounts, by default Ada's and Ben's."""
    amendment = see.amendment(agreement)
    consents = [see.sign(amendment, key(number)) for number in voices or (1, 2)]
    return see.amend(agreement, consents, sender=key(8), **options)


def worth(see: SEE, account: str) -> int:
    """The native coin of an account, in wei."""
    return see.w3.eth.get_balance(account)  # type: ignore[arg-type]


def joined(see: SEE, *accounts: str) -> None:
    """Joins these seats, paying nothing."""
    for account in accounts or (ADA, BEN, CLEO, DESK):
        see.join(account, sender=key(8), claims_native=False)
