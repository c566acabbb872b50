"""A reply as the terminal shows it: rich renderables, or plain text for a pipe.

Texts come from members and from a knowledge base that anyone may write, so nothing here is read as markup, and control
characters (which could move the cursor or recolor the screen) are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from bot.reply import QuoteCard, Reply, SourceRef

__all__ = ["clean", "plain", "pretty"]

SPOILER = "[spoiler]"
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BAR = "  ▌ "


def clean(text: str) -> str:
    """A text without characters that a terminal would obey, or that can't be written to it."""
    return _SURROGATES.sub("\ufffd", _UNSEEN.sub("", text))


def plain(reply: Reply) -> str:
    """A reply as plain text: its words, quotes set off, numbered choices, sources; no line is wrapped."""
    blocks = [" ".join(filter(None, [SPOILER if reply.spoiler else "", reply.said]))]
    blocks += ["\n".join(f"  | {line}" for line in _quote_lines(card)) for card in reply.quotes]
    blocks += ["\n".join(_numbered(reply))]
    blocks += [_sources(reply.sources)]
    return clean("\n".join(filter(None, blocks)))


def pretty(reply: Reply, *, picking: bool = True) -> RenderableType:
    """A reply for the screen: as :func:`plain`, with quotes behind a bar and the sources dim.

    Args:
        picking: whether a number typed next picks one of the choices.
    """
    blocks: list[RenderableType] = []
    if reply.spoiler:
        blocks.append(Text(SPOILER, "bold yellow"))
    if reply.said:
        blocks.append(Text(clean(reply.said)))
    blocks += [_Barred(Text("\n", "italic").join(_styled(card))) for card in reply.quotes]
    blocks += [Text(clean(line)) for line in _numbered(reply)]
    if reply.choices and picking:
        blocks.append(Text("Type a number to pick one.", "dim"))
    if reply.sources:
        blocks.append(Text(clean(_sources(reply.sources)), "dim"))
    return Group(*blocks)


def _quote_lines(card: QuoteCard) -> Iterator[str]:
    yield from f"“{card.text}”".splitlines()
    yield f"— {card.speaker}{card.behind}"


def _styled(card: QuoteCard) -> Iterator[Text]:
    *words, speaker = map(clean, _quote_lines(card))
    yield from (Text(line, "italic") for line in words)
    yield Text(speaker, "cyan")


def _numbered(reply: Reply) -> Iterator[str]:
    return (f"  {number}. {choice.question}" for number, choice in enumerate(reply.choices, 1))


def _sources(sources: tuple[SourceRef, ...]) -> str:
    titles = [f"{source.title} <{source.url}>" if source.url else source.title for source in sources]
    return f"Source{'s' if len(titles) > 1 else ''}: {'; '.join(titles)}" if titles else ""


@dataclass(frozen=True)
class _Barred:
    """A text with a bar before every line that it takes on the screen."""

    body: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(options.max_width - len(_BAR), 1)
        for line in console.render_lines(self.body, options.update(width=width), pad=False):
            yield Segment(_BAR, Style(color="cyan"))
            yield from line
            yield Segment.line()
