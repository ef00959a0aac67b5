"""Signs an act of a SEE, of its voices or of one member, into a file for whoever submits it."""

from __future__ import annotations

from typing import Any

import click

from scripts._acts import act_options, chosen
from scripts._common import command, keep, w3
from seechain import SEE


@command
@act_options
@click.option(
    "--as", "member", metavar="SEE", help="For this SEE, which is a member, as its voice."
)
def cli(member: str | None, account: Any, **options: Any) -> None:
    """Sign into a file, for whoever submits it.

    \b
    AGREEMENT            to register it
    AGREEMENT --see SEE  to put it in force as the next version
    SEE                  to deregister it
    SEE --leave both     to leave it, with seat, voice or both
    SEE --to ADDRESS     to redirect your money
    SEE --uri URI        to say where its agreement can be read

    With --as, a SEE that is a member signs any of these but a redirect: `ape run endorse`
    submits what its voices sign.
    """
    inner = None if member is None else SEE(w3(), member)
    act = chosen(inner.address if inner else account.address, **options)
    if inner:
        act = act.endorsed_by(inner)
    consent = act.sign(account)
    click.echo(f"{consent.account} has signed: {keep(consent, act.folder)}")
