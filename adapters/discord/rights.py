"""Who looks after Herald on Discord: checked anew each time, whatever Discord let through."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import discord

__all__ = ["Rights", "manages", "owner_of"]

Interaction = discord.Interaction[Any]


class Rights:
    """Who may: the managers of Herald's home, and whoever has one of the roles.

    There is one knowledge base for all servers, and anybody may invite a public bot to a server of theirs and manage
    that: a manager's right counts at home alone. The id of a role is of one server only.
    """

    def __init__(self, home: Collection[int], roles: Collection[int], owner: Callable[[], int | None]) -> None:
        """Takes the ids of servers and of roles.

        Args:
            owner: tells who owns the bot; without servers in the settings, theirs are its home.
        """
        self._home = frozenset(home)
        self._roles = frozenset(roles)
        self._owner = owner

    def allow(self, interaction: Interaction) -> bool:
        """Whether a member may, as of now."""
        if interaction.guild_id is None or not isinstance(interaction.user, discord.Member):
            return False
        held = {role.id for role in interaction.user.roles}
        return not held.isdisjoint(self._roles) or (manages(interaction) and self._at_home(interaction))

    def _at_home(self, interaction: Interaction) -> bool:
        if self._home:
            return interaction.guild_id in self._home
        theirs = interaction.guild.owner_id if interaction.guild else None
        return theirs is not None and theirs == self._owner()


def manages(interaction: Interaction) -> bool:
    """Whether a member manages the server where they are, whichever that is."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def owner_of(application: discord.AppInfo | None) -> int | None:
    """The id of the person who owns an application; of its team, the one who owns the team."""
    if application is None:
        return None
    return application.team.owner_id if application.team else application.owner.id
