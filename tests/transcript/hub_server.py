"""A hub on this computer that serves files, and misbehaves as networks do."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any

NOWHERE = "hub.invalid"
"""A host that no network has (RFC 6761)."""


@dataclass
class Behaviour:
    """What the server does with one request for a file."""

    status: int = 200
    cut_after: int | None = None
    stall: bool = False
    ignore_range: bool = False
    prefix: bytes = b""
    flip: bool = False
    location: str = ""
    retry_after: str = ""


@dataclass
class LocalHub:
    """Files by their path, the behaviours that the next requests meet, and what was asked."""

    files: dict[str, bytes]
    next: list[Behaviour] = field(default_factory=list)
    always: Behaviour = field(default_factory=Behaviour)
    asked: list[tuple[str, str]] = field(default_factory=list)
    connects: list[str] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    def ranges(self, name: str) -> list[str]:
        """The Range headers of the requests for a file."""
        return [span for path, span in self.asked if path.endswith(name)]


@contextmanager
def serving(
    repository: str, files: Mapping[str, bytes], *, tls: SSLContext | None = None
) -> Iterator[LocalHub]:
    """Serve the files as the hub does, at revision `abc` of a repository."""
    hub = LocalHub({f"/{repository}/resolve/abc/{name}": held for name, held in files.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, hub)

        def do_CONNECT(self) -> None:
            hub.connects.append(self.path)
            self.send_error(hub.always.status)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    scheme = "https" if tls else "http"
    hub.address = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(request: BaseHTTPRequestHandler, hub: LocalHub) -> None:
    span = request.headers.get("Range", "")
    hub.asked.append((request.path, span))
    behaviour = hub.next.pop(0) if hub.next else hub.always
    content = hub.files.get(request.path.removeprefix(f"http://{NOWHERE}"))
    if content is None:
        request.send_error(404)
        return
    if behaviour.location:
        request.send_response(302)
        request.send_header("Location", behaviour.location)
        request.end_headers()
        return
    if behaviour.status != 200:
        request.send_response(behaviour.status)
        if behaviour.retry_after:
            request.send_header("Retry-After", behaviour.retry_after)
        request.send_header("Content-Length", "0")
        request.end_headers()
        return
    content = behaviour.prefix + content
    if behaviour.flip:
        content = bytes([content[0] ^ 1]) + content[1:]
    first = 0
    if span and not behaviour.ignore_range:
        first = int(span.removeprefix("bytes=").removesuffix("-"))
        request.send_response(206)
        request.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
    else:
        request.send_response(200)
    body = content[first:]
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body[: behaviour.cut_after])
    request.wfile.flush()
    if behaviour.stall:
        hub.let_go.wait(30)
