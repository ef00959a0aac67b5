"""What a mutant of the contracts must survive: the tests, on its code, from quick to thorough."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any
from unittest.mock import patch

import pyrevm
import pytest

from campaign.mutants.contracts import NAMES, original
from tests.properties import chain, life
from tests.properties import world as w

ROOM = 2**17  # bytes of code that the EVM of the tests lets through: nothing is optimised
SHORT, LONG = 60, 200  # steps of a life
FAST = (
    "tests/properties/test_logs.py",
    "tests/properties/test_registry_edges.py",
    "tests/properties/test_life_cases.py",
    "tests/properties/test_altered_calldata.py",
    "tests/properties/test_forged_proofs.py",
    "tests/properties/test_arithmetic.py",
    "tests/properties/test_starving.py",
)
PLUGINS = ("ape_test", "xdist", "cacheprovider")
OPTIONS = [
    *("-q", "-x", "--no-header", "--tb=no", "--assert=plain"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *(word for name in PLUGINS for word in ("-p", f"no:{name}")),
]


class Roomy(chain.Revm):
    """Lets larger code through."""

    def __init__(self) -> None:
        config = pyrevm.CfgEnv(limit_contract_code_size=ROOM)
        env = pyrevm.Env(cfg=config, block=self._block(chain.START))
        self.evm = pyrevm.EVM(env=env, spec_id="PRAGUE")
        code = pyrevm.AccountInfo(code=chain.DEPLOYER_CODE, nonce=1)
        self.evm.insert_account_info(chain.DEPLOYER, code)


@contextmanager
def in_force(codes: dict[str, bytes]) -> Iterator[None]:
    """All worlds of the property tests are made of this code."""
    built = {name: codes.get(name) or original(name) for name in NAMES}
    with (
        patch.object(w, "built", built.__getitem__),
        patch.object(chain.Revm, "__init__", Roomy.__init__),
    ):
        yield


def lives(steps: int, seeds: range) -> Iterator[tuple[str, Callable[[], Any]]]:
    for seed in seeds:
        for kind in life.KINDS:
            yield (
                f"life of {kind.__name__} {seed}",
                lambda kind=kind, seed=seed: life.live(kind, seed, life.steps_of(seed, steps)),
            )


def quick() -> Iterator[tuple[str, Callable[[], Any]]]:
    yield from lives(SHORT, range(1, 2))
    yield from lives(LONG, range(2, 5))


def killed_by(codes: dict[str, bytes]) -> str:
    """What kills it; empty where it survives."""
    with in_force(codes):
        for name, killer in quick():
            try:
                killer()
            except Exception as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                return f"{name}: {type(error).__name__} in {frame.name}"
        return failing(*(path for path in FAST if os.path.exists(path)))


class First:
    """The name of the first test that fails, or what could not be collected."""

    failed = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid}: {str(report.longrepr)[-200:]}"


def failing(*paths: str, plugin: object = None) -> str:
    """The first of these tests that fails; in this process, which may be a mutant's."""
    first = First()
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        code = pytest.main([*OPTIONS, *paths], plugins=[first, *filter(None, [plugin])])
    sys.stdout.flush()
    if code not in (0, 1):
        return f"tests: {first.failed or code!r}"
    return first.failed
