"""Around what Herald sends: who says it and when, as every chat platform has it."""

from __future__ import annotations

from markupsafe import Markup

from adapters.preview.markup import EMPTY, tag

__all__ = ["ASKER", "HERALD", "face", "message"]

ASKER, HERALD = "robin", "Herald"


def message(who: str, when: str, *parts: Markup, above: Markup = EMPTY, kind: str = "message") -> Markup:
    """A message in a channel.

    Args:
        above: what stands over the name.
        kind: the classes of the element.
    """
    badge = tag("span", "APP", class_="badge") if who == HERALD else EMPTY
    head = tag("header", tag("b", who), badge, tag("time", when))
    return tag("article", above, face(who), tag("div", head, *parts, class_="body"), class_=kind)


def face(who: str) -> Markup:
    """Somebody's picture."""
    return tag("span", who[0].upper(), class_=f"face {who.lower()}", aria_hidden="true")
