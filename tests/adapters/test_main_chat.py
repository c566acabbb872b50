"""The chat as a program: from a pipe, at a terminal, and what it says at its start."""

from __future__ import annotations

import json
import os
import re
import select
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.terminal.doctor import unmet
from bot.herald import Herald
from bot.matching.matcher import Matcher
from tests.adapters.support import HERALD, OFF


class TestScript:
    def test_questions_from_a_pipe_are_answered_in_plain_text(self, environment: Path) -> None:
        """Standard output holds replies alone, even where the locale knows no typographic quotes."""
        done = subprocess.run(
            [HERALD, "chat"],
            input=b"host\n\nhello\n",
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr.decode()) == (0, OFF)
        assert done.stdout.decode("ascii").endswith("Source: Night at the harbor\n\nHello!\n\n")

    def test_lines_are_flushed_and_a_reader_that_leaves_is_no_error(self, environment: Path) -> None:
        """Each reply is there before the next question is put; nothing is complained about afterwards."""
        with subprocess.Popen(
            [HERALD, "ask", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdin
            assert process.stdout
            assert process.stderr
            for number in range(2):
                process.stdin.write(b'{"id": %d, "text": "host"}\n' % number)
                process.stdin.flush()
                assert json.loads(process.stdout.readline())["id"] == number
            process.stdout.close()
            process.stdin.write(b'{"id": 3, "text": "host"}\n')
            process.stdin.close()
            assert b"Traceback" not in process.stderr.read()

    @pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
    def test_a_closed_stream_is_empty(self, environment: Path, closed: str) -> None:
        """No traceback."""
        command = f"{shlex.quote(str(HERALD))} chat {closed}"
        done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, stdin=subprocess.DEVNULL)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False)

    def test_a_terminal_gets_a_conversation(self, environment: Path) -> None:
        """With a welcome, a quote behind its bar, no color where NO_COLOR is set, and a farewell at Ctrl-D."""
        settings = {"NO_COLOR": "1", "TERM": "xterm", "XDG_DATA_HOME": str(environment), "PROMPT_TOOLKIT_NO_CPR": "1"}
        ours, theirs = os.openpty()
        process = subprocess.Popen([HERALD, "chat"], stdin=theirs, stdout=theirs, env={**os.environ, **settings})
        os.close(theirs)
        try:
            shown = read_until(ours, "›", "")
            os.write(ours, b"host\r")
            # Before the prompt is back, the terminal itself would swallow Ctrl-D.
            shown = read_until(ours, "Source: .*›", shown)
            os.write(ours, b"\x04")
            shown = read_until(ours, "Goodbye\\.", shown)
            assert process.wait(10) == 0
        finally:
            process.kill()
            process.wait(10)
            os.close(ours)
        assert "Herald knows the answers to 6 questions" in shown
        assert "▌" in shown
        assert re.findall(r"\x1b\[(?:\d+;)*3\d", shown) == []


def read_until(terminal: int, wanted: str, shown: str) -> str:
    """All that was shown, once the pattern ``wanted`` is in it."""
    while not re.search(wanted, shown, re.S):
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, f"no {wanted!r} in {shown!r}"
        shown += os.read(terminal, 4096).decode("utf-8", "replace")
    return shown


class TestPrecision:
    def test_a_wish_that_cannot_be_met_is_told_at_the_start(self, herald: Herald) -> None:
        """In one line, with what to expect; nothing is said where it is met."""
        assert unmet(herald, 0.95) == ""
        snapshot = herald.snapshot
        compiled = snapshot.matcher.compiled
        forecast = replace(compiled.calibration.forecast, met=False, precision=0.913)
        poor = replace(compiled, calibration=replace(compiled.calibration, forecast=forecast))
        line = unmet(Herald(replace(snapshot, matcher=Matcher(poor, None))), 0.95)
        assert line.startswith("HERALD_PRECISION=0.95 can't be met")
        assert "91.3%" in line
