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
STEPS = 60, 200  # of a life, and of each of some more
# Tests of a source, the likelier to notice its faults the earlier; `lives` stands among them.
CONSENT = ("registry_edges", "refusals", "membership", "bounds", "lives", "altered_calldata")
MONEY = ("lives", "refusals_of_money", "membership", "logs", "bounds", "life_cases")
TESTS = {
    **dict.fromkeys(("Registry", "announced", "clone", "endorsing", "kinds", "records"), CONSENT),
    **dict.fromkeys(("published", "publishing", "quorum", "terms"), CONSENT),
    "refusals": ("refusals", "refusals_of_money", "lives", "altered_calldata"),
    "share_table": ("refusals_of_money", "registry_edges", "bounds", "lives", "forged_proofs"),
    **dict.fromkeys(("books", "pull", "Splitter"), (*MONEY, "push_cases")),
    "consent": (*CONSENT[:2], "contract_signers", *CONSENT[2:], "gas_limits"),
    "push": (*MONEY, "push_cases", "gas_limits"),
    "versions": (*MONEY, "gas_limits"),
}
OPTIONS = [
    *("-q", "-x", "--no-header", "--tb=no", "--assert=plain"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *("-p", "no:ape_test", "-p", "no:xdist"),
]
NO_CACHE = ["-p", "no:cacheprovider"]


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


def soon_killed_by(codes: dict[str, bytes]) -> str:
    """What kills it within a second; empty where it survives."""
    with in_force(codes):
        return _life(lives(STEPS[0], range(1, 2)))


def killed_by(codes: dict[str, bytes], stem: str) -> str:
    """What kills it; empty where it survives. `stem`: of the source."""
    tests = TESTS.get(stem, MONEY)
    at = tests.index("lives")
    with in_force(codes):
        return (
            failing(*map(_path, tests[:at]))
            or _life(lives(STEPS[1], range(2, 5)))
            or failing(*map(_path, tests[at + 1 :]))
        )


def _path(name: str) -> str:
    return f"tests/properties/test_{name}.py"


def _life(found: Iterator[tuple[str, Callable[[], Any]]]) -> str:
    for name, live in found:
        try:
            live()
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            return f"{name}: {type(error).__name__} in {frame.name}"
    return ""


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
    if not paths:
        return ""
    options = OPTIONS if plugin else [*OPTIONS, *NO_CACHE]
    first = First()
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        code = pytest.main([*options, *paths], plugins=[first, *filter(None, [plugin])])
    sys.stdout.flush()
    if code not in (0, 1):
        return f"tests: {first.failed or code!r}"
    return first.failed
