"""One mutant after the other, each in a process of its own that is forked from a warm one."""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import time
from collections.abc import Callable
from typing import Any

SECONDS = 300  # of a processor, for a mutant that never ends


def apart(act: Callable[[], str], seconds: int = SECONDS) -> str:
    """What the act returns, in a process of its own; "no end" or how it crashed else."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(act, writing, seconds)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if said:
        return str(json.loads(said))
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return "no end" if number in (signal.SIGXCPU, signal.SIGKILL) else f"crash {status}"


def _child(act: Callable[[], str], writing: int, seconds: int) -> None:
    gc.disable()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    try:
        said = act()
    except BaseException as error:
        said = f"error: {error!r}"[:300]
    os.write(writing, json.dumps(said).encode())
    os._exit(0)


class Asts:
    """Vyper's trees of the unchanged sources, parsed once: compiling a mutant spoils its copy."""

    def __init__(self) -> None:
        import vyper.ast

        self._parse: Callable[..., Any] = vyper.ast.parse_to_ast
        self._asked: dict[str, tuple[Any, ...]] = {}
        self._kept: dict[str, Any] = {}
        vyper.ast.parse_to_ast = self

    def __call__(self, *source: Any, **more: Any) -> Any:
        key = json.dumps([source, more])
        if key in self._kept:
            return self._kept.pop(key)
        self._asked[key] = (source, more)
        return self._parse(*source, **more)

    def keep(self) -> None:
        """Parses again what was asked for until now."""
        for key, (source, more) in self._asked.items():
            self._kept[key] = self._parse(*source, **more)
        self._asked.clear()


def warm() -> None:
    """Loads what all mutants of the contracts need."""
    asts = Asts()
    from campaign.mutants import contracts, killers
    from tests.properties import world

    for name in {each for tests in killers.TESTS.values() for each in tests} - {"lives"}:
        importlib.import_module(f"tests.properties.test_{name}")
    for name in contracts.NAMES:
        contracts.original(name)
    asts.keep()
    for name in ("Recipient", "Token"):
        world.hostile(name)
    with killers.in_force({}):
        for _, live in killers.lives(5, range(1, 2)):
            live()
    gc.freeze()


def lowest(number: int = 10) -> None:
    os.nice(max(0, number - os.nice(0)))


def timed(act: Callable[[], str]) -> tuple[str, float]:
    start = time.monotonic()
    return act(), round(time.monotonic() - start, 1)
