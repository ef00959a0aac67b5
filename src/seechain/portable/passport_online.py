"""A passport beside what the chain had in its block: it is issued anew, and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from web3 import Web3

from seechain.agreement.text import NATIVE
from seechain.chain.decoding import AMENDED, LEFT, topic_of
from seechain.chain.events import Amended, Deregistered, Left, VoiceLeft
from seechain.chain.logs import latest_block, read_events
from seechain.chain.reverts import NoRegistry
from seechain.portable import sealed
from seechain.portable.as_of import keeps_state
from seechain.portable.beside import no_state, unlike, wrong_place
from seechain.portable.passport import Passport
from seechain.portable.passport_reading import issue
from seechain.portable.recomputed import Difference
from seechain.registry import Registry
from seechain.share_table import ShareTable

Values = dict[str, Any]


class PassportOnline:
    """differences: what the chain says otherwise. unproven: what it does not say."""

    def __init__(
        self,
        w3: Web3,
        file: Passport,
        tables: Iterable[ShareTable],
        advance: Callable[[int], None],
    ) -> None:
        self.w3, self.file = w3, file
        self.differences: list[Difference] = []
        self.unproven: list[str] = []
        if (wrong := wrong_place(w3, file.chain_id, file.block)) is not None:
            self.differences.append(wrong)
            return
        try:
            registry = Registry(w3, file.registry)
        except NoRegistry as error:
            self.differences.append(Difference("registry", str(error)))
            return
        then = issue(
            registry,
            file.member,
            block=file.block,
            tables=tables,
            hidden=file.unreadable,
            advance=advance,
        )
        self._compare(then)
        self._say_since()

    def _compare(self, then: Passport) -> None:
        hidden = [each for each in then.unreadable if each not in self.file.unreadable]
        for see in hidden:
            self.unproven.append(
                f"what it had and was paid in {see}, and whether it has a seat there: the share"
                " table was not published by then, so give the agreement by --agreement"
            )
        block = self.file.block
        has_state = keeps_state(self.w3, self.file.registry, block)
        if not has_state:
            self.unproven.append(no_state(self.w3, "what was due", block))
            if any(each.currency != NATIVE for entry in self.file.sees for each in entry.earned):
                what = "how much of its tokens came from itself"
                self.unproven.append(no_state(self.w3, what, block))
        mine, chains = (_comparable(each, hidden, has_state) for each in (self.file, then))
        public = {each["see"]: _public(each) for each in chains["sees"]}
        chains["sees"] = [each for each in chains["sees"] if each["see"] not in hidden]
        for at, entry in enumerate(mine["sees"]):
            if (see := entry["see"]) in hidden:
                if _public(entry) != public.pop(see, _NOTHING):
                    self._add(f"sees[{at}]", "its voices, or what it signed, the chain has not so")
                chains["sees"].insert(at, entry)
        for see in hidden:
            if public.get(see, _NOTHING) != _NOTHING:
                self._add("sees", f"the chain has {see}, the file has not")
        for where, said, has in sealed.differences(mine, chains):
            self._add(where, unlike(where, said, has))

    def _say_since(self) -> None:
        """The file may be true, and over."""
        file, first = self.file, self.file.block + 1
        if first > latest_block(self.w3):
            return
        news: dict[str, dict[str, None]] = {each.see: {} for each in file.sees}
        places = [(file.registry, name) for name in _NOTED] + [(each, LEFT) for each in news]
        for address, name in places:
            for event in read_events(self.w3, address, [topic_of(name)], first):
                see = getattr(event, "see", address)
                said = _news(event, file.member)
                if said and see in news:
                    news[see][said] = None
        self.unproven += [
            f"what came in {see} after block {file.block}: {' and '.join(said)}"
            for see, said in news.items()
            if said
        ]

    def _add(self, where: str, sentence: str) -> None:
        self.differences.append(Difference(where, sentence))


def _comparable(passport: Passport, hidden: list[str], has_state: bool) -> Values:
    """A passport's fields, but for what the chain does not have: hash, names, and what follows
    from balances where the node has forgotten them. The sums follow from the rest, and were
    recomputed."""
    content: Values = sealed.dumped(passport)
    del content["hash"], content["totals"]
    content["unreadable"] = [each for each in content["unreadable"] if each not in hidden]
    for entry in content["sees"]:
        del entry["name"]
        if not has_state:
            entry["earned"] = [each for each in entry["earned"] if each["paid"] != "0"]
            for each in entry["earned"]:
                del each["due"]
                if each["currency"] != NATIVE:  # of what arrived, which the balance tells
                    del each["own"]
    return content


_NOTED = (AMENDED, "VoiceLeft(address,address)", "Deregistered(address,address)")


def _news(event: Any, member: str) -> str:
    """What happened to a SEE since, in words; empty for nothing that a passport would tell."""
    if isinstance(event, Amended):
        return f"version {event.version} was put in force"
    if isinstance(event, Deregistered):
        return "it has ended"
    if getattr(event, "account", None) != member:
        return ""
    return {Left: "the member left its seat", VoiceLeft: "the member's voice left"}[type(event)]


_NOTHING: Values = {"voices": [], "acts": []}


def _public(entry: Values) -> Values:
    """What can be told of it without a share table."""
    return {
        "voices": [
            [each["version"], each["voices"], each["all_voices"]]
            for each in entry["terms"]
            if each["voices"]
        ],
        "acts": [each for each in entry["acts"] if each["what"] in ("signed", "submitted")],
    }
