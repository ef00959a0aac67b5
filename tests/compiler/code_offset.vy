# pragma version 0.4.3
# pragma nonreentrancy on
# CVE-2026-114118: an offset behind the blueprint's end wraps, and what is deployed has no code.


@external
def made(blueprint: address, offset: uint256) -> uint256:
    made: address = create_from_blueprint(blueprint, code_offset=offset)
    return made.codesize
