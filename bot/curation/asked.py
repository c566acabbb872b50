"""A question as the store keeps it: clean text, and the key by which it is met again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.herald import Snapshot
from bot.matching import text
from bot.matching.index import Label

__all__ = ["Asked", "clean", "group_id", "key_of", "known"]

_KEY = 500  # characters; as wide as the column


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where it was asked; by whom is nobody's business.

    Attributes:
        text: as the member typed it; empty where nothing was typed, such as for the quote command.
        platform: discord, slack or terminal.
        place: guild or workspace, and channel; empty in direct messages.
    """

    text: str
    platform: str
    place: str = ""


def clean(raw: str) -> str:
    """A text that any database can keep: no surrogates, no zero characters, single spaces."""
    return " ".join(raw.encode("utf-8", "replace").decode().replace("\0", " ").split())


def key_of(raw: str) -> str:
    """The folded words of a question, the same however it is written; empty where it has none."""
    return text.key(raw)[:_KEY]


def group_id(key: str) -> str:
    """The id of the group that the question of this key leads, for buttons: ten characters."""
    return hashlib.blake2b(key.encode(), digest_size=5).hexdigest()


def known(snapshot: Snapshot, key: str) -> Label | None:
    """The class that has a question as a phrasing of its own, word for word; None where none has."""
    index = snapshot.matcher.compiled.index
    owner = index.exact.get(key)
    return None if owner is None else index.labels[owner]
