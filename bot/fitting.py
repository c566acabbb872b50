"""Texts made to fit: what is too long for a platform is cut where it reads well."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["SENTENCE_END", "clip", "clip_lines"]

SENTENCE_END = re.compile(r"[.!?…”\")](?=\s)")


def clip(text: str, most: int) -> str:
    """A text on one line, with an ellipsis where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def clip_lines(lines: Iterable[str], most: int) -> str:
    """As many whole lines as fit."""
    text = ""
    for line in lines:
        if len(text) + len(line) + 1 > most:
            break
        text += f"{line}\n"
    return text.rstrip()
