# pragma version 0.4.3
# pragma nonreentrancy on
"""
The checks of modules/consent.vy, asked about a digest of the caller's choice: see asked.py.
"""
from contracts.modules import consent


@external
@view
def alone(account: address, digest: bytes32, signature: Bytes[1024]):
    consent._check_alone(self, account, empty(bytes32), digest, max_value(uint256), signature)


@external
@view
def counted(digest: bytes32, roll: Bytes[2048], signatures: Bytes[5120]) -> (uint256, uint256):
    return consent._count(empty(bytes32), digest, max_value(uint256), roll, signatures, 0)
