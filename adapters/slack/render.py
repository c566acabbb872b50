"""A reply as Slack shows it: blocks, and beside them plain text for notifications and screen readers.

Curators' words go into plain text and rich text elements, in which Slack looks for no markup; where markup is the only
way (the text beside the blocks, links), they are escaped. Nothing here talks to Slack; :mod:`adapters.slack.components`
makes Block Kit of the payload.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot import ids, notices
from bot.citations import Citation
from bot.fitting import SENTENCE_END, clip
from bot.ids import RecordId
from bot.panels.model import Menu
from bot.reply import Choice, QuoteCard, Reply, SourceRef

__all__ = [
    "SLACK", "Button", "Feedback", "Heading", "Limits", "Part", "Payload", "Pinged", "Quoted", "Report",
    "Said", "Small", "cited", "escape", "notice", "render", "report",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much Slack takes, in characters; ``chunks`` is how many pieces of a long report are shown."""

    said: int = 3000
    label: int = 75
    text: int = 4000
    chunks: int = 5


SLACK = Limits()
_CITED_WORDS = 300


@dataclass(frozen=True, slots=True)
class Said:
    """Words as they are, without any markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Pinged:
    """Words for one member, who is pinged."""

    member: str
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above others."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote, set off, with a line on who says it where."""

    card: QuoteCard


@dataclass(frozen=True, slots=True)
class Small:
    """A small line: words, then sources."""

    lead: str
    sources: tuple[SourceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Text whose lines and spaces matter."""

    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button; ``strong`` for what is most likely wanted, ``risky`` for what changes much."""

    action_id: str
    label: str
    strong: bool = False
    risky: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """The two buttons by which members judge a record."""

    record: RecordId


Part = Said | Pinged | Heading | Quoted | Small | Report | Feedback | tuple[Button | Menu, ...]
"""What a payload is made of; a tuple is a row of buttons and selects."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A message: its text, escaped, and its parts from top to bottom."""

    text: str
    parts: tuple[Part, ...]


def escape(text: str) -> str:
    """A text in which Slack finds no mention, link or channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def notice(text: str) -> Payload:
    """A line of Herald's own."""
    return Payload(escape(text), (Said(text),))


def report(text: str, limits: Limits = SLACK) -> Payload:
    """A report for an admin; of one that is too long the beginning, and that there is more."""
    room = limits.said * limits.chunks
    shown = text if len(text) <= room else f"{text[: room - 100]}\n… ({len(text):,} characters in all)"
    pieces = [shown[at : at + limits.said] for at in range(0, len(shown), limits.said)]
    return Payload(_cut(escape(shown), limits.text), tuple(map(Report, pieces)))


def render(
    reply: Reply, limits: Limits = SLACK, *, asker: str | None = None, revealed: bool = False, wait: str = ""
) -> Payload:
    """A reply with its buttons.

    Args:
        asker: id of the member who may dismiss it; None where there is nothing to dismiss.
        revealed: whether what gives away plot is shown; else a stub takes its place.
        wait: the answer's id where members may want to be told later.
    """
    hidden = reply.spoiler and not revealed
    told: tuple[Part, ...] = (Said(notices.SPOILER),) if hidden else tuple(_told(reply, limits))
    rows = [*_choices(reply.choices, limits), tuple(_buttons(reply, asker, wait, hidden=hidden))]
    record = ids.record_of(reply)
    feedback = (Feedback(record),) if record and not hidden else ()
    text = escape(notices.SPOILER) if hidden else _text(reply, limits)
    return Payload(text, (*told, *(row for row in rows if row), *feedback))


def _told(reply: Reply, limits: Limits) -> Iterator[Part]:
    if reply.said or not reply.quotes:
        yield Said(_cut(reply.said or reply.text, limits.said))
    yield from map(Quoted, reply.quotes)
    if any(len(choice.question) > limits.label for choice in reply.choices):
        yield Said("\n".join(f"{number}. {choice.question}" for number, choice in enumerate(reply.choices, 1)))
    if reply.sources:
        yield Small(_lead(reply.sources), reply.sources)


def _lead(sources: Sequence[SourceRef]) -> str:
    return f"Source{'s' if len(sources) > 1 else ''}:"


def _text(reply: Reply, limits: Limits) -> str:
    """What stands in a notification: all the words, with the choices, as no button is read aloud there."""
    said = reply.said if reply.quotes else reply.text
    quotes = [_line(card) for card in reply.quotes]
    choices = [f"{number}. {choice.question}" for number, choice in enumerate(reply.choices, 1)]
    titles = " · ".join(source.title for source in reply.sources)
    sources = [f"{_lead(reply.sources)} {titles}"] if titles else []
    return _cut(escape("\n".join(filter(None, [said, *quotes, *choices, *sources]))), limits.text)


def _line(card: QuoteCard) -> str:
    return f"“{card.text}” — {card.speaker}{card.behind}"


def _cut(text: str, most: int) -> str:
    """A text that fits; one that is too long ends with a sentence, or at least not inside an escaped character."""
    if len(text) <= most:
        return text
    ends = [end.end() for end in SENTENCE_END.finditer(text, 0, most - 2)]
    cut = text[: ends[-1] if ends else most - 2]
    entity = cut.rfind("&", len(cut) - 4)
    return f"{cut[:entity] if entity >= 0 and ';' not in cut[entity:] else cut} …"


def _choices(choices: Sequence[Choice], limits: Limits) -> Iterator[tuple[Button, ...]]:
    """A row for each, as questions are long."""
    for choice in choices:
        yield (Button(ids.button("pick", choice.entry), clip(choice.question, limits.label), strong=True),)


def _buttons(reply: Reply, asker: str | None, wait: str, *, hidden: bool) -> Iterator[Button]:
    record = ids.record_of(reply)
    if record and hidden:
        yield Button(ids.button("reveal", record), "Reveal", strong=True)
    if record and reply.more:
        yield Button(ids.another(reply.more), "Another")
    if record and not hidden:
        yield Button(ids.button("source", record), "Source")
    if wait:
        yield Button(ids.button("wait", wait), notices.TELL_ME)
    if asker is not None and (record or reply.kind in ("choices", "unknown")):
        yield Button(ids.button("dismiss", asker), "Dismiss")


def cited(citation: Citation) -> Payload:
    """Where a record comes from, in full."""
    quote = citation.quote
    parts: list[Part] = [Quoted(replace(quote, text=clip(quote.text, _CITED_WORDS)))] if quote else []
    for source, event in zip(citation.sources, citation.events, strict=True):
        parts.append(Small(f"On {event}:" if event else "•", (source,)))
    parts.append(Small(f"{citation.record}, knowledge base {citation.knowledge}"))
    titles = " · ".join(source.title for source in citation.sources)
    return Payload(escape(f"{_lead(citation.sources)} {titles}"), tuple(parts))
