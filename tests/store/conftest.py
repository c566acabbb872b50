"""Fixtures of tests of the store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy.engine import URL

from tests import postgres
from tests.postgres import Server, upgraded


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL that a test may stop, start and freeze."""
    with postgres.server(tmp_path_factory.mktemp("own-postgresql")) as running:
        if running.binaries is None:
            pytest.skip("HERALD_TEST_DATABASE_URL names a server that isn't ours to stop")
        yield running


@pytest.fixture
def own_url(own_server: Server) -> Iterator[URL]:
    """An empty database there, with the newest schema."""
    url = own_server.database()
    asyncio.run(upgraded(url))
    yield url
    own_server.drop(url)
