"""The manifest: what Slack takes, and what the code serves."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import jsonschema
import pytest

from adapters.slack.manifest import COMMANDS, EVENTS_HEARD, REMOVALS, SHORTCUTS, manifest
from bot.errors import SettingsError

SCHEMA = Path(__file__).parents[3].parent / "shared" / "specs" / "slack-app-manifest-2.0.0.schema.json.gz"
LEAST = ["app_mentions:read", "assistant:write", "chat:write", "commands", "files:write", "im:history", "users:read"]


@pytest.mark.parametrize("address", [None, "https://herald.example.org", "https://herald.example.org/"])
@pytest.mark.parametrize("auto_answer", [False, True])
def test_slack_takes_it(address: str | None, *, auto_answer: bool) -> None:
    """By Slack's own schema."""
    if not SCHEMA.is_file():
        pytest.skip("Slack's schema of manifests is not on this machine")
    schema = json.loads(gzip.decompress(SCHEMA.read_bytes()))
    jsonschema.validate(manifest(address, auto_answer=auto_answer), schema)


def test_many_workspaces_need_more_than_one() -> None:
    """Where a browser is sent back to, and the events that tell of a removal; Socket Mode needs neither."""
    made = manifest("https://herald.example.org/")
    assert made["oauth_config"]["redirect_urls"] == ["https://herald.example.org/slack/oauth_redirect"]
    assert set(REMOVALS) <= set(made["settings"]["event_subscriptions"]["bot_events"])
    assert "redirect_urls" not in manifest()["oauth_config"]


def test_it_asks_for_the_least() -> None:
    """And for more only where more is wanted."""
    assert manifest()["oauth_config"]["scopes"]["bot"] == LEAST
    more = set(manifest(auto_answer=True, admin_group=True)["oauth_config"]["scopes"]["bot"]) - set(LEAST)
    assert more == {"channels:history", "groups:history", "usergroups:read"}
    assert "message.channels" not in json.dumps(manifest())


def test_it_offers_what_the_code_serves() -> None:
    """Commands, shortcuts and events."""
    made = manifest()
    assert [item["command"] for item in made["features"]["slash_commands"]] == [name for name, _, _ in COMMANDS]
    assert [item["callback_id"] for item in made["features"]["shortcuts"]] == [callback for callback, _, _ in SHORTCUTS]
    assert made["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS_HEARD)


def test_an_address_goes_wherever_slack_sends() -> None:
    """Events, interactions, completions and commands; Socket Mode is off then."""
    made = manifest("https://herald.example.org/")
    assert json.dumps(made).count('"https://herald.example.org/slack/events"') == 3 + len(COMMANDS)
    assert made["settings"]["socket_mode_enabled"] is False
    assert manifest()["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize("address", ["http://herald.example.org", "herald.example.org", ""])
def test_an_address_must_be_encrypted(address: str) -> None:
    """As Slack asks."""
    with pytest.raises(SettingsError, match="https://"):
        manifest(address)
