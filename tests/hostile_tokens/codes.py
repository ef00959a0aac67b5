"""The hostile tokens, compiled once for each source, and made on a chain."""

from __future__ import annotations

import fcntl
import hashlib
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from eth_abi import encode

from tests.properties.chain import Chain, PyEvm, deploy, raw

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "tests" / "contracts" / "hostile" / "tokens"
CACHE = ROOT / ".pytest_cache" / "hostile_tokens"  # which git passes over


@cache
def compiled() -> dict[str, tuple[list[dict[str, Any]], bytes]]:
    """ABI and init code of each; compiled by whichever worker comes first."""
    sources = sorted(SOURCES.glob("*.vy"))
    key = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    CACHE.mkdir(parents=True, exist_ok=True)
    made = CACHE / f"{key}.json"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_text(json.dumps({path.stem: _compile(path) for path in sources}))
    return {name: (abi, raw(code)) for name, (abi, code) in json.loads(made.read_text()).items()}


def _compile(path: Path) -> tuple[list[dict[str, Any]], str]:
    from vyper import compile_code
    from vyper.compiler.input_bundle import FilesystemInputBundle

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that selfdestruct is deprecated: one of them needs it
        out = compile_code(
            path.read_text("ascii"),
            contract_path=path,
            output_formats=["abi", "bytecode"],
            input_bundle=FilesystemInputBundle([path.parent]),
        )
    return out["abi"], out["bytecode"]


def init_code(name: str, *arguments: Any) -> bytes:
    abi, code = compiled()[name]
    inputs = next((each["inputs"] for each in abi if each["type"] == "constructor"), [])
    return code + encode([each["type"] for each in inputs], arguments)


def made(chain: Chain, name: str, *arguments: Any) -> str:
    return deploy(chain, init_code(name, *arguments), 7)


# ---------------------------------------------------------------- what no call does


def code_of(chain: Any, account: str) -> bytes:
    if isinstance(chain, PyEvm):
        return bytes(chain.vm.state.get_code(raw(account)))
    return bytes(chain.evm.basic(account).code)


def set_code(chain: Any, account: str, code: bytes) -> None:
    """Another code at an address; storage and coin stay."""
    if isinstance(chain, PyEvm):
        chain.vm.state.set_code(raw(account), code)
        return
    import pyrevm

    known = chain.evm.basic(account)
    told = pyrevm.AccountInfo(balance=known.balance, nonce=known.nonce, code=code)
    chain.evm.insert_account_info(account, told)


@contextmanager
def undone(chain: Any) -> Iterator[None]:
    """What happens within it never happened."""
    of = chain.vm.state if isinstance(chain, PyEvm) else chain.evm
    before = of.snapshot()
    try:
        yield
    finally:
        of.revert(before)


def next_block(chain: Any, number: int) -> None:
    """On the fast chain; the others stay in their block."""
    if isinstance(chain, PyEvm):
        return
    import pyrevm

    from tests.properties.chain import START

    block = pyrevm.BlockEnv(number=number, timestamp=START, gas_limit=10**12)
    chain.evm.set_block_env(block)
