"""The inbox in the terminal: what it lists, and what a curator's lines do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.terminal.inbox import EMPTY, HELP, Commands, Session, _talk, listing
from bot.curation.inbox import Group, Page
from bot.curation.teaching import Taught
from bot.errors import CurationError
from bot.host import Host
from bot.reply import Choice

NEAR = (Choice("director", "who directed Low Tide"), Choice("music", "who wrote the music"))
GROUP = Group("0123456789", "who painted it", 5, 1, ("painter",), NEAR, "slack", 1_795_000_000.0, 2)
LONE = Group("abcdefabcd", "why\x1b[31m so", 1, 0, (), (), "discord", 1_795_000_000.0)
PAGE = Page((GROUP, LONE), 1, 2, 7)
TAUGHT = Taught("who painted it", "director", 2, 1, "v2")


class Teacher:
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []

    async def teach(self, group: str, entry: str, who: str) -> Taught:
        if entry == "none":
            raise CurationError("There is no entry 'none'.")
        self.done.append(("teach", group, entry, who))
        return TAUGHT

    async def new_entry(self, group: str, question: str, answer: str, source: str, who: str) -> Taught:
        if source == "none":
            raise CurationError("There is no source 'none'.")
        self.done.append(("new", group, question, answer, source, who))
        return TAUGHT

    async def gap(self, group: str, who: str, *, line: str = "", of: str = "") -> Taught:
        self.done.append(("gap", group, line, of, who))
        return replace(TAUGHT, phrasings=1, told=0)

    async def dismiss(self, group: str, who: str) -> str:
        self.done.append(("dismiss", group, who))
        return GROUP.question

    async def undo(self, group: str, who: str) -> str:
        self.done.append(("undo", group, who))
        return GROUP.question


class Inbox:
    """Two pages, the second empty in all but number."""

    async def page(self, number: int = 1, size: int = 5) -> Page:
        return replace(PAGE, number=min(max(number, 1), 2))


class Office:
    """As much of an office as a session needs."""

    def __init__(self) -> None:
        self.inbox, self.teacher = Inbox(), Teacher()


class Curator:
    """Types these lines, or leaves by a key.

    Attributes:
        offered: what stood there each time before anything was typed.
    """

    def __init__(self, *lines: str | type[BaseException]) -> None:
        self.offered: list[str] = []
        self._lines = iter(lines)

    async def ask(self, label: str, typed: str) -> str:
        self.offered.append(typed)
        line = next(self._lines)
        if not isinstance(line, str):
            raise line
        return line


async def at_work(office: Office, curator: Curator) -> Session:
    made = Session(office, curator.ask)  # type: ignore[arg-type]
    await made.open()
    return made


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def session(office: Office) -> Session:
    """With its first page open; questions get these lines in order."""
    return await at_work(office, Curator("What colour?", "Blue.", "harbor-report"))


class TestListing:
    def test_a_group_tells_what_a_curator_needs(self) -> None:
        """How often, where and when it was asked, other wordings, near entries, who waits."""
        first, facts, also, near, *_ = listing(PAGE).splitlines()
        assert first == "  1. who painted it"
        assert facts.strip().startswith("asked 5 times, last on 2026-11-1")
        assert facts.endswith("on slack, a choice picked once, 2 waiting to be told")
        assert (also.strip(), near.strip()) == ("also: painter", "near: director (who directed Low Tide)")

    def test_nothing_that_a_terminal_obeys_gets_through(self) -> None:
        """Questions are what members typed."""
        assert "why[31m so" in listing(PAGE)

    def test_an_empty_inbox_says_so(self) -> None:
        """In a line."""
        assert listing(Page((), 1, 1, 0)) == EMPTY


class TestSession:
    @pytest.mark.parametrize(
        ("line", "done"),
        [
            ("teach 1 director", ("teach", GROUP.id, "director", "terminal")),
            ("T 2 music", ("teach", LONE.id, "music", "terminal")),
            ("new 1", ("new", GROUP.id, "What colour?", "Blue.", "harbor-report", "terminal")),
            ("gap 1", ("gap", GROUP.id, "What colour?", "", "terminal")),
            ("gap 1 editor", ("gap", GROUP.id, "", "editor", "terminal")),
            ("dismiss 2", ("dismiss", LONE.id, "terminal")),
        ],
    )
    async def test_a_line_does_what_it_says(
        self, session: Session, office: Office, line: str, done: tuple[str, ...]
    ) -> None:
        """And shows the page as it is then; undo takes it back."""
        said = await session.obey(line)
        assert office.teacher.done == [done]
        assert said is not None
        assert "7 questions waiting, page 1 of 2." in said
        said = await session.obey("undo")
        assert office.teacher.done[1] == ("undo", done[1], "terminal")
        assert 'In the inbox again: "who painted it".' in str(said)
        assert "Nothing was done here" in str(await session.obey("undo"))

    async def test_who_will_be_told_is_said(self, session: Session) -> None:
        """Beside the version that is in service."""
        assert "director has 2 phrasings more, in service as version v2; 1 who wait will be told." in str(
            await session.obey("teach 1 director")
        )

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("teach", "1 to 2"),
            ("teach 0 director", "1 to 2"),
            ("teach 3 director", "1 to 2"),
            ("teach one director", "1 to 2"),
            ("teach 1", "Which entry?"),
            ("teach 1 none", "There is no entry 'none'."),
            ("sing", "There is no sing."),
            ("undo", "Nothing was done here"),
        ],
    )
    async def test_what_cannot_be_done_is_told(self, session: Session, office: Office, line: str, said: str) -> None:
        """And the session goes on."""
        assert said in str(await session.obey(line))
        assert office.teacher.done == []

    async def test_pages_turn(self, session: Session) -> None:
        """By a word or its beginning."""
        assert "page 2 of 2" in str(await session.obey("next"))
        assert "page 1 of 2" in str(await session.obey("b"))

    async def test_help_and_leaving(self, session: Session) -> None:
        """As everywhere."""
        assert await session.obey("help") == HELP
        assert await session.obey("quit") is None


class TestAsking:
    async def test_what_is_refused_is_offered_again(self, office: Office) -> None:
        """All that was typed, until the question is settled."""
        curator = Curator("What colour?", "Blue.", "none", "What colour?", "Blue.", "harbor-report", "", "", "")
        session = await at_work(office, curator)
        said = await session.obey("new 1")
        assert said == "There is no source 'none'. What you typed is kept: the same command offers it again."
        assert office.teacher.done == []
        await session.obey("new 1")
        assert office.teacher.done == [("new", GROUP.id, "What colour?", "Blue.", "harbor-report", "terminal")]
        await session.obey("new 1")
        assert curator.offered == ["", "", "", "What colour?", "Blue.", "none", "", ""]

    async def test_another_question_gets_nothing_of_it(self, office: Office) -> None:
        """Each keeps its own."""
        curator = Curator("What colour?", "Blue.", "none", KeyboardInterrupt)
        session = await at_work(office, curator)
        await session.obey("new 1")
        await session.obey("new 2")
        assert curator.offered[-1] == ""

    @pytest.mark.parametrize(
        ("line", "typed"),
        [
            ("new 1", [KeyboardInterrupt]),
            ("new 1", ["", "Blue.", EOFError]),
            ("new 1", ["", " "]),
            ("new 1", ["", "Blue.", ""]),
            ("gap 1", [KeyboardInterrupt]),
        ],
    )
    async def test_who_leaves_is_back_at_the_list(
        self, office: Office, line: str, typed: list[str | type[BaseException]]
    ) -> None:
        """By Ctrl-C, Ctrl-D, or an empty line where one is needed; nothing is done."""
        said = await (await at_work(office, Curator(*typed))).obey(line)
        assert str(said).startswith("Nothing was done.\n\n7 questions waiting, page 1 of 2.")
        assert office.teacher.done == []

    async def test_ctrl_c_at_the_terminal(self, office: Office, host: Host, capsys: pytest.CaptureFixture[str]) -> None:
        """It leaves what is asked for, and not the inbox; an answer stands there again."""
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            keys.send_text("new 1\r\rBlue.\r\x03new 1\r\r\rharbor-report\rquit\r")
            await _talk(office, host)  # type: ignore[arg-type]
        assert "Nothing was done." in capsys.readouterr().out
        assert office.teacher.done == [("new", GROUP.id, "", "Blue.", "harbor-report", "terminal")]


class TestCompletion:
    @pytest.mark.parametrize(
        ("typed", "first"), [("te", "teach"), ("teach 1 directed", "director"), ("t 1 who wrote the mu", "music")]
    )
    def test_commands_and_entries_are_completed(self, host: Host, typed: str, first: str) -> None:
        """Entries by what their questions say."""
        found = Commands(host).get_completions(Document(typed), CompleteEvent())
        assert next(iter(found)).text == first

    def test_numbers_are_the_curators(self, host: Host) -> None:
        """Nothing is offered for them."""
        assert not list(Commands(host).get_completions(Document("teach 1"), CompleteEvent()))
