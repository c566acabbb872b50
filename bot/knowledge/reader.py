"""YAML read safely, with the line of every key and item.

PyYAML's safe loader builds no objects but silently keeps the last of two equal keys, expands aliases without bound and
lets deep nesting overflow the C stack. So values are built here, straight from the parser's events: duplicate keys,
aliases and tags are problems, and depth is bounded before anything is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.errors import Problem
from bot.knowledge.encoding import undecodable

__all__ = ["DEPTH_LIMIT", "SIZE_LIMIT", "Document", "read"]

SIZE_LIMIT = 5 * 1024 * 1024
DEPTH_LIMIT = 20

# libyaml's scanner is some ten times faster; its events are the same.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"

_Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One file's content, the line of each path into it (keys and list indices), and what was wrong with it.

    Attributes:
        unread: the paths whose content could not be read, so that whole records may be missing there.
    """

    file: str
    content: dict[str, Any]
    lines: dict[_Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[_Path] = field(default_factory=set)

    def line(self, path: _Path) -> int:
        """The line of ``path``, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _RefusedError(Exception):
    """The file can't be read any further."""

    def __init__(self, line: int, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.line, self.message, self.suggestion = line, message, suggestion


def read(path: Path, name: str) -> Document:
    """Reads one YAML file; whatever is wrong ends up in the document's problems, never in an exception.

    Args:
        path: the file.
        name: what to call it in messages.
    """
    document = Document(name, {})
    try:
        document.content.update(_Builder(document, yaml.parse(_text(path), Loader=_Loader)).sections())
    except _RefusedError as error:
        _add_failure(document, error.line, error.message, error.suggestion)
    except OSError as error:
        _add_failure(document, 1, f"can't be read: {error.strerror}", "check the file and its permissions")
    except yaml.YAMLError as error:
        _add_failure(document, _error_line(error), f"not YAML: {_reason(error)}", "mind indentation and quotes")
    return document


def _text(path: Path) -> str:
    if path.stat().st_size > SIZE_LIMIT:
        raise _RefusedError(1, "the file is over 5 MB", "split it by event or by kind")
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad = undecodable(content, error)
        raise _RefusedError(bad.line, f"not UTF-8 text ({bad.reason})", "save it as UTF-8") from error


def _add_failure(document: Document, line: int, message: str, suggestion: str) -> None:
    document.problems.append(Problem(document.file, line, message, suggestion))
    document.unread.add(())


def _error_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def _reason(error: Exception) -> str:
    text = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return " ".join(str(text).split())


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _too_deep(event: yaml.Event) -> _RefusedError:
    return _RefusedError(_line(event), "nested too deeply", "a knowledge base needs five levels at most")


class _Builder:
    """Turns one file's events into plain values, noting lines and refusing what a knowledge base never needs."""

    def __init__(self, document: Document, events: Iterator[yaml.Event]) -> None:
        self._document = document
        self._events = events
        self._scalars = yaml.SafeLoader("")

    def sections(self) -> dict[str, object]:
        """The content of the one document in the file: a mapping; empty where the file is."""
        content: object = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _RefusedError(_line(event), "a second document ('---')", "put it in a file of its own")
            elif isinstance(event, yaml.NodeEvent):
                content = self._value(event, ())
        if content is not None and not isinstance(content, dict):
            raise _RefusedError(1, "the file must hold sections such as 'entries:'", "see docs/knowledge-base.md")
        return content or {}

    def _value(self, event: yaml.Event, path: _Path) -> object:
        self._document.lines.setdefault(path, _line(event))
        if len(path) > DEPTH_LIMIT:
            raise _too_deep(event)
        if isinstance(event, yaml.AliasEvent):
            self._problem(event, f"an alias (*{event.anchor}) is not allowed", "write the value out")
            self._document.unread.add(path)
            return None
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._problem(event, f"a tag ({tag}) is not allowed", "drop it; put text in quotes if need be")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _sequence(self, path: _Path) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: _Path) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, values)
            value = next(self._events)
            if key is None:
                self._skip(value)
                self._document.unread.add((*path, ""))
                continue
            self._document.lines[(*path, key)] = _line(event)
            values[key] = self._value(value, (*path, key))
        return values

    def _key(self, event: yaml.Event, known: dict[str, object]) -> str | None:
        if not isinstance(event, yaml.ScalarEvent):
            self._problem(event, "a key must be plain text", "put it in quotes")
            self._skip(event)
            return None
        if event.value in known:
            self._problem(event, f"the key '{event.value}' stands twice", "merge the two")
            return None
        return str(event.value)

    def _skip(self, event: yaml.Event) -> None:
        """Takes the rest of a value off the events."""
        depth = 0
        while True:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth <= 0:
                return
            if depth > DEPTH_LIMIT:
                raise _too_deep(event)
            event = next(self._events)

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        tag = self._scalars.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        if tag == _TEXT or event.tag is not None:
            return event.value
        try:
            return self._scalars.construct_object(yaml.ScalarNode(tag, event.value))
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self._problem(event, f"unreadable value: {_reason(error)}", "put it in quotes")
            return event.value

    def _problem(self, event: yaml.Event, message: str, suggestion: str) -> None:
        self._document.problems.append(Problem(self._document.file, _line(event), message, suggestion))
