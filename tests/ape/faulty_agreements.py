"""What makes of the example a faulty agreement, and the sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Callable

ADA = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


def _many_voices(text: str) -> str:
    one = '  - {{name: "Voice {0}", role: core, account: "0x{0:040x}", shares: 1, voices: 1}}\n'
    return text[: text.index("members:")] + "members:\n" + "".join(map(one.format, range(1, 66)))


FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "no shares in total": (
        lambda text: re.sub(r"shares: \d+", "voices: 2", text.replace(", voices: 1}", "}")).replace(
            'b906"}', 'b906", voices: 1}'
        ),
        r"line \d+: nobody has shares",
    ),
    "a negative share": (
        lambda text: text.replace("shares: 40", "shares: -40"),
        r"line \d+: member 1 'Ada': shares must be a whole number from zero up, got -40",
    ),
    "a fractional share": (
        lambda text: text.replace("shares: 40", "shares: 40.5"),
        r"line \d+: member 1 'Ada': shares must be a whole number .*40\.5",
    ),
    "a share of zero": (
        lambda text: text.replace("shares: 20}", "shares: 0}"),
        r"line \d+: member 4 'Cleo': a member needs shares, voices or both",
    ),
    "an account twice": (
        lambda text: text.replace("0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65", ADA),
        rf"line \d+: member 4 'Cleo': account {ADA} is that of member 1 too",
    ),
    "the zero account": (
        lambda text: text.replace(ADA, "0x" + "00" * 20),
        r"line \d+: member 1 'Ada': account is the zero address",
    ),
    "a mistyped account": (
        lambda text: text.replace(ADA, ADA.replace("70997970C", "70997970c")),
        r"line \d+: member 1 'Ada': .*0x70997970c51812",
    ),
    "an unknown field": (
        lambda text: text.replace("quorum:", "qorum: 1/2\nquorum:"),
        r"line \d+: the field 'qorum' is not known",
    ),
    "an unknown field of a member": (
        lambda text: text.replace("shares: 40", "share: 40"),
        r"line \d+: member 1 'Ada': the field 'share' is not known",
    ),
    "a quorum of zero": (
        lambda text: text.replace("quorum: 2/3", "quorum: 0"),
        r"line \d+: quorum must be .*0",
    ),
    "a quorum above 1": (
        lambda text: text.replace("quorum: 2/3", "quorum: 4/3"),
        r"line \d+: quorum must be .*4/3",
    ),
    "an expiry in the past": (
        lambda text: text.replace("2027-12-31", "2020-12-31"),
        r"line \d+: expires must be ahead of today, .*2020-12-31",
    ),
    "no voice": (
        lambda text: text.replace('b906", voices', 'b906", shares').replace(", voices: 1", ""),
        r"line \d+: .*voice",
    ),
    "65 voices": (_many_voices, r"line \d+: .*65.*voice|voice.*65"),
}
