"""What Discord shows while a member types; at most 25 lines of 100 characters, or it refuses them all."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from adapters.discord import places
from adapters.discord.curating import Curating
from adapters.discord.desk import Desk
from bot.completion import Completions
from bot.fitting import clip

__all__ = ["questions", "speakers", "topics", "waiting"]

_LABEL = 100
Interaction = discord.Interaction[Any]
_Choices = list[app_commands.Choice[str]]
_Complete = Callable[[Interaction, str], Coroutine[Any, Any, _Choices]]


def questions(desk: Desk) -> _Complete:
    """Questions; the value is the entry's id."""

    async def complete(interaction: Interaction, typed: str) -> _Choices:
        found = _completions(desk, interaction).questions(typed)
        return [_choice(choice.question, choice.entry) for choice in found]

    return complete


def waiting(curating: Curating) -> _Complete:
    """Questions that wait in the inbox, for admins; the value is the group's id."""

    async def complete(interaction: Interaction, typed: str) -> _Choices:
        return [_choice(option.label, option.value) for option in await curating.waiting(interaction, typed)]

    return complete


def speakers(desk: Desk) -> _Complete:
    """Who may be quoted; the value is the speaker's id."""

    async def complete(interaction: Interaction, typed: str) -> _Choices:
        found = _completions(desk, interaction).speakers(typed)
        return [_choice(speaker.name, speaker.id) for speaker in found]

    return complete


def topics(desk: Desk) -> _Complete:
    """What quotes are about, of the speaker that was picked before."""

    async def complete(interaction: Interaction, typed: str) -> _Choices:
        speaker = str(getattr(interaction.namespace, "speaker", None) or "")
        found = _completions(desk, interaction).topics(typed, speaker)
        return [_choice(topic, topic) for topic in found]

    return complete


def _completions(desk: Desk, interaction: Interaction) -> Completions:
    return desk.host.completions(age_restricted=places.of_interaction(interaction).age_restricted)


def _choice(label: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=clip(label, _LABEL), value=value)
