"""Evidence for and against an entry, and what leaving out takes from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot.matching import evidence, head
from bot.matching import index as indexes
from bot.matching.dictionary import dictionary
from bot.matching.evidence import COLUMNS, NOTHING, LeftOut, Ranking, Signals
from bot.matching.index import Index, Label
from bot.matching.signals import Similarities
from bot.matching.utterance import Utterance, prepare
from tests.support import build
from tests.town import town

Scores = npt.NDArray[np.float32]


class Bench:
    """The town's index on the lexical half, with its head."""

    def __init__(self, folder: Path) -> None:
        self.index: Index = indexes.build(build(folder, town()), dictionary())
        self.similarities = Similarities(self.index.lexical, None)
        gram = np.stack([self.index.lexical.similarities(u.terms, u.tokens) for u in self.index.utterances])
        every = np.arange(self.index.size)
        self.head = head.fit([gram], self.index.owner, every, len(self.index.labels)).head

    def label(self, name: str) -> int:
        """The class of an id."""
        return next(number for number, label in enumerate(self.index.labels) if label.id == name)

    def asked(self, typed: str) -> tuple[Utterance, Signals]:
        """A question with its signals."""
        question = prepare(typed, self.index.lexicon)
        return question, self.similarities.signals(question, None, self.head)

    def columns(self, typed: str, entry: str, left_out: LeftOut = NOTHING) -> dict[str, float]:
        """The evidence for one entry by name."""
        question, signals = self.asked(typed)
        ranking = evidence.rank(self.index, signals.head, 5)
        place = ranking.entries.tolist().index(self.label(entry))
        row = evidence.gather(self.index, question, signals, ranking, left_out)[place]
        return dict(zip(COLUMNS, row.tolist(), strict=True))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One for all tests here."""
    return Bench(tmp_path_factory.mktemp("town"))


def test_a_number_for_every_name(bench: Bench) -> None:
    """Each column has one name, each entry one row; all of it finite."""
    question, signals = bench.asked("who moderated the harbor talk")
    ranking = evidence.rank(bench.index, signals.head, 5)
    rows = evidence.gather(bench.index, question, signals, ranking)
    assert rows.shape == (5, len(COLUMNS))
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert np.isfinite(rows).all()


def test_an_entrys_own_words_are_the_best_evidence(bench: Bench) -> None:
    """Everything is covered, nothing contradicts."""
    found = bench.columns("who moderated the harbor talk", "harbor-host")
    assert found["nearest-lexical"] == pytest.approx(1, abs=1e-5)
    assert found["cover"] == pytest.approx(1)
    assert (found["uncovered-sum"], found["unknown-words"], found["names-missing"]) == (0, 0, 0)
    assert (found["relations-missing"], found["rank"]) == (0, 0)
    assert found["margin-entry"] > 0 < found["margin-gap"]


def test_a_name_that_contradicts_is_seen(bench: Bench) -> None:
    """The hill's moderator for a question about the harbor."""
    found = bench.columns("who moderated the harbor talk", "hill-host")
    assert found["names-missing"] == 1
    assert found["names-missing"] > bench.columns("who moderated the harbor talk", "harbor-host")["names-missing"]


def test_words_and_relations_that_are_missing_are_seen(bench: Bench) -> None:
    """The same name with another relation is another question."""
    found = bench.columns("who financed Low Tide with zeppelins", "director")
    assert found["relations-missing"] == 1
    assert found["unknown-words"] >= 1
    assert found["uncovered-sum"] >= found["uncovered-max"] > 0
    assert found["cover"] < 1


def test_the_head_takes_part(bench: Bench) -> None:
    """Its scores and margins are those of the ranking."""
    _, signals = bench.asked("who directed Low Tide")
    found = bench.columns("who directed Low Tide", "director")
    assert found["head"] == pytest.approx(float(signals.head[bench.label("director")]))
    assert found["margin-gap"] == pytest.approx(found["head"] - float(signals.head[bench.index.of_kind("gap")].max()))


class TestLeavingOut:
    def row(self, bench: Bench, typed: str) -> int:
        """The phrasing that is the question itself."""
        key = prepare(typed, bench.index.lexicon).key
        return next(row for row, utterance in enumerate(bench.index.utterances) if utterance.key == key)

    def test_a_phrasing_no_longer_testifies_for_its_entry(self, bench: Bench) -> None:
        """Its similarity, its words and its type are out; what other phrasings say stays."""
        typed = "who hosted the harbor talk"
        row = self.row(bench, typed)
        out = LeftOut(np.array([row]), member_of=bench.label("harbor-host"))
        whole, without = bench.columns(typed, "harbor-host"), bench.columns(typed, "harbor-host", out)
        assert whole["nearest-lexical"] == pytest.approx(1, abs=1e-5)
        assert without["nearest-lexical"] < 0.95
        assert without["mean-semantic"] < whole["mean-semantic"]
        assert without["kind"] < whole["kind"]
        for unchanged in ("head", "names-shared", "length", "rank"):
            assert without[unchanged] == whole[unchanged]

    def test_a_word_that_only_it_had_is_uncovered(self, bench: Bench) -> None:
        """ "Helmed" stands in one phrasing; without that one it is unheard of."""
        typed = "who helmed the movie"
        out = LeftOut(np.array([self.row(bench, typed)]), member_of=bench.label("director"))
        assert bench.columns(typed, "director")["cover"] == pytest.approx(1)
        without = bench.columns(typed, "director", out)
        assert without["cover"] < 1
        assert without["unknown-words"] == 1

    def test_other_entries_keep_their_evidence(self, bench: Bench) -> None:
        """Leaving a phrasing of one entry out takes nothing from another's similarity and coverage of known words."""
        typed = "who moderated the harbor talk"
        out = LeftOut(np.array([self.row(bench, typed)]), member_of=bench.label("harbor-host"))
        whole, without = bench.columns(typed, "hill-host"), bench.columns(typed, "hill-host", out)
        for name in ("nearest-lexical", "mean3-lexical", "kind", "relations-missing", "names-missing"):
            assert without[name] == whole[name]

    def test_a_gap_left_out_whole_is_no_rival(self, bench: Bench) -> None:
        """The best gap is another one then, and nothing blocks the entries."""
        _, signals = bench.asked("what was the budget of the film")
        gap = bench.label("tide-cost")
        ranking = evidence.rank(bench.index, signals.head, 5)
        without = evidence.rank(bench.index, signals.head, 5, LeftOut(bench.index.rows(gap), gap))
        assert ranking.gap == gap != without.gap
        assert signals.head[without.gap] < signals.head[gap]
        assert without.entries.tolist() == ranking.entries.tolist()


class TestRanking:
    def test_entries_from_high_to_low(self, bench: Bench) -> None:
        """As many as are asked for, entries only."""
        _, signals = bench.asked("who directed Low Tide")
        ranking = evidence.rank(bench.index, signals.head, 3)
        scores = signals.head[ranking.entries]
        assert bench.index.labels[ranking.entries[0]] == Label("entry", "director")
        assert (np.diff(scores) <= 0).all()
        assert len(ranking.entries) == 3

    @pytest.mark.parametrize(
        ("typed", "blocked"),
        [
            ("what was the budget of the film", True),
            ("thank you so much", True),
            ("recommend a pizza recipe", True),
            ("who directed Low Tide", False),
        ],
    )
    def test_a_gap_small_talk_or_background_on_top_blocks(self, bench: Bench, typed: str, *, blocked: bool) -> None:
        """No entry answers then, however probable the model finds it."""
        _, signals = bench.asked(typed)
        assert evidence.rank(bench.index, signals.head, 5).blocked(signals.head) is blocked

    def test_no_entry_at_all_blocks(self) -> None:
        """There is nothing to answer with."""
        assert Ranking(np.zeros(0, np.int64), -1, 0.0).blocked(np.zeros(3, np.float32))

    def test_no_gap_blocks_nothing(self) -> None:
        """A knowledge base without gaps, small talk and background."""
        assert not Ranking(np.array([0]), -1, 0.0).blocked(np.array([0.3], np.float32))
