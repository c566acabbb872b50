"""The page: each platform's drawing in light and dark, in one file that loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Protocol

from markupsafe import Markup

from adapters.preview.exchange import Exchange
from adapters.preview.markup import tag

__all__ = ["THEMES", "Platform", "page", "stylesheet"]

THEMES = ("light", "dark")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Platform(Protocol):
    """What one platform draws."""

    @property
    def name(self) -> str:
        """The platform, as people call it."""

    @property
    def style(self) -> str:
        """Its style sheet, in which all is below the class of its name in lower case."""

    def draw(self, exchanges: Sequence[Exchange]) -> Markup:
        """The conversation, drawn from what the adapter would send."""


def page(exchanges: Sequence[Exchange], platforms: Sequence[Platform]) -> str:
    """The whole page as HTML."""
    shown = [
        tag("section", tag("h2", f"{platform.name}, {theme}"), drawn, class_=f"{platform.name.lower()} {theme}")
        for platform in platforms
        for drawn in [platform.draw(exchanges)]
        for theme in THEMES
    ]
    style = "\n".join([stylesheet(__package__), *(platform.style for platform in platforms)])
    title = f"Herald: {exchanges[0].question}" if exchanges else "Herald"
    return _WHOLE.format(policy=_POLICY, title=title, style=Markup(style), body=tag("main", *shown))  # noqa: S704 - ours


def stylesheet(package: str) -> str:
    """The style sheet that is beside a package's modules."""
    return files(package).joinpath("preview.css").read_text("utf-8")


_WHOLE = Markup("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
""")
