"""The ``herald`` command: what it prints, where, and how it exits."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from tests.adapters.support import HERALD, LIGHT, OFF, WATER, harbor, run
from tests.support import small_knowledge, write_knowledge


class TestHelp:
    def test_it_lists_the_commands(self) -> None:
        """Every command has a line."""
        shown = run("--help").stdout
        for command in (
            "chat",
            "ask",
            "quote",
            "preview",
            "run",
            "invite",
            "inbox",
            "stats",
            "answer",
            "db",
            "doctor",
            "kb",
            "slack",
        ):
            assert f"\n  {command} " in shown

    def test_it_is_there_at_once(self) -> None:
        """Nothing heavy is imported for it."""
        heavy = "{'numpy', 'pydantic', 'rich.console', 'onnxruntime', 'prompt_toolkit', 'structlog', 'yaml'}"
        code = f"import sys, adapters.main; sys.exit(str({heavy} & sys.modules.keys()))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.stderr == "set()\n"

    def test_it_takes_little_work(self) -> None:
        """At most 0.3 s of a processor, start of Python included; the clock would measure other work, too."""
        spent = []
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([HERALD, "--help"], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert min(spent) <= 0.3

    @pytest.mark.parametrize(
        "arguments",
        [["nonsense"], ["ask"], ["ask", "--jsonl", "host"], ["ask", "--json", "--jsonl"], ["kb", "nonsense"]],
    )
    def test_wrong_usage_exits_with_2(self, environment: Path, arguments: list[str]) -> None:
        """What is wrong is on standard error."""
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Error: " in result.stderr


class TestVersion:
    def test_it_is_a_line(self) -> None:
        """From a checkout, which no package metadata tells of."""
        done = subprocess.run([HERALD, "--version"], capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == (f"herald {__version__}\n", "")
        assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)

    def test_nothing_else_is_done(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither settings are read, nor is a command behind it run."""
        monkeypatch.setenv("HERALD_ENCODR", "x")
        result = run("--version", "doctor")
        assert (result.exit_code, result.stdout, result.stderr) == (0, f"herald {__version__}\n", "")


class TestSettings:
    @pytest.mark.parametrize("arguments", [["chat"], ["ask", "host"], ["doctor"], ["quote"], ["kb", "stats"]])
    def test_an_unknown_variable_ends_with_one_line(
        self, environment: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
    ) -> None:
        """It names the one that may be meant."""
        monkeypatch.setenv("HERALD_ENCODR", "x")
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "HERALD_ENCODR is unknown (did you mean 'HERALD_ENCODER'?)\n"

    def test_a_malformed_variable_ends_with_one_line(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """It says what may be written."""
        monkeypatch.setenv("HERALD_LOG_LEVEL", "loud")
        result = run("ask", "host")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "HERALD_LOG_LEVEL='loud': input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'\n"

    def test_logs_go_to_standard_error_without_the_question(
        self, environment: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """At level INFO the start is logged; what a member typed never is."""
        monkeypatch.setenv("HERALD_LOG_LEVEL", "DEBUG")
        result = run("ask", "who is zebulon")
        assert "level=info event=opened" in result.stderr
        assert "zebulon" not in result.stderr


class TestAsk:
    def test_a_person_reads_plain_text_in_a_pipe(self, environment: Path) -> None:
        """The note that there is no encoder comes once, on standard error."""
        result = run("ask", "host")
        assert (result.exit_code, result.stderr) == (0, OFF)
        assert result.stdout.splitlines()[0] == "Ada Stone hosted it."
        assert result.stdout.splitlines()[-1] == "Source: Night at the harbor"

    def test_a_terminal_is_offered_no_pick(self, environment: Path) -> None:
        """Near questions are listed there, too, but the command has ended: a number would be a shell's."""
        ours, theirs = os.openpty()
        done = subprocess.run([HERALD, "ask", "rooms and noises"], stdout=theirs, stderr=subprocess.PIPE, check=True)
        os.close(theirs)
        shown = os.read(ours, 65536).decode()
        os.close(ours)
        assert done.stderr.decode() == OFF
        assert "  1. who made the " in shown
        assert "Type a number" not in shown

    def test_a_program_reads_one_object(self, environment: Path) -> None:
        """The same keys as in the batch interface."""
        reply = json.loads(run("ask", "--json", "host").stdout)
        assert (reply["id"], reply["kind"], reply["entry"]) == (None, "answer", "talk-host")

    @pytest.mark.parametrize("question", ["", " ", "x" * 501, "[/]", "%s {0}", "\u202e"])
    def test_any_question_gets_a_reply(self, environment: Path, question: str) -> None:
        """Wrong input is answered with a line, and is no error of the command."""
        result = run("ask", question)
        assert result.exit_code == 0
        assert result.stdout.strip()

    def test_explicit_material_needs_the_option(self, environment: Path) -> None:
        """Without it there is no word of it."""
        assert "rude" not in run("ask", "swearing").stdout
        assert "rude" in run("ask", "swearing", "--age-restricted").stdout

    def test_json_lines_are_answered_in_order(self, environment: Path) -> None:
        """A malformed line is rejected, and the run goes on."""
        result = run("ask", "--jsonl", given='{"id": 1, "text": "host"}\nnonsense\n{"id": 2, "text": "hello"}\n')
        replies = [json.loads(line) for line in result.stdout.splitlines()]
        assert result.exit_code == 0
        assert [(reply["id"], reply["kind"]) for reply in replies] == [
            (1, "answer"),
            (None, "rejected"),
            (2, "smalltalk"),
        ]

    def test_a_broken_knowledge_base_ends_with_a_line_for_each_problem(self, environment: Path) -> None:
        """File, line, what is wrong and a suggestion; no traceback."""
        data = harbor()
        data["entries"][0]["sources"] = ["harbour-report"]
        data["quotes"][0]["speaker"] = "ada-stoan"
        write_knowledge(environment / "kb", data)
        result = run("ask", "host")
        lines = [line for line in result.stderr.splitlines() if line + "\n" != OFF]
        assert (result.exit_code, result.stdout, len(lines)) == (1, "", 2)
        assert lines[0].startswith("entries.yaml:8: ")
        assert "did you mean 'harbor-report'?" in lines[0]
        assert "did you mean 'ada-stone'?" in lines[1]


class TestQuote:
    def test_a_quote_by_speaker_and_topic(self, environment: Path) -> None:
        """Both are optional, and may be misspelt."""
        assert LIGHT in run("quote", "--speaker", "adda", "--about", "light").stdout
        assert WATER in run("quote", "--about", "water").stdout
        assert run("quote").exit_code == 0

    def test_nobody_of_that_name(self, environment: Path) -> None:
        """A reply, and no error of the command."""
        result = run("quote", "--speaker", "zzzzzz")
        assert (result.exit_code, LIGHT in result.stdout, bool(result.stdout.strip())) == (0, False, True)


class TestDoctor:
    def test_it_shows_what_an_operator_asks(self, environment: Path, cache: Path) -> None:
        """Knowledge base, encoder, cache, thresholds, both forecasts, the curve and times."""
        result = run("doctor")
        assert (result.exit_code, result.stderr) == (0, "")
        for part in ("6 entries, 2 quotes", OFF.strip(), str(cache), "answer from 0.", "HERALD_PRECISION=0.95 is ",
                     "2 checks:", "left out:", "threshold  precision", "ms (p50 of 6)"):  # fmt: skip
            assert part in result.stdout

    def test_it_says_where_too_little_was_measured(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A handful of questions tells nothing of precision, and no checks tell nothing at all."""
        data = small_knowledge()
        data["checks"] = []
        monkeypatch.setenv("HERALD_KNOWLEDGE_DIR", str(write_knowledge(environment / "small", data)))
        told = run("doctor").stdout
        assert "too few to tell whether HERALD_PRECISION=0.95 is met: write more checks, entries and gaps" in told
        assert "no checks to measure on" in told
        assert "expected, HERALD_PRECISION" not in told

    def test_it_tells_whether_the_cache_was_warm(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The first run compiles, the second doesn't."""
        monkeypatch.setenv("HERALD_CACHE_DIR", str(environment / "cold"))
        assert "compiled just now" in run("doctor").stdout
        assert "compiled before" in run("doctor").stdout

    def test_it_tells_a_cache_that_cannot_be_written(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And why; it can be compiled all the same."""
        (environment / "cold").write_text("in the way", "utf-8")
        monkeypatch.setenv("HERALD_CACHE_DIR", str(environment / "cold"))
        assert "(compiled just now, can't be written: it is a file)" in run("doctor").stdout


class TestCache:
    def test_one_that_cannot_be_written_is_told_aside(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """On standard error; standard output has the replies alone."""
        (environment / "cold").write_text("in the way", "utf-8")
        monkeypatch.setenv("HERALD_CACHE_DIR", str(environment / "cold"))
        result = run("ask", "--jsonl", given='{"id": 1, "text": "host"}\n')
        assert json.loads(result.stdout)["entry"] == "talk-host"
        line, off = result.stderr.splitlines()
        assert line.startswith(f"The cache folder {environment / 'cold'} can't be written (it is a file): ")
        assert off == OFF.strip()
