"""One typed settings object from the environment (``HERALD_*`` and the platforms' tokens) and a ``.env`` file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import envfile
from bot.errors import SettingsError
from bot.keys import sealing_keys, together
from bot.knowledge.suggest import did_you_mean
from bot.variables import (
    DatabaseUrl,
    Folder,
    Host,
    HttpsUrl,
    Numbers,
    PublicUrl,
    Secret,
    SlackChannel,
    SlackChannels,
    SlackGroup,
    SlackMembers,
    SlackTeams,
    WssUrl,
)

__all__ = ["PREFIX", "Settings", "read_settings", "shipped_knowledge", "variable"]

PREFIX = "HERALD_"
_OWN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "discord_token": "DISCORD_TOKEN",
        "slack_bot_token": "SLACK_BOT_TOKEN",
        "slack_app_token": "SLACK_APP_TOKEN",
        "slack_signing_secret": "SLACK_SIGNING_SECRET",
        "slack_client_id": "SLACK_CLIENT_ID",
        "slack_client_secret": "SLACK_CLIENT_SECRET",
    }
)


class Settings(BaseSettings):
    """Everything an operator may set; :func:`variable` tells each field's variable.

    Made from its arguments alone: :func:`read_settings` is the one place that reads the environment.
    """

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    knowledge_dir: Folder | None = Field(
        default=None, description="Folder of the knowledge base; empty for the shipped one."
    )
    precision: float = Field(
        default=0.95, gt=0.5, lt=1, description="Share of given answers that must be right, between 0.5 and 1."
    )
    encoder: bool = Field(default=True, description="Use the sentence encoder; false runs on the lexical half alone.")
    encoder_dir: Folder | None = Field(
        default=None,
        description="Folder with model.onnx and tokenizer.json of another encoder; empty for the packaged one.",
    )
    cache_dir: Folder | None = Field(
        default=None, description="Where compiled indexes are kept; empty for the user's cache."
    )
    data_dir: Folder | None = Field(
        default=None, description="Where the database is kept that is used by default; empty for the user's data."
    )
    database_url: DatabaseUrl | None = Field(
        default=None,
        description="Database: postgresql://user:password@host/name for several processes; empty for a SQLite file.",
    )
    record_questions: bool = Field(
        default=True, description="Keep the questions that weren't answered, to be taught; false keeps counts only."
    )
    retention_days: int = Field(default=180, ge=1, description="Days after which what was asked is deleted.")
    watch: bool = Field(default=False, description="Reload by itself when a file of the knowledge base changes.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="console, or json for programs that read logs."
    )
    http_port: int | None = Field(
        default=None, ge=1, le=65535, description="Port for /livez, /readyz and /metrics; empty for none."
    )
    http_host: Host = Field(default="127.0.0.1", description="Address to listen at for these; 0.0.0.0 for all.")
    member_questions: int = Field(default=5, ge=1, description="Questions that a member may ask at once.")
    channel_questions: int = Field(default=30, ge=1, description="Questions that a channel's members may ask at once.")
    cooldown_seconds: float = Field(
        default=10.0, gt=0, allow_inf_nan=False, description="Seconds in which these come back, one by one."
    )
    discord_token: Secret | None = Field(default=None, description="Token of the Discord bot; empty for none.")
    discord_home: Numbers = Field(
        default=(),
        description="Ids of servers whose managers may use /herald, with commas; empty for those of the bot's owner.",
    )
    discord_admin_roles: Numbers = Field(
        default=(), description="Ids of the roles that may use /herald besides, with commas."
    )
    discord_admin_channel: int | None = Field(
        default=None, ge=1, description="Id of the channel where admins are told of problems; empty for none."
    )
    discord_shard_ids: Numbers = Field(
        default=(), description="Shards of this process, with commas; empty for all. Needs HERALD_DISCORD_SHARD_COUNT."
    )
    discord_shard_count: int | None = Field(
        default=None, ge=1, description="Shards of all processes together; empty to ask Discord."
    )
    discord_api_url: HttpsUrl = Field(
        default="https://discord.com/api/v10", description="Address of Discord's API: https, or a loopback host."
    )
    discord_gateway_url: WssUrl = Field(
        default="wss://gateway.discord.gg/", description="Address of Discord's gateway: wss, or a loopback host."
    )
    slack_bot_token: Secret | None = Field(default=None, description="Bot token of the Slack app (xoxb-...).")
    slack_app_token: Secret | None = Field(
        default=None,
        description="App-level token (xapp-...) for Socket Mode; with it no address of one's own is needed.",
    )
    slack_signing_secret: Secret | None = Field(
        default=None, description="Signing secret of the Slack app, for events by HTTP in place of Socket Mode."
    )
    slack_client_id: str | None = Field(
        default=None,
        pattern=r"^[\w.-]+$",
        description="Client id of the Slack app, to be installed by many workspaces.",
    )
    slack_client_secret: Secret | None = Field(default=None, description="Client secret of the Slack app.")
    slack_public_url: PublicUrl | None = Field(
        default=None, description="Where Slack and browsers reach Herald (https://herald.example.org), for installing."
    )
    token_key: Annotated[SecretStr, AfterValidator(sealing_keys)] | None = Field(
        default=None, description="Keys that tokens are sealed with in the database, with commas; the first one seals."
    )
    slack_port: int = Field(default=3000, ge=1, le=65535, description="Port for events by HTTP.")
    slack_home: SlackTeams = Field(
        default=(),
        description="Where many workspaces install Herald: ids of those from which it is looked after, with commas.",
    )
    slack_admins: SlackMembers = Field(
        default=(), description="Ids of members who may use /herald besides admins and owners, with commas."
    )
    slack_admin_group: SlackGroup | None = Field(
        default=None, description="Id of a user group whose members may use /herald too."
    )
    slack_admin_channel: SlackChannel | None = Field(
        default=None, description="Id of the channel where admins are told of problems; empty for none."
    )
    slack_explicit_channels: SlackChannels = Field(
        default=(), description="Ids of the channels where explicit material may be shown, with commas."
    )
    slack_auto_channels: SlackChannels = Field(
        default=(), description="Ids of the channels where questions need no mention, with commas."
    )
    slack_api_url: HttpsUrl = Field(
        default="https://slack.com/api/", description="Address of Slack's Web API: https, or a loopback host."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leaves the sources out that would read the environment a second time, by other rules."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @model_validator(mode="after")
    def _shards(self) -> Settings:
        if self.discord_shard_ids and max(self.discord_shard_ids) >= (self.discord_shard_count or 0):
            raise ValueError("HERALD_DISCORD_SHARD_COUNT must be above every one of HERALD_DISCORD_SHARD_IDS")
        return self

    @model_validator(mode="after")
    def _deliveries(self) -> Settings:
        if self.slack_client_id:
            names = ("slack_client_secret", "slack_signing_secret", "token_key", "slack_public_url")
            beside = {variable(name): getattr(self, name) for name in names}
            one = {variable(name): getattr(self, name) for name in ("slack_bot_token", "slack_app_token")}
            together("SLACK_CLIENT_ID", beside, one)
        elif self.slack_client_secret or self.slack_public_url:
            raise ValueError("SLACK_CLIENT_SECRET and HERALD_SLACK_PUBLIC_URL need SLACK_CLIENT_ID beside them")
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise ValueError(
                "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside it"
            )
        return self

    @property
    def knowledge_folder(self) -> Path:
        """The folder of the knowledge base in use."""
        return self.knowledge_dir or shipped_knowledge()

    @property
    def cache_folder(self) -> Path:
        """The folder for caches; it may be missing. Raises a SettingsError where none is set and no home is known."""
        return self.cache_dir or _users(platformdirs.user_cache_dir, "HERALD_CACHE_DIR")

    @property
    def data_folder(self) -> Path:
        """The folder for what is to be kept; the same holds."""
        return self.data_dir or _users(platformdirs.user_data_dir, "HERALD_DATA_DIR")

    @property
    def database(self) -> str | Path:
        """The address of the database, with its password; or the file of that which Herald makes for itself."""
        return self.database_url.get_secret_value() if self.database_url else self.data_folder / "herald.db"


def shipped_knowledge() -> Path:
    """The knowledge base that comes with Herald: beside the code in a checkout, inside the package when installed."""
    package = Path(__file__).parent
    installed = package / "shipped_knowledge"
    return installed if installed.is_dir() else package.parent / "knowledge"


def _users(find: Callable[[str], str], variable: str) -> Path:
    """A folder of the user; a container's user may have no home."""
    try:
        return Path(find("herald"))
    except RuntimeError:
        raise SettingsError(f"No home folder is known: set HOME or {variable}") from None


def variable(field: str) -> str:
    """The variable that a field of the settings is read from."""
    return _OWN_NAMES.get(field, PREFIX + field.upper())


def read_settings(environment: Mapping[str, str | None] | None = None) -> Settings:
    """Reads the settings; an empty variable is the same as none.

    Args:
        environment: the variables; the process's own and those of ``.env`` by default.

    Raises:
        SettingsError: one line naming every unknown or malformed variable, or malformed line of ``.env``.
    """
    fields = {variable(name): name for name in Settings.model_fields}
    given = {key: value for key, value in _variables(environment).items() if key.startswith(PREFIX) or key in fields}
    unknown = [key for key in given if key not in fields]
    if unknown:
        raise SettingsError("; ".join(f"{key} is unknown ({_suggestion(key)})" for key in unknown))
    try:
        return Settings.model_validate({fields[key]: value for key, value in given.items() if value})
    except ValidationError as error:
        raise SettingsError("; ".join(map(_complaint, error.errors(include_url=False)))) from None


def _variables(environment: Mapping[str, str | None] | None) -> Mapping[str, str | None]:
    if environment is not None:
        return environment
    return {**_written(Path(".env")), **os.environ}


def _written(path: Path) -> Mapping[str, str | None]:
    # A folder may be called so, too, and that where Herald starts may be closed to its user.
    text = envfile.read(path) if os.access(path, os.F_OK) and not path.is_dir() else ""
    return envfile.values(text)


def _suggestion(key: str) -> str:
    # Compared without the prefix, which would make any two variables look alike.
    near = did_you_mean(key.removeprefix(PREFIX), [name.upper() for name in Settings.model_fields])
    return near.replace("'", f"'{PREFIX}", 1) or "see .env.example"


def _complaint(detail: Mapping[str, object]) -> str:
    place = detail["loc"]
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not (isinstance(place, tuple) and place):
        return message  # about several variables, which it names
    field = str(place[0])
    secret = "SecretStr" in str(Settings.model_fields[field].annotation)
    given = "" if secret else f"={detail['input']!r}"
    return f"{variable(field)}{given}: {message[:1].lower()}{message[1:]}"
