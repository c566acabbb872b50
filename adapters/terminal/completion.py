"""What may be typed: the entries' questions, quote topics and speakers, and the commands of the conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from adapters.terminal.render import clean
from bot.knowledge.model import KnowledgeBase, may_show

__all__ = ["COMMANDS", "Suggestions"]

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "why": (":why [question]", "what Herald weighed for a question, the last one by default"),
        "quote": (":quote [speaker] [about ...]", "a quote, by speaker and topic if you like"),
        "topics": (":topics [WORD]", "what there is most of to ask about"),
        "help": (":help", "this list"),
        "quit": (":quit", "leave; Ctrl-C and Ctrl-D do too"),
    }
)
_MOST = 8
_FEWEST_LETTERS = 2


class Suggestions(Completer):
    """Completes a line of the conversation from one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, *, age_restricted: bool = False) -> None:
        entries = [entry for entry in knowledge.entries.values() if may_show(entry, age_restricted=age_restricted)]
        entries.sort(key=lambda entry: not entry.featured)
        quotes = [quote for quote in knowledge.quotes.values() if may_show(quote, age_restricted=age_restricted)]
        speakers = sorted({knowledge.names[quote.speaker].name for quote in quotes})
        topics = sorted({topic for quote in quotes for topic in quote.topics})
        self._questions = [clean(entry.question) for entry in entries]
        self._quotes = [clean(text) for text in (*speakers, *(f"about {topic}" for topic in topics))]

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yields what the text before the cursor may become."""
        del complete_event
        typed = document.text_before_cursor.lstrip()
        if typed.startswith(":quote "):
            return _replacing(typed.removeprefix(":quote "), self._quotes)
        if typed.startswith(":"):
            return _replacing(typed, [f":{command}" for command in COMMANDS])
        return _replacing(typed, self._questions if len(typed) >= _FEWEST_LETTERS else [])


def _replacing(typed: str, whole: Sequence[str]) -> Iterator[Completion]:
    """Those texts in which every typed word begins a word, those that begin as typed first."""
    found = [text for text in whole if _fits(typed.casefold().split(), text.casefold())]
    found.sort(key=lambda text: not text.casefold().startswith(typed.casefold()))
    return (Completion(text, start_position=-len(typed)) for text in found[:_MOST])


def _fits(typed: Iterable[str], text: str) -> bool:
    return all(f" {word}" in f" {text}" for word in typed)
