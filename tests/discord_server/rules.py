"""Discord's rules for the bodies of messages, modals and autocomplete choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.discord_server.component_rules import check_components, check_modal_components
from tests.discord_server.errors import empty_message, invalid_form
from tests.discord_server.mentions import check_allowed_mentions
from tests.discord_server.model import MessageFlag, Payload

__all__ = ["check_choices", "check_message", "check_modal", "text"]

_EMBED_PARTS = {"title": 256, "description": 4096}
_EMBED_TOTAL = 6000


def text(place: str, value: object, limit: int, *, least: int = 0) -> str:
    """A string of a length that is allowed.

    Raises:
        ApiError: it isn't one.
    """
    if not isinstance(value, str):
        raise invalid_form(place, "STRING_TYPE_CONVERT", "Could not interpret as string.")
    if not value and least:
        raise invalid_form(place, "BASE_TYPE_REQUIRED", "This field is required")
    if not least <= len(value) <= limit:
        message = f"Must be between {least} and {limit} in length." if least else f"Must be {limit} or fewer in length."
        raise invalid_form(place, "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH", message)
    return value


def check_message(body: Payload, *, partial: bool = False, files: int = 0, at: str = "") -> None:
    """Checks the body of a message.

    Args:
        partial: of an edit, where what is left out stays as it was.
        files: how many are sent with it.
        at: what goes before each place ("data.").

    Raises:
        ApiError: what Discord would say.
    """
    content = body.get("content")
    if content is not None:
        text(f"{at}content", content, 2000)
    embeds = body.get("embeds") or ([body["embed"]] if body.get("embed") else [])
    check_embeds(embeds, f"{at}embeds")
    components = body.get("components") or []
    modern = bool((body.get("flags") or 0) & MessageFlag.COMPONENTS_V2)
    if modern and (content or embeds):
        message = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
        raise invalid_form(f"{at}content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    check_components(components, f"{at}components", modern=modern)
    check_allowed_mentions(body.get("allowed_mentions"))
    if body.get("nonce") is not None:
        text(f"{at}nonce", str(body["nonce"]), 25)
    anything = bool(content and content.strip()) or embeds or components or files or body.get("sticker_ids")
    if not partial and not anything:
        raise empty_message()


def check_embeds(embeds: Sequence[Payload], at: str) -> None:
    """Checks embeds, each and together.

    Raises:
        ApiError: what Discord would say.
    """
    if len(embeds) > 10:
        raise invalid_form(at, "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    total = sum(_check_embed(embed, f"{at}.{number}") for number, embed in enumerate(embeds))
    if total > _EMBED_TOTAL:
        raise invalid_form(at, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_EMBED_TOTAL}")


def _check_embed(embed: Payload, at: str) -> int:
    parts = [(key, embed.get(key), limit) for key, limit in _EMBED_PARTS.items()]
    parts.append(("footer.text", (embed.get("footer") or {}).get("text"), 2048))
    parts.append(("author.name", (embed.get("author") or {}).get("name"), 256))
    fields = embed.get("fields") or []
    if len(fields) > 25:
        raise invalid_form(f"{at}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for number, field in enumerate(fields):
        parts.append(
            (f"fields.{number}.name", text(f"{at}.fields.{number}.name", field.get("name"), 256, least=1), 256)
        )
        value = text(f"{at}.fields.{number}.value", field.get("value"), 1024, least=1)
        parts.append((f"fields.{number}.value", value, 1024))
    return sum(len(text(f"{at}.{key}", value, limit)) for key, value, limit in parts if value is not None)


def check_choices(data: Payload) -> list[Payload]:
    """The choices of an autocomplete response.

    Raises:
        ApiError: over 25 of them, or a name or value that is empty or over 100.
    """
    choices: list[Payload] = data.get("choices") or []
    if len(choices) > 25:
        raise invalid_form("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for number, choice in enumerate(choices):
        at = f"data.choices.{number}"
        text(f"{at}.name", choice.get("name"), 100, least=1)
        value: Any = choice.get("value")
        if isinstance(value, str):
            text(f"{at}.value", value, 100, least=1)
        elif value is None:
            raise invalid_form(f"{at}.value", "BASE_TYPE_REQUIRED", "This field is required")
    return choices


def check_modal(data: Payload) -> None:
    """Checks a modal.

    Raises:
        ApiError: what Discord would say.
    """
    text("data.custom_id", data.get("custom_id"), 100, least=1)
    text("data.title", data.get("title"), 45, least=1)
    check_modal_components(data.get("components") or [], "data.components")
