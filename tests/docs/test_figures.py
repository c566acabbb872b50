"""Every figure for Prometheus is described, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.docs.support import document
from tests.test_project import python_files

_FIGURE = re.compile(r'(?:(Counter|counts)\(\s*)?"(herald_[a-z_]+)",\s*f?"[A-Z]')
_QUEUE = re.compile(r'\.queue\(\s*("[^"]+"|[A-Z]+)')


def sources() -> Iterator[str]:
    """The code."""
    return (path.read_text("utf-8") for path in python_files("bot", "adapters"))


def test_every_figure_is_described() -> None:
    """By the name that Prometheus gets, in the table of the document for operators."""
    found = {f"{name}_total" if counter else name for text in sources() for counter, name in _FIGURE.findall(text)}
    rows = re.findall(r"^\| `(herald_\w+)` \|", document("operating.md"), re.M)
    assert len(found) > 10
    assert sorted(rows) == sorted(found)


def test_every_queue_is_described() -> None:
    """In the row of the queues' depth."""
    (row,) = re.findall(r"^\| `herald_queue_depth` \|(.*)$", document("operating.md"), re.M)
    found = {named(queue, text) for text in sources() for queue in _QUEUE.findall(text)}
    assert set(re.findall(r"`([^`]+)`", row)) == {"queue", *found}


def named(written: str, text: str) -> str:
    """The name that is written there, or that a constant of the module has."""
    if written.startswith('"'):
        return written.strip('"')
    (value,) = re.findall(rf'^{written} = "(\w+)"', text, re.M)
    return str(value)
