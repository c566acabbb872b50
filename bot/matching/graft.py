"""A knowledge base that differs little from a compiled one, made ready at once instead of compiled anew.

What a curator teaches is a phrasing more, an entry more, a gap more; what is undone is one fewer. All that a compiled
knowledge base has for each phrasing or class is kept for those that stay, made for those that come, dropped for those
that go. The head, which depends on all phrasings at once, is corrected around the change (:func:`head.amended`).
Calibration is kept, and so are the weights of words and the repair of words in phrasings that stay: none moves much by
a few phrasings. A full compile later makes up for it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.knowledge.model import KnowledgeBase
from bot.matching import follow_ups, head, regrown
from bot.matching.compiled import Compiled
from bot.matching.head import Head
from bot.matching.layout import Layout, lay_out
from bot.matching.semantic import Vectors
from bot.matching.signals import Encode, Similarities, combine, embed
from bot.matching.utterance import Utterance

__all__ = ["graft", "graftable"]

_MOST = 500  # phrasings that come or go; with more a full compile is due
# In how many phrasings' neighborhood the head is corrected: on 150 phrasings taught one by one a score was off by 0.14
# at most with the new one alone, 0.02 with 16 neighbors, 0.01 with 256, 0.006 with 1,024.
_NEAR = 256
_NEAR_EACH = 8  # more of them for each phrasing that comes or goes
_KEPT = ("people", "characters", "events", "works", "things", "glossary", "quotes")  # what every text is read by

Matrix = npt.NDArray[np.float32]


def graftable(before: KnowledgeBase, after: KnowledgeBase) -> bool:
    """Whether they have names, glossary and quotes in common, without which nothing can be grafted; takes no time."""
    return all(getattr(before, part) == getattr(after, part) for part in _KEPT)


def graft(compiled: Compiled, before: KnowledgeBase, after: KnowledgeBase, encode: Encode | None) -> Compiled | None:
    """Makes a knowledge base ready from a compiled one.

    Args:
        compiled: made whole from ``before``; it is left as it is.
        encode: None for the lexical half alone.

    Returns:
        None where they are not :func:`graftable`, or differ in more than a few hundred phrasings.
    """
    if not graftable(before, after):
        return None
    layout = lay_out(compiled.index, before, after)
    if layout is None:
        return None
    changes = layout.changes + follow_ups.changes(compiled.follow_ups, after)
    if changes > _MOST:
        return None
    added, index = regrown.regrown(compiled.index, before, after, layout)
    similarities = Similarities(index.lexical, _vectors(compiled, layout, added, encode))
    coefficients = _Correction(compiled, layout, similarities, added).coefficients()
    return replace(
        compiled,
        index=index,
        similarities=similarities,
        head=Head(coefficients),
        follow_ups=follow_ups.regrown(compiled.follow_ups, after, index.lexicon, encode),
        grafted=max(changes, 1),
    )


def _vectors(compiled: Compiled, layout: Layout, added: tuple[Utterance, ...], encode: Encode | None) -> Vectors | None:
    old = compiled.similarities.vectors
    if old is None or encode is None:
        return None
    vectors = old[layout.rows]  # the last one where a phrasing is new, to be written over
    if added:
        vectors[layout.added] = embed(added, encode)
    return vectors


@dataclass(frozen=True)
class _Correction:
    """The head of a compiled knowledge base made to fit a new layout, whose similarities are given."""

    compiled: Compiled
    layout: Layout
    similarities: Similarities
    added: tuple[Utterance, ...]

    def coefficients(self) -> Matrix:
        """Shape ``(classes, phrasings)``, as the layout has them."""
        coefficients = self._placed()
        if not self.layout.changes:
            return coefficients
        added, removed = self.layout.added, np.array(list(self.layout.removed), np.int64)
        coming, going = self._coming(), self._going(removed)
        fitted = np.asarray(coefficients.any(axis=0), bool)
        fitted[added] = True
        near = self._near(np.maximum(coming.max(axis=0, initial=0), going.max(axis=0, initial=0)), fitted)
        missing = head.kernel(going[:, near]).T @ self._dropped(removed)
        missing[np.searchsorted(near, added)] = self._targets() - head.kernel(coming) @ coefficients.T
        return head.amended(coefficients, near, self.similarities.among(near), missing)

    def _placed(self) -> Matrix:
        """What stays, at its new place; nothing for what is new."""
        layout = self.layout
        old = self.compiled.head.coefficients[layout.classes]
        old[layout.classes < 0] = 0
        coefficients = np.zeros((len(layout.classes), len(layout.rows)), np.float32)
        # By runs, as nearly all phrasings stand beside the same ones as before: ten times as fast as one by one.
        rows = np.where(layout.rows < 0, -3, layout.rows)
        bounds = np.flatnonzero(np.diff(rows, prepend=-9, append=-9) != 1)
        for begin, end in itertools.pairwise(bounds.tolist()):
            first = int(rows[begin])
            if first >= 0:
                coefficients[:, begin:end] = old[:, first : first + end - begin]
        return coefficients

    def _coming(self) -> Matrix:
        """Similarity of the new phrasings to all, shape ``(added, n)``."""
        lexical, vectors = self.similarities.lexical, self.similarities.vectors
        found = [lexical.similarities(utterance.terms, utterance.tokens) for utterance in self.added]
        alike = np.array(found, np.float32).reshape(len(found), len(self.layout.rows))
        return alike if vectors is None else combine(alike, vectors[self.layout.added] @ vectors.T)

    def _going(self, removed: npt.NDArray[np.int64]) -> Matrix:
        """Similarity of the phrasings that are gone to all, shape ``(removed, n)``; 0 to new ones."""
        found = np.zeros((len(removed), len(self.layout.rows)), np.float32)
        stayed = np.flatnonzero(self.layout.rows >= 0)
        if len(removed):
            found[:, stayed] = self.compiled.similarities.between(removed)[:, self.layout.rows[stayed]]
        return found

    def _near(self, similarity: Matrix, fitted: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """The phrasings whose coefficients may change, ascending: what is new and what is nearest to the change."""
        nearness = np.where(fitted, similarity, -1)
        nearness[self.layout.added] = np.inf
        count = min(_NEAR + _NEAR_EACH * self.layout.changes, int(fitted.sum()))
        return np.sort(np.argsort(-nearness, kind="stable")[:count])

    def _dropped(self, removed: npt.NDArray[np.int64]) -> Matrix:
        """Coefficients of phrasings that are gone, for the classes of the layout, shape ``(removed, classes)``."""
        found = self.compiled.head.coefficients[:, removed].T[:, self.layout.classes]
        found[:, self.layout.classes < 0] = 0
        return found

    def _targets(self) -> Matrix:
        """One for the class of each new phrasing, shape ``(added, classes)``."""
        added = self.layout.added
        targets = np.zeros((len(added), len(self.layout.classes)), np.float32)
        targets[np.arange(len(added)), np.searchsorted(self.layout.starts, added, side="right") - 1] = 1
        return targets
