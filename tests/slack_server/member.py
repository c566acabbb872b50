"""A member: somebody who writes, clicks and types as people do."""

from __future__ import annotations

import uuid

from tests.slack_server import interactions, payloads
from tests.slack_server.answers import Answers
from tests.slack_server.deliveries import Deliveries
from tests.slack_server.model import Channel, Message, Payload, Team, User, View, elements_of
from tests.slack_server.uses import Use, Uses
from tests.slack_server.world import World, copied

__all__ = ["Member", "NotOffered", "escaped"]

_PICKS = ("static_select", "external_select", "radio_buttons", "overflow")


class NotOffered(Exception):  # noqa: N818 - what happens, and no mistake
    """Slack's client wouldn't let a member do that."""


def escaped(text: str) -> str:
    """What a member types, as Slack keeps it (docs.slack.dev/messaging/formatting-message-text, "Escaping text")."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Member:
    """Acts for one user; each method returns as soon as Slack has begun to tell the bot."""

    def __init__(self, user: User, team: Team, world: World, uses: Uses, answers: Answers) -> None:
        self.user = user
        self.team = team
        self._world = world
        self._uses = uses
        self._answers = answers

    @property
    def dm(self) -> Channel:
        """The conversation with the bot."""
        return self._world.dm(self.team, self.user)

    def says(self, place: Channel, text: str, *, thread: Message | None = None) -> Message:
        """Writes a message as typed.

        Args:
            thread: a message of the thread that it goes into; one that no thread has begins one.
        """
        return self._writes(place, escaped(text), thread)

    def mentions(self, place: Channel, text: str = "", *, thread: Message | None = None) -> Message:
        """Writes a message to the bot."""
        return self._writes(place, f"{self.team.bot.mention} {escaped(text)}".rstrip(), thread)

    def dms(self, text: str, *, thread: Message | None = None) -> Message:
        """Writes to the bot in private.

        Raises:
            NotOffered: the app's Messages tab takes no messages.
        """
        if not self._world.app.messages:
            raise NotOffered("sending messages to this app has been turned off")
        return self._writes(self.dm, escaped(text), thread)

    def _writes(self, place: Channel, text: str, thread: Message | None) -> Message:
        if place.archived or self.user.id not in place.members:
            raise NotOffered(f"{self.user.name} can't write in {place.name}")
        root = thread.root if thread else ""
        return self._world.post(
            Message(self._world.ids.ts(), place, self.user, text, thread=root, client_id=str(uuid.uuid4()))
        )

    def edits(self, message: Message, text: str) -> None:
        """Changes a message of one's own; a mention of the bot at its beginning stays."""
        before, mention = copied(message), self.team.bot.mention
        message.text = f"{mention} {escaped(text)}" if message.text.startswith(mention) else escaped(text)
        self._world.edit(message, before)

    def deletes(self, message: Message) -> None:
        """Deletes a message of one's own."""
        self._world.delete(message)

    def sees(self, place: Channel) -> list[Message]:
        """What is in a channel for this member, in order."""
        return self._world.seen(place, self.user)

    def slash(self, place: Channel, command: str, text: str = "", *, thread: Message | None = None) -> Use:
        """Uses a slash command.

        Raises:
            NotOffered: the app hasn't got it; or in a thread, where there are none
                (docs.slack.dev/interactivity/implementing-slash-commands).
        """
        if thread:
            raise NotOffered(f"{command} is not supported in threads")
        if command not in self._world.app.commands:
            raise NotOffered(f"{command} is not a valid command; there are {[*self._world.app.commands]}")
        use = self._began("slash_command", place, address=True)
        payload = interactions.command(use, self.team, self._world, command, escaped(text).strip())
        return self._told(use, payload, "slash_commands")

    def picks_from_menu(self, message: Message, name: str) -> Use:
        """Uses a message shortcut, by the name in the menu.

        Raises:
            NotOffered: the app hasn't got it, or the member does not see the message.
        """
        callback = self._shortcut(name, "message")
        self._can_see(message)
        use = self._began("message_action", message.channel, address=True)
        use.message = message
        return self._told(use, interactions.shortcut(use, self.team, self._world, callback))

    def uses_shortcut(self, name: str) -> Use:
        """Uses a global shortcut.

        Raises:
            NotOffered: the app hasn't got it.
        """
        callback = self._shortcut(name, "global")
        use = self._began("shortcut", None)
        return self._told(use, interactions.shortcut(use, self.team, self._world, callback))

    def opens_home(self, tab: str = "home") -> Channel:
        """Opens the app's "home" or "messages" tab, and returns the conversation there."""
        home = self._world.homes.get(self.user.id)
        shown = {"view": payloads.view(home, self._world.app_id)} if home and tab == "home" else {}
        opened = {"type": "app_home_opened", "user": self.user.id, "channel": self.dm.id, "tab": tab, **shown}
        self._world.hear(self.team, "app_home_opened", {**opened, "event_ts": self._world.ids.ts()})
        return self.dm

    def clicks(self, shown: Message | View, name: str) -> Use:
        """Presses a button, by its label, action_id or value.

        Raises:
            NotOffered: it can't be seen, or there is no such button.
        """
        block, element = self._offered(shown, name, ("button", "icon_button", "feedback_buttons"))
        if element["type"] != "feedback_buttons":
            return self._acts(shown, interactions.action(block, element))
        sides = [element["positive_button"], element["negative_button"]]
        side = next((side for side in sides if name in (side["text"]["text"], side["value"])), None)
        if side is None:
            raise NotOffered(f"{name!r} is neither of {[side['text']['text'] for side in sides]}")
        return self._acts(shown, interactions.action(block, element, value=side["value"], text=side["text"]))

    def selects(self, shown: Message | View, name: str, value: str) -> Use | None:
        """Picks an option by its value or text; the bot hears of it at once unless it is an input of a modal.

        Raises:
            NotOffered: it can't be seen, or there is no such option.
        """
        block, element = self._offered(shown, name, _PICKS)
        options = self._options(shown, element)
        option = next((item for item in options if value in (item["value"], item["text"]["text"])), None)
        if option is None:
            raise NotOffered(f"{value!r} is no option of {[item['value'] for item in options]}")
        state = {"type": element["type"], "selected_option": option}
        if isinstance(shown, View):
            _keep(shown, block, element, state)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
        return self._acts(shown, interactions.action(block, element, selected_option=option))

    def fills(self, view: View, name: str, text: str) -> None:
        """Types into a text input of a modal.

        Raises:
            NotOffered: it is gone, or there is no such input.
        """
        block, element = self._offered(view, name, ("plain_text_input",))
        if not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3000):
            raise NotOffered(f"{name!r} does not take {len(text)} characters")
        _keep(view, block, element, {"type": "plain_text_input", "value": text or None})

    def types(self, shown: Message | View, name: str, text: str) -> Use:
        """Types into a select that the bot completes.

        Raises:
            NotOffered: there is no such select, or too little is typed for it to ask the bot.
        """
        block, element = self._offered(shown, name, ("external_select",))
        if len(text) < element.get("min_query_length", 3):
            raise NotOffered(f"{name!r} asks from {element.get('min_query_length', 3)} characters on")
        use = self._at(shown, "block_suggestion", trigger=False)
        payload = interactions.suggestion(use, self.team, self._world, (block, element), text)
        return self._told(use, payload)

    async def completes(self, shown: Message | View, name: str, text: str) -> list[tuple[str, str]]:
        """Types, and waits for what is offered, which can be selected then: text and value."""
        use = self.types(shown, name, text)
        found = await use.choices()
        if isinstance(shown, View):
            shown.options[self._offered(shown, name, ("external_select",))[1]["action_id"]] = use.options
        return found

    def submits(self, view: View) -> Use:
        """Sends a modal off with what was entered.

        Raises:
            NotOffered: it is gone, or something that it needs is missing.
        """
        self._can_see(view)
        for block in view.blocks:
            if block["type"] == "input":
                _prefill(view, block)
                if not block.get("optional") and not _entered(view, block):
                    raise NotOffered(f"please complete this required field: {block['block_id']}")
        use = self._at(view, "view_submission")
        return self._told(use, interactions.view_submission(use, view, self._world))

    def closes(self, view: View) -> Use | None:
        """Closes a modal; the bot hears of it where it asked to."""
        self._can_see(view)
        view.closed = True
        if not view.body.get("notify_on_close"):
            return None
        use = self._at(view, "view_closed", trigger=False)
        return self._told(use, interactions.view_closed(use, view, self._world))

    def _acts(self, shown: Message | View, done: Payload) -> Use:
        use = self._at(shown, "block_actions")
        return self._told(use, interactions.block_actions(use, self.team, self._world, done))

    def _at(self, shown: Message | View, kind: str, *, trigger: bool = True) -> Use:
        address = kind == "block_actions" and isinstance(shown, Message)
        place = shown.channel if isinstance(shown, Message) else None
        use = self._began(kind, place, trigger=trigger, address=address)
        if isinstance(shown, Message):
            use.message = shown
        else:
            use.view = shown
        return use

    def _began(self, kind: str, place: Channel | None, *, trigger: bool = True, address: bool = False) -> Use:
        use = self._uses.begin(kind, self.user, trigger=trigger, address=address)
        use.channel = place
        return use

    def _told(self, use: Use, payload: Payload, kind: str = "interactive") -> Use:
        deliveries: Deliveries = use.deliveries
        use.delivery = deliveries.send(kind, payload)
        deliveries.spawn(self._answers.follow(use))
        return use

    def _shortcut(self, name: str, kind: str) -> str:
        found = self._world.app.shortcuts.get(name)
        if found is None or found["type"] != kind:
            raise NotOffered(f"no {kind} shortcut {name!r}; there are {[*self._world.app.shortcuts]}")
        return str(found["callback_id"])

    def _can_see(self, shown: Message | View) -> None:
        if isinstance(shown, View):
            if shown.closed or shown.user is not self.user:
                raise NotOffered(f"{self.user.name} does not see that view")
        elif shown.deleted or shown.viewer not in (None, self.user) or self.user.id not in shown.channel.members:
            raise NotOffered(f"{self.user.name} does not see that message")

    def _offered(self, shown: Message | View, name: str, kinds: tuple[str, ...]) -> tuple[Payload, Payload]:
        self._can_see(shown)
        try:
            block, element = shown.element(name)
        except LookupError as error:
            raise NotOffered(str(error)) from None
        if element["type"] not in kinds:
            raise NotOffered(f"{name!r} is a {element['type']}")
        return block, element

    def _options(self, shown: Message | View, element: Payload) -> list[Payload]:
        if element["type"] == "external_select":
            return shown.options.get(element["action_id"], []) if isinstance(shown, View) else []
        groups = [option for group in element.get("option_groups", []) for option in group["options"]]
        return [*element.get("options", []), *groups]


def _keep(view: View, block: Payload, element: Payload, state: Payload) -> None:
    view.typed.setdefault(block["block_id"], {})[element["action_id"]] = state


def _prefill(view: View, block: Payload) -> None:
    """Puts into an input what it held from the beginning, or nothing."""
    for element in elements_of(block):
        empty: Payload = {"type": element["type"]}
        if element["type"] == "plain_text_input":
            empty["value"] = element.get("initial_value")
        else:
            empty["selected_option"] = element.get("initial_option")
        view.typed.setdefault(block["block_id"], {}).setdefault(element["action_id"], empty)


def _entered(view: View, block: Payload) -> bool:
    states = view.typed.get(block["block_id"], {}).values()
    return any(state.get("value") or state.get("selected_option") for state in states)
