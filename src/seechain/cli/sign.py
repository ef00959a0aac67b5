"""Signs an act of a SEE, of its voices or of one member, into a file for whoever submits it."""

from __future__ import annotations

import json
import os

import click

from seechain.accounts import account_bytes, checksum
from seechain.chain.node import code_of, now_of
from seechain.chain.records import DAY, deadline_at
from seechain.cli.act import Act
from seechain.cli.choosing import act_options, chosen
from seechain.cli.desk import Desk
from seechain.cli.frame import signing
from seechain.cli.telling import when
from seechain.consent import Consent
from seechain.errors import SignatureError
from seechain.files import read_text, write_whole
from seechain.see import SEE

MOST_SIGNATURE = 16_384  # bytes of a file with one, in hex


@signing
@act_options
@click.option(
    "--as", "member", metavar="SEE", help="For this SEE, which is a member, as its voice."
)
@click.option(
    "--message",
    metavar="FILE",
    help="Write what your wallet signs (EIP-712 JSON; '-' shows it), and sign nothing here.",
)
@click.option("--signature", metavar="HEX", help="What your wallet signed under that message.")
def cli(
    desk: Desk,
    member: str | None,
    message: str | None,
    signature: str | None,
    **options: object,
) -> None:
    """Sign into a file, for whoever submits it.

    \b
    FILE                 an agreement, or consents that others have begun
    FILE --see SEE       to put it in force as the next version
    SEE                  to deregister it
    SEE --leave both     to leave it, with seat, voice or both
    SEE --to ADDRESS     to redirect your money
    SEE --uri URI        to say where its agreement can be read

    Consents to an agreement are kept in one small file beside it, which holds the agreement too:
    send it to the next who signs. With --as, a SEE that is a member signs any of these but a
    redirect: `endorse` submits what its voices sign. A wallet that is not here, --account ADDRESS,
    signs --message, and its --signature is taken in.
    """
    inner = None if member is None else SEE(desk.w3, member)
    act = chosen(desk, inner.address if inner else desk.address, **options)  # type: ignore[arg-type]
    if inner:
        act = act.endorsed_by(inner)
    _tell_deadline(desk, act)
    if desk.dry_run:
        desk.result({"message": act.subject.message(checksum(account_bytes(desk.address)))})
        return
    if message is not None:
        _write_message(desk, act, message)
        return
    consent = act.sign(desk.account) if signature is None else _taken(desk, act, signature)
    missing: list[str] = []
    if act.voices:
        missing = act.keep([consent], options["consents"])  # type: ignore[arg-type]
    else:
        write_whole(act.path, consent.to_json())
        desk.say(f"Written: {act.path}; anyone relays it, --relay {act.path}")
    desk.say(f"{consent.account} has signed: {act.path}")
    desk.result({"kind": consent.kind, "signed": consent.account, "file": str(act.path)})
    desk.result({"missing": missing})


def _tell_deadline(desk: Desk, act: Act) -> None:
    """Until when a signature counts: it can't be taken back, and who began the file chose it."""
    deadline, now = act.subject.deadline, now_of(desk.w3)
    desk.say(f"Signed, it counts until {when(deadline)}, and can't be taken back\n")
    desk.result({"deadline": deadline})
    days = (deadline - now) // DAY
    if deadline > deadline_at(now):
        much = f"{days:,} days" if days < 10**6 else "for ever"
        desk.say(f"Note: that is {much}, and signatures usually count seven days. Until then")
        desk.say("whoever has the file can use it, whatever happens meanwhile\n")
        desk.confirm("Sign it all the same?", yes=False)


def _write_message(desk: Desk, act: Act, path: str) -> None:
    account = checksum(account_bytes(desk.address))
    message = act.subject.message(account)
    desk.result({"message": message})
    if path != "-" or not desk.as_json:
        desk.write(path, json.dumps(message, indent=2, ensure_ascii=False) + "\n")
    desk.say(f"Let the wallet of {account} sign it, then give --signature")


def _taken(desk: Desk, act: Act, signature: str) -> Consent:
    """The consent of a wallet that is elsewhere, which is judged before it is kept."""
    text = signature.strip()
    if not text.startswith("0x") and os.path.isfile(text):
        text = read_text(text, MOST_SIGNATURE).strip()
    try:
        raw = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise SignatureError(f"a signature is hex of 65 or 64 bytes, got {text[:80]!r}") from None
    consent = act.consent(desk.address, raw)
    if not code_of(desk.w3, desk.address):
        consent.check()
    return consent
