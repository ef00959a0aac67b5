"""Each check of a proof is taken out in turn: then forgers get through, or they don't look."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

from campaign.forged_proofs.liars import Liars
from campaign.forged_proofs.targets import Mint, selector
from hatch_build import EVM_VERSION, OPTIMIZE, ROOT
from tests.properties.chain import deploy, pyrevm, raw

# What is changed in modules/share_table.vy, which checks pages and tables.
CHECKS = {
    "the page is one of the table": {"if page >= table.pages:": "if False:"},
    # Two locks on one door: Vyper's own check of an addition would do too.
    "no sum wraps": {
        "if sibling_sum > SHARES:": "if False:",
        "total += sibling_sum": "total = unsafe_add(total, sibling_sum)",
    },
    "a proof has one length": {"if width != 1 or at != len(proof):": "if False:"},
    "it leads to the root": {"if node != table.root:": "if False:"},
    "it adds up to the total": {"if total != table.shares:": "if False:"},
}
PROOFS = 4000


def changed(bug: dict[str, str]) -> bytes:
    """Init code of a Splitter with these changes."""
    from vyper.cli.vyper_compile import compile_files
    from vyper.compiler.settings import OptimizationLevel, Settings

    settings = Settings(optimize=OptimizationLevel.from_string(OPTIMIZE), evm_version=EVM_VERSION)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        shutil.copytree(ROOT / "contracts", root / "contracts")
        module = root / "contracts" / "modules" / "share_table.vy"
        text = module.read_text("ascii")
        for old, new in bug.items():
            assert text.count(old) == 1, f"share_table.vy has not one {old!r}"
            text = text.replace(old, new)
        module.write_text(text, "ascii")
        source = root / "contracts" / "Splitter.vy"
        out = compile_files(
            [str(source)],
            ["bytecode"],
            paths=[str(root)],
            include_sys_path=False,
            settings=settings,
        )
    return raw(out[source]["bytecode"])


def wrong(mint: Mint, init_code: bytes) -> Mint:
    """The same chain, on which the implementation of Splitters has other code."""
    implementation = (
        "0x"
        + mint.chain.view(mint.world.registry, selector("splitter_implementation()"))[12:].hex()
    )
    code = mint.chain.evm.get_code(deploy(mint.chain, init_code))
    mint.chain.evm.insert_account_info(implementation, pyrevm.AccountInfo(code=code, nonce=1))
    mint.targets = [
        target for target in mint.targets if target.name in ("join_page", "payout_page")
    ]
    return mint


def found(seed: int) -> dict[str, bool]:
    """Whether the forgers notice that a check is missing."""
    from campaign.forged_proofs import Figures, forge

    out = {}
    for name, bug in CHECKS.items():
        mint, figures = wrong(Mint(seed), changed(bug)), Figures(seed)
        dice = random.Random(seed)
        forge(mint, figures, dice, PROOFS)
        out[name] = any("accepted" in each for each in figures.failed) or bool(
            Liars(mint, dice).prove(PROOFS)
        )
    return out
