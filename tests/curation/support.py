"""Members who ask, as adapters see them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from bot.curation.asked import Asked
from bot.curation.journal import Journal
from bot.host import Host
from bot.reply import Reply
from bot.store.writer import Writer

__all__ = ["ODD", "Asking"]

ODD = "zebulon quartz umbrella"
"""Words that nothing in the town has."""

_MESSAGES = count(1)


@dataclass
class Asking:
    """Asks, and has the journal note it."""

    host: Host
    journal: Journal
    writer: Writer

    async def ask(self, text: str, *, times: int = 1, platform: str = "discord") -> tuple[str, Reply]:
        """The answer's id and the reply to a question that is asked so often."""
        for _ in range(times):
            reply = await self.host.ask(text, None, age_restricted=False)
            answer = self.journal.answered(Asked(text, platform, "7/8"), reply, 0.01)
        await self.writer.flushed()
        return answer, reply

    async def pick(self, text: str, entry: str) -> str:
        """Asks, is offered choices and picks; the message that has them."""
        answer, _ = await self.ask(text)
        message = f"8/{next(_MESSAGES)}"
        self.journal.posted(answer, message)
        self.journal.picked(message, entry)
        await self.writer.flushed()
        return message
