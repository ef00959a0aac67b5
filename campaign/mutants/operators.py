"""Small faults put into source, one at a time: what becomes of one token, condition or statement.

Vyper is close enough to Python that Python's tokens fit both. What is never touched: comments,
texts, types, signatures, imports, events, structs and interfaces.
"""

from __future__ import annotations

import hashlib
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Tokens = list[tokenize.TokenInfo]

ARITHMETIC = {"+": "-", "-": "+", "*": "//", "//": "*", "%": "//"}
BITS = {"<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&"}
BOUNDARIES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
NEGATIONS = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
ASSIGNMENTS = {"+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", ">>=": "<<=", "<<=": ">>="}
LOGIC = {"and": "or", "or": "and", "True": "False", "False": "True", "min": "max", "max": "min"}
UNSAFE = {
    "unsafe_add": "unsafe_sub",
    "unsafe_sub": "unsafe_add",
    "unsafe_mul": "unsafe_add",
    "unsafe_div": "unsafe_mul",
}
SWAPS = [
    ("arithmetic", ARITHMETIC),
    ("bits", BITS),
    ("boundary", BOUNDARIES),
    ("negation", NEGATIONS),
    ("assignment", ASSIGNMENTS),
    ("logic", LOGIC),
    ("unsafe", UNSAFE),
]
SIZED = {"Bytes", "String", "DynArray", "HashMap", "uint256", "bytes32", "tuple", "list", "dict"}
# Whole blocks of declarations, and lines that are no acts.
DECLARES = {"struct", "event", "interface", "flag", "enum"}
PASSED = {"def", "@", "import", "from", "class", "initializes", "uses", "exports", "implements"}
HEADS = {"if", "elif", "while", "for", "return", "assert", "raise", "log", "with", "try", "except"}
CONSTANT = re.compile(r"^[A-Z_0-9]+: constant\(uint256\) = ")


@dataclass(frozen=True)
class Mutant:
    """A fault: in `path` the characters from `start` to `end` become `text`."""

    path: str
    start: int
    end: int
    text: str
    operator: str
    line: int
    old: str  # the logical line, in one line
    new: str
    within: str  # the function, "" at the top
    times: int = 0  # such faults before it in the same function

    @property
    def id(self) -> str:
        """Stays when lines move: made from what is changed, not from where."""
        said = "\0".join((self.path, self.within, self.old, self.new, str(self.times)))
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def put_in(self, source: str) -> str:
        return source[: self.start] + self.text + source[self.end :]


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """All faults of a source, in the order in which it is read."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen: dict[tuple[str, str, str], int] = {}
    for within, tokens in _statements(source, Path(path).suffix == ".vy"):
        begin, end = _place(starts, tokens[0].start), _place(starts, tokens[-1].end)
        for operator, first, last, text in _faults(tokens, within):
            at, to = _place(starts, first.start), _place(starts, last.end)
            old = " ".join(source[begin:end].split())
            new = " ".join((source[begin:at] + text + source[to:end]).split())
            times = seen.get((within, old, new), 0)
            seen[within, old, new] = times + 1
            line = first.start[0]
            yield Mutant(path, at, to, text, operator, line, old, new, within, times)


def _place(starts: list[int], at: tuple[int, int]) -> int:
    return starts[at[0] - 1] + at[1]


# ---------------------------------------------------------------- statements


def _statements(source: str, vyper: bool) -> Iterator[tuple[str, Tokens]]:
    """Function and tokens of each statement, and of each head of a block without its colon."""
    depth, within, skipped = 0, [(-1, "")], 99
    line: Tokens = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.INDENT:
            depth += 1
        elif token.type == tokenize.DEDENT:
            depth -= 1
        elif token.type == tokenize.NEWLINE:
            while within[-1][0] >= depth:
                within.pop()
            if depth <= skipped:
                skipped = 99
                first = line[0].string
                if first in DECLARES:
                    skipped = depth
                elif first in {"def", "class"}:
                    within.append((depth, ".".join(filter(None, (within[-1][1], line[1].string)))))
                elif kept := _acts(line, vyper and depth == 0):
                    yield within[-1][1], kept
            line = []
        elif token.type not in (tokenize.NL, tokenize.COMMENT):
            line.append(token)


def _acts(line: Tokens, top: bool) -> Tokens:
    """Of a statement that does something, its tokens but for the type and the last colon."""
    first = line[0]
    if first.string in PASSED or first.type == tokenize.STRING or first.type == tokenize.ENDMARKER:
        return []
    if top:
        return line if CONSTANT.match(first.line) else []
    if first.string == "TYPE_CHECKING" or "TYPE_CHECKING" in [each.string for each in line[:3]]:
        return []
    return line[:-1] if line[-1].string == ":" and len(line) > 1 else line


def _faults(
    tokens: Tokens, within: str
) -> Iterator[tuple[str, tokenize.TokenInfo, tokenize.TokenInfo, str]]:
    """Operator, first and last token to be replaced, and by what."""
    yield from _conditions(tokens)
    yield from _deletions(tokens)
    start = _after_type(tokens)
    for at in range(start, len(tokens)):
        token, before = tokens[at], tokens[at - 1].string if at else ""
        yield from _of_token(tokens, at, token, before, within)


def _after_type(tokens: Tokens) -> int:
    """Where the value begins, in `name: type = value`."""
    if tokens[0].string in HEADS or len(tokens) < 3 or tokens[1].string != ":":
        if tokens[0].string == "for":
            return next((i for i, each in enumerate(tokens) if each.string == "in"), 0)
        return 0
    return next((i for i, each in enumerate(tokens) if each.string == "="), len(tokens))


def _conditions(
    tokens: Tokens,
) -> Iterator[tuple[str, tokenize.TokenInfo, tokenize.TokenInfo, str]]:
    if tokens[0].string in ("if", "elif", "while"):
        for value in ("True", "False") if tokens[0].string != "while" else ("False",):
            yield "condition", tokens[1], tokens[-1], value


def _deletions(
    tokens: Tokens,
) -> Iterator[tuple[str, tokenize.TokenInfo, tokenize.TokenInfo, str]]:
    first, last = tokens[0], tokens[-1]
    words = [each.string for each in tokens]
    if first.string in ("log", "raise", "continue", "break"):
        yield "deletion", first, last, "pass"
    elif first.string not in HEADS and first.string not in ("else", "pass", "del", "yield"):
        equals = next((i for i, w in enumerate(words) if w == "=" or w in ASSIGNMENTS), 0)
        declared = len(words) > 1 and words[1] == ":"
        called = last.string == ")" and (not equals or _is_call(words))
        if (equals and not declared) or called:
            yield "deletion", first, last, "pass"
    if words == ["return"]:
        yield "deletion", first, last, "pass"


def _is_call(words: list[str]) -> bool:
    """`name.name(…)` and nothing else: an equals sign within is of a keyword."""
    at = 0
    while at + 1 < len(words) and words[at + 1] == ".":
        at += 2
    return at + 1 < len(words) and words[at + 1] == "("


def _of_token(
    tokens: Tokens, at: int, token: tokenize.TokenInfo, before: str, within: str
) -> Iterator[tuple[str, tokenize.TokenInfo, tokenize.TokenInfo, str]]:
    text = token.string
    unary = text in "+-*" and (before in "(,=[:" or before in HEADS or before in BITS)
    if token.type in (tokenize.OP, tokenize.NAME) and not unary and not _is_named(tokens, at):
        for operator, table in SWAPS:
            if text in table:
                yield operator, token, token, table[text]
    if text == "not" or text == "~":
        yield "negation", token, token, ""
    if text in ("unsafe_sub", "unsafe_div") and (swapped := _swapped(tokens, at)):
        yield "order", *swapped
    if text == "range" and (span := _argument(tokens, at + 1)):
        first, last = span
        said = _between(first, last)
        if said and last.string != "_":
            yield "range", first, last, f"{said} - 1"
    if token.type == tokenize.NUMBER and not _is_size(tokens, at):
        yield from _numbers(token, before)


def _is_named(tokens: Tokens, at: int) -> bool:
    """A keyword's name, or an attribute: no operator."""
    following = tokens[at + 1].string if at + 1 < len(tokens) else ""
    return tokens[at].string in ("min", "max") and following != "("


def _numbers(
    token: tokenize.TokenInfo, before: str
) -> Iterator[tuple[str, tokenize.TokenInfo, tokenize.TokenInfo, str]]:
    text = token.string
    if not re.fullmatch(r"[\d_]+|0x[0-9a-fA-F]+", text) or len(text) > 24:
        return
    number = int(text, 0)
    width = len(text) - 2
    for value in dict.fromkeys((number + 1, number - 1, 0)):
        if value >= 0 and value != number:
            said = f"0x{value:0{width}x}" if text.startswith("0x") else str(value)
            yield "number", token, token, said


def _is_size(tokens: Tokens, at: int) -> bool:
    """Whether a number stands in the brackets of a type."""
    depth = 0
    for i in range(at - 1, 0, -1):
        if tokens[i].string in ")]":
            depth += 1
        elif tokens[i].string in "([":
            depth -= 1
            if depth < 0:
                return tokens[i].string == "[" and tokens[i - 1].string in SIZED
    return False


def _argument(tokens: Tokens, opening: int) -> tuple[tokenize.TokenInfo, tokenize.TokenInfo] | None:
    """First and last token of the first argument of a call."""
    end = _ends(tokens, opening + 1)
    return (tokens[opening + 1], tokens[end - 1]) if end > opening + 1 else None


def _ends(tokens: Tokens, at: int) -> int:
    """Where the argument that begins here ends."""
    depth = 0
    while at < len(tokens):
        text = tokens[at].string
        if depth == 0 and text in (",", ")"):
            return at
        depth += (text in "([{") - (text in ")]}")
        at += 1
    return at


def _swapped(tokens: Tokens, at: int) -> tuple[tokenize.TokenInfo, tokenize.TokenInfo, str] | None:
    """The two arguments of a call, the other way round."""
    first, comma = at + 2, _ends(tokens, at + 2)
    end = _ends(tokens, comma + 1)
    left = _between(tokens[first], tokens[comma - 1])
    right = _between(tokens[comma + 1], tokens[end - 1])
    if not left or not right:
        return None
    return tokens[first], tokens[end - 1], f"{right}, {left}"


def _between(first: tokenize.TokenInfo, last: tokenize.TokenInfo) -> str:
    """The text from one token to another of the same line; else nothing."""
    if first.start[0] != last.end[0]:
        return ""
    return first.line[first.start[1] : last.end[1]]
