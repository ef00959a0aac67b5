"""Which act is meant: the options that name one, and what somebody else has signed to be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from seechain.cli.act import Act
from seechain.cli.acts import (
    amending,
    check_chain,
    consents_option,
    ending,
    leaving,
    locating,
    redirecting,
    registering,
)
from seechain.cli.desk import Desk
from seechain.cli.papers import consents_at, is_of_many, read_consent
from seechain.cli.telling import tell
from seechain.consent import Consent, Kind
from seechain.errors import SignatureError
from seechain.registry import Registry
from seechain.see import SEE


def act_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which `sign` and `endorse` name an act."""
    for option in reversed(
        (
            click.argument("target", metavar="FILE|SEE"),
            click.option("--see", metavar="SEE", help="Whose next agreement FILE is."),
            click.option(
                "--leave",
                type=click.Choice(["seat", "voice", "both"]),
                help="Leave SEE, with what you have there.",
            ),
            click.option("--to", metavar="ADDRESS", help="Redirect your money in SEE there."),
            click.option("--uri", help="Say where the agreement of SEE can be read."),
            consents_option,
        )
    ):
        function = option(function)
    return function


def chosen(
    desk: Desk,
    account: str,
    *,
    target: str,
    see: str | None,
    leave: str | None,
    to: str | None,
    uri: str | None,
    consents: tuple[Path, ...],
) -> Act:
    """The act that `act_options` name. account: who signs, or the SEE for which it is signed."""
    alone = {"--leave": leave, "--to": to, "--uri": uri}
    given = [option for option, value in alone.items() if value is not None]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} are two things: sign one by one")
    if not target.startswith("0x") or Path(target).is_file():
        if given:
            raise click.UsageError(f"{given[0]} goes with a SEE's address, not with {target}")
        return _of_file(desk, Path(target), see, consents, account)
    if see is not None:
        raise click.UsageError(f"--see goes with the SEE's next agreement, not with {target}")
    of = SEE(desk.w3, target)
    if leave is not None:
        return leaving(desk, of, account, leave)
    if to is not None:
        return redirecting(desk, of, account, to)
    if uri is not None:
        return locating(desk, of, account, uri)
    return ending(desk, of, consents)


def _of_file(
    desk: Desk, path: Path, see: str | None, consents: tuple[Path, ...], account: str
) -> Act:
    kept = consents_at(path) if is_of_many(path) else None
    if kept is not None and kept.kind is Kind.DEREGISTRATION:
        check_chain(desk, path, kept)
        return replace(ending(desk, SEE(desk.w3, kept.about["see"]), (path,)), path=path)
    if kept is not None and kept.kind is Kind.AMENDMENT:
        see = see or kept.about["see"]
    if see is not None:
        return amending(desk, path, SEE(desk.w3, see), consents, account)
    return registering(desk, path, consents, lambda: Registry(desk.w3))


def relay_option(option: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For what a member does alone: somebody else sends it. option: of `sign`."""
    return click.option(
        "--relay",
        metavar="CONSENT",
        type=click.Path(path_type=Path),
        help=f"Send what another has signed: the file that `sign SEE {option}` wrote.",
    )


def relayed(desk: Desk, see: SEE, path: Path, kind: Kind, said: Mapping[str, Any]) -> Consent:
    """The consent that is relayed; tells what it does. said: options that it makes superfluous.

    Raises:
        SignatureError: the file is none, or of something else.
    """
    for option, value in said.items():
        if value is not None:
            raise click.UsageError(f"the consent says what is done: leave {option} out")
    consent = read_consent(path)
    if consent.kind is not kind:
        raise SignatureError(f"{path} is the consent to a {consent.kind}, not to a {kind}")
    if consent.see == see.address:
        tell(desk, see, consent)
    return consent
