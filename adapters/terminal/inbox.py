"""``herald inbox``: what wasn't answered, and what to do with it, in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from adapters.terminal.render import clean
from bot.curation.inbox import Group, Page
from bot.curation.teaching import Taught
from bot.errors import CurationError, HeraldError
from bot.host import Host
from bot.office import Office, open_office
from bot.settings import Settings

__all__ = ["Session", "listing", "serve"]

Ask = Callable[[str, str], Awaitable[str]]
"""Asks the curator for one line, by a label; what comes second stands there to be changed."""

WHO = "terminal"
OFF = "Questions aren't kept (HERALD_RECORD_QUESTIONS=false)."
EMPTY = "Nothing waits in the inbox."
HELP = """\
teach N ENTRY   the question becomes a phrasing of an entry (an id; Tab completes it)
new N           a new entry; asks for question, answer and source (Ctrl-C or an empty one: not now)
gap N [GAP]     not in the sources: a gap of its own, or a phrasing of one that is there
dismiss N       takes it out of the inbox
undo            takes back what was done last
next, back      turn the page
quit            leaves; so does Ctrl-D"""
_HINT = "teach N ENTRY, new N, gap N, dismiss N, undo, next, back, quit; help tells more."
_CANCELLED = "Nothing was done."
_KEPT = "What you typed is kept: the same command offers it again."
_ALL = 500  # groups; more than that aren't read
_COMMANDS = ("teach", "new", "gap", "dismiss", "undo", "next", "back", "help", "quit")


def listing(page: Page, first: int = 1) -> str:
    """A page as plain text; its groups are numbered from ``first``."""
    if not page.groups:
        return EMPTY
    return clean("\n".join(line for number, group in enumerate(page.groups, first) for line in _lines(number, group)))


def _lines(number: int, group: Group) -> Iterator[str]:
    yield f"{number:>3}. {group.question}"
    yield f"     {', '.join(_facts(group))}"
    if group.others:
        yield f"     also: {'; '.join(group.others)}"
    yield from (f"     near: {choice.entry} ({choice.question})" for choice in group.near[:3])


def _facts(group: Group) -> Iterator[str]:
    last = datetime.fromtimestamp(group.last).astimezone()
    yield f"asked {_times(group.asked)}, last on {last:%Y-%m-%d} on {group.platform}"
    if group.picks:
        yield f"a choice picked {_times(group.picks)}"
    if group.waits:
        yield f"{group.waits} waiting to be told"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


class _CancelledError(CurationError):
    """The curator thought better of what was being asked for."""


class Session:
    """A curator at work: the page that is open, and what was done."""

    def __init__(self, office: Office, ask: Ask) -> None:
        self._office = office
        self._ask = ask
        self._page = Page((), 1, 1, 0)
        self._done: list[str] = []
        self._typed: dict[str, dict[str, str]] = {}  # of each group, for the next try

    async def open(self, number: int = 1) -> str:
        """A page as it now is.

        Raises:
            StoreError: the database can't be used just now.
        """
        self._page = await self._office.inbox.page(number)
        if not self._page.groups:
            return EMPTY
        count = f"{self._page.waiting} question{'' if self._page.waiting == 1 else 's'} waiting"
        return f"{count}, page {self._page.number} of {self._page.pages}.\n\n{listing(self._page)}\n\n{_HINT}"

    async def obey(self, line: str) -> str | None:
        """What comes of a line; None to leave. Whatever can't be done is told."""
        word, *rest = line.split()
        found = [command for command in _COMMANDS if command.startswith(word.lower())]
        if len(found) != 1:
            return f"There is no {word}. {_HINT}"
        try:
            return await self._do(found[0], rest)
        except HeraldError as error:
            return clean(str(error))

    async def _do(self, command: str, rest: list[str]) -> str | None:
        if command == "quit":
            return None
        if command == "help":
            return HELP
        if command in ("next", "back"):
            return await self.open(self._page.number + (1 if command == "next" else -1))
        if command == "undo":
            return await self._undo()
        try:
            done = await self._settle(command, self._group(rest[:1]), rest[1:])
        except _CancelledError as cancelled:
            done = str(cancelled)
        return clean(f"{done}\n\n{await self.open(self._page.number)}")

    def _group(self, rest: list[str]) -> Group:
        groups = self._page.groups
        if not rest or not rest[0].isdecimal() or not 0 < int(rest[0][:9]) <= len(groups):
            raise CurationError(f"Which question? Give its number, 1 to {len(groups)}." if groups else EMPTY)
        return groups[int(rest[0]) - 1]

    async def _settle(self, command: str, group: Group, rest: list[str]) -> str:
        if command == "dismiss":
            question = await self._office.teacher.dismiss(group.id, WHO)
            self._done.append(group.id)
            return f'Dismissed: "{question}".'
        if command == "teach":
            if not rest:
                raise CurationError("Which entry? Give its id, such as that of one that is near.")
            done = await self._office.teacher.teach(group.id, rest[0], WHO)
        else:
            done = await (self._new(group) if command == "new" else self._gap(group, rest))
        self._done.append(group.id)
        self._typed.pop(group.id, None)
        return _taught(done)

    async def _gap(self, group: Group, rest: list[str]) -> Taught:
        if rest:
            return await self._office.teacher.gap(group.id, WHO, of=rest[0])
        line = await self._asked(group, "What members are told (empty: The sources don't say.)")
        return await _kept(self._office.teacher.gap(group.id, WHO, line=line))

    async def _new(self, group: Group) -> Taught:
        question = await self._asked(group, f"Question (empty: {group.question})")
        answer = await self._asked(group, "Answer", needed=True)
        source = await self._asked(group, "Source (its id or title)", needed=True)
        return await _kept(self._office.teacher.new_entry(group.id, question, answer, source, WHO))

    async def _asked(self, group: Group, label: str, *, needed: bool = False) -> str:
        """A line, with what was typed for it before; raises where there is none and one is needed, or at Ctrl-C."""
        typed = self._typed.setdefault(group.id, {})
        try:
            line = typed[label] = await self._ask(label, typed.get(label, ""))
        except (EOFError, KeyboardInterrupt):
            raise _CancelledError(_CANCELLED) from None
        if needed and not line.strip():
            raise _CancelledError(_CANCELLED)
        return line

    async def _undo(self) -> str:
        if not self._done:
            raise CurationError("Nothing was done here that could be taken back.")
        question = await self._office.teacher.undo(self._done[-1], WHO)
        self._done.pop()
        return clean(f'In the inbox again: "{question}".\n\n{await self.open(self._page.number)}')


async def _kept(settling: Awaitable[Taught]) -> Taught:
    """What comes of what was typed; where it is refused, that says how to get it back, too."""
    try:
        return await settling
    except HeraldError as error:
        raise CurationError(f"{error} {_KEPT}") from None


def _taught(done: Taught) -> str:
    told = f"; {done.told} who wait will be told" if done.told else ""
    count = "1 phrasing" if done.phrasings == 1 else f"{done.phrasings} phrasings"
    return f"{done.target} has {count} more, in service as version {done.version}{told}."


async def serve(settings: Settings, host: Host) -> None:
    """Serves a curator at the terminal until they leave; into a pipe, lists all that waits.

    What is in service is the business of ``herald run``: the files here may be drafts, and the settings others.

    Raises:
        StoreError: the database can't be used.
    """
    async with open_office(settings, host, serves=False) as office:
        if not office.journal.records:
            print(OFF)
        elif sys.stdin.isatty() and sys.stdout.isatty():
            await _talk(office, host)
        else:
            print(listing(await office.inbox.page(1, _ALL)))


async def _talk(office: Office, host: Host) -> None:
    prompt: PromptSession[str] = PromptSession(completer=Commands(host), complete_in_thread=True)
    plain: PromptSession[str] = PromptSession()
    session = Session(office, lambda label, typed: plain.prompt_async(f"{clean(label)}: ", default=typed))
    said: str | None = await session.open()
    try:
        while said is not None:
            print(said, end="\n\n")
            line = await prompt.prompt_async("inbox › ")
            said = await session.obey(line) if line.strip() else await session.open()
    except (EOFError, KeyboardInterrupt):
        return


class Commands(Completer):
    """Completes commands, and entries for ``teach`` by what their questions say."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What may be typed next."""
        del complete_event
        words = document.text_before_cursor.split(" ")
        if len(words) == 1:
            yield from (Completion(name, -len(words[0])) for name in _COMMANDS if name.startswith(words[0]))
        elif words[0][:1] == "t" and len(words) >= 3:  # noqa: PLR2004 - the command, the number, then the entry
            typed = " ".join(words[2:])
            for choice in self._host.completions(age_restricted=True).questions(typed.replace("-", " ")):
                yield Completion(choice.entry, -len(typed), display=f"{choice.entry}  {clean(choice.question)}")
