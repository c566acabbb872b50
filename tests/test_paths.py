"""Files whose names have letters that the locale has not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.support import harbor
from tests.support import write_knowledge

HERALD = Path(sys.executable).with_name("herald")
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0"}


def herald(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Herald where the locale knows ASCII alone."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("HERALD_")}
    environment = {**outer, **ASCII, **settings}
    return subprocess.run(
        [HERALD, *arguments], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where Herald is started, with settings that name folders in UTF-8."""
    place = tmp_path / "Küste"
    write_knowledge(place / "kb", harbor())
    lines = [f"HERALD_{name}_DIR={place / name.lower()}\n" for name in ("DATA", "CACHE")]
    (tmp_path / ".env").write_text(f"{''.join(lines)}HERALD_KNOWLEDGE_DIR={place / 'kb'}\n", "utf-8")
    return tmp_path


class TestInAscii:
    def test_the_file_of_settings_names_folders(self, folder: Path) -> None:
        """They are found and made under the names that they have; the encoder is used from there."""
        asked = herald(folder, "ask", "host")
        assert (asked.stdout.splitlines()[:1], asked.stderr) == (["Ada Stone hosted it."], "")
        assert sorted(path.name for path in (folder / "Küste").iterdir()) == ["cache", "kb"]

    @pytest.mark.parametrize("in_file", [True, False])
    def test_a_database_is_told_by_its_name(self, folder: Path, *, in_file: bool) -> None:
        """Its address, too, may be in the file or in the environment."""
        address = f"sqlite:///{folder / 'Küste' / 'böe.db'}"
        (folder / ".env").write_text(f"HERALD_DATABASE_URL={address}\n" if in_file else "", "utf-8")
        shown = herald(folder, "db", "status", **({} if in_file else {"HERALD_DATABASE_URL": address}))
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "K%C3%BCste/b%C3%B6e.db" in shown.stdout
        assert (folder / "Küste" / "böe.db").is_file()

    def test_a_folder_that_is_missing_is_told(self, folder: Path) -> None:
        """In a line, as elsewhere."""
        (folder / ".env").write_text("HERALD_KNOWLEDGE_DIR=Lücke\nHERALD_ENCODER=false\n", "utf-8")
        told = herald(folder, "kb", "check")
        assert told.returncode == 1
        assert "can't be looked into: No such file or directory" in told.stderr
        assert "Traceback" not in told.stderr
