"""Where bytes are no UTF-8 text."""

from __future__ import annotations

import pytest

from bot.knowledge.encoding import Fault, fault


@pytest.mark.parametrize("content", [b"", b"a\nb", "\ufeffé\n映".encode()])
def test_text(content: bytes) -> None:
    """A byte order mark is part of it."""
    assert fault(content) is None


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"a\nb\xe9c", Fault(2, "invalid continuation byte at byte 3")),
        ("ab".encode("utf-16"), Fault(1, "invalid start byte at byte 0")),
        ("é\nab".encode("utf-16-le"), Fault(1, "invalid continuation byte at byte 0")),
        ("ab".encode("utf-16-le"), Fault(1, "a zero, as in UTF-16, at byte 1")),
        (b"ab\nc\0", Fault(2, "a zero, as in UTF-16, at byte 4")),
    ],
)
def test_other_bytes(content: bytes, found: Fault) -> None:
    """The first line that shows it, and how."""
    assert fault(content) == found
