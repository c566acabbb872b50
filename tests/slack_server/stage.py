"""What the server's own tests play on."""

from __future__ import annotations

from dataclasses import dataclass

from tests.slack_server import Channel, Member, SlackServer
from tests.slack_server.plain import Plain

__all__ = ["ManualClock", "Stage"]


class ManualClock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Stage:
    """A server with what tests need on it."""

    server: SlackServer
    clock: ManualClock
    general: Channel
    ada: Member
    ben: Member
    bot: Plain
