# pragma version 0.4.3
"""
Pays a SEE; while the token tells it so (ERC-777), it has other money come there.
"""
token: address
see: address
amount: uint256


@external
def pay(token: address, see: address, call: Bytes[1024], amount: uint256):
    self.token = token
    self.see = see
    self.amount = amount
    raw_call(token, abi_encode(see, max_value(uint256), method_id=method_id("approve(address,uint256)")))
    raw_call(see, call)


@external
def tokensToSend(to: address, amount: uint256):
    coming: uint256 = self.amount
    self.amount = 0
    if coming > 0:
        raw_call(self.token, abi_encode(self.see, coming, method_id=method_id("transfer(address,uint256)")))
