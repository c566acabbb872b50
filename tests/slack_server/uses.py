"""What members do with the bot besides writing, and what it may do in turn.

Follows docs.slack.dev/interactivity/handling-user-interaction: a ``trigger_id`` opens one view within three seconds, a
``response_url`` takes five messages within 30 minutes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from tests.log import PATIENCE, Log
from tests.slack_server.deliveries import Deliveries, Delivery
from tests.slack_server.errors import ApiError
from tests.slack_server.model import Channel, Message, Payload, User, View
from tests.slack_server.rules import Clock, Rules
from tests.slack_server.world import World

__all__ = ["Use", "Uses"]


@dataclass(eq=False)
class Use:
    """A command, shortcut, press, pick, or a view that was sent off.

    Attributes:
        kind: type of the interaction, or "slash_command".
        began: when, by the server's clock; ``before`` is the same as a message's time.
        trigger: its ``trigger_id``; empty where there is none.
        address: its ``response_url``; empty where there is none.
        posts: how often the address was used.
        opened: whether the trigger was used.
        options: what an answer offered, for a member who types.
        errors: what an answer complained of, by the id of the block.
        over: whether the acknowledgement, or the lack of one, was dealt with.
    """

    id: str
    kind: str
    user: User
    began: float
    before: str
    world: World
    deliveries: Deliveries
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None
    trigger: str = ""
    address: str = ""
    posts: int = 0
    opened: bool = False
    delivery: Delivery = field(default_factory=lambda: Delivery("interactive", {}))
    options: list[Payload] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    over: bool = False

    def __str__(self) -> str:
        return f"{self.kind} of {self.user.name}"

    async def acked(self) -> Delivery:
        """Waits until the bot has acknowledged it.

        Raises:
            AssertionError: it has not within its three seconds.
        """
        await self.deliveries.acked(self.delivery)
        await self.deliveries.log.until(lambda: self.over)
        return self.delivery

    async def reply(self, patience: float = PATIENCE) -> Message:
        """Waits for the message that answers it: through its address, or in its channel for this member to see."""
        return await self.world.sent.next(self._is_reply, patience)

    async def shown(self, patience: float = PATIENCE) -> View:
        """Waits for the view that it opens, or that is changed after it."""
        return await self.world.views.next(
            lambda view: view.used == self.id or (view is self.view and view.user is self.user), patience
        )

    async def choices(self) -> list[tuple[str, str]]:
        """Waits for what the bot offers to complete with: text and value."""
        await self.acked()
        return [(option["text"]["text"], option["value"]) for option in self.options]

    def _is_reply(self, sent: Message) -> bool:
        if sent.used:
            return sent.used == self.id
        return sent.channel is self.channel and sent.ts > self.before and sent.viewer in (None, self.user)


class Uses:
    """Keeps what members did, by what the bot was given for it.

    Attributes:
        log: all of it.
        base: where addresses for responses are.
    """

    def __init__(self, world: World, deliveries: Deliveries, rules: Rules, clock: Clock) -> None:
        self.log: Log[Use] = Log("use")
        self.base = ""
        self._world = world
        self._deliveries = deliveries
        self._rules = rules
        self._clock = clock
        self._triggers: dict[str, Use] = {}
        self._addresses: dict[str, Use] = {}

    def begin(self, kind: str, user: User, *, trigger: bool = True, address: bool = False) -> Use:
        """Something that a member does now.

        Args:
            trigger: whether the bot may open a view for it.
            address: whether the bot is given an address for responses.
        """
        ids = self._world.ids
        made = Use(ids.new("X"), kind, user, self._clock(), ids.ts(), self._world, self._deliveries)
        if trigger:
            made.trigger = f"{made.id}.{secrets.token_hex(8)}"
            self._triggers[made.trigger] = made
        if address:
            key = secrets.token_hex(12)
            made.address = f"{self.base}/{key}"
            self._addresses[key] = made
        self.log.add(made)
        return made

    def opener(self, trigger: str) -> Use:
        """Uses a trigger up.

        Raises:
            ApiError: it is unknown, too old, or was used before (docs.slack.dev/reference/methods/views.open).
        """
        use = self._triggers.get(trigger)
        if use is None:
            raise ApiError("invalid_trigger_id")
        if self._clock() - use.began > self._rules.trigger:
            raise ApiError("expired_trigger_id")
        if use.opened:
            raise ApiError("exchanged_trigger_id")
        use.opened = True
        return use

    def responder(self, key: str) -> Use:
        """Uses an address once.

        Raises:
            ApiError: it is unknown, too old, or was used five times.
        """
        use = self._addresses.get(key)
        if use is None:
            raise ApiError("invalid_url")
        if self._clock() - use.began > self._rules.response_url:
            raise ApiError("expired_url")
        if use.posts >= self._rules.response_uses:
            raise ApiError("used_url")
        use.posts += 1
        return use
