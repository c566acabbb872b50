"""The modal for /quote, and what Slack shows in it while a member types: at most 100 lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack.components import Block, option, plain
from adapters.slack.desk import Desk
from adapters.slack.places import Body, Place
from bot.panels.model import Option
from bot.topics import topic_key

__all__ = ["SPEAKER", "TOPIC", "picked", "quote_modal", "speakers", "topics"]

SPEAKER, TOPIC = "speaker", "topic"
_MOST = 100
_VALUE = 150


def quote_modal(callback: str, metadata: str) -> Block:
    """Asks for speaker and topic; both may be left out."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain("A quote"),
        "submit": plain("Get it"),
        "close": plain("Cancel"),
        "private_metadata": metadata,
        "blocks": [_input(SPEAKER, "Who says it", "Anybody"), _input(TOPIC, "What it is about", "Anything")],
    }


def _input(name: str, label: str, placeholder: str) -> Block:
    select = {
        "type": "external_select",
        "action_id": name,
        "placeholder": plain(placeholder),
        "min_query_length": 0,
    }
    return {"type": "input", "block_id": name, "optional": True, "label": plain(label), "element": select}


def speakers(desk: Desk, body: Body) -> list[Block]:
    """Who may be quoted; the value is the speaker's id."""
    found = desk.host.completions(age_restricted=desk.places.of(body).age_restricted).speakers(body.get("value") or "")
    return _options([Option(speaker.id, speaker.name) for speaker in found])


def topics(desk: Desk, body: Body) -> list[Block]:
    """What quotes are about, of the speaker that was picked before; the value is the topic's key."""
    completions = desk.host.completions(age_restricted=desk.places.of(body).age_restricted)
    found = completions.topics(body.get("value") or "", _chosen(body, SPEAKER) or "")
    return _options([Option(topic_key(topic), topic) for topic in found])


def picked(desk: Desk, body: Body, place: Place) -> tuple[str | None, str | None]:
    """Speaker and topic that a member picked; a topic that is gone since counts as none."""
    key = _chosen(body, TOPIC)
    topic = desk.host.topics(age_restricted=place.age_restricted).subject("theme", key) if key else None
    return _chosen(body, SPEAKER), topic.request.about if topic and topic.request else None


def _options(found: list[Option]) -> list[Block]:
    return [option(line) for line in found if len(line.value) <= _VALUE][:_MOST]


def _chosen(body: Body, name: str) -> str | None:
    """What is picked in a field of the modal."""
    values: Mapping[str, Any] = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    selected = ((values.get(name) or {}).get(name) or {}).get("selected_option") or {}
    return selected.get("value")
