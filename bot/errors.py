"""The exceptions of Herald, as one small tree.

HeraldError
├── SettingsError        a variable is unknown or malformed
├── KnowledgeError       the knowledge base has problems (all of them, each with file and line)
├── EncoderError         the sentence encoder can't be used
├── RequestError         a request to the batch interface is malformed
├── StoreError           the database can't be used
│   └── StoreDownError   just now: it can't be reached, or doesn't answer
├── CurationError        something that a curator asked for can't be done
└── PlatformError        a chat platform can't be reached, or refuses us
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "CurationError", "EncoderError", "HeraldError", "KnowledgeError", "PlatformError", "Problem", "RequestError",
    "SettingsError", "StoreDownError", "StoreError", "in_words",
]  # fmt: skip


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def in_words(error: BaseException) -> str:
    """What an exception says, on one line; its kind where it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__


class HeraldError(Exception):
    """Base of every error that Herald raises on purpose; its text is one clear line."""


class SettingsError(HeraldError):
    """A variable is unknown, malformed or missing."""


class EncoderError(HeraldError):
    """The sentence encoder is missing, altered or unreadable."""


class RequestError(HeraldError):
    """A line of the batch interface can't be read as a request."""


class StoreError(HeraldError):
    """The database can't be reached, or its schema doesn't fit."""


class StoreDownError(StoreError):
    """The database can't be reached just now, or doesn't answer; it may be back in a moment."""


class CurationError(HeraldError):
    """Something that a curator asked for can't be done; the text says why, and what to do."""


class PlatformError(HeraldError):
    """A chat platform can't be reached, or refuses us."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a knowledge base, and what to do about it.

    As text it is one line for a terminal or a chat: what a file holds that would break it, or steer it, is left out.
    """

    file: str
    line: int
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return _UNSEEN.sub(" ", f"{self.file}:{self.line}: {self.message}{hint}")


class KnowledgeError(HeraldError):
    """A knowledge base that can't go into service.

    Attributes:
        problems: everything that is wrong, ordered by file and line.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))
