"""The shared scenarios in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.terminal import render
from adapters.terminal.app import Chat, Said
from bot.herald import Herald, Snapshot
from bot.knowledge import KnowledgeBase
from bot.knowledge.diff import render as report
from bot.reload import Reloader, build_here
from bot.reply import Reply
from bot.service import open_service
from bot.settings import Settings
from tests.scenario import SCENARIOS, Scenario, Shown, play
from tests.support import small_knowledge, write_knowledge


class Terminal:
    """A member at the terminal, who reads plain text."""

    hides = False

    def __init__(self, herald: Herald, reloader: Reloader, folder: Path, *, age_restricted: bool) -> None:
        self._herald = herald
        self._reloader = reloader
        self._folder = folder
        self._chat = Chat(herald, age_restricted=age_restricted)
        self._last = Shown("")

    @property
    def knowledge(self) -> KnowledgeBase:
        return self._herald.snapshot.knowledge

    async def ask(self, text: str) -> Shown:
        return self._see(self._chat.say(text))

    async def pick(self, number: int) -> Shown:
        return self._see(self._chat.say(str(number)))

    async def quote(self, speaker: str | None, about: str | None) -> Shown:
        return self._see(self._chat.say(f":quote {speaker or ''} {f'about {about}' if about else ''}"))

    async def reveal(self) -> Shown:
        return self._last  # the terminal marks what gives away plot, and shows it

    async def reload(self, base: str) -> Shown:
        assert base == "small"
        write_knowledge(self._folder, small_knowledge())
        return Shown(report(self._reloader.reload()))

    def _see(self, said: Said | None) -> Shown:
        assert isinstance(said, Reply)
        self._last = seen(render.plain(said))
        return self._last


def seen(text: str) -> Shown:
    """What stands where in a reply in plain text."""
    lines = text.removeprefix("[spoiler]").splitlines()
    sources = [line.partition(": ")[2].split("; ") for line in lines if line.startswith(("Source: ", "Sources: "))]
    barred = [line.removeprefix("  | ") for line in lines if line.startswith("  | ")]
    numbered = [line.partition(". ")[2] for line in lines if line[:4].strip().rstrip(".").isdigit()]
    words = [line for line in lines if not line.startswith(("Source", "  "))]
    quotes = [" ".join(barred[at : at + 2]) for at in range(0, len(barred), 2)]
    return Shown(" ".join(words).strip(), quotes, numbered, sources[0] if sources else [], text.startswith("[spoiler]"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_scenario(scenario: Scenario, lexical_snapshot: Snapshot, lasting: Path, tmp_path: Path) -> None:
    """What a member sees is what the scenario wants."""
    settings = Settings(knowledge_dir=tmp_path / "kb", cache_dir=lasting / "cache", encoder=False)
    herald = Herald(lexical_snapshot, seed=1)
    reloader = Reloader(herald, open_service(settings), build_here)
    await play(scenario, Terminal(herald, reloader, tmp_path / "kb", age_restricted=scenario.age_restricted))
