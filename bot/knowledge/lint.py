"""What makes a knowledge base that loads answer badly.

Rules that need the matcher (an entry's own phrasing that another class wins) are passed in, so that this package
stays below :mod:`bot.matching`'s index.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Literal, get_args

from bot.errors import Problem
from bot.knowledge import duplicates
from bot.knowledge.model import GapTemplate, KnowledgeBase, Named, Section
from bot.knowledge.suggest import did_you_mean
from bot.matching import text
from bot.reply import Kind

__all__ = ["EXPECTED_KINDS", "Rule", "check"]

Rule = Callable[[KnowledgeBase], Iterable[Problem]]
"""Finds one kind of problem in a knowledge base that loads."""

EXPECTED_KINDS = frozenset(get_args(Kind)) - {"rejected"}
"""Kinds of reply that a check may expect in place of an id; "rejected" depends on no knowledge."""

_SLOT = "{name}"
_PLACEHOLDERS = re.compile(r"\{[^{}]*\}")
_ADDRESS = re.compile(r"https?://[^\s/?#<>]+[^\s<>]*")
_BARE_ADDRESS = re.compile(r"(?://)?((?:[\w-]+\.)+[^\W\d_]{2,}(?:[/?#:][^\s<>]*)?)")


def check(knowledge: KnowledgeBase, more: Iterable[Rule] = (), assumed: Collection[str] = ()) -> list[Problem]:
    """Finds what is wrong beyond schema and references.

    Args:
        knowledge: a knowledge base that loads.
        more: further rules, such as those that need a matcher.
        assumed: ids that checks may expect beside those that are there.

    Returns:
        every problem, ordered by file and line; empty where all is well.
    """
    own: tuple[Rule, ...] = (_addresses, _wordless, _repeated, _glossary, _names, _templates, _ids)
    rules: tuple[Rule, ...] = (duplicates.check, *own, partial(_expectations, assumed=assumed), *more)
    return sorted(set(chain.from_iterable(rule(knowledge) for rule in rules)))


def check_part(knowledge: KnowledgeBase, missing: Collection[str]) -> list[Problem]:
    """Finds the same in what is well-formed of a knowledge base, and nothing for what it lacks.

    Args:
        missing: ids of records that were left out of it.
    """
    templates = {template.id: template for template in knowledge.gap_templates.values() if _named(knowledge, template)}
    part = replace(knowledge, gap_templates=MappingProxyType(templates))
    return check(part, assumed={*missing, *knowledge.gap_templates})


def _named(kb: KnowledgeBase, template: GapTemplate) -> bool:
    """Whether a template's names are there: without one of its exceptions it would take an entry's question."""
    listed = () if isinstance(template.names, Section) else template.names
    return any(kb.template_slots(template)) and all(name in kb.names for name in (*listed, *template.exceptions))


def _problem(kb: KnowledgeBase, section: str, record: str, message: str, suggestion: str) -> Problem:
    file, line = kb.places[section, record]
    return Problem(file, line, f"{section}: '{record}': {message}", suggestion)


# Sources


def _addresses(kb: KnowledgeBase) -> Iterator[Problem]:
    for source in kb.sources.values():
        if source.url and not _ADDRESS.fullmatch(source.url):
            bare = _BARE_ADDRESS.fullmatch(source.url)
            hint = f"write 'https://{bare[1]}'" if bare else "write it whole, from https:// on, or drop it"
            yield _problem(kb, "sources", source.id, f"the url '{source.url}' is no http(s) address", hint)


# Phrasings and words


def _wordless(kb: KnowledgeBase) -> Iterator[Problem]:
    for section in _ANSWERING:
        for record in kb.section(section).values():
            for written in record.questions:
                if not text.key(written):
                    message = f'no word in the phrasing "{written}"'
                    yield _problem(kb, section, record.id, message, "write a question in words, or drop it")


def _repeated(kb: KnowledgeBase) -> Iterator[Problem]:
    """Phrasings that say what their record says already; small talk may: "thanks" and "great, thanks" are the same."""
    for section in ("entries", "gaps", "gap_templates"):
        for record in kb.section(section).values():
            groups: defaultdict[str, list[str]] = defaultdict(list)
            for written in record.questions:
                groups[text.key(written)].append(written)
            groups.pop("", None)
            for first, *others in groups.values():
                for other in others:
                    message = f'the phrasing "{other}" says the same as "{first}"'
                    yield _problem(kb, section, record.id, message, "drop one of the two")


def _glossary(kb: KnowledgeBase) -> Iterator[Problem]:
    owners: dict[str, int] = {}
    for number, group in enumerate(kb.glossary):
        for written in group:
            first = owners.setdefault(text.plain(written), number) if text.plain(written) else number
            if first != number:
                file, line = kb.places["glossary", str(number)]
                place = "{}:{}".format(*kb.places["glossary", str(first)])
                message = f"glossary: '{written}' stands in the group at {place}, too"
                yield Problem(file, line, message, "keep it in one of the two, or merge them")


# Names


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One way to write a name."""

    section: str
    named: Named
    role: Literal["name", "alias", "misspelling"]
    written: str


def _names(kb: KnowledgeBase) -> Iterator[Problem]:
    groups: defaultdict[str, list[_Spelling]] = defaultdict(list)
    for spelling in _spellings(kb):
        groups[text.plain(spelling.written)].append(spelling)
    groups.pop("", None)
    for first, *others in groups.values():
        rivals = {other.named.id: other for other in others if other.named.id != first.named.id}
        yield from (_name_problem(kb, first, rival) for rival in rivals.values())


def _spellings(kb: KnowledgeBase) -> Iterator[_Spelling]:
    """All spellings of all names, right ones first, so that a misspelling meets the name it collides with."""
    sections = ("people", "characters", "events", "works", "things")
    named = [(section, record) for section in sections for record in kb.section(section).values()]
    for section, record in named:
        yield _Spelling(section, record, "name", record.name)
        yield from (_Spelling(section, record, "alias", alias) for alias in record.aliases)
    for section, record in named:
        yield from (_Spelling(section, record, "misspelling", wrong) for wrong in record.misspellings)


def _name_problem(kb: KnowledgeBase, first: _Spelling, rival: _Spelling) -> Problem:
    place = "{}:{}".format(*kb.places[first.section, first.named.id])
    message = (
        f"the {rival.role} '{rival.written}' is the {first.role} '{first.written}' of '{first.named.id}' ({place})"
    )
    return _problem(kb, rival.section, rival.named.id, message, "keep it under one of the two")


# Gap templates


def _templates(kb: KnowledgeBase) -> Iterator[Problem]:
    for template in kb.gap_templates.values():
        if not any(kb.template_slots(template)):
            hint = "list ids under 'names', or remove some from 'except'"
            yield _problem(kb, "gap_templates", template.id, "no name is left to fill its slot", hint)
        for written in template.questions:
            if _SLOT not in written:
                message = f'no {_SLOT} in the phrasing "{written}"'
                yield _problem(kb, "gap_templates", template.id, message, f"put {_SLOT} where the name goes")
        yield from _placeholders(kb, template)


def _placeholders(kb: KnowledgeBase, template: GapTemplate) -> Iterator[Problem]:
    for written in (*template.questions, template.line):
        for other in set(_PLACEHOLDERS.findall(written)) - {_SLOT}:
            message = f"unknown slot {other}"
            yield _problem(kb, "gap_templates", template.id, message, f"the only slot is {_SLOT}")


# Ids and checks

_ANSWERING = ("entries", "gaps", "gap_templates", "smalltalk")


def _ids(kb: KnowledgeBase) -> Iterator[Problem]:
    """Checks name entries, gaps, small talk and kinds of reply alike, so that these share one space of ids."""
    owners = dict.fromkeys(EXPECTED_KINDS, "the kinds of reply")
    for section in _ANSWERING:
        for key in kb.section(section):
            earlier = owners.setdefault(key, section)
            if earlier != section:
                yield _problem(kb, section, key, f"the id is also used among {earlier}", "rename it")


def _expectations(kb: KnowledgeBase, assumed: Collection[str]) -> Iterator[Problem]:
    known = EXPECTED_KINDS.union(assumed, *(kb.section(section) for section in _ANSWERING))
    for number, wanted in enumerate(kb.checks):
        file, line = kb.places["checks", str(number)]
        for expected in wanted.expect:
            if expected not in known:
                hint = did_you_mean(expected, known) or "name an entry, a gap, small talk or a kind of reply"
                yield Problem(file, line, f"checks: \"{wanted.ask}\": unknown id or kind '{expected}'", hint)
