"""The prompt: keys, history and completion."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from adapters.terminal import app
from adapters.terminal.app import Chat
from adapters.terminal.completion import Suggestions
from bot.herald import Herald


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    """A keyboard."""
    with create_pipe_input() as pipe:
        yield pipe


def talked(chat: Chat, keys: PipeInput, typed: str) -> str:
    file = io.StringIO()
    keys.send_text(typed)
    prompt: PromptSession[str] = PromptSession(input=keys, output=DummyOutput())
    app.talk(chat, prompt, Console(file=file, width=80))
    return file.getvalue()


class TestPrompt:
    def test_a_question_is_answered_and_a_number_picks(self, chat: Chat, keys: PipeInput) -> None:
        """A blank line is passed over."""
        shown = talked(chat, keys, "host\r\r:quit\r")
        assert shown.startswith("Ada Stone hosted it.\n  ▌ “Light is patient")
        assert shown.endswith(f"\n\n{app.FAREWELL}\n")

    @pytest.mark.parametrize("leaving", ["\x03", "\x04", "half a question\x03", ":quit\r"])
    def test_leaving_is_polite(self, chat: Chat, keys: PipeInput, leaving: str) -> None:
        """Ctrl-C, Ctrl-D and :quit end the conversation with a word."""
        assert talked(chat, keys, leaving) == f"{app.FAREWELL}\n"

    def test_history_is_kept_in_a_file_of_ones_own(self, tmp_path: Path) -> None:
        """Nobody else may read what was asked."""
        history = app._history(tmp_path / "data")
        assert isinstance(history, FileHistory)
        history.append_string("host")
        assert [path.stat().st_mode & 0o077 for path in (tmp_path / "data", tmp_path / "data" / "history")] == [0, 0]
        assert list(app._history(tmp_path / "data").load_history_strings()) == ["host"]

    def test_a_folder_that_cannot_be_written_costs_only_the_history(self, tmp_path: Path) -> None:
        """The conversation goes on without a file."""
        (tmp_path / "data").write_text("in the way", "utf-8")
        assert isinstance(app._history(tmp_path / "data"), InMemoryHistory)

    @pytest.mark.usefixtures("homeless")
    def test_so_does_a_user_without_a_home(self) -> None:
        """As in a container."""
        assert isinstance(app._users_history(), InMemoryHistory)


class TestCompletion:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("who hos", ["who hosted the harbor talk"]),
            ("WHO MADE", ["who made the music", "who made the sound", "who made the sets"]),
            ("low tide", ["what is Low Tide about"]),
            ("h", []),
            ("zebra", []),
            ("shout", []),
            (":q", [":quote", ":quit"]),
            (":quote wa", ["about water"]),
            (":quote ada", ["Ada Stone"]),
        ],
    )
    def test_it_offers_what_may_be_meant(self, herald: Herald, typed: str, found: list[str]) -> None:
        """Questions hold every typed word; explicit ones aren't offered."""
        completer = Suggestions(herald.snapshot.knowledge)
        offers = completer.get_completions(Document(typed), CompleteEvent())
        assert [offer.text for offer in offers] == found

    def test_explicit_questions_are_offered_where_allowed(self, herald: Herald) -> None:
        """The option of the conversation decides."""
        completer = Suggestions(herald.snapshot.knowledge, age_restricted=True)
        assert [offer.text for offer in completer.get_completions(Document("shout"), CompleteEvent())]

    def test_it_replaces_what_was_typed(self, herald: Herald) -> None:
        """And leaves the command before it."""
        completer = Suggestions(herald.snapshot.knowledge)
        (offer,) = completer.get_completions(Document(":quote wa"), CompleteEvent())
        assert offer.start_position == -2
