"""Questions in messages."""

from __future__ import annotations

from tests.adapters.slack.support import World


class TestMentions:
    async def test_a_mention_is_answered_in_its_thread(self, world: World) -> None:
        """With the source, and without previews."""
        question = world.ada.mentions(world.general, "who moderated the hill talk?")
        answer = await world.server.answer(question)
        assert answer.thread == question.ts
        assert "Tom Quill moderated the hill talk." in answer.shown
        assert "Night at the harbor" in answer.shown
