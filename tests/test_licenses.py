"""What Herald installs, and under which licenses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import licenses
from tests.test_project import ROOT

NOTICE = (ROOT / "NOTICE").read_text("utf-8")


def test_the_notice_is_complete() -> None:
    """Each package of the runtime's lock with the license that it tells itself: run make notice."""
    assert licenses.noticed(NOTICE) == NOTICE
    assert len(licenses.names()) > 50


def test_nobody_who_runs_herald_takes_on_duties() -> None:
    """No license that would reach over to Herald; MPL reaches no further than its own files."""
    assert re.findall(r".*\b[AL]?GPL.*", NOTICE) == []


def test_a_package_that_is_missing_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that tells no license, too."""
    lock = tmp_path / "lock"
    lock.write_text("no-such-package==1.0 \\\n    --hash=sha256:0\n", "utf-8")
    found = licenses.names(lock)
    assert found == ["no-such-package"]
    monkeypatch.setattr(licenses, "names", lambda: found)
    with pytest.raises(LookupError, match="no-such-package"):
        licenses.listed()
