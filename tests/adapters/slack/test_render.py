"""Replies as Slack shows them: whatever the knowledge base holds, Slack takes it, and nothing in it fires."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from adapters.slack import browse, render
from adapters.slack.components import blocks_of, home_of, modal_of
from bot.citations import of_entry, of_quote
from bot.herald import Herald, Snapshot
from bot.knowledge.model import MESSAGE_LIMIT
from bot.reply import Choice, QuoteCard, QuoteRequest, Reply, SourceRef
from bot.topics import GROUPS, Topics
from tests.examples import often
from tests.slack_server import BlockKit

NASTY = "<!channel> <@U1> & <https://evil.example|click> *bold* _it_ `x` > quoted :tada:"


@pytest.fixture(scope="session")
def schema() -> BlockKit:
    """Slack's types, which know nothing where they are missing."""
    return BlockKit()


def accepted(blocks: list[dict[str, Any]], schema: BlockKit, most: int = 50) -> None:
    """Fails where Slack would refuse: by its own models for lengths, by its types for structure."""
    assert 0 < len(blocks) <= most
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed, block
        parsed.validate_json()
    assert schema.problem("Blocks", {"blocks": blocks}) == ""
    named = [
        element["action_id"] for block in blocks for element in block.get("elements", []) if "action_id" in element
    ]
    assert len(named) == len(set(named))


def reply(**more: Any) -> Reply:
    return Reply(**{"kind": "answer", "text": "It was.", "knowledge": "v1", "entry": "harbor-host", **more})


QUOTE = QuoteCard("on-light", "Light is patient.", "Ada Stone", "the harbor talk", "speaker by context")
SOURCE = SourceRef("r", "Night at the harbor", "https://example.org/a?b=1&c=2|3")

texts = st.text(min_size=1, max_size=MESSAGE_LIMIT).filter(str.strip)
short = st.text(min_size=1, max_size=120).filter(str.strip)
replies = st.builds(
    Reply,
    kind=st.sampled_from(["answer", "quote", "choices", "smalltalk", "unknown", "withheld", "rejected"]),
    text=texts,
    knowledge=st.just("v1"),
    entry=st.one_of(st.none(), st.just("harbor-host")),
    quotes=st.lists(st.builds(QuoteCard, st.just("q"), texts, short, short, short), max_size=3).map(tuple),
    sources=st.lists(st.builds(SourceRef, st.just("s"), short, st.sampled_from(["", "https://x.org/a|b"])), max_size=12)
    .map(tuple),
    choices=st.lists(st.builds(Choice, st.uuids().map(str), texts), max_size=3).map(tuple),
    spoiler=st.booleans(),
    lead=st.one_of(st.just(""), short),
    more=st.one_of(st.none(), st.builds(QuoteRequest, st.just("ada-stone"), texts)),
)  # fmt: skip


@settings(max_examples=often(60), deadline=None)
@given(made=replies, plain=st.booleans(), revealed=st.booleans())
def test_slack_takes_every_reply(schema: BlockKit, made: Reply, plain: bool, revealed: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever is in it."""
    payload = render.render(made, asker="U1", revealed=revealed)
    accepted(blocks_of(payload, plain_feedback=plain), schema)
    assert 0 < len(payload.text) <= 4000


def test_nothing_fires_or_is_marked_up(schema: BlockKit) -> None:
    """Data stands in elements that Slack doesn't read as markup, or is escaped."""
    made = reply(
        text=NASTY,
        quotes=(QuoteCard("q", NASTY, NASTY, NASTY, NASTY),),
        sources=(SourceRef("a", NASTY), SourceRef("b", NASTY, "https://x.org/|><!channel>")),
        choices=(Choice("e", NASTY * 2),),
    )
    payload = render.render(made, asker="U1")
    blocks = blocks_of(payload)
    accepted(blocks, schema)
    marked = [item for item in _objects(blocks) if item.get("type") == "mrkdwn"]
    assert [item["text"].count("<") for item in marked] == [1]
    assert marked[0]["text"].startswith("<https://x.org/%7C&gt;&lt;!channel&gt;|")
    assert "<" not in payload.text
    assert ">" not in payload.text


def test_what_is_data_reads_as_it_was_written() -> None:
    """Escaped once, where it is at all."""
    blocks = blocks_of(render.render(reply(text="a < b & c")))
    assert blocks[0]["text"] == {"type": "plain_text", "text": "a < b & c", "emoji": False}
    assert render.render(reply(text="a < b & c")).text == "a &lt; b &amp; c"


def test_a_quote_is_set_off_with_its_speaker(schema: BlockKit) -> None:
    """And the note on how it came down."""
    blocks = blocks_of(render.render(reply(quotes=(QUOTE,), sources=(SOURCE,))))
    accepted(blocks, schema)
    words = "".join(part["text"] for part in blocks[1]["elements"][0]["elements"])
    assert words == "“Light is patient.”\n— Ada Stone, the harbor talk (speaker by context)"
    assert blocks[2]["elements"][1]["text"] == "<https://example.org/a?b=1&amp;c=2%7C3|Night at the harbor>"


def test_a_spoiler_is_hidden_from_notifications_too() -> None:
    """Until it is revealed."""
    made = reply(text="The pilot drowns.", spoiler=True)
    hidden, shown = render.render(made, asker="U1"), render.render(made, revealed=True)
    assert "drowns" not in json.dumps(blocks_of(hidden)) + hidden.text
    assert "drowns" in json.dumps(blocks_of(shown))


def test_a_long_choice_stands_in_the_message() -> None:
    """Numbered, and clipped on its button."""
    made = reply(kind="choices", entry=None, choices=(Choice("a", "why " * 30), Choice("b", "who?")))
    said = [block["text"]["text"] for block in blocks_of(render.render(made)) if block["type"] == "section"]
    assert said[1].startswith("1. why why")
    assert said[1].endswith("2. who?")


def test_a_text_is_cut_between_characters() -> None:
    """Never inside an escaped one."""
    payload = render.render(reply(text="&" * 3000))
    assert payload.text.replace("&amp;", "").strip() == "…"


def test_a_long_report_is_cut_and_says_so(schema: BlockKit) -> None:
    """With how much there is."""
    payload = render.report("x" * 50_000)
    accepted(blocks_of(payload), schema)
    assert "(50,000 characters in all)" in json.dumps(blocks_of(payload))


@pytest.mark.parametrize("allowed", [False, True])
def test_slack_takes_all_of_the_town(lexical_snapshot: Snapshot, schema: BlockKit, *, allowed: bool) -> None:
    """Every answer, quote and citation, the Home tab and each of its pages."""
    kb, herald = lexical_snapshot.knowledge, Herald(lexical_snapshot)
    for entry in kb.entries:
        accepted(blocks_of(render.render(herald.entry(entry, age_restricted=allowed), revealed=True)), schema)
        citation = of_entry(kb, entry)
        assert citation
        accepted(blocks_of(render.cited(citation)), schema)
    for quote in kb.quotes:
        accepted(blocks_of(render.render(herald.line(quote, age_restricted=allowed))), schema)
        citation = of_quote(kb, quote)
        assert citation
        accepted(blocks_of(render.cited(citation)), schema)
    topics = Topics(kb, allowed)
    home = home_of(browse.home(kb, topics, [Choice(f"e{number}", "why?") for number in range(9)]))
    accepted(home["blocks"], schema, most=100)
    assert schema.problem("HomeFrame", home) == ""
    for group in GROUPS:
        for subject in topics.subjects(group):
            page = browse.subject_page(topics, group, subject.key)
            assert page
            modal = modal_of(page, "Herald")
            assert schema.problem("ModalFrame", modal) == ""
            accepted(modal["blocks"], schema)


def test_many_questions_get_several_selects(schema: BlockKit, lexical_snapshot: Snapshot) -> None:
    """Of a hundred each."""
    kb = lexical_snapshot.knowledge
    entry = kb.entries["camera"]
    entries = {f"e{number}": entry.model_copy(update={"id": f"e{number}"}) for number in range(250)}
    page = browse.subject_page(Topics(replace(kb, entries=entries), age_restricted=False), "theme", "low-tide")
    assert page
    blocks = blocks_of(page)
    accepted(blocks, schema)
    selects = [block["elements"][0] for block in blocks if block["type"] == "actions"]
    assert [len(select["options"]) for select in selects] == [100, 100, 50]


def _objects(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, list):
        return [found for item in data for found in _objects(item)]
    if isinstance(data, dict):
        return [data, *(found for item in data.values() for found in _objects(item))]
    return []
