"""The node that a command asks: by its URL, or by the path of its socket."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from seechain.chain.reverts import NodeError
from seechain.cli.line import DEADLINE, Line


def connected(url: str, *, quiet: bool = False) -> Any:
    """web3 for the node at a URL, or for the path of its socket.

    quiet: else people are told once, where it takes long to answer.

    Raises:
        NodeError: it is neither.
    """
    from web3 import HTTPProvider, IPCProvider, Web3

    from seechain.chain.node import url_of

    if url.startswith(("http://", "https://")):
        _check_url(url)
        session = _session(url)
        provider = HTTPProvider(url, session=session, exception_retry_configuration=None)
        w3 = Web3(provider)
        session.slow = None if quiet else partial(_tell, url_of(w3))
        return w3
    if "://" in url:
        raise NodeError(f"a node's URL begins with http:// or https://, got {url.split('?')[0]!r}")
    if not Path(url).is_socket():
        raise NodeError(f"there is no node at {url}: name its URL, as http://127.0.0.1:8545")
    return Web3(IPCProvider(url, timeout=int(DEADLINE)))


def _tell(url: str) -> None:
    click.echo(f"Waiting for the node at {url}", err=True)


def _session(url: str) -> Any:
    """What connects to a URL: proxies, certificates and passwords are looked up in the environment
    once, as requests does it at each request."""
    from requests.utils import get_netrc_auth

    session = Line()
    settings = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify = settings["proxies"], settings["verify"]
    session.auth = get_netrc_auth(url)
    session.trust_env = False
    return session


def _check_url(url: str) -> None:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        is_one = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:  # it may hold a password, and is not shown
        raise NodeError("that is no URL of a node: name one as http://127.0.0.1:8545")
