"""Browsing by event, person and theme."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import pytest

from bot.herald import Herald, Snapshot
from bot.topics import GROUPS, Group, Topics


@pytest.fixture
def topics(lexical_snapshot: Snapshot) -> Topics:
    return Topics(lexical_snapshot.knowledge, age_restricted=False)


def names(topics: Topics, group: Group) -> list[str]:
    return [subject.name for subject in topics.subjects(group)]


def test_subjects_with_most_come_first(topics: Topics) -> None:
    """Those with nothing don't come at all."""
    assert names(topics, "event") == ["the harbor talk", "the hill talk"]
    assert names(topics, "person")[0] == "Mira Holt"
    assert names(topics, "theme")[0] == "Low Tide"
    assert all(subject.size for group in GROUPS for subject in topics.subjects(group))


def test_a_long_tail_is_not_listed(lexical_snapshot: Snapshot) -> None:
    """Its subjects are there all the same, for who has their key."""
    quotes = dict(lexical_snapshot.knowledge.quotes)
    one = next(iter(quotes.values()))
    quotes[one.id] = one.model_copy(update={"topics": tuple(f"topic {n}" for n in range(200))})
    topics = Topics(replace(lexical_snapshot.knowledge, quotes=quotes), age_restricted=False)
    assert len(topics.subjects("theme")) == 100
    assert topics.subjects("theme")[0].name == "Low Tide"
    assert topics.subject("theme", f"topic-{zlib.crc32(b'topic 99'):08x}")


def test_a_subject_leads_to_its_entries(topics: Topics) -> None:
    """By the question that members see."""
    harbor = topics.subject("event", "harbor-talk")
    assert harbor
    assert [choice.entry for choice in harbor.choices] == ["harbor-host", "harbor-place"]


def test_a_person_and_a_topic_lead_to_quotes(topics: Topics, town_herald: Herald) -> None:
    """The request that comes with them gives one."""
    for group in GROUPS:
        for subject in topics.subjects(group):
            if subject.quotes:
                assert subject.request
                assert town_herald.quote(subject.request.speaker, subject.request.about).kind == "quote"
    person = topics.subject("person", "mira-holt")
    assert person
    assert person.quotes == 3


def test_explicit_records_count_only_where_they_may_be_shown(lexical_snapshot: Snapshot) -> None:
    """Not even as a topic's name."""
    for allowed in (False, True):
        assert ("gulls" in names(Topics(lexical_snapshot.knowledge, allowed), "theme")) is allowed


def test_keys_are_short_and_plain(topics: Topics) -> None:
    """They go into buttons, and are unique in their group."""
    for group in GROUPS:
        keys = [subject.key for subject in topics.subjects(group)]
        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch(r"[a-z0-9-]{1,80}", key) for key in keys)


def test_what_is_gone_is_none(topics: Topics) -> None:
    """A subject that a reload dropped, or a group that never was."""
    assert topics.subject("event", "nowhere") is None
    assert topics.subject("planet", "harbor-talk") is None
