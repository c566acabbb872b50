"""What is drawn: questions, and what Herald replies to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation import Conversations
from bot.herald import Herald
from bot.reply import Reply
from bot.typed import has_words

__all__ = ["Exchange", "asked"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its reply."""

    question: str
    reply: Reply

    @property
    def wait(self) -> str:
        """An answer's id where members may want to be told later, as :mod:`bot.noting` gives one; or empty."""
        return "preview" if self.reply.kind == "unknown" and has_words(self.question) else ""


def asked(herald: Herald, questions: Iterable[str], *, age_restricted: bool = False) -> list[Exchange]:
    """Asks one question after the other, in one conversation."""
    conversations, exchanges = Conversations(), []
    for question in questions:
        with conversations.open("preview") as context:
            exchanges.append(Exchange(question, herald.ask(question, context, age_restricted=age_restricted)))
    return exchanges
