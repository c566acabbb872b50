"""Quotes are verbatim, and stay what was verified."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeBase, load
from bot.knowledge.provenance import LOCK_NAME, fold, verify, write_lock
from tests.support import SHIPPED, Data, article_texts, build, messages, write_articles, write_knowledge

ARTICLES = SHIPPED.parent.parent / "shared" / "articles"


def lock(tmp_path: Path, data: Data) -> Path:
    """A folder whose quotes are verified and locked."""
    folder = write_knowledge(tmp_path / "locked", data)
    located, problems = verify(load(folder), write_articles(tmp_path / "articles", article_texts()))
    assert problems == []
    write_lock(folder, located)
    return folder


def test_fold_takes_typography_only() -> None:
    """Typographic quotes, dashes and spaces are folded; letters, case and other marks are not."""
    assert fold("“It’s\u00a0here”  —\n now\t–‘so’") == "\"It's here\" - now -'so'"
    assert fold("É, e!") == "É, e!"


def test_quote_is_found(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    """A quote is found across a line break, with its source and its offset in the folded text."""
    articles = write_articles(tmp_path / "articles", article_texts())
    located, problems = verify(knowledge, articles)
    assert problems == []
    place = located["on-light"]
    assert place.source == "harbor-report"
    assert fold(article_texts()["harbor-report"])[place.offset :].startswith("Light is patient.")


@pytest.mark.parametrize("text", ["Light was patient.", "light is patient.", "Light is patient!"])
def test_quote_in_other_words(tmp_path: Path, data: Data, text: str) -> None:
    """A quote that differs in a word, in case or in its last mark is a problem at its place."""
    data["quotes"][0]["text"] = text
    knowledge = build(tmp_path / "knowledge", data)
    located, (problem,) = verify(knowledge, write_articles(tmp_path / "articles", article_texts()))
    assert located == {}
    assert (problem.file, problem.line) == ("quotes.yaml", 2)
    assert "doesn't hold these words" in problem.message


def test_quote_of_the_other_source(tmp_path: Path, data: Data) -> None:
    """A quote must stand in the source that it names."""
    data["quotes"][0]["source"] = "hill-report"
    knowledge = build(tmp_path / "knowledge", data)
    _, (problem,) = verify(knowledge, write_articles(tmp_path / "articles", article_texts()))
    assert "the source 'hill-report' doesn't hold these words" in problem.message


def test_missing_article(tmp_path: Path, data: Data) -> None:
    """Without a source's text its quotes can't be verified: one line says so for all of them."""
    data["quotes"].append({**data["quotes"][0], "id": "on-lamps"})
    knowledge = build(tmp_path / "knowledge", data)
    _, (problem,) = verify(knowledge, tmp_path / "nowhere")
    path = tmp_path / "nowhere" / "harbor-report.txt"
    assert str(problem) == f"{path}:1: the text of the source 'harbor-report' is missing; save it there, as UTF-8"


@pytest.mark.parametrize(
    ("encoding", "line"), [("utf-16", 1), ("utf-16-le", 1), ("utf-16-be", 1), ("utf-32", 1), ("cp1252", 2)]
)
def test_article_in_another_encoding(tmp_path: Path, data: Data, encoding: str, line: int) -> None:
    """The file is to blame, not the quotes; the first line that isn't UTF-8 is named."""
    data["quotes"][0]["text"] = "Light is patient – always."
    data["quotes"].append({**data["quotes"][0], "id": "on-lamps"})
    articles = write_articles(tmp_path / "articles", {"harbor-report": "She said:\nLight is patient – always.\n"})
    path = articles / "harbor-report.txt"
    path.write_text(path.read_text("utf-8"), encoding)
    located, (problem,) = verify(build(tmp_path / "knowledge", data), articles)
    assert located == {}
    assert str(problem).startswith(f"{path}:{line}: the text of the source 'harbor-report' is not UTF-8 (")


def test_article_that_is_no_text(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    """A folder of its name can't be read, and an empty file holds nothing."""
    path = tmp_path / "harbor-report.txt"
    path.mkdir()
    _, (problem,) = verify(knowledge, tmp_path)
    assert "the text of the source 'harbor-report' can't be read: Is a directory" in problem.message
    path.rmdir()
    path.write_text(" \n", "utf-8")
    _, (problem,) = verify(knowledge, tmp_path)
    assert problem.message == "the text of the source 'harbor-report' is empty"


def test_article_with_stray_bytes(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    """A byte that is no UTF-8 elsewhere in a text doesn't hide a quote."""
    articles = write_articles(tmp_path / "articles", article_texts())
    path = articles / "harbor-report.txt"
    path.write_bytes(b"caf\xe9 " + path.read_bytes())
    assert set(verify(knowledge, articles)[0]) == {"on-light"}


def test_locked_quotes_load(tmp_path: Path, data: Data) -> None:
    """What was verified loads, and so does the same quote with other typography."""
    folder = lock(tmp_path, data)
    assert messages(folder) == []
    data["quotes"][0]["text"] = "Light\u00a0is patient."
    assert messages(write_knowledge(folder, data)) == []


@pytest.mark.parametrize(
    "change", [{"text": "Light is very patient."}, {"speaker": "ben-reed"}, {"source": "hill-report"}]
)
def test_quote_changed_after_locking(tmp_path: Path, data: Data, change: dict[str, str]) -> None:
    """A quote whose words, speaker or source changed since is refused until it is verified again."""
    folder = lock(tmp_path, data)
    data["quotes"][0] |= change
    assert messages(write_knowledge(folder, data)) == [
        "quotes.yaml:2: quotes: 'on-light' differs from the verified text; run 'herald kb verify --articles DIR'"
    ]


@pytest.mark.parametrize("change", [{"speaker": "ben-read"}, {"source": "hill-rapport"}])
def test_a_misspelt_id_is_one_problem(tmp_path: Path, data: Data, change: dict[str, str]) -> None:
    """That the quote differs thereby from the verified one is no second."""
    folder = lock(tmp_path, data)
    data["quotes"][0] |= change
    (message,) = messages(write_knowledge(folder, data))
    assert "did you mean" in message


def test_new_quote_after_locking(tmp_path: Path, data: Data) -> None:
    """A quote that the lock file doesn't know is refused."""
    folder = lock(tmp_path, data)
    data["quotes"].append({**data["quotes"][0], "id": "on-lamps"})
    (message,) = messages(write_knowledge(folder, data))
    assert "'on-lamps' has never been verified" in message


@pytest.mark.parametrize("text", ["", "[]", "7", '{"on-light": []}', '{"on-light": 7}', "[" * 100_000, "null"])
def test_broken_lock(folder: Path, text: str) -> None:
    """A lock file that is none is a problem with its remedy."""
    (folder / LOCK_NAME).write_text(text, "utf-8")
    (message,) = messages(folder)
    assert message == f"{LOCK_NAME}:1: not a lock file; run 'herald kb verify --articles DIR' to write it anew"


def test_lock_holds_no_text(tmp_path: Path, data: Data) -> None:
    """The lock file proves words without repeating them, one quote a line."""
    written = (lock(tmp_path, data) / LOCK_NAME).read_text("utf-8")
    assert "patient" not in written
    assert len(written.splitlines()) == len(data["quotes"]) + 2


@pytest.mark.skipif(not ARTICLES.is_dir(), reason=f"the articles are not in the repository, and not in {ARTICLES}")
def test_shipped_quotes_are_verbatim() -> None:
    """Every shipped quote stands word for word in its article."""
    knowledge = load(SHIPPED)
    located, problems = verify(knowledge, ARTICLES)
    assert [str(problem) for problem in problems] == []
    assert set(located) == set(knowledge.quotes)
