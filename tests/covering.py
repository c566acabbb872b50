"""Branch coverage of bot and adapters by SlipCover: ``pytest -p tests.covering``, in one process or in xdist's workers.

SlipCover takes its probes out of the code once they were met. Coverage.py's tracer, which looks at every line of every
library as well, took 40 % of the tests' processor time; from Python 3.14 on it needs none either.
"""

from __future__ import annotations

import importlib.util
import json
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest
import slipcover
from slipcover.importer import SlipcoverLoader

__all__: list[str] = []

_ROOT = Path(__file__).parents[1]
_MEASURED = ("bot", "adapters")
_ENOUGH = 85.0  # percent of lines and branches
_UNCOUNTED = ("if TYPE_CHECKING:", "@overload", "raise NotImplementedError", r"assert_never\(")
_GIVEN = "covered"  # the key under which workers hand theirs in


class Covering:
    """Measures from now on; nothing that is measured may be imported yet.

    Attributes:
        found: what workers handed in, or this process measured.
    """

    def __init__(self) -> None:
        folders = [str(_ROOT / name) for name in _MEASURED]
        self.found: dict[str, Any] = {}
        self._slipcover = slipcover.Slipcover(branch=True, source=folders, exclude_also=list(_UNCOUNTED))
        self._measured = slipcover.FileMatcher(sources=folders)
        self._importing = slipcover.ImportManager(self._slipcover, self._measured)
        self._importing.__enter__()
        self._locate = importlib.util.spec_from_file_location
        importlib.util.spec_from_file_location = self._located  # by which Alembic loads migrations

    def _located(self, name: str, location: Any = None, **more: Any) -> ModuleSpec | None:
        found = self._locate(name, location, **more)
        if found and found.loader and self._measured.matches(found.origin):
            found.loader = SlipcoverLoader(self._slipcover, found.loader, str(found.origin))
        return found

    def add(self, measured: dict[str, Any]) -> None:
        """Adds what one process measured."""
        self.found = slipcover.merge_coverage(self.found, measured) if self.found else measured

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Takes what a worker measured."""
        if given := getattr(node, "workeroutput", {}).get(_GIVEN):
            self.add(json.loads(given))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hands over what a worker measured; where there are no workers it is this process's own."""
        output: dict[str, str] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_GIVEN] = json.dumps(self._slipcover.get_coverage())
        elif not self.found:
            self.add(self._slipcover.get_coverage())
        if self.found and self.percent < _ENOUGH and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Says what was not met, file by file."""
        if not self.found:
            return
        slipcover.print_coverage(self.found, outfile=terminalreporter, skip_covered=True, missing_width=80)
        verdict = "enough" if self.percent >= _ENOUGH else f"too little: {_ENOUGH:g} % is wanted"
        terminalreporter.write_line(f"Covered: {self.percent:.1f} % of lines and branches, {verdict}")

    @property
    def percent(self) -> float:
        """How much was met, of lines and branches together."""
        return float(self.found["summary"]["percent_covered"])


_covering = Covering()  # as soon as this is imported: conftest.py imports what is measured


def pytest_configure(config: pytest.Config) -> None:
    """Keeps what measures."""
    config.pluginmanager.register(_covering)
