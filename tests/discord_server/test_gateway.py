"""What the server enforces on its gateway."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.discord_server import TOKEN, DiscordServer, Intent, Member, Message, Rules
from tests.discord_server.plain import Plain, plain_intents, running
from tests.discord_server.stage import Stage


class Hasty(discord.AutoShardedClient):
    """A client that does not pause between its shards, as the server lets both begin at the same time."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Goes on at once."""


async def answered(stage: Stage, member: Member) -> Message:
    return await stage.server.answer(await member.mentions(stage.general, "hello"))


class TestIdentify:
    async def test_the_intents_are_recorded(self, stage: Stage) -> None:
        """None of them is privileged."""
        (session,) = stage.server.gateway.connected
        assert session.intents == Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.DIRECT_MESSAGES

    async def test_the_guild_is_complete(self, stage: Stage) -> None:
        """Without the privileged intent, the bot knows no member but itself."""
        (guild,) = stage.bot.guilds
        assert [channel.name for channel in guild.text_channels] == ["general"]
        assert [member.id for member in guild.members] == [stage.server.world.bot.id]
        assert guild.text_channels[0].permissions_for(guild.me).send_messages

    async def test_a_privileged_intent_is_refused(self) -> None:
        """4014, unless it was granted."""
        intents = plain_intents()
        intents.message_content = True
        async with DiscordServer() as server:
            with server.pointed():
                async with Plain(intents) as bot:
                    with pytest.raises(discord.PrivilegedIntentsRequired):
                        await bot.start(TOKEN)
        async with DiscordServer(rules=Rules(privileged=Intent.MESSAGE_CONTENT)) as server:
            guild = server.world.guild("Town")
            general = server.world.channel(guild, "general")
            bot = Plain(intents)
            async with running(server, bot):
                bot.on_text = lambda message: message.reply("heard")
                await server.answer(await server.member("ada", guild).says(general, "no secret"))
            assert bot.contents == ["no secret"]

    async def test_a_wrong_token_is_refused(self) -> None:
        """401 at login; 4004 where only the gateway gets a wrong one."""
        async with DiscordServer() as server:
            with server.pointed():
                async with Plain() as bot:
                    with pytest.raises(discord.LoginFailure):
                        await bot.start("wrong")
                async with Plain() as bot:
                    await bot.login(TOKEN)
                    bot.http.token = TOKEN[::-1]
                    with pytest.raises(discord.ConnectionClosed) as caught:
                        await bot.connect()
                    assert caught.value.code == 4004


class TestResume:
    async def test_a_dropped_line_is_resumed_with_what_was_missed(self, stage: Stage) -> None:
        """Over the address that READY gave, and nothing is told twice."""
        stage.bot.on_text = lambda message: message.reply("hi")
        await answered(stage, stage.ada)
        await stage.server.gateway.drop()
        missed = await stage.ben.mentions(stage.general, "while away")
        await stage.server.gateway.resumed.next()
        await stage.server.answer(missed)
        assert len(stage.bot.contents) == 2
        assert [frame.path for frame in stage.server.gateway.frames if frame.op == 6] == ["/resume"]

    async def test_the_server_may_ask_for_it(self, stage: Stage) -> None:
        """Opcode 7."""
        stage.bot.on_text = lambda message: message.reply("hi")
        await stage.server.gateway.reconnect()
        await stage.server.gateway.resumed.next()
        await answered(stage, stage.ada)

    async def test_an_invalid_session_begins_anew(self, stage: Stage) -> None:
        """Opcode 9: what was told meanwhile is lost."""
        stage.bot.on_text = lambda message: message.reply("hi")
        await stage.server.gateway.invalidate()
        await stage.server.ready()
        await answered(stage, stage.ada)
        assert len(stage.server.gateway.sessions) == 1

    async def test_a_session_that_is_unknown_is_not_resumed(self, stage: Stage) -> None:
        """The client identifies instead."""
        stage.server.gateway.sessions.clear()
        await stage.server.gateway.drop()
        await stage.server.ready()
        assert [frame.op for frame in stage.server.gateway.frames if frame.op in (2, 6)] == [2, 6, 2]

    @pytest.mark.parametrize(("code", "left"), [(1000, 0), (4000, 1)])
    async def test_only_a_normal_close_gives_the_session_up(self, code: int, left: int) -> None:
        """discord.py closes with 4000, so that on Discord its session lingers until it times out."""
        async with DiscordServer() as server, aiohttp.ClientSession() as client:
            socket = await client.ws_connect(server.gateway_url)
            await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 0, "properties": {}}})
            await server.ready()
            await socket.close(code=code)
            await server.gateway.ended.next()
            assert len(server.gateway.sessions) == left


class TestShards:
    async def test_each_shard_gets_its_guilds(self) -> None:
        """By the guild's id; direct messages go to shard 0."""
        async with DiscordServer(rules=Rules(shards=2, concurrency=2)) as server:
            guilds = [server.world.guild(f"Town {shard}", shard=(shard, 2)) for shard in range(2)]
            rooms = [server.world.channel(guild, "general") for guild in guilds]
            ada = server.member("ada", *guilds)
            seen: list[tuple[int, str]] = []
            with server.pointed():
                bot = Hasty(intents=plain_intents())
                bot._connection.guild_ready_timeout = 0.02

                @bot.event
                async def on_message(message: discord.Message) -> None:
                    if message.author != bot.user:
                        seen.append((message.guild.shard_id if message.guild else 0, message.content[-1:]))
                        await message.reply("hi")

                async with running(server, bot):
                    await server.ready()
                    for number, room in enumerate(rooms):
                        await server.answer(await ada.mentions(room, str(number)))
                    await server.answer(await ada.dms("d"))
            assert seen == [(0, "0"), (1, "1"), (0, "d")]
            assert [request.path for request in server.requests if "gateway" in request.path] == ["/gateway/bot"]

    async def test_identifying_too_soon_is_refused(self) -> None:
        """The second in a bucket begins its session only after the pause."""
        async with DiscordServer(rules=Rules(identify_pause=30)) as server:
            first, second = Plain(), Plain()
            async with running(server, first):
                task = asyncio.create_task(second.start(TOKEN))
                assert await server.gateway.refused.next() == "too soon"
                await second.close()
                await asyncio.gather(task, return_exceptions=True)
