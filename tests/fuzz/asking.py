"""Surfaces: the words of a question, of a line to be found, and the lines of the batch interface."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.discord import render as discord
from adapters.slack import render as slack
from adapters.slack.components import blocks_of
from adapters.terminal.batch import answer_lines
from adapters.terminal.render import clean
from bot.conversation import Conversations
from bot.reply import Reply
from tests.fuzz.harness import Feed, Ground, Surface

__all__ = ["BATCH", "QUESTION", "QUOTE"]

_QUESTIONS = (
    "who moderated the harbor talk", "and on the hill?", "what did she say about light", "who said 'light is patient'?",
    "how old is Mira Holt", "what does Corwin shout at the gull", "give me a quote from Ben about ferries",
    "another one", "why?",
    "who wroet the scirpt, and where??", "hello", "what's the weather like tomorrow",
    "who wrote the music\nand who sang it\nwhy",
    "“When the tide goes out” who said that", "a quote by the director on patience please",
)  # fmt: skip
_LINES = (
    '{"id": "1", "text": "who moderated the harbor talk", "conversation": "c1"}',
    '{"id": 2, "text": "and on the hill?", "conversation": "c1", "age_restricted": true}',
    '{"id": 3.5, "quote": {"speaker": "mira", "about": "light"}}',
    '{"quote": {}}',
    '{"id": null, "entry": "camera", "note": [1, {"a": "b"}]}',
    '{"id": "1", "text": "a"}\n{"id": "2", "entry": "director"}\n\n{"id": "3", "quote": {"about": "ferries"}}',
)


@contextmanager
def _question(ground: Ground) -> Iterator[Feed]:
    """Each line a turn of one conversation."""
    herald = ground.herald

    def feed(data: bytes) -> None:
        conversations = Conversations()
        for number, line in enumerate(_words(data).split("\n")[:6]):
            with conversations.open("c") as context:
                _shown(herald.ask(line, context, age_restricted=bool(number % 2)))
        herald.why(_words(data)[:500])

    yield feed


@contextmanager
def _quote(ground: Ground) -> Iterator[Feed]:
    """A line whose speaker is asked for, and the quote command."""
    herald = ground.herald

    def feed(data: bytes) -> None:
        words = _words(data)
        speaker, _, about = words.partition("|")
        with Conversations().open("c") as context:
            if len(data) % 3:  # one of them, as each is an input by itself
                _shown(herald.ask(f"who said '{words}'?", context, age_restricted=True))
            elif len(data) % 2:
                _shown(herald.quote(speaker or None, about or None, context, age_restricted=False))
            else:
                _shown(herald.quote(None, words, context, age_restricted=True))
            _shown(herald.entry(words, context, age_restricted=True))
            _shown(herald.line(words, age_restricted=True))

    yield feed


@contextmanager
def _batch(ground: Ground) -> Iterator[Feed]:
    """A line of JSON comes for each line that isn't blank."""
    herald = ground.herald

    def feed(data: bytes) -> None:
        written: list[str] = []
        lines = data.split(b"\n")
        answer_lines(herald, lines, written.append)
        first = lines[0].removeprefix(b"\xef\xbb\xbf")
        assert len(written) == sum(bool(line.strip()) for line in (first, *lines[1:]))
        for line in written:
            assert "\n" not in line
            assert json.loads(line.encode())["kind"]

    yield feed


def _words(data: bytes) -> str:
    """As text; what is no UTF-8 as halves of surrogate pairs, which JSON may hold."""
    return data.decode("utf-8", "surrogateescape")


def _shown(reply: Reply) -> None:
    """On each platform, within its limits."""
    assert reply.text
    payload = discord.render(reply)
    assert len(payload.content.encode("utf-16-le")) <= 2 * 2000
    assert blocks_of(slack.render(reply))
    clean(reply.text).encode()


QUESTION = Surface(
    "question", "the words of a question, in a conversation", lambda: tuple(q.encode() for q in _QUESTIONS), _question,
    most=600,
)  # fmt: skip
QUOTE = Surface(
    "quote", "a line to be found, speaker and topic", lambda: (b"light is patient", b"mira|light",
    b"tom quill|ferries"), _quote,
    most=500,
)  # fmt: skip
BATCH = Surface(
    "jsonl", "lines of herald ask --jsonl", lambda: tuple(line.encode() for line in _LINES), _batch, most=600
)
