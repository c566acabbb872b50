"""/topics: pages to browse by event, person and theme; pure, as :mod:`adapters.discord.render`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from adapters.discord.render import Button, Payload, escape
from bot import ids
from bot.fitting import clip
from bot.panels.model import Menu, Option
from bot.topics import GROUP_NAMES, GROUPS, Group, Topics

__all__ = ["group_page", "start_page", "subject_page"]

_Item = TypeVar("_Item")
_PAGE = 25  # lines that a select takes
_LABEL = 100


def start_page() -> Payload:
    """Where browsing begins."""
    return Payload("What shall it be about? Pick a way to browse.", (_groups(None),))


def group_page(topics: Topics, group: str, page: int) -> Payload | None:
    """The subjects of a group; None where there is no such group."""
    known = _known(group)
    if known is None:
        return None
    subjects = topics.subjects(known)
    if not subjects:
        return Payload(f"**{GROUP_NAMES[known]}**: there is nothing here.", (_groups(known),))
    page, shown = _slice(subjects, page)
    options = tuple(Option(s.key, clip(s.name, _LABEL), s.counts) for s in shown)
    select = Menu(ids.select("sub", f"{known}.0."), f"{GROUP_NAMES[known]}: pick one", options)
    turns = _turns(len(subjects), page, lambda to: ids.button("group", f"{known}.{to}"))
    return _page(f"**{GROUP_NAMES[known]}**{_of(len(subjects), page)}", [(select,), turns, _groups(known)])


def subject_page(topics: Topics, group: str, key: str, page: int) -> Payload | None:
    """The questions on a subject, and a button for a quote; None where it is gone."""
    known, subject = _known(group), topics.subject(group, key)
    if known is None or subject is None:
        return None
    page, shown = _slice(subject.choices, page)
    options = tuple(Option(choice.entry, clip(choice.question, _LABEL)) for choice in shown)
    select = (Menu(ids.select("read", key), "Pick a question", options),) if options else ()
    turns = _turns(len(subject.choices), page, lambda to: ids.button("sub", f"{group}.{to}.{key}"))
    quote = (Button(ids.another(subject.request), "A quote", "💬"),) if subject.quotes and subject.request else ()
    back = Button(ids.button("group", f"{known}.{_page_of(topics.subjects(known), subject)}"), "Back", "↩️")
    return _page(f"**{escape(subject.name)}**{_of(len(subject.choices), page)}", [select, turns, (*quote, back)])


def _known(group: str) -> Group | None:
    return next((name for name in GROUPS if name == group), None)


def _page(title: str, rows: Sequence[tuple[Button | Menu, ...]]) -> Payload:
    return Payload(title, tuple(row for row in rows if row))


def _groups(current: Group | None) -> tuple[Button, ...]:
    return tuple(
        Button(ids.button("group", f"{group}."), name, strong=group == current) for group, name in GROUP_NAMES.items()
    )


def _slice(items: Sequence[_Item], page: int) -> tuple[int, Sequence[_Item]]:
    page = min(page, max(len(items) - 1, 0) // _PAGE)
    return page, items[page * _PAGE : (page + 1) * _PAGE]


def _page_of(items: Sequence[_Item], item: _Item) -> int:
    return items.index(item) // _PAGE if item in items else 0


def _turns(size: int, page: int, custom_id: Callable[[int], str]) -> tuple[Button, ...]:
    """Buttons to the page before and after, where there is more than one."""
    last = max(size - 1, 0) // _PAGE
    if not last:
        return ()
    before = Button(custom_id(max(page - 1, 0)), "Previous", "◀️", disabled=page == 0)
    # A button that leads nowhere still needs an id that no other one has.
    after = Button(custom_id(page + 1), "Next", "▶️", disabled=page == last)
    return before, after


def _of(size: int, page: int) -> str:
    pages = -(-size // _PAGE)
    return f" — page {page + 1} of {pages}" if pages > 1 else ""
