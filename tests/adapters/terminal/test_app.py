"""The conversation in the terminal: what a line means, from a pipe and at the prompt."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from adapters.terminal import app
from adapters.terminal.app import Chat, answer_pipe
from adapters.terminal.completion import COMMANDS
from bot.herald import Herald
from bot.reply import Reply
from bot.why import Why
from tests.adapters.support import LIGHT

NEAR = ["who made the lantern", "who did the noises and the score", "who hosted", "what is the story", "who made it"]


def replied(chat: Chat, line: str) -> Reply:
    said = chat.say(line)
    assert isinstance(said, Reply)
    return said


def offered(chat: Chat) -> Reply:
    """A reply with choices, for the first question that gets some."""
    return next(reply for reply in (replied(chat, question) for question in NEAR) if reply.choices)


class TestLines:
    def test_a_question_is_answered(self, chat: Chat) -> None:
        """A line that is no command is a question."""
        assert replied(chat, " host ").entry == "talk-host"

    def test_a_session_is_one_conversation(self, chat: Chat, herald: Herald) -> None:
        """A follow-up knows what came before, in this session and in no other."""
        replied(chat, "host")
        assert replied(chat, "who said that?").kind == "quote"
        assert replied(Chat(herald), "who said that?").kind != "quote"

    def test_a_number_picks_a_choice(self, chat: Chat) -> None:
        """It counts as if the choice had been clicked; another number picks another."""
        choices = offered(chat).choices
        picked = replied(chat, str(len(choices)))
        assert (picked.kind, picked.entry) == ("answer", choices[-1].entry)
        assert replied(chat, "1").entry == choices[0].entry

    @pytest.mark.parametrize("number", ["0", "9", "99999999999999999999"])
    def test_a_number_that_is_no_choice_is_told(self, chat: Chat, number: str) -> None:
        """Nothing is picked, and the choices stay."""
        offered(chat)
        said = chat.say(number)
        assert isinstance(said, str)
        assert "no choice" in said
        assert replied(chat, "1").kind == "answer"

    def test_choices_go_with_the_next_question(self, chat: Chat) -> None:
        """After an answer without choices a number is a question like any other."""
        offered(chat)
        replied(chat, "host")
        assert isinstance(chat.say("1"), Reply)

    @pytest.mark.parametrize("line", ["²", "٣", ":", ": quit", ":)", "1.5", "[bold]", "\x00", "\ud800", "x" * 40_000])
    def test_anything_may_be_typed(self, chat: Chat, line: str) -> None:
        """What is no command and no choice goes to Herald."""
        assert isinstance(chat.say(line), Reply)

    def test_explicit_material_needs_the_option(self, herald: Herald) -> None:
        """It is withheld by default."""
        assert replied(Chat(herald), "swearing").kind == "withheld"
        assert replied(Chat(herald, age_restricted=True), "swearing").kind == "answer"


class TestCommands:
    def test_why_weighs_the_last_question(self, chat: Chat) -> None:
        """Candidates come with their probability and the evidence that told most."""
        replied(chat, "who hosted the harbor talk")
        said = chat.say(":why")
        assert isinstance(said, Why)
        entry, probability, told = said.rows()[0]
        assert entry == "talk-host"
        assert 0 < float(probability) <= 1
        assert told.count("↑") + told.count("↓") == 4

    def test_why_of_a_follow_up_weighs_it_in_the_light_of_the_talk(self, chat: Chat) -> None:
        """As it was answered, and not as its words stand."""
        chat.say("host")
        reply = replied(chat, "and why?")
        said, alone = chat.say(":why"), chat.say(":why and why?")
        assert isinstance(said, Why)
        assert isinstance(alone, Why)
        assert said.match.candidates[0].entry == reply.entry == "talk-host"
        assert round(said.match.score, 4) == reply.score > alone.match.score

    def test_why_of_a_quote(self, chat: Chat) -> None:
        """Says that one was asked for; the command is no question."""
        chat.say("give me a quote about light")
        assert app._plain(chat.say(":why") or "").startswith("Somebody's words were asked for")
        chat.say(":quote ada")
        assert chat.say(":why") == "Ask something first, or type :why and a question."

    def test_why_weighs_another_question(self, chat: Chat) -> None:
        """A question after the command is weighed, and not asked."""
        said = chat.say(":why how much did Low Tide cost")
        assert isinstance(said, Why)
        assert said.verdict.startswith("gap (gap 'tide-cost')")
        assert chat.say(":why") == "Ask something first, or type :why and a question."

    def test_why_of_a_pick_tells_what_was_picked(self, chat: Chat) -> None:
        """Before the question that offered it; neither is told of any other question."""
        choices = offered(chat).choices
        before = chat.say(":why")
        replied(chat, "1")
        said = chat.say(":why")
        assert isinstance(said, Why)
        assert isinstance(before, Why)
        lead, *rest = app._plain(said).splitlines()
        asked = lead.partition(" for ")[2].strip('":')
        assert lead == f'You picked {choices[0].entry} ({choices[0].question}); it was offered for "{asked}":'
        assert asked in NEAR
        assert rest == app._plain(before).splitlines()
        file = io.StringIO()
        Console(file=file, width=200).print(app._pretty(said))
        assert lead in file.getvalue()
        for line in (":quote", "host"):
            chat.say(line)
            assert "You picked" not in app._plain(chat.say(":why") or "")

    def test_why_is_shown_as_a_table(self, chat: Chat) -> None:
        """The screen shows the same as a pipe."""
        said = chat.say(":why who hosted the harbor talk")
        assert said is not None
        file = io.StringIO()
        Console(file=file, width=100).print(app._pretty(said))
        for part in ("probability", "talk-host", said.verdict if isinstance(said, Why) else ""):
            assert part in file.getvalue()
        assert "talk-host" in app._plain(said)

    def test_why_of_nothing_has_no_candidates(self, chat: Chat) -> None:
        """A question without a word has nothing to weigh."""
        said = chat.say(":why ???")
        assert isinstance(said, Why)
        assert said.rows() == []
        assert app._plain(said).startswith("unknown;")

    @pytest.mark.parametrize(
        ("line", "quote"),
        [
            (":quote ada", "on-light"),
            (":quote about water", "on-water"),
            (":quote Ben Reed about water", "on-water"),
            (":quote water", "on-water"),
            (":quote Ben Reed water", "on-water"),
            (":quote ada light", "on-light"),
        ],
    )
    def test_a_quote_is_asked_for(self, chat: Chat, line: str, quote: str) -> None:
        """By speaker, by topic, or both, with "about" or without."""
        assert [card.id for card in replied(chat, line).quotes] == [quote]

    @pytest.mark.parametrize("line", [":quote ada water", ":quote ada about water"])
    def test_a_topic_is_not_left_out(self, chat: Chat, line: str) -> None:
        """Where the speaker says nothing of it there is no quote."""
        assert replied(chat, line).quotes == ()

    def test_a_quote_of_anybody(self, chat: Chat) -> None:
        """Neither speaker nor topic is needed."""
        assert replied(chat, ":quote").kind == "quote"

    def test_topics_are_listed(self, chat: Chat) -> None:
        """By event, person and theme, each with how much there is, or those that have a word in their name."""
        said = chat.say(":topics")
        assert isinstance(said, str)
        assert [line for line in said.splitlines() if line.endswith(":")] == ["Events:", "People:", "Themes:"]
        assert "  light (1 quote)" in said
        assert chat.say(":topics LIGHT") == "Themes:\n  light (1 quote)"
        assert chat.say(":topics xyzzy") == "Nothing here is called so; :topics alone lists what there is."

    def test_help_lists_every_command(self, chat: Chat) -> None:
        """A line each."""
        said = chat.say(":help")
        assert isinstance(said, str)
        assert len(said.splitlines()) == len(COMMANDS)

    def test_an_unknown_command_gets_a_suggestion(self, chat: Chat) -> None:
        """The nearest command where one is near."""
        assert chat.say(":quotes") == "There is no :quotes; did you mean 'quote'?"
        assert chat.say(":xyz") == "There is no :xyz; type :help for those there are."

    def test_quit_leaves(self, chat: Chat) -> None:
        """Nothing is said any more."""
        assert chat.say(":quit") is None


class TestPipe:
    def test_questions_are_answered_a_line_each(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        """Blank lines are passed over; replies are plain, with an empty line after each."""
        answer_pipe(chat, [b"\xef\xbb\xbfhost\r\n", b"\n", b"  \n", b"hello"])
        shown = capsys.readouterr().out
        assert shown.startswith(f"Ada Stone hosted it.\n  | “{LIGHT}”\n")
        assert shown.endswith("\n\nHello!\n\n")
        assert "\x1b" not in shown

    def test_bytes_that_are_no_text_do_no_harm(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        """The next line is answered."""
        answer_pipe(chat, [b"\xff\xfe\x00", b"host"])
        assert "Ada Stone hosted it." in capsys.readouterr().out

    def test_quit_ends_the_run(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        """What comes after it isn't read."""
        answer_pipe(chat, [b":quit", b"host"])
        assert capsys.readouterr().out == ""
