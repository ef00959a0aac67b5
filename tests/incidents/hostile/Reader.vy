# pragma version 0.4.3
"""
A member that, in the midst of being paid, asks somebody for a number and keeps the answer: its
last word.
"""
seen: public(uint256)
target: address
question: Bytes[512]


@external
def set(target: address, question: Bytes[512]):
    self.target = target
    self.question = question


@external
@payable
def __default__():
    success: bool = False
    answer: Bytes[96] = b""
    success, answer = raw_call(
        self.target,
        self.question,
        max_outsize=96,
        is_static_call=True,
        revert_on_failure=False,
    )
    if success and len(answer) >= 32:
        self.seen = extract32(answer, len(answer) - 32, output_type=uint256)
