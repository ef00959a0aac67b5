"""A token that calls back: from where it can, and into what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth_hash.auto import keccak

from tests.hostile_tokens.acts import TOUCH, Acts, second_shares
from tests.hostile_tokens.kinds import BY_NAME
from tests.hostile_tokens.pots import LATE
from tests.hostile_tokens.stage import ELSEWHERE, GAS, PEOPLE, THIEF, VOICES
from tests.properties import agreement as a
from tests.properties.books_model import Seat
from tests.properties.life_world import REDIRECT, Clone
from tests.properties.stage import CLAIM_VERSIONS
from tests.properties.world import ANYONE, PAYER, REGISTER, ZERO, calldata

REDIRECTED = "Redirect(address see,address to,uint256 times)"
REDIRECTION = f"Redirection(address account,Redirect redirect,uint256 deadline){REDIRECTED}"
TURN = "turn(bool,address,address)"
Call = tuple[str, bytes]  # to whom, and what


class Scene(Acts):
    """A SEE in its second version that has received everything, some of it late."""

    def __init__(self, chain: Any, when_asked: bool, pages: int) -> None:
        name = "re-enters in a balance" if when_asked else "re-enters in a transfer"
        super().__init__(chain, BY_NAME[name], fillers=30 if pages == 2 else 0)
        self.pages = pages
        self._pay_all(10_007)
        self.join(VOICES[0])
        self.amend(second_shares(self))
        self._pay_all(20_011)
        for currency in (ZERO, self.good, self.bad):
            self.pay_late(currency, 4_001, 0)
        for account in (VOICES[0], PEOPLE[1], PEOPLE[3]):
            self.join(account)
        self.claim_versions("", 0, [self.bad])
        self.pay_late(self.bad, 4_001, 0)
        self.leave(PEOPLE[3])
        self._pay_all(7_001)
        self.join(PEOPLE[2])
        assert not self.refused
        self.questions = list(self._questions())

    def _pay_all(self, amount: int) -> None:
        for currency in (ZERO, self.good, self.bad):
            self.pay(currency, amount)

    # ---------------------------------------------------------------- from where

    def moving(self) -> dict[str, Callable[[], bool]]:
        """Calls in which the SEE lets the token move."""
        see, bad = self.see, self.bad
        late = [see.key(0, at, LATE) for at in range(3)]
        calls: dict[str, Callable[[], bool]] = {
            "pay": lambda: see.pay(bad, 1_009, None),
            "pay of a version": lambda: see.pay(bad, 1_009, 1),
            "pay_late": lambda: see.pay_late(bad, 1_009, 0),
            "claim_token": lambda: self.claim(bad, VOICES[0]),
            "claim_versions": lambda: self.do(
                CLAIM_VERSIONS, [], [see.key(1, self.at(VOICES[0]))], [bad]
            ),
            "claim_versions of what came late": lambda: self.do(CLAIM_VERSIONS, [], late, [bad]),
            "payout_whole": lambda: see.payout(bad, 1, None),
            "payout_page" if self.pages == 2 else "payout": lambda: see.payout(bad, 1, 0),
        }
        return calls

    def asking(self) -> dict[str, Callable[[], bool]]:
        """Calls in which the SEE asks the token for its balance, the above beside them."""
        next_ = self.agreement({PEOPLE[1]: 1, VOICES[0]: 2})
        leave = [self.see.key(1, self.at(PEOPLE[3]))]
        return self.moving() | {
            "touch": lambda: self.do(TOUCH, self.bad, []),
            "touch for who left": lambda: self.do(TOUCH, self.bad, leave),
            "amend": lambda: self.see.amend(next_, {0, 1, 2}),
            "leave": lambda: self.see.leave(0, self.at(VOICES[0]), True),
            "leave_seat": lambda: self.see.leave_seat(
                PEOPLE[2], self.at(PEOPLE[2]), [self.bad], None
            ),
        }

    # ---------------------------------------------------------------- into what

    def caught(self, act: Callable[[], Any]) -> Call:
        """The call that an act would be."""
        calls: list[Call] = []
        send = self.chain.send
        self.chain.send = lambda _, to, data=b"", *rest, **more: calls.append((to, data)) or False
        try:
            act()
        finally:
            self.chain.send = send
        return calls[-1]

    def to_see(self) -> dict[str, Call]:
        """What anybody may call of the SEE, with what makes it succeed."""
        see, good, at = self.see, self.good, self.at(VOICES[0])
        new = self.at(self.contract)
        return {
            name: self.caught(act)
            for name, act in {
                "pay": lambda: self.do("pay(address,uint256,bytes32)", ZERO, 0, bytes(32)),
                "pay of a version": lambda: self.do(
                    "pay(address,uint256,bytes32,uint256)", ZERO, 0, bytes(32), 1
                ),
                "pay_late": lambda: self.do(
                    "pay_late(address,uint256,bytes32,uint256)", ZERO, 0, bytes(32), 0
                ),
                "join_page" if self.pages == 2 else "join": lambda: see.join(new, True),
                "claim": lambda: self.claim(ZERO, VOICES[0]),
                "claim_token": lambda: self.claim(good, VOICES[0]),
                "claim_token of itself": lambda: self.claim(self.bad, VOICES[0]),
                "claim_versions": lambda: self.do(
                    CLAIM_VERSIONS, [], [see.key(1, at)], [ZERO, good]
                ),
                "claim_versions that joins": lambda: see.claim_versions([(1, new)], [], []),
                "payout": lambda: see.payout(ZERO, 1, 0),
                "payout of a token": lambda: see.payout(good, 1, 0),
                "payout of itself": lambda: see.payout(self.bad, 1, 0),
                "payout_whole": lambda: see.payout(good, 1, None),
                "redirect": lambda: self.do(REDIRECT, *self._redirection()),
                "touch": lambda: self.do(TOUCH, good, []),
                "touch of itself": lambda: self.do(TOUCH, self.bad, []),
                "received": lambda: self.do("received(address)", ZERO),
                "seat": lambda: self.do("seat(address,uint256)", good, see.key(1, at)),
                "closed": lambda: self.do("closed(address,uint256)", ZERO, 0),
                "book": lambda: self.do("book(address)", self.bad),
                "dues": lambda: self.do(
                    "dues(address,uint256,uint256,uint256,uint256,uint256[])", ZERO, 1, 5, 1, 0, []
                ),
            }.items()
        }

    def _redirection(self) -> tuple[Any, ...]:
        """By the signature of the first voice."""
        key = a.KEYS[self._voice()]
        subject = a.struct(REDIRECTED, "address address uint256", self.address, ELSEWHERE, 0)
        signed = a.sign(self.world.registry, REDIRECTION, subject, [key])
        seat = self.see.key(1, self.at(VOICES[0]))
        return VOICES[0], ELSEWHERE, seat, [self.good], a.DEADLINE, signed

    def _voice(self) -> int:
        return next(at for at, key in enumerate(a.KEYS) if a.account_of(key) == VOICES[0])

    def for_its_registry(self) -> dict[str, Call]:
        """What nobody but its Registry may call."""
        me, hash_ = self.address, self.see.now.hash
        return {
            "succeed": (me, calldata("succeed(bytes32,bytes32,bytes)", hash_, hash_, b"")),
            "leave": (me, calldata("leave(address,uint256,bytes)", VOICES[0], 0, b"")),
            "end": (me, calldata("end()")),
        }

    def through_registry(self) -> dict[str, Call]:
        """What the members have signed, sent by the token to the Registry: it acts on the SEE."""
        see, at = self.see, self.at(VOICES[0])
        next_ = self.agreement({PEOPLE[1]: 1, VOICES[0]: 2})
        leave = see.signed(a.LEAVING, see._leave_hash(False, True, at), {self._voice()})
        signed = leave[64 * self._voice() :][:64]
        seat = "leave_seat(address,address,uint256,uint256,bytes,uint256,bytes)"
        calls = {
            "Registry.leave_seat": lambda: see.consult(
                ANYONE, seat, VOICES[0], 1, at, b"", a.DEADLINE, signed
            ),
            "Registry.leave": lambda: see.leave(0, at, True),
            "Registry.deregister": lambda: see.deregister({0, 1, 2}),
        }
        caught = {name: self.caught(act) for name, act in calls.items()}
        caught["Registry.amend"] = self.caught(lambda: see.amend(next_, {0, 1, 2}))
        return caught

    def beside(self) -> dict[str, Call]:
        """What touches no SEE's money: open, and harmless."""
        see, registry = self.see, self.world.registry
        other = a.Agreement(a.Table((Seat(THIEF, 1),)), ((0, 1), (1, 1), (2, 1)), (ZERO,))
        argument = (*other.table.fields, keccak(b"terms"))
        table = "(bytes32,uint256,uint256,bytes32)"
        create = calldata("create(bytes32,uint256,uint256,bytes32)", *other.table.fields, bytes(32))
        published = "create_published(bytes32,uint256,uint256,bytes32,bytes,uint256)"
        words = (*other.table.fields, bytes(32), other.table.published[0], 0)
        endorse = self.caught(lambda: see.endorse(a.LEAVING, THIEF, bytes(32)))
        locate = "locate(address,address,string,uint256,bytes)"
        publish = f"publish(address,{table},uint256,bytes[],bytes[])"
        pages = (see.now.argument, 0, see.now.table.pages[:1], see.now.table.proofs[:1])
        return {
            "Registry.create": (registry, create),
            "Registry.create_published": (registry, calldata(published, *words)),
            "Registry.deploy": (registry, calldata(f"deploy({table})", argument)),
            "Registry.register": (registry, calldata(REGISTER, *self.world.registration(other))),
            "Registry.publish": (registry, calldata(publish, self.address, *pages)),
            "Registry.endorse": endorse,
            "Registry.locate": (
                registry,
                calldata(locate, self.address, self.bad, "ipfs://x", a.DEADLINE, b""),
            ),
            "version": (self.address, calldata("version()")),
            "commitment": (self.address, calldata("commitment()")),
            "redirected": (self.address, calldata("redirected(address)", THIEF)),
            "isValidSignature": (
                self.address,
                calldata("isValidSignature(bytes32,bytes)", bytes(32), b""),
            ),
        }

    # ---------------------------------------------------------------- how it stands

    def set_up(self, call: Call, betrays: bool) -> None:
        self.aim(*call)
        assert self.world.do(ANYONE, self.bad, "set_betrays(bool)", betrays)
        assert self.world.do(ANYONE, self.bad, TURN, True, self.address, THIEF)

    def stands(self) -> list[Any]:
        """All that anybody has, and all that the SEE owes and says of itself."""
        assert self.world.do(ANYONE, self.bad, TURN, False, self.address, THIEF)
        answers: list[Any] = [self.chain.view(*question) for question in self.questions]
        return answers + [self.chain.balance(each) for each in self._all()]

    def _all(self) -> list[str]:
        people = {seat.account for agreed in self.see.agreements for seat in agreed.table.seats}
        return [*sorted(people), ELSEWHERE, THIEF, PAYER, ANYONE, self.bad, self.address]

    def _questions(self) -> list[Call]:
        few = [each for each in self._all() if each not in PEOPLE[4:]]
        asked = [(self.good, calldata("balanceOf(address)", each)) for each in few]
        asked += [(self.bad, calldata("held(address)", each)) for each in few]
        for version, late in ((0, 0), (0, LATE), (1, 0)):
            for currency in (ZERO, self.good, self.bad):
                asked.append(self._dues(self.see, currency, version, late))
        asked.append((self.address, calldata("book(address)", self.bad)))
        asked.append((self.address, calldata("version()")))
        asked.append((self.address, calldata("ended()")))
        asked.append((self.address, calldata("redirected(address)", VOICES[0])))
        return asked

    @staticmethod
    def _dues(see: Clone, currency: str, version: int, late: int) -> Call:
        table = see.table(version)
        words = [int.from_bytes(word, "big") for word in table.words]
        name = "dues(address,uint256,uint256,uint256,uint256,uint256[])"
        _, shares, pages = table.fields
        return see.address, calldata(name, currency, version | late, shares, pages, 0, words)

    def moves_by_itself(self) -> bool:
        """A transfer that has nothing to do with the SEE: the token calls from it too."""
        return self.world.do(PAYER, self.bad, "transfer(address,uint256)", PAYER, 0, gas=GAS)

    def counted(self) -> tuple[int, int]:
        """How often it called back, and how often with success."""
        return self._number(self.bad, "tried()"), self._number(self.bad, "done()")
