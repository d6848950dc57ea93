"""The playground's server: one page on loopback, for those who have its address with the token.

It answers under a loopback name only, so that no other site's name can be made to lead here, takes websockets from
its own page only, and ends when its last page has been closed for a while.
"""

import asyncio
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from chainrule.play import page
from chainrule.play.frames import Message
from chainrule.play.player import Player
from chainrule.play.session import Session, error

LARGEST_MESSAGE = 16 * 2**20  # bytes; a table of the largest size that is read fits in
MOST_PAGES = 8
NAMES = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Server:
    """A page, its sessions and its end.

    Parameters
    ----------
    make_session : callable
        Returns a session for each page that is opened.
    port : int
        0 takes a free one.
    linger : float
        Seconds after the last page was closed, after which `done` is set.
    """

    def __init__(self, make_session: Callable[[], Session], port: int = 0, linger: float = 5.0) -> None:
        self.make_session, self.linger = make_session, linger
        self.token = secrets.token_urlsafe(24)
        self.pages: set[Socket] = set()
        self.done = asyncio.Event()
        files: list[tuple[str, str, Callable[[], str]]] = [
            ("/", "text/html", page.index),
            ("/playground.js", "text/javascript", page.script),
            ("/playground.css", "text/css", page.style),
        ]
        routes: list[Any] = [(path, File, {"server": self, "kind": kind, "read": read}) for path, kind, read in files]
        app = Application(
            [*routes, ("/socket", Socket, {"server": self})],
            default_handler_class=Missing,
            default_handler_args={"server": self},
            websocket_max_message_size=LARGEST_MESSAGE,
            log_function=lambda handler: None,
        )
        sockets = bind_sockets(port, "127.0.0.1")
        self.port = int(sockets[0].getsockname()[1])
        self._http = HTTPServer(app, max_body_size=2**16, max_header_size=2**16)
        self._http.add_sockets(sockets)
        self._ending: asyncio.TimerHandle | None = None

    @property
    def url(self) -> str:
        """The page's address, with its token."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    def knows(self, token: str) -> bool:
        """Return whether this is the token, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def is_own(self, address: str) -> bool:
        """Return whether ``address``, a ``host:port``, is a loopback name of this server."""
        return address in [f"{name}:{self.port}" for name in NAMES]

    def opened(self, socket: "Socket") -> None:
        """Count a page."""
        self.pages.add(socket)
        if self._ending is not None:
            self._ending.cancel()

    def closed(self, socket: "Socket") -> None:
        """Forget a page; after the last one, end in a while: a page that is loaded again comes back within it."""
        self.pages.discard(socket)
        if not self.pages:
            self._ending = asyncio.get_running_loop().call_later(self.linger, self.done.set)

    async def stop(self) -> None:
        """Close all pages and stop listening."""
        for socket in list(self.pages):
            socket.close(1001, "the server has stopped")
        self._http.stop()
        await self._http.close_all_connections()


class Guarded(RequestHandler):
    """A request is answered only under a loopback name."""

    server: Server

    def prepare(self) -> None:
        """Refuse other names: they are a foreign site that was made to lead to this machine."""
        if not self.server.is_own(self.request.host):
            self.set_status(403)
            self.finish("The playground answers on this machine only.\n")

    def set_default_headers(self) -> None:
        """Let nothing be kept, sniffed, framed, or loaded from elsewhere."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say no more than the status."""
        self.finish(f"{status_code}: {self._reason}\n")


class File(Guarded):
    """One of the page's files."""

    def initialize(self, server: Server, kind: str, read: Callable[[], str]) -> None:
        """Take what is served."""
        self.server, self.kind, self.read = server, kind, read

    def get(self) -> None:
        """Send the file; the page itself only to those who have the token."""
        if self.request.path == "/" and not self.server.knows(self.get_query_argument("token", "")):
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish("Open the whole address that chainrule play printed: its token is missing here.\n")
            return
        self.set_header("Content-Type", f"{self.kind}; charset=utf-8")
        self.finish(self.read())


class Missing(Guarded):
    """What there is not."""

    def initialize(self, server: Server) -> None:
        """Take the server."""
        self.server = server

    def get(self) -> None:
        """Say so."""
        self.send_error(404)


class Socket(WebSocketHandler):
    """A page's connection: a session of its own."""

    def initialize(self, server: Server) -> None:
        """Take the server."""
        self.server = server
        self.player: Player | None = None

    def prepare(self) -> None:
        """Refuse foreign names and pages, and those without the token, before there is a websocket."""
        origin = self.request.headers.get("Origin")
        known = self.server.knows(self.get_query_argument("token", ""))
        if not known or not self.server.is_own(self.request.host) or (origin and not self.check_origin(origin)):
            self.set_status(403)
            self.finish("No.\n")
        elif len(self.server.pages) >= MOST_PAGES:
            self.set_status(503)
            self.finish(f"There are {MOST_PAGES} pages open already.\n")

    def check_origin(self, origin: str) -> bool:
        """Take a websocket from this server's own page only."""
        return urlsplit(origin).scheme == "http" and self.server.is_own(urlsplit(origin).netloc)

    def open(self, *_: str, **__: str) -> None:
        """Begin a session."""
        self.set_nodelay(True)
        self.player = Player(self.server.make_session(), self.tell)
        self.server.opened(self)

    def tell(self, message: Message) -> None:
        """Send a message, if the page is still there."""
        try:
            self.write_message(message.packed(), binary=True)
        except WebSocketClosedError:
            self.on_close()

    def on_message(self, message: str | bytes) -> None:
        """Read a message; what is none is answered kindly."""
        if self.player is None:
            return
        try:
            content = json.loads(message)
        except (ValueError, RecursionError):
            self.tell(error("this is not a message of the playground: it must be JSON"))
            return
        self.player.receive(content)

    def on_close(self) -> None:
        """End the session."""
        if self.player is not None:
            self.player.close()
            self.player = None
            self.server.closed(self)


async def serve(
    make_session: Callable[[], Session], port: int = 0, ready: Callable[[str], None] = print, linger: float = 5.0
) -> None:
    """Serve the page until its last window has been closed for ``linger`` seconds.

    Parameters
    ----------
    make_session : callable
    port : int
    ready : callable
        Is told the page's address.
    linger : float
    """
    server = Server(make_session, port, linger)
    try:
        ready(server.url)
        await server.done.wait()
    finally:
        await server.stop()
