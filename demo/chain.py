"""A chain of the demo's own: anvil where Node is there, else Ape's chain in this process."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

# Of every development chain: its keys are public.
MNEMONIC = "test test test test test test test test test test test junk"
CONTRACTS = Path(__file__).parent / "contracts"
STARTS_WITHIN = 20  # seconds
STOPS_WITHIN = 5


class NoAnvil(Exception):
    """anvil does not start here; says why."""


@dataclass(frozen=True)
class Chain:
    """A running local chain. about: how the demo calls it."""

    w3: Web3
    about: str


@contextmanager
def local_chain() -> Iterator[Chain]:
    """A local chain with funded test accounts, which is gone when the block is left."""
    try:
        with anvil() as url:
            yield Chain(Web3(HTTPProvider(url)), f"anvil at {url}")
    except NoAnvil as why:
        from ape import networks

        with networks.parse_network_choice("ethereum:local:test") as provider:
            about = f"Ape's chain in this process, since {why}; with Node it is a real anvil"
            yield Chain(provider.web3, about)


@contextmanager
def anvil() -> Iterator[str]:
    """The URL of an anvil on a free port, in a process group of its own that is ended after.

    Raises:
        NoAnvil: it is not there, or does not start.
    """
    program = shutil.which("anvil")
    if program is None:
        raise NoAnvil("anvil was not found")
    process = None
    with tempfile.TemporaryFile() as log:
        try:
            with _held_signals():
                process = subprocess.Popen(
                    [program, "--host", "127.0.0.1", "--port", "0"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            yield _url(process, log)
        finally:
            if process is not None:
                _end(process)


@contextmanager
def _held_signals() -> Iterator[None]:
    """Lets a signal wait: between a process's start and our knowing it, it would be left behind."""
    caught: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: caught.append(number))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for each in caught:
        os.kill(os.getpid(), each)


def _url(process: subprocess.Popen[bytes], log: IO[bytes]) -> str:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        # By offset: the process writes through the same file, at its end.
        said = os.pread(log.fileno(), 1 << 16, 0).decode(errors="replace")
        if found := re.search(r"Listening on ([0-9.]+:[0-9]+)", said):
            return f"http://{found[1]}"
        if process.poll() is not None:
            reason = said.strip().splitlines()[-1:] or [f"exit code {process.returncode}"]
            raise NoAnvil(f"anvil does not start ({reason[0]})")
        time.sleep(0.02)
    raise NoAnvil(f"anvil did not listen within {STARTS_WITHIN} s")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the whole group: npm's anvil is a small program that started the real one."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def funded_account(index: int) -> LocalAccount:
    """One of the accounts that a development chain funds."""
    Account.enable_unaudited_hdwallet_features()
    key = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return cast(LocalAccount, key)


def deploy(w3: Web3, name: str, *arguments: Any, sender: LocalAccount) -> Any:
    """Compiles and deploys one of the demo's own contracts; returns web3's contract."""
    from vyper.cli.vyper_compile import compile_files  # type: ignore[import-untyped]

    source = CONTRACTS / f"{name}.vy"
    out = compile_files([str(source)], ["abi", "bytecode"])[source]
    made = w3.eth.contract(abi=out["abi"], bytecode=out["bytecode"])
    receipt = send(w3, made.constructor(*arguments), sender)
    return w3.eth.contract(address=receipt["contractAddress"], abi=out["abi"])


def send(w3: Web3, call: Any, sender: LocalAccount) -> Any:
    """Signs and sends a prepared call and returns its receipt.

    Raises:
        RuntimeError: the chain reverted it.
    """
    fields = {"from": sender.address, "nonce": w3.eth.get_transaction_count(sender.address)}
    signed = sender.sign_transaction(call.build_transaction(fields))
    receipt = w3.eth.wait_for_transaction_receipt(
        w3.eth.send_raw_transaction(signed.raw_transaction), timeout=30, poll_latency=0.05
    )
    if receipt["status"] != 1:
        raise RuntimeError(f"transaction {receipt['transactionHash'].hex()} failed")
    return receipt
