# pragma version 0.4.3
# pragma nonreentrancy on
# CVE-2026-114115: the narrower array is read as if it were the wider one.


@external
def told(yes: bool) -> uint256:
    narrow: DynArray[DynArray[uint256, 2], 2] = [[1, 2], [3, 4]]
    wide: DynArray[DynArray[uint256, 3], 2] = [[5, 6, 7], [8, 9, 10]]
    chosen: DynArray[DynArray[uint256, 3], 2] = narrow if yes else wide
    if len(chosen) < 2 or len(chosen[1]) == 0:
        return 0
    return chosen[1][0]
