"""What a ``.env`` holds, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.envfile import read
from bot.errors import SettingsError


@pytest.mark.parametrize("text", ["", "A=1", "# b\r\nexport A='1\n2'\r\n\r\n", "A\nB=\n"])
def test_what_can_be_read_comes_as_it_is(tmp_path: Path, text: str) -> None:
    """Without the mark that some editors put before UTF-8."""
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read(tmp_path / ".env") == text


def test_no_file_holds_nothing(tmp_path: Path) -> None:
    """It is no error."""
    assert read(tmp_path / ".env") == ""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A 1\n", "line 1"),
        ("A=1\n\n\n  B: 2\n", "line 4"),
        ("A=1\r\n\r\nB='2\r\n# c\r\nC 3", "lines 3, 5"),
        ('A="1\n2"\nB="2" 3\n', "line 3"),
    ],
)
def test_malformed_lines_are_told(tmp_path: Path, text: str, lines: str) -> None:
    """All in one line, each by its number as an editor shows it."""
    path = tmp_path / ".env"
    path.write_bytes(text.encode())
    with pytest.raises(SettingsError) as error:
        read(path)
    assert str(error.value) == f"{path}, {lines}: write NAME=value, close every quote, and put # before a comment"


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    """In one line."""
    (tmp_path / ".env").write_bytes(b"A=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env can't be read"):
        read(tmp_path / ".env")
