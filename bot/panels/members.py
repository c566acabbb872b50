"""What members do around replies: votes with a reason, waiting to be told, being forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import ids, notices, records
from bot.curation.votes import REASONS
from bot.errors import CurationError, StoreError
from bot.host import Host
from bot.ids import RecordId
from bot.office import Office
from bot.panels.model import Action, Panel

__all__ = ["forget", "gave_reason", "vote", "wait"]


def vote(host: Host, office: Office | None, record: RecordId, vote: str, platform: str, member: str) -> Panel:
    """Notes a vote; a thumb down is asked for its reason."""
    if office is None:
        return Panel(records.note_vote(host, record, vote))
    line = office.votes.vote(record, "up" if vote == "up" else "down", platform, member)
    if vote == "up" or line != notices.THANKS:
        return Panel(line)
    return Panel(notices.WHAT_IS_WRONG, rows=(tuple(_reason(record, reason) for reason in REASONS),))


def _reason(record: RecordId, reason: str) -> Action:
    return Action(ids.button("reason", f"{reason}.{record}"), reason.capitalize())


def gave_reason(office: Office | None, rest: str, platform: str, member: str) -> str:
    """Notes why a record got a thumb down; returns the line for the member.

    Args:
        rest: what the button carries.
    """
    written, _, record = rest.partition(".")
    reason = next((known for known in REASONS if known == written), None)
    if office is None or reason is None:
        return notices.STORE_OFF if office is None else notices.OUTDATED
    return office.votes.reason(ids.record(record), reason, platform, member)


async def wait(office: Office | None, answer: str, platform: str, member: str, address: Mapping[str, Any]) -> str:
    """Notes that a member wants to be told; returns the line for them.

    Args:
        answer: id of the answer that didn't help.
        address: where they asked, as the platform's ``Tell`` understands it.
    """
    if office is None:
        return notices.STORE_OFF
    try:
        added = await office.waits.add(answer, platform, member, address)
    except CurationError as error:
        return str(error)
    except StoreError:
        return notices.STORE_DOWN
    return notices.WILL_TELL if added else notices.WAITING


async def forget(office: Office | None, platform: str, member: str) -> str:
    """Deletes all that is kept about a member; returns the line for them."""
    if office is None:
        return notices.NOTHING_KEPT
    try:
        return (await office.privacy.forget(platform, member)).line
    except StoreError:
        return notices.STORE_DOWN
