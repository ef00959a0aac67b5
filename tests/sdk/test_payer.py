"""Paying a token with one signature, through the calls that a client makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from web3 import Web3

from seechain import SEE, Journal, Registry, Splitter
from seechain.beside import permits
from seechain.beside.authorization import Authorization
from seechain.beside.payer import Payer, payer_address
from seechain.chain.events import Paid, PaidFor
from seechain.chain.reverts import (
    BadSignature,
    NoFunds,
    NotDeployed,
    Refused,
    TokenError,
    TooLate,
    WrongChain,
    WrongVersion,
)
from seechain.chain.tokens import Token
from seechain.errors import AmountError, SignatureError
from tests.sdk.chain import deployed, key, rpc, warp
from tests.sdk.conftest import ADA, BEN, make_agreement, register

DAY = 86400
OTHER_DOMAIN, NO_PERMIT, ANY_PAYEE = 14, 10, 15  # tests/tokens/SignedToken.vy


@pytest.fixture
def dollar(w3: Web3) -> Any:
    """A token that takes permits and authorisations; the client has 1,000 of it."""
    token = deployed(w3, "SignedToken")
    give(token, key(6).address, 1_000_000_000)
    return token


@pytest.fixture
def client() -> LocalAccount:
    return key(6)


@pytest.fixture
def payer(w3: Web3, anyone: LocalAccount) -> Payer:
    return Payer.deploy(w3, sender=anyone)


@pytest.fixture
def see(registry: Registry, dollar: Any) -> SEE:
    return register(registry, make_agreement(currencies=["native", dollar.address]))


@pytest.fixture
def split(registry: Registry, anyone: LocalAccount) -> Splitter:
    return registry.create_splitter({ADA: 60, BEN: 40}, sender=anyone)


def give(token: Any, account: str, amount: int) -> None:
    token.functions.give(account, amount).transact({"from": key(0).address})


def balance(token: Any, account: str) -> int:
    return int(token.functions.balanceOf(account).call())


def change(made: Authorization, **fields: Any) -> Authorization:
    return Authorization.from_json(json.dumps({**json.loads(made.to_json()), **fields}))


# ---------------------------------------------------------------- deploying


def test_it_is_deployed_once_at_a_known_address(w3: Web3, anyone: LocalAccount) -> None:
    with pytest.raises(NotDeployed, match=r"no Payer stands at 0x\w+ on chain 31337 .*deploy\(w3"):
        Payer(w3)
    payer = Payer.deploy(w3, sender=anyone)
    assert payer.address == payer_address() == Payer(w3).address
    assert len(payer.receipts) == 1
    assert len(Payer.deploy(w3, sender=anyone).receipts) == 0


def test_another_code_at_its_address_is_refused(w3: Web3) -> None:
    rpc(w3, "anvil_setCode", payer_address(), "0x00")
    with pytest.raises(NotDeployed, match="is not the Payer of this seechain: ask another node"):
        Payer(w3)


# ---------------------------------------------------------------- permits


def test_a_permit_pays_in_one_transaction(
    payer: Payer, see: SEE, dollar: Any, client: LocalAccount
) -> None:
    receipts = payer.pay_with_permit(see, "250 SIGN", memo="INV-7", sender=client)
    assert len(receipts) == 1
    assert balance(dollar, see.address) == 250_000_000
    paid, told = receipts.events
    assert isinstance(paid, Paid)
    assert (paid.payer, paid.text, paid.amount) == (payer.address, "INV-7", 250_000_000)
    assert isinstance(told, PaidFor)
    assert (told.see, told.payer, told.memo) == (see.address, client.address, paid.memo)
    assert (told.currency, told.amount) == (dollar.address, 250_000_000)
    assert payer.clients(see) == {(paid.transaction_hash, paid.log_index): client.address}
    assert see.due(ADA) == {"native": 0, dollar.address: 100_000_000}


def test_a_splitter_is_paid_too(
    payer: Payer, split: Splitter, dollar: Any, client: LocalAccount
) -> None:
    payer.pay_with_permit(split, 7, currency=dollar.address, sender=client)
    assert balance(dollar, split.address) == 7
    with pytest.raises(AmountError, match="is a Splitter: it has no versions"):
        payer.pay_with_permit(split, 7, currency=dollar.address, version=0, sender=client)


def test_who_looked_at_a_version_pays_that_one(
    payer: Payer, registry: Registry, see: SEE, dollar: Any, client: LocalAccount
) -> None:
    stale = SEE(see.w3, see.address)
    assert len(stale.members) == 5
    amend(see)
    with pytest.raises(WrongVersion, match="version 1 of its agreement is in force, and not 0"):
        payer.pay_with_permit(stale, 7, currency=dollar.address, sender=client)
    with pytest.raises(WrongVersion, match="there is no 2 yet"):
        payer.pay_with_permit(see, 7, currency=dollar.address, version=2, sender=client)
    payer.pay_with_permit(stale, 1000, currency=dollar.address, version=0, sender=client)
    assert SEE(see.w3, see.address).due(ADA)[dollar.address] == 400
    (told,) = payer.clients(see).values()
    assert told == client.address


def amend(see: SEE) -> None:
    next_ = make_agreement(currencies=list(see.currencies), nonce=9, terms="On.")
    amendment = see.amendment(next_)
    see.amend(next_, [see.sign(amendment, key(n)) for n in (1, 2, 3)], sender=key(8))


@pytest.mark.parametrize(
    ("amount", "error", "says"),
    [
        ("1 ether", AmountError, "is native coin, which needs no approval"),
        (0, AmountError, "an amount is above zero, got 0"),
        (2_000_000_000, NoFunds, r"has 1,?000\.?0* SIGN and can't pay 2,?000\.?0* SIGN"),
    ],
)
def test_what_can_not_be_paid_is_said_before(
    payer: Payer,
    see: SEE,
    dollar: Any,
    client: LocalAccount,
    amount: int | str,
    error: type[Exception],
    says: str,
) -> None:
    currency = None if isinstance(amount, str) else dollar.address
    with pytest.raises(error, match=says):
        payer.pay_with_permit(see, amount, currency=currency, sender=client)


def test_a_token_without_permits_is_named(
    payer: Payer, split: Splitter, usdc: Any, client: LocalAccount
) -> None:
    usdc.functions.transfer(client.address, 100).transact({"from": key(0).address})
    with pytest.raises(TokenError, match=r"takes no permits \(ERC-2612\): pay it with see\.pay"):
        payer.pay_with_permit(split, 7, currency=usdc.address, sender=client)
    with pytest.raises(TokenError, match=r"takes no authorisations \(ERC-3009\)"):
        payer.authorization(split, 7, client, currency=usdc.address)


def test_a_domain_that_can_not_be_reproduced_is_never_signed(
    payer: Payer, split: Splitter, dollar: Any, client: LocalAccount
) -> None:
    dollar.functions.set(OTHER_DOMAIN, ADA, b"").transact({"from": key(0).address})
    for act in (
        lambda: payer.pay_with_permit(split, 7, currency=dollar.address, sender=client),
        lambda: payer.authorization(split, 7, client, currency=dollar.address),
    ):
        with pytest.raises(TokenError, match="can't be reproduced from its name and version"):
            act()


def test_a_domain_is_told_by_erc_5267_and_is_the_tokens_own(w3: Web3, dollar: Any) -> None:
    """A token that tells another's domain would have that one's permit signed."""
    honest = Token(w3, deployed(w3, "Domains", "0x" + "00" * 20).address)
    domain = permits.domain_of(w3, honest)
    assert (domain["name"], domain["version"]) == ("Told", "7")
    assert domain["verifyingContract"] == honest.address
    liar = Token(w3, deployed(w3, "Domains", dollar.address).address)
    with pytest.raises(TokenError, match="so nobody can tell what would be signed"):
        permits.domain_of(w3, liar)


def test_a_permit_that_the_token_refuses_is_not_sent(
    payer: Payer, split: Splitter, dollar: Any, client: LocalAccount
) -> None:
    dollar.functions.set(NO_PERMIT, ADA, b"").transact({"from": key(0).address})
    with pytest.raises(TokenError, match=r"does not take the permit: .*'no permit'"):
        payer.pay_with_permit(split, 7, currency=dollar.address, sender=client)


def test_the_message_is_what_a_wallet_shows(
    payer: Payer, dollar: Any, client: LocalAccount
) -> None:
    token = Token(payer.w3, dollar.address)
    data = payer.permit_message(token, client.address, 7)
    assert json.loads(json.dumps(data)) == data
    assert data["domain"] == {
        "name": "Signed Dollar",
        "version": "2",
        "chainId": 31337,
        "verifyingContract": dollar.address,
    }
    assert data["message"]["spender"] == payer.address
    with pytest.raises(TooLate, match="the deadline 7 is over"):
        payer.permit_message(token, client.address, 7, deadline=7)


def test_a_journal_pays_once(
    payer: Payer, see: SEE, dollar: Any, client: LocalAccount, tmp_path: Path
) -> None:
    for _ in range(2):
        with Journal("INV-7", directory=tmp_path):
            receipts = payer.pay_with_permit(see, "5 SIGN", memo="INV-7", sender=client)
    assert len(receipts) == 1
    assert balance(dollar, see.address) == 5_000_000


# ---------------------------------------------------------------- authorisations


def test_anyone_relays_what_a_client_has_signed(
    payer: Payer, see: SEE, dollar: Any, client: LocalAccount, anyone: LocalAccount
) -> None:
    rpc(payer.w3, "anvil_setBalance", client.address, "0x0")  # it has no coin for gas
    made = payer.authorization(see, "250 SIGN", client, memo="INV-7")
    travelled = Authorization.from_json(made.to_json())
    assert travelled == made
    receipts = payer.relay(travelled, sender=anyone)
    assert balance(dollar, see.address) == 250_000_000
    (_, told) = receipts.events
    assert isinstance(told, PaidFor)
    assert told.payer == client.address
    with pytest.raises(SignatureError, match="was used or cancelled before"):
        payer.relay(made, sender=anyone)


def test_a_token_that_lets_anybody_use_an_authorisation_is_named(
    payer: Payer, see: SEE, dollar: Any, client: LocalAccount, anyone: LocalAccount
) -> None:
    made = payer.authorization(see, "250 SIGN", client)
    dollar.functions.set(ANY_PAYEE, ADA, b"").transact({"from": key(0).address})
    for act in (
        lambda: payer.authorization(see, "250 SIGN", client),
        lambda: payer.relay(made, sender=anyone),
    ):
        with pytest.raises(TokenError, match="lets anybody use an authorisation"):
            act()
    assert balance(dollar, payer.address) == 0


def test_a_wallet_may_sign_elsewhere(
    payer: Payer, split: Splitter, dollar: Any, client: LocalAccount, anyone: LocalAccount
) -> None:
    asked = payer.unsigned(split, 7, client.address, currency=dollar.address)
    data = json.loads(json.dumps(payer.authorization_message(asked)))
    signature = bytes(client.sign_typed_data(full_message=data).signature)
    payer.relay(payer.signed(asked, signature), sender=anyone)
    assert balance(dollar, split.address) == 7
    with pytest.raises(BadSignature, match="is signed by 0x"):
        payer.signed(asked, bytes(key(7).sign_typed_data(full_message=data).signature))


CHANGES: dict[str, Callable[[], Any]] = {
    "see": lambda: BEN,
    "account": lambda: BEN,
    "amount": lambda: 8,
    "memo": lambda: "0x" + "11" * 32,
    "version": lambda: 3,
    "salt": lambda: "0x" + "22" * 32,
    "valid_after": lambda: 1,
    "valid_before": lambda: 2**40,
}


@pytest.mark.parametrize("field", CHANGES)
def test_each_field_is_signed(
    payer: Payer, see: SEE, dollar: Any, client: LocalAccount, anyone: LocalAccount, field: str
) -> None:
    salt = bytes(32)
    made = payer.authorization(see, 7, client, currency=dollar.address, version=0, salt=salt)
    with pytest.raises(BadSignature, match="or for another payment: let the client sign again"):
        payer.relay(change(made, **{field: CHANGES[field]()}), sender=anyone)


def test_what_can_not_be_relayed_is_said_before(
    payer: Payer, see: SEE, dollar: Any, client: LocalAccount, anyone: LocalAccount
) -> None:
    made = payer.authorization(see, 7, client, currency=dollar.address)
    with pytest.raises(WrongChain, match="is for chain 1, this is chain 31337: relay it there"):
        payer.check(change(made, chain_id=1))
    with pytest.raises(SignatureError, match="is for the Payer 0x"):
        payer.check(change(made, contract=ADA))
    for field, value in (("amount", -1), ("version", 2**15), ("memo", "0x12"), ("more", 1)):
        with pytest.raises(SignatureError, match=f"this is no authorisation: {field}: "):
            change(made, **{field: value})
    rich = payer.authorization(see, 10**12, client, currency=dollar.address)
    with pytest.raises(NoFunds, match="it needs the token first"):
        payer.check(rich)
    after = payer.w3.eth.get_block("latest")["timestamp"] + DAY
    later = payer.authorization(see, 7, client, currency=dollar.address, valid_after=after)
    with pytest.raises(TooLate, match=r"counts after .* relay it later"):
        payer.check(later)
    warp(payer.w3, 9 * DAY)
    with pytest.raises(TooLate, match=r"counted until .* let the client sign again"):
        payer.relay(made, sender=anyone)


def test_a_version_that_changed_is_not_paid(
    payer: Payer, see: SEE, dollar: Any, client: LocalAccount, anyone: LocalAccount
) -> None:
    made = payer.authorization(see, 7, client, currency=dollar.address)
    assert (made.version, made.is_late) == (0, False)
    amend(see)
    with pytest.raises(WrongVersion, match="another version of the agreement is in force"):
        payer.relay(made, sender=anyone)
    late = payer.authorization(see, 7, client, currency=dollar.address, version=0)
    assert late.is_late
    payer.relay(late, sender=anyone)
    assert balance(dollar, see.address) == 7


def test_a_payment_to_what_is_no_see_is_no_clients(
    payer: Payer, see: SEE, split: Splitter, dollar: Any, client: LocalAccount
) -> None:
    """Each SEE has its own: a PaidFor counts behind its own Paid."""
    payer.pay_with_permit(split, 7, currency=dollar.address, sender=client)
    assert payer.clients(see) == {}
    assert list(payer.clients(split).values()) == [client.address]
    assert payer.clients(split, last=0) == {}


def test_what_the_see_refuses_is_one_sentence(
    payer: Payer, see: SEE, dollar: Any, client: LocalAccount, anyone: LocalAccount
) -> None:
    made = payer.authorization(see, 7, client, currency=dollar.address)
    end = see.deregistration()
    see.deregister([see.sign(end, key(n)) for n in (1, 2, 3)], sender=anyone)
    with pytest.raises(Refused, match="the SEE has ended and takes no further payment"):
        payer.relay(made, sender=anyone)
