"""Agreements for the tests: fields, members, and a file, each with what is to be changed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seechain.accounts import checksum
from seechain.agreement import Agreement
from seechain.errors import AgreementError

NOW = datetime(2027, 1, 1, tzinfo=UTC).timestamp()


def account(number: int) -> str:
    return checksum(bytes([number]) * 20)


ADA, BEN, CLEO, TOKEN = (account(at) for at in (0xA1, 0xA2, 0xA3, 0x22))


def fields(**changed: object) -> dict[str, Any]:
    plain: dict[str, object] = {
        "name": "Quay",
        "terms": "We share.",
        "currencies": ["native", TOKEN],
        "quorum": "2/3",
        "expires": "2027-12-31",
        "members": [member(), member(name="Ben", account=BEN, shares=20)],
    }
    return {key: value for key, value in {**plain, **changed}.items() if value is not None}


def member(**changed: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "name": "Ada", "role": "core", "account": ADA, "shares": 40, "voices": 1
    }  # fmt: skip
    return {key: value for key, value in {**plain, **changed}.items() if value is not None}


def make(**changed: object) -> Agreement:
    return Agreement.model_validate(fields(**changed))


FILE = f"""\
name: Quay
terms: |
  We share.
currencies: [native]
quorum: 2/3
expires: 2027-12-31
members:
  - {{name: Ada, account: {ADA}, role: core, shares: 40, voices: 1}}
  - name: Ben
    account: "{BEN}"
    role: co-creator
    shares: 20
"""


def faults_of(text: str, base: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(AgreementError) as caught:
        Agreement.parse(text, base, now=NOW)
    return caught.value.faults
