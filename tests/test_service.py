"""From settings to a running Herald."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.errors import KnowledgeError
from bot.herald import Herald
from bot.knowledge import KnowledgeBase, load
from bot.matching import cache
from bot.service import Service, open_service
from bot.settings import Settings
from tests.support import Data, write_knowledge


def made(tmp_path: Path, data: Data, **more: object) -> Settings:
    """Settings over the small knowledge base, without the encoder unless they say so."""
    folder = write_knowledge(tmp_path / "kb", data)
    return Settings.model_validate({"knowledge_dir": folder, "cache_dir": tmp_path / "cache", "encoder": False} | more)


def told(service: Service) -> list[str]:
    """What is being done while Herald starts."""
    heard: list[str] = []
    service.herald(lambda what, _done: heard.append(what))
    return heard


def test_the_lexical_half_alone_says_so_once(tmp_path: Path, data: Data) -> None:
    """One line at the start, none with the questions; and it answers."""
    lines: list[str] = []
    service = open_service(made(tmp_path, data), lines.append)
    herald = service.herald()
    assert herald.ask("who hosted the harbor talk").kind == "answer"
    herald.ask("who hosted the harbor talk")
    assert lines == [service.note]
    assert "lexical half" in lines[0]
    assert service.encoder is None


def test_an_encoder_that_cannot_be_opened_is_done_without(tmp_path: Path, data: Data) -> None:
    """One line with the reason; Herald starts all the same."""
    lines: list[str] = []
    service = open_service(made(tmp_path, data, encoder=True, encoder_dir=tmp_path / "none"), lines.append)
    (line,) = lines
    assert "HERALD_ENCODER_DIR" in line
    assert "lexical half" in line
    assert "\n" not in line
    assert service.herald().ask("who hosted the harbor talk").kind == "answer"


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, data: Data) -> None:
    """In one line at the start, with what to do; Herald answers all the same, with the encoder too."""
    (tmp_path / "cache").write_text("in the way", "utf-8")
    lines: list[str] = []
    service = open_service(made(tmp_path, data, encoder=True), lines.append)
    assert service.herald().ask("who hosted the harbor talk").kind == "answer"
    assert service.encoder
    (line,) = lines
    assert line.startswith(f"The cache folder {tmp_path / 'cache'} can't be written (it is a file): ")
    assert line.endswith("Set HERALD_CACHE_DIR to another.")


def test_with_the_encoder_nothing_is_said(tmp_path: Path, data: Data) -> None:
    """There is nothing the matter."""
    lines: list[str] = []
    service = open_service(made(tmp_path, data, encoder=True), lines.append)
    assert lines == []
    assert service.encoder
    assert service.note == ""


def test_the_second_start_takes_the_cache(tmp_path: Path, data: Data) -> None:
    """Nothing is built, and the answers are the same."""
    first, second = open_service(made(tmp_path, data)), open_service(made(tmp_path, data))
    assert told(first)
    before = first.herald().snapshot.matcher.match("who ran the harbor talk")
    assert told(second) == []
    assert second.herald().snapshot.matcher.match("who ran the harbor talk") == before


def test_progress_ascends_to_the_end(tmp_path: Path, data: Data) -> None:
    """From 0 to 1."""
    shares: list[float] = []
    open_service(made(tmp_path, data)).herald(lambda _what, done: shares.append(done))
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_changed_knowledge_base_is_compiled_anew(tmp_path: Path, data: Data) -> None:
    """Another answer is another version; a file moved about isn't."""
    told(open_service(made(tmp_path, data)))
    data["entries"][0]["answer"] = "Ben Reed hosted it."
    service = open_service(made(tmp_path, data))
    assert told(service)
    assert service.herald().ask("who hosted the harbor talk").text == "Ben Reed hosted it."


def test_another_precision_is_compiled_anew(tmp_path: Path, data: Data) -> None:
    """The thresholds lie in the cache."""
    told(open_service(made(tmp_path, data)))
    assert told(open_service(made(tmp_path, data, precision=0.8)))


def test_a_corrupt_cache_is_made_anew(tmp_path: Path, data: Data) -> None:
    """And right again at the next start."""
    told(open_service(made(tmp_path, data)))
    (path,) = (tmp_path / "cache").glob("compiled-*.npz")
    path.write_bytes(b"PK garbage")
    assert told(open_service(made(tmp_path, data)))
    assert told(open_service(made(tmp_path, data))) == []


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, data: Data) -> None:
    """Each start builds then, with the encoder as well as without."""
    (tmp_path / "file").touch()
    for encoder in (False, True):
        service = open_service(made(tmp_path, data, cache_dir=tmp_path / "file" / "cache", encoder=encoder))
        assert service.note == "" if encoder else service.note
        assert service.herald().ask("who hosted the harbor talk").kind == "answer"


def test_problems_of_the_knowledge_base_end_the_start(tmp_path: Path, data: Data) -> None:
    """All of them, with file and line."""
    data["entries"][0]["sources"] = ["nowhere"]
    data["quotes"][0]["speaker"] = "nobody"
    service = open_service(made(tmp_path, data))
    with pytest.raises(KnowledgeError) as error:
        service.herald()
    assert len(error.value.problems) == 2


def test_reload_builds_beside(tmp_path: Path, data: Data) -> None:
    """The snapshot in service stays what it was until it is swapped."""
    service = open_service(made(tmp_path, data))
    herald = service.herald()
    data["entries"][0]["answer"] = "Ben Reed hosted it."
    after = service.snapshot(load(write_knowledge(tmp_path / "kb", data)))
    assert herald.ask("who hosted the harbor talk").text == "Ada Stone hosted it."
    herald.swap(after)
    assert herald.ask("who hosted the harbor talk").text == "Ben Reed hosted it."


def taught(tmp_path: Path, data: Data, phrasing: str, entry: int = 0) -> KnowledgeBase:
    """The small knowledge base with one phrasing more."""
    data["entries"][entry]["questions"].append(phrasing)
    return load(write_knowledge(tmp_path / "taught", data))


def test_what_is_taught_is_grafted(tmp_path: Path, data: Data) -> None:
    """Without a compile, and it answers."""
    service = open_service(made(tmp_path, data))
    service.herald()
    snapshot = service.ready(taught(tmp_path, data, "whose evening was it"))
    assert snapshot
    assert not snapshot.whole
    assert Herald(snapshot).ask("whose evening was it").text == "Ada Stone hosted it."
    assert Herald(snapshot).quote().quotes[0].id == "on-light"


def test_with_nothing_to_graft_onto_it_has_to_be_compiled(tmp_path: Path, data: Data) -> None:
    """Which is what a snapshot does by itself."""
    service = open_service(made(tmp_path, data))
    after = taught(tmp_path, data, "whose evening was it")
    assert service.ready(after) is None
    assert service.snapshot(after).whole


def test_a_remembered_base_is_read_from_the_cache(tmp_path: Path, data: Data) -> None:
    """As at a start with what was taught before; one that was never compiled is of no use."""
    base, after = load(write_knowledge(tmp_path / "kb", data)), taught(tmp_path, data, "whose evening was it")
    service = open_service(made(tmp_path, data))
    service.remember(base)
    assert service.ready(after) is None
    open_service(made(tmp_path, data)).whole(base)
    snapshot = service.ready(after)
    assert snapshot
    assert not snapshot.whole
    assert Herald(snapshot).quote().quotes[0].id == "on-light"


def test_a_base_that_does_not_fit_is_not_read(tmp_path: Path, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names or glossary differ, which shows without what was compiled of it; that is large."""
    base = load(write_knowledge(tmp_path / "kb", data))
    service = open_service(made(tmp_path, data))
    service.remember(base)
    data["glossary"] = [["harbor", "quay"]]
    after, read = load(write_knowledge(tmp_path / "after", data)), Mock(spec=cache.load, return_value=None)
    monkeypatch.setattr(cache, "load", read)
    assert service.ready(after) is None
    read.assert_called_once_with(service.settings.cache_folder, service.cache_key(after))


@pytest.mark.parametrize("encoder", [False, True])
def test_each_graft_goes_onto_what_was_compiled_whole(tmp_path: Path, data: Data, *, encoder: bool) -> None:
    """What was taught before is in the next one too; what is undone isn't."""
    service = open_service(made(tmp_path, data, encoder=encoder))
    herald = service.herald()
    for number in range(3):
        snapshot = service.ready(taught(tmp_path, data, f"evening number {number} by whom"))
        assert snapshot
        assert snapshot.matcher.compiled.grafted == number + 1
        herald.swap(snapshot)  # so that what was compiled whole is no longer held
    assert herald.ask("evening number 0 by whom").text == "Ada Stone hosted it."
    del data["entries"][0]["questions"][-2:]
    undone = service.ready(load(write_knowledge(tmp_path / "taught", data)))
    assert undone
    assert not undone.matcher.knows(undone.matcher.match("evening number 2 by whom").question)
    assert undone.matcher.knows(undone.matcher.match("evening number 0 by whom").question)


def test_what_was_taught_is_undone_after_a_compile_too(tmp_path: Path, data: Data) -> None:
    """By a graft that takes it away."""
    service = open_service(made(tmp_path, data))
    base = service.herald().snapshot
    after = service.whole(taught(tmp_path, data, "whose evening was it"))
    assert after.whole
    (tmp_path / "cache" / f"compiled-{service.cache_key(base.knowledge)}.npz").unlink()
    undone = service.ready(base.knowledge)
    assert undone
    assert not undone.matcher.knows(undone.matcher.match("whose evening was it").question)


def test_grafts_work_where_no_cache_can_be_written(tmp_path: Path, data: Data) -> None:
    """What was compiled is held then."""
    (tmp_path / "file").touch()
    service = open_service(made(tmp_path, data, cache_dir=tmp_path / "file" / "cache"))
    herald = service.herald()
    for number in range(2):
        snapshot = service.ready(taught(tmp_path, data, f"evening number {number} by whom"))
        assert snapshot
        herald.swap(snapshot)
    assert herald.ask("evening number 1 by whom").text == "Ada Stone hosted it."
