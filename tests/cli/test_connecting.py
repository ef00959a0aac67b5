"""Proxies, certificates and sockets on the way to a node: each fault has a sentence of its own."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.typing import Typed

ADA = "0x" + "ad" * 20


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies and certificates but a test's own; of a dead node nothing is asked again."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setattr("seechain.cli.line.PAUSES", ())


@pytest.fixture
def tls() -> Iterator[str]:
    """The URL of a node whose certificate nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("unknown.pem"))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    link, _ = server.accept()
                    with suppress(OSError), context.wrap_socket(link, server_side=True):
                        pass

        threading.Thread(target=serve, daemon=True).start()
        yield f"https://localhost:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def closed() -> int:
    """A port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_certificate_that_is_not_trusted_is_named(tls: str, run: Typed) -> None:
    said = run.refused("show", ADA, "--rpc", tls, code=4)
    assert f"the certificate of the node at {tls} is not trusted" in said
    assert "REQUESTS_CA_BUNDLE" in said


@pytest.mark.parametrize("text", [None, "", "none", "-----BEGIN CERTIFICATE-----\nAAAA"])
def test_certificates_that_are_none_are_named(
    text: str | None, tmp_path: Path, run: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bundle.pem"
    if text is not None:
        path.write_text(text)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    said = run.refused("show", ADA, "--rpc", "https://localhost:1", code=4)
    assert f"the certificates at {path} can't be used" in said


def test_a_node_that_speaks_no_tls_is_told_as_one(run: Typed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            link, _ = server.accept()
            link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            link.close()

        threading.Thread(target=serve, daemon=True).start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        said = run.refused("show", ADA, "--rpc", url, code=4)
    assert f"the node at {url} does not speak TLS" in said


@pytest.mark.parametrize("proxy", ["garbage:", "http://", "ftp://a.org", "http://a:secret@b:port"])
def test_a_proxy_that_is_none_is_told_as_one(
    proxy: str, run: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    said = run.refused("show", ADA, "--rpc", "https://a.org", code=4)
    assert "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names no proxy" in said
    assert "secret" not in said


def test_a_proxy_of_socks_needs_its_package(run: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("ALL_PROXY", "socks5://ada:secret@b.org")
    said = run.refused("show", ADA, "--rpc", "https://a.org", code=4)
    assert "the proxy at b.org is one of SOCKS, for which PySocks is missing" in said
    assert "secret" not in said


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dead_proxy_is_named_and_not_the_node(
    scheme: str, closed: int, run: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://ada:secret@127.0.0.1:{closed}")
    said = run.refused("show", ADA, "--rpc", f"{scheme}://a.org", code=4)
    assert f"the proxy http://127.0.0.1:{closed} does not connect to the node" in said
    assert "secret" not in said
