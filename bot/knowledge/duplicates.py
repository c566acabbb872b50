"""Phrasings that can't be told apart and yet get different answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from itertools import chain

from bot.errors import Problem
from bot.knowledge.model import Entry, KnowledgeBase
from bot.matching import text

__all__ = ["check"]

# Far fewer than the matcher's stop words: "he", "one", "before" or "not" tell two phrasings apart.
_EMPTY = frozenset(
    "a an the am is are was were do does did has have had of in on at to for from by so just please".split()
)


@dataclass(frozen=True, slots=True)
class _Phrasing:
    """A phrasing, what is said to it, and the two keys under which it may meet another.

    Attributes:
        section, record: whose phrasing it is.
        written: the phrasing as the curator wrote it.
        said: the answer or line.
        key: its normalized words.
        telling: its stemmed words but for articles and the like, in order ("Gondry on Jonze" isn't "Jonze on Gondry").
        kind: who, what, when ...
        slot: the name that fills a gap template, empty elsewhere.
    """

    section: str
    record: str
    written: str
    said: str
    key: str
    telling: tuple[str, ...]
    kind: str
    slot: str = ""

    @property
    def is_noun(self) -> bool:
        """Whether it is nothing but one bare word that tells."""
        return self.kind == "terse" and len(self.telling) == 1


def check(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Yields a problem for each phrasing of an entry that another entry, gap or small talk has as well.

    Two are the same where their normalized words are equal, or where they have the same question type and the same
    stemmed telling words in order. Entries with one and the same answer may share phrasings, but no bare noun.
    Follow-ups are the same where their normalized words are, and may not lead from one entry to two others.
    """
    yield from chain.from_iterable(_torn(knowledge, entry) for entry in knowledge.entries.values())
    phrasings = tuple(_phrasings(knowledge))
    seen: set[frozenset[tuple[str, str]]] = set()
    for first, second in chain(_meetings(phrasings, _by_words), _meetings(phrasings, _by_telling)):
        pair = frozenset({(first.record, first.written), (second.record, second.written)})
        if pair not in seen:
            seen.add(pair)
            yield _problem(knowledge, first, second)


def _torn(kb: KnowledgeBase, entry: Entry) -> Iterator[Problem]:
    """Follow-ups of one entry that lead to several others."""
    targets: dict[str, str] = {}
    for target, phrasings in entry.follow_ups.items():
        for written in phrasings:
            earlier = targets.setdefault(text.key(written) or written, target)
            if earlier != target:
                file, line = kb.places["entries", entry.id]
                message = f"entries: '{entry.id}': the follow-up \"{written}\" stands under '{earlier}' and '{target}'"
                yield Problem(file, line, message, "keep it under the one that answers it best")


def _phrasings(kb: KnowledgeBase) -> Iterator[_Phrasing]:
    """All phrasings, those of entries first."""
    for section in ("entries", "gaps", "smalltalk"):
        for record in kb.section(section).values():
            said = record.answer if isinstance(record, Entry) else record.line
            for written in record.questions:
                yield _prepared(section, record.id, written, said)
    for template in kb.gap_templates.values():
        for slot in kb.template_slots(template):
            for written in template.questions:
                filled = written.replace("{name}", slot.name)
                yield _prepared("gap_templates", template.id, filled, template.line, slot.id)


def _prepared(section: str, record: str, written: str, said: str, slot: str = "") -> _Phrasing:
    plain = text.normalize(written)
    words = text.words(plain)
    telling = tuple(text.stem(word) for word in words if word not in _EMPTY)
    return _Phrasing(section, record, written, said, " ".join(words), telling, text.question_type(plain), slot)


def _by_words(phrasing: _Phrasing) -> Hashable:
    return phrasing.key or None


def _by_telling(phrasing: _Phrasing) -> Hashable:
    return (phrasing.telling, phrasing.kind) if phrasing.telling else None


def _meetings(
    phrasings: tuple[_Phrasing, ...], key: Callable[[_Phrasing], Hashable]
) -> Iterator[tuple[_Phrasing, _Phrasing]]:
    """Pairs of an entry's phrasing and a rival that have the same key, one for each rival record."""
    groups: defaultdict[Hashable, dict[tuple[str, str], _Phrasing]] = defaultdict(dict)
    for phrasing in phrasings:
        groups[key(phrasing)].setdefault((phrasing.section, phrasing.record), phrasing)
    groups.pop(None, None)
    for members in groups.values():
        first, *rivals = members.values()
        if first.section == "entries":
            yield from ((first, rival) for rival in rivals if _differ(first, rival))


def _differ(first: _Phrasing, second: _Phrasing) -> bool:
    return first.said.split() != second.said.split() or (first.is_noun and second.is_noun)


def _problem(kb: KnowledgeBase, first: _Phrasing, second: _Phrasing) -> Problem:
    file, line = kb.places[second.section, second.record]
    place = "{}:{}".format(*kb.places[first.section, first.record])
    what = "bare noun" if first.is_noun and second.is_noun else "phrasing"
    message = (
        f"{second.section}: '{second.record}': the {what} \"{second.written}\" can't be told from "
        f"\"{first.written}\" of the entry '{first.record}' ({place})"
    )
    return Problem(file, line, message, _advice(second))


def _advice(rival: _Phrasing) -> str:
    if rival.slot:
        return f"add '{rival.slot}' to the template's 'except'"
    if rival.section == "entries":
        return "keep it in one of the two, or merge them"
    return "drop it here, or say what the entry doesn't answer"
