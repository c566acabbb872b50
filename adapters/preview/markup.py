"""HTML made of escaped parts: whatever is no markup is text, wherever it comes from."""

from __future__ import annotations

from markupsafe import Markup

__all__ = ["BREAK", "EMPTY", "lines", "link", "tag", "unknown"]

BREAK, EMPTY = Markup("<br>"), Markup("")


def tag(element: str, *children: str, **attributes: str) -> Markup:
    """An element with its children.

    Args:
        children: markup, or text, which is escaped.
        attributes: their values, which are escaped; an underscore in a name stands for a hyphen, behind it for nothing.
    """
    written = [
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items()
    ]
    whole = {"element": element, "attributes": Markup("").join(written), "children": Markup("").join(children)}
    return Markup("<{element}{attributes}>{children}</{element}>").format(**whole)


def lines(text: str) -> Markup:
    """Text with its line breaks."""
    return BREAK.join(text.split("\n"))


def link(address: str, *children: str) -> Markup:
    """A link; one that leads to no web page is unknown, as no platform makes a link of it."""
    if not address.startswith(("https://", "http://")):
        return unknown(f"link to {address}")
    return tag("a", *children, href=address, rel="noopener noreferrer")


def unknown(what: str) -> Markup:
    """A mark for all to see in place of what can't be drawn."""
    return tag("mark", f"unknown: {what}", class_="unknown")
