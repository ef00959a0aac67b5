"""What was recorded of the peers in 2026-11, by the same rules, and can't be fetched now.

0xSplits v2.2 (solc 0.8.23, via IR, 5,000,000 runs) and v1 (0.8.4, 200 runs) are not in the npm
registry. For each row the best of all peers was recorded; OZ is the best of OpenZeppelin's
settings, with Multicall3 where many claims are one transaction.
"""

from __future__ import annotations

from bench.peers.figures import COMPUTED, RECORDED, Figure

SIZES = (2, 5, 10, 20, 50, 100, 500)
V1, V2 = "0xSplits v1", "0xSplits v2.2"
OZ = "OpenZeppelin"

_SERIES: tuple[tuple[str, str, dict[int, int]], ...] = (
    (
        "create.published",
        V1,
        dict(
            zip(SIZES, (100_749, 104_528, 110_810, 123_132, 160_531, 223_199, 736_940), strict=True)
        ),
    ),
    (
        "create.changeable",
        V1,
        dict(
            zip(SIZES, (123_194, 126_973, 133_255, 145_577, 183_000, 245_644, 759_517), strict=True)
        ),
    ),
    ("pay.native", V2, dict.fromkeys(SIZES, 22_038)),
    (
        "push.native",
        V2,
        dict(
            zip(
                SIZES,
                (77_614, 109_919, 163_742, 271_148, 593_698, 1_131_305, 5_435_682),
                strict=True,
            )
        ),
    ),
    (
        "push.erc20",
        V2,
        dict(
            zip(
                SIZES,
                (96_159, 126_926, 178_195, 280_486, 588_071, 1_101_476, 5_245_199),
                strict=True,
            )
        ),
    ),
    ("selfclaims.native", V1, {100: 4_484_589, 500: 22_181_148}),
    ("selfclaims.erc20", V1, {50: 2_817_242, 100: 5_546_021, 500: 27_399_316}),
    (
        "replace",
        V1,
        dict(zip(SIZES, (35_156, 38_936, 45_229, 57_539, 94_911, 157_624, 672_690), strict=True)),
    ),
)
FIGURES = tuple(
    Figure(row, members, name, gas, RECORDED)
    for row, name, series in _SERIES
    for members, gas in series.items()
)

# Of what is measured here too: how near this run is to what was recorded.
AGREEING: tuple[tuple[str, str, dict[int, int]], ...] = (
    ("claim.native.steady", OZ, dict.fromkeys(SIZES, 44_995)),
    ("claim.native.own_first", OZ, dict.fromkeys(SIZES, 62_095)),
    ("claim.native.split_first", OZ, dict.fromkeys(SIZES, 79_195)),
    ("claim.native.third_party", OZ, dict.fromkeys(SIZES, 47_495)),
    ("claim.erc20.steady", OZ, dict.fromkeys(SIZES, 56_274)),
    (
        "selfclaims.native",
        OZ,
        dict(zip(SIZES[:5], (112_363, 247_336, 472_311, 922_261, 2_272_075), strict=True)),
    ),
    (
        "selfclaims.erc20",
        OZ,
        dict(zip(SIZES[:4], (146_833, 315_655, 597_013, 1_159_729), strict=True)),
    ),
    (
        "claims.native",
        f"{OZ} + Multicall3",
        dict(
            zip(
                SIZES,
                (97_176, 162_292, 270_818, 487_623, 1_138_969, 2_224_224, 10_911_949),
                strict=True,
            )
        ),
    ),
    (
        "claims.erc20",
        f"{OZ} + Multicall3",
        dict(
            zip(
                SIZES,
                (119_352, 188_926, 304_826, 536_415, 1_232_137, 2_391_468, 11_671_921),
                strict=True,
            )
        ),
    ),
    ("create.changeable", "Superfluid", {2: 867_799, 10: 2_661_591, 100: 23_055_213}),
)
MOST_BY_GAS, MOST_BY_BYTES = 8_955, 2_040  # members of one creation by 0xSplits v1

MONTHS = 12


def lives() -> list[Figure]:
    """Whole lives of 0xSplits, added up from recorded rows.

    A lower bound: months are steady from the first, and what v2.2 costs to create was not
    recorded, so that v1's creation, which is less, stands for it.
    """
    known = {(each.row, each.members, each.contender): each.gas for each in FIGURES}
    made = []
    for members in (10, 100):
        created = known["create.published", members, V1]
        for kind in ("native", "erc20"):
            for manner, row, name in (("push", "push", V2), ("pull", "selfclaims", V1)):
                month = known.get((f"{row}.{kind}", members, name))
                if month is not None:
                    gas = created + MONTHS * month
                    made.append(Figure(f"life.{manner}.{kind}", members, name, gas, COMPUTED))
    return made
