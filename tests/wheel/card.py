"""The card of the README, as it stands there, and what it is run with."""

# ruff: noqa: E501
CARD = """\
from seechain import Agreement, Registry, SEE

agreement = Agreement.load("night-market.yaml")
registry = Registry.deploy(w3, sender=deployer)            # or Registry(w3) where one is known
consents = [registry.sign(agreement, account) for account in voices]
see = registry.register(agreement, consents, sender=facilitator)

see.pay("1.5 ether", memo="INV-7", sender=client)          # or see.pay(250_000_000, currency=usdc.address, …), which approves what is missing
see.due(ada.address)                                       # {"native": 600000000000000000, …}, units by currency
see.claim(ada.address, sender=anyone)                      # all currencies; currency=… for one
see.payout(sender=anyone)                                  # all pages and currencies; currency=… for one; receipts: .gas_used .transaction_hash .events
end = see.deregistration()
see.deregister([see.sign(end, account) for account in voices], sender=anyone)

SEE(w3, see.address).members                               # .account .shares .voices, recovered from the chain alone
"""

AGREEMENT = """\
name: Night Market
terms: |
  We run a night market on the quay.
currencies: [native]
quorum: 2/3
expires: {expires}
members:
  - {{name: Ada, account: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", role: core, shares: 40, voices: 1}}
  - {{name: Ben, account: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", role: core, shares: 35, voices: 1}}
  - {{name: Port of Delft, account: "0x90F79bf6EB2c4f870365E785982E1f101E93b906", role: client, voices: 1}}
  - {{name: Cleo, account: "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65", role: co-creator, shares: 20}}
  - {{name: Desk, account: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", role: facilitator, shares: 5}}
"""

MNEMONIC = "test test test test test test test test test test test junk"
