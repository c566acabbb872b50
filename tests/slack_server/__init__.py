"""A loopback Slack: Web API, Socket Mode and signed requests on a port of this machine, strict where Slack is.

``SlackServer`` is the door. It keeps what happened in logs that tests wait on, refuses what Slack refuses with the same
words, and goes wrong on demand. What the bot hears, may call and is offered for is what its manifest asks for. It knows
no Herald: any bot that can be pointed at another address can talk to it.
"""

from __future__ import annotations

from tests.slack_server.browser import Browser, Page, browser
from tests.slack_server.deliveries import Delivery
from tests.slack_server.exchange import Exchange, Fault, dropped, held, rate_limited, refused, server_error
from tests.slack_server.member import Member, NotOffered
from tests.slack_server.model import Channel, Message, Payload, Team, User, View
from tests.slack_server.oauth import CLIENT_ID, CLIENT_SECRET, Visitor
from tests.slack_server.rules import Rules
from tests.slack_server.schema import BlockKit
from tests.slack_server.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer
from tests.slack_server.uses import Use
from tests.slack_server.webhooks import Answer, Webhooks, signed

__all__ = [
    "APP_TOKEN",
    "BOT_TOKEN",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "SIGNING_SECRET",
    "Answer",
    "BlockKit",
    "Browser",
    "Channel",
    "Delivery",
    "Exchange",
    "Fault",
    "Member",
    "Message",
    "NotOffered",
    "Page",
    "Payload",
    "Rules",
    "SlackServer",
    "Team",
    "Use",
    "User",
    "View",
    "Visitor",
    "Webhooks",
    "browser",
    "dropped",
    "held",
    "rate_limited",
    "refused",
    "server_error",
    "signed",
]
