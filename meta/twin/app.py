"""An HTTP request -> the door it is for -> an HTTP answer with GitHub's headers."""

from __future__ import annotations

import asyncio
import contextvars
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import partial
from typing import Any, TypeVar

from meta.twin import clock, control, doors, passage
from meta.twin.faults import Harm, Rules
from meta.twin.incoming import Incoming, incoming
from meta.twin.limits import Limits
from meta.twin.log import Entry, Fault, Log
from meta.twin.store import Store
from meta.twin.web import Answer

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NONE = Harm()
Given = TypeVar("Given")


class Silence(Enum):
    """How a client learns that it hears nothing: an answer that breaks off, or a closed line."""

    BROKEN_OFF = "broken off"
    CUT = "cut"


class App:
    """The ASGI application. Handlers run in threads; the log and the faults on the loop."""

    def __init__(self, store: Store, version: str, *, announce: bool = True) -> None:
        self.store = store
        self.version = version
        self.log = Log()
        self.fault = Fault()
        self.rules = Rules()
        self.limits = Limits(store.clock)
        self._announced = {"X-Meta-Twin": version} if announce else {}
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="twin")
        self._count = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = incoming(scope, await _body(receive))
        self.limits.open += 1
        try:
            answer, skew = await self._answer(request)
        finally:
            self.limits.open -= 1
        if answer is Silence.BROKEN_OFF:
            await _break_off(send)
        elif answer is Silence.CUT:
            await _cut(send)
        elif isinstance(answer, Answer):
            await self._send(request, answer, send, skew)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[Store, Incoming], Given], request: Incoming) -> Given:
        loop = asyncio.get_running_loop()
        inside = contextvars.copy_context()
        return await loop.run_in_executor(self._pool, inside.run, work, self.store, request)

    async def _answer(self, request: Incoming) -> tuple[Answer | Silence, float]:
        """The answer, and how many seconds its date is wrong by."""
        if request.path.split("/")[1] == "_twin":
            return await control.answer(self, request), 0
        if request.wants_page:
            shown = await self.run(doors.page, request)
            if shown is not None:
                return shown, 0
        write = doors.is_write(request)
        entry = self.log.begin(request.method, request.path, write=write)
        strike = self.fault.strikes() if write else ""
        if strike == "before":
            await self.fault.hang()
            return Silence.BROKEN_OFF, 0
        harm = self.rules.harm(request, write=write) or NONE
        answer = await self._harmed(request, harm, entry)
        if strike == "after":
            await self.fault.hang()
            return Silence.BROKEN_OFF, 0
        entry.status = answer.status if isinstance(answer, Answer) else None
        return answer, harm.skew

    async def _harmed(self, request: Incoming, harm: Harm, entry: Entry) -> Answer | Silence:
        """Carries a request out, with what a rule does to it."""
        await self._pass(harm.latency)
        if harm.reset:
            return Silence.CUT
        stale = 0.0 if entry.write else harm.stale
        work = partial(passage.through, limits=self.limits, given=harm.answer, stale=stale)
        answer, entry.cost = await self.run(work, request)
        return Silence.CUT if harm.lose else answer

    async def _pass(self, seconds: float) -> None:
        """Lets time pass: on a clock that is set by hand, at once."""
        if not seconds:
            return
        if self.store.clock.manual:
            self.store.clock.advance(seconds)
        else:
            await asyncio.sleep(seconds)

    async def _send(self, request: Incoming, answer: Answer, send: Send, skew: float) -> None:
        body = passage.as_bytes(answer.body)
        headers = {**self._common(skew), **answer.headers}
        if body and "Content-Type" not in headers:
            headers["Content-Type"] = "application/json; charset=utf-8"
        if answer.status not in (204, 304):
            headers["Content-Length"] = str(len(body))
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        shown = b"" if request.method == "HEAD" else body
        await send({"type": "http.response.body", "body": shown})

    def _common(self, skew: float) -> dict[str, str]:
        self._count += 1
        return {
            **self._announced,
            "Date": clock.http_date(self.store.clock.seconds() + skew),
            "X-GitHub-Request-Id": f"{self._count:04X}:{id(self) & 0xFFFFF:05X}",
        }


async def _body(receive: Receive) -> bytes:
    chunks = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _break_off(send: Send) -> None:
    """Ends the connection in the middle of an answer: to the client, the answer is lost."""
    start = [(b"content-length", b"1"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": start})
    await send({"type": "http.response.body", "body": b"", "more_body": True})


async def _cut(send: Send) -> None:
    """Resets the connection before a byte of an answer: the server's own, found behind `send`."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        await _break_off(send)
        return
    line = transport.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    # The server notices in its next turns that nobody listens, and then misses no answer.
    for _ in range(3):
        await asyncio.sleep(0)
