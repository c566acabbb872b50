"""Discord's Markdown as HTML, as far as Herald writes it: what else there is, is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from adapters.preview.markup import BREAK, link, tag, unknown

__all__ = ["drawn"]

# What is escaped stays a token of its own, so that it isn't taken for what it would be otherwise.
_PARSER = MarkdownIt("zero").enable(["escape", "emphasis", "strikethrough", "backticks", "link", "newline"])
_PARSER.disable("text_join")

_STARTS = re.compile(r"(?P<quote>> )|(?P<small>-# )|(?P<number>\d+\. )|(?P<other>#{1,3} |[-*] |>>> |```)")
_TOKENS = re.compile(r"(https?://[^\s<>]+)|(<(?:[@#:/]|a:|t:|id:)[^>]*>|\|\|)")


def drawn(content: str) -> Markup:
    """The content of a message."""
    grouped = groupby(content.split("\n"), _kind)
    return Markup("").join(_block(kind, [_STARTS.sub("", line, 1) if kind else line for line in found])
                           for kind, found in grouped)  # fmt: skip


def _kind(line: str) -> str:
    start = _STARTS.match(line)
    return str(start.lastgroup) if start else ""


def _block(kind: str, found: list[str]) -> Markup:
    match kind:
        case "quote":
            return tag("blockquote", _inline(found))
        case "small":
            return Markup("").join(tag("small", _inline([line])) for line in found)
        case "number":
            return tag("ol", *(tag("li", _inline([line])) for line in found))
        case "other":
            return unknown("Markdown of a whole line")
        case _:
            return tag("p", _inline(found))


def _inline(found: Iterable[str]) -> Markup:
    tokens = _PARSER.parseInline("\n".join(found))
    return Markup("").join(_nodes(SyntaxTreeNode(tokens).children[0].children))


def _nodes(nodes: Iterable[SyntaxTreeNode]) -> Iterator[Markup]:
    for node in nodes:
        match node.type:
            case "text":
                yield from _text(node.content)
            case "text_special":
                yield Markup.escape(node.content)
            case "softbreak" | "hardbreak":
                yield BREAK
            case "strong":  # which is underlined where it is written with __
                yield tag("u" if node.markup == "__" else "strong", *_nodes(node.children))
            case "link":
                yield link(str(node.attrs["href"]), *_nodes(node.children))
            case "code_inline":
                yield tag("code", node.content)
            case name:  # em and s
                yield tag(name, *_nodes(node.children))


def _text(text: str) -> Iterator[Markup]:
    """Text with its addresses, which Discord makes links of by itself."""
    at = 0
    for found in _TOKENS.finditer(text):
        yield Markup.escape(text[at : found.start()])
        yield link(found[1], found[1]) if found[1] else unknown(found[2])
        at = found.end()
    yield Markup.escape(text[at:])
