"""A question to a decision, on the lexical half alone and with the encoder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.herald import Snapshot
from bot.matching.compiled import compile_knowledge
from bot.matching.evidence import COLUMNS
from bot.matching.index import Label
from bot.matching.matcher import Matcher
from tests.examples import often
from tests.support import Data, build
from tests.town import town


@pytest.mark.parametrize(
    "typed",
    [
        "who moderated the harbor talk",
        "Who moderated the HARBOR talk?!",
        "hey herald, who moderated the harbor talk pls",
        "harbor talk moderator",
    ],
)
def test_a_phrasing_word_for_word(matcher: Matcher, typed: str) -> None:
    """Case, marks and fillers make no difference."""
    match = matcher.match(typed)
    assert (match.verdict, match.label) == ("answer", Label("entry", "harbor-host"))
    assert match.score == 0.99
    assert match.candidates[0].entry == "harbor-host"


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("who moderatd the harbor talk", "harbor-host"),
        ("who voiced teh lighthuose", "lighthouse-voice"),
        ("what does the lanten mean", "lantern-meaning"),
        (
            "my uncle took me there and it rained all day long but i loved it. what camera did they use to shoot it?",
            "camera",
        ),
    ],
)
def test_typos_and_anecdotes(matcher: Matcher, typed: str, entry: str) -> None:
    """Answered all the same."""
    match = matcher.match(typed)
    assert (match.verdict, match.label) == ("answer", Label("entry", entry))


@pytest.mark.parametrize(
    ("typed", "gap"),
    [
        ("what was the budget of the film", "tide-cost"),
        ("what was the movie's budget", "tide-cost"),
        ("who edited Low Tide then", "editor"),
        ("how old is Tom Quill", "tpl-age"),
        ("how old is Quill", "tpl-age"),
    ],
)
def test_a_gap_is_no_answer(matcher: Matcher, typed: str, gap: str) -> None:
    """The gap is named, however near an entry is."""
    match = matcher.match(typed)
    assert (match.verdict, match.label) == ("gap", Label("gap", gap))


@pytest.mark.parametrize(
    ("typed", "talk"), [("hello", "hello"), ("Thank you so much!!", "thanks"), ("are you a robot?", "who-are-you")]
)
def test_small_talk(matcher: Matcher, typed: str, talk: str) -> None:
    """Gets its line, and no near questions."""
    match = matcher.match(typed)
    assert (match.verdict, match.label, match.offered) == ("smalltalk", Label("smalltalk", talk), ())


@pytest.mark.parametrize(
    "typed", ["quantum chromodynamics", "recommend me a pizza recipe please", "how do I install the app"]
)
def test_other_domains_are_unknown(matcher: Matcher, typed: str) -> None:
    """The background is a rival, never an answer."""
    match = matcher.match(typed)
    assert (match.verdict, match.label) == ("unknown", None)


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "🙂", "...", "<@123>", "\u200b"])
def test_nothing_asked_is_unknown(matcher: Matcher, typed: str) -> None:
    """Without candidates."""
    match = matcher.match(typed)
    assert (match.verdict, match.candidates, match.offered, match.score) == ("unknown", (), (), 0.0)


def test_what_is_unsure_is_offered(lexical_snapshot: Snapshot) -> None:
    """At most three entries, those that are likely enough, and no answer."""
    match = lexical_snapshot.matcher.match("what about the scene with a camera")
    offer = lexical_snapshot.matcher.compiled.calibration.offer
    assert (match.verdict, match.label) == ("choices", None)
    assert match.offered == tuple(c.entry for c in match.candidates if c.probability >= offer)[:3]
    assert match.score < lexical_snapshot.matcher.compiled.calibration.answer


def test_what_a_class_holds_of_a_question(lexical_snapshot: Snapshot) -> None:
    """Its telling words and its names, by phrasings and answer."""
    matcher, host = lexical_snapshot.matcher, Label("entry", "harbor-host")
    whole = matcher.cover(matcher.match("who moderated the harbor talk").question, host)
    assert (whole.share, whole.uncovered, whole.missing) == (1.0, 0, 0)
    part = matcher.cover(matcher.match("who moderated the hill talk with popcorn").question, host)
    assert 0 < part.share < 1
    assert (part.uncovered, part.missing) == (1, 1)


@given(typed=st.text(max_size=120))
@settings(max_examples=often(60))
def test_any_text_gets_a_sound_match(lexical_snapshot: Snapshot, typed: str) -> None:
    """Candidates that contend fall, the others come last; probabilities are ones; an answer is sure enough."""
    match = lexical_snapshot.matcher.match(typed)
    best = max((candidate.evidence["head"] for candidate in match.candidates), default=0.0)
    order = [(c.evidence["head"] < best / 2 - 1e-6, -c.probability) for c in match.candidates if best > 0]
    assert order == sorted(order)
    assert all(0 <= candidate.probability <= 1 for candidate in match.candidates)
    assert all(set(candidate.evidence) == set(COLUMNS) for candidate in match.candidates)
    assert len(match.candidates) <= 5
    assert len(match.offered) <= 3
    if match.verdict == "answer":
        assert match.score >= lexical_snapshot.matcher.compiled.calibration.answer


def test_threads_get_the_same_answers(hybrid_snapshot: Snapshot) -> None:
    """Eight at once, with the encoder."""
    questions = [phrasing for entry in hybrid_snapshot.knowledge.entries.values() for phrasing in entry.questions]
    asked = [f"tell me about {question}" for question in questions]
    alone = [hybrid_snapshot.matcher.match(question) for question in asked]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(2):
            assert list(pool.map(hybrid_snapshot.matcher.match, asked)) == alone


@pytest.mark.parametrize(
    "dropped",
    [
        ("gaps", "gap_templates"),
        ("smalltalk", "background"),
        ("gaps", "gap_templates", "smalltalk", "background"),
    ],
)
def test_a_knowledge_base_may_lack_everything_but_entries(tmp_path: Path, dropped: tuple[str, ...]) -> None:
    """As one that was just imported: its phrasings are answered, a word that it has never heard of isn't."""
    entries = [{key: value for key, value in entry.items() if key != "follow_ups"} for entry in town()["entries"]]
    knowledge = build(tmp_path, {**town(), "entries": entries, "checks": [], **{section: [] for section in dropped}})
    matcher = Matcher(compile_knowledge(knowledge, None, 0.95, lambda _what, _done: None), None)
    assert matcher.match("who hosted the harbor talk").label == Label("entry", "harbor-host")
    assert matcher.match("zebra").verdict in ("unknown", "choices")


def test_a_knowledge_base_of_one_entry(tmp_path: Path, data: Data) -> None:
    """The smallest there is."""
    one = {**data["entries"][0], "questions": ["who hosted"], "quotes": []}
    empty: Data = {section: [] for section in ("gaps", "gap_templates", "smalltalk", "background", "checks", "quotes")}
    knowledge = build(tmp_path, {**data, **empty, "entries": [one]})
    matcher = Matcher(compile_knowledge(knowledge, None, 0.95, lambda _what, _done: None), None)
    assert matcher.match("who hosted?").verdict == "answer"


def test_a_knowledge_base_without_entries(tmp_path: Path, data: Data) -> None:
    """Gaps and small talk alone: nothing to answer with, and no crash."""
    knowledge = build(tmp_path, {**data, "entries": [], "checks": []})
    matcher = Matcher(compile_knowledge(knowledge, None, 0.95, lambda _what, _done: None), None)
    assert matcher.match("how much did Low Tide cost").verdict == "gap"
    assert matcher.match("something else").verdict in ("unknown", "gap", "smalltalk")


def test_the_gap_of_a_name_comes_before_a_template_without_it(tmp_path: Path) -> None:
    """However well the template's other words fit."""
    data = town()
    data["gap_templates"][0]["except"] = ["mira-holt"]
    questions = ["when was Mira Holt born", "Mira Holt's birthday", "birthplace of Mira Holt", "Mira Holt's age"]
    data["gaps"].append({"id": "mira-age", "questions": questions, "line": "Her age isn't told."})
    matcher = Matcher(compile_knowledge(build(tmp_path, data), None, 0.95, lambda _what, _done: None), None)
    assert matcher.match("how old is Tom Quill").label == Label("gap", "tpl-age")
    assert matcher.match("how old is Mira Holt").label == Label("gap", "mira-age")


def test_a_garbled_question_is_never_answered(hybrid_snapshot: Snapshot) -> None:
    """However near each of its words is to one that is known: it may be a question, so what comes near is offered."""
    matcher = hybrid_snapshot.matcher
    match = matcher.match("wher boet shid")
    assert match.score >= matcher.compiled.calibration.answer
    assert match.verdict == "choices"
    assert match.offered[0] == "harbor-place"
