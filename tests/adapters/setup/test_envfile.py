"""A ``.env`` that is changed in place."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.setup import envfile
from bot.errors import SettingsError
from tests.test_project import ROOT

TEXT = """\
# mine
OTHER=x # kept

export DISCORD_TOKEN='old # token'  # from the portal
#HERALD_PRECISION=0.95
HERALD_KNOWLEDGE_DIR="a
b"
"""


class TestChanging:
    def test_a_value_is_changed_where_it_stands(self) -> None:
        """Comments, order and whatever else is there stay."""
        assert envfile.changed(TEXT, "DISCORD_TOKEN", "new") == TEXT.replace("'old # token'", "new")

    def test_a_default_that_is_shown_is_uncommented(self) -> None:
        """As in a copy of .env.example."""
        assert envfile.changed(TEXT, "HERALD_PRECISION", "0.9") == TEXT.replace(
            "#HERALD_PRECISION=0.95", "HERALD_PRECISION=0.9"
        )
        example = (ROOT / ".env.example").read_text("utf-8")
        changed = envfile.changed(example, "HERALD_PRECISION", "0.9")
        assert len(changed.splitlines()) == len(example.splitlines())
        assert envfile.values(changed) == {"HERALD_PRECISION": "0.9"}

    def test_any_other_goes_to_the_end(self) -> None:
        """With a line on what it is."""
        assert envfile.changed("A=1", "B", "2", "the second") == "A=1\n\n# the second\nB=2\n"
        assert envfile.changed("A=1\r\n", "B", "2") == "A=1\r\nB=2\r\n"

    def test_the_last_of_several_counts(self) -> None:
        """As it does for Herald."""
        assert envfile.changed("A=1\nA=2\n", "A", "3") == "A=1\nA=3\n"

    @pytest.mark.parametrize(
        ("text", "changed"), [("A=1 # one\n", "A= # one\n"), ("B=1\n", "B=1\n"), ("#A=1\n", "#A=1\n"), ("A\n", "A=\n")]
    )
    def test_an_empty_value_only_empties(self, text: str, changed: str) -> None:
        """Where nothing is set nothing is written."""
        assert envfile.changed(text, "A", "") == changed

    @pytest.mark.parametrize("value", ["a\nb", "${HOME}", "a\x00"])
    def test_what_such_a_file_can_not_hold_is_refused(self, value: str) -> None:
        """In one line that says what to do."""
        with pytest.raises(SettingsError, match=r"^A can't be written to \.env: .* environment$"):
            envfile.changed("", "A", value)

    @given(
        st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])), st.text(alphabet="A=B#'\"\\\n\r x$", max_size=40)
    )
    def test_what_is_written_is_read(self, value: str, before: str) -> None:
        """Any value comes back as it was, whatever the file held, but for one that is broken."""
        assume("${" not in value + before)
        try:
            changed = envfile.changed(before + "\n", "KEY", value)
        except SettingsError as error:
            assert "mend it first" in str(error)  # noqa: PT017 - either is right
            assert {"'", '"'} & set(before)
        else:
            assert envfile.values(changed).get("KEY", "") == value


class TestSaving:
    def test_only_its_owner_may_read_it(self, tmp_path: Path) -> None:
        """Also where others could before."""
        path = tmp_path / ".env"
        path.write_text("A=1\n", "utf-8")
        path.chmod(0o644)
        envfile.save(path, "A=2\n")
        assert (path.read_text("utf-8"), stat.S_IMODE(path.stat().st_mode)) == ("A=2\n", 0o600)
        assert list(tmp_path.iterdir()) == [path]

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        """What it leads to is changed."""
        (tmp_path / "true").write_text("A=1\n", "utf-8")
        (tmp_path / ".env").symlink_to("true")
        envfile.save(tmp_path / ".env", "A=2\n")
        assert (tmp_path / ".env").is_symlink()
        assert (tmp_path / "true").read_text("utf-8") == "A=2\n"

    def test_a_folder_that_is_missing_is_told(self, tmp_path: Path) -> None:
        """In one line."""
        with pytest.raises(SettingsError, match=r"\.env can't be written: No such file"):
            envfile.save(tmp_path / "none" / ".env", "")
