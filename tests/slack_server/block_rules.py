"""Slack's rules for blocks and views: counts and lengths by ``slack_sdk.models``, structure by the schema.

Follows docs.slack.dev/reference/block-kit/blocks (and its elements) and docs.slack.dev/reference/views.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block, Option, OptionGroup
from slack_sdk.models.views import View as ViewModel

from tests.slack_server.errors import ApiError, invalid_arguments, invalid_blocks
from tests.slack_server.model import Payload, elements_of
from tests.slack_server.schema import BlockKit

__all__ = ["BlockRules"]

_MOST = 50
_MARKDOWN = 12_000
_LINK = 3000
_OPTIONS = 100


class BlockRules:
    """Checks what the bot wants shown."""

    def __init__(self, schema: BlockKit) -> None:
        self._schema = schema

    def message(self, blocks: Any) -> None:
        """Checks the blocks of a message.

        Raises:
            ApiError: ``invalid_blocks`` with what is wrong and where.
        """
        if not isinstance(blocks, list) or len(blocks) > _MOST:
            raise invalid_blocks(f"no more than {_MOST} items allowed [json-pointer:/blocks]")
        self._check("Blocks", {"blocks": blocks}, invalid_blocks)
        self._inside(blocks, invalid_blocks)

    def view(self, view: Any, *, home: bool = False) -> None:
        """Checks a modal, or an App Home.

        Raises:
            ApiError: ``invalid_arguments`` with what is wrong and where.
        """
        wanted = "home" if home else "modal"
        if not isinstance(view, dict) or view.get("type") != wanted:
            raise invalid_arguments(f"must be one of: {wanted} [json-pointer:/view/type]")
        self._check("HomeFrame" if home else "ModalFrame", view, invalid_arguments)
        _model(ViewModel, view, "/view", invalid_arguments)
        if not home and not view.get("submit") and any(block.get("type") == "input" for block in view["blocks"]):
            raise invalid_arguments("missing submit, needed with input blocks [json-pointer:/view/submit]")
        self._inside(view["blocks"], invalid_arguments)

    def options(self, answer: Any) -> list[Payload]:
        """The options of an answer to ``block_suggestion``.

        Raises:
            ApiError: over 100 of them, or one that breaks a rule.
        """
        if not isinstance(answer, dict) or len(answer) != 1 or not {*answer} & {"options", "option_groups"}:
            raise invalid_arguments("an answer has either options or option_groups")
        groups = answer.get("option_groups", [])
        for number, group in enumerate(groups):
            _model(OptionGroup, group, f"/option_groups/{number}", invalid_arguments)
        options: list[Payload] = answer.get("options", [option for group in groups for option in group["options"]])
        if len(options) > _OPTIONS or len(groups) > _OPTIONS:
            raise invalid_arguments(f"no more than {_OPTIONS} items allowed [json-pointer:/options]")
        for number, option in enumerate(options):
            self._option(option, f"/options/{number}")
        return options

    def _option(self, option: Payload, at: str) -> None:
        if set(option) - {"text", "value", "description"} or not option.get("value"):
            raise invalid_arguments(f"invalid option: {sorted(option)} [json-pointer:{at}]")
        if (option.get("text") or {}).get("type") != "plain_text" or not option["text"].get("text"):
            raise invalid_arguments(f"must be plain_text [json-pointer:{at}/text]")
        _model(Option, option, at, invalid_arguments)

    def _check(self, entry: str, value: Any, error: Callable[[str], ApiError]) -> None:
        problem = self._schema.problem(entry, value)
        if problem:
            raise error(problem)

    def _inside(self, blocks: Sequence[Any], error: Callable[[str], ApiError]) -> None:
        for number, block in enumerate(blocks):
            at = f"/blocks/{number}"
            if not isinstance(block, dict) or Block.parse(dict(block)) is None:
                raise error(f"unsupported type [json-pointer:{at}/type]")
            _model(_parsed, block, at, error)
            _elements(block, at, error)
        _unique([block["block_id"] for block in blocks if "block_id" in block], "block_id", error)
        if sum(len(block.get("text", "")) for block in blocks if block["type"] == "markdown") > _MARKDOWN:
            raise error(f"markdown blocks must be less than {_MARKDOWN + 1} characters together")


def _parsed(**block: Any) -> JsonObject:
    found = Block.parse(block)
    assert found
    return found


def _model(make: Callable[..., JsonObject], data: Payload, at: str, error: Callable[[str], ApiError]) -> None:
    """Lets the SDK's model judge, down to the innermost objects that validate themselves."""
    try:
        made = make(**data)
        _validate(made)
    except (SlackObjectFormationError, TypeError, AttributeError) as problem:
        raise error(f"{problem} [json-pointer:{at}]") from None


def _validate(made: Any) -> None:
    if isinstance(made, JsonObject):
        made.validate_json()
        for inner in vars(made).values():
            _validate(inner)
    elif isinstance(made, list | tuple):
        for inner in made:
            _validate(inner)


def _elements(block: Payload, at: str, error: Callable[[str], ApiError]) -> None:
    elements = list(elements_of(block))
    _unique([item["action_id"] for item in elements], "action_id", error)
    for item in elements:
        if len(item.get("url", "")) > _LINK:
            raise error(f"must be less than {_LINK + 1} characters [json-pointer:{at}/url]")
    text = block.get("text")
    if isinstance(text, dict) and not text.get("text"):
        raise error(f"must be more than 0 characters [json-pointer:{at}/text/text]")


def _unique(names: Sequence[str], what: str, error: Callable[[str], ApiError]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise error(f"`{what}` {twice[0]!r} already exists")
