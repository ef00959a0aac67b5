# pragma version 0.4.3
# pragma nonreentrancy on
# CVE-2023-40015: the second argument is evaluated before the first.

count: uint256


@external
def told(yes: bool) -> uint256:
    self.count = 10
    return unsafe_sub(self._bumped(), self.count)


@internal
def _bumped() -> uint256:
    self.count += 1
    return self.count
