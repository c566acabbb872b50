"""Who is who and what is where: ``auth``, ``users``, ``usergroups``, ``conversations``, ``assistant``, ``apps``.

Each method follows its page, docs.slack.dev/reference/methods/auth.test and so on.
"""

from __future__ import annotations

from tests.slack_server import payloads
from tests.slack_server.errors import ApiError
from tests.slack_server.model import Channel, Kind, Message, Payload, User
from tests.slack_server.sockets import Sockets
from tests.slack_server.web_api import Call, WebApi
from tests.slack_server.world import World

__all__ = ["PeopleRoutes"]

_SCOPES = {Kind.CHANNEL: "channels", Kind.GROUP: "groups", Kind.IM: "im", Kind.MPIM: "mpim"}
_PAGE = 100
_PROMPTS = 4


class PeopleRoutes:
    """Answers what a bot asks about people and places."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets

    def add_to(self, api: WebApi) -> None:
        """Adds the methods."""
        api.add("auth.test", self._auth)
        api.add("apps.connections.open", self._connect, caller="app")
        api.add("users.info", self._user, scope="users:read", needs="user")
        api.add("users.list", self._users, scope="users:read")
        api.add("usergroups.users.list", self._group, scope="usergroups:read", needs="usergroup")
        api.add("conversations.info", self._info, needs="channel")
        api.add("conversations.members", self._members, needs="channel")
        api.add("conversations.history", self._history, needs="channel")
        api.add("conversations.replies", self._replies, needs="channel ts")
        api.add("conversations.open", self._open, scope="im:write,mpim:write", needs="users")
        api.add("assistant.threads.setStatus", self._status, scope="assistant:write,chat:write", needs="channel_id")
        api.add("assistant.threads.setTitle", self._title, scope="assistant:write", needs="channel_id title")
        api.add(
            "assistant.threads.setSuggestedPrompts", self._prompts, scope="assistant:write", needs="channel_id prompts"
        )

    def _auth(self, call: Call) -> Payload:
        team = call.team
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.domain,
            "user": team.bot.name,
            "team_id": team.id,
            "user_id": team.bot.id,
            "bot_id": team.bot_id,
            "is_enterprise_install": False,
        }

    def _connect(self, call: Call) -> Payload:
        return {"url": self._sockets.url()}

    def _user(self, call: Call) -> Payload:
        return {"user": payloads.user(self._known(call, call.text("user")))}

    def _users(self, call: Call) -> Payload:
        members = [payloads.user(user) for user in call.team.users.values()]
        return {"members": members, "response_metadata": {"next_cursor": ""}}

    def _group(self, call: Call) -> Payload:
        members = call.team.groups.get(call.text("usergroup"))
        if members is None:
            raise ApiError("no_such_subteam")
        return {"users": [user.id for user in members]}

    def _info(self, call: Call) -> Payload:
        return {"channel": payloads.channel(self._place(call, "read"))}

    def _members(self, call: Call) -> Payload:
        return {"members": sorted(self._place(call, "read").members), "response_metadata": {"next_cursor": ""}}

    def _history(self, call: Call) -> Payload:
        place = self._place(call, "history")
        found = [item for item in reversed(list(place.messages.values())) if item.thread in ("", item.ts)]
        most = int(call.args.get("limit") or _PAGE)
        return {"messages": [_read(item, call) for item in found[:most]], "has_more": len(found) > most}

    def _replies(self, call: Call) -> Payload:
        place, root = self._place(call, "history"), call.text("ts")
        found = [item for item in place.messages.values() if root in (item.ts, item.thread)]
        if not found:
            raise ApiError("thread_not_found")
        most = int(call.args.get("limit") or _PAGE)
        return {"messages": [_read(item, call) for item in found[:most]], "has_more": len(found) > most}

    def _open(self, call: Call) -> Payload:
        users = [self._known(call, number) for number in call.text("users").split(",")]
        return {"channel": {"id": self._world.dm(call.team, *users).id}}

    def _status(self, call: Call) -> Payload:
        thread = call.text("thread_ts")
        self._world.statuses.add((self._conversation(call).id, thread, call.text("status")))
        return {}

    def _title(self, call: Call) -> Payload:
        self._conversation(call)
        return {}

    def _prompts(self, call: Call) -> Payload:
        self._conversation(call)
        prompts = call.args["prompts"]
        if len(prompts) > _PROMPTS or any(set(item) != {"title", "message"} for item in prompts):
            raise ApiError("invalid_arguments")
        self._world.prompts.add(dict(call.args))
        return {}

    def _known(self, call: Call, number: str) -> User:
        user = call.team.users.get(number)
        if user is None:
            raise ApiError("user_not_found")
        return user

    def _conversation(self, call: Call) -> Channel:
        place = call.team.channels.get(call.text("channel_id"))
        if place is None or not place.has_bot:
            raise ApiError("channel_not_found")
        return place

    def _place(self, call: Call, what: str) -> Channel:
        place = call.team.channels.get(call.text("channel"))
        if place is None or (place.kind is not Kind.CHANNEL and not place.has_bot):
            raise ApiError("channel_not_found")
        call.scope(f"{_SCOPES[place.kind]}:{what}")
        if what == "history" and not place.has_bot:
            raise ApiError("not_in_channel")
        return place


def _read(message: Message, call: Call) -> Payload:
    """A message as it is read; metadata where it is asked for (docs.slack.dev/messaging/message-metadata)."""
    metadata = message.body.get("metadata") if call.args.get("include_all_metadata") else None
    return {**payloads.message(message), **({"metadata": metadata} if metadata else {})}
