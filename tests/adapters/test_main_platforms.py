"""``herald run``, ``invite`` and ``slack``: what is about chat platforms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters import running
from bot.keys import sealing_keys
from tests.adapters.support import run


class TestRun:
    def test_without_a_token_it_says_what_to_set(self, environment: Path) -> None:
        """At once, before anything is compiled; and where one can talk without."""
        result = run("run")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "DISCORD_TOKEN" in result.stderr
        assert "herald chat" in result.stderr
        assert len(result.stderr.splitlines()) == 1

    def test_it_says_what_it_runs_on(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Then the platforms are served; an end of theirs is the end."""
        served: list[list[str]] = []
        monkeypatch.setenv("DISCORD_TOKEN", "MTIz.x.y")
        monkeypatch.setattr(running, "run", lambda make, office, *around: served.append([p.name for p in make(office)]))
        result = run("run")
        assert (result.exit_code, served) == (0, [["Discord"]])
        assert result.stderr.endswith("Running on Discord.\n")

    def test_nobody_there_ends_with_one_line(
        self, environment: Path, monkeypatch: pytest.MonkeyPatch, port: int
    ) -> None:
        """What is wrong, without a traceback and without the token."""
        monkeypatch.setenv("DISCORD_TOKEN", "MTIz.secret.y")
        monkeypatch.setenv("HERALD_DISCORD_API_URL", f"http://127.0.0.1:{port}")
        result = run("run")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Discord can't be reached" in result.stderr.splitlines()[-1]
        assert "secret" not in result.stderr


class TestInvite:
    def test_it_prints_the_links(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """For a server and for a member; without asking Discord."""
        monkeypatch.setenv("DISCORD_TOKEN", "MTIzNDU2.x.y")
        lines = run("invite").stdout.splitlines()
        assert [line.partition(": https://")[0] for line in lines] == ["For a server", "For yourself"]
        assert all("client_id=123456" in line for line in lines)

    def test_without_a_token_it_says_what_to_set(self, environment: Path) -> None:
        """In one line."""
        result = run("invite")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("DISCORD_TOKEN is not set")


class TestSlackManifest:
    def test_it_prints_the_manifest(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """For Socket Mode, or for an address; with the scopes that the settings take."""
        made = json.loads(run("slack", "manifest").stdout)
        assert made["settings"]["socket_mode_enabled"] is True
        assert made == json.loads(run("slack", "manifest", "--socket").stdout)
        assert "usergroups:read" not in str(made)
        monkeypatch.setenv("HERALD_SLACK_ADMIN_GROUP", "S012AB3CD")
        asked = run("slack", "manifest", "--http", "https://herald.example.org", "--auto-answer").stdout
        assert "https://herald.example.org/slack/events" in asked
        assert "usergroups:read" in asked

    @pytest.mark.parametrize(
        ("arguments", "status"),
        [(["--http", "http://herald.example.org"], 1), (["--socket", "--http", "https://herald.example.org"], 2)],
    )
    def test_what_slack_would_refuse_is_told(self, environment: Path, arguments: list[str], status: int) -> None:
        """In one line."""
        result = run("slack", "manifest", *arguments)
        assert (result.exit_code, result.stdout) == (status, "")
        assert "--http" in result.stderr


class TestSlackKeys:
    def test_a_new_key_is_one(self) -> None:
        """Another one each time."""
        keys = [run("slack", "new-key").stdout.strip() for _ in range(2)]
        assert keys[0] != keys[1]
        assert sealing_keys(SecretStr(",".join(keys)))

    def test_keys_are_rotated(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And it says how much that was."""
        many = {
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "s",
            "SLACK_SIGNING_SECRET": "s",
            "HERALD_TOKEN_KEY": run("slack", "new-key").stdout.strip(),
            "HERALD_SLACK_PUBLIC_URL": "https://herald.example.org",
            "HERALD_DATA_DIR": str(environment / "data" / "herald"),
        }
        for name, value in many.items():
            monkeypatch.setenv(name, value)
        result = run("slack", "rotate-keys")
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == "0 tokens are sealed with the first key of HERALD_TOKEN_KEY now.\n"

    def test_without_a_key_there_is_nothing_to_rotate(self, environment: Path) -> None:
        """Told in one line."""
        result = run("slack", "rotate-keys")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "HERALD_TOKEN_KEY" in result.stderr
