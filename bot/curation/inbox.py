"""The inbox: questions that weren't answered, the same asks together, for curators."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reply import Choice

__all__ = ["Group", "Inbox", "Page"]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same.

    Attributes:
        id: ten characters; stands for the group even when another question has come to lead it meanwhile.
        question: the one asked most often.
        asked: how often they were asked and not answered, or only offered choices.
        picks: how often one of these choices was picked.
        others: further ways in which it was asked.
        near: the entries that come nearest, those that were picked first; at most five.
        platform: where the leading question was last asked: discord, slack or terminal.
        last: when one of them was last asked, in seconds since 1970.
    """

    id: str
    question: str
    asked: int
    picks: int
    others: tuple[str, ...]
    near: tuple[Choice, ...]
    platform: str
    last: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page of groups, those asked most often first.

    Attributes:
        number: of this page, from 1.
        pages: how many there are, at least 1.
        waiting: how many groups wait in all.
    """

    groups: tuple[Group, ...]
    number: int
    pages: int
    waiting: int


class Inbox:
    """What waits for curators."""

    async def page(self, number: int = 1, size: int = 5) -> Page:
        """A page; a number beyond the last gives the last.

        Raises:
            StoreError: the database can't be used just now.
        """
        raise NotImplementedError

    async def group(self, group: str) -> Group:
        """The group that a button was for, as it is now.

        Raises:
            CurationError: it doesn't wait any more.
            StoreError: the database can't be used just now.
        """
        raise NotImplementedError
