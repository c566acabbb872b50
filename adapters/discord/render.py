"""A reply as Discord shows it: plain content, which is read with embeds off and by screen readers, and components.

Nothing here talks to Discord; :mod:`adapters.discord.components` makes live components of the payload.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from discord.utils import escape_markdown

from bot import ids, notices
from bot.citations import Citation
from bot.fitting import SENTENCE_END, clip, clip_lines
from bot.panels.model import Menu
from bot.reply import Choice, QuoteCard, Reply, SourceRef

__all__ = ["DISCORD", "Button", "Limits", "Payload", "cited", "escape", "notice", "render"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much Discord takes, in characters."""

    content: int = 2000
    label: int = 80


DISCORD = Limits()


@dataclass(frozen=True, slots=True)
class Button:
    """A button; ``strong`` for what is most likely wanted, ``risky`` for what changes much."""

    custom_id: str
    label: str = ""
    emoji: str = ""
    strong: bool = False
    disabled: bool = False
    risky: bool = False


@dataclass(frozen=True, slots=True)
class Payload:
    """A message: its content, at most five rows of components, and files by their names."""

    content: str
    rows: tuple[tuple[Button | Menu, ...], ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()


_TOKENS = re.compile(r"<(?=[@#:/]|a:|t:|id:)")  # mentions, emoji, times: written so they aren't any


def escape(text: str) -> str:
    """A text of a curator as it stands, with nothing that Discord would take for markup or a mention."""
    # Line by line, as discord.py takes an empty line for a part of the list below it.
    return _TOKENS.sub(r"\\<", "\n".join(map(escape_markdown, text.split("\n"))))


def notice(text: str) -> Payload:
    """A line of Herald's own."""
    return Payload(text)


def render(
    reply: Reply, limits: Limits = DISCORD, *, asker: int | None = None, revealed: bool = False, wait: str = ""
) -> Payload:
    """A reply with its buttons.

    Args:
        asker: id of the member who may dismiss it, besides moderators; None where there is nothing to dismiss.
        revealed: whether what gives away plot is shown; else a stub takes its place.
        wait: the answer's id where members may want to be told later.
    """
    hidden = reply.spoiler and not revealed
    content = notices.SPOILER if hidden else _fitted(reply, limits)
    rows = [*_choices(reply.choices, limits), tuple(_buttons(reply, asker, wait, hidden=hidden))]
    return Payload(content, tuple(row for row in rows if row))


def _fitted(reply: Reply, limits: Limits) -> str:
    """The whole where it fits, as all that loads does but for escapes; else with fewer quotes, or cut at a sentence."""
    for shown in (reply, replace(reply, quotes=reply.quotes[:1])):
        content = "\n".join(_blocks(shown, limits))
        if len(content) <= limits.content:
            return content
    (said, *_), source = list(_blocks(reply, limits)), _sources(reply.sources)
    room = limits.content - len(source) - 3
    ends = [end.end() for end in SENTENCE_END.finditer(said, 0, room)]
    return "\n".join(filter(None, [f"{said[: ends[-1] if ends else room]} …", source]))


def _blocks(reply: Reply, limits: Limits) -> Iterator[str]:
    if reply.said:
        yield escape(reply.said)
    yield from map(_quote, reply.quotes)
    if any(len(choice.question) > limits.label for choice in reply.choices):
        yield from (f"{number}. {escape(choice.question)}" for number, choice in enumerate(reply.choices, 1))
    if reply.sources:
        yield _sources(reply.sources)


def _quote(card: QuoteCard) -> str:
    words = [f"> {escape(line)}" for line in f"“{card.text}”".splitlines()]
    return "\n".join([*words, f"> — **{escape(card.speaker)}**{escape(card.behind)}"])


def _sources(sources: Sequence[SourceRef]) -> str:
    titles = " · ".join(map(_source, sources))
    return f"-# Source{'s' if len(sources) > 1 else ''}: {titles}" if sources else ""


def _source(source: SourceRef) -> str:
    title = escape(source.title)
    if not source.url:
        return title
    return f"[{re.sub(r'[][]', lambda bracket: chr(92) + bracket.group(), title)}](<{source.url}>)"


def _choices(choices: Sequence[Choice], limits: Limits) -> Iterator[tuple[Button, ...]]:
    """A row for each, as questions are long."""
    for choice in choices:
        yield (Button(ids.button("pick", choice.entry), clip(choice.question, limits.label), strong=True),)


def _buttons(reply: Reply, asker: int | None, wait: str, *, hidden: bool) -> Iterator[Button]:
    record = ids.record_of(reply)
    if record and hidden:
        yield Button(ids.button("reveal", record), "Reveal", "👁️", strong=True)
    if record and reply.more:
        yield Button(ids.another(reply.more), "Another", "🔁")
    if record and not hidden:
        yield Button(ids.button("source", record), "Source", "📄")
        yield Button(ids.button("up", record), emoji="👍")
        yield Button(ids.button("down", record), emoji="👎")
    if wait:
        yield Button(ids.button("wait", wait), notices.TELL_ME, "🔔")
    if asker is not None and (record or reply.kind in ("choices", "unknown")):
        yield Button(ids.button("dismiss", asker), "Dismiss", "🗑️")


def cited(citation: Citation) -> Payload:
    """Where a record comes from, in full."""
    return Payload(clip_lines(_cited(citation), DISCORD.content))


def _cited(citation: Citation) -> Iterator[str]:
    if citation.quote:
        yield _quote(replace(citation.quote, text=clip(citation.quote.text, 300)))
    for source, event in zip(citation.sources, citation.events, strict=True):
        yield f"• {_source(source)}" + (f" — on {escape(event)}" if event else "")
    yield f"-# {citation.record}, knowledge base {citation.knowledge}"
