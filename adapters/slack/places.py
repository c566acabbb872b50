"""Where something was asked: who, in which conversation, and what may be shown there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Body", "Place", "Places", "address_of", "metadata_of", "team_of"]

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member asks.

    Attributes:
        channel: id; empty in the Home tab and in modals.
        thread: what a message must carry to stand in the same thread; None outside of one.
        age_restricted: whether explicit material may be shown; only in the channels that the settings name.
        direct: whether only the member and Herald are there.
    """

    team: str
    channel: str
    member: str
    thread: str | None
    age_restricted: bool
    direct: bool = False

    @property
    def name(self) -> str:
        """Workspace and channel, for the journal; empty in direct messages, which are nobody's business."""
        return "" if self.direct or not self.channel else f"{self.team}:{self.channel}"

    @property
    def conversation(self) -> str:
        """A thread's is of all who write there; elsewhere each member has one of their own."""
        within = self.thread if self.thread and not self.direct else self.member
        return f"slack:{self.team}:{self.channel}:{within}"

    @property
    def asker(self) -> tuple[str, str]:
        """Whose cooldown counts."""
        return self.team, self.member

    @property
    def room(self) -> tuple[str, str]:
        """Which channel's cooldown counts; a member's own where there is none."""
        return self.team, self.channel or self.member


class Places:
    """Reads places from what Slack sends."""

    def __init__(self, explicit: Collection[str] = ()) -> None:
        """Takes the ids of the channels where explicit material may be shown."""
        self._explicit = frozenset(explicit)

    def of_message(self, event: Body, team: str) -> Place:
        """The place of a message: an answer in a channel always stands in a thread, the question's or its own."""
        direct = event.get("channel_type") == "im" or str(event["channel"]).startswith("D")
        thread = event.get("thread_ts") or (None if direct else event["ts"])
        return self._place(team, event["channel"], event["user"], thread)

    def of(self, body: Body) -> Place:
        """The place of a command (there are none in threads), a press, a shortcut, or where a modal was opened from."""
        if "command" in body:
            return self._place(body.get("team_id") or "", body.get("channel_id") or "", body["user_id"], None)
        container, message = body.get("container") or {}, body.get("message") or {}
        channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or _opened_from(body)["channel"]
        thread = container.get("thread_ts") or message.get("thread_ts")
        if body["type"] == "message_action":  # its answer stands in a thread, as those of questions do
            thread = thread or message["ts"]
        return self._place(team_of(body), channel, body["user"]["id"], thread)

    def _place(self, team: str, channel: str, member: str, thread: str | None) -> Place:
        return Place(team, channel, member, thread, channel in self._explicit, channel.startswith("D"))


def metadata_of(body: Body, place: Place) -> str:
    """What a modal keeps of where it is opened from."""
    return json.dumps({"url": body.get("response_url") or "", "channel": place.channel})


def address_of(body: Body) -> str:
    """Where something is responded to: by what it came with, or what its modal was opened from came with."""
    return body.get("response_url") or _opened_from(body)["url"]


def _opened_from(body: Body) -> Mapping[str, str]:
    kept: dict[str, str] = json.loads((body.get("view") or {}).get("private_metadata") or "{}")
    return {"url": "", "channel": "", **kept}


def team_of(body: Body) -> str:
    """The id of the workspace that something comes from; the organization's where it has no workspace."""
    team = body.get("team_id") or (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id")
    return str(team or (body.get("enterprise") or {}).get("id") or "")
