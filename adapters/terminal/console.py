"""Standard streams: what is told to the operator, and the bar that shows long work."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.terminal.render import clean
from bot.matching.compiled import Progress as Told

__all__ = ["emit", "prepare_streams", "tell", "waiting"]

_PATIENCE = 1.0  # seconds


def prepare_streams() -> None:
    """Lets a stream that can't write some character write a substitute, rather than end the run.

    One that is closed is empty, and takes what nobody will read.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - for as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def tell(line: str) -> None:
    """Tells the operator something on standard error."""
    print(clean(line), file=sys.stderr, flush=True)


def emit(line: str) -> None:
    """Writes a line in UTF-8, whatever the locale, and flushes it: JSON has no other encoding."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()


@contextmanager
def waiting(console: Console | None = None, patience: float = _PATIENCE) -> Iterator[Told]:
    """Yields a function to report progress to; a bar appears where work goes on ``patience`` seconds after it began.

    Args:
        console: where the bar goes; standard error by default. Only a terminal gets one.
    """
    console = console or Console(stderr=True, force_terminal=sys.stderr.isatty())
    if not console.is_interactive:
        yield lambda _what, _done: None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("", total=1.0)
    timer = Timer(patience, bar.start)
    timer.daemon = True

    def report(what: str, done: float) -> None:
        if timer.ident is None:  # work that nobody reports, such as reading files, gets no bar
            timer.start()
        bar.update(task, description=what, completed=done)

    try:
        yield report
    finally:
        _stop(timer, bar)


def _stop(timer: Timer, bar: Progress) -> None:
    if timer.ident is not None:
        timer.cancel()
        timer.join()  # so that the bar can't start after it was stopped
        bar.stop()
