"""How long after the click a taught phrasing is in service in three processes over one PostgreSQL.

With the shipped knowledge base and its encoder. The process that teaches is one of the three; the others say when they
have swapped. ``python -m benchmarks.taught`` ends with status 1 where one took more than two seconds.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from bot.curation.asked import group_id, key_of
from bot.host import Host
from bot.office import Office, open_office
from bot.service import open_service
from bot.settings import Settings
from bot.store.database import Database
from bot.store.schema import questions
from tests import postgres
from tests.curation.rows import put

__all__ = ["main"]

_OTHERS = 2
_LIMIT = 2.0  # seconds
_PAUSE = 3.0  # seconds between two clicks
_TAUGHT = ["zebulon quartz", "gondola velvet", "brass lizard", "purple thimble", "walnut comet"]


def main() -> None:
    """Measures and prints; with an address, is one of the others."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if len(sys.argv) > 1:
        asyncio.run(_other(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory(prefix="herald-bench-") as folder, postgres.server(Path(folder)) as server:
        seconds = asyncio.run(_measured(server))
    print("seconds from the click until the last of three processes has it:", " ".join(f"{s:.2f}" for s in seconds))
    sys.exit(int(max(seconds) > _LIMIT))


async def _measured(server: postgres.Server) -> list[float]:
    database = Database(await asyncio.to_thread(server.database))
    await database.upgrade()
    url = database.url.render_as_string(hide_password=False)
    async with _opened(url) as (host, office):
        others = [await _started(url) for _ in range(_OTHERS)]
        entry = next(iter(host.knowledge.entries))
        seconds = [await _click(database, office, entry, text, others) for text in _TAUGHT]
        for other in others:
            other.kill()
            await other.wait()
    await database.close()
    return seconds


async def _click(database: Database, office: Office, entry: str, text: str, others: list[Process]) -> float:
    """Teaches a question that waits; seconds until the last of all has it."""
    now = time.time()
    row = {"platform": "discord", "first": now, "last": now, "asked": 1, "picks": {}, "near": [], "state": "open"}
    await put(database, questions, {"key": key_of(text), "text": text, **row})
    clicked = time.time()
    await office.teacher.teach(group_id(key_of(text)), entry, "terminal")
    ends = [time.time(), *[float(await _line(other)) for other in others]]
    await asyncio.sleep(_PAUSE)
    return max(ends) - clicked


async def _started(url: str) -> Process:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.taught", url, stdout=PIPE)
    await _line(process)
    return process


async def _line(process: Process) -> str:
    assert process.stdout
    async with asyncio.timeout(120):
        return (await process.stdout.readline()).decode().strip()


async def _other(url: str) -> None:
    """Says when it is up, and the time of day of each swap."""
    async with _opened(url) as (host, _):
        print("up", flush=True)
        version = host.knowledge.version
        while True:
            await asyncio.sleep(0.01)
            if host.knowledge.version != version:
                version = host.knowledge.version
                print(time.time(), flush=True)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[tuple[Host, Office]]:
    settings = Settings.model_validate({"database_url": url})
    service = open_service(settings)
    host = Host(service.herald(), service)
    async with open_office(settings, host) as office:
        yield host, office
    host.close()


if __name__ == "__main__":
    main()
