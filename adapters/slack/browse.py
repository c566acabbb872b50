"""The Home tab and the pages to browse by event, person and theme; pure, as :mod:`adapters.slack.render`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.slack.render import Button, Heading, Part, Payload, Said, Small, escape
from bot import ids, notices
from bot.fitting import clip
from bot.knowledge.model import KnowledgeBase
from bot.panels.model import Menu, Option
from bot.reply import Choice
from bot.topics import GROUP_NAMES, GROUPS, Group, Subject, Topics

__all__ = ["home", "subject_page"]

_WAYS = (
    "Mention me with a question, and in the thread again to follow up; write to me directly; use /ask and /quote; "
    "or “Ask Herald” in a message's menu."
)
_PRESSED = 10  # subjects of a group that get a button; all are in the select below
_OPTIONS = 100  # that a select takes
_PAGES = 10  # selects on a page
_ADDED = 5
_LABEL = 75
_KEY = 150  # characters of an option's value


def home(knowledge: KnowledgeBase, topics: Topics, added: Sequence[Choice]) -> Payload:
    """The Home tab: what Herald knows, what is new, and how to ask."""
    parts: list[Part] = [Heading("Ask Herald"), Said(notices.about(knowledge, _WAYS))]
    if added:
        parts.append(Heading("Recently added"))
        parts += [
            (Button(ids.button("read", choice.entry), clip(choice.question, _LABEL)),) for choice in added[:_ADDED]
        ]
    for group in GROUPS:
        parts += _group(group, topics.subjects(group))
    return Payload(escape(notices.about(knowledge, _WAYS)), tuple(parts))


def _group(group: Group, subjects: Sequence[Subject]) -> Iterator[Part]:
    if not subjects:
        return
    yield Heading(GROUP_NAMES[group])
    yield tuple(
        Button(ids.button("sub", f"{group}.0.{subject.key}"), clip(subject.name, _LABEL - 6) + f" ({subject.size})")
        for subject in subjects[:_PRESSED]
    )
    if len(subjects) > _PRESSED:
        options = [Option(subject.key, f"{clip(subject.name, _LABEL - 6)} ({subject.size})") for subject in subjects]
        yield from _selects("sub", f"{group}.0.", f"All {GROUP_NAMES[group].lower()}", options)


def subject_page(topics: Topics, group: str, key: str) -> Payload | None:
    """The questions on a subject, and a button for a quote; None where it is gone."""
    subject = topics.subject(group, key)
    if subject is None:
        return None
    options = [Option(choice.entry, choice.question) for choice in subject.choices]
    parts: list[Part] = [Heading(subject.name), Small(subject.counts)]
    parts += _selects("read", f"{key}.", "Pick a question", options)
    if subject.quotes and subject.request:
        parts.append((Button(ids.another(subject.request), "A quote"),))
    return Payload(escape(subject.name), tuple(parts))


def _selects(action: str, rest: str, placeholder: str, options: Sequence[Option]) -> Iterator[Part]:
    """As many selects as the options need."""
    fitting = [option for option in options if len(option.value) <= _KEY]
    for page, at in enumerate(range(0, min(len(fitting), _OPTIONS * _PAGES), _OPTIONS)):
        name = f"{placeholder} ({page + 1})" if len(fitting) > _OPTIONS else placeholder
        own = "" if not page else f"{page}"  # two selects of a page must not have the same id
        yield (Menu(ids.select(action, f"{rest}{own}"), name, tuple(fitting[at : at + _OPTIONS])),)
