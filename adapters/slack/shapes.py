"""The shapes of what Slack sends, as far as Herald reads them: what is signed but of another shape goes no further."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
)

__all__ = ["fits"]

_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]*$", max_length=200)]
_Text = str  # which must be encodable: pydantic refuses half of a surrogate pair


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Named(_Shape):
    id: _Id
    team_id: _Id | None = None
    enterprise_id: _Id | None = None


class _Block(_Shape):
    elements: list[dict[str, Any]] | None = None


class _Message(_Shape):
    ts: _Id
    user: _Id | None = None
    text: _Text | None = None
    thread_ts: _Id | None = None
    bot_id: _Id | None = None
    blocks: list[_Block] | None = None


class _Posted(_Shape):
    type: Literal["message", "app_mention"]
    channel: _Id
    ts: _Id
    user: _Id | None = None
    text: _Text | None = None
    subtype: _Text | None = None
    bot_id: _Id | None = None
    thread_ts: _Id | None = None
    channel_type: _Text | None = None
    event_ts: _Id | None = None
    deleted_ts: _Id | None = None
    message: _Message | None = None


class _Opened(_Shape):
    type: Literal["app_home_opened"]
    user: _Id
    channel: _Id
    tab: _Text | None = None


class _Tokens(_Shape):
    oauth: list[_Id] | None = None
    bot: list[_Id] | None = None


class _Removed(_Shape):
    type: Literal["app_uninstalled", "tokens_revoked"]
    tokens: _Tokens | None = None


class _Other(_Shape):
    type: _Text


def _event_kind(event: Any) -> str | None:
    kind = event.get("type") if isinstance(event, dict) else None
    known = {"message": "posted", "app_mention": "posted", "app_home_opened": "opened"}
    known |= dict.fromkeys(("app_uninstalled", "tokens_revoked"), "removed")
    return known.get(kind, "other") if isinstance(kind, str) else None


_Event = Annotated[
    Annotated[_Posted, Tag("posted")]
    | Annotated[_Opened, Tag("opened")]
    | Annotated[_Removed, Tag("removed")]
    | Annotated[_Other, Tag("other")],
    Discriminator(_event_kind),
]


class _Granted(_Shape):
    enterprise_id: _Id | None = None
    team_id: _Id | None = None
    is_enterprise_install: bool | None = None


class _Sent(_Shape):
    """What all have."""

    team_id: _Id | None = None
    enterprise_id: _Id | None = None
    team: _Named | None = None
    enterprise: _Named | None = None
    response_url: _Text | None = None
    trigger_id: _Id | None = None


class _Callback(_Sent):
    type: Literal["event_callback"]
    event: _Event
    event_id: _Id | None = None
    event_time: int | None = None
    authorizations: list[_Granted] | None = None


class _Command(_Sent):
    command: _Text
    user_id: _Id
    channel_id: _Id | None = None
    text: _Text | None = None
    trigger_id: _Id
    response_url: _Text
    event: None = None  # which the library would read


class _Option(_Shape):
    value: _Text


class _Chosen(_Shape):
    selected_option: _Option | None = None


class _State(_Shape):
    values: dict[str, dict[str, _Chosen]] | None = None


def _where(metadata: str) -> str:
    """What Herald wrote into a modal: words by their names, or nothing."""
    _WORDS.validate_json(metadata or "{}")
    return metadata


_WORDS = TypeAdapter(dict[str, str])


class _View(_Shape):
    id: _Id
    type: _Text  # which the library reads unasked
    callback_id: _Text | None = None
    private_metadata: Annotated[_Text, AfterValidator(_where)] | None = None
    hash: _Id | None = None
    previous_view_id: _Id | None = None
    state: _State | None = None


class _Container(_Shape):
    channel_id: _Id | None = None
    thread_ts: _Id | None = None


class _Action(_Shape):
    action_id: _Text
    type: _Text
    block_id: _Text | None = None
    value: _Text | None = None
    action_ts: _Id | None = None
    selected_option: _Option | None = None


class _Interaction(_Sent):
    user: _Named
    event: None = None
    channel: _Named | None = None
    container: _Container | None = None
    view: _View | None = None


class _Pressed(_Interaction):
    type: Literal["block_actions"]
    actions: Annotated[list[_Action], Field(min_length=1)]
    message: _Message | None = None


class _Typed(_Interaction):
    type: Literal["block_suggestion"]
    action_id: _Text
    block_id: _Text | None = None
    value: _Text | None = None


class _Submitted(_Interaction):
    type: Literal["view_submission"]
    view: _View


class _Picked(_Interaction):
    type: Literal["message_action"]
    callback_id: _Text
    channel: _Named
    message: _Message
    message_ts: _Id | None = None
    response_url: _Text
    trigger_id: _Id


class _Challenge(_Shape):
    type: Literal["url_verification"]
    challenge: _Text


class _Limited(_Shape):
    type: Literal["app_rate_limited"]
    team_id: _Id | None = None


class _Check(_Shape):
    ssl_check: Literal["1"]


_KINDS: Mapping[str, TypeAdapter[Any]] = {
    "event_callback": TypeAdapter(_Callback),
    "block_actions": TypeAdapter(_Pressed),
    "block_suggestion": TypeAdapter(_Typed),
    "view_submission": TypeAdapter(_Submitted),
    "message_action": TypeAdapter(_Picked),
    "url_verification": TypeAdapter(_Challenge),
    "app_rate_limited": TypeAdapter(_Limited),
}
_FORMS: Mapping[str, TypeAdapter[Any]] = {"command": TypeAdapter(_Command), "ssl_check": TypeAdapter(_Check)}


def fits(body: Mapping[str, Any]) -> bool | None:
    """Whether a body has the shape of its kind; None for a kind that Herald doesn't serve."""
    kind = body.get("type")
    if kind is not None and not isinstance(kind, str):
        return False
    shape = next((found for name, found in _FORMS.items() if name in body), None) or _KINDS.get(kind or "")
    if shape is None:
        return None if kind else False
    try:
        shape.validate_python(body)
    except ValidationError:
        return False
    return True
