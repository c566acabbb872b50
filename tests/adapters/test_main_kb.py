"""``herald kb``: the curator's tools, as they are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.support import OFF, harbor, run
from tests.support import article_texts, small_knowledge, write_articles, write_knowledge


class TestCurators:
    def test_a_sound_knowledge_base_has_no_problems(self, environment: Path) -> None:
        """It says so, and exits with 0."""
        result = run("kb", "check", write_knowledge(environment / "sound", small_knowledge()))
        assert (result.exit_code, result.stdout[:24]) == (0, "No problems in 2 entries")

    def test_a_phrasing_that_another_entry_wins_is_a_problem(self, environment: Path) -> None:
        """The whole check runs: rules of the folder, and the matcher's."""
        data = harbor()
        data["entries"][2]["questions"] += ["broken mast", "the broken mast", "a broken mast"]
        data["entries"][3]["questions"] += ["Broken mast?"]
        result = run("kb", "check", write_knowledge(environment / "fighting", data))
        assert (result.exit_code, result.stdout) == (1, "")
        assert "entries: 'tide-sound': the entry 'tide-music' wins its phrasing" in result.stderr

    def test_what_keeps_it_from_loading_hides_nothing_else(self, environment: Path) -> None:
        """Phrasings that fight come out in the same run, and nothing comes of what is malformed itself."""
        data = harbor()
        data["entries"][0]["answer"] = "x" * 1201
        data["entries"][3]["questions"] += ["Score?"]
        data["checks"] = [{"ask": "host", "expect": "talk-host"}, {"ask": "rooms", "expect": "tide-sets"}]
        result = run("kb", "check", write_knowledge(environment / "broken", data))
        assert result.exit_code == 1
        checks, long, twice = result.stderr.removeprefix(OFF).splitlines()
        assert "unknown id or kind 'tide-sets'; did you mean 'tide-set'?" in checks
        assert "over 1,200 characters" in long
        assert 'can\'t be told from "score"' in twice

    def test_where_records_may_be_lost_nothing_else_is_judged(self, environment: Path) -> None:
        """A file that can't be read may hold whatever seems to be missing."""
        folder = write_knowledge(environment / "broken", harbor())
        (folder / "entries.yaml").write_text("entries: [", "utf-8")
        (line,) = run("kb", "check", folder).stderr.removeprefix(OFF).splitlines()
        assert line.startswith("entries.yaml:")

    @pytest.mark.parametrize(("name", "said"), [("missing", "No such file"), ("cold", "no *.yaml files here")])
    def test_a_folder_without_files_is_a_problem(self, environment: Path, name: str, said: str) -> None:
        """So is one that isn't there."""
        (environment / "cold").mkdir()
        result = run("kb", "check", environment / name)
        assert result.exit_code == 1
        assert said in result.stderr

    def test_checks_that_pass(self, environment: Path) -> None:
        """An entry, a gap, small talk or a kind may be expected."""
        data = harbor()
        expected = {
            "host": "talk-host",
            "how much did Low Tide cost": "tide-cost",
            "hello": "hello",
            "swearing": "tide-rage",
        }
        data["checks"] = [{"ask": ask, "expect": expect} for ask, expect in expected.items()]
        data["checks"] += [
            {"ask": "swearing ", "expect": ["withheld"]},
            {"ask": "quote about water", "expect": "quote"},
        ]
        result = run("kb", "test", write_knowledge(environment / "kb", data))
        assert (result.exit_code, result.stderr) == (0, OFF)
        assert result.stdout.startswith("6 of 6 checks passed (100.0 %")

    def test_a_check_that_fails_is_named(self, environment: Path) -> None:
        """File and line, what was expected and what came; a share of failures may be allowed."""
        data = harbor()
        data["checks"] = [
            {"ask": "host", "expect": ["talk-host"]},
            {"ask": "story", "expect": ["talk-host", "unknown"]},
        ]
        folder = write_knowledge(environment / "kb", data)
        result = run("kb", "test", folder)
        assert (result.exit_code, result.stdout[:29]) == (1, "1 of 2 checks passed (50.0 %,")
        (line,) = [line for line in result.stderr.splitlines() if line + "\n" != OFF]
        assert line.startswith(
            'checks.yaml:5: checks: "story" expects talk-host or unknown, got answer tide-story (0.99'
        )
        advice = "; write phrasings of that kind in 'talk-host', or add 'tide-story' to 'expect' if it is right, too"
        assert line.endswith(advice)
        assert run("kb", "test", folder, "--min", "50").exit_code == 0
        assert run("kb", "test", folder, "--min", "51").exit_code == 1
        assert run("kb", "test", folder, "--min", "101").exit_code == 2

    @pytest.mark.parametrize(
        ("expect", "advice"),
        [
            ("unknown", "; write a gap for it, or add 'talk-host' to 'expect' if it is right, too"),
            ("choices", "; add 'talk-host' to 'expect' if it is right, too"),
        ],
    )
    def test_a_check_that_expects_a_kind_says_what_to_do(self, environment: Path, expect: str, advice: str) -> None:
        """What should be unknown wants a gap; no other kind of reply can be written."""
        data = harbor() | {"checks": [{"ask": "host", "expect": expect}]}
        result = run("kb", "test", write_knowledge(environment / "kb", data))
        assert result.stderr.splitlines()[-1].endswith(advice)

    def test_quotes_are_verified_and_locked(self, environment: Path) -> None:
        """A quote that changes afterwards is refused, until it is verified again."""
        data = small_knowledge()
        folder = write_knowledge(environment / "kb", data)
        articles = write_articles(environment / "articles", article_texts())
        assert run("kb", "verify", "--articles", articles).exit_code == 0
        data["quotes"][0]["text"] = "Light is"
        write_knowledge(folder, data)
        assert "differs from the verified text" in run("kb", "stats").stderr
        assert run("kb", "verify", "--articles", articles).exit_code == 0
        assert run("kb", "stats").exit_code == 0

    def test_words_that_nobody_wrote_are_refused(self, environment: Path) -> None:
        """No lock is written."""
        data = small_knowledge()
        data["quotes"][0]["text"] = "Light is impatient."
        folder = write_knowledge(environment / "kb", data)
        result = run("kb", "verify", "--articles", write_articles(environment / "articles", article_texts()))
        assert (result.exit_code, (folder / "quotes.lock").exists()) == (1, False)
        assert "doesn't hold these words" in result.stderr

    def test_verifying_needs_a_folder_of_articles(self, environment: Path) -> None:
        """A folder that isn't there is wrong usage."""
        assert run("kb", "verify", "--articles", environment / "missing").exit_code == 2
        assert run("kb", "verify").exit_code == 2

    def test_a_spreadsheet_becomes_a_knowledge_base(self, environment: Path) -> None:
        """It can be asked at once; whether phrasings fight in it is another command's work."""
        table = environment / "table.csv"
        table.write_text(
            "entry,phrasing,answer,source\ndoors,when do doors open,At seven.,Flyer\ndoors,doors,,\n", "utf-8"
        )
        made = run("kb", "import", table, "--into", environment / "mine")
        assert (made.exit_code, made.stdout[:28]) == (0, "1 entries with 2 phrasings f")
        assert made.stdout.splitlines()[1].startswith(f"Next: herald kb check {environment / 'mine'} ")
        again = run("kb", "import", table, "--into", environment / "mine")
        assert (again.exit_code, "not an empty folder" in again.stderr) == (1, True)

    def test_two_knowledge_bases_are_compared(self, environment: Path) -> None:
        """What the second has more is added."""
        small = write_knowledge(environment / "small", small_knowledge())
        result = run("kb", "diff", small, environment / "kb")
        assert (result.exit_code, "entries: 4 added, 0 changed, 0 removed" in result.stdout) == (0, True)
        assert run("kb", "diff", small, environment / "missing").exit_code == 2

    def test_a_problem_of_one_of_two_knowledge_bases(self, environment: Path) -> None:
        """It says of which: both may have files of the same names."""
        small = write_knowledge(environment / "small", small_knowledge())
        (environment / "bad").mkdir()
        (environment / "bad" / "entries.yaml").write_text("- a\n", "utf-8")
        (environment / "cold").mkdir()
        assert run("kb", "diff", small, environment / "bad").stderr.startswith(f"{environment}/bad/entries.yaml:1: the")
        assert run("kb", "diff", environment / "cold", small).stderr.startswith(f"{environment}/cold:1: no *.yaml")
