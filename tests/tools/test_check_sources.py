"""Each rule on the contracts' sources, with a source that keeps it and one that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_sources import check_source, main

PRAGMAS = "# pragma version 0.4.3\n# pragma nonreentrancy on\n"
GOOD = (
    PRAGMAS
    + """
LIMIT: constant(uint256) = 9

@external
@payable
def f(a: uint256, b: DynArray[uint256, 3], c: DynArray[uint256, 4]) -> uint256:
    return a if a < LIMIT else 1
"""
)


def test_a_good_source_passes() -> None:
    assert check_source(GOOD.encode()) == []


@pytest.mark.parametrize(
    ("text", "byte"),
    [
        ("\u00e9", "0xc3"),
        ("\u2028", "0xe2"),
        ("\ufeff", "0xef"),
        ("\f", "0x0c"),
        ("\v", "0x0b"),
        ("\r", "0x0d"),
        ("\t", "0x09"),
        ("\0", "0x00"),
    ],
)
def test_only_ascii_and_newlines(text: str, byte: str) -> None:
    faults = check_source(GOOD.replace("9", f"9  # {text}").encode())
    assert faults == [f"4: byte {byte}: sources are ASCII with LF only"]


@pytest.mark.parametrize(
    "arm", ["msg.value | 1", "len(msg.data) | 1", "msg.value", "self.balance", "a + 1", "max(a, 2)"]
)
@pytest.mark.parametrize("ternary", ["a if a < 3 else {}", "{} if a < 3 else a"])
def test_an_arm_that_is_an_expression_is_refused(arm: str, ternary: str) -> None:
    faults = check_source(GOOD.replace("a if a < LIMIT else 1", ternary.format(arm)).encode())
    assert [fault.partition(":")[0] for fault in faults] == ["9"]
    assert "neither a literal nor a name" in faults[0]


def test_arms_that_are_more_than_a_word_are_refused() -> None:
    faults = check_source(GOOD.replace("a if a < LIMIT else 1", "(b if a < 3 else c)[0]").encode())
    assert len(faults) == 2
    assert "b, an arm of this ternary, is not a plain word" in faults[0]


def test_an_arm_whose_type_is_not_seen_is_refused() -> None:
    (fault,) = check_source(GOOD.replace("else 1", "else IMPORTED").encode())
    assert "IMPORTED, an arm of this ternary, is not a plain word" in fault


def test_a_name_that_is_also_declared_as_more_than_a_word_is_refused() -> None:
    twice = GOOD + "\n@internal\ndef g(a: Bytes[32]):\n    pass\n"
    (fault,) = check_source(twice.encode())
    assert "a, an arm of this ternary, is not a plain word" in fault


def test_a_ternary_inside_a_ternary_is_refused() -> None:
    (fault,) = check_source(GOOD.replace("else 1", "else (2 if a < 3 else 4)").encode())
    assert "neither a literal nor a name" in fault


def test_code_offset_is_refused() -> None:
    made = "convert(create_from_blueprint(self, code_offset=a), uint256)"
    (fault,) = check_source(GOOD.replace("a if a < LIMIT else 1", made).encode())
    assert fault.startswith("9: `code_offset`")


ACTS = """

state: uint256


@internal
def _act() -> uint256:
    self.state += 1
    return self.state


@internal
@view
def _look() -> uint256:
    return self.state
"""


@pytest.mark.parametrize(
    "told",
    [
        "unsafe_add(self._act(), self.state)",
        "unsafe_add(self._act(), self._look())",
        "unsafe_mul(self._act(), self._act())",
        "self._act() | self.state",
        "self.state & (1 + self._act())",
        "convert(self._act() == self.state, uint256)",
        "convert(self.state < self._act(), uint256)",
        "self._act() ^ self.balance",
        "convert(raw_call(self, b'', value=self._act(), gas=self.state, max_outsize=32), uint256)",
        "convert(self._act() == convert(raw_create(b''), uint256), uint256)",
    ],
)
def test_what_acts_beside_what_may_change_is_refused(told: str) -> None:
    (fault, *_) = check_source((GOOD + ACTS).replace("a if a < LIMIT else 1", told).encode())
    assert fault.startswith("9: what acts here is evaluated after what stands to its right: give")


@pytest.mark.parametrize(
    "told",
    [
        "unsafe_add(self._look(), self.state)",
        "unsafe_add(self._act(), 1)",
        "unsafe_add(self._act(), a)",
        "self._act() | LIMIT",
        "self._act() + self.state",
        "convert(self._look() == self.state, uint256)",
    ],
)
def test_what_acts_beside_what_stays_passes(told: str) -> None:
    assert check_source((GOOD + ACTS).replace("a if a < LIMIT else 1", told).encode()) == []


def test_a_name_that_acts_in_another_file_is_no_view(tmp_path: Path) -> None:
    """The same name may act in one module and look in another."""
    used = GOOD.replace("a if a < LIMIT else 1", "unsafe_add(other.look(), self.balance)")
    (tmp_path / "a.vy").write_text(used)
    view = PRAGMAS + "\n@internal\n@view\ndef look() -> uint256:\n    return 1\n"
    (tmp_path / "b.vy").write_text(view)
    assert main([str(tmp_path)]) == 0
    (tmp_path / "c.vy").write_text(view.replace("@view\n", ""))
    assert main([str(tmp_path)]) == 1


def test_the_compiler_is_named() -> None:
    (fault,) = check_source(GOOD.replace("# pragma version 0.4.3\n", "").encode())
    assert "pragma version 0.4.3" in fault


def test_a_file_with_externals_says_nonreentrancy() -> None:
    without = GOOD.replace("# pragma nonreentrancy on\n", "")
    assert "pragma nonreentrancy on" in check_source(without.encode())[0]
    assert check_source(without.replace("@external", "@internal").encode()) == []
    exports = "# pragma version 0.4.3\nfrom contracts import Splitter\nexports: Splitter.pay\n"
    assert "pragma nonreentrancy on" in check_source(exports.encode())[0]


def test_the_command_names_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "Good.vy", tmp_path / "modules" / "bad.vy"
    bad.parent.mkdir()
    good.write_text(GOOD)
    assert main([str(tmp_path)]) == 0
    bad.write_text(GOOD + "# \u00e9\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(f"{bad}:10: byte 0xc3")


def test_a_folder_without_sources_is_a_fault(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
