"""Tables are put in their places, and nothing else of a document is touched."""

from __future__ import annotations

from pathlib import Path

from bench.tables import aligned, markdown, put

TABLE = [("act", "gas"), ("pay", "22,060"), ("claim again", "7")]


def test_a_table_for_a_document_and_for_a_terminal() -> None:
    assert (
        markdown(TABLE) == "| act | gas |\n| --- | --: |\n| pay | 22,060 |\n| claim again | 7 |\n"
    )
    assert aligned(TABLE) == "act             gas\npay          22,060\nclaim again       7"


def test_what_has_no_place_or_no_end_is_left(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    put(page, "scale", {"one": "text\n"})
    assert not page.exists()
    prose = "a\n<!-- scale: one -->\nold\n<!-- end -->\nb\n<!-- scale: two -->\nkept\n"
    page.write_text(prose + "<!-- bench: one -->\n<!-- end -->\n")
    for _ in range(2):
        put(page, "scale", {"one": "\\1 new\n", "two": "lost\n", "three": "lost\n"})
        assert page.read_text() == (
            prose.replace("old", "\\1 new") + "<!-- bench: one -->\n<!-- end -->\n"
        )
