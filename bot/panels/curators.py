"""Curators: each command, button and form of theirs, with who may do it checked at each; the same on every platform."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

import structlog

from bot import ids, notices
from bot.completion import Completions
from bot.curation import past, statistics
from bot.curation.asked import group_id, key_of
from bot.errors import CurationError, KnowledgeError, StoreError, in_words
from bot.extras import there
from bot.fitting import clip
from bot.host import Host
from bot.ids import Press
from bot.office import Office
from bot.panels import history, inbox
from bot.panels.forms import form_of
from bot.panels.history import Restore
from bot.panels.inbox import Seat
from bot.panels.model import Action, Caller, Form, Option, Panel

__all__ = ["ACTIONS", "Curators", "group_named", "press"]

_NOTHING: Mapping[str, str] = MappingProxyType({})
_DAYS = 30
_OFFERED = 25
_GROUP = re.compile("[0-9a-f]{10}")
_OF_A_GROUP = frozenset({"asked", "find", "teach", "entry", "gap", "drop", "undo"})
_REFUSED = "That can't be done"


class Curators:
    """Serves those who look after Herald."""

    def __init__(self, host: Host, office: Office | None) -> None:
        self.host = host
        self._office = office

    def form(self, press: Press) -> Form | None:
        """The form that a button opens, at once; None for all else. For admins only: ask ``Caller.admin`` before."""
        return form_of(press, self.host.knowledge) if self._office else None

    async def open(self, caller: Caller, press: Press, typed: Mapping[str, str] = _NOTHING) -> Panel:
        """Serves a command, a press or a form that was sent; whatever can't be done is told in its panel.

        Args:
            press: one of :data:`ACTIONS`; of a command by :func:`press`.
            typed: what was filled into a form, by the names of its fields.
        """
        if not await caller.admin():
            return Panel(notices.FORBIDDEN)
        if self._office is None:
            return Panel(notices.STORE_OFF)
        serve = ACTIONS.get(press.action) if press.version == ids.VERSION else None
        if serve is None:
            return Panel(notices.OUTDATED)
        return await _tried(serve(Work(self.host, self._office, caller, press, typed)), press, typed)

    async def waiting(self, caller: Caller, typed: str) -> list[Option]:
        """Questions of the inbox to complete what an admin types; the values are ids of groups."""
        if self._office is None or not await caller.admin():
            return []
        try:
            page = await self._office.inbox.page(1, 100)
        except StoreError:
            return []
        words = typed.casefold().split()
        groups = [group for group in page.groups if all(word in group.question.casefold() for word in words)]
        return [Option(group.id, clip(group.question, 100)) for group in groups[:_OFFERED]]


class Work:
    """One thing that an admin wants."""

    def __init__(self, host: Host, office: Office, caller: Caller, press: Press, typed: Mapping[str, str]) -> None:
        self.host, self.office, self.caller, self.press, self.typed = host, office, caller, press, typed

    @property
    def seat(self) -> Seat:
        """The group that it is about."""
        return Seat.read(self.press.rest)

    @property
    def completions(self) -> Completions:
        """The entries that may be shown there."""
        return self.host.completions(age_restricted=self.caller.age_restricted)

    @property
    def number(self) -> int:
        """The page or the number that it is about."""
        return ids.number(self.press.rest, 1)


async def _inbox(work: Work) -> Panel:
    if not work.office.journal.records:
        return Panel(notices.NOT_KEPT, "Inbox")
    return inbox.page_panel(await work.office.inbox.page(work.number, inbox.PAGE))


async def _asked(work: Work) -> Panel:
    """A group, chosen from the menu of a page, or by a button that leads back to it."""
    seat = Seat(work.press.value, work.number) if work.press.value else work.seat
    group = await work.office.inbox.group(seat.group)
    knowledge, allowed = work.host.knowledge, work.caller.age_restricted
    return inbox.group_panel(group, seat.page, knowledge, age_restricted=allowed)


async def _find(work: Work) -> Panel:
    words = work.typed.get("words", "")
    return inbox.found(work.seat, work.completions.questions(words), words)


async def _teach(work: Work) -> Panel:
    """Of a menu; or of a command, where the question may be typed, and so may the entry."""
    seat, entry = work.seat, work.press.value
    commanded = work.press.rest == seat.group  # a menu tells its page, too; what it offered may be gone by now
    if commanded and entry not in work.host.knowledge.entries:
        found = work.completions.questions(entry)
        if len(found) != 1:
            raise CurationError(f"Which entry? {len(found) or 'None'} of them fit. Pick one of those that are offered.")
        entry = found[0].entry
    done = await work.office.teacher.teach(seat.group, entry, work.caller.who)
    return inbox.taught(done, work.host.knowledge, seat)


async def _entry(work: Work) -> Panel:
    question, answer, source = (work.typed.get(name, "").strip() for name in ("question", "answer", "source"))
    done = await work.office.teacher.new_entry(work.seat.group, question, answer, source, work.caller.who)
    return inbox.taught(done, work.host.knowledge, work.seat)


async def _gap(work: Work) -> Panel:
    """A gap that was chosen from the menu, or one of its own with the line of the form."""
    line, who = work.typed.get("line", "").strip(), work.caller.who
    done = await work.office.teacher.gap(work.seat.group, who, line=line, of=work.press.value)
    return inbox.settled(done, work.host.knowledge, work.seat)


async def _drop(work: Work) -> Panel:
    return inbox.dismissed(await work.office.teacher.dismiss(work.seat.group, work.caller.who), work.seat)


async def _undo(work: Work) -> Panel:
    question = await work.office.teacher.undo(work.seat.group, work.caller.who)
    show = Action(ids.button("asked", work.seat), "Show it", "strong")
    return Panel(f"“{question}” is in the inbox again.", "Taken back", ((show, work.seat.back),))


async def _stats(work: Work) -> Panel:
    days = min(max(ids.number(work.press.rest, _DAYS), 1), statistics.LONGEST)
    found = await work.office.statistics.last(days)
    picture = await work.office.statistics.chart(found) if there("matplotlib") else b""
    return Panel("", f"The last {days} days" if days > 1 else "Today", report=statistics.render(found), picture=picture)


async def _past(work: Work) -> Panel:
    """Why an answer was given that a platform's name of a message, or an id, stands for."""
    found = await work.office.past.find(work.press.rest)
    return Panel("", "Why this answer", report=past.render(found)) if found else Panel(notices.NO_ANSWER)


async def _history(work: Work) -> Panel:
    """A page; a number beyond the last gives the last."""
    versions = work.office.publisher.versions
    total = await versions.count()
    page = min(max(work.number, 1), history.pages_of(total))
    return history.history_panel(await versions.history(page, history.PAGE), page, total)


async def _version(work: Work) -> Panel:
    """What a version changed, chosen from the menu of a page."""
    number, versions = ids.number(work.press.value), work.office.publisher.versions
    found = await versions.get(number)
    if found is None:
        raise CurationError(f"There is no version {number}; the history shows which there are.")
    return history.version_panel(found, await _current(work), work.number)


async def _rollback(work: Work) -> Panel:
    """What going back would change; it takes a second press."""
    current = await _current(work)
    return history.preview_panel(work.number, current, await work.office.publisher.preview(work.number))


async def _restore(work: Work) -> Panel:
    """Goes back, unless something else went into service since the preview."""
    wanted = Restore.read(work.press.rest)
    if await _current(work) != wanted.before:
        raise CurationError("Another version went into service since that preview. Look at a new one first.")
    done = await work.office.publisher.rollback(wanted.number, work.caller.who)
    return history.restored_panel(wanted.number, done)


async def _current(work: Work) -> int:
    """Number of the version in service; 0 before the first."""
    found = await work.office.publisher.versions.current()
    return found.number if found else 0


ACTIONS: Mapping[str, Callable[[Work], Awaitable[Panel]]] = MappingProxyType(
    {
        "inbox": _inbox,
        "asked": _asked,
        "find": _find,
        "teach": _teach,
        "entry": _entry,
        "gap": _gap,
        "drop": _drop,
        "undo": _undo,
        "stats": _stats,
        "past": _past,
        "history": _history,
        "version": _version,
        "rollback": _rollback,
        "restore": _restore,
    }
)
"""What admins do, by the action of a press. No platform may use these names for anything else."""


async def _tried(work: Awaitable[Panel], press: Press, typed: Mapping[str, str]) -> Panel:
    """What came of some work, or why it can't be done."""
    try:
        return await work
    except CurationError as error:
        return Panel(str(error), _REFUSED, _back(press), report=_kept(typed))
    except KnowledgeError as error:
        report = "\n".join([str(error), _kept(typed)]).strip()
        return Panel("Nothing was changed.", _REFUSED, _back(press), report=report)
    except StoreError as error:
        structlog.get_logger().warning("store down", error=in_words(error))
        return Panel(notices.STORE_DOWN, rows=_back(press), report=_kept(typed))


def press(action: str, rest: object = "", value: str = "") -> Press:
    """A command as if it were a press."""
    return Press(ids.VERSION, action, str(rest), value)


def group_named(written: str) -> str:
    """The group that is meant by its id, or by a question of it in words."""
    return written if _GROUP.fullmatch(written) else group_id(key_of(written))


def _kept(typed: Mapping[str, str]) -> str:
    """What was filled in, so that it needn't be written again."""
    return "\n".join(f"{name}: {text}" for name, text in typed.items() if text.strip())


def _back(press: Press) -> tuple[tuple[Action, ...], ...]:
    """A way on after what couldn't be done."""
    if press.action == "restore":
        number = Restore.read(press.rest).number
        return ((Action(ids.button("rollback", number), "Look again", "strong"),),)
    if press.action not in _OF_A_GROUP:
        return ()
    seat = Seat.read(press.rest)
    if press.action == "asked":
        return ((Seat("", ids.number(press.rest, 1) if press.value else seat.page).back,),)
    return ((Action(ids.button("asked", seat), "Back to the question"), seat.back),)
