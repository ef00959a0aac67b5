# pragma version 0.4.3
"""
Does a list of calls whenever it is called by a function that it does not know, as when it is
paid, asked before its token moves, or told so; and says yes to all signatures (ERC-1271).
"""
struct Step:
    to: address
    data: Bytes[2048]

steps: DynArray[Step, 6]
passed: public(DynArray[bool, 6])
busy: transient(bool)


@external
def teach(steps: DynArray[Step, 6]):
    self.steps = steps


@external
@payable
def __default__():
    if self.busy:
        return
    self.busy = True
    passed: DynArray[bool, 6] = []
    for step: Step in self.steps:
        passed.append(raw_call(step.to, step.data, revert_on_failure=False))
    self.passed = passed
    self.busy = False


@external
def forge(first: bytes32, second: bytes32, third: bytes32, fourth: bytes32, data: Bytes[96]):
    raw_log([first, second, third, fourth], data)


@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[1024]) -> bytes4:
    return 0x1626ba7e
