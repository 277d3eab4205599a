"""A real receiver of webhooks on this machine: it keeps what came and answers as a test tells it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# How one request is answered: a status; or a function that is given the handler and does it itself.
Answer = int | Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Receiver:
    """``got`` holds each request in order: its headers (names in small letters) and its body."""

    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    usual: Answer = 200
    came: threading.Event = field(default_factory=threading.Event)
    freed: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=fengqiao"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.got]

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers nothing until the test is over."""
        self.freed.wait(60)

    def drop(self, handler: BaseHTTPRequestHandler) -> None:
        """Has taken the event, and the connection breaks before it could say so."""
        handler.close_connection = True
        handler.connection.close()


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that listens within the block, under TLS where it is given a certificate."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            kept.came.set()
            answer = kept.answers.pop(0) if kept.answers else kept.usual
            if callable(answer):
                answer(self)
                return
            self.send_response(answer)
            if 300 <= answer < 400:
                self.send_header("Location", kept.address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # A broken connection is what the tests are about.
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    kept.port = server.server_port
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        kept.freed.set()
        server.shutdown()
        server.server_close()
