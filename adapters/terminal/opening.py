"""What commands begin with: settings, logging, Herald. What is heavy is imported for use: --help needs none of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.herald import Herald
    from bot.service import Service
    from bot.settings import Settings

__all__ = ["herald", "service", "settings"]


def settings(folder: Path | None = None) -> Settings:
    """The settings, with logging set up by them; ``folder`` goes before their knowledge base."""
    from adapters.terminal.console import prepare_streams
    from adapters.terminal.logs import configure
    from bot.settings import read_settings

    prepare_streams()
    found = read_settings()
    configure(found.log_level, found.log_format)
    return found.model_copy(update={"knowledge_dir": folder}) if folder else found


def service(settings: Settings) -> Service:
    """What builds Herald; tells the operator where that is without the encoder."""
    from adapters.terminal.console import tell
    from bot.service import open_service

    return open_service(settings, tell)


def herald(settings: Settings, by: Service | None = None) -> Herald:
    """Herald over the knowledge base of the settings; a bar shows where that takes long."""
    from adapters.terminal.console import waiting
    from adapters.terminal.logs import opened

    began = time.perf_counter()
    with waiting() as progress:
        made = (by or service(settings)).herald(progress)
    opened(made, time.perf_counter() - began)
    return made
