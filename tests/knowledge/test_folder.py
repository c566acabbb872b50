"""Which files of a folder are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.knowledge import load
from tests.support import messages


@pytest.mark.parametrize("hidden", [".file.yaml", ".git/file.yaml", "..data/file.yaml", "sub/.file.yaml"])
def test_what_is_hidden_is_not(folder: Path, hidden: str) -> None:
    """Copies of what is there, as Git has them, and Kubernetes where it mounts files."""
    path = folder / hidden
    path.parent.mkdir(exist_ok=True)
    path.write_text("entries: oops")
    assert messages(folder) == []


def test_an_editors_lock_is_not(folder: Path) -> None:
    """Emacs makes a link to nothing while a file is being edited."""
    (folder / ".#entries.yaml").symlink_to("nobody@nowhere.1:2")
    assert messages(folder) == []


def test_a_link_to_nothing_is_told(folder: Path) -> None:
    """Where it isn't hidden."""
    (folder / "more.yaml").symlink_to("nothing")
    assert "can't be read" in "".join(messages(folder))


def test_what_is_no_file_is_not_read(folder: Path) -> None:
    """A pipe would be waited for."""
    os.mkfifo(folder / "pipe.yaml")
    assert load(folder).entries


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_folder_that_cannot_be_looked_into_is_told(folder: Path) -> None:
    """Rather than left out in silence."""
    (folder / "sub").mkdir(mode=0)
    assert "can't be looked into" in "".join(messages(folder))


def test_without_anything_to_answer_it_is_none(tmp_path: Path) -> None:
    """One line says so."""
    (tmp_path / "file.yaml").write_text("")
    assert "no entries, gaps or small talk yet" in "".join(messages(tmp_path))
