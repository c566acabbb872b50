"""Feedback: a vote for each member and record, told apart by a salted hash alone."""

from __future__ import annotations

from typing import Literal

from bot.ids import RecordId

__all__ = ["REASONS", "Reason", "Vote", "Votes"]

Vote = Literal["up", "down"]
Reason = Literal["wrong", "outdated", "incomplete", "other"]
REASONS: tuple[Reason, ...] = ("wrong", "outdated", "incomplete", "other")


class Votes:
    """Takes votes without ever keeping anybody waiting; call it on the event loop."""

    def vote(self, record: RecordId, vote: Vote, platform: str, member: str) -> str:
        """Notes a vote, in place of the member's last one on this record; returns the line for them."""
        raise NotImplementedError

    def reason(self, record: RecordId, reason: Reason, platform: str, member: str) -> str:
        """Notes why a record got the member's 👎; returns the line for them."""
        raise NotImplementedError
