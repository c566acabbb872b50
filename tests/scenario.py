"""Scenarios: conversations that every adapter is run through, judged by what a member gets to see.

An adapter's tests write a :class:`Driver` for it, and play every scenario of ``tests/scenarios`` on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml
from pydantic import BaseModel, ConfigDict

from bot.knowledge import KnowledgeBase
from bot.replies import UNSURE, UNSURE_OF_ONE, WITHHELD, card
from bot.reply import Kind

__all__ = ["SCENARIOS", "Driver", "Scenario", "Shown", "play"]

_FILE = Path(__file__).parent / "scenarios" / "town.yaml"


class Wanted(BaseModel):
    """What a member asks for a quote by."""

    model_config = ConfigDict(extra="forbid")

    speaker: str | None = None
    about: str | None = None


class Step(BaseModel):
    """What is said or pressed, and what must be shown; the file tells of each key."""

    model_config = ConfigDict(extra="forbid")

    ask: str | None = None
    times: int = 1
    pick: int | None = None
    quote: Wanted | None = None
    reveal: bool = False
    reload: str | None = None
    kind: Kind | None = None
    entry: str | None = None
    gap: str | None = None
    smalltalk: str | None = None
    shows: str | None = None
    choices: list[str] = []
    hidden: bool = False
    says: str = ""


class Scenario(BaseModel):
    """One member's conversation."""

    model_config = ConfigDict(extra="forbid")

    name: str
    age_restricted: bool = False
    steps: list[Step]


@dataclass(frozen=True)
class Shown:
    """What a member sees, without the platform's markup.

    Attributes:
        text: all words but those of quotes, choices and sources.
        quotes: the words of each quote that is set off, with its speaker after a dash.
        choices: what the choices say.
        sources: titles.
        hidden: whether there is something that must be revealed first.
    """

    text: str
    quotes: Sequence[str] = ()
    choices: Sequence[str] = ()
    sources: Sequence[str] = field(default=())
    hidden: bool = False


class Driver(Protocol):
    """One member on one platform. Steps are far enough apart for no cooldown to matter."""

    @property
    def hides(self) -> bool:
        """Whether the platform can hide what gives away plot, or only mark it."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base in service."""

    async def ask(self, text: str) -> Shown:
        """A question in words."""

    async def pick(self, number: int) -> Shown:
        """A choice of the last reply, from 1."""

    async def quote(self, speaker: str | None, about: str | None) -> Shown:
        """The quote command."""

    async def reveal(self) -> Shown:
        """What the last reply hid."""

    async def reload(self, base: str) -> Shown:
        """Puts another knowledge base into service, and gives the report."""


def _scenarios() -> list[Scenario]:
    return [Scenario.model_validate(item) for item in yaml.safe_load(_FILE.read_text("utf-8"))["scenarios"]]


SCENARIOS = _scenarios()


async def play(scenario: Scenario, driver: Driver) -> None:
    """Plays a scenario; fails at the first step where something else is shown."""
    for number, step in enumerate(scenario.steps, 1):
        shown = await _act(step, driver)
        assert _differences(step, shown, driver) == [], f"{scenario.name}, step {number}: {shown}"


async def _act(step: Step, driver: Driver) -> Shown:
    if step.ask is not None:
        return await driver.ask(" ".join([step.ask] * step.times))
    if step.pick is not None:
        return await driver.pick(step.pick)
    if step.reveal:
        return await driver.reveal()
    if step.reload is not None:
        return await driver.reload(step.reload)
    assert step.quote, "a step needs something to do"
    return await driver.quote(step.quote.speaker, step.quote.about)


def _differences(step: Step, shown: Shown, driver: Driver) -> list[str]:
    """What is shown otherwise than wanted, in words."""
    wanted = _wanted(step, driver.knowledge)
    if step.hidden and driver.hides:
        found = [] if shown.hidden else ["nothing is hidden"]
        leaks = [wanted.text, *(quote.partition(" — ")[0] for quote in wanted.quotes)]
        return found + [f"leaks: {leak}" for leak in leaks if leak and leak in str(shown)]
    found = [] if step.says in shown.text else [f"says no {step.says!r}"]
    if not step.reveal and shown.hidden != step.hidden:
        found.append("hidden" if shown.hidden else "not marked as hidden")
    if wanted.text not in shown.text:
        found.append(f"misses {wanted.text!r}")
    for what in ("quotes", "choices", "sources"):
        if list(getattr(shown, what)) != list(getattr(wanted, what)):
            found.append(f"{what} should be {getattr(wanted, what)}")
    return found


def _wanted(step: Step, kb: KnowledgeBase) -> Shown:
    """What the knowledge base says must be shown."""
    choices = tuple(kb.entries[name].questions[0] for name in step.choices if name in kb.entries)
    if step.entry:
        entry = kb.entries[step.entry]
        quotes = tuple(_quote(kb, name) for name in entry.quotes)
        return Shown(entry.answer, quotes, choices, tuple(kb.sources[name].title for name in entry.sources))
    if step.shows:
        title = kb.sources[kb.quotes[step.shows].source].title
        return Shown("", (_quote(kb, step.shows),), choices, (title,))
    said = kb.gaps[step.gap].line if step.gap else kb.smalltalk[step.smalltalk].line if step.smalltalk else ""
    fixed = {"choices": UNSURE if len(choices) > 1 else UNSURE_OF_ONE, "withheld": WITHHELD}
    return Shown(said or fixed.get(step.kind or "", ""), choices=choices)


def _quote(kb: KnowledgeBase, name: str) -> str:
    """A quote as it must be set off: the words, and who says them where, and how they came down."""
    shown = card(kb, kb.quotes[name])
    note = f" ({shown.note})" if shown.note else ""
    return f"“{shown.text}” — {shown.speaker}, {shown.where}{note}"
