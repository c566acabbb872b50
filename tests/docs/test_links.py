"""Every link of a document leads somewhere, and every document can be found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.support import DOCS, DOCUMENTS, anchors
from tests.test_project import ROOT


def lost(path: Path, text: str) -> list[str]:
    """Links to a file, or a heading of one, that isn't there."""
    found = [link.partition("#") for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text)]
    return [
        "".join(link)
        for link in found
        if not (target := (path.parent / link[0] if link[0] else path)).exists()
        or (link[2] and link[2] not in anchors(target))
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """To a file of the project, and to a heading that it has."""
    assert lost(path, path.read_text("utf-8")) == []


def test_a_link_that_leads_nowhere_would_be_seen() -> None:
    """A file or a heading that isn't there."""
    text = (
        "[a](docs/none.md) [b](docs/slack.md#none) [c](#none) [d](docs/slack.md#another-key) [e](https://none.example)"
    )
    assert lost(ROOT / "README.md", text) == ["docs/none.md", "docs/slack.md#none", "#none"]


def test_the_readme_leads_to_every_document() -> None:
    """None is left to be found by chance."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [path.name for path in DOCS.iterdir() if f"](docs/{path.name})" not in readme] == []
