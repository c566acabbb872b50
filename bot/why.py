"""Why Herald replied as it did: the candidates of a question with the evidence that told most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.calibration import Calibration
from bot.matching.evidence import COLUMNS
from bot.matching.matcher import Match, Ranked

__all__ = ["Why", "render"]

_TOLD = 4


@dataclass(frozen=True)
class Why:
    """What the matcher made of a question, and the calibration that judged it.

    Attributes:
        lead: what is to be told before, or empty.
    """

    match: Match
    calibration: Calibration
    lead: str = ""

    @property
    def verdict(self) -> str:
        """The decision in one line, with the class that made it and the threshold."""
        label = self.match.label
        what = f" ({label.kind} '{label.id}')" if label else ""
        return f"{self.match.verdict}{what}; an answer needs {self.calibration.answer:.2f}"

    def rows(self) -> list[tuple[str, str, str]]:
        """Entry, probability and telling evidence of each candidate, the most probable first."""
        return [(c.entry, f"{c.probability:.2f}", self._told(c)) for c in self.match.candidates]

    def _told(self, candidate: Ranked) -> str:
        """The columns that moved the probability most, up or down, each with its value."""
        if not candidate.evidence:
            return ""
        values = [candidate.evidence[column] for column in COLUMNS]
        effects = _effects(values, self.calibration)
        told = sorted(range(len(COLUMNS)), key=lambda column: -abs(effects[column]))[:_TOLD]
        # A no-break space keeps a column and its value on one line of the table.
        return ", ".join(f"{'↑' if effects[i] > 0 else '↓'}{COLUMNS[i]}\u00a0{values[i]:.2f}" for i in told)


def _effects(values: Sequence[float], calibration: Calibration) -> list[float]:
    """How far each column moves the log-odds from where they were if it had its mean value."""
    actual = np.array(values, np.float64)
    rows = np.vstack([actual, np.where(np.eye(len(actual), dtype=bool), calibration.model.mean, actual)])
    probability = calibration.model.probability(rows)
    odds = np.log(probability / (1 - probability))
    return [float(effect) for effect in odds[0] - odds[1:]]


def render(why: Why) -> str:
    """The candidates as plain text, a line each."""
    rows = [f"{probability}  {entry}  {told}".rstrip() for entry, probability, told in why.rows()]
    return "\n".join([*filter(None, [why.lead]), why.verdict, *rows])
