"""Private keys are in no log, error, repr, journal or file of an agreement, whatever fails.

A claim code will be a private key, so that what holds for keys holds for codes.
"""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from seechain import SEE, Agreement, Journal, Registry, SeechainError, Splitter
from seechain.sending.senders import Call
from tests.faults.acts import PRICE, TOKENS, World, world
from tests.faults.cells import KINDS
from tests.faults.kinds import TIMEOUT
from tests.sdk.chain import key
from tests.sdk.conftest import make_agreement

# A key that no list of well-known keys has, with all sixteen digits.
SECRET = "7f0c9a1b2e3d4f5a6b8c7d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c"
FAILURES = (
    "dropped after",
    "garbled",
    "500",
    "429",
    "nonce too high",
    "other hash",
    "no receipt",
    "limit exceeded",
    "gas too low",
    "reordered",
    "other type",
)


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as found:
        yield found


@pytest.fixture
def member(here: World) -> LocalAccount:
    here.reset()
    account: LocalAccount = Account.from_key("0x" + SECRET)
    here.rpc("anvil_setBalance", account.address, hex(10**20))
    units = here.usdc.functions.transfer(account.address, 10 * TOKENS)
    units.transact({"from": here.node.eth.accounts[0]})
    return account


def needles(secret: str) -> list[str]:
    """All the ways in which a key may be written."""
    raw = bytes.fromhex(secret)
    return [
        secret.lower(),
        str(int(secret, 16)),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        repr(raw)[2:-1].lower(),
        ", ".join(map(str, raw)),
        raw[::-1].hex(),
    ]


def check(where: str, said: str) -> None:
    """That the key is not in a text."""
    low = said.lower()
    for each in needles(SECRET):
        assert each.lower() not in low, f"the key is in {where}"


def test_a_key_that_is_there_is_found() -> None:
    account = Account.from_key(SECRET)
    shown = (
        account.key.hex().upper(),
        str(int(SECRET, 16)),
        f"0x{SECRET}",
        repr(bytes(account.key)),
    )
    for each in shown:
        with pytest.raises(AssertionError, match="the key is in a text"):
            check("a text", f"so {each} it is")


def test_a_key_is_in_nothing_that_is_written(
    here: World, member: LocalAccount, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    w3 = here.client(timeout=20)
    agreement = here.agreement.model_copy(
        update={
            "members": tuple(
                each.model_copy(update={"account": member.address}) if each.name == "Ada" else each
                for each in here.agreement.members
            )
        }
    )
    agreement = Agreement.model_validate(agreement.model_dump())
    shown: list[object] = []
    with Journal("all", directory=tmp_path) as journal:
        registry = Registry(w3)
        consents = [registry.sign(agreement, each) for each in (member, key(2), key(3))]
        see = registry.register(agreement, consents, sender=member)
        shown += [journal, registry, consents, see, see.receipts]
        shown.append(see.pay(PRICE, sender=member, memo="INV-1"))
        shown.append(see.pay(TOKENS, sender=member, currency=here.usdc.address))
        shown.append(see.claim(member.address, sender=member))
        shown += [
            see.redirect(member, key(6).address),
            see.share_seat(member, key(7).address, "1/4"),
        ]
        plan = see.cascade()
        shown += [plan, str(plan), plan.run(sender=member)]
        shown.append(Call(see.address, b"", "paying"))
    assert isinstance(shown[-2], tuple)
    (tmp_path / "agreement.json").write_text(agreement.model_dump_json())
    (tmp_path / "agreement.txt").write_text(agreement.text)
    for each in shown:
        check(type(each).__name__, f"{each!r} {each!s}")
        if isinstance(each, SEE | Splitter | Registry | Journal):
            check(type(each).__name__, repr(vars(each)) if hasattr(each, "__dict__") else "")
    assert any(record.name.startswith("web3") for record in caplog.records)
    _check_written(tmp_path, caplog)


@pytest.mark.parametrize("name", FAILURES)
def test_a_key_is_in_no_failure(
    here: World,
    member: LocalAccount,
    name: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("seechain.sending.senders.WAIT", 0.5)
    kind = KINDS[name]
    methods, _ = kind.struck("payment")
    here.proxy.strike(kind.strike, methods, times=kind.times)
    try:
        with Journal("fails", directory=tmp_path):
            SEE(here.client(timeout=TIMEOUT), here.top).pay(PRICE, sender=member, memo="INV-2")
    except SeechainError as error:
        check("an error", "".join(traceback.format_exception(error)))
        check("an error", f"{error!r} {error.args!r} {vars(error)!r}")
    assert here.proxy.hits
    here.proxy.heal()
    _check_written(tmp_path, caplog)


@pytest.mark.parametrize("sender", ["0x" + SECRET, SECRET, bytes.fromhex(SECRET), int(SECRET, 16)])
def test_a_key_in_the_place_of_an_account_is_not_repeated(here: World, sender: object) -> None:
    """Who passes the key itself instead of an account is refused without reading it out."""
    here.reset()
    with pytest.raises(SeechainError) as caught:
        SEE(here.node, here.top).pay(1, sender=sender)
    check("an error", f"{caught.value!r} {caught.value}")
    with pytest.raises(SeechainError) as caught:
        SEE(here.node, here.top).claim(sender, sender=here.node.eth.accounts[0])  # type: ignore[arg-type]
    check("an error", f"{caught.value!r} {caught.value}")

    with pytest.raises(SeechainError) as caught:
        make_agreement(members=[{"name": "Ada", "account": sender, "shares": 1, "voices": 1}])
    check("an error", f"{caught.value!r} {caught.value}")


def _check_written(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    for record in caplog.records:
        check(f"the log {record.name}", f"{record.getMessage()} {record.args!r}")
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert files
    for each in files:
        check(each.name, each.read_bytes().decode("utf-8", "replace"))
        assert bytes.fromhex(SECRET) not in each.read_bytes()
