"""``herald preview``: where the page goes, and what is said."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from tests.adapters.support import run
from tests.bare import Bare


class TestCommand:
    def test_it_writes_the_page_and_prints_its_path(self, environment: Path) -> None:
        """Into the folder where it was started; both platforms are drawn."""
        result = run("preview", "host")
        assert (result.exit_code, result.stdout) == (0, "herald-preview.html\n")
        written = (environment / "herald-preview.html").read_text("utf-8")
        assert written.count("Ada Stone hosted it.") == 4

    def test_several_questions_are_a_conversation(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Into the file that was named; and the browser opens it."""
        opened: list[str] = []
        monkeypatch.setattr(webbrowser, "open", opened.append)
        result = run("preview", "host", "<b>\ud800", "--output", "my page.html", "--open")
        assert (result.exit_code, result.stdout) == (0, "my page.html\n")
        assert opened == [(environment / "my page.html").as_uri()]
        assert "&lt;b&gt;&#55296;" in (environment / "my page.html").read_text("utf-8")

    def test_a_place_that_cannot_be_written_is_one_line(self, environment: Path) -> None:
        """No traceback."""
        result = run("preview", "host", "--output", "nowhere/page.html")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "nowhere/page.html" in result.stderr.splitlines()[-1]

    def test_without_discords_extra_slack_is_drawn(self, bare: Bare, environment: Path) -> None:
        """And it says what is missing, and how to install it."""
        settings = {"HERALD_KNOWLEDGE_DIR": "kb", "HERALD_CACHE_DIR": str(environment / "cache")}
        done = bare(environment, "preview", "host", **settings)
        assert (done.returncode, done.stdout) == (0, "herald-preview.html\n"), done.stderr
        missing = "Discord is left out. This needs what isn't installed: pip install 'herald-bot[discord]'"
        assert missing in done.stderr.splitlines()
        written = (environment / "herald-preview.html").read_text("utf-8")
        assert (written.count('<section class="slack'), written.count('<section class="discord')) == (2, 0)
