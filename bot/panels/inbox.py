"""The inbox as panels: a page of groups, a group with what can be done about it, and what came of that; pure."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator

from bot import ids
from bot.curation.inbox import Group, Page
from bot.curation.teaching import Taught
from bot.fitting import clip
from bot.knowledge.model import KnowledgeBase, may_show
from bot.matching import text
from bot.panels.model import Action, Menu, Option, Panel, Row
from bot.reply import Choice

__all__ = [
    "PAGE",
    "Seat",
    "dismissed",
    "found",
    "group_panel",
    "page_panel",
    "settled",
    "taught",
    "turns",
    "when",
]

PAGE = 5
"""Groups on a page."""

_LABEL = 100
_SHOWN, _LINE = 5, 150
_GAPS = 10
_TELLING = 3  # letters of a word that says something


class Seat:
    """Which group of the inbox a button is about, and the page to go back to: "0123456789.2"."""

    __slots__ = ("group", "page")

    def __init__(self, group: str, page: int = 1) -> None:
        self.group, self.page = group, page

    def __str__(self) -> str:
        return f"{self.group}.{self.page}"

    @classmethod
    def read(cls, rest: str) -> Seat:
        """What a button carries; the first page where it says none."""
        group, _, page = rest.partition(".")
        return cls(group, ids.number(page, 1))

    @property
    def back(self) -> Action:
        """To the page."""
        return Action(ids.button("inbox", self.page), "Back to the inbox")

    @property
    def undo(self) -> Action:
        """Takes back what was done last."""
        return Action(ids.button("undo", self), "Undo")


def page_panel(page: Page) -> Panel:
    """A page of the inbox: the questions, and a menu to pick one."""
    if not page.groups:
        return Panel("Nothing waits: every question that was asked is answered, or was settled.", "Inbox")
    first = (page.number - 1) * PAGE + 1
    lines = [f"{number}. {_summary(group)}" for number, group in enumerate(page.groups, first)]
    options = tuple(Option(group.id, clip(group.question, _LABEL), _counts(group)) for group in page.groups)
    title = f"Inbox: {_many(page.waiting, 'question waits', 'questions wait')}{_of(page.number, page.pages)}"
    menu = Menu(ids.select("asked", page.number), "Pick a question to settle", options)
    return Panel("\n".join(lines), title, _rows((menu,), turns("inbox", page.number, page.pages)))


def group_panel(group: Group, page: int, kb: KnowledgeBase, *, age_restricted: bool) -> Panel:
    """A group: how it was asked, what comes near, and what can be done about it."""
    seat = Seat(group.id, page)
    near = [choice for choice in group.near if _allowed(kb, choice, age_restricted=age_restricted)]
    teach = _menu("teach", seat, "Teach: it is another way to ask …", map(_entry, near))
    gaps = _menu("gap", seat, "Not in the sources: it asks for a known gap …", _near_gaps(kb, group.question))
    more = (
        Action(ids.button("find", seat), "Another entry …", "plain" if near else "strong"),
        Action(ids.button("entry", seat), "New entry …"),
        Action(ids.button("gap", seat), "Not in the sources …"),
        Action(ids.button("drop", seat), "Dismiss"),
        seat.back,
    )
    return Panel("\n".join(_told(group)), clip(f"“{group.question}”", 500), _rows(teach, gaps, more))


def found(seat: Seat, choices: Iterable[Choice], typed: str) -> Panel:
    """Entries that fit the words of a curator, to teach one of them."""
    menu = _menu("teach", seat, "Teach: it is another way to ask …", map(_entry, choices))
    text = f"Entries for “{clip(typed, 100)}”:" if menu else f"No entry has “{clip(typed, 100)}”. Try other words."
    buttons = (Action(ids.button("find", seat), "Other words …"), Action(ids.button("asked", seat), "Back"))
    return Panel(text, "Another entry", _rows(menu, buttons))


def taught(done: Taught, kb: KnowledgeBase, seat: Seat) -> Panel:
    """That a group's questions are phrasings of an entry now."""
    entry = kb.entries.get(done.target)
    whose = f"“{entry.question}” ({done.target})" if entry else done.target
    return _done("Taught", f"“{done.question}” is answered by {whose} from now on.", done, seat)


def settled(done: Taught, kb: KnowledgeBase, seat: Seat) -> Panel:
    """That the sources don't say."""
    gap = kb.gaps.get(done.target)
    line = f" It gets: “{gap.line}”" if gap else ""
    return _done(
        "Not in the sources", f"“{done.question}” belongs to the gap {done.target} from now on.{line}", done, seat
    )


def dismissed(question: str, seat: Seat) -> Panel:
    """That a group won't be shown again."""
    return Panel(f"“{question}” is out of the inbox for good.", "Dismissed", ((seat.undo, seat.back),))


def _done(title: str, line: str, done: Taught, seat: Seat) -> Panel:
    others = done.phrasings - 1
    more = f" {_many(others, 'other way', 'other ways')} of asking it came along." if others > 0 else ""
    told = f" {_many(done.told, 'member', 'members')} who wanted to know will be told." if done.told else ""
    return Panel(f"{line}{more}{told}\nKnowledge base {done.version}.", title, ((seat.undo, seat.back),))


def _near_gaps(kb: KnowledgeBase, question: str) -> list[Option]:
    """The gaps that have rare words in common with a question, the nearest first."""
    phrasings = {gap.id: _words(" ".join(gap.questions)) for gap in kb.gaps.values()}
    frequency = Counter(word for words in phrasings.values() for word in words)
    asked = _words(question)
    weights = {name: sum(1 / frequency[word] for word in words & asked) for name, words in phrasings.items()}
    ranked = sorted((name for name, weight in weights.items() if weight), key=lambda name: (-weights[name], name))
    return [
        Option(name, clip(kb.gaps[name].questions[0], _LABEL), clip(kb.gaps[name].line, _LABEL))
        for name in ranked[:_GAPS]
    ]


def turns(action: str, page: int, pages: int) -> tuple[Action, ...]:
    """Buttons to the page before and after, where there is more than one."""
    if pages == 1:
        return ()
    # A button that leads nowhere still needs an id that no other one has.
    before = Action(ids.button(action, page - 1), "Previous", disabled=page <= 1)
    return before, Action(ids.button(action, page + 1), "Next", disabled=page >= pages)


def when(at: float) -> str:
    """A time, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at))


def _rows(*rows: Row | tuple[()]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row)


def _menu(action: str, seat: Seat, placeholder: str, options: Iterable[Option]) -> tuple[Menu] | tuple[()]:
    made = tuple(options)
    return (Menu(ids.select(action, seat), placeholder, made),) if made else ()


def _entry(choice: Choice) -> Option:
    return Option(choice.entry, clip(choice.question, _LABEL), clip(choice.entry, _LABEL))


def _summary(group: Group) -> str:
    return f"{clip(group.question, _LINE)}\n{_counts(group)}, last on {group.platform} {when(group.last)}"


def _counts(group: Group) -> str:
    picks = f", {_many(group.picks, 'pick', 'picks')}" if group.picks else ""
    ways = f", {len(group.others) + 1} ways" if group.others else ""
    return f"asked {_many(group.asked, 'time', 'times')}{picks}{ways}"


def _told(group: Group) -> Iterator[str]:
    yield f"{_counts(group)[0].upper()}{_counts(group)[1:]}, last on {group.platform} {when(group.last)}."
    if group.others:
        yield "Also asked as:"
        yield from (f"• {clip(other, _LINE)}" for other in group.others[:_SHOWN])
        if len(group.others) > _SHOWN:
            yield f"• and {len(group.others) - _SHOWN} more"


def _allowed(kb: KnowledgeBase, choice: Choice, *, age_restricted: bool) -> bool:
    entry = kb.entries.get(choice.entry)
    return entry is not None and may_show(entry, age_restricted=age_restricted)


def _words(raw: str) -> set[str]:
    return {word for word in text.words(text.fold(raw)) if len(word) >= _TELLING}


def _many(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _of(page: int, pages: int) -> str:
    return f" — page {page} of {pages}" if pages > 1 else ""
