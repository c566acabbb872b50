"""Every command is described, and every command that a document shows is run."""

from __future__ import annotations

import asyncio
import base64
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from adapters.slack.sealing import new_key
from adapters.terminal import starter
from bot.knowledge import KnowledgeBase, load
from bot.store.database import Database, address
from bot.store.schema import answers
from bot.versions.ledger import Ledger
from tests.adapters.support import run
from tests.docs.support import DOCUMENTS, Shown, commands, document, shown_commands, shown_targets
from tests.support import write_articles
from tests.test_project import ROOT

ONLY_LOOKED_AT: Mapping[str, str] = {
    "herald run": "serves until a signal: tests/adapters/*/wire run it",
    "herald setup": "asks at a terminal: tests/adapters/setup/test_terminal.py runs it",
    "herald kb": "a group of commands, in a sentence",
}
"""Commands that aren't run here, each for a reason; the targets of make aren't either, as they would run this."""

WRONG_USAGE = 2
ANSWER = "0123456789abcdef"
ARGUMENTS: Mapping[str, str] = {
    "A": "kb", "B": "kb", "N": "1", "ID": ANSWER, "[DAYS]": "7", "URL": "https://herald.example.org", "DIR": "made",
    "FILE": "made.file",
}  # fmt: skip
TYPED = '{"id": "1", "text": "who moderated the harbor talk?"}\n'
TABLE = "entry,phrasing,answer,source\nferry,when does the ferry leave,At nine.,A notice\n"
TOKEN = f"{base64.b64encode(b'1234567890').decode('ascii')}.x.y"


def all_shown() -> list[Shown]:
    """Each command once, however many documents show it."""
    return list(dict.fromkeys(shown for path in DOCUMENTS for shown in shown_commands(path.read_text("utf-8"))))


def exists(shown: Shown) -> bool:
    """With its options."""
    known = commands()
    if shown.name not in known:
        return shown.name == "herald kb" and len(shown.words) == 1
    options = {option for parameter in known[shown.name].params for option in parameter.opts} | {"--help"}
    return {word for word in shown.words if word.startswith("--")} <= options


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what commands may be given: articles, a table, and the database of a Herald that has answered."""
    made = tmp_path_factory.mktemp("prepared")
    starter.make(made / "kb")
    knowledge = load(made / "kb")
    said = [quote.text for quote in knowledge.quotes.values()]
    write_articles(made / "articles", dict.fromkeys(knowledge.sources, "\n".join(said)))
    (made / "table.csv").write_text(TABLE, "utf-8")
    (made / "data").mkdir()
    asyncio.run(_served(f"sqlite:///{made / 'data' / 'herald.db'}", knowledge))
    return made


async def _served(url: str, knowledge: KnowledgeBase) -> None:
    database = Database(address(url))
    await database.ready()
    await Ledger(database).begin(knowledge, "kb")
    row = {"id": ANSWER, "at": 1.0, "platform": "discord", "place": "", "kind": "unknown", "near": [], "score": 0.2}
    decided = {"threshold": 0.5, "candidates": [], "knowledge": "v1", "seconds": 0.1, "key": "x", "text": "x?"}
    async with database.begin() as connection:
        await connection.execute(answers.insert().values(**row, **decided))
    await database.close()


@pytest.fixture
def place(prepared: Path, environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that, which commands are run in."""
    shutil.rmtree(environment / "kb")
    shutil.copytree(prepared, environment, dirs_exist_ok=True)
    given = {
        "DISCORD_TOKEN": TOKEN, "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s",
        "HERALD_SLACK_PUBLIC_URL": "https://herald.example.org", "HERALD_TOKEN_KEY": new_key(),
        "HERALD_KNOWLEDGE_DIR": "kb",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return environment


def filled(shown: Shown) -> Sequence[str]:
    """Its words, with something that is there in place of what a reader is to put in."""
    own = {"DIR": "articles"} if "--articles" in shown.words else {}
    own |= {"FILE": "table.csv"} if shown.name == "herald kb import" else {}
    return [{**ARGUMENTS, **own}.get(word, word) for word in shown.words]


class TestDescribed:
    @pytest.mark.parametrize("command", commands())
    def test_the_reference_names_every_command_and_option(self, command: str) -> None:
        """Each has a row of the table, and each option is told of."""
        text = document("reference.md").partition("## Settings")[0]
        assert re.search(rf"^\| `{command}\b", text, re.M)
        wanted = {option for parameter in commands()[command].params for option in parameter.opts if "--" in option}
        assert [option for option in sorted(wanted) if f"`{option}" not in text and f" {option}" not in text] == []

    def test_the_reference_names_no_other(self) -> None:
        """Each row of its table is one that there is."""
        rows = re.findall(r"^\| `(herald [^`]+)` \|", document("reference.md"), re.M)
        assert [row for row in rows if not all(map(exists, shown_commands(f"`{row}`")))] == []
        assert {shown.name for row in rows for shown in shown_commands(f"`{row}`")} == set(commands())


class TestShown:
    @pytest.mark.parametrize("shown", all_shown(), ids=str)
    def test_it_works(self, shown: Shown, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """As it is written, on a small knowledge base; those that can't be run here are there, with their options."""
        assert exists(shown)
        if shown.name in ONLY_LOOKED_AT:
            return
        for name, _, value in (variable.partition("=") for variable in shown.variables):
            monkeypatch.setenv(name, "kb" if name == "HERALD_KNOWLEDGE_DIR" else value)
        done = run(*filled(shown), given=TYPED)
        named = shown.name == " ".join(["herald", *shown.words])  # in a sentence, without what it needs
        assert done.exit_code in ((0, WRONG_USAGE) if named else (0,)), done.output

    def test_what_is_only_looked_at_is_shown(self) -> None:
        """The list holds no more than it must."""
        assert set(ONLY_LOOKED_AT) <= {shown.name for shown in all_shown()}

    @pytest.mark.parametrize("line", ["kb chek", "ask --yaml", "talk", "--verison"])
    def test_one_that_does_not_exist_would_be_seen(self, line: str) -> None:
        """A command or option that isn't there."""
        for text in (f"Run `herald {line}`.", f"    $ herald {line}  # so", f"```sh\nherald {line}\n```\n"):
            (found,) = shown_commands(text)
            assert not exists(found)

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
    def test_make_targets_that_are_shown_exist(self, path: Path) -> None:
        """In the Makefile."""
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
        assert shown_targets(path.read_text("utf-8")) - set(targets) == set()
