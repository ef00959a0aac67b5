"""What becomes of a command that is interrupted, typed twice or typed again: within one process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from click.testing import Result
from web3 import Web3

from scripts import _ape
from seechain import SEE, Agreement, Registry
from seechain.chain.reverts import NodeError
from seechain.cli import journalled
from seechain.cli.desk import Desk
from seechain.cli.journalled import key_of
from seechain.consent.consents import Consents
from seechain.journal.file import default_directory
from seechain.sending.delivery import Delivery
from tests.scripts.running import LEAVES_SOCKETS, ROOT, SEE_LINE, typed
from tests.sdk.chain import key, rpc
from tests.sdk.journals import dies, ended, forked, mine

ETHER = 10**18
PAYER = key(3)  # TEST::3
pytestmark = LEAVES_SOCKETS
NOTHING_NEW = "nothing new was sent now: to do it once more, type it again"
Pay = Callable[..., Result]
run = partial(typed, account="TEST::3")


@pytest.fixture(scope="module")
def see(w3: Web3) -> SEE:
    agreement = Agreement.load(ROOT / "examples" / "night-market.yaml")
    registry = Registry.deploy(w3, sender=key(0))
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    return registry.register(agreement, consents, sender=key(0))


@pytest.fixture
def pay(see: SEE, network: str) -> Pay:
    """Types the command that pays 1 ether."""

    def pay(*words: object) -> Result:
        return run("pay", "--see", see.address, "--amount", "1 ether", *words, network=network)

    return pay


@pytest.fixture
def paid(see: SEE) -> Callable[[], int]:
    """How many ether came since the test began."""
    before = see.received()["native"]
    return lambda: (see.received()["native"] - before) // ETHER


@pytest.fixture
def by_hand(w3: Web3) -> Iterator[Web3]:
    """The chain, which mines when it is told to."""
    rpc(w3, "evm_setAutomine", False)
    yield w3
    rpc(w3, "evm_setAutomine", True)
    mine(w3)


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


# ------------------------------------------------------------ typed twice


def test_the_same_command_typed_beside_it_pays_once(
    by_hand: Web3, pay: Pay, paid: Callable[[], int], tmp_path: Path
) -> None:
    nonce = by_hand.eth.get_transaction_count(PAYER.address)
    waits = journalled._waits

    def second() -> None:
        def noted(*given: Any) -> None:
            (tmp_path / "waits").touch()
            waits(*given)

        with mock.patch.object(journalled, "_waits", noted):
            result = pay()
        assert "Another run of this is at it: waiting for it" in result.stderr
        assert NOTHING_NEW in result.stdout

    children = [forked(pay)]
    until(lambda: by_hand.eth.get_transaction_count(PAYER.address, "pending") > nonce)
    children.append(forked(second))
    until((tmp_path / "waits").exists)
    mine(by_hand)

    assert [ended(child) for child in children] == [0, 0]
    assert paid() == 1


# ------------------------------------------------------------ interrupted


def test_what_was_paid_and_not_noted_as_done_is_said_and_not_paid_again(
    w3: Web3, pay: Pay, paid: Callable[[], int]
) -> None:
    dies("before the act is done", w3, lambda _: pay())
    again = pay()

    assert (again.exit_code, paid()) == (0, 1)
    assert "It was begun on 20" in again.stdout
    assert again.stdout.splitlines()[-1].startswith("An earlier run, begun on 20")
    assert again.stdout.splitlines()[-1].endswith(NOTHING_NEW)
    assert NOTHING_NEW not in pay().stdout
    assert paid() == 2


def test_who_interrupts_what_was_sent_is_told_how_it_goes_on(
    pay: Pay, paid: Callable[[], int]
) -> None:
    with mock.patch.object(Delivery, "receipt", side_effect=KeyboardInterrupt):
        result = pay()

    assert result.exit_code == 130
    assert "may be mined all the same: type it again to go on with it" in result.stderr
    assert (pay().exit_code, paid()) == (0, 1)


def test_what_sends_the_rest_does_not_say_that_nothing_was_sent(
    w3: Web3, pay: Pay, paid: Callable[[], int]
) -> None:
    dies("before it is written down", w3, lambda _: pay())
    again = pay()

    assert (again.exit_code, paid()) == (0, 1)
    assert "begun" not in again.stdout


def test_an_endorsement_that_was_interrupted_is_gone_on_with(
    w3: Web3, see: SEE, network: str, example: Path
) -> None:
    text = example.read_text().replace(key(2).address, see.address)
    example.write_text(text.replace("Night Market", "Harbour"))
    words = ("endorse", example, "--as", see.address)
    dies("before the act is done", w3, lambda _: run(*words, network=network))
    assert not list(example.parent.glob("*.consents.json"))

    assert NOTHING_NEW in run(*words, network=network).stdout
    kept = Consents.from_json(example.with_name("night-market.consents.json").read_text())
    assert [each.account for each in kept.signed] == [see.address]
    assert "It has signed before" in run(*words, network=network).stdout


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (BrokenPipeError(32, "Broken pipe"), "Broken pipe"),
        (NodeError("the node is away"), "the node is away"),
        (ConnectionRefusedError(111, "refused"), "refused"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_fails_while_it_is_shown_is_done(
    pay: Pay, paid: Callable[[], int], error: BaseException, said: str
) -> None:
    with mock.patch.dict(pay_globals(), show=mock.Mock(side_effect=error)):
        result = pay()

    assert (result.exit_code, paid()) == (0, 1)
    assert "It is done, but can't be shown: " in result.stderr
    assert said in result.stderr
    assert "begun" not in pay().stdout
    assert paid() == 2


def pay_globals() -> dict[str, Any]:
    return vars(import_module("seechain.cli.pay"))


def test_an_output_that_is_closed_before_sends_nothing(pay: Pay, paid: Callable[[], int]) -> None:
    before = mock.Mock(side_effect=BrokenPipeError(32, "Broken pipe"))
    with mock.patch.object(Desk, "say", before):
        result = pay()

    assert (result.exit_code, paid()) == (1, 0)
    assert "can't be reached" not in result.stderr


def test_an_empty_key_is_none(pay: Pay, paid: Callable[[], int]) -> None:
    refused = pay("--key", "")  # as of a shell's variable that is not set

    assert "a Journal's key is a text of 1 to 200 characters" in refused.stderr
    assert (refused.exit_code, paid()) == (1, 0)


# ------------------------------------------------------------ without a key


def test_another_agreement_in_the_file_is_told_from_what_was_begun(
    w3: Web3, network: str, example: Path
) -> None:
    text = example.read_text()
    example.write_text(f"{text}nonce: 1\n")
    address = SEE_LINE.findall(run("register", example, network=network).stdout)[-1]
    words = ("amend", example, "--see", address)
    example.write_text(f"{text}nonce: 2\n")
    dies("before its receipt", w3, lambda _: run(*words, network=network))
    example.write_text(f"{text}nonce: 3\n")
    error = run(*words, network=network).stderr

    assert f"Error: this command was begun with 'amend {address} 0x" in error
    assert error.endswith("for another act name it with --key\n")


def test_a_nonce_that_another_took_is_settled_without_python(
    by_hand: Web3, pay: Pay, paid: Callable[[], int]
) -> None:
    nonce = by_hand.eth.get_transaction_count(PAYER.address)
    dies("before it is told", by_hand, lambda _: pay())
    other = {"to": key(9).address, "value": 1, "gas": 21_000, "gasPrice": 10**11}
    signed = PAYER.sign_transaction({**other, "chainId": 31337, "nonce": nonce})
    by_hand.eth.send_raw_transaction(signed.raw_transaction)
    rpc(by_hand, "evm_setAutomine", True)
    mine(by_hand)

    refused = pay()
    assert refused.exit_code == 1
    assert refused.stderr.rstrip().endswith("if it is to be sent anew, add --forget 2")
    assert "Journal(" not in refused.stderr
    assert (pay("--forget", 2).exit_code, paid()) == (0, 1)
    assert "nothing to forget" in pay("--forget", 2).stderr
    assert paid() == 1


ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
SPELLINGS = [
    ("see", ADDRESS, ADDRESS.lower()),
    ("amount", "1 ether", "1.0 ether"),
    ("amount", "1 ether", " 1000000000  gwei"),
    ("amount", "2.5 USDC", "2.50 USDC"),
    ("agreement", ROOT / "examples" / "night-market.yaml", Path("examples/night-market.yaml")),
    ("target", str(ROOT / "a.yaml"), "a.yaml"),
    ("target", ADDRESS, ADDRESS.lower()),
    ("part", "1/4", "0.25"),
    ("currency", None, None),
]
OTHERS = [
    ("amount", "1 ether", "1 gwei"),
    ("amount", "1 ether", "1 USDC"),
    ("amount", "much", "more"),
    ("memo", "INV-7", "inv-7"),
    ("part", "1/4", "1/0"),
    ("see", ADDRESS, "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"),
]


@pytest.mark.parametrize(("option", "one", "two"), SPELLINGS)
def test_the_same_spelled_otherwise_is_the_same_act(
    monkeypatch: pytest.MonkeyPatch, option: str, one: object, two: object
) -> None:
    monkeypatch.chdir(ROOT)
    assert _key(option, one) == _key(option, two)


@pytest.mark.parametrize(("option", "one", "two"), OTHERS)
def test_what_is_not_the_same_is_another_act(option: str, one: object, two: object) -> None:
    assert _key(option, one) != _key(option, two)


def _key(option: str, value: object) -> str:
    return key_of("pay", PAYER.address, {option: value}, (31337, "0x00"))


# ------------------------------------------------------------ where it is noted


@pytest.mark.parametrize(
    ("network", "folder"),
    [("mainnet", ""), ("local", "local"), ("mainnet-fork", "mainnet-fork")],
)
def test_a_fork_has_no_journals_in_common_with_its_chain(
    monkeypatch: pytest.MonkeyPatch, journals: Path, network: str, folder: str
) -> None:
    with _on(monkeypatch, network), ExitStack() as stack:
        assert (_ape._journals(stack) or default_directory()) == journals / folder


def test_what_is_noted_of_a_chain_that_ends_with_the_command_ends_too(
    monkeypatch: pytest.MonkeyPatch, journals: Path
) -> None:
    with _on(monkeypatch, "mainnet-fork", process=object()), ExitStack() as stack:
        found = _ape._journals(stack)
        assert found is not None
        assert found.is_dir()
    assert not found.exists()
    assert not journals.exists()


def _on(monkeypatch: pytest.MonkeyPatch, network: str, process: object = None) -> Any:
    is_dev = network == "local" or network.endswith("-fork")
    on = SimpleNamespace(name=network, is_dev=is_dev)
    provider = SimpleNamespace(name="foundry", network=on, process=process)
    return mock.patch.object(_ape, "networks", SimpleNamespace(active_provider=provider))
