"""The card of the README, as it stands there: run by exec, with w3, deployer, voices, facilitator,
client, ada, anyone and usdc as its names."""

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
"""  # noqa: E501
