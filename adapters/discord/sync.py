"""Telling Discord of the commands: only when they changed, as it allows few such calls a day."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from discord import app_commands

__all__ = ["digest", "sync"]


def digest(tree: app_commands.CommandTree[Any], api: str) -> str:
    """Of all commands as they would be sent, and of the address they would be sent to."""
    payload = sorted((command.to_dict(tree) for command in tree.get_commands()), key=lambda command: command["name"])
    return hashlib.sha256(json.dumps([api, payload], sort_keys=True, default=str).encode()).hexdigest()


async def sync(tree: app_commands.CommandTree[Any], application: int, folder: Path, api: str) -> bool:
    """Sends the commands if they aren't those sent last; returns whether they were sent.

    Args:
        folder: where the digest of those sent last is kept; one that can't be written means sending at each start.
    """
    path, wanted = folder / f"discord-commands-{application}.sha256", digest(tree, api)
    if _read(path) == wanted:
        return False
    await tree.sync()
    structlog.get_logger().info("commands sent", platform="discord")
    _write(path, wanted)
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _write(path: Path, sent: str) -> None:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{sent}\n", "utf-8")
