"""The records that curators make in chat: with an id of their own, and a source that is there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from bot.errors import CurationError
from bot.knowledge.lint import EXPECTED_KINDS
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.suggest import did_you_mean, slug

__all__ = ["entry", "gap"]

_ID = 60  # characters; an id may have 80
_ONE_SPACE = ("entries", "gaps", "gap_templates", "smalltalk")


def entry(knowledge: KnowledgeBase, questions: Sequence[str], answer: str, source: str) -> dict[str, Any]:
    """An entry as YAML has it.

    Raises:
        CurationError: its source isn't known.
    """
    source = _source(knowledge, source.strip())
    return {"id": _id(knowledge, questions[0]), "questions": [*questions], "answer": answer, "sources": [source]}


def gap(knowledge: KnowledgeBase, questions: Sequence[str], line: str) -> dict[str, Any]:
    """A gap as YAML has it."""
    return {"id": _id(knowledge, questions[0]), "questions": [*questions], "line": line}


def _id(knowledge: KnowledgeBase, question: str) -> str:
    """A slug of a question that nothing else has; checks name entries, gaps, small talk and kinds of reply alike."""
    taken = EXPECTED_KINDS.union(*(knowledge.section(section) for section in _ONE_SPACE))
    whole = slug(question)
    short = whole if len(whole) <= _ID else whole[: _ID + 1].rpartition("-")[0] or whole[:_ID]
    plain = short or "question"
    return next(name for number in count(1) if (name := plain if number == 1 else f"{plain}-{number}") not in taken)


def _source(knowledge: KnowledgeBase, written: str) -> str:
    if written in knowledge.sources:
        return written
    by_title = {source.title.casefold(): source.id for source in knowledge.sources.values()}
    if found := by_title.get(written.casefold()):
        return found
    hint = did_you_mean(written, knowledge.sources) or f"there are {', '.join(sorted(knowledge.sources))}"
    what = f"There is no source '{written}'" if written else "A source is missing"
    raise CurationError(f"{what}; {hint}.")
