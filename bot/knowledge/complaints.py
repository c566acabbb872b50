"""What the schema refuses, in a curator's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import Problem
from bot.knowledge.reader import Document
from bot.knowledge.suggest import did_you_mean, slug

__all__ = ["complaints"]

_PUT_IN_QUOTES = "put it in quotes"

# Pydantic's kinds of complaint: what is wrong and what to do, for those that need nothing but the kind.
_PLAIN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("missing", "add it"),
        "tuple_type": ("must be a list", "begin each item with '- ' or write [a, b]"),
        "too_short": ("must not be empty", "add an item"),
        "string_too_short": ("must not be empty", "write the text, or drop it"),
        "string_unicode": ("not valid Unicode text", "type it again"),
        "dict_type": ("must be a mapping", "write it as 'key: value' lines"),
        "model_type": ("must be a mapping", "write it as 'key: value' lines"),
        "model_attributes_type": ("must be a mapping", "write it as 'key: value' lines"),
        "bool_type": ("must be true or false", "write true or false"),
        "bool_parsing": ("must be true or false", "write true or false"),
        "int_type": ("must be a whole number", "write digits only"),
        "int_parsing": ("must be a whole number", "write digits only"),
        "int_from_float": ("must be a whole number", "write digits only"),
    }
)


def complaints(
    document: Document, model: type[BaseModel], item: object, path: tuple[str | int, ...], error: ValidationError
) -> Iterator[Problem]:
    """Yields a problem for each complaint of the schema about one item.

    Args:
        document: where the item stands.
        model: what it should be.
        item: what it is.
        path: where in the document it stands; its first part is the section.
        error: the schema's complaints.
    """
    name = item.get("id") if isinstance(item, Mapping) else None
    who = f"'{name}'" if name else "this item"
    for detail in error.errors(include_url=False):
        if _beside_the_point(detail):
            continue
        place = tuple(part for part in detail["loc"] if isinstance(part, int) or not _is_no_key(part))
        if (*path, *place) in document.unread:  # the reader has said what is wrong there
            continue
        key = ".".join(map(str, place))
        reason, hint = _explain(detail, model)
        subject = f"{path[0]}: {who}: {key}" if key else f"{path[0]}: {who}"
        yield Problem(document.file, document.line((*path, *place)), f"{subject}: {reason}", hint)


def _is_no_key(part: str) -> bool:
    """Whether a part of a location stands in no document: a variant, or the note that a key itself is meant."""
    return _is_variant(part) or part == "[key]"


def _is_variant(part: str) -> bool:
    """Whether a part of a location names one way to read a value (a list, a section) and no key."""
    return part.startswith("tuple[") or part[:1].isupper()


def _beside_the_point(detail: ErrorDetails) -> bool:
    """Whether a complaint is about the reading that was not meant: a mapping isn't meant as a list of names."""
    variants = [part for part in detail["loc"] if isinstance(part, str) and _is_variant(part)]
    if not variants:
        return False
    as_section = detail["type"].startswith("model_")
    as_list = detail["type"] == "tuple_type" and isinstance(detail["input"], Mapping)
    return as_section or as_list


def _explain(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and what to do about it."""
    kind = detail["type"]
    if kind == "extra_forbidden":
        return "unknown key", did_you_mean(str(detail["loc"][-1]), _keys(model)) or "drop it"
    if kind == "string_type":
        return _not_text(detail["input"])
    return _PLAIN.get(kind) or _explain_value(kind, detail["input"], detail.get("ctx", {})) or (_message(detail), "")


def _message(detail: ErrorDetails) -> str:
    return detail["msg"][:1].lower() + detail["msg"][1:]


def _explain_value(kind: str, value: object, context: Mapping[str, object]) -> tuple[str, str] | None:
    if kind == "string_too_long":
        return f"over {context['max_length']:,} characters ({len(str(value)):,})", "shorten it"
    if kind == "string_pattern_mismatch":
        better = slug(str(value))
        return f"'{value}' is no id: only a-z, 0-9 and hyphens", f"write '{better}'" if better else "rename it"
    if kind == "literal_error":
        return f"must be {context['expected']}", did_you_mean(str(value), str(context["expected"]).split("'")[1::2])
    return None


def _keys(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _not_text(value: object) -> tuple[str, str]:
    """Names what YAML made of a bare word."""
    if isinstance(value, bool):
        return "must be text; YAML reads a bare yes, no, on, off, true or false as a truth value", _PUT_IN_QUOTES
    if isinstance(value, int | float):
        return f"must be text; YAML reads a bare {value} as a number", _PUT_IN_QUOTES
    if isinstance(value, date):
        return f"must be text; YAML reads a bare {value} as a date", _PUT_IN_QUOTES
    if value is None:
        return "must be text, and is empty", "write the text, or drop it"
    return f"must be text, not a {'list' if isinstance(value, list) else 'mapping'}", "write it on one line, in quotes"
