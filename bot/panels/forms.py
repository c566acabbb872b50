"""What curators fill in; pure. Forms know only which group they are for, so that they open at once."""

from __future__ import annotations

from bot import ids
from bot.fitting import clip
from bot.ids import Press
from bot.knowledge.model import KnowledgeBase
from bot.panels.inbox import Seat
from bot.panels.model import Field, Form, Option

__all__ = ["form_of"]

_SOURCES = 25


def form_of(press: Press, kb: KnowledgeBase) -> Form | None:
    """The form that a button opens; None where it opens none. What a menu chose needs none."""
    make = {"find": _find, "entry": _entry, "gap": _gap}.get(press.action)
    return make(Seat.read(press.rest), kb) if make and not press.value else None


def _find(seat: Seat, kb: KnowledgeBase) -> Form:
    del kb
    hint = "Words of the entry's question, or of its answer."
    return Form(ids.form("find", seat), "Another entry", (Field("words", "Which entry?", hint=hint, most=100),))


def _entry(seat: Seat, kb: KnowledgeBase) -> Form:
    question = Field(
        "question", "Question", hint="As members will see it; empty for the way it was asked.", required=False, most=200
    )
    answer = Field(
        "answer", "Answer", "lines", "One to three sentences, nothing that the sources don't say.", most=1000
    )
    return Form(ids.form("entry", seat), "New entry", (question, answer, _source(kb)))


def _source(kb: KnowledgeBase) -> Field:
    """To be chosen where there are few sources, else written."""
    if len(kb.sources) > _SOURCES:
        return Field("source", "Source", hint="Its id or title.", most=200)
    options = tuple(Option(source.id, clip(source.title, 100), clip(source.id, 100)) for source in kb.sources.values())
    return Field("source", "Source", "choice", options=options)


def _gap(seat: Seat, kb: KnowledgeBase) -> Form:
    del kb
    hint = "One honest line; empty for “The sources don't say.”"
    line = Field("line", "What members are told", "lines", hint, required=False, most=300)
    return Form(ids.form("gap", seat), "Not in the sources", (line,))
