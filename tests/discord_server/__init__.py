"""A loopback Discord: REST and gateway on a port of this machine, strict where Discord is.

``DiscordServer`` is the door. It keeps what happened in logs that tests wait on, refuses what Discord refuses with the
same codes, and goes wrong on demand. It knows no Herald: any bot that can be pointed at another address can talk to it.
"""

from __future__ import annotations

from tests.discord_server.exchange import Exchange, Fault, bad_gateway, dropped, held, rate_limited
from tests.discord_server.gateway import Rules
from tests.discord_server.interactions import Answer, Interaction
from tests.discord_server.member import Member
from tests.discord_server.model import Channel, Guild, Intent, Message, MessageFlag, Payload, Permission, User
from tests.discord_server.offers import NotOffered
from tests.discord_server.openapi import OpenApi
from tests.discord_server.server import TOKEN, DiscordServer

__all__ = [
    "TOKEN",
    "Answer",
    "Channel",
    "DiscordServer",
    "Exchange",
    "Fault",
    "Guild",
    "Intent",
    "Interaction",
    "Member",
    "Message",
    "MessageFlag",
    "NotOffered",
    "OpenApi",
    "Payload",
    "Permission",
    "Rules",
    "User",
    "bad_gateway",
    "dropped",
    "held",
    "rate_limited",
]
