"""A home folder that Herald may not look into, where certificates for PostgreSQL are looked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

_CODE = """
import asyncio, os, sys
from bot.errors import StoreDownError, StoreError
from bot.settings import read_settings
from bot.store.together import open_shared

async def enter():
    async with open_shared(read_settings()):
        print("entered")

asyncio.run(enter())  # and all is imported, for which another user may have no rights
os.environ["HOME"] = sys.argv[1]
if os.geteuid() == 0:
    os.setuid(65534)
try:
    asyncio.run(enter())
except StoreDownError:
    print("goes on without")
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("how", ["", "?ssl=prefer"])
def test_it_ends_with_one_line(database_url: URL, backend: str, tmp_path: Path, how: str) -> None:
    """What can't be looked at, and what to do; it won't be there in a moment, as a database may be that is down."""
    if backend == "sqlite":
        pytest.skip("no certificates are looked for")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    written = database_url.set(drivername="postgresql").render_as_string(hide_password=False) + how
    environment = {**os.environ, "HOME": str(tmp_path), "HERALD_DATABASE_URL": written}
    command = [sys.executable, "-c", _CODE, str(closed)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert len(said) == 2
    assert said[0] == "entered"
    assert f"Herald may not read {closed}/.postgresql/postgresql." in said[1]
    assert "set HOME" in said[1]
    assert done.stderr == ""
