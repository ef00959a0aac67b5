"""QR codes are read back by a reader that is not ours, as each of the three shows them."""

from __future__ import annotations

import io
import re

import numpy
import pytest
import resvg_py
import zxingcpp
from PIL import Image

from seechain.payment_requests import qr

URI = (
    "ethereum:0x70997970C51812dc3A010C7d01b50e0d17dc79C8@1/pay"
    f"?address=0x{'00' * 20}&uint256=1.5e18&bytes32=0x{'ab' * 32}&value=1.5e18"
)
TEXTS = ("ethereum:0x70997970C51812dc3A010C7d01b50e0d17dc79C8@1?value=1.5e18", URI, "Märkte <b>")


def read(image: numpy.ndarray) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    assert str(found.format) == "QRCode" or "QR" in str(found.format)
    assert found.ec_level == "M"
    return str(found.text)


def grey(raw: bytes) -> numpy.ndarray:
    return numpy.array(Image.open(io.BytesIO(raw)).convert("L"))


@pytest.mark.parametrize("text", TEXTS)
def test_a_png_reads_back(text: str) -> None:
    image = grey(qr.png(text))
    assert read(image) == text
    assert (image[: qr.QUIET * qr.SCALE] == 255).all()  # the quiet zone
    assert (image[:, -qr.QUIET * qr.SCALE :] == 255).all()


@pytest.mark.parametrize("text", TEXTS)
def test_an_svg_reads_back(text: str) -> None:
    drawn = qr.svg(text)
    assert "<script" not in drawn
    assert read(grey(bytes(resvg_py.svg_to_bytes(svg_string=drawn)))) == text


def shown(lines: str, ink: int, paper: int) -> numpy.ndarray:
    """What a terminal shows of half blocks: `ink` for the letter's colour, `paper` behind it."""
    halves = {" ": (paper, paper), "▀": (ink, paper), "▄": (paper, ink), "█": (ink, ink)}
    rows = []
    for line in lines.split("\n"):
        rows.append([halves[letter][0] for letter in line])
        rows.append([halves[letter][1] for letter in line])
    return numpy.kron(numpy.array(rows, dtype=numpy.uint8), numpy.ones((6, 6), numpy.uint8))


@pytest.mark.parametrize("text", TEXTS)
def test_a_terminal_shows_it_black_on_white_whatever_its_theme(text: str) -> None:
    drawn = qr.terminal(text)
    escapes = re.compile("\x1b\\[[0-9;]*m")
    for line in drawn.split("\n"):  # each says its colours, and takes them back
        assert escapes.findall(line) == ["\x1b[38;5;16;48;5;231m", "\x1b[0m"]
    assert read(shown(escapes.sub("", drawn), ink=0, paper=255)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_without_colours_it_is_for_light_letters_on_a_dark_ground(text: str) -> None:
    drawn = qr.terminal(text, colours=False)
    assert "\x1b" not in drawn
    assert read(shown(drawn, ink=255, paper=0)) == text
