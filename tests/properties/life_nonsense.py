"""What anybody may call and must change nothing of SEEs that live."""

from __future__ import annotations

import random

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.life_moves import Moves
from tests.properties.stage import CLAIM_VERSIONS, PAYOUT
from tests.properties.world import ANYONE, REGISTER, TABLE_ARGUMENT

DEPLOY = f"deploy({TABLE_ARGUMENT})"
PUBLISH = f"publish(address,{TABLE_ARGUMENT},uint256,bytes[],bytes[])"
CREATE = "create(bytes32,uint256,uint256,bytes32)"
CREATE_PUBLISHED = "create_published(bytes32,uint256,uint256,bytes32,bytes,uint256)"
LOCATE = "locate(address,address,string,uint256,bytes)"


class Nonsense(Moves):
    def strangers_play_the_registry(self, dice: random.Random) -> None:
        """Each of these is refused, whatever went before."""
        clone, model = self._see(dice)
        version, at = self._of_any_version(model, dice)
        account = model.seats(version)[at].account
        assert not clone.do(ANYONE, "end()")
        assert not clone.do(ANYONE, "leave(address,uint256,bytes)", account, at, b"")
        succeed = ("succeed(bytes32,bytes32,bytes)", clone.now.hash, bytes(32), b"")
        assert not clone.do(ANYONE, *succeed)
        assert not clone.leave_seat(w.ANYONE, at, [], None)
        assert not clone.redirect(w.ANYONE, account, clone.key(version, at), [])
        assert not clone.do(ANYONE, "touch(address,uint256[])", w.ZERO, [])

    def versions_are_mixed_up(self, dice: random.Random) -> None:
        """A table of another version, one that is not yet, a seat that has not joined."""
        (clone, model), name = self._see(dice), self._name(dice)
        currency = self.world.currency(name)
        beyond = (model.version + 1) << 192 | clone.key(0, 0)
        assert not clone.do(ANYONE, CLAIM_VERSIONS, [], [beyond], [currency])
        version, at = self._of_any_version(model, dice)
        book = model.find(name, version)
        owed = book and (book.received is None or book.due(at, book.received))
        if owed and not model.can_claim(name, version, at):
            keys = [clone.key(version, at)]
            assert not clone.do(ANYONE, CLAIM_VERSIONS, [], keys, [currency])
        if clone.version == 0 or clone.agreements[-2].hash == clone.now.hash:
            return
        old = clone.agreements[-2]
        pages, proofs = old.table.pages, old.table.proofs
        assert not clone.do(ANYONE, PAYOUT, old.argument, pages[0], w.ZERO)
        with_old = [(clone.version, old.argument, 0, pages[0], proofs[0])]
        assert not clone.do(ANYONE, CLAIM_VERSIONS, with_old, [], [currency])

    def papers_are_published(self, dice: random.Random) -> None:
        """Pages, a place where the text is found, and Splitters of the same table."""
        clone, _ = self._see(dice)
        table, page = clone.now.table, dice.randrange(len(clone.now.table.pages))
        words, proofs = [table.pages[page]], [table.proofs[page]]
        registry, do = self.world.registry, self.world.do
        assert do(ANYONE, registry, PUBLISH, clone.address, clone.now.argument, page, words, proofs)
        assert do(ANYONE, registry, LOCATE, clone.address, ANYONE, "ipfs://x", a.DEADLINE, b"")
        salt = dice.randbytes(32)
        if dice.random() < 0.5 or not table.published[0]:
            assert do(ANYONE, registry, CREATE, *table.fields, salt)
        else:
            assert do(ANYONE, registry, CREATE_PUBLISHED, *table.fields, salt, *table.published)

    def what_was_registered_is_registered_again(self, dice: random.Random) -> None:
        """Nor can its clone be deployed twice, by anybody."""
        clone, _ = self._see(dice)
        first = clone.agreements[0]
        registry, do = self.world.registry, self.world.do
        assert not do(ANYONE, registry, DEPLOY, first.argument)
        assert not do(ANYONE, registry, REGISTER, *self.world.registration(first))

    def it_endorses_what_its_voices_say(self, dice: random.Random) -> None:
        """Whatever that is, nothing moves by it; without a quorum nothing is endorsed."""
        clone, model = self._see(dice)
        done = clone.endorse(a.LEAVING, clone.address, dice.randbytes(32))
        assert done == model.quorum(set(range(len(clone.now.voices))))
