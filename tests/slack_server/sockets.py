"""Socket Mode: up to ten sockets, each envelope to one of them.

Follows docs.slack.dev/apis/events-api/using-socket-mode: hello, envelopes with an id, acknowledgements by that id, a
``disconnect`` with its reason before a socket is refreshed, and no promise which socket an envelope comes over.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientConnectionError, WSMsgType, web

from tests.log import PATIENCE, Log
from tests.slack_server.deliveries import Attempt, Delivery, NotAcked
from tests.slack_server.model import Payload
from tests.slack_server.rules import Rules

__all__ = ["Ack", "Connection", "Sockets"]

_HOST = "applink-1"
_LIFE = 18060
_ANSWERED = frozenset({"slash_commands", "interactive"})  # the kinds whose acknowledgement may carry an answer


@dataclass(eq=False)
class Connection:
    """One socket.

    Attributes:
        half_open: the line is dead and neither side was told: nothing goes out, nothing is read, no ping is answered.
    """

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    half_open: bool = False
    frames: list[Payload] = field(default_factory=list)

    async def send(self, frame: Payload) -> None:
        """Sends a frame, unless the line is dead."""
        if not self.half_open and not self.socket.closed:
            try:
                await self.socket.send_str(json.dumps(frame))
            except (ClientConnectionError, ConnectionError, RuntimeError):
                return

    def drop(self) -> None:
        """Cuts the line."""
        if self.request.transport:
            self.request.transport.abort()


@dataclass(frozen=True, slots=True)
class Ack:
    """An acknowledgement as it came in.

    Attributes:
        at: when, by ``time.perf_counter``.
        known: whether it answers an envelope that waits for it.
    """

    envelope: str
    payload: Any
    way: int
    at: float
    known: bool


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An envelope that was sent and not acknowledged yet."""

    kind: str
    answer: asyncio.Future[Any]


class Sockets:
    """Serves the sockets of the app, and carries envelopes over them.

    Attributes:
        ready: sockets that said hello.
        ended: numbers of sockets that are gone.
        acks: acknowledgements.
        refused: sockets that were one too many.
        turned_away: addresses of those that were not let in at all.
        down: lets nobody in.
    """

    def __init__(self, app_id: str, rules: Rules) -> None:
        self.ready: Log[Connection] = Log("socket")
        self.ended: Log[int] = Log("end of a socket")
        self.acks: Log[Ack] = Log("acknowledgement")
        self.refused: Log[int] = Log("refused socket")
        self.turned_away: Log[str] = Log("socket turned away")
        self.problems: list[str] = []
        self.down = False
        self.address = ""
        self._app_id = app_id
        self._rules = rules
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._waiting: dict[str, _Waiting] = {}
        self._choice = random.Random(rules.seed)  # noqa: S311 - it spreads load
        self.connected: list[Connection] = []

    def url(self) -> str:
        """A new address to connect to, good for one socket."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return f"{self.address}/link/?ticket={ticket}&app_id={self._app_id}"

    async def carry(self, delivery: Delivery, attempt: Attempt) -> Any:
        """Sends an envelope over one of the sockets, and waits for its acknowledgement.

        Raises:
            NotAcked: there was none in time; with no socket an event is lost until its retry, anything else at once.
        """
        if not self.connected:
            await asyncio.sleep(self._rules.ack if delivery.kind == "events_api" else 0)
            raise NotAcked("timeout")
        connection = self._choice.choice(self.connected)
        attempt.way = connection.number
        envelope = str(uuid.uuid4())
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = _Waiting(delivery.kind, waiting)
        try:
            async with asyncio.timeout(self._rules.ack):
                await connection.send(_envelope(envelope, delivery, attempt))
                return await waiting
        except TimeoutError:
            raise NotAcked("timeout") from None
        finally:
            del self._waiting[envelope]

    @property
    def last(self) -> int:
        """The number of the newest socket; 0 before there is any."""
        return self.ready.items[-1].number if self.ready.items else 0

    async def renewed(self, last: int, patience: float = PATIENCE) -> None:
        """Waits until there is a socket that is newer than number ``last``."""
        await self.ready.next(lambda connection: connection.number > last, patience)

    async def disconnect(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Asks every client to connect anew: "warning", "refresh_requested" or "link_disabled".

        Args:
            close: whether the sockets are closed then, as with all reasons but the warning.
        """
        for connection in list(self.connected):
            await connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}})
            if close:
                await connection.socket.close()

    async def drop(self) -> None:
        """Cuts every line."""
        for connection in list(self.connected):
            self._forget(connection)
            connection.drop()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One socket, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if self.down or ticket not in self._tickets:
            self.turned_away.add(str(request.rel_url))
            return web.Response(status=503 if self.down else 403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(max_msg_size=0, autoping=False)
        await socket.prepare(request)
        connection = Connection(next(self._numbers), socket, request)
        if len(self.connected) >= self._rules.connections:
            await self._refuse(connection)
            return socket
        await self._serve(connection)
        return socket

    async def _refuse(self, connection: Connection) -> None:
        self.refused.add(connection.number)
        reason = {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": _HOST}}
        await connection.send(reason)
        await connection.socket.close()

    async def _serve(self, connection: Connection) -> None:
        self.connected.append(connection)
        pinging = asyncio.create_task(self._ping(connection))
        try:
            await connection.send(self._hello())
            self.ready.add(connection)
            async for message in connection.socket:
                await self._received(connection, message.type, message.data)
        finally:
            pinging.cancel()
            self._forget(connection)
            self.ended.add(connection.number)

    def _forget(self, connection: Connection) -> None:
        if connection in self.connected:
            self.connected.remove(connection)

    def _hello(self) -> Payload:
        return {
            "type": "hello",
            "num_connections": len(self.connected),
            "debug_info": {"host": _HOST, "build_number": 1, "approximate_connection_time": _LIFE},
            "connection_info": {"app_id": self._app_id},
        }

    async def _ping(self, connection: Connection) -> None:
        while not connection.socket.closed:
            await asyncio.sleep(self._rules.ping)
            if not connection.half_open:
                await connection.socket.ping(f"Ping from {_HOST}".encode())

    async def _received(self, connection: Connection, kind: WSMsgType, data: Any) -> None:
        if connection.half_open:
            return
        if kind is WSMsgType.PING:
            await connection.socket.pong(data)
        elif kind is WSMsgType.TEXT:
            self._acked(connection, json.loads(data))

    def _acked(self, connection: Connection, frame: Payload) -> None:
        connection.frames.append(frame)
        envelope = str(frame.get("envelope_id", ""))
        found = self._waiting.get(envelope)
        self._judge(frame, found)
        self.acks.add(Ack(envelope, frame.get("payload"), connection.number, time.perf_counter(), found is not None))
        if found and not found.answer.done():
            found.answer.set_result(frame.get("payload"))

    def _judge(self, frame: Payload, found: _Waiting | None) -> None:
        if found and frame.get("payload") and found.kind not in _ANSWERED:
            self.problems.append(f"the acknowledgement of an event carries {frame['payload']}")
        if set(frame) - {"envelope_id", "payload"}:
            self.problems.append(f"an acknowledgement has {sorted(frame)}")


def _envelope(name: str, delivery: Delivery, attempt: Attempt) -> Payload:
    envelope: Payload = {
        "envelope_id": name,
        "type": delivery.kind,
        "accepts_response_payload": delivery.kind in _ANSWERED,
        "payload": delivery.payload,
    }
    if delivery.kind == "events_api":
        envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.why}
    return envelope
