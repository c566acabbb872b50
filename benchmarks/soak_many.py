"""``make soak-many``: three processes over one PostgreSQL, on a loopback Discord and Slack, under load and killed.

Members ask on both platforms, and a tenth of the events is delivered twice; each shard of Discord is held by two
processes. Every ten seconds a process is killed with SIGKILL while answers are on their way, and started again;
PostgreSQL is restarted once. Every five seconds a question is taught from the inbox, or an edited folder reloaded. Ends
with status 1 unless every question was answered once, by one version, and everything taught was in service everywhere
within two seconds, and still is at the end.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from benchmarks.many import knowledge
from benchmarks.many.asking import Asked, Asking
from benchmarks.many.breaking import Breakage
from benchmarks.many.changing import Changes
from benchmarks.many.findings import Findings
from benchmarks.many.stage import Stage, staged
from benchmarks.soaking import arguments
from bot.store.database import Database
from bot.store.schema import claims

__all__ = ["main", "soak"]

DRAIN = 30.0  # seconds to wait for answers after the last question


def main() -> None:
    """Soaks and prints."""
    parser = arguments("Puts three processes of Herald under load, and kills them.")
    parser.set_defaults(seconds=90.0)
    sys.exit(asyncio.run(soak(parser.parse_args().seconds)))


async def soak(seconds: float) -> int:
    """Runs the whole; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="herald-soak-") as folder:
        async with staged(Path(folder)) as stage:
            findings = await _run(stage, seconds)
            print(findings.told(seconds))
            met = findings.met
            for runner in stage.runners:
                met &= await runner.end()
    return 0 if met else 1


async def _run(stage: Stage, seconds: float) -> Findings:
    asking = Asking(stage)
    changes, breakage = Changes(stage, asking), Breakage(stage)
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(
        asking.go_on(until), changes.go_on(until), breakage.kill(until), breakage.restart(began + seconds * 0.6)
    )
    await asking.drain(DRAIN)
    recalled = await _recalled(stage, asking, changes)
    return Findings(stage, asking, changes, breakage, recalled, await _taken_over(stage))


async def _recalled(stage: Stage, asking: Asking, changes: Changes) -> list[Asked]:
    """Asks once more, on both platforms, all that was taught."""
    _, answer = knowledge.TAUGHT
    rooms = [room for places in zip(stage.rooms, stage.channels, strict=True) for room in places]
    wanted = [(rooms[number % len(rooms)], words) for number, words in enumerate(2 * changes.taught)]
    found = [await asking.ask(place, words, answer) for place, words in wanted]
    await asking.drain(DRAIN)
    return found


async def _taken_over(stage: Stage) -> set[bytes]:
    """The claims that a second process took."""
    database = Database(stage.url)
    async with database.begin() as connection:
        found = (await connection.execute(select(claims.c.key).where(claims.c.tries > 1))).scalars().all()
    await database.close()
    return {bytes(key) for key in found}


if __name__ == "__main__":
    main()
