"""Sharing a seat: a member gives a contributor a part of its own, and asks nobody."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from seechain.accounts import account_bytes, checksum
from seechain.chain.receipts import Receipts
from seechain.chain.reverts import WrongMessage
from seechain.errors import ShareTableError
from seechain.sending.senders import Sender, address_of
from seechain.sending.tasks import doing, joined
from seechain.splitter import claims

if TYPE_CHECKING:
    from seechain.see import SEE
    from seechain.splitter import Splitter

_MOST = 2**48 - 1


def share_seat(
    see: SEE, member: Sender, contributor: str, part: str | Fraction, sender: Sender | None
) -> Splitter:
    """See `SEE.share_seat`."""
    from seechain.registry import Registry

    account, other = address_of(member), checksum(account_bytes(contributor))
    if account == other:
        raise ShareTableError(f"{see.named_text(account)} can't share its seat with itself")
    theirs = _part(part)
    # Before a Splitter is made for nothing.
    if hasattr(member, "endorsement"):
        raise WrongMessage(f"{account} can't share its seat: {WrongMessage.sentence}")
    claims.seat_of(see, account)
    seats = [(account, theirs.denominator - theirs.numerator), (other, theirs.numerator)]
    payer = member if sender is None else sender
    with doing(see.w3, "share", see.address, account, other, theirs) as earlier:
        wanted = see.redirected(account)
        splitter = Registry(see.w3, see.registry).create_splitter(seats, sender=payer)
        redirected = (
            Receipts()
            if wanted == splitter.address
            else see.redirect(member, splitter.address, sender=sender)
        )
        splitter.receipts = joined(earlier.receipts, [*splitter.receipts, *redirected])
        return splitter


def _part(part: str | Fraction) -> Fraction:
    try:
        # By way of text: a float is not what it looks like, and no tenth is 0.1.
        read = Fraction(str(part))
    except (ValueError, ZeroDivisionError):
        raise ShareTableError(f'a part is written like "1/4", got {part!r}') from None
    if not 0 < read < 1:
        raise ShareTableError(f"a part is above 0 and below 1, got {part}")
    if read.denominator > _MOST:
        raise ShareTableError(f"a part of at most {_MOST} shares can be had, got {part}: round it")
    return read
