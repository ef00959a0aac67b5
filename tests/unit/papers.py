"""Readers of what is written on paper: the tags and texts of HTML, and the lines of a PDF."""

from __future__ import annotations

import base64
import re
import zlib
from html.parser import HTMLParser

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</style></title></pre></main><h1>forged</h1>",
    "&lt;b&gt; & &#60;",
    "]]><![CDATA[ --> <!--",
    "\u202egnp.eciovni",
    "\x1b[31mred\x07\x00",
    "\ud800\ufffe\uffff",
    "<para><b>bold</b></para>&nbsp;<br/>",
    "javascript:alert(1)",
    "Zo\u0308e \u039d\u03af\u03ba\u03bf\u03c2 \u0414\u043c\u0438\u0442\u0440 \u05e2\u05d1 \u65e5",
    "x" * 1_200,
    "",
]


class Html(HTMLParser):
    """Collects tags, attributes and texts of a page, and what was left open."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "wbr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style" and data.strip("\n"):
            self.texts.append(data)


def pdf_lines(raw: bytes) -> list[str]:
    """The lines that reportlab wrote into a PDF, by the maps from its fonts' codes to letters."""
    return [text for _, text in pdf_runs(raw)]


def pdf_runs(raw: bytes) -> list[tuple[str, str]]:
    """What is drawn in one go, with the name of its font, as it stands from left to right."""
    objects = dict(re.findall(rb"(?m)^(\d+) 0 obj\s(.*?)endobj", raw, re.S))
    resources = re.search(rb"<<\s*((?:/F[\d+]+ \d+ 0 R\s*)+)>>", raw)
    assert resources
    fonts = {
        name: _font(objects, number)
        for name, number in re.findall(rb"/(F[\d+]+) (\d+) 0 R", resources[1])
    }
    runs = []
    for body in objects.values():
        if b"stream" not in body or b" Tf" not in (content := _stream(body)):
            continue
        font, codes = "", None
        for name, one, several in _SHOWN.findall(content):
            if name:
                font, codes = fonts[name]
                continue
            parts = re.findall(rb"\(((?:\\.|[^\\)])*)\)", several) if several else [one]
            data = b"".join(map(_unescaped, parts))
            if codes is None:
                runs.append((font, data.decode("utf-16-be")))
            else:
                runs.append((font, "".join(codes.get(code, chr(code)) for code in data)))
    return runs


_SHOWN = re.compile(
    rb"/(F[\d+]+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj|\[((?:\\.|[^\\\]])*)\] TJ", re.S
)


def _font(objects: dict[bytes, bytes], number: bytes) -> tuple[str, dict[int, str] | None]:
    """Its name, and the letter of each code; None where a code is a letter in UTF-16."""
    body = objects[number]
    named = re.search(rb"/BaseFont /(?:[A-Z]+\+)?([\w-]+)", body)
    assert named
    if b"-UCS2-H" in body:
        return named[1].decode(), None
    found = re.search(rb"/ToUnicode (\d+) 0 R", body)
    chars = re.findall(rb"<(..)> <([0-9A-F]{4,})>", _stream(objects[found[1]])) if found else []
    return named[1].decode(), {
        int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in chars
    }


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream")
    data = rest.rsplit(b"endstream", 1)[0].strip(b"\r\n")
    if b"ASCII85" in head:
        data = base64.a85decode(b"<~" + data, adobe=True)
    return zlib.decompress(data) if b"FlateDecode" in head else data


def _unescaped(text: bytes) -> bytes:
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return re.sub(
        rb"\\([0-7]{3}|.)",
        lambda found: (
            bytes([int(found[1], 8)]) if len(found[1]) == 3 else plain.get(found[1], found[1])
        ),
        text,
        flags=re.S,
    )
