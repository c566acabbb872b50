"""What came of it all: the counts that are printed, and whether they are as they should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmarks.many import knowledge
from benchmarks.many.asking import RATE, Asked, Asking, Reply
from benchmarks.many.breaking import Breakage
from benchmarks.many.changing import IN_SERVICE, Changes
from benchmarks.many.stage import PROCESSES, Stage
from benchmarks.soaking import percentiles

__all__ = ["TAKEN_OVER", "Findings"]

TAKEN_OVER = 15.0
"""Seconds within which a question is answered whose process was killed."""

_LINK = "just answered that here"
_SHOWN = 20


@dataclass
class Findings:
    """Everything that happened.

    Attributes:
        recalled: the questions at the end, of all that was taught.
        taken_over: the claims that a second process took.
    """

    stage: Stage
    asking: Asking
    changes: Changes
    breakage: Breakage
    recalled: Sequence[Asked]
    taken_over: Collection[bytes]

    @cached_property
    def replies(self) -> dict[Asked, list[Reply]]:
        """Each question with its replies."""
        return {asked: self.asking.replies(asked) for asked in self.asking.asked}

    @property
    def lost(self) -> list[Asked]:
        """Questions without an answer."""
        return [asked for asked, replies in self.replies.items() if not replies]

    @property
    def doubled(self) -> list[Asked]:
        """Questions with more than one."""
        return [asked for asked, replies in self.replies.items() if len(replies) > 1]

    @property
    def wrong(self) -> list[Asked]:
        """Questions with another answer than theirs."""
        return [asked for asked, replies in self.replies.items() if replies and not _right(asked, replies[0])]

    @property
    def mixed(self) -> list[Reply]:
        """Replies of more than one version."""
        told = [reply for replies in self.replies.values() for reply in replies]
        return [reply for reply in told if len(knowledge.editions(reply.shown)) > 1]

    @property
    def forgotten(self) -> list[Asked]:
        """What was taught, and isn't known at the end."""
        return [asked for asked in self.recalled if asked in self.lost or asked in self.wrong]

    @property
    def rescued(self) -> dict[Asked, float]:
        """Questions that a second process answered, and in how many seconds."""
        found = {asked: replies for asked, replies in self.replies.items() if asked.key in self.taken_over and replies}
        return {asked: replies[0].at - asked.at for asked, replies in found.items()}

    @property
    def slow(self) -> list[Asked]:
        """Those of them that came too late."""
        return [asked for asked, seconds in self.rescued.items() if seconds > TAKEN_OVER]

    @property
    def troubles(self) -> list[str]:
        """What processes should not log, and bots not do."""
        logged = [line for runner in self.stage.runners for line in runner.wrong]
        return [*logged, *self.stage.discord.problems, *self.stage.slack.problems]

    @property
    def met(self) -> bool:
        """Whether all is as it should be, and anything happened at all."""
        changes = self.changes
        failures = (self.lost, self.doubled, self.wrong, self.mixed, self.forgotten, self.slow, self.troubles)
        happened = self.asking.asked and changes.taught and changes.seconds and self.breakage.kills
        return bool(happened) and not any((*failures, changes.late, changes.failed))

    def told(self, seconds: float) -> str:
        """All of it in words."""
        return "\n".join([*self._counts(seconds), *(f"  {line}" for line in [*self._details()][:_SHOWN])])

    def _counts(self, seconds: float) -> Iterator[str]:
        asked, changes, breakage = len(self.replies), self.changes, self.breakage
        rescued, outages = (
            self.rescued.values(),
            Counter(why.split()[0] for runner in self.stage.runners for why in runner.outages),
        )
        yield f"{seconds:g} s, {PROCESSES} processes, {RATE} questions a second on Discord and Slack"
        yield f"asked {asked}  answered {asked - len(self.lost)}  lost {len(self.lost)}  doubled {len(self.doubled)}"
        yield f"answers wrong {len(self.wrong)}  of a mixed version {len(self.mixed)}"
        yield f"delivered twice {self.asking.repeated}, besides all of Discord's to two processes"
        yield f"killed {len(breakage.kills)}  PostgreSQL away for {breakage.down:.1f} s, noticed by {dict(outages)}"
        late = f"later than {TAKEN_OVER:g} s: {len(self.slow)}"
        yield f"taken over from a dead process {len(rescued)}, the last after {max(rescued, default=0):.1f} s  {late}"
        yield f"taught {len(changes.taught)}  reloads {changes.reloads}  not done {len(changes.failed)}"
        yield f"taught and forgotten {len(self.forgotten)}"
        (p50, _), most = percentiles(changes.seconds), max(changes.seconds, default=0)
        late = f"later than {IN_SERVICE:g} s: {len(changes.late)} of {len(changes.seconds)}"
        yield f"s from a click to a process: p50 {p50:.2f}  most {most:.2f}  {late}"
        p50, p99 = percentiles([replies[0].at - asked.at for asked, replies in self.replies.items() if replies])
        yield f"s from question to answer: p50 {p50:.2f}  p99 {p99:.2f}"

    def _details(self) -> Iterator[object]:
        for asked in (*self.lost, *self.doubled, *self.wrong, *self.slow):
            replies = [f"{reply.at - asked.at:.1f} s: {reply.shown}" for reply in self.replies[asked]]
            yield f"asked at {asked.at - self.asking.began:.1f} s: {asked.message}: {replies}"
        yield from (*self.changes.late, *self.changes.failed, *self.troubles)
        yield f"killed at {[round(at - self.asking.began, 1) for at in self.breakage.kills]}"


def _right(asked: Asked, reply: Reply) -> bool:
    return not asked.expected or asked.expected in reply.shown or _LINK in reply.shown
