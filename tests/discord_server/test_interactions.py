"""What the server enforces about commands and interactions."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord import app_commands

from tests.discord_server import Answer, MessageFlag, NotOffered, Payload
from tests.discord_server.stage import Stage

ROW: Payload = {"type": 1, "components": [{"type": 2, "style": 1, "label": "More", "custom_id": "h1:more:x"}]}


async def register(stage: Stage, *commands: app_commands.Command[app_commands.Group, ..., None]) -> None:
    for command in commands:
        stage.bot.tree.add_command(command)
    await stage.bot.tree.sync()


async def echo(interaction: discord.Interaction, question: str) -> None:
    """Asks."""
    await interaction.response.send_message(question, ephemeral=True)


def ask() -> app_commands.Command[app_commands.Group, ..., None]:
    return app_commands.Command(name="ask", description="Asks.", callback=echo)


class TestCommands:
    async def test_a_slash_command_gets_its_one_response(self, stage: Stage) -> None:
        """An ephemeral message is seen by its member alone, and sends no event."""
        await register(stage, ask())
        used = await stage.ada.slash(stage.general, "ask", question="who?")
        reply = await used.reply()
        assert (reply.content, reply.viewer) == ("who?", stage.ada.user)
        assert reply.flags == MessageFlag.EPHEMERAL
        assert stage.server.problems == []

    async def test_what_was_not_registered_can_not_be_used(self, stage: Stage) -> None:
        """Nor with options that it lacks, or without those that it needs."""
        await register(stage, ask())
        with pytest.raises(NotOffered, match="no command 'tell'"):
            await stage.ada.slash(stage.general, "tell")
        with pytest.raises(NotOffered, match="needs"):
            await stage.ada.slash(stage.general, "ask")
        with pytest.raises(NotOffered, match="has no 'more'"):
            await stage.ada.slash(stage.general, "ask", question="a", more="b")

    async def test_a_command_keeps_its_id(self, stage: Stage) -> None:
        """A second overwrite finds it by name."""
        await register(stage, ask())
        before = stage.server.world.commands[0]["id"]
        await stage.bot.tree.sync()
        assert stage.server.world.commands[0]["id"] == before

    async def test_default_permissions_hide_a_command(self, stage: Stage) -> None:
        """Unless the guild's admins say otherwise."""
        admin = ask()
        admin.default_permissions = discord.Permissions(manage_guild=True)
        await register(stage, admin)
        with pytest.raises(NotOffered):
            await stage.ada.slash(stage.general, "ask", question="who?")
        await (await stage.ada.slash(stage.general, "ask", overridden=True, question="who?")).reply()
        carol = stage.server.member("carol", stage.guild, permissions=1 << 5)
        await (await carol.slash(stage.general, "ask", question="who?")).reply()

    async def test_contexts_and_installs_are_kept(self, stage: Stage) -> None:
        """A command for guilds isn't in DMs; where the bot isn't, it takes an install to the user."""
        elsewhere = stage.server.world.guild("Elsewhere", has_bot=False)
        room = stage.server.world.channel(elsewhere, "room")
        only = app_commands.guild_only()(ask())
        await register(stage, only)
        with pytest.raises(NotOffered):
            await stage.ada.slash(stage.ada.dm, "ask", question="who?")
        with pytest.raises(NotOffered):
            await stage.ada.slash(room, "ask", question="who?")
        stage.bot.tree.clear_commands(guild=None)
        await register(stage, app_commands.allowed_installs(guilds=True, users=True)(ask()))
        stage.server.world.join(elsewhere, stage.ada.user)
        assert (await (await stage.ada.slash(room, "ask", question="who?")).reply()).content == "who?"

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"name": "Ask"}, "name"),
            ({"name": "x" * 33}, "name"),
            ({"description": ""}, "description"),
            ({"description": "x" * 101}, "description"),
            ({"options": [{"type": 3, "name": "a", "description": "a"}] * 26}, "options"),
            (
                {"options": [{"type": 3, "name": f"o{n}", "description": "x" * 100, "choices": [
                    {"name": "y" * 100, "value": "z" * 100}] * 2} for n in range(25)]},
                "maximum size",
            ),
        ],
    )  # fmt: skip
    async def test_bad_commands_are_refused(self, stage: Stage, change: Payload, place: str) -> None:
        """Names, descriptions, counts, and 8,000 characters in all."""
        payload = {"name": "ask", "description": "Asks.", "type": 1, **change}
        with pytest.raises(discord.HTTPException, match=place):
            await stage.bot.http.bulk_upsert_global_commands(stage.server.world.application, [payload])

    async def test_a_hundred_commands_are_the_most(self, stage: Stage) -> None:
        """And each name once."""
        many = [{"name": f"ask{number}", "description": "Asks.", "type": 1} for number in range(101)]
        upsert = stage.bot.http.bulk_upsert_global_commands
        with pytest.raises(discord.HTTPException, match="Maximum number"):
            await upsert(stage.server.world.application, many)
        with pytest.raises(discord.HTTPException, match="unique"):
            await upsert(stage.server.world.application, [many[0], many[0]])


class TestDeadlines:
    async def test_a_response_after_three_seconds_is_too_late(self, stage: Stage) -> None:
        """10062."""

        async def slow(interaction: discord.Interaction) -> None:
            stage.clock.now += 3.1
            await interaction.response.send_message("late")

        stage.bot.on_click = slow
        message = await stage.server.plant(stage.general, "old", [ROW])
        await stage.ada.clicks(message, "More")
        error = await stage.bot.errors.next()
        assert isinstance(error, discord.NotFound)
        assert error.code == 10062

    async def test_a_second_response_is_refused(self, stage: Stage) -> None:
        """40060."""

        async def twice(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("one")
            interaction.response._response_type = None
            await interaction.response.send_message("two")

        stage.bot.on_click = twice
        message = await stage.server.plant(stage.general, "old", [ROW])
        clicked = await stage.ada.clicks(message, "More")
        error = await stage.bot.errors.next()
        assert isinstance(error, discord.HTTPException)
        assert error.code == 40060
        assert (await clicked.reply()).content == "one"

    async def test_a_token_ends_after_fifteen_minutes(self, stage: Stage) -> None:
        """50027 for what follows."""

        async def late(interaction: discord.Interaction) -> None:
            await interaction.response.defer()
            stage.clock.now += 901
            await interaction.followup.send("late")

        stage.bot.on_click = late
        await stage.ada.clicks(await stage.server.plant(stage.general, "old", [ROW]), "More")
        error = await stage.bot.errors.next()
        assert isinstance(error, discord.HTTPException)
        assert error.code == 50027

    async def test_no_response_fails_the_test(self, stage: Stage) -> None:
        """It says so, as Discord's client does."""
        clicked = await stage.ada.clicks(await stage.server.plant(stage.general, "old", [ROW]), "More")
        with pytest.raises(AssertionError, match="did not respond"):
            await clicked.first(patience=0.01)


class TestClicks:
    async def test_a_deferred_response_is_completed_by_the_first_followup(self, stage: Stage) -> None:
        """Ephemeral or not was settled by the deferral."""

        async def defer(interaction: discord.Interaction) -> None:
            await interaction.response.defer(thinking=True, ephemeral=True)
            await interaction.followup.send("one")
            await interaction.followup.send("two")
            await interaction.edit_original_response(content="one, changed")

        stage.bot.on_click = defer
        clicked = await stage.ada.clicks(await stage.server.plant(stage.general, "old", [ROW]), "More")
        edited = await stage.server.world.edited.next()
        assert (edited.content, edited.ephemeral, edited.viewer) == ("one, changed", True, stage.ada.user)
        assert clicked.answer is Answer.DEFERRED
        assert [(follow.content, follow.ephemeral) for follow in clicked.followups] == [("two", False)]

    async def test_an_update_changes_the_message(self, stage: Stage) -> None:
        """The buttons can go with it."""
        stage.bot.on_click = lambda interaction: interaction.response.edit_message(content="new", view=None)
        message = await stage.server.plant(stage.general, "old", [ROW])
        await (await stage.ada.clicks(message, "More")).first()
        assert (message.content, message.components) == ("new", [])
        with pytest.raises(LookupError):
            await stage.ada.clicks(message, "More")

    async def test_a_select_takes_its_own_values(self, stage: Stage) -> None:
        """No others."""
        options = [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]
        select: Payload = {"type": 1, "components": [{"type": 3, "custom_id": "s", "options": options}]}
        message = await stage.server.plant(stage.general, "old", [select])
        stage.bot.on_click = lambda interaction: interaction.response.send_message(str(interaction.data))
        assert "'values': ['b']" in (await (await stage.ada.selects(message, "b")).reply()).content
        with pytest.raises(NotOffered):
            await stage.ada.selects(message, "c")

    async def test_a_modal_is_filled_in(self, stage: Stage) -> None:
        """Its texts go by custom_id."""
        submitted: list[object] = []

        class Form(discord.ui.Modal, title="Feedback"):
            words: discord.ui.TextInput[Form] = discord.ui.TextInput(label="Words", custom_id="words")

            async def on_submit(self, interaction: discord.Interaction) -> None:
                submitted.append(self.words.value)
                await interaction.response.send_message("thanks", ephemeral=True)

        async def open_form(interaction: discord.Interaction) -> None:
            if interaction.type is discord.InteractionType.component:
                await interaction.response.send_modal(Form())

        stage.bot.on_click = open_form
        clicked = await stage.ada.clicks(await stage.server.plant(stage.general, "old", [ROW]), "More")
        sent = await stage.ada.submits(await clicked.first(), words="well done")
        assert (await sent.reply()).content == "thanks"
        assert submitted == ["well done"]
        assert stage.server.problems == []

    async def test_an_ephemeral_message_is_one_members(self, stage: Stage) -> None:
        """Others can't click in it."""
        message = await stage.server.plant(stage.general, "old", [ROW])
        message.viewer = stage.ada.user
        with pytest.raises(NotOffered):
            await stage.ben.clicks(message, "More")


class TestMenus:
    async def test_a_context_menu_sees_its_message(self, stage: Stage) -> None:
        """With the content, though nobody mentioned the bot."""

        async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(message.content)

        stage.bot.tree.add_command(app_commands.ContextMenu(name="Ask Herald", callback=quote))
        await stage.bot.tree.sync()
        message = await stage.ben.says(stage.general, "who moderated?")
        used = await stage.ada.picks_from_menu(message, "Ask Herald")
        assert (await used.reply()).content == "who moderated?"


class TestAutocomplete:
    @staticmethod
    async def complete(stage: Stage, choices: list[app_commands.Choice[str]]) -> None:
        async def completes(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
            return choices

        command = ask()
        command.autocomplete("question")(completes)
        await register(stage, command)

    async def test_the_choices_come_back(self, stage: Stage) -> None:
        """As names with their values."""
        await self.complete(stage, [app_commands.Choice(name="Who?", value="who")])
        assert await (await stage.ada.types(stage.general, "ask", "question", "w")).choices() == [("Who?", "who")]

    @pytest.mark.parametrize(("count", "length"), [(26, 1), (1, 101)])
    async def test_too_many_or_too_long_are_refused(self, stage: Stage, count: int, length: int) -> None:
        """discord.py sends them; the member gets nothing."""
        await self.complete(stage, [app_commands.Choice(name="x" * length, value=str(n)) for n in range(count)])
        typed = await stage.ada.types(stage.general, "ask", "question", "w")
        refused = await stage.server.requests.next(lambda request: request.status == 400)
        assert refused.code == 50035
        assert typed.answer is None
        # discord.py logs the error in a task of its own, which the test must not outlive.
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "CommandTree-invoker"))
