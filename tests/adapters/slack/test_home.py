"""The Home tab, the modals behind it, and the prompts of the Messages tab."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.slack.support import World
from tests.slack_server.exchange import refused
from tests.slack_server.model import View
from tests.support import small_knowledge, write_knowledge


async def home(world: World) -> View:
    """What Ada finds there."""
    world.ada.opens_home()
    return await world.server.world.views.next(lambda view: view.body["type"] == "home")


class TestHome:
    async def test_it_shows_what_herald_knows(self, world: World) -> None:
        """By event, person and theme, and how to ask."""
        shown = await home(world)
        assert "Events\n" in shown.shown
        assert "/quote" in shown.shown
        assert {"the harbor talk (2)", "Mira Holt (6)"} <= set(shown.labels)

    async def test_a_subject_opens_and_its_questions_are_answered(self, world: World) -> None:
        """In modals, one upon another."""
        page = await world.ada.clicks(await home(world), "the harbor talk (2)").shown()
        assert "2 questions" in page.shown
        use = world.ada.selects(page, "s1:read:harbor-talk.", "harbor-host")
        assert use
        answer = await use.shown()
        assert "Ada Stone moderated" in answer.shown
        source = await world.ada.clicks(answer, "Source").shown()
        assert "harbor-host, knowledge base" in source.shown

    async def test_it_opens_however_many_sources_there_are(self, world: World, tmp_path: Path) -> None:
        """As many titles as fit, and how many more there are."""
        data = small_knowledge()
        common = {"reports": "A talk.", "event": "harbor-talk"}
        data["sources"] += [
            {"id": f"r{n}", "title": f"Report {n} {'x' * 50}", "order": n, **common} for n in range(3, 63)
        ]
        write_knowledge(tmp_path / "kb", data)
        await world.boss.slash(world.general, "/herald", "reload").reply()
        assert " more\n" in (await home(world)).shown

    async def test_a_person_s_quote(self, world: World) -> None:
        """Without leaving."""
        page = await world.ada.clicks(await home(world), "Mira Holt (6)").shown()
        quote = await world.ada.clicks(page, "A quote").shown()
        assert "Mira Holt" in quote.shown

    async def test_what_a_reload_brought_is_new(self, world: World, tmp_path: Path) -> None:
        """And a press away."""
        write_knowledge(tmp_path / "kb", small_knowledge())
        await world.boss.slash(world.general, "/herald", "reload").reply()
        shown = await home(world)
        assert "Recently added" in shown.shown
        answer = await world.ada.clicks(shown, "who hosted the harbor talk").shown()
        assert "Ada Stone hosted it." in answer.shown


class TestMessages:
    async def test_it_suggests_questions(self, world: World) -> None:
        """Four of them."""
        world.ada.opens_home("messages")
        prompts = await world.server.world.prompts.next()
        assert len(prompts["prompts"]) == 4

    async def test_all_works_without_the_agent_surface(self, world: World) -> None:
        """Which is asked for once, then left."""
        world.server.api.faults.plan("assistant.threads.*", refused("missing_scope"), times=9)
        for _ in range(2):
            world.ada.opens_home("messages")
            await world.server.deliveries.log.until(lambda: all(d.acked for d in world.server.deliveries.log.all()))
            await world.settled()
        root = world.ada.dms("hello")
        await world.answer(root)
        assert "Tom Quill" in (await world.answer(world.ada.dms("who moderated the hill talk", thread=root))).shown
        assert len(world.server.requests.all(lambda r: r.is_("assistant.threads.setSuggestedPrompts"))) == 1
