"""Everything that can win a question, with its phrasings: the compiled side of a knowledge base."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from bot.knowledge.model import KnowledgeBase
from bot.matching import lexical, text
from bot.matching import lexicon as lexicons
from bot.matching.dictionary import Dictionary
from bot.matching.lexical import LexicalIndex
from bot.matching.lexicon import Lexicon
from bot.matching.utterance import Utterance, prepare_normal

__all__ = ["Index", "Kind", "Label", "Profile", "answered", "build", "collect", "owned", "profile", "said"]

Kind = Literal["entry", "gap", "smalltalk", "background"]
Tell = Callable[[Sequence[Utterance]], None]

_AT_ONCE = 2_048


@dataclass(frozen=True, slots=True)
class Label:
    """A class: an entry, a gap (or a gap template, whose phrasings have every name in its slot), small talk ..."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a class's phrasings and answer are made of, for evidence.

    Attributes:
        terms, kinds, relations: in how many phrasings each occurs.
        answer: terms and relations of the answer.
        names: ids that the class speaks of.
        size: number of phrasings.
    """

    terms: Counter[str]
    kinds: Counter[str]
    relations: Counter[str]
    answer: frozenset[str]
    answer_relations: frozenset[str]
    names: frozenset[str]
    size: int


@dataclass(frozen=True)
class Index:
    """Classes in order of kind, phrasings in order of class.

    Attributes:
        labels: the classes, length ``C``.
        starts: first phrasing of each class, shape ``(C + 1,)``.
        utterances: the phrasings, length ``n``; empty where the index comes from the cache, as only fitting needs them.
        exact: key to class, for phrasings that are met word for word.
        shared: key to classes, for phrasings that several classes have: no exact match.
        frequency: in how many phrasings a term occurs.
    """

    labels: tuple[Label, ...]
    starts: npt.NDArray[np.int64]
    utterances: tuple[Utterance, ...]
    lexicon: Lexicon
    lexical: LexicalIndex
    profiles: tuple[Profile, ...]
    exact: dict[str, int]
    shared: dict[str, tuple[int, ...]]
    frequency: Counter[str]

    @property
    def size(self) -> int:
        """Number of phrasings."""
        return int(self.starts[-1])

    @cached_property
    def owner(self) -> npt.NDArray[np.int64]:
        """The class of each phrasing, shape ``(n,)``."""
        return np.repeat(np.arange(len(self.labels)), np.diff(self.starts))

    def of_kind(self, *kinds: Kind) -> npt.NDArray[np.int64]:
        """The classes of some kinds, as positions in ``labels``."""
        return np.concatenate([self._by_kind[kind] for kind in kinds])

    @cached_property
    def _by_kind(self) -> dict[Kind, npt.NDArray[np.int64]]:
        return {
            kind: np.array([i for i, label in enumerate(self.labels) if label.kind == kind], np.int64)
            for kind in get_args(Kind)
        }

    @cached_property
    def positions(self) -> dict[Label, int]:
        """Where each class stands in ``labels``."""
        return {label: position for position, label in enumerate(self.labels)}

    def rows(self, label: int) -> npt.NDArray[np.int64]:
        """The phrasings of a class."""
        return np.arange(self.starts[label], self.starts[label + 1])

    def idf(self, term: str, *, own: bool = False) -> float:
        """How telling a term is; ``own`` leaves one phrasing that holds it out of the count."""
        seen = self.frequency.get(term, 0) - own
        return math.log((self.size + 1) / (seen + 1))


def collect(knowledge: KnowledgeBase) -> Iterator[tuple[Label, tuple[str, ...]]]:
    """Each class with its phrasings, in order of kind."""
    for entry in knowledge.entries.values():
        yield Label("entry", entry.id), entry.questions
    for gap in knowledge.gaps.values():
        yield Label("gap", gap.id), gap.questions
    for template in knowledge.gap_templates.values():
        filled = (
            q.replace("{name}", slot.name) for slot in knowledge.template_slots(template) for q in template.questions
        )
        yield Label("gap", template.id), tuple(filled)
    for talk in knowledge.smalltalk.values():
        yield Label("smalltalk", talk.id), talk.questions
    if knowledge.background:
        yield Label("background", "background"), knowledge.background


def build(knowledge: KnowledgeBase, dictionary: Dictionary, tell: Tell = lambda _: None) -> Index:
    """Compiles a knowledge base.

    Args:
        dictionary: ranks words that spelling repair leaves alone.
        tell: gets the phrasings as they are read, some at a time, for what can be done with them meanwhile.
    """
    classes = [(label, phrasings) for label, phrasings in collect(knowledge) if phrasings]
    phrasings = [phrasing for _, members in classes for phrasing in members]
    normal = [text.normalize(phrasing) for phrasing in phrasings]
    lexicon = lexicons.build(knowledge, normal, dictionary)
    utterances = tuple(_read(normal, lexicon, tell))
    sizes = [len(members) for _, members in classes]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    labels = tuple(label for label, _ in classes)
    owner = np.repeat(np.arange(len(classes)), sizes)
    met = zip(utterances, owner, strict=True)  # one of the background is never answered, so that it needs no key
    exact, shared = owned((u.key, int(c)) for u, c in met if labels[c].kind != "background")
    return Index(
        labels=labels,
        starts=starts,
        utterances=utterances,
        lexicon=lexicon,
        lexical=lexical.over(utterances),
        profiles=tuple(
            profile(knowledge, label, utterances[begin:end], lexicon)
            for label, begin, end in zip(labels, starts[:-1], starts[1:], strict=True)
        ),
        exact=exact,
        shared=shared,
        frequency=Counter(term for utterance in utterances for term in set(utterance.telling)),
    )


def _read(normal: Sequence[str], lexicon: Lexicon, tell: Tell) -> Iterator[Utterance]:
    for at in range(0, len(normal), _AT_ONCE):
        some = [prepare_normal(phrasing, lexicon) for phrasing in normal[at : at + _AT_ONCE]]
        tell(some)
        yield from some


def owned(keys: Iterable[tuple[str, int]]) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    """Keys that one class alone has, and those that several have: an ambiguous phrasing is no exact match."""
    owners: dict[str, set[int]] = {}
    for key, label in keys:
        if key:
            owners.setdefault(key, set()).add(label)
    exact = {key: min(classes) for key, classes in owners.items() if len(classes) == 1}
    return exact, {key: tuple(sorted(classes)) for key, classes in owners.items() if len(classes) > 1}


def profile(knowledge: KnowledgeBase, label: Label, members: Sequence[Utterance], lexicon: Lexicon) -> Profile:
    """What a class is made of; ``members`` are its phrasings."""
    answer, names = said(knowledge, label)
    terms, relations = answered(answer, lexicon)
    return Profile(
        terms=Counter(term for u in members for term in set(u.telling)),
        kinds=Counter(u.kind for u in members),
        relations=Counter(group for u in members for group in u.relations),
        answer=terms,
        answer_relations=relations,
        names=names | {name for u in members for name in u.names} if label.kind != "background" else frozenset(),
        size=len(members),
    )


def answered(answer: str, lexicon: Lexicon) -> tuple[frozenset[str], frozenset[str]]:
    """The terms of an answer, and its relations."""
    tokens = lexicon.repair(text.words(text.normalize(answer)))
    return frozenset(lexicon.terms(tokens)), text.relations(tokens)


def said(knowledge: KnowledgeBase, label: Label) -> tuple[str, frozenset[str]]:
    """The answer or line of a class, and the names it is about."""
    if label.kind == "entry":
        entry = knowledge.entries[label.id]
        return entry.answer, frozenset(entry.about)
    if label.kind == "gap" and label.id in knowledge.gaps:
        gap = knowledge.gaps[label.id]
        return "", frozenset(gap.about)
    return "", frozenset()
