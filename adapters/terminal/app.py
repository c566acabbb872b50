"""The conversation in the terminal: what a line means, and the loops that read lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import platformdirs
from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich.console import Console, RenderableType
from rich.text import Text

from adapters.terminal import render
from adapters.terminal import why as reasons
from adapters.terminal.completion import COMMANDS, Suggestions
from bot.conversation import Context, Conversations, Turn
from bot.herald import Herald
from bot.knowledge.suggest import did_you_mean
from bot.reply import Choice, Reply
from bot.topics import GROUP_NAMES, GROUPS, Topics
from bot.typed import quote_wanted
from bot.why import Why

__all__ = ["Chat", "Said", "answer_pipe", "talk", "talk_here"]

Said = Reply | Why | str

FAREWELL = "Goodbye."
_LISTED = 12  # topics of a group
_COMMAND = re.compile(r"^:([a-z]+)(?:\s+(.*))?$", re.S)


class Chat:
    """One conversation: the turns so far, and the choices that a bare number picks from."""

    def __init__(self, herald: Herald, *, age_restricted: bool = False) -> None:
        self._herald = herald
        self._age_restricted = age_restricted
        self._conversations = Conversations()
        self._choices: tuple[Choice, ...] = ()
        self._asked = ""
        self._before: tuple[Turn, ...] = ()  # the question
        self._quoted = False
        self._picked: Choice | None = None

    def say(self, line: str) -> Said | None:
        """What comes of one line: a reply, reasons or a note; None to leave."""
        text = line.strip()
        command = _COMMAND.match(text)
        if command:
            return self._obey(command[1], (command[2] or "").strip())
        if self._choices and text.isascii() and text.isdigit():
            return self._pick(int(text[:9]))
        self._asked = text
        with self._context() as context:
            self._before = context.turns
            return self._heard(self._herald.ask(text, context, age_restricted=self._age_restricted))

    def _context(self) -> AbstractContextManager[Context]:
        return self._conversations.open("here")

    def _heard(self, reply: Reply) -> Reply:
        self._choices, self._picked, self._quoted = reply.choices, None, reply.kind == "quote"
        return reply

    def _pick(self, number: int) -> Said:
        # The choices stay: whoever picked the wrong one picks again.
        if not 0 < number <= len(self._choices):
            return f"There is no choice {number}: type 1 to {len(self._choices)}, or ask something else."
        self._picked = self._choices[number - 1]
        with self._context() as context:
            return self._herald.entry(self._picked.entry, context, age_restricted=self._age_restricted)

    def _obey(self, command: str, rest: str) -> Said | None:
        if command == "quit":
            return None
        if command == "why":
            return self._why(rest)
        if command == "quote":
            return self._quote(*quote_wanted(rest, self._herald.snapshot.quotes.speakers))
        if command == "topics":
            return "\n".join(self._topics(rest)) or "Nothing here is called so; :topics alone lists what there is."
        if command == "help":
            return "\n".join(f"{usage:<30} {what}" for usage, what in COMMANDS.values())
        return f"There is no :{command}; {did_you_mean(command, COMMANDS) or 'type :help for those there are.'}"

    def _quote(self, speaker: str | None, about: str | None) -> Reply:
        self._asked = ""  # no question, so that there is nothing to weigh
        with self._context() as context:
            return self._heard(self._herald.quote(speaker, about, context, age_restricted=self._age_restricted))

    def _why(self, rest: str) -> Said:
        question = rest or self._asked
        if not question:
            return "Ask something first, or type :why and a question."
        match = self._herald.why(question, () if rest else self._before)
        return Why(match, self._herald.snapshot.matcher.compiled.calibration, "" if rest else self._lead())

    def _lead(self) -> str:
        """What was done other than answering the question as it stands, or nothing."""
        if self._picked:
            return f'You picked {self._picked.entry} ({self._picked.question}); it was offered for "{self._asked}":'
        return "Somebody's words were asked for, and quoted. As a plain question it weighs:" if self._quoted else ""

    def _topics(self, wanted: str) -> Iterator[str]:
        """Of each group what there is most of, by its name."""
        topics = Topics(self._herald.snapshot.knowledge, self._age_restricted)
        for group in GROUPS:
            found = [s for s in topics.subjects(group) if s.size and wanted.casefold() in s.name.casefold()][:_LISTED]
            yield from [f"{GROUP_NAMES[group]}:"] if found else []
            yield from (f"  {subject.name} ({subject.counts})" for subject in found)


def answer_pipe(chat: Chat, lines: Iterable[bytes]) -> None:
    """Answers questions a line each in plain text, with an empty line after each reply; blank lines are passed over."""
    for line in lines:
        text = line.decode("utf-8", "replace").removeprefix("\ufeff")
        if not text.strip():
            continue
        said = chat.say(text)
        if said is None:
            return
        print(_plain(said), end="\n\n", flush=True)


def talk(chat: Chat, prompt: PromptSession[str], console: Console) -> None:
    """Talks until the member leaves, by :quit, Ctrl-C or Ctrl-D."""
    while True:
        try:
            line = prompt.prompt("› ")
            said = chat.say(line) if line.strip() else ""
        except (EOFError, KeyboardInterrupt):
            break
        if said is None:
            break
        if said:
            console.print(_pretty(said))
            console.print()
    console.print(FAREWELL)


def talk_here(herald: Herald, *, age_restricted: bool = False) -> None:
    """Talks on the standard streams: with a prompt on a terminal, a line each from and to a pipe or file."""
    chat = Chat(herald, age_restricted=age_restricted)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        answer_pipe(chat, sys.stdin.buffer)
        return
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(_welcome(herald))
    prompt: PromptSession[str] = PromptSession(
        history=_users_history(),
        completer=Suggestions(herald.snapshot.knowledge, age_restricted=age_restricted),
        complete_in_thread=True,
    )
    talk(chat, prompt, console)


def _welcome(herald: Herald) -> Text:
    knowledge = herald.snapshot.knowledge
    counts = f"{len(knowledge.entries):,} questions and {len(knowledge.quotes):,} quotes"
    return Text(f"Herald knows the answers to {counts}. Ask away; :help lists the commands, Ctrl-D leaves.\n", "dim")


def _users_history() -> History:
    try:
        return _history(Path(platformdirs.user_data_dir("herald")))
    except RuntimeError:  # no home folder is known
        return InMemoryHistory()


def _history(folder: Path) -> History:
    """What was typed before; kept in memory alone where the folder can't be written."""
    path = folder / "history"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database may come to lie there
        path.touch(mode=0o600)
        path.open("ab").close()
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)


def _plain(said: Said) -> str:
    if isinstance(said, Reply):
        return render.plain(said)
    return reasons.plain(said) if isinstance(said, Why) else render.clean(said)


def _pretty(said: Said) -> RenderableType:
    if isinstance(said, Reply):
        return render.pretty(said)
    return reasons.pretty(said) if isinstance(said, Why) else Text(render.clean(said))
