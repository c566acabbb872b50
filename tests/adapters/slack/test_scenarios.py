"""The shared scenarios on Slack: by mentions in a thread, and with commands as if in that channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeBase
from tests.adapters.slack.support import World
from tests.scenario import SCENARIOS, Scenario, Shown, play
from tests.slack_server import Channel
from tests.slack_server.model import Message, Payload
from tests.support import Clock, small_knowledge, write_knowledge


class Thread:
    """A member in a channel, who mentions Herald in one thread and presses buttons."""

    hides = True

    def __init__(self, world: World, place: Channel, clock: Clock, folder: Path) -> None:
        self._world = world
        self._place = place
        self._clock = clock
        self._folder = folder
        self._root: Message | None = None
        self._last: Message | None = None

    @property
    def knowledge(self) -> KnowledgeBase:
        return self._world.desk.host.knowledge

    async def ask(self, text: str) -> Shown:
        self._later()
        question = self._world.ada.mentions(self._place, text, thread=self._root)
        self._root = self._root or question
        self._last = await self._world.answer(question)
        return seen(self._last)

    async def pick(self, number: int) -> Shown:
        self._later()
        assert self._last
        choice = [label for label in self._last.labels if label not in _BUTTONS][number - 1]
        use = self._world.ada.clicks(self._last, choice)
        await self._world.replaced(use)
        return seen(self._last)

    async def quote(self, speaker: str | None, about: str | None) -> Shown:
        self._later()
        typed = " ".join([speaker or "", f"about {about}" if about else ""])
        self._last = await self._world.ada.slash(self._place, "/quote", typed).reply()
        return seen(self._last)

    async def reveal(self) -> Shown:
        self._later()
        assert self._last
        shown = await self._world.ada.clicks(self._last, "Reveal").reply()
        assert shown.viewer is self._world.ada.user
        return seen(shown)

    async def reload(self, base: str) -> Shown:
        assert base == "small"
        write_knowledge(self._folder, small_knowledge())
        report = await self._world.boss.slash(self._place, "/herald", "reload").reply()
        return Shown(report.text)

    def _later(self) -> None:
        """So that no cooldown matters, nor that the same was answered just before."""
        self._clock.now += 61


_BUTTONS = {"Source", "Dismiss", "Reveal", "Another", "Helpful", "Not helpful"}


def seen(message: Message) -> Shown:
    """What stands where in a message."""
    words = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    quotes = [_quote(block) for block in message.blocks if block["type"] == "rich_text"]
    small = [block["elements"] for block in message.blocks if block["type"] == "context"]
    sources = [_title(element["text"]) for element in small[0][1:]] if small else []
    choices = [label for label in message.labels if label not in _BUTTONS]
    return Shown(" ".join(words), quotes, choices, sources, "Reveal" in message.labels)


def _quote(block: Payload) -> str:
    (quote,) = block["elements"]
    assert quote["type"] == "rich_text_quote"
    return "".join(part["text"] for part in quote["elements"]).replace("\n", " ")


def _title(text: str) -> str:
    return text.rpartition("|")[2].removesuffix(">") if text.startswith("<") else text


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_scenario(scenario: Scenario, world: World, clock: Clock, tmp_path: Path) -> None:
    """What a member sees is what the scenario wants."""
    place = world.loud if scenario.age_restricted else world.general
    await play(scenario, Thread(world, place, clock, tmp_path / "kb"))
