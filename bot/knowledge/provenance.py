"""Proof that quotes are verbatim: a lock file of digests with source and offset.

``kb verify`` finds every quote in the source texts (typographic quotes, dashes and spaces folded; nothing else) and
writes the lock; loading refuses a quote that differs from its locked digest. The texts themselves are never kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Problem
from bot.knowledge.encoding import fault
from bot.knowledge.model import KnowledgeBase, Quote

__all__ = ["LOCK_NAME", "check_lock", "fold", "verify", "write_lock"]

LOCK_NAME = "quotes.lock"

_FOLDED = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-", "‑": "-"})


@dataclass(frozen=True, slots=True)
class _Article:
    """A source's folded text, and what is wrong with its file: why a quote may not be found in it."""

    text: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quote stands: the source's id, the offset in its folded text, and the digest of the folded quote."""

    source: str
    offset: int
    digest: str


def fold(text: str) -> str:
    """Folds typographic quotes, dashes and runs of space, and nothing else."""
    folded = unicodedata.normalize("NFC", text).translate(_FOLDED).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", folded).strip()


def digest(quote: Quote) -> str:
    """SHA-256 of source, speaker and folded text: changing any of them needs a new proof."""
    return hashlib.sha256(f"{quote.source}\n{quote.speaker}\n{fold(quote.text)}".encode()).hexdigest()


def verify(knowledge: KnowledgeBase, articles: Path) -> tuple[dict[str, Located], list[Problem]]:
    """Finds every quote in ``articles/<source>.txt``.

    Returns:
        the place of each quote found, by quote id, and a problem for each that is not there word for word; one for
        all those of a text that can't be read.
    """
    read = {source: _article(articles / f"{source}.txt", source) for source in knowledge.sources}
    found: dict[str, Located] = {}
    problems: list[Problem] = []
    for quote in knowledge.quotes.values():
        article = read[quote.source]
        offset = article.text.find(fold(quote.text))
        if offset >= 0:
            found[quote.id] = Located(quote.source, offset, digest(quote))
        else:
            problems.append(article.problem or _not_there(knowledge, quote))
    return found, list(dict.fromkeys(problems))


def _not_there(knowledge: KnowledgeBase, quote: Quote) -> Problem:
    file, line = knowledge.places["quotes", quote.id]
    message = f"quotes: '{quote.id}': the source '{quote.source}' doesn't hold these words"
    return Problem(file, line, message, "copy the words exactly from the source")


def _article(path: Path, source: str) -> _Article:
    what = f"the text of the source '{source}'"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _Article("", Problem(str(path), 1, f"{what} is missing", "save it there, as UTF-8"))
    except OSError as error:
        hint = "check the file and its permissions"
        return _Article("", Problem(str(path), 1, f"{what} can't be read: {error.strerror}", hint))
    # A stray byte must not end the run: the words around it are still found, a quote across it isn't.
    text = fold(content.decode("utf-8-sig", errors="replace"))
    if not text:
        return _Article("", Problem(str(path), 1, f"{what} is empty", "save it there, as UTF-8"))
    bad = fault(content)
    wrong = Problem(str(path), bad.line, f"{what} is not UTF-8 ({bad.reason})", "save it as UTF-8") if bad else None
    return _Article(text, wrong)


def write_lock(folder: Path, located: Mapping[str, Located]) -> None:
    """Writes the lock file, one quote a line, in order of id."""
    rows = [
        f"{json.dumps(key)}: {json.dumps([place.source, place.offset, place.digest])}"
        for key, place in sorted(located.items())
    ]
    (folder / LOCK_NAME).write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


def check_lock(knowledge: KnowledgeBase, folder: Path) -> Iterator[Problem]:
    """Yields a problem for each quote that isn't the one that was verified; nothing where there is no lock file.

    A quote whose speaker or source isn't there differs by that alone, and is refused for it.
    """
    path = folder / LOCK_NAME
    if not path.is_file():
        return
    try:
        locked = {key: str(row[2]) for key, row in json.loads(path.read_text("utf-8")).items()}
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        yield Problem(LOCK_NAME, 1, "not a lock file", "run 'herald kb verify --articles DIR' to write it anew")
        return
    for quote in knowledge.quotes.values():
        named = quote.speaker in knowledge.names and quote.source in knowledge.sources
        if named and locked.get(quote.id) != digest(quote):
            file, line = knowledge.places["quotes", quote.id]
            state = "has never been verified" if quote.id not in locked else "differs from the verified text"
            message = f"quotes: '{quote.id}' {state}"
            yield Problem(file, line, message, "run 'herald kb verify --articles DIR'")
