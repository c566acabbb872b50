"""What those who look after Herald are told, in the same words on every platform."""

from __future__ import annotations

from bot import notices
from bot import status as statuses
from bot import why as reasons
from bot.errors import KnowledgeError, StoreError
from bot.host import Host
from bot.knowledge import diff

__all__ = ["refused", "reload", "status", "why"]


async def reload(host: Host, who: str = "") -> str:
    """Reads the knowledge base anew, and tells what changed, or every problem; then nothing changes.

    Args:
        who: platform:id of the admin.
    """
    try:
        return diff.render(await host.reload(who))
    except StoreError:
        return notices.STORE_DOWN
    except KnowledgeError as error:
        return f"{refused(error, host)}\n\n{error}"


def refused(error: KnowledgeError, host: Host) -> str:
    """That a knowledge base can't go into service, and what does in its place."""
    found = "1 problem" if len(error.problems) == 1 else f"{len(error.problems)} problems"
    return f"{found}. Nothing was changed; version {host.knowledge.version} stays in service."


def status(host: Host) -> str:
    """How Herald is doing."""
    return statuses.render(host.status())


async def why(host: Host, text: str) -> str:
    """What the matcher weighs for a question."""
    return reasons.render(await host.why(text))
