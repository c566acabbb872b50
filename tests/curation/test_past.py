"""Why a past answer was given."""

from __future__ import annotations

import pytest

from bot.curation.past import Past, render
from bot.store.database import Database
from bot.store.schema import versions
from tests.curation.rows import put
from tests.curation.support import ODD, Asking
from tests.support import Clock


@pytest.fixture
def past(database: Database) -> Past:
    """Over the same database."""
    return Past(database)


async def test_it_is_found_by_id_and_by_message(past: Past, asking: Asking) -> None:
    """Both name the same."""
    answer, reply = await asking.ask("who directed Low Tide")
    asking.journal.posted(answer, "8/9")
    await asking.writer.flushed()
    by_id, by_message = await past.find(f" {answer} "), await past.find("8/9")
    assert by_id is not None
    assert by_id == by_message
    assert (by_id.entry, by_id.score, by_id.text) == ("director", reply.score, "who directed Low Tide")


async def test_what_is_not_kept_is_none(past: Past) -> None:
    """Such as an answer that was purged."""
    assert await past.find("8/10") is None
    assert await past.find("") is None


async def test_it_tells_the_version_that_was_in_service(
    past: Past, asking: Asking, database: Database, now: Clock
) -> None:
    """The digest may have come back by a rollback: then the last one before the answer counts."""
    answer, reply = await asking.ask(ODD)
    row = {"who": "start", "action": "start", "origin": "", "base": "b", "lines": [], "diff": ""}
    times = ((-9.0, reply.knowledge), (-6.0, "other"), (-3.0, reply.knowledge), (3.0, reply.knowledge))
    await put(database, versions, *({**row, "at": now.now + at, "knowledge": digest} for at, digest in times))
    found = await past.find(answer)
    assert found is not None
    assert found.version == 3


async def test_it_reads_as_plain_text(past: Past, asking: Asking) -> None:
    """Question, decision with its threshold, candidates, what was picked."""
    message = await asking.pick(ODD, "camera")
    found = await past.find(message)
    assert found is not None
    told = render(found)
    assert f"Question: {ODD}" in told
    assert f"an answer needed {found.threshold:.2f}" in told
    assert f"Version {found.knowledge}" in told
    assert all(entry in told for entry, _ in found.candidates)
