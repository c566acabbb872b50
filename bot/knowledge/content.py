"""A whole knowledge base as one plain mapping, so that who has no folder of it can have the same one.

The mapping goes through JSON unharmed: ``plain(restored(plain(kb))) == plain(kb)``, and both have the same version.
What a record leaves at its default isn't written: a key that a newer Herald knows changes no version until it is used.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from bot.errors import KnowledgeError, Problem
from bot.knowledge.model import (
    Character,
    Check,
    Entry,
    Gap,
    GapTemplate,
    KnowledgeBase,
    Named,
    Quote,
    Record,
    SmallTalk,
    Source,
)

__all__ = ["LISTS", "RECORDS", "packed", "plain", "restored", "unpacked", "versioned"]

RECORDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "sources": Source,
        "people": Named,
        "characters": Character,
        "events": Named,
        "works": Named,
        "things": Named,
        "entries": Entry,
        "quotes": Quote,
        "gaps": Gap,
        "gap_templates": GapTemplate,
        "smalltalk": SmallTalk,
    }
)
LISTS: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {"checks": Check.model_validate, "glossary": tuple, "background": str}
)
_PLACES = "places"


def plain(knowledge: KnowledgeBase) -> dict[str, Any]:
    """Everything that a knowledge base holds, in its own order, as JSON has it."""
    places: dict[str, dict[str, list[Any]]] = {}
    for (section, record), place in knowledge.places.items():
        places.setdefault(section, {})[record] = list(place)
    return {**_sections(knowledge), _PLACES: places}


def restored(content: Mapping[str, Any]) -> KnowledgeBase:
    """The knowledge base that :func:`plain` was made from; nothing is checked but each record's form.

    Raises:
        KnowledgeError: it is damaged, or of a newer Herald.
    """
    try:
        parts: dict[str, Any] = {name: _records(model, content[name]) for name, model in RECORDS.items()}
        parts |= {name: tuple(map(read, content[name])) for name, read in LISTS.items()}
        places = {
            (section, record): (str(file), int(line))
            for section, lines in content[_PLACES].items()
            for record, (file, line) in lines.items()
        }
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(error) from None
    knowledge = KnowledgeBase(version="", **parts, places=MappingProxyType(places))
    return replace(knowledge, version=versioned(knowledge))


def packed(knowledge: KnowledgeBase) -> bytes:
    """:func:`plain` as compressed JSON."""
    return zlib.compress(json.dumps(plain(knowledge), separators=(",", ":")).encode())


def unpacked(data: bytes) -> KnowledgeBase:
    """What :func:`packed` packed.

    Raises:
        KnowledgeError: it is damaged, or of a newer Herald.
    """
    try:
        content = json.loads(zlib.decompress(data))
    except (zlib.error, ValueError, RecursionError) as error:
        raise _unreadable(error) from None
    return restored(content)


def versioned(knowledge: KnowledgeBase) -> str:
    """Twelve hex digits over the content in canonical order: moving a record between files changes nothing."""
    content = _sections(knowledge)
    ordered = {
        **{name: sorted(content[name], key=lambda record: str(record["id"])) for name in RECORDS},
        **{name: sorted(json.dumps(item, sort_keys=True) for item in content[name]) for name in LISTS},
    }
    return hashlib.sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()[:12]


def _sections(knowledge: KnowledgeBase) -> dict[str, list[Any]]:
    records = {name: [_plain(record) for record in knowledge.section(name).values()] for name in RECORDS}
    return {**records, **{name: [_plain(item) for item in getattr(knowledge, name)] for name in LISTS}}


def _plain(item: object) -> object:
    if isinstance(item, BaseModel):
        return item.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return list(item) if isinstance(item, Sequence) and not isinstance(item, str) else item


def _records(model: type[Record], items: Sequence[Any]) -> Mapping[str, Record]:
    found = (model.model_validate(item) for item in items)
    return MappingProxyType({record.id: record for record in found})


def _unreadable(error: Exception) -> KnowledgeError:
    reason = type(error).__name__ if isinstance(error, LookupError) else str(error).splitlines()[0]
    hint = "upgrade Herald if another process is newer; otherwise publish the knowledge base anew by a reload"
    return KnowledgeError([Problem("stored content", 1, f"can't be read ({reason})", hint)])
