"""Suggestions for misspelt words and ids in messages to curators."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process

__all__ = ["SLUG_LIMIT", "did_you_mean", "slug"]

SLUG_LIMIT = 80

_CLOSE = 60.0


def did_you_mean(word: str, known: Iterable[str], close: float = _CLOSE) -> str:
    """``did you mean 'x'?`` for the nearest known word, or an empty text where none is near.

    Args:
        close: how near it must be, of 100.
    """
    best = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=close)
    return f"did you mean '{best[0]}'?" if best else ""


def slug(text: str) -> str:
    """``text`` as an id: lower-case ASCII letters and digits, joined by hyphens; empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LIMIT].strip("-")
