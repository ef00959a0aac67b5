"""Typing commands within one process, as people type them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from seechain.cli import main

# The accounts of the examples, which are anvil's: 0, 1, 2, ...
NAMES = ("desk", "ada", "ben", "port", "cleo", "dana")
PASSWORD = "a long password"


class Typed:
    """Types a command, with options at its end that are the same but where typed otherwise."""

    def __init__(self, runner: CliRunner, *options: object) -> None:
        self.runner, self.options = runner, [str(each) for each in options]

    def __call__(self, name: str, *words: object, **more: Any) -> Result:
        typed = [name, *map(str, words)]
        for at in range(0, len(self.options), 2):
            if self.options[at] not in typed:  # what is typed counts
                typed += self.options[at : at + 2]
        result = self.runner.invoke(main, typed, **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def well(self, name: str, *words: object, **more: Any) -> str:
        """What a command says that does what it should."""
        result = self(name, *words, **more)
        assert result.exit_code == 0, result.output + result.stderr
        return str(result.stdout)

    def json(self, name: str, *words: object, **more: Any) -> Any:
        """What a command gives as JSON, which is all that it prints."""
        return json.loads(self.well(name, *words, "--json", **more))

    def refused(self, name: str, *words: object, code: int = 1, **more: Any) -> str:
        """The one sentence of a command that fails, with this exit code."""
        result = self(name, *words, **more)
        assert result.exit_code == code, result.stdout + result.stderr
        lines = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        assert len(lines) == 1, result.stderr
        return lines[0].removeprefix("Error: ")


class Person(Typed):
    """Somebody with a keystore."""

    def __init__(self, runner: CliRunner, *options: object, keystore: Path, address: str) -> None:
        super().__init__(runner, *options)
        self.keystore, self.address = keystore, address
