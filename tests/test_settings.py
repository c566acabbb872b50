"""Settings are read once, in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, read_settings, shipped_knowledge

PLAIN = "must be a plain address: https://host, perhaps with a path"
KEY = "A" * 43 + "="
MANY = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "s",
    "SLACK_SIGNING_SECRET": "s",
    "HERALD_TOKEN_KEY": KEY,
    "HERALD_SLACK_PUBLIC_URL": "https://herald.example.org/",
}


class TestReading:
    def test_an_empty_environment_gives_the_defaults(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The process's own variables don't leak in beside those that are given."""
        monkeypatch.setenv("HERALD_ENCODER", "false")
        assert read_settings({}) == Settings()
        assert Settings().encoder

    def test_an_empty_variable_is_none(self) -> None:
        """An empty folder is the default one, and not the current one."""
        settings = read_settings({"HERALD_KNOWLEDGE_DIR": "", "HERALD_PRECISION": "", "HERALD_CACHE_DIR": None})
        assert settings == Settings()
        assert settings.knowledge_folder == shipped_knowledge()

    def test_an_empty_line_in_the_file_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The same holds for .env."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("HERALD_KNOWLEDGE_DIR", raising=False)
        (tmp_path / ".env").write_text("HERALD_KNOWLEDGE_DIR=\n", "utf-8")
        assert read_settings().knowledge_dir is None

    def test_the_environment_goes_before_the_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An empty variable of the environment hides that of the file too."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / ".env").write_text("HERALD_PRECISION=0.8\nHERALD_CACHE_DIR=here\nOTHER=x\n", "utf-8")
        monkeypatch.setenv("HERALD_PRECISION", "0.9")
        monkeypatch.setenv("HERALD_CACHE_DIR", "")
        settings = read_settings()
        assert (settings.precision, settings.cache_dir) == (0.9, None)

    def test_values_are_typed(self) -> None:
        """A path, a share, a switch and a level."""
        settings = read_settings(
            {"HERALD_ENCODER": "no", "HERALD_CACHE_DIR": "x/y", "HERALD_PRECISION": "0.9", "HERALD_LOG_LEVEL": "INFO"}
        )
        assert settings == Settings(encoder=False, cache_dir=Path("x/y"), precision=0.9, log_level="INFO")

    @pytest.mark.parametrize("name", ["KNOWLEDGE", "ENCODER", "CACHE", "DATA"])
    def test_a_folder_may_be_written_from_home(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No shell reads .env, and nobody wants a folder that is called ~."""
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv(f"HERALD_{name}_DIR", raising=False)
        (tmp_path / ".env").write_text(f"HERALD_{name}_DIR=~/herald\n", "utf-8")
        assert read_settings().model_dump()[f"{name.lower()}_dir"] == tmp_path / "herald"

    def test_a_token_has_the_platform_s_name(self) -> None:
        """And is never shown where settings are."""
        settings = read_settings({"DISCORD_TOKEN": "abc.def.ghi"})
        assert settings.discord_token
        assert settings.discord_token.get_secret_value() == "abc.def.ghi"
        assert "abc" not in repr(settings)

    @pytest.mark.parametrize("variable", ["DISCORD_TOKEN", "SLACK_SIGNING_SECRET"])
    def test_a_secret_may_end_with_a_line_break(self, variable: str) -> None:
        """As one does that was read from a file."""
        found = read_settings({variable: "abc\n"}).model_dump()[variable.lower()]
        assert found.get_secret_value() == "abc"

    def test_many_workspaces_take_five(self) -> None:
        """None of which is shown; the address is one to put paths behind."""
        settings = read_settings({**MANY, "HERALD_TOKEN_KEY": f"{KEY}, {KEY}"})
        assert settings.slack_public_url == "https://herald.example.org"
        assert KEY not in repr(settings)

    def test_lists_are_written_with_commas(self) -> None:
        """Spaces don't matter."""
        settings = read_settings({"HERALD_DISCORD_SHARD_IDS": "0, 2", "HERALD_DISCORD_SHARD_COUNT": "3"})
        assert (settings.discord_shard_ids, settings.discord_shard_count) == ((0, 2), 3)

    def test_ids_of_slack_s_and_addresses_to_listen_at(self) -> None:
        """Each kind begins with a letter of its own; a private channel may still have G, and a member W."""
        settings = read_settings(
            {"HERALD_SLACK_ADMINS": "U012AB3CD, W012AB3CD", "HERALD_SLACK_AUTO_CHANNELS": "G012AB"}
        )
        assert (settings.slack_admins, settings.slack_auto_channels) == (("U012AB3CD", "W012AB3CD"), ("G012AB",))
        for host in ("0.0.0.0", "::", "::1", "localhost", "herald_1.internal"):  # noqa: S104 - listening isn't tested
            assert read_settings({"HERALD_HTTP_HOST": host}).http_host == host

    @pytest.mark.parametrize(
        ("variable", "url"),
        [
            ("HERALD_DISCORD_API_URL", "https://proxy.example.org/api"),
            ("HERALD_DISCORD_API_URL", "http://127.0.0.1:8080/api"),
            ("HERALD_DISCORD_API_URL", "http://localhost/api"),
            ("HERALD_DISCORD_GATEWAY_URL", "wss://proxy.example.org/"),
            ("HERALD_DISCORD_GATEWAY_URL", "ws://[::1]:8080/"),
            ("HERALD_SLACK_API_URL", "https://proxy.example.org/api/"),
            ("HERALD_SLACK_API_URL", "http://127.0.0.1:8080/api/"),
        ],
    )
    def test_addresses_that_a_token_may_go_to(self, variable: str, url: str) -> None:
        """Encrypted ones, and this machine."""
        assert url in read_settings({variable: url}).model_dump().values()


class TestMistakes:
    @pytest.mark.parametrize(
        "variable", ["HERALD_DISCORD_API_URL", "HERALD_DISCORD_GATEWAY_URL", "HERALD_SLACK_API_URL"]
    )
    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/", "ws://example.org/", "http://localhost.example.org/", "ws://127.0.0.1.example.org/",
            "ws://10.0.0.1/", "http://0.0.0.0/", "discord.com", "https://", "http://[", "file:///etc",
        ],
    )  # fmt: skip
    def test_a_token_goes_nowhere_else(self, variable: str, url: str) -> None:
        """The line says what may be written."""
        with pytest.raises(SettingsError, match=rf"^{variable}="):
            read_settings({variable: url})

    @pytest.mark.parametrize(
        ("variables", "line"),
        [
            (
                {"HERALD_DISCORD_SHARD_IDS": "0,3", "HERALD_DISCORD_SHARD_COUNT": "3"},
                "HERALD_DISCORD_SHARD_COUNT must be above every one of HERALD_DISCORD_SHARD_IDS",
            ),
            (
                {"HERALD_DISCORD_SHARD_IDS": "1"},
                "HERALD_DISCORD_SHARD_COUNT must be above every one of HERALD_DISCORD_SHARD_IDS",
            ),
            (
                {"HERALD_MEMBER_QUESTIONS": "0"},
                "HERALD_MEMBER_QUESTIONS='0': input should be greater than or equal to 1",
            ),
            ({"HERALD_KNOWLEGE_DIR": "x"}, "HERALD_KNOWLEGE_DIR is unknown (did you mean 'HERALD_KNOWLEDGE_DIR'?)"),
            (
                {"SLACK_BOT_TOKEN": "xoxb-1"},
                "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside it",
            ),
            (
                {"SLACK_APP_TOKEN": "xapp 1", "SLACK_BOT_TOKEN": "xoxb-é"},
                "; ".join(
                    f"SLACK_{kind}_TOKEN: must have no spaces and only ASCII characters" for kind in ("BOT", "APP")
                ),
            ),
            ({"DISCORD_TOKEN": "abc.\ndef"}, "DISCORD_TOKEN: must have no spaces and only ASCII characters"),
            (
                {"SLACK_CLIENT_ID": "1.2"},
                f"SLACK_CLIENT_ID needs {', '.join(list(MANY)[1:4])} and HERALD_SLACK_PUBLIC_URL beside it",
            ),
            (
                {**MANY, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"},
                "SLACK_CLIENT_ID is for many workspaces, SLACK_BOT_TOKEN and SLACK_APP_TOKEN for one: set either",
            ),
            (
                {"SLACK_CLIENT_SECRET": "s"},
                "SLACK_CLIENT_SECRET and HERALD_SLACK_PUBLIC_URL need SLACK_CLIENT_ID beside them",
            ),
            (
                {**MANY, "HERALD_TOKEN_KEY": f"{KEY},secret"},
                "HERALD_TOKEN_KEY: key 2 is none: herald slack new-key prints one; several have commas between them",
            ),
            (
                {**MANY, "HERALD_SLACK_PUBLIC_URL": "https://herald.example.org/?a"},
                f"HERALD_SLACK_PUBLIC_URL='{MANY['HERALD_SLACK_PUBLIC_URL']}?a': {PLAIN}",
            ),
            (
                {"HERALD_DATA_DIR": "~nobody-here/data"},
                "HERALD_DATA_DIR='~nobody-here/data': the home folder of ~nobody-here isn't known",
            ),
            (
                {"HERALD_SLACK_EXPLICIT_CHANNELS": "C012AB3CD, #ops"},
                "HERALD_SLACK_EXPLICIT_CHANNELS='C012AB3CD, #ops': must be ids such as C012AB3CD, with commas between",
            ),
            (
                {"HERALD_SLACK_AUTO_CHANNELS": "general"},
                "HERALD_SLACK_AUTO_CHANNELS='general': must be ids such as C012AB3CD, with commas between",
            ),
            (
                {"HERALD_SLACK_ADMINS": "@anna, bob"},
                "HERALD_SLACK_ADMINS='@anna, bob': must be ids such as U012AB3CD, with commas between",
            ),
            (
                {"HERALD_SLACK_HOME": "acme.slack.com"},
                "HERALD_SLACK_HOME='acme.slack.com': must be ids such as T012AB3CD, with commas between",
            ),
            (
                {"HERALD_SLACK_ADMIN_GROUP": "@admins"},
                "HERALD_SLACK_ADMIN_GROUP='@admins': must be an id such as S012AB3CD",
            ),
            (
                {"HERALD_SLACK_ADMIN_CHANNEL": "OPS"},
                "HERALD_SLACK_ADMIN_CHANNEL='OPS': must be an id such as C012AB3CD",
            ),
            (
                {"HERALD_HTTP_HOST": "not a host"},
                "HERALD_HTTP_HOST='not a host': must be an address to listen at, such as 127.0.0.1, or 0.0.0.0 for all",
            ),
            ({"HERALD_ZZZ": ""}, "HERALD_ZZZ is unknown (see .env.example)"),
            ({"HERALD_": "x"}, "HERALD_ is unknown (see .env.example)"),
            ({"HERALD_encoder": "x"}, "HERALD_encoder is unknown (see .env.example)"),
            ({"HERALD_PRECISION": "2"}, "HERALD_PRECISION='2': input should be less than 1"),
            ({"HERALD_PRECISION": "nan"}, "HERALD_PRECISION='nan': input should be less than 1"),
            (
                {"HERALD_LOG_LEVEL": "info"},
                "HERALD_LOG_LEVEL='info': input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'",
            ),
        ],
    )
    def test_each_is_told_in_one_line(self, variables: dict[str, str], line: str) -> None:
        """With a suggestion where a name is near."""
        with pytest.raises(SettingsError) as error:
            read_settings(variables)
        assert str(error.value) == line

    def test_all_are_told_at_once(self) -> None:
        """One line, whatever the number."""
        with pytest.raises(SettingsError) as error:
            read_settings({"HERALD_PRECISION": "x", "HERALD_ENCODER": "perhaps"})
        assert "HERALD_PRECISION" in str(error.value)
        assert "HERALD_ENCODER" in str(error.value)
        assert "\n" not in str(error.value)

    @pytest.mark.usefixtures("homeless")
    def test_a_user_without_a_home_is_told_what_to_set(self) -> None:
        """Once a folder is needed that isn't set."""
        with pytest.raises(SettingsError, match=r"^No home folder is known: set HOME or HERALD_CACHE_DIR$"):
            _ = Settings().cache_folder
        with pytest.raises(SettingsError, match=r"^No home folder is known: set HOME or HERALD_DATA_DIR$"):
            _ = Settings().data_folder
        assert Settings(data_dir=Path("/data")).data_folder == Path("/data")

    def test_a_file_that_is_no_text_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Rather than a traceback."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / ".env").write_bytes(b"HERALD_CACHE_DIR=\xff\xfe\n")
        with pytest.raises(SettingsError, match=r"^\.env can't be read: "):
            read_settings()

    def test_a_malformed_line_of_the_file_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """By its number, and not by what it holds; nobody else complains of it."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / ".env").write_text("A=1\n\nDISCORD_TOKEN='abc.def\n", "utf-8")
        with pytest.raises(SettingsError, match=r"^\.env, line 3: write NAME=value, close every quote, ") as error:
            read_settings()
        assert "abc" not in str(error.value)
        assert caplog.records == []

    def test_a_folder_of_that_name_is_no_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Some keep their Python there."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / ".env").mkdir()
        assert isinstance(read_settings(), Settings)
