"""What buttons carry: read whatever it says."""

from __future__ import annotations

import pytest

from bot import ids
from bot.ids import Press


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("7", 7),
        ("٣", 3),
        ("0", 0),
        ("", -1),
        ("x", -1),
        ("-1", -1),
        ("²", -1),
        ("9" * 12, 999_999_999),
        ("9" * 5000, 999_999_999),
    ],
)
def test_numbers_are_such_as_a_database_takes(written: str, read: int) -> None:
    """However many digits somebody types or sends."""
    assert ids.number(written, -1) == read


def test_what_is_read_can_be_kept() -> None:
    """JSON may hold half a surrogate pair, which no database takes."""
    assert ids.press("h1:wait:\ud800", "\udfff") == Press(1, "wait", "?", "?")
    assert ids.press("\ud800").version == 0


def test_a_version_of_many_digits_is_another_version() -> None:
    """As Python reads no number of over 4,300 digits."""
    assert ids.press(f"h{'9' * 5000}:pick:x").version == 0
