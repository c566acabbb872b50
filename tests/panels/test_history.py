"""Versions, and going back to one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot import ids
from bot.host import Host
from bot.knowledge.diff import Diff, SectionDiff
from bot.panels import history
from bot.panels.curators import Curators, press
from bot.versions.rows import Version
from tests.panels.support import caller, office, pressable

VERSION = Version(3, 1_795_000_000.0, "discord:7", "teach", "kb", "abcdef012345", "000000000000", (), "what changed")
CHANGED = Diff("a" * 12, "b" * 12, (SectionDiff("entries", ("camera",), (), ()),))


@pytest.fixture
def kept() -> Any:
    """An office with three versions."""
    made = office()
    made.publisher.versions.current.return_value = VERSION
    made.publisher.versions.get.side_effect = lambda number: (
        replace(VERSION, number=number) if 0 < number <= 3 else None
    )
    made.publisher.versions.history.return_value = [VERSION, replace(VERSION, number=2, action="start", who="start")]
    made.publisher.versions.count.return_value = 2
    made.publisher.preview.return_value = made.publisher.rollback.return_value = CHANGED
    return made


@pytest.fixture
def curators(host: Host, kept: Any) -> Curators:
    """Over that office."""
    return Curators(host, kept)


class TestHistory:
    async def test_the_newest_comes_first(self, curators: Curators, kept: Any) -> None:
        """With when, what, by whom and the digest."""
        panel = await curators.open(caller(), press("history"))
        kept.publisher.versions.history.assert_awaited_once_with(1, history.PAGE)
        assert panel.text.splitlines() == [
            "3. 2026-11-18 11:06 UTC: teach by discord:7 (abcdef012345) — in service",
            "2. 2026-11-18 11:06 UTC: start (abcdef012345)",
        ]
        assert [*pressable(panel)] == ["s1:version:1"]

    async def test_many_are_paged(self, curators: Curators, kept: Any) -> None:
        """Ten on a page; only the first has what is in service."""
        kept.publisher.versions.count.return_value = 25
        panel = await curators.open(caller(), press("history", 2))
        assert panel.title == "History — page 2 of 3"
        assert "in service" not in panel.text
        assert [*pressable(panel)][1:] == ["h1:history:1", "h1:history:3"]

    async def test_what_a_version_changed(self, curators: Curators) -> None:
        """With the way back to it, except of that in service."""
        panel = await curators.open(caller(), ids.press("s1:version:2", "2"))
        assert panel.report == "what changed"
        assert [*pressable(panel)] == ["h1:rollback:2", "h1:history:2"]
        assert [*pressable(await curators.open(caller(), ids.press("s1:version:1", "3")))] == ["h1:history:1"]

    @pytest.mark.parametrize("number", ["9", "x", ""])
    async def test_one_that_never_was(self, curators: Curators, number: str) -> None:
        """Is told as such."""
        assert "There is no version" in (await curators.open(caller(), ids.press("s1:version:1", number))).text


class TestRollback:
    async def test_it_is_shown_first_what_would_change(self, curators: Curators, kept: Any) -> None:
        """Nothing happens before the second press."""
        panel = await curators.open(caller(), press("rollback", 1))
        assert "+ camera" in panel.report
        assert pressable(panel)["h1:restore:1.3"].weight == "risky"
        kept.publisher.rollback.assert_not_awaited()

    async def test_confirmed_it_goes_into_service(self, curators: Curators, kept: Any) -> None:
        """By who confirms it."""
        panel = await curators.open(caller(), press("restore", "1.3"))
        kept.publisher.rollback.assert_awaited_once_with(1, "discord:7")
        assert "What version 1 held is in service again" in panel.text

    async def test_a_version_that_came_between_needs_another_look(self, curators: Curators, kept: Any) -> None:
        """What was confirmed isn't what would happen."""
        kept.publisher.versions.current.return_value = replace(VERSION, number=4)
        panel = await curators.open(caller(), press("restore", "1.3"))
        kept.publisher.rollback.assert_not_awaited()
        assert [*pressable(panel)] == ["h1:rollback:1"]

    async def test_to_the_same_there_is_nothing_to_confirm(self, curators: Curators, kept: Any) -> None:
        """And it says so."""
        kept.publisher.preview.return_value = Diff("a" * 12, "a" * 12, ())
        panel = await curators.open(caller(), press("rollback", 3))
        assert "nothing to go back to" in panel.text
        assert [*pressable(panel)] == ["h1:history:1"]
