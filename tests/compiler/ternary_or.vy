# pragma version 0.4.3
# pragma nonreentrancy on
# CVE-2026-114117: the arm compiles to 1.


@external
@payable
def told(yes: bool) -> uint256:
    return msg.value | 2 if yes else 5
