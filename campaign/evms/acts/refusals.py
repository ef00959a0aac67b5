"""What the Registry and a SEE refuse, each with its reason, to the last unit of gas."""

from __future__ import annotations

from typing import Any

from campaign.evms.acts import cast
from campaign.evms.stage import Stage, refused
from tests.contracts.consent import DAY
from tests.contracts.evm import ZERO

AGREEMENTS: dict[str, list[dict[str, Any]]] = {
    "wrong quorum": [{"quorum": (0, 1)}, {"quorum": (2, 1)}],
    "wrong expiry": [{"expiry": 1}, {"expiry": 2**40}],
    "wrong currencies": [{"currencies": ()}, {"currencies": (b"\1" * 32,)}],
    "wrong roll": [{"roll": b"\1" * 31}, {"roll": b"\1" * 32}, {"roll": bytes(32)}],
}


def refusals(stage: Stage) -> None:
    """Agreements, signatures and callers that are refused; the end seven days after the expiry."""
    ada, _, _ = cast.voices(stage)
    kernel = stage.kernel()
    life = cast.found(stage, kernel, cast.seats(stage, [ada], 2))
    office, see = life.office, life.see
    for reason, changes in AGREEMENTS.items():
        for change in changes:
            stage.note(f"register an agreement with {', '.join(change)} that can't be")
            with refused(reason):
                office.register(life.agreement.changed(**change))
    signatures(stage, life)
    stage.note("register, with words of another table")
    with refused("wrong page"):
        office.register(words=life.agreement.tree.pages[0][:64])
    office.register()
    callers(stage, life)
    stage.note("expire it too soon")
    with refused("not expired"):
        office.expire()
    stage.note("expire it a second before and at seven days after its expiry")
    stage.next_at(life.agreement.expiry + 7 * DAY - 1)
    with refused("not expired"):
        office.expire()
    stage.next_at(life.agreement.expiry + 7 * DAY)
    office.expire()
    stage.note("deregister what has expired")
    with refused("already ended"):
        office.deregister(office.end())
    cast.ask(stage, see, "ended")


def signatures(stage: Stage, life: Any) -> None:
    office = life.office
    good = office.consent()
    wrong = {
        "of the upper half": office.consent(high=True),
        "of another": good[64:128] + good[:64] + good[128:],
        "that no key has made": b"\xff" * 192,
        "that are too short": good[:-1],
        "that should be asked of an account without code": bytes(32)
        + (192 << 32 | 65).to_bytes(32, "big")
        + good[64:]
        + bytes(1024),
        "that lie beyond their end": bytes(63) + b"\1" + good[64:],
    }
    for what, signed in wrong.items():
        stage.note(f"register by signatures {what}")
        with refused("no reason" if "beyond" in what else "bad signature"):
            office.register(signatures=signed)
    stage.note("register too late")
    office.deadline, kept = stage.now() - 1, office.deadline
    with refused("too late"):
        office.register()
    office.deadline = kept


def callers(stage: Stage, life: Any) -> None:
    see, registry = life.see, life.registry
    stage.note("end, leave and succeed a SEE without its Registry")
    for data in (
        see.data("end"),
        see.data("leave", stage.me, 0, b""),
        see.data("succeed", bytes(32), bytes(32), b""),
    ):
        with refused("not registry"):
            stage.send(see.address, data)
    stage.note("initialise the implementation of SEEs, pay it")
    with refused("not payable"):
        stage.send(registry.see_implementation(), value=1)
    stage.note("end what was never registered")
    with refused("not registered"):
        life.office.deregister(life.office.end(), see=registry.address)
    stage.note("call a function with coin that takes none, and with data that is cut short")
    with refused("no reason"):
        stage.send(see.address, see.data("claim", 0, ZERO), value=1)
    with refused("no reason"):
        stage.send(see.address, see.data("claim", 0, ZERO)[:-1])
    stage.note("deploy the Registry without Splitters")
    with refused("no implementation"):
        stage.deploy("Registry", b"\x5f\x5f\xf3", stage.me)
