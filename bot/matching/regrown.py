"""The index of a knowledge base that differs little from one whose index is there: only what changed is made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.knowledge.model import KnowledgeBase
from bot.matching import lexical, lexicon, text
from bot.matching.index import Index, Profile, answered, owned, profile, said
from bot.matching.layout import Layout
from bot.matching.lexicon import Lexicon
from bot.matching.utterance import Utterance, prepare

__all__ = ["regrown"]


def regrown(
    index: Index, before: KnowledgeBase, after: KnowledgeBase, layout: Layout
) -> tuple[tuple[Utterance, ...], Index]:
    """The new phrasings taken apart, in order, and the index with them."""
    return _Growth(index, before, after, layout).whole()


@dataclass(frozen=True)
class _Growth:
    old: Index
    before: KnowledgeBase
    after: KnowledgeBase
    layout: Layout

    def whole(self) -> tuple[tuple[Utterance, ...], Index]:
        layout, added = self.layout, tuple(self._prepared([self.layout.phrasings[row] for row in self.layout.added]))
        words = lexical.grown(
            self.old.lexical,
            layout.place(self.old.size),
            layout.added,
            [u.terms for u in added],
            [u.tokens for u in added],
        )
        exact, shared = self._keys()
        index = Index(
            labels=layout.labels,
            starts=layout.starts,
            utterances=(),
            lexicon=self._lexicon,
            lexical=words,
            profiles=tuple(self._profiles()),
            exact=exact,
            shared=shared,
            frequency=self._frequency(),
        )
        return added, index

    @cached_property
    def _lexicon(self) -> Lexicon:
        added = [text.normalize(self.layout.phrasings[row]) for row in self.layout.added]
        written = [self._line(label) for label in (*self._changed, *self._reworded)]
        return lexicon.grown(self.old.lexicon, added, written)

    def _line(self, label: int) -> str:
        """What curators wrote for members to read."""
        kind, name = self.layout.labels[label].kind, self.layout.labels[label].id
        if kind == "gap" and name in self.after.gaps:
            return self.after.gaps[name].line
        return said(self.after, self.layout.labels[label])[0]

    def _prepared(self, phrasings: Sequence[str]) -> Iterator[Utterance]:
        return (prepare(phrasing, self._lexicon) for phrasing in phrasings)

    @cached_property
    def _changed(self) -> Sequence[int]:
        """Classes that are new, have other phrasings, or are about other names."""
        layout = self.layout
        touched = set((np.searchsorted(layout.starts, layout.added, side="right") - 1).tolist())
        touched |= set(self._moved[self.old.owner[np.array(list(layout.removed), np.int64)]].tolist())
        touched |= set(np.flatnonzero(layout.classes < 0).tolist())
        touched |= {c for c, (before, after) in self._told.items() if before[1] != after[1]}
        return sorted(touched - {-1})

    @cached_property
    def _reworded(self) -> Sequence[int]:
        """Classes whose answer alone is another."""
        other = {c for c, (before, after) in self._told.items() if before[0] != after[0]}
        return sorted(other - set(self._changed))

    @cached_property
    def _told(self) -> Mapping[int, tuple[tuple[str, frozenset[str]], tuple[str, frozenset[str]]]]:
        """Of each class that stays its answer and names, before and after."""
        stayed = [(int(c), self.layout.labels[c]) for c in np.flatnonzero(self.layout.classes >= 0)]
        return {c: (said(self.before, label), said(self.after, label)) for c, label in stayed}

    @cached_property
    def _moved(self) -> npt.NDArray[np.int64]:
        """The new place of each old class; -1 for one that is gone."""
        stayed = np.flatnonzero(self.layout.classes >= 0)
        moved = np.full(len(self.old.labels), -1, np.int64)
        moved[self.layout.classes[stayed]] = stayed
        return moved

    @cached_property
    def _members(self) -> Mapping[int, Sequence[Utterance]]:
        """The phrasings of the classes that changed, taken apart."""
        return {label: list(self._prepared(self.layout.members(label))) for label in self._changed}

    @cached_property
    def _fresh(self) -> Mapping[int, Profile]:
        return {
            label: profile(self.after, self.layout.labels[label], members, self._lexicon)
            for label, members in self._members.items()
        }

    def _profiles(self) -> Iterator[Profile]:
        reworded = set(self._reworded)
        for label, place in enumerate(self.layout.classes):
            if label in self._fresh:
                yield self._fresh[label]
                continue
            old = self.old.profiles[place]
            yield self._answering(old, label) if label in reworded else old

    def _answering(self, old: Profile, label: int) -> Profile:
        terms, relations = answered(self._told[label][1][0], self._lexicon)
        return replace(old, answer=terms, answer_relations=relations)

    def _frequency(self) -> Counter[str]:
        """In how many phrasings a term occurs: the sum of what the classes say."""
        counts = self.old.frequency.copy()
        stale = [old for old, label in enumerate(self._moved) if label < 0 or label in self._fresh]
        for old in stale:
            counts.subtract(self.old.profiles[old].terms)
        for fresh in self._fresh.values():
            counts.update(fresh.terms)
        return +counts

    def _keys(self) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
        """Keys that one class has, and those that several have."""
        moved = [-1 if label in self._fresh else int(label) for label in self._moved]
        exact = {key: moved[label] for key, label in self.old.exact.items() if moved[label] >= 0}
        claims = {key: {moved[label] for label in labels} - {-1} for key, labels in self.old.shared.items()}
        for label, members in self._members.items():
            if self.layout.labels[label].kind != "background":
                for key in {utterance.key for utterance in members}:
                    claims.setdefault(key, {exact[key]} if key in exact else set()).add(label)
        alone, shared = owned((key, label) for key, labels in claims.items() for label in labels)
        return {key: label for key, label in exact.items() if key not in claims} | alone, shared
