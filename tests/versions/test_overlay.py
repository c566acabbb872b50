"""Lines over a knowledge base."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import KnowledgeError
from bot.knowledge import KnowledgeBase
from bot.knowledge.content import packed, plain, unpacked
from bot.versions.overlay import Line, dropped, overlaid, sorted_out
from tests.examples import often
from tests.support import Data, build, small_knowledge

_WORDS = st.lists(
    st.sampled_from("who ran the boat shed at night, then? Ünder Été 海 ...".split()), min_size=1, max_size=5
)
_QUESTIONS = st.lists(_WORDS.map(" ".join), min_size=1, max_size=3)
_NEW = ("boat-shed", "night-watch")


def phrasing(*questions: str, target: str = "talk-host", number: int = 0) -> Line:
    return Line("phrasing", target, {"questions": list(questions)}, number)


def entry(target: str = "boat-shed", number: int = 0, **more: Any) -> Line:
    content = {"id": target, "questions": ["where was it"], "answer": "In a shed.", "sources": ["hill-report"], **more}
    return Line("entry", target, content, number)


def gap(target: str = "tide-cast", number: int = 0) -> Line:
    return Line("gap", target, {"id": target, "questions": ["who else"], "line": "Nobody says."}, number)


@st.composite
def some_lines(draw: st.DrawFn) -> list[Line]:
    """Lines with ids of their own, in any order, that fit the small knowledge base."""
    made: list[Line] = [entry(name) for name in draw(st.lists(st.sampled_from(_NEW), unique=True))]
    made += [gap()] if draw(st.booleans()) else []
    targets = ["talk-host", "tide-story", *(line.target for line in made if line.kind == "entry")]
    for questions in draw(st.lists(_QUESTIONS, max_size=5)):
        made.append(phrasing(*questions, target=draw(st.sampled_from(targets))))
    for questions in draw(st.lists(_QUESTIONS, max_size=2)):
        made.append(Line("gap-phrasing", "tide-cost", {"questions": questions}))
    numbers = draw(st.permutations(range(1, len(made) + 1)))
    return [replace(line, id=number) for line, number in zip(made, numbers, strict=True)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The small knowledge base, which tests of properties may share, as nothing can change it."""
    return build(tmp_path_factory.mktemp("small"), small_knowledge())


_properties = settings(deadline=None, max_examples=often(60))


class TestProperties:
    """What holds whatever is taught."""

    @_properties
    @given(lines=some_lines())
    def test_twice_is_once(self, base: KnowledgeBase, lines: list[Line]) -> None:
        """Applied over themselves, lines change nothing, and all of them are dropped."""
        made = overlaid(base, lines)
        assert overlaid(made, lines) == made
        assert list(dropped(made, lines)) == lines

    @_properties
    @given(lines=some_lines(), turn=st.randoms())
    def test_the_order_does_not_matter(self, base: KnowledgeBase, lines: list[Line], turn: random.Random) -> None:
        """However stored lines come, they make the same version."""
        shuffled = turn.sample(lines, len(lines))
        assert overlaid(base, shuffled) == overlaid(base, lines)

    @_properties
    @given(lines=some_lines())
    def test_leaving_lines_out_undoes_them(self, base: KnowledgeBase, lines: list[Line]) -> None:
        """Nothing of a line is left; without lines there is the base itself."""
        assert overlaid(base, []) is base
        if lines:
            made = overlaid(base, lines)
            last = max(lines, key=lambda line: (not line.makes, line.id))
            fewer = overlaid(base, [line for line in lines if line is not last])
            assert overlaid(fewer, [last]) == made
            assert (fewer.version == made.version) == bool(dropped(fewer, [last]))

    @_properties
    @given(first=some_lines(), second=some_lines())
    def test_versions_differ_exactly_where_contents_do(
        self, base: KnowledgeBase, first: list[Line], second: list[Line]
    ) -> None:
        """Two processes with the same version say the same."""
        one, other = overlaid(base, first), overlaid(base, second)
        assert (one.version == other.version) == (_content(one) == _content(other))

    @_properties
    @given(lines=some_lines())
    def test_what_is_made_is_as_good_as_loaded(self, base: KnowledgeBase, lines: list[Line]) -> None:
        """It goes through the store and comes back the same."""
        made = overlaid(base, lines)
        assert unpacked(packed(made)) == made

    @_properties
    @given(lines=some_lines())
    def test_every_question_is_there_once(self, base: KnowledgeBase, lines: list[Line]) -> None:
        """No taught phrasing is lost: its record has it, or had it in other writing."""
        made = overlaid(base, lines)
        assert all(dropped(made, [line]) for line in lines)
        for name, record in base.entries.items():
            assert made.entries[name].questions[: len(record.questions)] == record.questions


def _content(kb: KnowledgeBase) -> dict[str, Any]:
    sections = {name: items for name, items in plain(kb).items() if name != "places"}
    return {**sections, "entries": {item["id"]: item for item in sections["entries"]}}


class TestLines:
    """The kinds of line."""

    def test_a_phrasing_goes_behind_the_others(self, base: KnowledgeBase) -> None:
        """In the order taught; the first one, which members see, stays."""
        made = overlaid(base, [phrasing("second", number=2), phrasing(" first ", number=1)])
        assert made.entries["talk-host"].questions == (*base.entries["talk-host"].questions, "first", "second")

    def test_follow_ups_stay(self, tmp_path: Path, data: Data) -> None:
        """Those of an entry that gets phrasings; a new one may bring some, that lead to what there is."""
        data["entries"][0]["follow_ups"] = {"tide-story": ["why"]}
        base = build(tmp_path, data)
        made = overlaid(base, [phrasing("first", number=1), entry(number=2, follow_ups={"talk-host": ["by whom"]})])
        assert made.entries["talk-host"].follow_ups == {"tide-story": ("why",)}
        assert made.entries["boat-shed"].follow_ups == {"talk-host": ("by whom",)}
        assert unpacked(packed(made)) == made
        with pytest.raises(KnowledgeError, match="unknown entry or gap in follow_ups 'talk-hots'; did you mean"):
            overlaid(base, [entry(number=2, follow_ups={"talk-hots": ["by whom"]})])

    def test_a_phrasing_that_is_there_is_left_out(self, base: KnowledgeBase) -> None:
        """However it is written."""
        assert overlaid(base, [phrasing("Who hosted the harbor talk?!", "HOST")]).version == base.version

    def test_a_new_entry_takes_phrasings_too(self, base: KnowledgeBase) -> None:
        """Whichever was stored first."""
        made = overlaid(base, [phrasing("shed", target="boat-shed", number=1), entry(number=2)])
        assert made.entries["boat-shed"].questions == ("where was it", "shed")
        assert made.places["entries", "boat-shed"] == ("taught", 2)

    def test_gaps(self, base: KnowledgeBase) -> None:
        """A gap of its own, and a phrasing of one."""
        made = overlaid(base, [gap(), Line("gap-phrasing", "tide-cost", {"questions": ["price tag"]})])
        assert made.gaps["tide-cast"].line == "Nobody says."
        assert made.gaps["tide-cost"].questions[-1] == "price tag"


class TestRefused:
    """Lines that don't fit."""

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            (phrasing("x", target="talk-hots", number=7), r"taught:7: entries: there is no 'talk-hots'.*'talk-host'"),
            (phrasing("x" * 401, number=7), r"taught:7: entries: 'talk-host': questions.0: over 400 characters"),
            (entry(number=7, sources=["hil-report"]), r"taught:7: .*unknown source 'hil-report'; did you mean"),
            (entry(number=7, answer="x" * 1201), r"taught:7: .*answer: over 1,200 characters"),
            (entry(number=7, answer=" "), r"taught:7: .*answer: must not be empty"),
            (entry(number=7, mood="x"), r"taught:7: .*mood: unknown key"),
            (entry("Boat Shed", number=7), r"taught:7: .*is no id"),
            (Line("gap-phrasing", "talk-host", {"questions": ["x"]}, 7), r"taught:7: gaps: there is no 'talk-host'"),
        ],
    )
    def test_the_line_is_named(self, base: KnowledgeBase, line: Line, message: str) -> None:
        """As loading names file and line."""
        with pytest.raises(KnowledgeError, match=message):
            overlaid(base, [line, phrasing("fine", number=8)])

    def test_what_does_not_fit_a_message_is_refused(self, base: KnowledgeBase) -> None:
        """An answer with its sources, as for YAML."""
        long = {"title": "t" * 200, "reports": "x", "order": 1}
        sources = {f"s{n}": base.sources["hill-report"].model_copy(update={"id": f"s{n}", **long}) for n in range(5)}
        wide = replace(base, sources={**base.sources, **sources})
        with pytest.raises(KnowledgeError, match=r"taught:7: .*over 1,900"):
            overlaid(wide, [entry(number=7, answer="x" * 1100, sources=list(sources))])


class TestSortedOut:
    """What becomes of lines when the YAML changes."""

    def test_what_the_yaml_has_is_merged(self, tmp_path: Path, base: KnowledgeBase) -> None:
        """A phrasing in other writing, and an entry whatever it says: the curator's word counts."""
        lines = [phrasing("who led it", number=1), entry(number=2), phrasing("new", number=3)]
        data = small_knowledge()
        data["entries"][0]["questions"].append("Who led it?")
        data["entries"].append({**entry().content, "answer": "In a boat shed."})
        found = sorted_out(build(tmp_path, data), lines)
        assert ([line.id for line in found.merged], [line.id for line in found.kept]) == ([1, 2], [3])
        assert not found.orphaned

    def test_what_has_no_place_any_more_is_orphaned(self, tmp_path: Path, base: KnowledgeBase) -> None:
        """The rest goes on top; of each the reason is told."""
        lines = [
            phrasing("x", target="tide-story", number=1), entry(number=2), phrasing("y", target="boat-shed", number=3),
            phrasing("z", number=4),
        ]  # fmt: skip
        data = small_knowledge()
        del data["entries"][1], data["sources"][1]
        found = sorted_out(build(tmp_path, data), lines)
        assert [line.id for line in found.kept] == [4]
        assert [line.id for line in found.orphaned] == [1, 2, 3]
        assert sorted(problem.line for problem in found.problems) == [1, 2, 3]

    def test_an_unsound_base_is_not_the_lines_fault(self, base: KnowledgeBase) -> None:
        """It is refused, and no line is given up for it."""
        with pytest.raises(KnowledgeError, match="unknown source"):
            sorted_out(replace(base, sources={}), [phrasing("x", number=1)])
