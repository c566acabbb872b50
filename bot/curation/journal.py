"""The journal: what was asked and what came of it."""

from __future__ import annotations

from bot.curation.asked import Asked
from bot.reply import Reply

__all__ = ["Journal"]


class Journal:
    """Notes answers and questions without ever keeping anybody waiting; call it on the event loop.

    Attributes:
        records: whether questions are kept; without them nothing can be taught, and nobody can wait for an answer.
    """

    records: bool

    def answered(self, asked: Asked, reply: Reply, seconds: float) -> str:
        """Notes what was answered.

        Args:
            seconds: that the answer took.

        Returns:
            The answer's id, for buttons and admins (16 characters); also in the log.
        """
        raise NotImplementedError

    def posted(self, answer: str, message: str) -> None:
        """Notes the message that carries an answer, as the platform names it (up to 120 characters)."""
        raise NotImplementedError

    def picked(self, message: str, entry: str) -> None:
        """Notes that one of the choices on a message was picked."""
        raise NotImplementedError
