"""``herald setup`` and ``herald new`` as a person runs them."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import sys
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.setup import envfile
from adapters.slack.manifest import manifest
from tests.adapters.support import run
from tests.discord_server import TOKEN, DiscordServer
from tests.log import Log
from tests.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer

HERALD = Path(sys.executable).with_name("herald")


class Screen:
    """A terminal with a program in it."""

    def __init__(self, end: int, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.shown = ""
        self._end = end
        self._log: Log[str] = Log("text on the screen")
        self._read = 0
        asyncio.get_running_loop().add_reader(end, self._more)

    def _more(self) -> None:
        try:
            text = os.read(self._end, 65536).decode()
        except OSError:  # the program has gone
            asyncio.get_running_loop().remove_reader(self._end)
            return
        self.shown += text
        self._log.add(text)

    async def until(self, words: str) -> None:
        """Waits until something new is shown."""
        await self._log.next(lambda _: words in self.shown[self._read :], patience=30)
        self._read = self.shown.index(words, self._read) + len(words)

    async def answers(self, question: str, answer: str = "") -> None:
        """Waits for a question, and types the answer."""
        await self.until(question)
        os.write(self._end, f"{answer}\n".encode())


@asynccontextmanager
async def screen(folder: Path, settings: Mapping[str, str], *command: str) -> AsyncIterator[Screen]:
    """Runs a command on a terminal."""
    ours, theirs = pty.openpty()
    before = {name: value for name, value in os.environ.items() if not name.startswith(("HERALD", "DISCORD", "SLACK"))}
    process = await asyncio.create_subprocess_exec(
        HERALD, *command, cwd=folder, env={**before, "TERM": "dumb", **settings}, start_new_session=True,
        stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=lambda: _control(theirs),
    )  # fmt: skip
    os.close(theirs)
    shown = Screen(ours, process)
    try:
        yield shown
    finally:
        asyncio.get_running_loop().remove_reader(ours)
        if process.returncode is None:
            process.kill()
        await process.wait()
        os.close(ours)


def _control(terminal: int) -> None:
    """Makes it the terminal that passwords are asked for at, and where Ctrl-C is heard, though ``make`` runs behind."""
    import fcntl

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


class TestSetup:
    async def test_both_platforms_at_a_terminal(self, tmp_path: Path) -> None:
        """Tokens are pasted unseen; what comes out is a file that Herald starts with."""
        async with DiscordServer() as discord, SlackServer(manifest()) as slack:
            there = {"HERALD_DISCORD_API_URL": discord.api_url, "HERALD_SLACK_API_URL": slack.api_url}
            async with screen(tmp_path, there, "setup") as shown:
                await shown.answers("Number [1]: ", "3")
                await shown.answers("Bot token (Enter to leave it out): ", TOKEN)
                await shown.answers("Ids of servers whose managers may, with commas: ")
                await shown.answers("Ids of further roles, with commas: ")
                await shown.answers("Number [1]: ")
                for question in ("Ids of further members", "Id of a user group", "Ids of channels"):
                    await shown.answers(question)
                await shown.answers("Bot token (xoxb-) (Enter to leave it out): ", BOT_TOKEN)
                await shown.answers("(Enter to leave it out): ", APP_TOKEN)
                await shown.answers("Number [2]: ")
                await shown.until("Then start it: herald run")
                assert await shown.process.wait() == 0
        assert envfile.values((tmp_path / ".env").read_text("utf-8")) == {
            "DISCORD_TOKEN": TOKEN, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN
        }  # fmt: skip
        assert not [token for token in (TOKEN, BOT_TOKEN, APP_TOKEN) if token in shown.shown]

    async def test_who_leaves_changes_nothing(self, tmp_path: Path) -> None:
        """Ctrl-C at any question."""
        async with screen(tmp_path, {}, "setup") as shown:
            await shown.answers("Number [1]: ", "\x03")
            assert await shown.process.wait() == 1
        assert not (tmp_path / ".env").exists()
        assert "Traceback" not in shown.shown

    async def test_a_file_that_herald_would_not_take_is_told_first(self, tmp_path: Path) -> None:
        """Before anything is asked."""
        (tmp_path / ".env").write_text("# mine\nDISCORD_TOKEN='abc\n", "utf-8")
        async with screen(tmp_path, {}, "setup") as shown:
            await shown.until(".env, line 2: write NAME=value, close every quote, and put # before a comment")
            assert await shown.process.wait() == 1
        assert "Enter takes" not in shown.shown

    def test_without_a_terminal_it_says_what_to_do(self, environment: Path) -> None:
        """In one line."""
        result = run("setup")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "herald setup asks questions in a terminal; without one copy .env.example to .env\n"


class TestNew:
    @pytest.mark.parametrize("encoder", ["true", "false"])
    def test_the_example_is_sound(self, environment: Path, monkeypatch: pytest.MonkeyPatch, encoder: str) -> None:
        """It passes both kb check and kb test, with the encoder and without."""
        monkeypatch.setenv("HERALD_ENCODER", encoder)
        made = run("new", "mine")
        assert made.exit_code == 0
        checked, tested = run("kb", "check", "mine"), run("kb", "test", "mine")
        assert (checked.exit_code, tested.exit_code) == (0, 0), checked.stderr + tested.stderr
        assert tested.stdout.startswith("5 of 5 checks passed")

    def test_it_says_what_to_do_next(self, environment: Path) -> None:
        """With the folder as it was given, so that the lines can be pasted."""
        made = run("new", "my town").stdout
        for line in (
            "herald kb check 'my town'",
            "herald kb test 'my town'",
            "HERALD_KNOWLEDGE_DIR='my town' herald chat",
        ):
            assert f"  {line} " in made

    def test_it_writes_over_nothing(self, environment: Path) -> None:
        """A folder that holds something is left alone."""
        before = sorted((environment / "kb").iterdir())
        result = run("new", "kb")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "kb holds something already: give a folder that is new or empty\n"
        assert sorted((environment / "kb").iterdir()) == before
