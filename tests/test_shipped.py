"""The knowledge base that ships: sound, verbatim, and answering its own checks."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from textwrap import dedent

import pytest

from adapters.terminal import opening
from adapters.terminal.kb import run_checks
from bot.herald import Herald
from bot.knowledge import KnowledgeBase, lint, load, provenance
from bot.matching.lines import line_asked
from bot.matching.requests import quote_asked
from bot.service import open_service
from bot.settings import Settings
from tests import pictures
from tests.adapters.support import run
from tests.pictures import PICTURES
from tests.support import SHIPPED

ROOT = SHIPPED.parent
ARTICLES = ROOT.parent / "shared" / "articles"
ENOUGH = 90.0


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    """The shipped knowledge base, found without problems."""
    return load(SHIPPED)


@pytest.fixture(scope="module")
def herald(tmp_path_factory: pytest.TempPathFactory) -> Herald:
    """Herald over it with the encoder; compiled once, where no tracing for coverage makes that take twice as long."""
    cache = tmp_path_factory.mktemp("cache")
    question = [sys.executable, "-m", "adapters.main", "ask", "Who moderated?"]
    subprocess.run(question, env=os.environ | {"HERALD_CACHE_DIR": str(cache)}, check=False, stdout=subprocess.DEVNULL)
    return open_service(Settings(cache_dir=cache)).herald()


def test_it_holds_what_it_should(shipped: KnowledgeBase) -> None:
    """About as much as both articles tell."""
    assert len(shipped.entries) >= 200
    assert len(shipped.quotes) >= 80
    assert len(shipped.gaps) + len(shipped.gap_templates) >= 100


def test_nothing_in_it_fights(shipped: KnowledgeBase) -> None:
    """The checks of "herald kb check" but for the one that needs the compiled index."""
    assert [str(problem) for problem in lint.check(shipped)] == []


EXPLICIT = re.compile(r"\b(?:sex|fuck\w*|faking|turns? (?:me|her|him) on)\b", re.IGNORECASE)


def test_no_general_answer_is_explicit(shipped: KnowledgeBase) -> None:
    """What an explicit quote says in plain words is told in milder ones where explicit material is withheld."""
    told = {entry.id: entry.answer for entry in shipped.entries.values() if entry.rating == "general"}
    told |= {gap.id: gap.line for gap in shipped.gaps.values()}
    told |= {talk.id: talk.line for talk in shipped.smalltalk.values()}
    told |= {quote.id: quote.text for quote in shipped.quotes.values() if quote.rating == "general"}
    assert [name for name, text in told.items() if EXPLICIT.search(text)] == []


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles stay out of the repository")
def test_every_quote_is_verbatim(shipped: KnowledgeBase) -> None:
    """As "herald kb verify" proves it."""
    located, problems = provenance.verify(shipped, ARTICLES)
    assert [str(problem) for problem in problems] == []
    assert len(located) == len(shipped.quotes)


def test_it_passes_its_own_checks(herald: Herald) -> None:
    """Nine of ten at least, of every third; the figure in full is what "herald kb test" gives."""
    knowledge = herald.snapshot.knowledge
    if not knowledge.checks:
        pytest.skip("it has no checks yet")
    places = {("checks", str(n // 3)): knowledge.places["checks", str(n)] for n in range(0, len(knowledge.checks), 3)}
    some = replace(knowledge, checks=knowledge.checks[::3], places=places)
    tested = run_checks(Herald(replace(herald.snapshot, knowledge=some), seed=1), lambda _done: None)
    assert tested.percent >= ENOUGH, "\n".join(map(str, tested.failed))


def test_every_first_phrasing_gets_its_own_answer(herald: Herald) -> None:
    """What is offered as a choice leads to the entry that offers it, but for requests for quotes."""
    entries = herald.snapshot.knowledge.entries.values()
    asked = {e.id: e.questions[0] for e in entries if not (quote_asked(e.questions[0]) or line_asked(e.questions[0]))}
    lost = [name for name, question in asked.items() if herald.ask(question, age_restricted=True).entry != name]
    assert lost == []
    assert len(asked) > 0.9 * len(entries)


def test_the_pictures_of_the_readme_show_what_it_says(herald: Herald) -> None:
    """Else "make pictures" takes them anew."""
    made = pictures.session(Herald(herald.snapshot, seed=1))
    assert pictures.read(pictures.TERMINAL.read_text("utf-8")) == pictures.read(made)
    pages = {path: pictures.digest(shown.page(Herald(herald.snapshot, seed=1))) for path, shown in PICTURES.items()}
    assert [path.name for path, page in pages.items() if pictures.stamp(path) != page] == []


def test_the_sessions_of_the_readme_are_what_it_prints(herald: Herald, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line, up to where one is cut."""
    monkeypatch.setattr(opening, "herald", lambda _settings: Herald(herald.snapshot))
    sessions = list(sessions_of((ROOT / "README.md").read_text("utf-8")))
    assert len(sessions) > 1
    for arguments, given, shown in sessions:
        printed = run(*arguments, given=given).stdout.rstrip().splitlines()
        assert [cut_as(line, like) for line, like in zip_longest(printed, shown, fillvalue="")] == shown


def sessions_of(text: str) -> Iterator[tuple[list[str], str, list[str]]]:
    """The arguments, standard input and output of each command that asks Herald something."""
    for command, shown in re.findall(
        r"^ {4}\$ (.*\bherald (?:chat|ask|quote)\b.*)\n((?: {4}[^$].*\n|\n(?= {4}[^$]))+)", text, re.M
    ):
        before, _, asked = command.rpartition(" | ")
        lines = shlex.split(before)[2:]  # after printf and its format
        yield shlex.split(asked)[1:], "".join(f"{line}\n" for line in lines), dedent(shown).rstrip().splitlines()


def cut_as(line: str, like: str) -> str:
    """A line, cut where another one is."""
    kept = like.removesuffix("[...]")
    return like if kept != like and line.startswith(kept) else line
