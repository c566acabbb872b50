"""``views.*``: modals and App Homes, by their pages (docs.slack.dev/reference/methods/views.open ...)."""

from __future__ import annotations

import secrets

from tests.slack_server import payloads
from tests.slack_server.block_rules import BlockRules
from tests.slack_server.errors import ApiError
from tests.slack_server.model import Payload, Team, User, View
from tests.slack_server.uses import Use, Uses
from tests.slack_server.web_api import Call, WebApi
from tests.slack_server.world import World

__all__ = ["ViewRoutes"]

_STACK = 3


class ViewRoutes:
    """Opens, pushes, changes and publishes views."""

    def __init__(self, world: World, uses: Uses, rules: BlockRules) -> None:
        self._world = world
        self._uses = uses
        self._rules = rules
        self.open: dict[str, View] = {}

    def add_to(self, api: WebApi) -> None:
        """Adds the methods."""
        api.add("views.open", self._open, needs="view")
        api.add("views.push", self._push, needs="view")
        api.add("views.update", self._update, needs="view")
        api.add("views.publish", self._publish, needs="user_id view")

    def _open(self, call: Call) -> Payload:
        self._rules.view(call.args["view"])
        use = self._opener(call)
        return self._answer(self.show(call.team, use.user, call.args["view"], use))

    def _push(self, call: Call) -> Payload:
        self._rules.view(call.args["view"])
        use = self._opener(call)
        if use.view is None:
            raise ApiError("not_found")
        return self._answer(self.show(call.team, use.user, call.args["view"], use, use.view))

    def _update(self, call: Call) -> Payload:
        external = call.text("external_id")
        matches = [view for view in self.open.values() if external and view.external == external]
        view = self.open.get(call.text("view_id")) or next(iter(matches), None)
        if view is None or view.closed or view.team is not call.team:
            raise ApiError("not_found")
        self._rules.view(call.args["view"])
        if call.args.get("hash") not in (None, view.hash):
            raise ApiError("hash_conflict")
        return self._answer(self.change(view, call.args["view"]))

    def _publish(self, call: Call) -> Payload:
        if not self._world.app.home:
            raise ApiError("not_enabled")
        user = call.team.users.get(call.text("user_id"))
        if user is None:
            raise ApiError("invalid_arguments")
        self._rules.view(call.args["view"], home=True)
        home = self._world.homes.get(user.id)
        if home and call.args.get("hash") not in (None, home.hash):
            raise ApiError("hash_conflict")
        if home:
            return self._answer(self.change(home, call.args["view"]))
        made = self._made(call.team, user, call.args["view"])
        self._world.homes[user.id] = made
        self._world.views.add(made)
        return self._answer(made)

    def show(self, team: Team, user: User, body: Payload, use: Use, previous: View | None = None) -> View:
        """Opens a modal, over another one or alone.

        Raises:
            ApiError: there are three of them already.
        """
        depth, below = 1, previous
        while below:
            depth, below = depth + 1, below.previous
        if depth > _STACK:
            raise ApiError("push_limit_reached")
        made = self._made(team, user, body)
        made.used, made.previous = use.id, previous
        self.open[made.id] = made
        self._world.views.add(made)
        return made

    def change(self, view: View, body: Payload) -> View:
        """Exchanges what a view shows; what was entered into inputs that stay stays."""
        view.body, view.hash = body, _hash()
        kept = {block.get("block_id") for block in body["blocks"]}
        view.typed = {name: state for name, state in view.typed.items() if name in kept}
        _name_blocks(view)
        self._world.views.add(view)
        return view

    def _opener(self, call: Call) -> Use:
        trigger = call.text("trigger_id") or call.text("interactivity_pointer")
        use = self._uses.opener(trigger)
        if use.user.id not in call.team.users:
            raise ApiError("invalid_trigger_id")
        return use

    def _made(self, team: Team, user: User, body: Payload) -> View:
        view = View(self._world.ids.new("V"), team, user, body, _hash(), external=str(body.get("external_id", "")))
        _name_blocks(view)
        return view

    def _answer(self, view: View) -> Payload:
        return {"view": payloads.view(view, self._world.app_id)}


def _hash() -> str:
    return secrets.token_hex(8)


def _name_blocks(view: View) -> None:
    """Gives blocks without an id one, as Slack does."""
    blocks = [{"block_id": secrets.token_hex(3), **block} for block in view.body["blocks"]]
    view.body = {**view.body, "blocks": blocks}
