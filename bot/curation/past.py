"""Why an answer was given, long after it was."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Past", "PastAnswer", "render"]


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer that was given.

    Attributes:
        at: when, in seconds since 1970.
        text: the question; None where questions aren't kept.
        threshold: from which score an entry answered at that time.
        candidates: the best entries with their scores.
        near: the entries that were offered; ``picked``: the one that was picked of them.
        knowledge: digest of the knowledge base that answered.
        version: its number, as ``/herald history`` has it; None where it was never recorded.
        seconds: that the answer took.
    """

    id: str
    at: float
    platform: str
    place: str
    kind: str
    text: str | None
    entry: str | None
    gap: str | None
    score: float
    threshold: float
    candidates: tuple[tuple[str, float], ...]
    near: tuple[str, ...]
    picked: str | None
    knowledge: str
    version: int | None
    seconds: float


class Past:
    """Finds past answers."""

    async def find(self, name: str) -> PastAnswer | None:
        """The answer of this id, or on this message (as it was given to ``Journal.posted``); None where it isn't kept.

        Raises:
            StoreError: the database can't be used just now.
        """
        raise NotImplementedError


def render(answer: PastAnswer) -> str:
    """A past answer as plain text: question, decision, version, scores."""
    raise NotImplementedError
