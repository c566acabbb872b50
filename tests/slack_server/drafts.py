"""From the body of a request to a message of the bot.

Follows docs.slack.dev/reference/methods/chat.postMessage ("text": 40,000 characters at most), .../chat.update (4,000)
and docs.slack.dev/interactivity/handling-user-interaction ("Message responses").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.slack_server.block_rules import BlockRules
from tests.slack_server.errors import ApiError
from tests.slack_server.model import Channel, Message, User
from tests.slack_server.world import World

__all__ = ["Drafts"]

_LONGEST = 40_000
_LONGEST_UPDATE = 4000
_MARKDOWN = 12_000


class Drafts:
    """Makes and changes messages of the bot.

    Attributes:
        problems: what Slack lets through and members suffer from: blocks without text beside them, links that unfold.
    """

    def __init__(self, world: World, rules: BlockRules) -> None:
        self.problems: list[str] = []
        self._world = world
        self._rules = rules

    def made(self, place: Channel, body: Mapping[str, Any], via: str, *, viewer: User | None = None) -> Message:
        """A message that is not in its channel yet.

        Raises:
            ApiError: what Slack would say.
        """
        message = Message(self._world.ids.ts(), place, place.team.bot, via=via, viewer=viewer)
        thread = str(body.get("thread_ts") or "")
        if thread and thread not in place.messages:
            raise ApiError("thread_not_found")
        message.thread = place.messages[thread].root if thread else ""
        self._fill(message, body, _LONGEST)
        if not message.text and not message.blocks:
            raise ApiError("no_text")
        if body.get("unfurl_links") is not False and "http" in message.text and via == "chat.postMessage":
            self.problems.append(f"links of a message may unfold: {message.text[:80]!r}")
        return message

    def change(self, message: Message, body: Mapping[str, Any]) -> None:
        """Edits: text takes blocks away unless there are new ones, blocks alone leave the text as it was.

        Raises:
            ApiError: what Slack would say.
        """
        if not {"text", "blocks", "markdown_text", "attachments"} & set(body):
            raise ApiError("no_text")
        self._fill(message, body, _LONGEST_UPDATE)

    def _fill(self, message: Message, body: Mapping[str, Any], longest: int) -> None:
        text, blocks, markdown = body.get("text"), body.get("blocks"), body.get("markdown_text")
        if text is not None and not isinstance(text, str):
            raise ApiError("invalid_arguments")
        if len(text or "") > longest or len(markdown or "") > _MARKDOWN:
            raise ApiError("msg_too_long")
        if markdown and (text or blocks):
            raise ApiError("markdown_text_conflict")
        if blocks is not None:
            self._rules.message(blocks)
        if blocks and not text and not message.text:
            self.problems.append("blocks without text beside them, which notifications and screen readers need")
        if "metadata" in body:
            _check_metadata(body["metadata"])
        message.body = dict(body)
        message.text = str(markdown or text or message.text)
        if blocks is not None or text is not None:
            message.blocks = list(blocks or [])


def _check_metadata(given: Any) -> None:
    """What goes along unseen (docs.slack.dev/messaging/message-metadata)."""
    fits = isinstance(given, dict) and given.get("event_type") and isinstance(given.get("event_payload"), dict)
    if not fits or set(given) - {"event_type", "event_payload"}:
        raise ApiError("invalid_metadata_format")
