"""What anybody does with it, on the chain and in the count."""

from __future__ import annotations

from tests.properties import agreement as a
from tests.properties.books_model import Refused
from tests.properties.chain import raw
from tests.properties.life_world import PAY_LATE, REDIRECT
from tests.properties.stage import (
    CLAIM_VERSIONS,
    JOIN,
    JOIN_PAGE,
    PAYOUT,
    PAYOUT_PAGE,
    PAYOUT_WHOLE,
)
from tests.properties.whole_books import LATE, REGISTRY, Book, Books
from tests.properties.world import PAYER, calldata


class Acts(Books):
    """Each act is done, or refused, by both."""

    def join(self, seat: int, claims: bool) -> None:
        table, version = self.tables[-1], len(self.tables) - 1
        page, at = table.places[seat]

        def joins() -> None:
            if (version, seat) in self.m.joined:
                raise Refused("already joined")
            self.m.joined.add((version, seat))
            if claims:
                self._claim(0, self.m.books[0], seat)

        if len(table.lengths) == 1 and self.dice.random() < 0.7:
            done = self.do(JOIN, table.argument, at, table.pages[0], claims)
        else:
            data = table.index(seat), table.pages[page], table.proofs[page]
            done = self.do(JOIN_PAGE, table.argument, *data, claims)
        self.alike(done, joins)

    def claim(self, name: int, seat: int) -> None:
        table = self.tables[self.m.books[name].version]
        where = table.index(seat), table.seats[seat].account

        def claims() -> None:
            if not self._claim(name, self.m.books[name], seat):
                raise Refused("nothing due")
            account = where[1]
            to = self.m.redirects.get(account, account)
            if name == 0 and to == self.caller and len(table.lengths) <= 16:
                self._payout(0, list(range(16)))  # books come before the payment

        if name:
            signature = "claim_token(address,uint256,address)"
            self.alike(self.do(signature, self.tokens[name], *where), claims)
        else:
            self.alike(self.do("claim(uint256,address)", *where), claims)

    def claim_all(self, joins: list[tuple[int, int]], keys: list, names: list[int]) -> None:
        seats = []
        for version, seat in joins:
            table = self.tables[version]
            page = table.places[seat][0]
            index, words, proof = table.index(seat), table.pages[page], table.proofs[page]
            seats.append((version, table.argument, index, words, proof))

        def claims() -> None:
            self.m.joined |= set(joins)
            claimed = 0
            for name in names:
                for version, seat in keys:
                    book = self.m.books[name]
                    if book.version != version:
                        if (name, version) not in self.m.closed:
                            continue
                        book = self.m.closed[name, version]
                    claimed |= self._claim(name, book, seat)
            if not claimed and not joins:
                raise Refused("nothing due")

        chosen = [self.key(*key) for key in keys], [self.tokens[name] for name in names]
        self.alike(self.do(CLAIM_VERSIONS, seats, *chosen), claims)

    def payout_whole(self, name: int, pages: list[int] | None = None) -> None:
        table = self.tables[self.m.books[name].version]
        every = list(range(len(table.lengths)))
        pages = every if pages is None else pages
        words = [table.pages[page] for page in pages]

        def pays() -> None:
            if words != table.pages or len(every) > 16:
                raise Refused("wrong page")
            self._payout(name, every)

        self.alike(self.do(PAYOUT_WHOLE, table.argument, words, self.tokens[name]), pays)

    def payout_page(self, name: int, page: int, words: int) -> None:
        table, currency = self.tables[self.m.books[name].version], self.tokens[name]

        def pays() -> None:
            if page != words:
                raise Refused("wrong page")
            self._payout(name, [page])

        sheet = table.pages[words]
        if len(table.lengths) == 1 and self.dice.random() < 0.5:
            done = self.do(PAYOUT, table.argument, sheet, currency)
        else:
            proof = table.proofs[words]
            done = self.do(PAYOUT_PAGE, table.argument, page, sheet, proof, currency)
        same = table.pages[page] == sheet and table.proofs[page] == table.proofs[words]
        if page == words or not same:
            self.alike(done, pays)

    def amend(self) -> None:
        old = self.tables[-1].commitment
        new = self._table(len(self.tables))
        names = [name for name in (1, 2) if self.dice.random() < 0.6]
        words = b"".join(bytes(12) + raw(self.tokens[name]) for name in names)
        assert self.do(
            "succeed(bytes32,bytes32,bytes)", old, new.commitment, words, sender=REGISTRY
        )
        self.tables.append(new)
        for name in (0, *names):
            self._catch_up(name)
        self._teach_caller()

    def leave(self, seat: int) -> None:
        names = [name for name in (1, 2) if self.dice.random() < 0.6]
        words = b"".join(bytes(12) + raw(self.tokens[name]) for name in names)
        table, version = self.tables[-1], len(self.tables) - 1

        def leaves() -> None:
            if (version, seat) not in self.m.joined or seat in self.m.books[0].left:
                raise Refused("not joined, or left")
            self._leave(0, seat)
            for name in names:
                if self._catch_up(name):
                    self._leave(name, seat)

        signature = "leave(address,uint256,bytes)"
        data = table.seats[seat].account, table.index(seat), words
        self.alike(self.do(signature, *data, sender=REGISTRY), leaves)

    def touch(self, name: int) -> None:
        leavers = sorted(self.m.books[0].left)
        dice = self.dice
        leavers = dice.sample(leavers, min(len(leavers), dice.randint(0, 3)))

        def touches() -> None:
            if not self._catch_up(name):
                raise Refused("mute")
            for seat in leavers:
                self._leave(name, seat)

        table = self.tables[-1]
        keys = [table.index(at) << 160 | int(table.seats[at].account, 16) for at in leavers]
        self.alike(self.do("touch(address,uint256[])", self.tokens[name], keys), touches)

    def redirect(self, seat: int) -> None:
        version = len(self.tables) - 1
        account = self.tables[-1].seats[seat].account
        to = self.dice.choice([account, *self.people, *self.contracts])
        if account not in self.people:
            return  # no contract starts a transaction

        def redirects() -> None:
            if (version, seat) not in self.m.joined:
                raise Refused("not joined")
            self.m.redirects[account] = to

        data = account, to, self.key(version, seat), self.tokens[1:], a.DEADLINE, b""
        self.alike(self.do(REDIRECT, *data, sender=account), redirects)

    def pay_late(self, name: int, version: int, amount: int) -> None:
        def pays() -> None:
            m = self.m
            if not self._catch_up(name) or version >= m.books[name].version:
                raise Refused("wrong version")
            if (name, version | LATE) not in m.closed:
                early = m.closed.get((name, version))
                late = Book(version | LATE, [0] * len(self.tables[version].seats), received=0)
                if early:
                    late.left, late.gone = dict.fromkeys(early.left, 0), early.gone
                m.closed[name, version | LATE] = late
            m.closed[name, version | LATE].received += amount
            m.books[name].offset -= amount
            m.balance[name] += amount

        token = self.tokens[name]
        if name:
            for change in ("set_balance", "approve"):
                whom = PAYER if change == "set_balance" else self.see
                data = calldata(f"{change}(address,uint256)", whom, amount)
                assert self.chain.send(PAYER, token, data)
        value = 0 if name else amount
        done = self.do(PAY_LATE, token, amount, bytes(32), version, sender=PAYER, value=value)
        self.alike(done, pays)
