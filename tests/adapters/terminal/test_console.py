"""What is told to the operator, and the bar that shows long work."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from adapters.terminal import console


class TestWaiting:
    def test_a_bar_appears_where_work_takes_long(self) -> None:
        """It tells what is being done."""
        file = io.StringIO()
        with console.waiting(Console(file=file, force_terminal=True, width=80), patience=0.01) as progress:
            progress("encoding", 0.5)
            time.sleep(0.3)
        assert "encoding" in file.getvalue()

    @pytest.mark.parametrize("patience", [60.0, None])
    def test_quick_work_and_pipes_get_none(self, patience: float | None) -> None:
        """Nothing at all is written: the work is done before, or there is no terminal (None here)."""
        file = io.StringIO()
        screen = Console(file=file, force_terminal=patience is not None)
        with console.waiting(screen, patience=patience or 0.0) as progress:
            progress("encoding", 0.5)
            time.sleep(0.05)
        assert file.getvalue().strip("\n") == ""
