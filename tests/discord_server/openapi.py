"""Discord's own OpenAPI description as a judge of what the bot sends."""

from __future__ import annotations

import gzip
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

__all__ = ["DESCRIPTION", "OpenApi"]

# Not part of the project: beside the checkout where there is one, and tests that need it are skipped where not.
DESCRIPTION = Path(__file__).parents[2].parent / "shared" / "specs" / "discord-openapi-v10.json.gz"
_URI = "urn:discord-openapi"
_NAMED = frozenset({"users", "roles"})
_METHODS = ("post", "put", "patch")


class OpenApi:
    """Finds the schema of a request and tells what is wrong with a body.

    Attributes:
        known: whether the description is there; without it everything passes.
    """

    def __init__(self, description: Path = DESCRIPTION) -> None:
        self.known = description.is_file()
        self._description = description
        self._validators: dict[str, Draft202012Validator] = {}

    def problem(self, method: str, path: str, body: Any) -> str:
        """What breaks the description, as one line; empty where nothing does.

        Args:
            path: without the API's base ("/channels/1/messages").
        """
        if not self.known:
            return ""
        template = self._template(method.lower(), path)
        if template is None:
            return f"{method} {path} is not in Discord's description" if method.lower() in _METHODS else ""
        validator = self._validator(method.lower(), template)
        error = best_match(validator.iter_errors(_forgiven(body))) if validator else None
        return f"{method} {template}: {error.json_path}: {error.message[:300]}" if error else ""

    @cached_property
    def _document(self) -> dict[str, Any]:
        with gzip.open(self._description, "rt", encoding="utf-8") as file:
            document: dict[str, Any] = json.load(file)
        return document

    @cached_property
    def _registry(self) -> Registry[Any]:
        resource = Resource.from_contents(self._document, default_specification=DRAFT202012)
        registry: Registry[Any] = Registry().with_resource(_URI, resource)
        return registry

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Templates with the most literal first, so that "@original" goes before any message's id."""
        templates = sorted(self._document["paths"], key=lambda template: template.count("{"))
        return [(re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(name))), name) for name in templates]

    def _template(self, method: str, path: str) -> str | None:
        paths = self._document["paths"]
        found = (name for pattern, name in self._patterns if pattern.fullmatch(path) and method in paths[name])
        return next(found, None)

    def _validator(self, method: str, template: str) -> Draft202012Validator | None:
        content = self._document["paths"][template][method].get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        steps = ("paths", template, method, "requestBody", "content", "application/json", "schema")
        pointer = "/".join(quote(step.replace("~", "~0").replace("/", "~1"), safe="~") for step in steps)
        if pointer not in self._validators:
            schema = {"$ref": f"{_URI}#/{pointer}"}
            self._validators[pointer] = Draft202012Validator(schema, registry=self._registry)
        return self._validators[pointer]


def _forgiven(body: Any) -> Any:
    """The known deviations of discord.py: ids of references, of files sent along and of whom to ping are numbers."""
    if not isinstance(body, dict):
        return body
    mended = {**body, "data": _forgiven(body["data"])} if "data" in body else dict(body)
    if isinstance(body.get("message_reference"), dict):
        mended["message_reference"] = _texts(body["message_reference"])
    if isinstance(body.get("allowed_mentions"), dict):
        named = {key: list(map(str, body["allowed_mentions"][key])) for key in _NAMED & body["allowed_mentions"].keys()}
        mended["allowed_mentions"] = {**body["allowed_mentions"], **named}
    if isinstance(body.get("attachments"), list):
        mended["attachments"] = [_texts(item) if isinstance(item, dict) else item for item in body["attachments"]]
    return mended


def _texts(item: dict[str, Any]) -> dict[str, Any]:
    return {
        key: str(value) if key in ("id", "message_id", "channel_id", "guild_id") and isinstance(value, int) else value
        for key, value in item.items()
    }
