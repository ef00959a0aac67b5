"""A SEE: a Splitter under an agreement, which its voices can change and end.

see = SEE(w3, address)                 # recovered from the chain alone
see.members                            # .account .shares .voices
amendment = see.amendment(next_agreement)
see.amend(next_agreement, [see.sign(amendment, account) for account in voices], sender=anyone)
see.leave(ada)                         # or with sender=anyone: ada signs, anyone pays the gas
see.redirect(ada, wallet)
see.share_seat(ada, cleo.address, "1/4")
end = see.deregistration()
see.deregister([see.sign(end, account) for account in voices], sender=anyone)
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from typing import Any

from seechain.accounts import account_bytes, checksum
from seechain.agreement import Agreement
from seechain.agreement.changes import Changes, compare
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import interface
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import CurrencyFailed
from seechain.consent import Consent
from seechain.consent.subjects import (
    Amendment,
    Deregistration,
    Endorsement,
    Leaving,
    Publication,
    Redirection,
    Subject,
)
from seechain.see import alone, arrears, deciding, flow, sharing
from seechain.see.cascade import Cascade
from seechain.see.recovered import Recovered
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.sending.tasks import settled
from seechain.splitter import Splitter, payments

_SEE = interface.of("SEE")


class SEE(Recovered):
    """A SEE, found by its address; all else is recovered from the chain when needed.

    Args:
        table: the share table, where it is at hand or was never published.
        names: of members by account, for messages; the chain knows accounts only.

    Raises:
        AccountError: the address is none.
        NotSeechain: no SEE stands there that a Registry has deployed.
        WrongTable: the table that was given is of no version of it.
    """

    # ------------------------------------------------------------ money, of all versions

    def due(self, account: str | None = None) -> dict[str, int]:
        """What is due of all versions to a member, or to all together, by currency.

        In smallest units. A token that can't be read is left out.

        Raises:
            AccountError, ShareTableError: the account is none, or never had a seat.
        """
        return arrears.due(self, account)

    def claim(self, account: str, currency: str | None = None, *, sender: Sender) -> Receipts:
        """Pays a member what is due to it of all versions, in one transaction.

        As `Splitter.claim`. It joins on the way, in the version in force too.
        """
        act = partial(arrears.claim, self, account, currency, sender)
        return self.once("claim", (account, currency), act)

    def payout(
        self,
        currency: str | None = None,
        *,
        sender: Sender,
        pages: Iterable[int] | None = None,
    ) -> Receipts:
        """Pays everyone what is due, also those who left, and what closed versions owe.

        As `Splitter.payout`. pages: only these, of the version in force, and no more than they
        are due: what closed versions owe is then left to claims.
        """
        if pages is not None:
            return super().payout(currency, sender=sender, pages=pages)
        return self.once("payout", (currency,), partial(arrears.payout, self, currency, sender))

    def cascade(self, currency: str | None = None, *, known: Iterable[Splitter] = ()) -> Cascade:
        """What a payout through all levels would do: SEEs that are members, shared seats, people.

        Nothing is sent until the plan is run.

        Args:
            currency: one, by default all of its agreements.
            known: SEEs and Splitters below whose share tables are at hand: those that were not
                published, are not registered, or were created with a salt.

        Raises:
            NotPublished, NotRegistered: its own share table can't be recovered.
            TokenError: the currency that is named is no token.
        """
        settled(self.w3)
        return flow.find(self, currency, known)

    def pay(
        self,
        amount: int | str,
        *,
        sender: Sender,
        currency: str | None = None,
        memo: str | bytes | None = None,
        version: int | None = None,
    ) -> Receipts:
        """Pays in, as `Splitter.pay`, to those who are members now.

        Args:
            version: of a late invoice: the money goes to those who did the work then.

        Raises:
            WrongVersion: the agreement changed since you looked, so that others would be paid.
        """
        options = (address_of(sender), amount, currency, memo, version)
        with self.as_seen() as seen:
            act = partial(payments.pay_version, self, amount, currency, memo, sender, seen, version)
            return self.once("pay", options, act)

    def touch(self, currency: str, leavers: Iterable[str] = (), *, sender: Sender) -> Receipt:
        """Closes the book of a token that could not be read when an agreement came into force,
        or takes members out of it who left then. Anyone may.

        Raises:
            CurrencyFailed: it still can't be read. NotLeft, ShareTableError: a member has not.
        """
        (currency,) = self.named(currency)
        if currency == NATIVE:
            raise CurrencyFailed("the native coin is never left behind: touch tokens only")
        accounts = [checksum(account_bytes(each)) for each in leavers]
        keys = [self.table.index(each) << 160 | int(each, 16) for each in accounts]
        data = _SEE.encode("touch", currency_address(currency), keys)
        call = Call(self.address, data, f"touching {currency}", is_last=True)
        act = partial(self._send, call, sender)
        return self.once("touch", (currency, *accounts), act)[-1]

    def _send(self, call: Call, sender: Sender) -> Receipts:
        return Receipts([send(self.w3, call, sender)])

    # ------------------------------------------------------------ decisions of the voices

    def sign(self, subject: Subject, account: Sender) -> Consent:
        """The consent of an account to what it decides. account: as for `Registry.sign`.

        Raises:
            SignatureError: the account has no voice, or does not sign.
        """
        return deciding.sign(self, subject, account)

    def message(self, subject: Subject, account: str) -> dict[str, Any]:
        """The typed data (EIP-712) that an account signs: JSON for any wallet."""
        return subject.message(checksum(account_bytes(account)))

    def consent(self, subject: Subject, account: str, signature: bytes) -> Consent:
        """The consent of an account from the signature that its wallet made under `message`.

        Raises:
            SignatureError: the account has no voice in this, or it is about something else.
        """
        return deciding.consent(self, subject, account, signature)

    def changes(self, agreement: Agreement) -> Changes:
        """What an amendment would change, for everybody: old and new side by side."""
        return compare(self, agreement)

    def amendment(self, agreement: Agreement, deadline: int | None = None) -> Amendment:
        """What the voices sign to put the next agreement in force.

        Args:
            deadline: unix seconds; by default the end of the day, UTC, seven days from now.

        Raises:
            NotRegistered, AlreadyEnded: it can't be amended. AgreementError: the agreement's
                text and table differ, or it has expired.
        """
        return deciding.amendment(self, agreement, deadline)

    def amend(
        self,
        agreement: Agreement,
        consents: Iterable[Consent],
        *,
        sender: Sender,
        publish: bool | None = None,
    ) -> Receipts:
        """Puts the next agreement in force by the quorum of the live voices.

        What was earned before stays owed under the old table, for ever. publish: as
        `Registry.register`.

        Raises:
            NotRegistered, AlreadyEnded, AgreementError: as `amendment`. NoQuorum: too few voices
                signed. WrongChain, TooLate, BadSignature, SignatureError: a consent does not
                count; names the member. Else as `send`.
        """
        return deciding.amend(self, agreement, consents, sender, publish)

    def deregistration(self, deadline: int | None = None) -> Deregistration:
        """What the voices sign to end it. deadline: as `amendment`.

        Raises:
            NotRegistered, AlreadyEnded: it can't be ended.
        """
        return deciding.deregistration(self, deadline)

    def deregister(self, consents: Iterable[Consent], *, sender: Sender) -> Receipt:
        """Ends it by the quorum of its voices. What was earned can be claimed for ever.

        Raises:
            NotRegistered, AlreadyEnded: it can't be ended. Else as `amend`.
        """
        return self.once("deregister", (), partial(deciding.deregister, self, consents, sender))[-1]

    def expire(self, *, sender: Sender) -> Receipt:
        """Ends it seven days after its agreement expired. Anyone may.

        Raises:
            NotRegistered, AlreadyEnded: it can't be ended. NotExpired: it is too early.
        """
        return self.once("expire", (), partial(deciding.expire, self, sender))[-1]

    def endorsement(self, subject: Subject, member: str | None = None) -> Endorsement:
        """What its voices sign so that this SEE signs a message, as a member of another.

        Args:
            subject: what the other SEE, or the Registry, gives to its members to sign.
            member: for whom it is signed, where this SEE is a voice of a SEE that is one.

        Raises:
            WrongMessage: a SEE does not redirect its money.
        """
        return deciding.endorsement(self, subject, member)

    def endorse(
        self, endorsement: Endorsement, consents: Iterable[Consent], *, sender: Sender
    ) -> Receipt:
        """Signs for this SEE; then `sign(subject, this_see)` of the other one gives its consent.

        Raises: as `amend`.
        """
        act = partial(deciding.endorse, self, endorsement, consents, sender)
        return self.once("endorse", (endorsement.member, endorsement.subject), act)[-1]

    # ------------------------------------------------------------ what a member does alone

    def leaving(
        self, account: str, *, seat: bool | None = None, voice: bool | None = None
    ) -> Leaving:
        """What a member signs to leave; by default with all that it has."""
        return alone.leaving(self, account, seat, voice)

    def leave(
        self,
        member: Sender | Consent,
        *,
        seat: bool | None = None,
        voice: bool | None = None,
        sender: Sender | None = None,
    ) -> Receipts:
        """A member gives up its seat, its voice, or by default both, in the version in force.

        What was due to it stays owed; the others' parts of what comes rise in proportion. With
        its last voice the SEE ends.

        Args:
            member: an account that sends, or signs where a `sender` is given who pays the gas;
                or its consent to `leaving`.

        Raises:
            AlreadyLeft: it did. LastShare: all that comes would be nobody's.
            ShareTableError, SignatureError: it has no such seat, or no voice.
        """
        act = partial(alone.leave, self, member, seat, voice, sender)
        return self.once("leave", (alone.account_of(member), seat, voice), act)

    def redirection(self, account: str, to: str) -> Redirection:
        """What a member signs so that its money goes elsewhere."""
        return alone.redirection(self, account, to)

    def redirect(
        self, member: Sender | Consent, to: str | None = None, *, sender: Sender | None = None
    ) -> Receipts:
        """A member's money goes elsewhere from now on, in all versions and currencies.

        Args:
            member: as `leave`; its consent to `redirection` names the address itself.
            to: an address; the member's own ends the redirect.

        Raises:
            ShareTableError: it has no seat. WrongAccount: to nobody, or to the SEE itself.
        """
        return alone.redirect(self, member, to, sender)

    def share_seat(
        self,
        member: Sender,
        contributor: str,
        part: str | Fraction,
        *,
        sender: Sender | None = None,
    ) -> Splitter:
        """A member gives a contributor a part of its own seat, and asks nobody.

        A Splitter of the two is created, and the member's money redirected there. Nobody else's
        part moves. The member can undo it for what comes: it may redirect its money again. What
        the Splitter has received stays split.

        Args:
            part: the contributor's, as "1/4" or a Fraction, above 0 and below 1.
            sender: who pays the gas; the member signs. By default the member.
        """
        return sharing.share_seat(self, member, contributor, part, sender)

    def publication(self, account: str, uri: str) -> Publication:
        """What an account signs to say where the readable agreement is found."""
        return alone.publication(self, account, uri)

    def locate(
        self, uri: str, *, sender: Sender, member: Sender | Consent | None = None
    ) -> Receipt:
        """Says on chain where the readable agreement, or a large table, is found. Anyone may.

        member: who says so, where it is not the sender: an account that signs, or its consent.

        Raises:
            NotRegistered: it is not. AgreementError: the URI is longer than 256 bytes.
        """
        act = partial(alone.locate, self, uri, sender, member)
        return self.once("locate", (uri, alone.account_of(member or sender)), act)[-1]
