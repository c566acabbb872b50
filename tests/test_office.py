"""The office as a whole: from a question that nobody could answer to the member who is told."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.engine import URL

from bot.curation.asked import Asked
from bot.curation.waits import Notice
from bot.errors import StoreDownError, StoreError
from bot.host import Host
from bot.office import Office, open_office
from bot.settings import Settings
from bot.store.database import Database, newest, revisions

ODD = "zebulon quartz umbrella"
PATIENCE = 120.0  # seconds; adopting compiles where the machine is busy


async def unanswered(office: Office, host: Host) -> str:
    """Asks what nobody knows; the answer's id."""
    reply = await host.ask(ODD, None, age_restricted=False)
    return office.journal.answered(Asked(ODD, "discord", "7/8"), reply, 0.01)


async def test_what_is_taught_reaches_who_waits(settings: Settings, host: Host) -> None:
    """Asked, waited for, found in the inbox, taught, answered and told; by an office in a folder that wasn't there."""
    told: asyncio.Queue[Notice] = asyncio.Queue()

    async def tell(notice: Notice) -> bool:
        await told.put(notice)
        return True

    async with open_office(settings, host) as office:
        office.notify("discord", tell)
        assert await office.waits.add(await unanswered(office, host), "discord", "17", {"channel": 8})
        (group,) = (await office.inbox.page()).groups
        assert (group.question, group.waits) == (ODD, 1)
        assert (await office.teacher.teach(group.id, "camera", "discord:1")).told == 1
        notice = await asyncio.wait_for(told.get(), PATIENCE)
        assert (notice.member, notice.question, notice.reply.entry) == ("17", ODD, "camera")
        assert (await host.ask(ODD, None, age_restricted=False)).entry == "camera"
        assert (await office.statistics.last(1)).days[0].asked == 1
    assert told.empty()


async def test_what_waits_to_be_written_is_shown(settings: Settings, host: Host) -> None:
    """And what was lost."""
    async with open_office(settings, host) as office:
        before = host.figures.written().decode()
        office._writer.dropped = 3
        await unanswered(office, host)
        after = host.figures.written().decode()
    assert 'herald_queue_depth{queue="store"} 0.0' in before
    assert 'herald_queue_depth{queue="store"} 1.0' in after
    assert 'herald_writes_lost_total{queue="store"} 3.0' in after


async def test_what_was_noted_last_is_there_after_the_end(settings: Settings, host: Host) -> None:
    """Leaving the office writes what waits."""
    async with open_office(settings, host) as office:
        answer = await unanswered(office, host)
    async with open_office(settings, host) as office:
        found = await office.past.find(answer)
        assert found is not None
        assert (found.text, found.version) == (ODD, 1)


async def test_a_file_that_cannot_be_used_is_one_line(settings: Settings, host: Host) -> None:
    """And leaves nothing running."""
    settings.data_folder.parent.mkdir(parents=True)
    settings.data_folder.write_text("in the way")
    before = asyncio.all_tasks()
    with pytest.raises(StoreDownError, match="can't be used"):
        await open_office(settings, host).__aenter__()
    assert asyncio.all_tasks() == before


async def test_postgresql_of_another_schema_refuses(
    template: str, empty_url: URL, backend: str, settings: Settings, host: Host
) -> None:
    """With the command to run; a file upgrades itself."""
    async with Database(empty_url) as older:
        await older.upgrade(revisions()[0])
    url = empty_url.render_as_string(hide_password=False)
    office = open_office(settings.model_copy(update={"database_url": _secret(url)}), host)
    if backend == "postgresql":
        with pytest.raises(StoreError, match="herald db upgrade"):
            await office.__aenter__()
        return
    async with office:
        made = Database(empty_url)
        assert await made.revision() == newest()
        await made.close()


def _secret(url: str) -> object:
    from pydantic import SecretStr

    return SecretStr(url)
