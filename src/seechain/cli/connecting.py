"""The node that a command asks: by its URL, or by the path of its socket."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from seechain.chain.reverts import NodeError
from seechain.cli.line import Line


def connected(url: str, *, quiet: bool = False) -> Any:
    """web3 for the node at a URL, or for the path of its socket.

    quiet: else people are told once, where it takes long to answer.

    Raises:
        NodeError: it is neither.
    """
    from web3 import HTTPProvider, Web3

    from seechain.chain.node import url_of
    from seechain.cli.pipe import Pipe

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
    return Web3(Pipe(url))


def _tell(url: str) -> None:
    click.echo(f"Waiting for the node at {url}", err=True)


def _session(url: str) -> Any:
    """What connects to a URL: proxies, certificates and passwords are looked up in the environment
    once, as requests does it at each request."""
    from requests.utils import get_netrc_auth, select_proxy

    session = Line()
    settings = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify = settings["proxies"], settings["verify"]
    session.auth = get_netrc_auth(url)
    session.trust_env = False
    _check_proxy(select_proxy(url, session.proxies))
    if url.startswith("https://") and isinstance(session.verify, str):
        _check_certificates(session.verify)
    return session


def _check_proxy(proxy: str | None) -> None:
    """proxy: it may hold a password, and is not shown."""
    from importlib.util import find_spec

    from requests.utils import prepend_scheme_if_needed

    if not proxy:
        return
    try:
        whole: str = prepend_scheme_if_needed(proxy, "http")  # type: ignore[no-untyped-call]
        parts = urlsplit(whole)
        is_one = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or not parts.scheme.startswith(("http", "socks")):
        raise NodeError(
            "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names no proxy: set it as http://127.0.0.1:3128,"
            " or name the node's host in NO_PROXY"
        )
    if parts.scheme.startswith("socks") and find_spec("socks") is None:
        raise NodeError(
            f"the proxy at {parts.hostname} is one of SOCKS, for which PySocks is missing: install"
            ' it by pip install "requests[socks]", or name the node\'s host in NO_PROXY'
        )


def _check_certificates(path: str) -> None:
    """path: a file, or a folder of them."""
    import ssl

    try:
        known = {"capath" if Path(path).is_dir() else "cafile": path}
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(**known)
    except (OSError, ValueError) as error:
        why = error.strerror if type(error) is FileNotFoundError else "it holds none"
        raise NodeError(
            f"the certificates at {path} can't be used ({why}): name a file of those that you"
            " trust in REQUESTS_CA_BUNDLE, or unset it"
        ) from None


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_one = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:  # it may hold a password, and is not shown
        raise NodeError("that is no URL of a node: name one as http://127.0.0.1:8545")
