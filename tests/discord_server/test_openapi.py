"""Discord's own description as a judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.discord_server import OpenApi


@pytest.fixture(scope="module")
def known() -> OpenApi:
    """The description, or no test."""
    found = OpenApi()
    if not found.known:
        pytest.skip("Discord's OpenAPI description is not beside this checkout (../shared/specs)")
    return found


class TestJudge:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            (
                "POST",
                "/channels/1/messages",
                {"content": "hi", "message_reference": {"message_id": 5, "channel_id": 6}},
            ),
            ("POST", "/interactions/1/token/callback", {"type": 8, "data": {"choices": [{"name": "a", "value": "b"}]}}),
            ("PATCH", "/webhooks/1/token/messages/@original", {"content": "hi"}),
            ("POST", "/webhooks/1/token", {"content": "hi", "attachments": [{"id": 0, "filename": "report.txt"}]}),
            ("PUT", "/applications/1/commands", [{"name": "ask", "description": "Asks.", "type": 1}]),
            ("GET", "/users/@me", None),
        ],
    )
    def test_what_discord_takes_passes(self, known: OpenApi, method: str, path: str, body: object) -> None:
        """The ids of a reference and of files may be numbers, as discord.py sends them."""
        assert known.problem(method, path, body) == ""

    @pytest.mark.parametrize(
        ("method", "path", "body", "told"),
        [
            ("POST", "/channels/1/messages", {"content": 5}, "POST /channels/{channel_id}/messages: $.content"),
            ("POST", "/channels/1/messages", {"embeds": [{"title": "x" * 257}]}, "is too long"),
            ("PUT", "/applications/1/commands", [{"name": "a", "description": "x" * 101}], "is too long"),
            ("POST", "/channels/1/nonsense", {}, "is not in Discord's description"),
        ],
    )
    def test_what_it_refuses_is_told(self, known: OpenApi, method: str, path: str, body: object, told: str) -> None:
        """With the place."""
        assert told in known.problem(method, path, body)

    def test_without_the_description_everything_passes(self, tmp_path: Path) -> None:
        """The project does not hold it."""
        assert OpenApi(tmp_path / "none.json.gz").problem("POST", "/channels/1/messages", {"content": 5}) == ""
