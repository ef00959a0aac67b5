"""What tests of watches share: a request, and what a watch of it tells."""

from __future__ import annotations

from typing import Any

from seechain import SEE
from seechain.agreement.text import NATIVE
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.payment_requests.watching import Notice, Watch

ETHER = 10**18


def asked(see: SEE, amount: int = ETHER, memo: str | None = "INV-7", **more: Any) -> PaymentRequest:
    fields = {"see": see.address, "chain_id": 31337, "currency": NATIVE, "amount": amount}
    return PaymentRequest(**{**fields, "memo": memo, **more})


def watch(see: SEE, *requests: PaymentRequest, **options: Any) -> tuple[Watch, list[Notice]]:
    told: list[Notice] = []
    return Watch(see.w3, requests or (asked(see),), tell=told.append, **options), told


def texts(told: list[Notice]) -> list[str]:
    return [str(each) for each in told]
