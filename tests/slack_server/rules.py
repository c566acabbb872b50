"""How strict this Slack is about time and load; the defaults are Slack's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Clock", "Rules"]

Clock = Callable[[], float]


@dataclass
class Rules:
    """Limits, all in seconds where nothing else is said.

    Attributes:
        ack: how long the bot may take (docs.slack.dev/apis/events-api, "Responding to events").
        retries: the pauses before an event that was not acknowledged is sent again ("Retries" there).
        trigger: how long a ``trigger_id`` is good for (docs.slack.dev/interactivity/handling-user-interaction).
        response_url: how long a ``response_url`` is good for, and ...
        response_uses: ... how often (the same page, "Message responses").
        connections: open sockets of an app at most (docs.slack.dev/apis/events-api/using-socket-mode).
        ping: between the pings that Slack sends over a socket.
        posts: messages a second into one channel in the long run (docs.slack.dev/apis/web-api/rate-limits) ...
        burst: ... and how many may come at once.
        repeats: whether a message that is sent again with the same ``client_msg_id`` is the same message. Slack's page
            on chat.postMessage names that only in its errors ("duplicate_message_not_found").
        seed: of the choice of the socket that gets an envelope.
    """

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger: float = 3.0
    response_url: float = 1800.0
    response_uses: int = 5
    connections: int = 10
    ping: float = 10.0
    posts: float = 1.0
    burst: int = 4
    repeats: bool = True
    seed: int = 1
