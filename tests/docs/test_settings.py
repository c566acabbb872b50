"""Every setting is described, and no document names another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.support import DOCUMENTS, document
from tests.test_project import ROOT, VARIABLES


def test_the_reference_names_every_setting_and_no_other() -> None:
    """Each has a row of the table."""
    rows = re.findall(r"^\| `([A-Z_]+)` \|", document("reference.md"), re.M)
    assert sorted(rows) == sorted(VARIABLES)


def test_the_reference_tells_the_defaults() -> None:
    """Those of .env.example, where they are words or numbers."""
    example = dict(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.M))
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", document("reference.md"), re.M))
    assert told == {name: example[name] for name in told}
    assert [name for name, value in example.items() if value and "URL" not in name and name not in told] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_settings_that_are_named_exist(path: Path) -> None:
    """No document names a variable that Herald refuses."""
    named = re.findall(r"\b(?:HERALD|DISCORD|SLACK)_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))
    assert set(named) - set(VARIABLES) == set()


def test_security_tells_what_to_do_when_any_secret_leaks() -> None:
    """Each has a row."""
    secrets = [name for name in VARIABLES if re.search(r"TOKEN|SECRET|KEY|DATABASE_URL", name)]
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "SECURITY.md").read_text("utf-8"), re.M)
    assert sorted(rows) == sorted(secrets)
