"""The batch interface, line by line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from adapters.terminal import batch
from bot.errors import RequestError
from bot.herald import Herald
from tests.adapters.support import LIGHT

KEYS = ["id", "kind", "text", "entry", "quotes", "sources", "choices", "candidates", "score", "knowledge"]


Line = bytes | dict[str, Any]


def run(herald: Herald, lines: Sequence[Line], *, age_restricted: bool = False) -> list[dict[str, Any]]:
    written: list[str] = []
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    batch.answer_lines(herald, raw, written.append, age_restricted=age_restricted)
    assert all("\n" not in line for line in written)
    return [json.loads(line) for line in written]


class TestReplies:
    def test_an_answer_has_every_key(self, herald: Herald) -> None:
        """An answer carries its entry, quotes, sources, candidates and the version of the knowledge base."""
        (reply,) = run(herald, [{"id": "1", "text": "who hosted the harbor talk"}])
        assert list(reply) == KEYS
        assert (reply["id"], reply["kind"], reply["entry"]) == ("1", "answer", "talk-host")
        assert reply["text"] == "Ada Stone hosted it."
        assert reply["quotes"] == [{"id": "on-light", "text": LIGHT, "speaker": "Ada Stone"}]
        assert reply["sources"] == [{"id": "harbor-report", "title": "Night at the harbor"}]
        assert reply["candidates"][0]["entry"] == "talk-host"
        assert reply["choices"] == []
        assert 0 < reply["score"] <= 1
        assert reply["knowledge"] == herald.snapshot.knowledge.version

    def test_what_is_absent_is_empty_or_null(self, herald: Herald) -> None:
        """A rejected line has the same keys as an answer."""
        (reply,) = run(herald, [b"nonsense"])
        assert list(reply) == KEYS
        assert (reply["id"], reply["entry"]) == (None, None)
        assert [reply[key] for key in ("quotes", "sources", "choices", "candidates")] == [[], [], [], []]

    def test_replies_come_in_order(self, herald: Herald) -> None:
        """One line each, whatever its kind."""
        lines = [{"id": n, "text": text} for n, text in enumerate(["hello", "host", "", "x" * 501])]
        replies = run(herald, lines)
        assert [reply["id"] for reply in replies] == [0, 1, 2, 3]
        assert [reply["kind"] for reply in replies] == ["smalltalk", "answer", "rejected", "rejected"]

    @pytest.mark.parametrize("identity", ["1", "", 7, 7.5, -1, 'é\n"', "\ud800", 10**20])
    def test_an_id_is_echoed_as_given(self, herald: Herald, identity: object) -> None:
        """A string stays a string and a number a number, with a good line and with a bad one."""
        good, bad = run(herald, [{"id": identity, "text": "host"}, {"id": identity}])
        assert (good["id"], good["kind"]) == (identity, "answer")
        assert type(good["id"]) is type(identity)
        assert (bad["id"], bad["kind"]) == (identity, "rejected")

    def test_an_absent_id_is_null(self, herald: Herald) -> None:
        """A line without an id is answered all the same."""
        (reply,) = run(herald, [{"text": "host"}])
        assert (reply["id"], reply["kind"]) == (None, "answer")

    def test_typography_stays_readable(self, herald: Herald) -> None:
        """What Unicode has is written as it is."""
        written: list[str] = []
        batch.answer_lines(herald, [b'{"id": "\xc3\xa9", "text": "host"}'], written.append)
        assert '"id": "é"' in written[0]


class TestRequests:
    def test_a_quote_is_asked_for_by_speaker_and_topic(self, herald: Herald) -> None:
        """Both keys are optional."""
        asked: list[dict[str, Any]] = [{"speaker": "ada"}, {"about": "water"}, {}, {"speaker": None, "about": "light"}]
        replies = run(herald, [{"id": n, "quote": quote} for n, quote in enumerate(asked)])
        assert [reply["kind"] for reply in replies] == ["quote"] * 4
        assert [replies[n]["quotes"][0]["id"] for n in (0, 1, 3)] == ["on-light", "on-water", "on-light"]

    def test_an_entry_is_answered_as_if_picked(self, herald: Herald) -> None:
        """An entry that isn't there is rejected with a line."""
        found, lost = run(herald, [{"id": 1, "entry": "tide-story"}, {"id": 2, "entry": "gone"}])
        assert (found["kind"], found["entry"]) == ("answer", "tide-story")
        assert lost["kind"] == "rejected"

    def test_explicit_material_needs_a_place_for_it(self, herald: Herald) -> None:
        """The key allows it, line by line; it is off where it is absent."""
        lines = [{"id": 1, "entry": "tide-rage"}, {"id": 2, "entry": "tide-rage", "age_restricted": True}]
        assert [reply["kind"] for reply in run(herald, lines)] == ["withheld", "answer"]

    def test_the_command_can_allow_it_for_lines_that_do_not_say(self, herald: Herald) -> None:
        """A line's own word goes first."""
        lines = [{"id": 1, "entry": "tide-rage"}, {"id": 2, "entry": "tide-rage", "age_restricted": False}]
        assert [reply["kind"] for reply in run(herald, lines, age_restricted=True)] == ["answer", "withheld"]

    @pytest.mark.parametrize("name", ["c1", 1, 1.5])
    def test_a_conversation_goes_on(self, herald: Herald, name: object) -> None:
        """The same value is one conversation; another value knows nothing of it."""
        first, other = f"batch {name}", f"batch {name} other"
        lines = [
            {"id": 1, "text": "host", "conversation": first},
            {"id": 2, "text": "who said that?", "conversation": first},
            {"id": 3, "text": "who said that?", "conversation": other},
        ]
        assert [reply["kind"] == "quote" for reply in run(herald, lines)] == [False, True, False]

    def test_a_number_names_a_conversation(self) -> None:
        """A conversation may be numbered."""
        assert batch.parse({"id": 1, "text": "x", "conversation": 4}).conversation == "4"

    def test_keys_of_the_writer_are_let_through(self, herald: Herald) -> None:
        """Notes beside the request change nothing."""
        (reply,) = run(herald, [{"id": 1, "text": "host", "note": "easy", "kind": "who"}])
        assert reply["kind"] == "answer"


class TestMalformed:
    @pytest.mark.parametrize(
        ("line", "why"),
        [
            (b"nonsense", "the line is no valid JSON: Expecting value at character 1"),
            (b"[1]", "the line must be a JSON object"),
            (b"null", "the line must be a JSON object"),
            (b'"text"', "the line must be a JSON object"),
            (b'{"id": 1, "text": "caf\xe9"}', "the line is no valid UTF-8"),
            (b"[" * 100_000, "too deep"),
            (b'{"id": ' + b"9" * 5000 + b"}", "a number too long"),
            (b'{"id": NaN, "text": "host"}', "NaN is no number of JSON"),
            (b'{"id": 1e999, "text": "host"}', "id is too large a number"),
            (b'{"id": true, "text": "host"}', "id must be a string or a number, not true"),
            (b'{"id": [1], "text": "host"}', "id must be a string or a number, not [1]"),
            (b"{}", "give exactly one of text, quote and entry, not none"),
            (b'{"text": null}', "give exactly one of text, quote and entry, not none"),
            (b'{"text": "x", "entry": "y"}', "not text and entry"),
            (b'{"text": 3}', "text must be a string, not 3"),
            (b'{"entry": ["x"]}', 'entry must be a string, not ["x"]'),
            (b'{"quote": "ada"}', 'quote must be an object, not "ada"'),
            (b'{"quote": {"speaker": 1}}', "speaker must be a string, not 1"),
            (b'{"quote": {"about": {}}}', "about must be a string, not {}"),
            (b'{"quote": {"speeker": "ada"}}', 'unknown key "speeker" in quote; it may hold speaker and about'),
            (b'{"text": "x", "conversation": true}', "conversation must be a string or a number, not true"),
            (b'{"text": "x", "conversation": []}', "conversation must be a string or a number, not []"),
            (b'{"text": "x", "age_restricted": 1}', "age_restricted must be true or false, not 1"),
            (b'{"text": "x", "age_restricted": "yes"}', 'age_restricted must be true or false, not "yes"'),
            (b'{"text": "x", "age_restrictd": true}', "did you mean 'age_restricted'?"),
            (b'{"text": "x", "conversation_id": "c"}', "did you mean 'conversation'?"),
        ],
    )
    def test_it_is_rejected_with_one_clear_line(self, herald: Herald, line: bytes, why: str) -> None:
        """The run goes on with the next line."""
        rejected, after = run(herald, [line, {"id": "next", "text": "host"}])
        assert rejected["kind"] == "rejected"
        assert why in rejected["text"]
        assert "\n" not in rejected["text"]
        assert (after["id"], after["kind"]) == ("next", "answer")

    def test_a_long_value_is_not_shown_whole(self) -> None:
        """The line that says what is wrong stays short."""
        with pytest.raises(RequestError) as error:
            batch.parse({"text": ["x" * 10_000]})
        assert len(str(error.value)) < 120

    def test_blank_lines_are_passed_over(self, herald: Herald) -> None:
        """An empty line at the end of a file is no request."""
        assert [reply["id"] for reply in run(herald, [b"\n", b'{"id": 1, "text": "host"}\r\n', b"  \n", b""])] == [1]

    def test_a_byte_order_mark_is_no_mistake(self, herald: Herald) -> None:
        """Some editors begin a file with it."""
        assert run(herald, [b'\xef\xbb\xbf{"id": 1, "text": "host"}'])[0]["kind"] == "answer"
