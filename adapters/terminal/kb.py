"""The curator's tools: checking a knowledge base and running its own checks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import KnowledgeError, Problem
from bot.herald import Herald
from bot.knowledge import lint, load, provenance
from bot.knowledge.loader import read_folder
from bot.knowledge.model import Check, KnowledgeBase
from bot.matching import ownership
from bot.matching.compiled import Progress
from bot.reply import Reply
from bot.service import Service

__all__ = ["Tested", "check", "loaded", "run_checks", "verify"]


@dataclass(frozen=True)
class Tested:
    """How a knowledge base's own checks went.

    Attributes:
        asked: number of checks.
        failed: a problem for each check that got something else than it expects.
    """

    asked: int
    failed: tuple[Problem, ...]
    seconds: float

    @property
    def percent(self) -> float:
        """Share of the checks that passed, 0 to 100; none at all are all passed."""
        return 100.0 * (self.asked - len(self.failed)) / self.asked if self.asked else 100.0


def check(service: Service, progress: Progress) -> KnowledgeBase:
    """The knowledge base of the settings, found sound.

    Raises:
        KnowledgeError: with everything that is wrong in it.
    """
    found = read_folder(service.settings.knowledge_folder)
    if found.problems:
        others = lint.check_part(found.knowledge, found.malformed) if found.complete else ()
        raise KnowledgeError(sorted({*found.problems, *others}))
    knowledge = found.knowledge
    compiled = service.compiled(knowledge, progress)

    def owned(kb: KnowledgeBase) -> Iterator[Problem]:
        return ownership.check(kb, compiled, lambda done: progress("matching phrasings", done))

    problems = lint.check(knowledge, [owned])
    if problems:
        raise KnowledgeError(problems)
    return knowledge


def loaded(folder: Path) -> KnowledgeBase:
    """One of several knowledge bases.

    Raises:
        KnowledgeError: with every problem found, each with the folder before its file.
    """
    try:
        return load(folder)
    except KnowledgeError as error:
        placed = [replace(problem, file=_within(folder, problem.file)) for problem in error.problems]
        raise KnowledgeError(placed) from None


def _within(folder: Path, file: str) -> str:
    return file if file == str(folder) else str(folder / file)


def verify(folder: Path, articles: Path) -> int:
    """Proves every quote against the articles and writes the lock file; returns the number of quotes.

    Raises:
        KnowledgeError: some quote isn't in its article, or the folder has other problems; no lock is written.
    """
    found = read_folder(folder)
    if not found.well_formed:
        raise KnowledgeError(found.problems)
    # What the old lock says doesn't matter: a new one is about to be written.
    others = set(found.problems) - set(provenance.check_lock(found.knowledge, folder))
    if others:
        raise KnowledgeError(sorted(others))
    located, problems = provenance.verify(found.knowledge, articles)
    if problems:
        raise KnowledgeError(problems)
    provenance.write_lock(folder, located)
    return len(located)


def run_checks(herald: Herald, progress: Callable[[float], None]) -> Tested:
    """Asks every check of the knowledge base in service."""
    knowledge = herald.snapshot.knowledge
    started, failed = time.perf_counter(), []
    for number, wanted in enumerate(knowledge.checks):
        # Explicit entries must be found too, but where the check expects that they are withheld.
        reply = herald.ask(wanted.ask, age_restricted="withheld" not in wanted.expect)
        if not _got(knowledge, reply) & set(wanted.expect):
            failed.append(_failure(knowledge, number, wanted, reply))
        progress((number + 1) / len(knowledge.checks))
    return Tested(len(knowledge.checks), tuple(failed), time.perf_counter() - started)


def _got(knowledge: KnowledgeBase, reply: Reply) -> set[str]:
    """All that a check may call this reply: its kind, its entry, its gap, or its small talk."""
    talk = {name for name, talk in knowledge.smalltalk.items() if reply.kind == "smalltalk" and talk.line == reply.text}
    return talk | {name for name in (reply.kind, reply.entry, reply.gap) if name}


def _failure(knowledge: KnowledgeBase, number: int, wanted: Check, reply: Reply) -> Problem:
    file, line = knowledge.places["checks", str(number)]
    message = f'checks: "{wanted.ask}" expects {" or ".join(wanted.expect)}, got {_described(reply)}'
    return Problem(file, line, message, _advice(wanted, reply))


def _advice(wanted: Check, reply: Reply) -> str:
    """What makes a check pass: better found, or right as it is."""
    records = [name for name in wanted.expect if name not in lint.EXPECTED_KINDS]
    got = reply.entry or reply.gap or reply.kind
    if records:
        return f"write phrasings of that kind in '{records[0]}', or add '{got}' to 'expect' if it is right, too"
    gap = "write a gap for it, or " if "unknown" in wanted.expect else ""
    return f"{gap}add '{got}' to 'expect' if it is right, too"


def _described(reply: Reply) -> str:
    offered = ", ".join(choice.entry for choice in reply.choices)
    what = " ".join(filter(None, [reply.kind, reply.entry or reply.gap]))
    return f"{what} ({reply.score:.2f}{f'; offered {offered}' if offered else ''})"
