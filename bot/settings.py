"""One typed settings object from the environment (``HERALD_*``) and a ``.env`` file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import platformdirs
from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import SettingsError
from bot.knowledge.suggest import did_you_mean

__all__ = ["PREFIX", "Settings", "read_settings", "shipped_knowledge"]

PREFIX = "HERALD_"


class Settings(BaseSettings):
    """Everything an operator may set; each field is the variable ``HERALD_<NAME>``.

    Made from its arguments alone: :func:`read_settings` is the one place that reads the environment.
    """

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    knowledge_dir: Path | None = Field(
        default=None, description="Folder of the knowledge base; empty for the shipped one."
    )
    precision: float = Field(
        default=0.95, gt=0.5, lt=1, description="Share of given answers that must be right, between 0.5 and 1."
    )
    encoder: bool = Field(default=True, description="Use the sentence encoder; false runs on the lexical half alone.")
    encoder_dir: Path | None = Field(
        default=None,
        description="Folder with model.onnx and tokenizer.json of another encoder; empty for the packaged one.",
    )
    cache_dir: Path | None = Field(
        default=None, description="Where compiled indexes are kept; empty for the user's cache."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="DEBUG, INFO, WARNING or ERROR."
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

    @property
    def knowledge_folder(self) -> Path:
        """The folder of the knowledge base in use."""
        return self.knowledge_dir or shipped_knowledge()

    @property
    def cache_folder(self) -> Path:
        """The folder for caches; it may be missing."""
        return self.cache_dir or Path(platformdirs.user_cache_dir("herald"))


def shipped_knowledge() -> Path:
    """The knowledge base that comes with Herald: beside the code in a checkout, inside the package when installed."""
    package = Path(__file__).parent
    installed = package / "shipped_knowledge"
    return installed if installed.is_dir() else package.parent / "knowledge"


def read_settings(environment: Mapping[str, str | None] | None = None) -> Settings:
    """Reads the settings; an empty variable is the same as none.

    Args:
        environment: the variables; the process's own and those of ``.env`` by default.

    Raises:
        SettingsError: one line naming every unknown or malformed variable.
    """
    given = {key: value for key, value in _variables(environment).items() if key.startswith(PREFIX)}
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    unknown = [key for key in given if key not in known]
    if unknown:
        raise SettingsError("; ".join(f"{key} is unknown ({_suggestion(key)})" for key in unknown))
    try:
        return Settings.model_validate(
            {key.removeprefix(PREFIX).lower(): value for key, value in given.items() if value}
        )
    except ValidationError as error:
        raise SettingsError("; ".join(map(_complaint, error.errors(include_url=False)))) from None


def _variables(environment: Mapping[str, str | None] | None) -> Mapping[str, str | None]:
    if environment is not None:
        return environment
    try:
        return {**dotenv_values(".env"), **os.environ}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env can't be read: {error}") from None


def _suggestion(key: str) -> str:
    # Compared without the prefix, which would make any two variables look alike.
    near = did_you_mean(key.removeprefix(PREFIX), [name.upper() for name in Settings.model_fields])
    return near.replace("'", f"'{PREFIX}", 1) or "see .env.example"


def _complaint(detail: Mapping[str, object]) -> str:
    place = detail["loc"]
    name = str(place[0]) if isinstance(place, tuple) and place else "?"
    message = str(detail["msg"])
    return f"{PREFIX}{name.upper()}={detail['input']!r}: {message[:1].lower()}{message[1:]}"
