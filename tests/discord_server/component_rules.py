"""Discord's rules for components: rows, buttons, selects, text inputs, and the layouts of Components V2."""

from __future__ import annotations

from collections.abc import Sequence

from tests.discord_server.errors import ApiError, invalid_form
from tests.discord_server.model import Payload, components_of

__all__ = ["check_components", "check_modal_components"]

ROW, BUTTON, TEXT_INPUT, SECTION, TEXT, MEDIA, SEPARATOR, CONTAINER, LABEL = 1, 2, 4, 9, 10, 12, 14, 17, 18
SELECTS = {3, 5, 6, 7, 8}
_LINK, _PREMIUM = 5, 6
_LAYOUTS = {ROW, SECTION, TEXT, MEDIA, SEPARATOR, CONTAINER, 13}


def check_components(components: Sequence[Payload], at: str, *, modern: bool) -> None:
    """Checks the components of a message.

    Args:
        modern: of a message that uses Components V2.

    Raises:
        ApiError: what Discord would say.
    """
    every = list(components_of(components))
    most, allowed = (40, _LAYOUTS) if modern else (5, {ROW})
    if (len(every) if modern else len(components)) > most:
        raise invalid_form(at, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
    for number, item in enumerate(components):
        if item.get("type") not in allowed:
            raise _one_of(f"{at}.{number}", sorted(allowed))
        _check(item, f"{at}.{number}")
    _unique([item["custom_id"] for item in every if item.get("custom_id")], at)


def check_modal_components(components: Sequence[Payload], at: str) -> None:
    """Checks what a modal asks for.

    Raises:
        ApiError: what Discord would say.
    """
    if not 1 <= len(components) <= 5:
        raise invalid_form(at, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for number, item in enumerate(components):
        _check_modal_item(item, f"{at}.{number}")
    _unique([item["custom_id"] for item in components_of(components) if item.get("custom_id")], at)


def _check_modal_item(item: Payload, at: str) -> None:
    if item.get("type") == LABEL:
        _length(f"{at}.label", item.get("label"), 1, 45)
        inner = [item.get("component") or {}]
    elif item.get("type") == ROW:
        inner = item.get("components") or []
    elif item.get("type") == TEXT:
        return
    else:
        raise _one_of(at, [ROW, TEXT, LABEL])
    if len(inner) != 1:
        raise invalid_form(f"{at}.components", "BASE_TYPE_BAD_LENGTH", "Must be 1 in length.")
    _check(inner[0], f"{at}.components.0")


def _check(item: Payload, at: str) -> None:
    kind = item.get("type")
    if kind == ROW:
        _check_row(item, at)
    elif kind == BUTTON:
        _check_button(item, at)
    elif kind in SELECTS:
        _check_select(item, at)
    elif kind == TEXT_INPUT:
        _length(f"{at}.custom_id", item.get("custom_id"), 1, 100)
        _length(f"{at}.placeholder", item.get("placeholder") or "", 0, 100)
    else:
        for number, inner in enumerate(item.get("components") or []):
            _check(inner, f"{at}.components.{number}")
        if item.get("accessory"):
            _check(item["accessory"], f"{at}.accessory")


def _check_row(item: Payload, at: str) -> None:
    inner = item.get("components") or []
    kinds = {each.get("type") for each in inner}
    buttons = kinds == {BUTTON}
    if not 1 <= len(inner) <= 5:
        raise invalid_form(f"{at}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if not buttons and len(inner) > 1:
        message = "The specified component exceeds the maximum width"
        raise invalid_form(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
    for number, each in enumerate(inner):
        _check(each, f"{at}.components.{number}")


def _check_button(item: Payload, at: str) -> None:
    _length(f"{at}.label", item.get("label") or "", 0, 80)
    style = item.get("style")
    if style not in range(1, 7):
        raise _one_of(f"{at}.style", [*range(1, 7)])
    if not (item.get("label") or item.get("emoji") or style == _PREMIUM):
        raise invalid_form(at, "BUTTON_COMPONENT_INVALID", "A button must have a label or emoji")
    if style == _LINK:
        _length(f"{at}.url", item.get("url"), 1, 512)
        if item.get("custom_id"):
            message = "A custom id and url cannot both be specified"
            raise invalid_form(at, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL_MUTUALLY_EXCLUSIVE", message)
    elif style != _PREMIUM:
        if not item.get("custom_id"):
            message = "A custom id is required"
            raise invalid_form(f"{at}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", message)
        _length(f"{at}.custom_id", item["custom_id"], 1, 100)


def _check_select(item: Payload, at: str) -> None:
    _length(f"{at}.custom_id", item.get("custom_id"), 1, 100)
    _length(f"{at}.placeholder", item.get("placeholder") or "", 0, 150)
    if item["type"] != 3:
        return
    options = item.get("options") or []
    if not 1 <= len(options) <= 25:
        raise invalid_form(f"{at}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    for number, option in enumerate(options):
        _length(f"{at}.options.{number}.label", option.get("label"), 1, 100)
        _length(f"{at}.options.{number}.value", option.get("value"), 1, 100)
        _length(f"{at}.options.{number}.description", option.get("description") or "", 0, 100)
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        message = "The specified option value is already used"
        raise invalid_form(f"{at}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
    _check_range(item, at, len(options))


def _check_range(item: Payload, at: str, most: int) -> None:
    low, high = item.get("min_values", 1), item.get("max_values", 1)
    if not 0 <= low <= high <= most:
        raise invalid_form(f"{at}.max_values", "SELECT_COMPONENT_MAX_VALUES", f"Must not exceed {most} options.")


def _unique(names: Sequence[str], at: str) -> None:
    for name in names:
        if names.count(name) > 1:
            message = "Component custom id cannot be duplicated"
            raise invalid_form(at, "COMPONENT_CUSTOM_ID_DUPLICATED", message)


def _length(at: str, value: object, least: int, most: int) -> None:
    if not isinstance(value, str):
        raise invalid_form(at, "BASE_TYPE_REQUIRED", "This field is required")
    if not least <= len(value) <= most:
        raise invalid_form(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _one_of(at: str, values: Sequence[int]) -> ApiError:
    return invalid_form(f"{at}.type", "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(map(str, values))}}}.")
