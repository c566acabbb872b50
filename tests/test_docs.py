"""What the documents promise: every key, command and setting is described, and what they show works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
import yaml
from pydantic import BaseModel

from adapters.main import app
from adapters.terminal.batch import parse
from bot.errors import RequestError
from bot.knowledge import lint, load
from bot.knowledge.loader import RECORDS
from bot.knowledge.model import Check
from bot.matching.evidence import COLUMNS
from bot.reply import Kind, Reply
from tests.test_project import ROOT, VARIABLES

DOCS = ROOT / "docs"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
SECTIONS: dict[str, type[BaseModel]] = {**RECORDS, "checks": Check}
LISTS = {"glossary", "background"}


def document(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def blocks() -> list[str]:
    """The examples of docs/knowledge-base.md, as they are written."""
    return re.findall(r"^```yaml\n(.*?)^```", document("knowledge-base.md"), re.M | re.S)


def examples() -> dict[str, list[Any]]:
    """The sections in these examples, with their items."""
    return {section: items for block in blocks() for section, items in yaml.safe_load(block).items()}


def keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def commands() -> dict[str, Any]:
    """Every command by its words ("herald kb check")."""
    return dict(_walk("herald", typer.main.get_command(app)))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    if not children:
        yield name, command
    for word, child in children.items():
        yield from _walk(f"{name} {word}", child)


def shown_commands(text: str) -> Iterator[list[str]]:
    """The herald commands in a document: in its shell blocks, and in its tables and sentences."""
    lines = re.findall(r"^ {4}\$? ?(.*\bherald .*)$", text, re.M) + re.findall(r"`([^`\n]*\bherald [^`\n]*)`", text)
    for line in lines:
        for part in line.split("|"):
            found = re.match(r"\s*(?:HERALD_\w+=\S+ )?(?:\.venv/bin/)?herald (\S.*)$", part)
            if found:
                yield shlex.split(found[1])


class TestKnowledgeBase:
    def test_its_examples_are_a_knowledge_base(self, tmp_path: Path) -> None:
        """Together the examples load, and lint finds nothing."""
        for number, block in enumerate(blocks()):
            (tmp_path / f"{number}.yaml").write_text(block, "utf-8")
        assert lint.check(load(tmp_path)) == []

    def test_it_shows_every_section(self) -> None:
        """There is an example of each, and of no other."""
        assert examples().keys() == {*SECTIONS, *LISTS}

    @pytest.mark.parametrize("section", SECTIONS)
    def test_it_shows_every_key(self, section: str) -> None:
        """Each key of a section is in an example of it; what has a name and nothing else is shown once, by an event."""
        shown = {key for item in examples()[section] for key in item}
        alike = (
            {key for item in examples()["events"] for key in item}
            if issubclass(SECTIONS[section], RECORDS["events"])
            else set()
        )
        assert keys(SECTIONS[section]) - shown - alike == set()


class TestCommands:
    @pytest.mark.parametrize("command", commands())
    def test_the_readme_names_every_command(self, command: str) -> None:
        """Each has a row of the table."""
        assert re.search(rf"^\| `{command}\b", (ROOT / "README.md").read_text("utf-8"), re.M)

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
    def test_commands_that_are_shown_exist(self, path: Path) -> None:
        """With their options."""
        wrong = [" ".join(words) for words in shown_commands(path.read_text("utf-8")) if not self.exists(words)]
        assert wrong == []

    @staticmethod
    def exists(words: list[str]) -> bool:
        known = commands()
        name = " ".join(["herald", *words[: 2 if words[0] in ("db", "kb", "slack") else 1]])
        if name == "herald kb":
            return True
        options = {option for parameter in known[name].params for option in parameter.opts} if name in known else set()
        return name in known and {word for word in words if word.startswith("--")} <= options

    @pytest.mark.parametrize("words", ["kb chek", "ask --yaml", "talk"])
    def test_one_that_does_not_exist_would_be_seen(self, words: str) -> None:
        """A command or option that isn't there."""
        (found,) = shown_commands(f"Run `herald {words}`.")
        assert not self.exists(found)

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
    def test_make_targets_that_are_shown_exist(self, path: Path) -> None:
        """In the Makefile."""
        targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
        shown = re.findall(r"(?:^ {4}|`)make (\w+)", path.read_text("utf-8"), re.M)
        assert set(shown) - set(targets) == set()


class TestSettings:
    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
    def test_settings_that_are_named_exist(self, path: Path) -> None:
        """No document names a variable that Herald refuses."""
        assert set(re.findall(r"\bHERALD_[A-Z_]+\b", path.read_text("utf-8"))) - set(VARIABLES) == set()


class TestMatching:
    def test_it_explains_every_column_of_the_evidence(self) -> None:
        """Each column that :why may show is in the table, and no other."""
        cells = re.findall(r"^\| (`[^|]+) \|", document("matching.md").partition("## Calibration")[0], re.M)
        assert sorted(re.findall(r"`([\w-]+)`", " ".join(cells))) == sorted(COLUMNS)

    def test_modules_that_it_names_exist(self) -> None:
        """Those of the path of a question."""
        path = document("matching.md").partition("## The evidence")[0]
        named = {name.partition(".")[0] for name in re.findall(r"\(`([\w.]+)`", path)}
        assert named
        assert [name for name in named if not (ROOT / "bot" / "matching" / f"{name}.py").is_file()] == []


class TestReplies:
    def test_it_tells_of_every_kind(self) -> None:
        """Each has a row of the table."""
        rows = re.findall(r"^\| `(\w+)` \|", document("replies.md"), re.M)
        assert sorted(rows) == sorted(get_args(Kind))

    def test_it_tells_of_every_field(self) -> None:
        """Of a reply."""
        assert [name for name in Reply.__slots__ if f"`{name}`" not in document("replies.md")] == ["kind"]

    def test_its_batch_lines_are_requests(self) -> None:
        """All that it shows going in is understood, but for the one that it calls malformed."""
        lines = [yaml.safe_load(line) for line in re.findall(r'^ {4}(\{"id".*\})$', document("replies.md"), re.M)]
        asked = [line for line in lines if "kind" not in line]
        refused = [line for line in asked if not self.understood(line)]
        assert [line["id"] for line in refused] == [line["id"] for line in lines if line.get("kind") == "rejected"]

    @staticmethod
    def understood(line: dict[str, Any]) -> bool:
        try:
            parse(line)
        except RequestError:
            return False
        return True


class TestLinks:
    @pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
    def test_links_of_the_documents_lead_somewhere(self, path: Path) -> None:
        """To a file beside it or in the project."""
        targets = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))
        assert [target for target in targets if not (path.parent / target).exists()] == []

    def test_the_readme_leads_to_every_document(self) -> None:
        """None is left to be found by chance."""
        readme = (ROOT / "README.md").read_text("utf-8")
        assert [path.name for path in DOCS.iterdir() if f"](docs/{path.name})" not in readme] == []
