"""revm, as npm's anvil runs it: one node, that goes back to its genesis for each scenario."""

from __future__ import annotations

import gzip
import http.client
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from campaign.evms.roots import Roots
from tools.anvil import running

NAME = "revm (anvil)"
OPTIONS = (
    "--chain-id 1 --hardfork prague --accounts 0 --number 0 --disable-default-create2-deployer"
)
WITHIN = 60  # seconds, for one answer


def missing() -> str:
    """Why it can't run here; nothing where it can."""
    return "" if shutil.which("anvil") else "anvil was not found: make setup"


def version() -> str:
    said = subprocess.run(["anvil", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2].split("-")[0]


def run_all(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What comes of scenarios, as scenario.py describes it."""
    return [run(request) for request in requests]


def run(request: dict[str, Any]) -> dict[str, Any]:
    """One scenario on a node of its own: no node can be made to forget its genesis."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "genesis.json")
        path.write_text(json.dumps(_genesis(request)), encoding="utf-8")
        limit = str(request["block"]["gas_limit"])
        with running(*OPTIONS.split(), "--gas-limit", limit, "--init", str(path)) as url:
            node = Node(url)
            try:
                return _play(node, request)
            finally:
                node.close()


def _genesis(request: dict[str, Any]) -> dict[str, Any]:
    block = request["block"]
    return {
        "config": {"chainId": block["chain_id"]},
        "nonce": "0x0",
        "timestamp": hex(request["steps"][0]["timestamp"] - 1),
        "extraData": "0x",
        "gasLimit": hex(block["gas_limit"]),
        "difficulty": "0x0",
        "mixHash": block["prev_randao"],
        "coinbase": block["coinbase"],
        "baseFeePerGas": hex(block["base_fee"]),
        "alloc": {
            account: {
                "balance": hex(int(each["balance"])),
                "nonce": hex(each["nonce"]),
                **({"code": "0x" + each["code"]} if each["code"] else {}),
            }
            for account, each in request["genesis"].items()
        },
    }


def _play(node: Node, request: dict[str, Any]) -> dict[str, Any]:
    block = request["block"]
    for account in node.ask("eth_accounts"):
        node.ask("anvil_setBalance", account, "0x0")
    node.ask("anvil_setCoinbase", block["coinbase"])
    roots = Roots()
    steps = [_step(node, roots, block, step) for step in request["steps"]]
    return {"steps": steps, "end": {each: roots.found.get(each) for each in request["watch"]}}


def _step(node: Node, roots: Roots, block: dict[str, Any], step: dict[str, Any]) -> dict[str, Any]:
    node.ask("anvil_setNextBlockBaseFeePerGas", hex(block["base_fee"]))
    node.ask("evm_setNextBlockTimestamp", hex(step["timestamp"]))
    sent = node.ask("eth_sendRawTransaction", step["raw"])
    while not (receipt := node.ask("eth_getTransactionReceipt", sent)):
        time.sleep(0.002)  # mined at once, but not always by the time of the answer
    mined = node.ask("eth_getBlockByNumber", receipt["blockNumber"], False)
    environment = [int(mined[each], 16) for each in ("number", "timestamp", "baseFeePerGas")]
    wanted = [step["number"], step["timestamp"], block["base_fee"]]
    assert environment == wanted, f"anvil's block is {environment}, not {wanted}"
    assert mined["miner"] == block["coinbase"].lower()
    root = roots.follow(node.accounts())
    trace = node.ask("debug_traceTransaction", sent, {"tracer": "callTracer"})
    return {
        "status": int(receipt["status"], 16),
        "gas": int(receipt["gasUsed"], 16),
        "output": trace.get("output", "0x"),
        "logs": [[log["address"], log["topics"], log["data"]] for log in receipt["logs"]],
        "state_root": root,
        "accounts": {each: roots.found.get(each) for each in step["watch"]},
    }


class Node:
    """JSON-RPC over one connection."""

    def __init__(self, url: str) -> None:
        self.http = http.client.HTTPConnection(url.removeprefix("http://"), timeout=WITHIN)

    def ask(self, method: str, *params: Any) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        self.http.request("POST", "/", body, {"Content-Type": "application/json"})
        answer = json.loads(self.http.getresponse().read())
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def accounts(self) -> dict[str, Any]:
        """All of its accounts with all slots, since its own roots can't be used (roots.py)."""
        dumped = gzip.decompress(bytes.fromhex(self.ask("anvil_dumpState")[2:]))
        return dict(json.loads(dumped)["accounts"])

    def close(self) -> None:
        self.http.close()
