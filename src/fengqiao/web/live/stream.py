"""Live notices: server-sent events to the bell of a page, each person's own; an application of its own (ASGI).

A stream tells how many notices are unread in the post that one acts in, and of a new one the sentence that the
inbox shows. It waits on PostgreSQL's NOTIFY, which comes after the commit, and looks by itself once a minute: for
what was read elsewhere, and whether the session still holds. A page works without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connections
from django.utils import translation

from fengqiao.flows.hearing import Heard, hear
from fengqiao.notices.domain.telling import CHANNEL
from fengqiao.notices.queries.inbox import COUNTED
from fengqiao.web.kit.context import unread_in_words
from fengqiao.web.kit.paging import in_figures

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOOKS_EVERY = 60.0
# Several windows of one person, and everybody of a county: more is a program that runs wild.
MOST_OF_ONE = 12
MOST = 5000
# How long a browser waits before it comes back.
COMES_BACK_MS = 5000
LISTENS_AGAIN = 5.0
LOOKERS = 4


@dataclass
class Hub:
    """Whom a NOTIFY wakes: the streams that are open in this process."""

    waiting: dict[UUID, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))
    number: int = 0
    listener: asyncio.Task[None] | None = None

    def wake(self, person: str) -> None:
        """Wakes the streams of a person, by their key."""
        with contextlib.suppress(ValueError):
            for each in self.waiting.get(UUID(person), ()):
                each.set()

    def wake_all(self) -> None:
        """Wakes every stream."""
        for streams in self.waiting.values():
            for each in streams:
                each.set()

    @contextlib.contextmanager
    def stream_of(self, person: UUID) -> Iterator[asyncio.Event]:
        """A stream of this person's, for as long as it is open."""
        woken = asyncio.Event()
        self.waiting[person].add(woken)
        self.number += 1
        try:
            yield woken
        finally:
            self.number -= 1
            self.waiting[person].discard(woken)
            if not self.waiting[person]:
                del self.waiting[person]

    def listen(self) -> None:
        """Begins to listen with the first stream, in the loop that serves it."""
        if self.listener is None or self.listener.done():
            self.listener = asyncio.get_running_loop().create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            # The database went away or was started again: what came meanwhile is looked for by everybody.
            with contextlib.suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.wake_all()
                    async for told in connection.notifies():
                        self.wake(told.payload)
            await asyncio.sleep(LISTENS_AGAIN)


class Live:
    """The application: one address, whatever the path before it is."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.lookers = ThreadPoolExecutor(LOOKERS, thread_name_prefix="live")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _Asked.of(scope)
        if scope["path"] == "/healthz":
            return await _plain(send, 200)
        if scope["path"] != "/live" or scope["method"] != "GET":
            return await _plain(send, 404)
        if not asked.is_from_here:
            return await _plain(send, 403)
        look = partial(self._look, asked)
        try:
            # A new stream says how many there are; what came before it is told on the page already.
            heard = await look(known=asked.last_event, tells=asked.last_event is not None)
        except Exception:
            # The database is away: the browser comes back.
            return await _plain(send, 503)
        if heard is None:
            return await _plain(send, 401)
        if self.hub.number >= MOST or len(self.hub.waiting.get(heard.person_id, ())) >= MOST_OF_ONE:
            return await _plain(send, 429)
        self.hub.listen()
        await send({"type": "http.response.start", "status": 200, "headers": asked.headers()})
        with self.hub.stream_of(heard.person_id) as woken:
            gone = asyncio.create_task(_gone(receive))
            try:
                await self._tell(heard, look, woken, gone, send, asked)
            finally:
                gone.cancel()
        return None

    async def _tell(
        self,
        heard: Heard,
        look: Callable[..., Coroutine[Any, Any, Heard | None]],
        woken: asyncio.Event,
        gone: asyncio.Task[None],
        send: Send,
        asked: _Asked,
    ) -> None:
        await _send(send, f"retry: {COMES_BACK_MS}\n\n" + _event(heard, asked.language))
        while True:
            waits = asyncio.create_task(woken.wait())
            await asyncio.wait({waits, gone}, timeout=LOOKS_EVERY, return_when=asyncio.FIRST_COMPLETED)
            waits.cancel()
            if gone.done():
                return None
            woken.clear()
            try:
                now = await look(known=heard.newest, tells=True)
            except Exception:
                # It ends, and the browser comes back with what it knows.
                return await _send(send, "", last=True)
            if now is None:
                return await _send(send, "event: over\ndata: \n\n", last=True)
            changed = (now.unread, now.newest) != (heard.unread, heard.newest)
            await _send(send, _event(now, asked.language) if changed else ": \n\n")
            heard = now

    async def _look(self, asked: _Asked, *, known: UUID | None, tells: bool) -> Heard | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.lookers, partial(_heard, asked, known, tells))


@dataclass(frozen=True)
class _Asked:
    """What of a request counts: whose session, in which language, what it knows, and from which page it comes."""

    session: str
    language: str
    last_event: UUID | None
    host: str
    origin: str

    @classmethod
    def of(cls, scope: Scope) -> _Asked:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        cookies: SimpleCookie = SimpleCookie()
        with contextlib.suppress(CookieError):
            cookies.load(headers.get("cookie", ""))
        values = {name: morsel.value for name, morsel in cookies.items()}
        last = None
        # A browser that lost the line says it in the header; a page that was looked at again, in the address.
        again = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", [""])[0]
        with contextlib.suppress(ValueError):
            last = UUID(headers.get("last-event-id") or again)
        chosen = values.get(settings.LANGUAGE_COOKIE_NAME, "")
        return cls(
            session=values.get(settings.SESSION_COOKIE_NAME, ""),
            language=chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
            last_event=last,
            host=headers.get("host", ""),
            origin=headers.get("origin", ""),
        )

    @property
    def is_from_here(self) -> bool:
        """Whether a page of ours asks: the same origin, or (without a proxy) another port of the same host."""
        if not self.origin:
            return True
        theirs = urlsplit(self.origin)
        if theirs.netloc == self.host:
            return True
        return settings.LIVE.startswith(":") and theirs.hostname == urlsplit(f"//{self.host}").hostname

    def headers(self) -> list[tuple[bytes, bytes]]:
        found = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-store",
            # The proxy hands on each event as it comes.
            "x-accel-buffering": "no",
            "x-content-type-options": "nosniff",
        }
        if self.origin and settings.LIVE.startswith(":"):
            found |= {"access-control-allow-origin": self.origin, "vary": "Origin"}
            found["access-control-allow-credentials"] = "true"
        return [(name.encode(), value.encode()) for name, value in found.items()]


def _heard(asked: _Asked, known: UUID | None, tells: bool) -> Heard | None:
    """In a thread: the database's connection goes back to the pool with each look."""
    try:
        with translation.override(asked.language):
            return hear(asked.session, known=known, tells=tells)
    finally:
        connections.close_all()


def _event(heard: Heard, language: str) -> str:
    unread = in_figures(min(heard.unread, COUNTED), heard.unread > COUNTED) if heard.unread else ""
    with translation.override(language):
        told = {"unread": unread, "label": unread_in_words(unread), "said": heard.said}
    mark = f"id: {heard.newest}\n" if heard.newest else ""
    return f"{mark}event: unread\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, text: str, *, last: bool = False) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": not last})


async def _plain(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        told = (await receive())["type"]
        await send({"type": f"{told}.complete"})
        if told == "lifespan.shutdown":
            return


def _address() -> dict[str, Any]:
    """The application's own address of the database, as psycopg takes it."""
    known = connections["default"].settings_dict
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {ours: known[theirs] for theirs, ours in names.items() if known.get(theirs)}
    options = {name: value for name, value in known.get("OPTIONS", {}).items() if name != "pool"}
    return found | options
