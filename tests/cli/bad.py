"""What files hold that are not as they should be, and what a command must answer to them."""

from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from click.testing import Result
from web3 import Web3

from tests.cli.typing import Typed

Place = tuple[str | int, ...]

HUGE = 10**80
EVIL = "<script>alert(1)</script>\x1b[2J\x1b]0;x\x07\u202e\u2066\u200b\r\n=cmd|' /C calc'!A1\x00"
# Values that stand where another kind is meant, as JSON text.
OTHERS = (
    "null", "true", "[]", "{}", '""', "-1", "0", "1.5", "NaN", "-Infinity", "1e400", str(HUGE),
    "9" * 5000, '"\\ud800"', json.dumps(EVIL), '"0x"', '"native"', "[[[null]]]",
    '"' + "0x" + "00" * 20 + '"', '"' + "x" * 70_000 + '"', "18446744073709551616",
    '"\\u0661\\u0662"', '{"a": {"b": [1]}}', '"-5"', '"1e5"',
)  # fmt: skip
DEEP = ("[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000, "[" * 900 + "]" * 900)
GARBLED = (
    b"", b" \n", b"\x00" * 64, b"\xff\xfe\x00", b"\xef\xbb\xbf", b"\xc3", bytes(range(256)),
    b"null", b"[]", b"{}", b"3", b'"', b'"text"', b"{]", b"NaN", b"---\n...\n",
    b"\x1b[2J\x1b]0;x\x07", *(each.encode() for each in DEEP),
    b'{"format": "' + b"x" * 5_000_000 + b'"}',
    b"9" * 100_000, b'{"a": 1, "a": 2}',
)  # fmt: skip


class Judge:
    """Types a command and judges how it answers: in one sentence, with a documented code."""

    def __init__(self, typed: Typed, w3: Web3 | None = None) -> None:
        self.typed, self.w3 = typed, w3
        self.codes: dict[int, int] = {}

    def __call__(self, *words: object, may: tuple[int, ...] = (0, 1, 3, 5)) -> Result:
        """may: the exit codes that the command may have. Where it is not 0, nothing was sent."""
        blocks = self._blocks()
        name = str(words[0])
        typed = self.typed
        if command_of(name).kind == "offline":
            typed = Typed(typed.runner)
        result = typed(*map(str, words))
        said = f"{words}\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}"
        assert result.exit_code in may, f"exit code {result.exit_code}: {said}"
        if result.exit_code:
            assert self._blocks() == blocks, f"sent: {said}"
        errors = [each for each in result.stderr.splitlines() if each.startswith("Error: ")]
        assert len(errors) == (result.exit_code in (1, 2, 4, 5)), said
        assert ("Interrupted" in result.stderr.splitlines()) == (result.exit_code == 130), said
        assert all(each != "Error: " for each in errors), said
        assert len(result.stderr) < 6_000, f"{len(result.stderr)} characters: {said}"
        assert_shown(result.stdout + result.stderr)
        self.codes[result.exit_code] = self.codes.get(result.exit_code, 0) + 1
        return result

    def _blocks(self) -> int:
        return 0 if self.w3 is None else int(self.w3.eth.block_number)


def assert_shown(text: str) -> None:
    """Nothing steers a terminal."""
    bad = {
        each
        for each in text
        if each not in "\n" and (unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    }
    assert not bad, f"{sorted(map(ascii, bad))} in {text[-2000:]!a}"


def leaves(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of all values, of lists and objects too; of long lists the ends."""
    if place:
        yield place
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, (*place, name))
    elif isinstance(value, list):
        for at in sorted({0, len(value) - 1}) if value else ():
            yield from leaves(value[at], (*place, at))


def with_other(content: Any, place: Place, other: str) -> str:
    """The JSON text of a content with another value, given as text, at a place."""
    changed = copy.deepcopy(content)
    at = changed
    for each in place[:-1]:
        at = at[each]
    at[place[-1]] = "@@"
    return json.dumps(changed, indent=2, ensure_ascii=False).replace('"@@"', other)


def without(content: Any, place: Place) -> str:
    """The JSON text of a content that lacks the value at a place."""
    changed = copy.deepcopy(content)
    at = changed
    for each in place[:-1]:
        at = at[each]
    del at[place[-1]]
    return json.dumps(changed, indent=2)


def cut(raw: bytes, places: int = 12) -> Iterator[bytes]:
    """A file that ends too early."""
    for at in range(places):
        yield raw[: len(raw) * at // places]
    yield raw[:-1]
    yield raw[:-2]


def flipped(raw: bytes, places: int = 40) -> Iterator[bytes]:
    """A file in which a byte differs, here or there."""
    for at in range(0, len(raw), max(len(raw) // places, 1)):
        yield raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        yield raw[:at] + bytes([raw[at] | 0x80]) + raw[at + 1 :]


def command_of(name: str) -> Any:
    """A command."""
    return import_module(f"seechain.cli.{name}").cli


def kept(folder: Path) -> dict[str, bytes]:
    """All files of a folder, for comparing."""
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }
