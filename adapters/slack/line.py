"""A line in front of each channel: who asked first is answered first, whoever's answer is ready before."""

from __future__ import annotations

import asyncio

__all__ = ["Line", "Lines"]


class Line:
    """A place in a line, taken when a question comes."""

    def __init__(self, before: asyncio.Future[None] | None) -> None:
        self._before = before
        self.left: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def first(self) -> None:
        """Returns when nobody is before."""
        if self._before:
            await asyncio.wait([self._before])  # which leaves it alone where the waiting is given up

    def leave(self) -> None:
        """Lets those behind go on, as soon as those before have left, too."""
        if self._before and not self._before.done():
            self._before.add_done_callback(lambda _: self._leave())
        else:
            self._leave()

    def _leave(self) -> None:
        self._before = None  # or a channel that is never quiet would keep all of its past
        if not self.left.done():
            self.left.set_result(None)


class Lines:
    """The lines of all channels."""

    def __init__(self) -> None:
        self._last: dict[str, Line] = {}

    def enter(self, channel: str) -> Line:
        """Takes a place behind all others."""
        last = self._last.get(channel)
        line = Line(last.left if last else None)
        self._last[channel] = line
        line.left.add_done_callback(lambda _: self._forget(channel, line))
        return line

    def _forget(self, channel: str, line: Line) -> None:
        if self._last.get(channel) is line:
            del self._last[channel]
