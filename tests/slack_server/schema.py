"""The JSON Schema of Block Kit, generated from Slack's own types, as a judge of structure."""

from __future__ import annotations

import gzip
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

__all__ = ["SCHEMA", "BlockKit"]

# Not part of the project: beside the checkout where there is one, and tests that need it are skipped where not.
SCHEMA = Path(__file__).parents[2].parent / "shared" / "specs" / "slack-blockkit-from-types-3.2.0.schema.json.gz"


class BlockKit:
    """Tells what is wrong with the structure of blocks and views: unknown keys, wrong types; no lengths.

    Attributes:
        known: whether the schema is there; without it everything passes.
    """

    def __init__(self, schema: Path = SCHEMA) -> None:
        self.known = schema.is_file()
        self._schema = schema
        self._validators: dict[str, Draft7Validator] = {}

    def problem(self, entry: str, value: Any) -> str:
        """What breaks the schema, as one line; empty where nothing does.

        Args:
            entry: "Blocks" for the ``{"blocks": [...]}`` of a message, "ModalFrame" or "HomeFrame".
        """
        if not self.known:
            return ""
        error = best_match(self._validator(entry).iter_errors(value))
        return f"{error.message[:300]} [json-pointer:{_pointer(error.absolute_path)}]" if error else ""

    @cached_property
    def _document(self) -> dict[str, Any]:
        with gzip.open(self._schema, "rt", encoding="utf-8") as file:
            document: dict[str, Any] = json.load(file)
        return document

    def _validator(self, entry: str) -> Draft7Validator:
        if entry not in self._validators:  # one that is kept knows its way through the schema
            self._validators[entry] = Draft7Validator({**self._document, "$ref": f"#/definitions/{entry}"})
        return self._validators[entry]


def _pointer(path: Any) -> str:
    return "".join(f"/{part}" for part in path)
