"""The bench of starts and of a registration: it measures what it says, and a miss is a sentence."""

from __future__ import annotations

from pathlib import Path

from bench import startup


def test_a_registration_is_split_into_the_chains_part_and_ours(tmp_path: Path) -> None:
    figures = startup.measure(times=1, registrations=2)
    found = figures["registration"]
    assert list(figures["starts"]) == ["bare Python", "`import seechain`", "`seechain --help`"]
    assert found["chain_ms"] > found["client_cpu_ms"] > 0
    assert found["own_ms"] > 0
    # Each is a way to the node and back; a receipt may be looked for more than once.
    assert 15 <= found["requests"] <= 23
    page = tmp_path / "page.md"
    page.write_text("<!-- startup: registration -->\nold\n<!-- end -->\n")
    startup.write_into(page, figures)
    written = page.read_text()
    assert f"| the chain's: {found['requests']:.0f} requests until their answers |" in written
    assert "old" not in written
    assert written.endswith("<!-- end -->\n")


def test_what_is_slower_than_it_should_be_is_a_sentence() -> None:
    def of(imported: float, helped: float, own: float) -> list[str]:
        starts = zip(startup.STARTS, (0.02, imported, helped), strict=True)
        figures = {
            "starts": {name: {"s": seconds} for name, seconds in starts},
            "registration": {"own_ms": own, "chain_ms": 30.0},
        }
        return startup.misses(figures)

    assert of(0.12, 0.15, 29.9) == []
    assert of(0.121, 0.151, 30.1) == [
        "`import seechain` takes 0.101 s, at most 0.1 s wanted",
        "`seechain --help` takes 0.151 s, at most 0.15 s wanted",
        "a registration takes 30.1 ms of ours and 30.0 ms of the chain's",
    ]
