"""What documents for curators and contributors promise: every key, column and kind is described, and examples work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from adapters.terminal.batch import parse
from bot.errors import RequestError
from bot.knowledge import lint, load
from bot.knowledge.loader import RECORDS
from bot.knowledge.model import Check
from bot.matching.evidence import COLUMNS
from bot.reply import Kind, Reply
from tests.docs.support import document
from tests.test_project import ROOT

SECTIONS: dict[str, type[BaseModel]] = {**RECORDS, "checks": Check}
LISTS = {"glossary", "background"}


def blocks() -> list[str]:
    """The examples of docs/knowledge-base.md, as they are written."""
    return re.findall(r"^```yaml\n(.*?)^```", document("knowledge-base.md"), re.M | re.S)


def examples() -> dict[str, list[Any]]:
    """The sections in these examples, with their items."""
    return {section: items for block in blocks() for section, items in yaml.safe_load(block).items()}


def keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


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
