"""What the bot answers to members: by the address that it was given, or in the acknowledgement itself.

Follows docs.slack.dev/interactivity/handling-user-interaction ("Message responses"), .../implementing-slash-commands,
docs.slack.dev/surfaces/modals ("Updating modals", "Displaying errors") and, for what completes a select,
docs.slack.dev/reference/block-kit/block-elements/select-menu-element ("external data source").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.slack_server.block_rules import BlockRules
from tests.slack_server.drafts import Drafts
from tests.slack_server.errors import ApiError
from tests.slack_server.exchange import Exchange
from tests.slack_server.model import Message, Payload, View
from tests.slack_server.uses import Use, Uses
from tests.slack_server.view_routes import ViewRoutes
from tests.slack_server.world import World, copied

__all__ = ["Answers"]

_MESSAGE = frozenset(
    "text blocks attachments response_type replace_original delete_original unfurl_links unfurl_media metadata mrkdwn "
    "thread_ts".split()
)
_CHOICE = frozenset({"replace_original", "delete_original", "response_type"})


class Answers:
    """Takes answers in, and carries them out.

    Attributes:
        problems: answers that Slack would ignore or members never see.
    """

    def __init__(self, world: World, uses: Uses, drafts: Drafts, views: ViewRoutes, rules: BlockRules) -> None:
        self.problems: list[str] = []
        self._world = world
        self._uses = uses
        self._drafts = drafts
        self._views = views
        self._rules = rules

    async def respond(self, exchange: Exchange) -> str:
        """Takes a message that was sent to an address for responses."""
        self._respond(self._uses.responder(exchange.key), exchange.args, "response_url")
        return "ok"

    def _respond(self, use: Use, body: Mapping[str, Any], via: str) -> None:
        unknown = sorted(set(body) - _MESSAGE)
        if unknown:
            self.problems.append(f"a response has {unknown}")
            raise ApiError("invalid_payload")
        if use.message and not _CHOICE & set(body):
            self.problems.append("a response to a press does not say whether it replaces the message")
        if body.get("delete_original") or body.get("replace_original"):
            self._change(use, body)
        else:
            self._world.post(self._made(use, body, via))

    def _made(self, use: Use, body: Mapping[str, Any], via: str) -> Message:
        viewer = None if body.get("response_type") == "in_channel" else use.user
        if use.channel is None:
            raise ApiError("channel_not_found")
        message = self._drafts.made(use.channel, body, via, viewer=viewer)
        message.used = use.id
        return message

    def _change(self, use: Use, body: Mapping[str, Any]) -> None:
        if use.message is None or use.message.deleted:
            raise ApiError("message_not_found")
        if body.get("delete_original"):
            self._world.delete(use.message)
            return
        before = copied(use.message)
        self._drafts.change(use.message, body)
        self._world.edit(use.message, before)

    async def follow(self, use: Use) -> None:
        """Waits for the acknowledgement of what a member did, and carries out what it says."""
        delivery = use.delivery
        await use.deliveries.log.until(lambda: delivery.over)
        if not delivery.acked:
            self.problems.append(f"{use} was not acknowledged: {delivery.failed}")
        else:
            try:
                self._carry_out(use, delivery.answer)
            except ApiError as error:
                self.problems.append(f"the acknowledgement of {use} is refused: {error.payload()}")
        use.over = True
        use.deliveries.log.touch()

    def _carry_out(self, use: Use, answer: Any) -> None:
        if use.kind == "block_suggestion":
            use.options = self._rules.options(answer)
        elif use.kind == "view_submission" and use.view:
            self._submitted(use, use.view, answer or {})
        elif use.kind == "slash_command" and answer:
            self._respond(use, {"text": answer} if isinstance(answer, str) else answer, "ack")
        elif answer and answer != "ok":
            self.problems.append(f"the answer in the acknowledgement of {use} is ignored")

    def _submitted(self, use: Use, view: View, answer: Payload) -> None:
        action = answer.get("response_action")
        if action == "errors":
            self._complain(use, view, answer.get("errors") or {})
        elif action in ("update", "push"):
            self._rules.view(answer["view"])
            if action == "update":
                self._views.change(view, answer["view"])
            else:
                self._views.show(view.team, view.user, answer["view"], use, view)
        elif action in (None, "clear"):
            view.closed = True
            while action and view.previous:
                view = view.previous
                view.closed = True
        else:
            raise ApiError("unknown_response_action")

    def _complain(self, use: Use, view: View, errors: Mapping[str, str]) -> None:
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not errors or set(errors) - inputs:
            raise ApiError("errors_not_found", {"inputs": sorted(inputs)})
        use.errors = dict(errors)
