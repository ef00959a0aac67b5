"""Checks the contracts' sources for what Vyper 0.4.3 is known to compile wrongly.

| rule                                                       | why                               |
|------------------------------------------------------------|-----------------------------------|
| ASCII only, no control character but the newline, no BOM   | CVE-2026-114114, CVE-2026-114116  |
| the arms of a ternary are literals or names of plain words | CVE-2026-114115, CVE-2026-114117  |
| no `code_offset` for `create_from_blueprint`               | CVE-2026-114118                   |
| one operand or argument at most that acts, beside locals   | CVE-2023-40015: right to left     |
|   and literals only, in | & ^, comparisons, `unsafe_...`    |                                   |
|   and `raw_call`                                           |                                   |
| `# pragma version 0.4.3`                                   | these are the faults of this one  |
| `# pragma nonreentrancy on` in a file with externals       | its lock holds where it is said   |

A literal or a name that stands in an arm is always safe: the faults need an operator on
`msg.value` or `len(msg.data)`, or a value that is more than one word.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from vyper.ast import nodes, parse_to_ast

ROOT = Path(__file__).resolve().parent.parent
WORD = re.compile(r"address|bool|bytes\d+|u?int\d+")
FORBIDDEN_BYTE = re.compile(rb"[^\n\x20-\x7e]")
LITERALS = (nodes.Int, nodes.Hex, nodes.NameConstant)
ACTING = {"raw_call", "raw_create", "raw_log", "send", "selfdestruct"}  # and all `create_...`
REVERSED_CALLS = re.compile(r"unsafe_(add|sub|mul|div)|pow_mod256|raw_call")
REVERSED_OPERATORS = (nodes.BitOr, nodes.BitAnd, nodes.BitXor)
DECLARATIONS = (nodes.AnnAssign, nodes.VariableDecl, nodes.arg)


def check_source(source: bytes, harmless: AbstractSet[str] = frozenset()) -> list[str]:
    """Return what is wrong with one source file: `line: fault`, in order of the rules.

    harmless: names of functions, of other files too, that change nothing wherever they are.
    """
    if faults := list(_bytes(source)):
        return faults  # what such a file parses to is not to be trusted
    text = source.decode("ascii")
    tree = parse_to_ast(text)
    acting = [*_right_to_left(tree, harmless | _harmless([tree]))]
    return [*_pragmas(text, tree), *_ternaries(tree), *_blueprints(tree), *acting]


def harmless_in(sources: list[Path]) -> AbstractSet[str]:
    """Names of functions that change nothing, in whichever of these files they are declared."""
    texts = [path.read_bytes() for path in sources]
    return _harmless([parse_to_ast(text.decode("ascii")) for text in texts if not [*_bytes(text)]])


def main(arguments: list[str] | None = None) -> int:
    """Check the files, or those in the folders; return 1 where one has a fault."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, default=[ROOT / "contracts"])
    sources = list(_sources(parser.parse_args(arguments).paths))
    harmless = harmless_in(sources)
    faults = [
        f"{path}:{fault}" for path in sources for fault in check_source(path.read_bytes(), harmless)
    ]
    if not sources:
        faults.append("no Vyper source found")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _sources(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.vy")) if path.is_dir() else [path]


def _bytes(source: bytes) -> Iterator[str]:
    for number, line in enumerate(source.split(b"\n"), start=1):
        if found := FORBIDDEN_BYTE.search(line):
            yield f"{number}: byte 0x{found.group().hex()}: sources are ASCII with LF only"


def _pragmas(text: str, tree: nodes.Module) -> Iterator[str]:
    lines = text.splitlines()
    if "# pragma version 0.4.3" not in lines:
        yield "1: no line `# pragma version 0.4.3`"
    functions = tree.get_descendants(nodes.FunctionDef)
    external = any(
        isinstance(decorator, nodes.Name) and decorator.id == "external"
        for function in functions
        for decorator in function.decorator_list
    )
    exposed = external or tree.get_descendants(nodes.ExportsDecl)
    if exposed and "# pragma nonreentrancy on" not in lines:
        yield "1: it has externals and no line `# pragma nonreentrancy on`"


def _ternaries(tree: nodes.Module) -> Iterator[str]:
    types = _declared_types(tree)
    for ternary in tree.get_descendants(nodes.IfExp):
        for arm in (ternary.body, ternary.orelse):
            if isinstance(arm, LITERALS):
                continue
            if not isinstance(arm, nodes.Name):
                yield (
                    f"{ternary.lineno}: an arm of this ternary is neither a literal nor a name: "
                    "write if and else"
                )
            elif not all(WORD.fullmatch(name) for name in types.get(arm.id, {"unknown here"})):
                yield (
                    f"{ternary.lineno}: {arm.id}, an arm of this ternary, is not a plain word: "
                    "write if and else"
                )


def _declared_types(tree: nodes.Module) -> dict[str, set[str]]:
    """Name of a variable to the types that it is declared with anywhere in the file."""
    types: dict[str, set[str]] = {}
    for declared in tree.get_descendants(DECLARATIONS):
        name = declared.arg if isinstance(declared, nodes.arg) else declared.target.id
        annotation = declared.annotation
        known = annotation.id if isinstance(annotation, nodes.Name) else "not one word"
        types.setdefault(name, set()).add(known)
    return types


def _blueprints(tree: nodes.Module) -> Iterator[str]:
    for keyword in tree.get_descendants(nodes.keyword):
        if keyword.arg == "code_offset":
            yield f"{keyword.lineno}: `code_offset` can wrap: leave it at its default"


def _harmless(trees: list[nodes.Module]) -> AbstractSet[str]:
    """Names of functions that are only ever declared as @view or @pure, and of types."""
    good: set[str] = set()
    bad: set[str] = set()
    for tree in trees:
        for function in tree.get_descendants(nodes.FunctionDef):
            said = {each.id for each in function.decorator_list if isinstance(each, nodes.Name)}
            (good if said & {"view", "pure"} else bad).add(function.name)
        good |= {each.name for each in tree.get_descendants((nodes.StructDef, nodes.InterfaceDef))}
    return good - bad


def _right_to_left(tree: nodes.Module, harmless: AbstractSet[str]) -> Iterator[str]:
    """Vyper evaluates these from right to left, so what one does must not touch another."""
    for node in tree.get_descendants((nodes.BinOp, nodes.Compare, nodes.Call)):
        parts = _reversed_parts(node)
        acting = [part for part in parts if _acts(part, harmless)]
        rest = [part for part in parts if not any(part is each for each in acting)]
        if len(acting) > 1 or (acting and not all(_is_still(part) for part in rest)):
            yield (
                f"{node.lineno}: what acts here is evaluated after what stands to its right:"
                " give it a line of its own"
            )


def _reversed_parts(node: nodes.VyperNode) -> list[nodes.VyperNode]:
    if isinstance(node, nodes.Compare):
        return [node.left, node.right]
    if isinstance(node, nodes.BinOp):
        return [node.left, node.right] if isinstance(node.op, REVERSED_OPERATORS) else []
    if isinstance(node.func, nodes.Name) and REVERSED_CALLS.fullmatch(node.func.id):
        return [*node.args, *(each.value for each in node.keywords)]
    return []


def _acts(part: nodes.VyperNode, harmless: AbstractSet[str]) -> bool:
    """Whether evaluating this may change anything."""
    if part.get_descendants(nodes.ExtCall, include_self=True):
        return True
    for call in part.get_descendants(nodes.Call, include_self=True):
        if isinstance(call.func, nodes.Attribute):
            if call.func.attr not in harmless and not _is_view(call):
                return True
        elif call.func.id in ACTING or call.func.id.startswith("create_"):
            return True
    return False


def _is_view(call: nodes.Call) -> bool:
    return isinstance(call.get_ancestor(), nodes.StaticCall)


def _is_still(part: nodes.VyperNode) -> bool:
    """Whether nothing that acts can change this: literals, locals and constants in capitals."""
    if part.get_descendants((nodes.Call, nodes.StaticCall, nodes.Subscript), include_self=True):
        return False
    attributes = part.get_descendants(nodes.Attribute, include_self=True)
    return all(each.attr.isupper() for each in attributes)


if __name__ == "__main__":
    sys.exit(main())
