"""An HTTP request -> the door it is for -> an HTTP answer with GitHub's headers."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from meta.twin import control, doors
from meta.twin.incoming import Incoming, incoming
from meta.twin.log import Fault, Log
from meta.twin.store import Store
from meta.twin.web import Answer

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

#: GitHub's allowance of a signed-in user in an hour; never used up here.
LIMIT = 5000
HOUR = 3600

#: What a token may do here, in the words that clients look for.
SCOPES = "admin:org, delete_repo, gist, project, repo, workflow"


class App:
    """The ASGI application. Handlers run in threads; the log and the fault on the loop."""

    def __init__(self, store: Store, version: str, *, announce: bool = True) -> None:
        self.store = store
        self.version = version
        self.log = Log()
        self.fault = Fault()
        self._announced = {"X-Meta-Twin": version} if announce else {}
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="twin")
        self._count = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = incoming(scope, await _body(receive))
        answer = await self._answer(request)
        if answer is None:
            await _drop(send)
        else:
            await self._send(request, answer, send)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(
        self, work: Callable[[Store, Incoming], Answer | None], request: Incoming
    ) -> Answer | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, work, self.store, request)

    async def _answer(self, request: Incoming) -> Answer | None:
        """None where the client is to hear nothing."""
        if request.path.split("/")[1] == "_twin":
            return await control.answer(self, request)
        if request.wants_page:
            shown = await self.run(doors.page, request)
            if shown is not None:
                return shown
        write = doors.is_write(request)
        entry = self.log.begin(request.method, request.path, write=write)
        strike = self.fault.strikes() if write else ""
        if strike == "before":
            await self.fault.hang()
            return None
        answer = await self.run(doors.answer, request)
        if strike == "after":
            await self.fault.hang()
            return None
        entry.status = answer.status if answer else None
        return answer

    async def _send(self, request: Incoming, answer: Answer, send: Send) -> None:
        status, body = answer.status, _bytes(answer.body)
        headers = {**self._common(), **answer.headers}
        if (
            request.method in ("GET", "HEAD")
            and status == 200
            and not isinstance(answer.body, bytes)
        ):
            headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()}"'
            headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
            if headers["ETag"] in request.headers.get("if-none-match", ""):
                status, body = 304, b""
        if body and "Content-Type" not in headers:
            headers["Content-Type"] = "application/json; charset=utf-8"
        if status not in (204, 304):
            headers["Content-Length"] = str(len(body))
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        shown = b"" if request.method == "HEAD" else body
        await send({"type": "http.response.body", "body": shown})

    def _common(self) -> dict[str, str]:
        self._count += 1
        reset = (int(time.time()) // HOUR + 1) * HOUR
        return {
            **self._announced,
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Api-Version-Selected": "2022-11-28",
            "X-GitHub-Request-Id": f"{self._count:04X}:{id(self) & 0xFFFFF:05X}",
            "X-OAuth-Scopes": SCOPES,
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(LIMIT - 1),
            "X-RateLimit-Reset": str(reset),
            "X-RateLimit-Used": "1",
            "X-RateLimit-Resource": "core",
        }


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


async def _body(receive: Receive) -> bytes:
    chunks = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _drop(send: Send) -> None:
    """Ends the connection in the middle of an answer: to the client, the answer is lost."""
    start = [(b"content-length", b"1"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": start})
    await send({"type": "http.response.body", "body": b"", "more_body": True})
