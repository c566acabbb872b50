"""Ports of this machine for what tests start."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["held_port"]


@contextmanager
def held_port() -> Iterator[int]:
    """A port that only who is told of it will listen at, until the end of the block.

    A port that is merely free goes to the next process that asks for any, which may be the test beside this one. One
    that a socket is bound to is given to nobody, and may still be listened at with SO_REUSEADDR (which servers set)
    as long as nobody does, see socket(7).
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("", 0))
        yield int(holder.getsockname()[1])
