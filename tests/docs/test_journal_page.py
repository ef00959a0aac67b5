"""The card of the page on the Journal runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from demo.chain import funded_account
from seechain import Agreement, Registry
from tests.direct import connected
from tests.docs.test_readme import EXAMPLE, ROOT
from tools.anvil import running

PAGE = (ROOT / "docs" / "journal.md").read_text("utf-8")


def test_the_card_runs_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (card,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.S | re.M)
    acting, _, asking = card.partition("\nJournal(")
    done, hashes = f"Journal({asking}".splitlines()
    agreement = Agreement.load(EXAMPLE)
    with running() as url:
        w3 = connected(url)
        registry = Registry.deploy(w3, sender=funded_account(0))
        consents = [registry.sign(agreement, funded_account(number)) for number in (1, 2, 3)]
        see = registry.register(agreement, consents, sender=funded_account(0))
        names: dict[str, Any] = {"see": see, "client": funded_account(3)}
        for _ in range(2):
            exec(acting, names)
        assert see.received()["native"] == 3 * 10**18 // 2
        assert eval(done, names) is True
        (sent,) = eval(hashes, names)
        assert w3.eth.get_transaction_receipt(sent)["status"] == 1
