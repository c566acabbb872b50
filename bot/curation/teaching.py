"""Teaching: what a curator decides about a group of the inbox, in service at once and everywhere."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Taught", "Teacher"]


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of it.

    Attributes:
        question: the question that leads the group.
        target: id of the entry or gap that has it now.
        phrasings: how many phrasings were taken over, the leading one included.
        told: how many members who wait will be told.
        version: digest of the knowledge base that has it.
    """

    question: str
    target: str
    phrasings: int
    told: int
    version: str


class Teacher:
    """Does what curators decide.

    Every method raises a CurationError or KnowledgeError with a text fit for the admin where it can't be done, and a
    StoreError where the database can't be used just now; then nothing has changed. ``who`` is the admin as
    platform:id, or "terminal".
    """

    async def teach(self, group: str, entry: str, who: str) -> Taught:
        """Makes a group's questions phrasings of an entry."""
        raise NotImplementedError

    async def new_entry(self, group: str, question: str, answer: str, source: str, who: str) -> Taught:
        """Makes an entry of a group.

        Args:
            question: its first phrasing, which members see; the group's questions follow it. Empty for the leading one.
            source: id of a source, or its title.
        """
        raise NotImplementedError

    async def gap(self, group: str, who: str, *, line: str = "", of: str = "") -> Taught:
        """Notes that the sources don't say.

        Args:
            line: what members are told from now on; empty for "The sources don't say."
            of: id of a gap that the questions become phrasings of; empty for a gap of its own.
        """
        raise NotImplementedError

    async def dismiss(self, group: str, who: str) -> str:
        """Takes a group out of the inbox for good; returns its leading question."""
        raise NotImplementedError

    async def undo(self, group: str, who: str) -> str:
        """Takes back what was last done with a group, whatever it was, and puts it into the inbox again.

        Returns:
            Its leading question.
        """
        raise NotImplementedError
