"""Commands, the shortcut, and the modal for quotes."""

from __future__ import annotations

import pytest

from bot import notices
from tests.adapters.slack.support import World

HOST = "who moderated the hill talk"


class TestAsk:
    async def test_a_question_is_answered_for_all(self, world: World) -> None:
        """Also where Herald is no member."""
        elsewhere = world.server.world.channel(world.server.team, "elsewhere", has_bot=False)
        for place in (world.general, elsewhere):
            answer = await world.ada.slash(place, "/ask", HOST).reply()
            assert answer.viewer is None
            assert "Tom Quill" in answer.shown

    async def test_without_words_it_offers_some(self, world: World) -> None:
        """To the member alone."""
        greeting = await world.ada.slash(world.general, "/ask").reply()
        assert greeting.viewer is world.ada.user
        assert len(greeting.labels) == 4

    async def test_what_concerns_the_asker_alone_is_for_their_eyes(self, world: World) -> None:
        """Such as that something is withheld, or too long."""
        for text in ("swearing", "why " * 200):
            assert (await world.ada.slash(world.general, "/ask", text).reply()).viewer is world.ada.user

    async def test_in_private_too(self, world: World) -> None:
        """And it follows up."""
        await world.ada.slash(world.ada.dm, "/ask", "who moderated the harbor talk").reply()
        assert "Tom Quill" in (await world.ada.slash(world.ada.dm, "/ask", "and on the hill?").reply()).shown


class TestQuote:
    @pytest.mark.parametrize("typed", ["meera hollt about storms", "mira storms", "storms"])
    async def test_with_words_it_answers_at_once(self, world: World, typed: str) -> None:
        """By speaker and topic."""
        quote = await world.ada.slash(world.general, "/quote", typed).reply()
        assert "eleven nights" in quote.shown
        assert "Another" in quote.labels

    async def test_without_it_offers_a_modal(self, world: World) -> None:
        """Which completes speakers and their topics, and gives the quote where the command was."""
        modal = await world.ada.slash(world.general, "/quote").shown()
        assert ("Mira Holt", "mira-holt") in await world.ada.completes(modal, "speaker", "mir")
        world.ada.selects(modal, "speaker", "Mira Holt")
        offered = await world.ada.completes(modal, "topic", "")
        assert {topic for topic, _ in offered} == {"ferries", "writing", "storms", "love", "light"}
        world.ada.selects(modal, "topic", "storms")
        use = world.ada.submits(modal)
        await use.acked()
        answer = await world.server.sent.next()
        assert answer.channel is world.general
        assert "eleven nights" in answer.shown

    async def test_nothing_picked_is_any_quote(self, world: World) -> None:
        """Both may be left out."""
        modal = await world.ada.slash(world.general, "/quote").shown()
        world.ada.submits(modal)
        assert "—" in (await world.server.sent.next()).shown

    async def test_explicit_speakers_are_not_completed_where_they_may_not_be(self, world: World) -> None:
        """The place is that of the command."""
        for place, found in ((world.general, 0), (world.loud, 1)):
            modal = await world.ada.slash(place, "/quote").shown()
            assert len(await world.ada.completes(modal, "topic", "gulls")) == found
            world.ada.closes(modal)


class TestShortcut:
    async def test_a_message_is_answered_in_its_thread(self, world: World) -> None:
        """Somebody else's, too."""
        message = world.ben.says(world.general, HOST)
        answer = await world.ada.picks_from_menu(message, "Ask Herald").reply()
        assert "Tom Quill" in answer.shown
        assert answer.thread == message.ts

    async def test_one_without_words_is_told(self, world: World) -> None:
        """To whoever asked."""
        message = world.ben.says(world.general, "   ")
        told = await world.ada.picks_from_menu(message, "Ask Herald").reply()
        assert told.text == notices.NO_WORDS
        assert told.viewer is world.ada.user
