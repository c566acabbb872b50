"""What members and admins may type and press is described, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
from discord import app_commands

from adapters.discord.admin import add_admin_commands
from adapters.discord.commands import add_commands
from adapters.discord.curating import Curating as DiscordCurating
from adapters.discord.desk import Desk as DiscordDesk
from adapters.slack.admin import AdminCommand
from adapters.slack.curating import Curating as SlackCurating
from adapters.slack.desk import Desk as SlackDesk
from adapters.slack.manifest import COMMANDS, SHORTCUTS
from adapters.terminal import inbox
from adapters.terminal.completion import COMMANDS as TYPED
from tests.docs.support import document
from tests.test_project import ROOT

Command = app_commands.Command[Any, Any, Any]


@pytest.fixture
def tree() -> app_commands.CommandTree[Any]:
    """Herald's commands on Discord, which nobody has sent there."""
    made: app_commands.CommandTree[Any] = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    desk, curating = (create_autospec(kind, instance=True) for kind in (DiscordDesk, DiscordCurating))
    curating.desk = desk
    add_commands(made, desk)
    add_admin_commands(made, curating)
    return made


def leaves(commands: list[Any]) -> Iterator[Command]:
    """The commands, and those of groups."""
    for command in commands:
        if isinstance(command, app_commands.Group):
            yield from leaves(command.commands)
        else:
            yield command


def slashes(text: str) -> set[str]:
    """The commands of a document's tables; of /herald with the word behind it."""
    return set(re.findall(r"^\| `(/herald [\w-]+|/[\w-]+)", text, re.M))


class TestDiscord:
    def test_every_command_with_its_options(self, tree: app_commands.CommandTree[Any]) -> None:
        """In the tables, and no other."""
        text = document("discord.md")
        found = list(leaves(tree.get_commands(type=discord.AppCommandType.chat_input)))
        assert slashes(text) == {f"/{command.qualified_name}" for command in found}
        for command in found:
            row = f"/{' '.join([command.qualified_name, *(f'{option.name}:' for option in command.parameters)])}"
            assert f"| `{row}` |" in text

    def test_every_entry_of_a_menu(self, tree: app_commands.CommandTree[Any]) -> None:
        """By its name there."""
        names = [menu.name for menu in tree.get_commands(type=discord.AppCommandType.message)]
        assert sorted(re.findall(r"^\| Apps → (.+?) \|", document("discord.md"), re.M)) == sorted(names)


class TestSlack:
    def test_every_command(self) -> None:
        """In the tables, and no other."""
        curating = create_autospec(SlackCurating, instance=True)
        curating.desk = create_autospec(SlackDesk, instance=True)
        words = {"forget-me", *AdminCommand(curating)._words}
        wanted = {f"/herald {word}" for word in words} | {name for name, _, _ in COMMANDS} - {"/herald"}
        assert slashes(document("slack.md")) == wanted

    def test_every_shortcut(self) -> None:
        """By its name in the menu."""
        rows = re.findall(r"^\| More message shortcuts → (.+?) \|", document("slack.md"), re.M)
        assert rows == [name for _, name, _ in SHORTCUTS]


class TestTerminal:
    def test_every_command_of_a_conversation(self) -> None:
        """In the README."""
        text = (ROOT / "README.md").read_text("utf-8")
        assert [word for word in TYPED if f"`:{word}`" not in text] == []

    def test_what_settles_a_question(self) -> None:
        """In the document for curators."""
        told = re.findall(r"`(\w+)[^`]*`", document("curating.md").partition("## The same in the terminal")[2])
        pages = {"next", "back", "help", "quit"}
        assert set(inbox._COMMANDS) - pages - set(told) == set()
