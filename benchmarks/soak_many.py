"""``make soak-many``: three processes over one PostgreSQL, on a loopback Discord and Slack, under load and killed.

Members ask on both platforms, and a tenth of the events is delivered twice; each shard of Discord is held by two processes.
Every ten seconds a process is killed with SIGKILL while answers are on their way, and started again; PostgreSQL is
restarted once. Every five seconds a question is taught from the inbox, or an edited folder reloaded. Ends with status 1
unless every question was answered once, by one version, and everything taught is in service everywhere within two
seconds, and still at the end.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from benchmarks.many import knowledge
from benchmarks.many.asking import RATE, Asked, Asking, Reply
from benchmarks.many.breaking import Breakage
from benchmarks.many.changing import IN_SERVICE, Changes
from benchmarks.many.stage import PROCESSES, Stage, staged
from benchmarks.soaking import arguments, percentiles
from bot.store.database import Database
from bot.store.schema import claims

__all__ = ["main", "soak"]

TAKEN_OVER = 15.0  # seconds within which a question is answered whose process was killed
DRAIN = 30.0
_LINK = "just answered that here"


@dataclass
class Run:
    """Everything that happened."""

    asking: Asking
    changes: Changes
    breakage: Breakage
    recalled: list[Asked]
    taken_over: set[bytes]


def main() -> None:
    """Soaks and prints."""
    parser = arguments("Puts three processes of Herald under load, and kills them.")
    parser.set_defaults(seconds=90.0)
    sys.exit(asyncio.run(soak(parser.parse_args().seconds)))


async def soak(seconds: float) -> int:
    """Runs the whole; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="herald-soak-") as folder:
        async with staged(Path(folder)) as stage:
            run = await _run(stage, seconds)
            met = _report(stage, run, seconds)
            for runner in stage.runners:
                met &= await runner.end()
    return 0 if met else 1


async def _run(stage: Stage, seconds: float) -> Run:
    asking = Asking(stage)
    changes, breakage = Changes(stage, asking), Breakage(stage)
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(
        asking.go_on(until), changes.go_on(until), breakage.kill(until), breakage.restart(began + seconds * 0.6)
    )
    await asking.drain(DRAIN)
    recalled = await _recalled(stage, asking, changes)
    return Run(asking, changes, breakage, recalled, await _taken_over(stage))


async def _recalled(stage: Stage, asking: Asking, changes: Changes) -> list[Asked]:
    """Asks once more, on both platforms, all that was taught."""
    _, answer = knowledge.TAUGHT
    found = []
    for number, words in enumerate(changes.taught):
        for place in (stage.rooms[number % len(stage.rooms)], stage.channels[number % len(stage.channels)]):
            found.append(await asking.ask(place, words, answer))
    await asking.drain(DRAIN)
    return found


async def _taken_over(stage: Stage) -> set[bytes]:
    """The claims that a second process took."""
    database = Database(stage.url)
    async with database.begin() as connection:
        found = (await connection.execute(select(claims.c.key).where(claims.c.tries > 1))).scalars().all()
    await database.close()
    return {bytes(key) for key in found}


def _report(stage: Stage, run: Run, seconds: float) -> bool:
    """Prints the counts; whether all is as it should be."""
    asked, changes = run.asking.asked, run.changes
    replies = {question: run.asking.replies(question) for question in asked}
    lost = [question for question in asked if not replies[question]]
    doubled = [question for question in asked if len(replies[question]) > 1]
    mixed = [reply for found in replies.values() for reply in found if len(knowledge.editions(reply.shown)) > 1]
    wrong = [question for question in asked if replies[question] and not _right(question, replies[question][0])]
    forgotten = [question for question in run.recalled if not replies[question] or question in wrong]
    over = {question: replies[question][0].at - question.at for question in asked
            if question.key in run.taken_over and replies[question]}  # fmt: skip
    slow = [spent for spent in over.values() if spent > TAKEN_OVER]
    troubles = [line for runner in stage.runners for line in runner.wrong] + [
        *stage.discord.problems,
        *stage.slack.problems,
    ]
    p50, p99 = percentiles([found[0].at - question.at for question, found in replies.items() if found])
    print(f"{seconds:g} s, {PROCESSES} processes, {RATE} questions a second on Discord and Slack")
    print(
        f"asked {len(asked)}  answered {len(asked) - len(lost)}  lost {len(lost)}  doubled {len(doubled)}  wrong {len(wrong)}"
    )
    print(f"delivered twice {run.asking.repeated}, and all of Discord's to two processes")
    print(f"processes killed {len(run.breakage.kills)}  PostgreSQL away for {run.breakage.down:.1f} s")
    most = max(over.values(), default=0.0)
    print(
        f"taken over from a dead process {len(over)}, the last after {most:.1f} s  later than {TAKEN_OVER:g} s: {len(slow)}"
    )
    print(f"answers of a mixed version {len(mixed)}")
    print(
        f"taught {len(changes.taught)}  forgotten {len(forgotten)}  reloads {changes.reloads}  not done {len(changes.failed)}"
    )
    spent = sorted(changes.seconds)
    print(f"s from the click to the other processes: {len(spent)} times, p50 {percentiles(spent)[0]:.2f}  "
          f"most {spent[-1] if spent else 0:.2f}  later than {IN_SERVICE:g} s: {len(changes.late)}")  # fmt: skip
    print(f"s from question to answer: p50 {p50:.2f}  p99 {p99:.2f}")
    for line in [*changes.late, *changes.failed, *troubles, *(f"lost: {q.message}" for q in lost)][:20]:
        print(f"  {line}")
    for question in [*doubled, *wrong][:5]:
        print(f"  {question.message}: {[reply.shown for reply in replies[question]]}")
    failures = (lost, doubled, wrong, mixed, slow, changes.late, changes.failed, forgotten, troubles)
    return bool(asked and changes.taught and spent) and not any(failures)


def _right(question: Asked, reply: Reply) -> bool:
    return not question.expected or question.expected in reply.shown or _LINK in reply.shown


if __name__ == "__main__":
    main()
