"""Whatever curators do, and in whatever order they take it back: the knowledge base is what it was."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curation.asked import group_id, key_of
from bot.curation.inbox import Inbox
from bot.curation.teaching import Teacher
from bot.herald import Herald, Snapshot
from bot.host import Host
from bot.reload import build_here
from bot.settings import Settings
from bot.store.database import Database, address
from bot.store.schema import questions
from bot.versions.publisher import Publisher
from tests.curation.rows import put, rows
from tests.examples import often
from tests.support import write_knowledge
from tests.town import town
from tests.versions.conftest import Quick

ODD = ("zebulon quartz", "gondola velvet", "brass lizard", "purple thimble")
WAYS = ("teach", "new", "gap", "of", "dismiss")
WHO = "terminal"


@given(
    ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=len(ODD)),
    order=st.permutations(range(len(ODD))),
)
@settings(deadline=None, max_examples=often(15))
def test_undone_in_any_order_nothing_is_left(
    lexical_snapshot: Snapshot,
    sqlite_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    ways: list[str],
    order: list[int],
) -> None:
    """The same digest, the same questions waiting, and one more version for each step that changed anything."""
    folder = tmp_path_factory.mktemp("undone")
    shutil.copy(sqlite_file, folder)
    asyncio.run(_played(lexical_snapshot, folder, ways, order))


async def _played(like: Snapshot, folder: Path, ways: Sequence[str], order: Sequence[int]) -> None:
    # Matching goes by the town's index throughout, as compiling it anew for each step would take long.
    service = Quick(Settings(knowledge_dir=write_knowledge(folder / "kb", town())), None, "", like=like)
    host = Host(Herald(replace(like)), service, build_here)
    database = Database(address(f"sqlite:///{folder}/herald.db"))
    publisher = Publisher(database, host)
    await publisher.start()
    teacher = Teacher(database, host, Inbox(database, host), publisher)
    common = {"platform": "discord", "first": 0.0, "last": 1.0, "asked": 1, "picks": {}, "near": [], "state": "open"}
    await put(database, questions, *({"key": key_of(text), "text": text, **common} for text in ODD))
    before, waiting = host.knowledge.version, await rows(database, questions)
    for text, way in zip(ODD, ways, strict=False):
        await _done(teacher, text, way)
    changing = [way for way in ways if way != "dismiss"]
    assert (host.knowledge.version == before) == (not changing)
    for number in order:
        if number < len(ways):
            assert await teacher.undo(group_id(key_of(ODD[number])), WHO) == ODD[number]
    assert host.knowledge.version == before
    assert await rows(database, questions) == waiting
    assert await publisher.versions.count() == 1 + 2 * len(changing)
    await database.close()
    host.close()


async def _done(teacher: Teacher, text: str, way: str) -> None:
    group = group_id(key_of(text))
    if way == "teach":
        await teacher.teach(group, "camera", WHO)
    elif way == "new":
        await teacher.new_entry(group, f"What is a {text}?", "So.", "harbor-report", WHO)
    elif way == "dismiss":
        await teacher.dismiss(group, WHO)
    else:
        await teacher.gap(group, WHO, of="editor" if way == "of" else "")
