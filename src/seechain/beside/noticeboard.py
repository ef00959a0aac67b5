"""The Noticeboard: appeals and records of SEEs, posted by those who have a voice.

board = Noticeboard.deploy(w3, sender=anyone)              # or Noticeboard(w3) where it stands
appeal = Notice.appeal(see.address, "Who can seal a quay wall?", until=until, shares=50)
board.post(see, appeal, sender=ada)                        # or member=ada, sender=anyone
board.notices(see)

offer = board.apply(listed, cleo, name="Cleo", text="I can.", shares=50)      # a file
next_ = board.admission(see, agreement, offer)             # then amend as ever
"""

from __future__ import annotations

from functools import partial
from typing import Any

from eth_hash.auto import keccak
from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.agreement import Agreement
from seechain.beside.notices import LONGEST, NAMES, Application, Listed, Notice
from seechain.chain import clones, genuine, interface
from seechain.chain.decoding import topic_of
from seechain.chain.deployer import deploy_beside
from seechain.chain.events import Posted
from seechain.chain.logs import read_events
from seechain.chain.node import ask, chain_id_of, now_of
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.records import deadline_at, deadline_of
from seechain.chain.reverts import (
    AlreadyEnded,
    AlreadyLeft,
    AlreadyPosted,
    NotRegistered,
    TooLate,
    WrongAgreement,
    WrongChain,
    WrongExpiry,
)
from seechain.consent import Consent, Kind
from seechain.consent.signatures import check_signer
from seechain.consent.signers import sign_typed_data
from seechain.consent.subjects import Posting
from seechain.errors import NoticeError, SignatureError
from seechain.see import SEE
from seechain.see.alone import account_of, authorised, of_consent
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.sending.tasks import once

_BOARD = interface.of("Noticeboard")
_POSTED = topic_of("Posted(address,address,bytes32,uint256,bytes32,string,uint256,uint256)")


class Noticeboard:
    """The Noticeboard of a Registry's SEEs; nobody owns it.

    Args:
        registry: the address of another Registry than this version's own.

    Raises:
        NotDeployed: it does not stand on this chain.
    """

    def __init__(self, w3: Web3, registry: str | None = None) -> None:
        self.w3 = w3
        self.registry = _registry(registry)
        self.address = clones.noticeboard_address(self.registry)
        code = clones.noticeboard_code(self.registry)
        genuine.check_beside(w3, "Noticeboard", self.address, code)
        self.receipts = Receipts()  # of the transactions that deployed it, where it was done here

    @classmethod
    def deploy(cls, w3: Web3, *, sender: Sender, registry: str | None = None) -> Noticeboard:
        """The Noticeboard at its known address; it is deployed first where it is missing.

        Raises:
            NoRegistry: the chain has no deterministic deployer. Else as `send`.
        """
        chosen = _registry(registry)
        address, code = clones.noticeboard_address(chosen), clones.noticeboard_init_code(chosen)
        act = partial(deploy_beside, w3, "the Noticeboard", address, code, sender)
        receipts = once(w3, "deploy", address, (), act)
        board = cls(w3, registry)
        board.receipts = receipts
        return board

    # ------------------------------------------------------------ posting

    def posting(
        self, see: SEE, notice: Notice, account: str, deadline: int | None = None
    ) -> Posting:
        """What an author signs, so that anyone posts its notice: for `see.sign`, or any wallet.

        Args:
            deadline: unix seconds; by default the end of the day, UTC, seven days from now.

        Raises:
            NotRegistered: the SEE is not, or at another Registry. NoticeError: the notice is of
                another SEE. SignatureError, AlreadyLeft, AlreadyEnded, WrongExpiry, AlreadyPosted:
                the account has no voice, or the notice can't be posted.
        """
        account = checksum(account_bytes(account))
        self._check(see, notice, account)
        now = now_of(self.w3)
        until = deadline_at(now) if deadline is None else deadline_of(deadline, now)
        return Posting(
            chain_id=chain_id_of(self.w3),
            registry=self.registry,
            deadline=until,
            account=account,
            board=self.address,
            see=see.address,
            what=notice.what,
            content=notice.content,
            uri=notice.uri,
            shares=notice.shares,
            until=notice.until,
        )

    def post(
        self,
        see: SEE,
        notice: Notice,
        *,
        sender: Sender,
        member: Sender | Consent | None = None,
    ) -> Receipt:
        """Posts a notice of a member with a voice; it counts once.

        Args:
            member: its author, where it is not the sender: an account that signs, or its consent
                to `posting`. A SEE that has a voice is one too, once its voices have endorsed that.

        Raises:
            As `posting`. BadSignature, TooLate: the consent does not count. Else as `send`.
        """
        author = sender if member is None else member
        key = notice.key(self.address, account_of(author))
        act = partial(self._post, see, notice, author, sender)
        return once(self.w3, "post", self.address, (key,), act)[-1]

    def _post(self, see: SEE, notice: Notice, author: Sender | Consent, sender: Sender) -> Receipts:
        if isinstance(author, Consent):
            said = of_consent(see, author, Kind.POSTING, Posting)
            self._check(see, notice, said.account)
            if said != self.posting(see, notice, said.account, said.deadline):
                raise SignatureError(
                    f"{see.named_text(said.account)} signed for another notice: sign again"
                )
        else:
            said = self.posting(see, notice, address_of(author))
        signature, sender = authorised(see, author, said, sender)
        table, terms, roll, currencies = see.in_force.preimage
        data = _BOARD.encode(
            "post",
            notice.fields,
            table,
            terms,
            roll,
            keccak(bytes(currencies)),  # type: ignore[call-overload]
            said.account,
            [each.account for each in see.in_force.roll].index(said.account),
            said.deadline,
            signature,
        )
        article = "an" if notice.what == "appeal" else "a"
        what = f"posting {article} {notice.what} of {see.address}"
        return Receipts([send(self.w3, Call(self.address, data, what, is_last=True), sender)])

    # ------------------------------------------------------------ reading

    def notices(self, see: SEE, first: int = 0, last: int | None = None) -> tuple[Listed, ...]:
        """The notices of a SEE that were posted in blocks `first` to `last` (the latest)."""
        wanted = [_POSTED, account_bytes(see.address).rjust(32, b"\0")]
        found = [
            event
            for event in read_events(self.w3, self.address, wanted, first, last)
            if isinstance(event, Posted) and event.what in NAMES
        ]
        if not found:
            return ()
        now, lives = now_of(self.w3), see.record.ended is None
        voices = {each.account for each in see.roll}
        return tuple(self._listed(event, now, lives, voices) for event in found)

    def notice(self, see: SEE, key: bytes) -> Listed:
        """The notice of a SEE with this key.

        Raises:
            NoticeError: there is none.
        """
        for listed in self.notices(see):
            if listed.key == key:
                return listed
        raise NoticeError(f"{see.address} has no notice 0x{key.hex()} on the board")

    def is_posted(self, notice: Notice, author: str) -> bool:
        """Whether a notice of this author stands on the board."""
        key = notice.key(self.address, checksum(account_bytes(author)))
        return bool(ask(self.w3, self.address, _BOARD, "posted", key))

    # ------------------------------------------------------------ applications

    def apply(
        self,
        appeal: Listed,
        account: Sender,
        *,
        name: str,
        text: str = "",
        shares: int | None = None,
        deadline: int | None = None,
    ) -> Application:
        """An outsider's signed answer to an appeal: a file for its author, nothing on chain.

        Args:
            account: who signs and would have the seat. shares: by default those that are offered.
            deadline: until when the offer stands, unix seconds; by default as of a consent.

        Raises:
            NoticeError: it is no appeal, or is over; or a field has a fault.
        """
        now = now_of(self.w3)
        if not appeal.is_open:
            raise NoticeError(f"0x{appeal.key.hex()} is no appeal that is open: look for another")
        fields = {
            "chain_id": chain_id_of(self.w3),
            "registry": self.registry,
            "see": appeal.notice.see,
            "appeal": appeal.key,
            "account": address_of(account),
            "name": name,
            "text": text,
            "shares": appeal.notice.shares if shares is None else shares,
            "deadline": deadline_at(now) if deadline is None else deadline_of(deadline, now),
        }
        made = Application.of(fields)
        return made.signed(sign_typed_data(self.w3, account, made.message))

    def check(self, application: Application, see: SEE) -> Listed:
        """Checks an application: signature, time, and that it answers an appeal of this SEE.

        Returns:
            The appeal.

        Raises:
            WrongChain, BadSignature, TooLate, NoticeError: it does not count.
        """
        if application.chain_id != chain_id_of(self.w3):
            raise WrongChain(
                f"the application of {application.account} is for chain {application.chain_id},"
                f" this is chain {chain_id_of(self.w3)}"
            )
        if (application.registry, application.see) != (self.registry, see.address):
            raise NoticeError(
                f"the application of {application.account} is for the SEE {application.see},"
                f" not {see.address}"
            )
        check_signer(self.w3, application.account, application)
        if application.deadline < now_of(self.w3):
            raise TooLate(
                f"the application of {application.account} stood until {application.deadline}"
                " (unix seconds), which is over: ask for another"
            )
        listed = self.notice(see, application.appeal)
        if listed.notice.what != "appeal":
            raise NoticeError(f"0x{listed.key.hex()} is a record, and nobody answers one")
        return listed

    def admission(
        self,
        see: SEE,
        agreement: Agreement,
        application: Application,
        *,
        shares: int | None = None,
        role: str = "contributor",
    ) -> Agreement:
        """The next agreement, with the applicant added: for the voices to sign as an amendment.

        Args:
            agreement: the one in force, which the chain knows by its hash.
            shares: of the applicant, where it is not what it asks for.

        Raises:
            As `check`. WrongAgreement: the agreement is not in force. NoticeError: it asks for
                more shares than the appeal offers, and `shares` does not say how many; or it has
                a seat. AgreementError: the next agreement has faults.
        """
        appeal = self.check(application, see)
        if agreement.commitment != see.commitment:
            raise WrongAgreement(
                f"the agreement is not the one in force of {see.address}: take that one"
            )
        wanted = application.shares if shares is None else shares
        if shares is None and wanted > appeal.notice.shares:
            raise NoticeError(
                f"{application.account} asks for {wanted} shares, the appeal offers"
                f" {appeal.notice.shares}: name the shares that it gets"
            )
        if application.account in agreement.table:
            raise NoticeError(f"{application.account} has a seat already: amend that")
        members = [dict(each) for each in agreement.members]
        known = [each for each in members if each["account"] == application.account]
        if known:
            known[0]["shares"] = wanted
        else:
            added: dict[str, Any] = {"name": application.name, "role": role, "shares": wanted}
            members.append({**added, "account": application.account})
        fields = {each: getattr(agreement, each) for each in Agreement.model_fields}
        return Agreement.model_validate({**fields, "members": members})

    # ------------------------------------------------------------ internals

    def _listed(self, event: Posted, now: int, lives: bool, voices: set[str]) -> Listed:
        what = NAMES[event.what]
        notice = Notice(event.see, what, event.content, event.uri, event.shares, event.until)
        return Listed(
            notice=notice,
            key=event.notice,
            author=event.author,
            block_number=event.block_number,
            transaction_hash=event.transaction_hash,
            is_open=what == "appeal" and lives and now < event.until,
            has_voice=event.author in voices,
        )

    def _check(self, see: SEE, notice: Notice, account: str) -> None:
        """Refuses what the contract would refuse, in words that say more."""
        if see.registry != self.registry:
            raise NotRegistered(
                f"{see.address} is of the Registry {see.registry}, this is the Noticeboard of"
                f" {self.registry}"
            )
        if notice.see != see.address:
            raise NoticeError(f"the notice is of {notice.see}, not {see.address}")
        record, who = see.record, see.named_text(account)
        roll = [each.account for each in see.in_force.roll]
        if account not in roll:
            raise SignatureError(f"{who} has no voice in this agreement, so it can't post")
        if record.left >> roll.index(account) & 1:
            raise AlreadyLeft(f"the voice of {who} has left, so it can't post")
        if notice.what == "appeal":
            if record.ended:
                raise AlreadyEnded(f"{see.address} has ended: it makes no appeal, records it does")
            now = now_of(self.w3)
            if not now < notice.until <= now + LONGEST:
                raise WrongExpiry(
                    f"an appeal is open until a time ahead, 366 days at most: it is {now}, got"
                    f" {notice.until} (unix seconds)"
                )
        if self.is_posted(notice, account):
            raise AlreadyPosted(f"{who} has posted this {notice.what} before")


def _registry(address: str | None) -> str:
    return clones.registry_address() if address is None else checksum(account_bytes(address))
