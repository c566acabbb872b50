"""The gateway: sessions with their events, which a client identifies for, resumes, and loses."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord_server import payloads
from tests.discord_server.model import Guild, Intent, Payload
from tests.discord_server.world import World
from tests.log import Log

__all__ = ["Frame", "Gateway", "Rules", "Session"]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 8, 9, 10, 11
_ABRUPT = 1006
_PRIVILEGED = Intent.GUILD_MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT


@dataclass
class Rules:
    """What the gateway insists on.

    Attributes:
        privileged: the privileged intents that the application was granted.
        heartbeat: milliseconds between heartbeats.
        concurrency: how many shards may identify at the same time.
        identify_pause: seconds between two identifies of one bucket; 5 on Discord, 0 lets tests be quick.
        shards: how many ``/gateway/bot`` recommends.
        down: takes no connections, as in an outage.
    """

    privileged: int = 0
    heartbeat: int = 41_250
    concurrency: int = 1
    identify_pause: float = 0.0
    shards: int = 1
    down: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Something that a client sent: an opcode with its data, and the path that it was connected to."""

    op: int
    data: Any
    path: str


@dataclass(eq=False)
class Session:
    """A session: its events are kept, so that it can be resumed."""

    id: str
    intents: Intent
    shard: tuple[int, int]
    events: list[str] = field(default_factory=list)
    connection: Connection | None = None

    def receives(self, guild: Guild | None, needed: int) -> bool:
        """Whether an event of a guild (or of none) that needs intents is for this session."""
        home = (guild.id >> 22) % self.shard[1] if guild else 0
        return home == self.shard[0] and self.intents & needed == needed


@dataclass(eq=False)
class Connection:
    """An open socket."""

    request: web.Request
    socket: web.WebSocketResponse
    session: Session | None = None
    ended: bool = False

    async def close(self, code: int, reason: str = "") -> None:
        """Closes it from this side, which leaves the session to be resumed."""
        self.ended = True
        await self.socket.close(code=code, message=reason.encode())

    async def send(self, op: int, data: Any = None) -> None:
        """Sends anything but an event."""
        await self.write(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def write(self, text: str) -> None:
        """Sends a text; one that can't be sent any more is found in the session on resuming."""
        with suppress(ConnectionError):
            await self.socket.send_str(text)

    def drop(self) -> None:
        """Cuts the line, as a failing network does."""
        if self.request.transport:
            self.request.transport.abort()


class Gateway:
    """Serves sockets and hands events out.

    Attributes:
        frames: everything that clients sent.
        ready: sessions as they began.
        resumed: sessions as they were resumed.
        ended: the codes with which connections ended; 1006 without one.
        refused: why a client was not let in: the code and what it means, or "too soon".
        sessions: those that can still be resumed, by id.
    """

    def __init__(self, world: World, token: str, rules: Rules) -> None:
        self.rules = rules
        self.frames: Log[Frame] = Log("gateway frame")
        self.ready: Log[Session] = Log("READY")
        self.resumed: Log[Session] = Log("RESUMED")
        self.ended: Log[int] = Log("end of a connection")
        self.refused: Log[str] = Log("refusal to identify")
        self.sessions: dict[str, Session] = {}
        self.address = ""
        self._world = world
        self._token = token
        self._open: set[Connection] = set()
        self._identified: dict[int, float] = {}

    @property
    def connected(self) -> list[Session]:
        """The sessions that have a socket now."""
        return [found for found in self.sessions.values() if found.connection]

    async def dispatch(
        self, event: str, data: Callable[[Intent], Payload], guild: Guild | None = None, needed: int = 0
    ) -> None:
        """Sends an event to every session that it is for, or keeps it there.

        Args:
            data: makes the event for a session of such intents.
        """
        for session in list(self.sessions.values()):
            if session.receives(guild, needed):
                await self._event(session, event, data(session.intents))

    async def drop(self) -> None:
        """Cuts every line."""
        for connection in list(self._open):
            connection.drop()

    async def close(self, code: int = 1001) -> None:
        """Closes every socket with a code."""
        await asyncio.gather(*(connection.close(code) for connection in list(self._open)))

    async def reconnect(self) -> None:
        """Asks every client to connect anew and resume."""
        for connection in list(self._open):
            await connection.send(RECONNECT)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tells every client that its session is invalid; one that isn't resumable is forgotten."""
        for connection in list(self._open):
            if connection.session and not resumable:
                self.sessions.pop(connection.session.id, None)
            await connection.send(INVALID, resumable)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from HELLO to its end."""
        if self.rules.down:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._open.add(connection)
        try:
            await connection.send(HELLO, {"heartbeat_interval": self.rules.heartbeat, "_trace": []})
            while (message := await socket.receive()).type is WSMsgType.TEXT:
                await self._received(connection, json.loads(message.data))
            code = message.data if message.type is WSMsgType.CLOSE else _ABRUPT
            self._left(connection, code)
            self.ended.add(code)
        finally:
            self._open.discard(connection)
            self._detach(connection)
        return socket

    def _left(self, connection: Connection, code: int) -> None:
        """A client that closes with 1000 or 1001 gives its session up; any other end leaves it to be resumed."""
        session = connection.session
        if session and session.connection is connection and not connection.ended and code in (1000, 1001):
            self.sessions.pop(session.id, None)

    def _detach(self, connection: Connection) -> None:
        if connection.session and connection.session.connection is connection:
            connection.session.connection = None

    async def _received(self, connection: Connection, frame: Payload) -> None:
        op, data = frame["op"], frame["d"]
        self.frames.add(Frame(op, data, connection.request.path))
        if op == HEARTBEAT:
            await connection.send(ACK)
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            await self._resume(connection, data)
        elif op == MEMBERS and connection.session:
            await self._members(connection.session, data)

    async def _identify(self, connection: Connection, data: Payload) -> None:
        intents, shard = Intent(data.get("intents", 0)), tuple(data.get("shard") or (0, 1))
        refusal = self._refusal(data, intents, shard)
        if refusal:
            self.refused.add(f"{refusal[0]} {refusal[1]}")
            await connection.close(*refusal)
        elif self._too_soon(shard[0]):
            self.refused.add("too soon")
            await connection.send(INVALID, data=False)
        else:
            session = Session(secrets.token_hex(16), intents, (shard[0], shard[1]), connection=connection)
            self.sessions[session.id] = connection.session = session
            await self._greet(session)
            self.ready.add(session)

    def _refusal(self, data: Payload, intents: Intent, shard: tuple[int, ...]) -> tuple[int, str] | None:
        if data.get("token") != self._token:
            return 4004, "Authentication failed."
        if not (len(shard) == 2 and 0 <= shard[0] < shard[1]):
            return 4010, "Invalid shard."
        if "intents" not in data:
            return 4013, "Invalid intent(s)."
        if intents & _PRIVILEGED & ~self.rules.privileged:
            return 4014, "Disallowed intent(s)."
        return None

    def _too_soon(self, shard: int) -> bool:
        bucket, now = shard % self.rules.concurrency, asyncio.get_running_loop().time()
        early = now - self._identified.get(bucket, -1e9) < self.rules.identify_pause
        self._identified[bucket] = now
        return early

    async def _greet(self, session: Session) -> None:
        world = self._world
        homes = [place for place in world.guilds.values() if place.has_bot and session.receives(place, Intent.GUILDS)]
        ready = {
            "v": 10,
            "user": {**payloads.user(world.bot), "verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(place.id), "unavailable": True} for place in homes],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": f"{self.address}/resume",
            "application": {"id": str(world.application), "flags": 0},
            "shard": list(session.shard),
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "_trace": [],
        }
        await self._event(session, "READY", ready)
        for place in homes:
            await self._event(session, "GUILD_CREATE", payloads.guild(place, world.bot))

    async def _resume(self, connection: Connection, data: Payload) -> None:
        session, seen = self.sessions.get(data.get("session_id", "")), data.get("seq")
        if (
            session is None
            or data.get("token") != self._token
            or not isinstance(seen, int)
            or seen > len(session.events)
        ):
            await connection.send(INVALID, data=False)
            return
        session.connection, connection.session = connection, session
        for text in session.events[seen:]:
            await connection.write(text)
        await self._event(session, "RESUMED", {"_trace": []})
        self.resumed.add(session)

    async def _event(self, session: Session, name: str, data: Payload) -> None:
        number = len(session.events) + 1
        text = json.dumps({"op": DISPATCH, "s": number, "t": name, "d": data})
        session.events.append(text)
        if session.connection:
            await session.connection.write(text)

    async def _members(self, session: Session, data: Payload) -> None:
        place = self._world.guilds[int(data["guild_id"])]
        asked = {int(number) for number in data.get("user_ids") or []}
        found = [place.users[number] for number in place.members if number in asked]
        chunk = {
            "guild_id": str(place.id),
            "members": [payloads.member(place, who) for who in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(number) for number in asked if number not in place.members],
            "nonce": data.get("nonce"),
        }
        await self._event(session, "GUILD_MEMBERS_CHUNK", chunk)
