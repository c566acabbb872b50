"""Which folder a database is for, on SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.errors import StoreError
from bot.store.schema import versions
from tests.support import write_knowledge
from tests.versions.conftest import Stage, phrasing, without
from tests.versions.tables import QUESTION


async def test_another_folder_is_refused_where_one_process_has_the_database(stage: Stage, tmp_path: Path) -> None:
    """What was taught for one would be given up for the other; a folder that has moved is taken."""
    await (await stage.started()).teach(phrasing(QUESTION))
    other = write_knowledge(tmp_path / "other", {**stage.data, "background": ["more"]})
    if stage.database.shared:
        assert QUESTION in (await stage.started(folder=other)).questions("camera")
        return
    with pytest.raises(StoreError, match="HERALD_DATA_DIR"):
        await stage.started(folder=other)
    shutil.rmtree(stage.folder)
    assert QUESTION in (await stage.started(folder=other)).questions("camera")


async def test_another_folder_is_taken_where_nothing_was_taught(stage: Stage, tmp_path: Path) -> None:
    """There and back, whatever was in service before, and the log says so once."""
    if stage.database.shared:
        pytest.skip("several processes have folders of their own")
    other = write_knowledge(tmp_path / "other", {**stage.data, "background": ["more"]})
    first = (await stage.started()).knowledge
    with capture_logs() as log:
        assert (await stage.started(folder=other)).knowledge != first
        await stage.started(folder=other)
        assert (await stage.started()).knowledge == first
    said = [line for line in log if line["event"] == "another folder than before"]
    assert [(line["before"], line["folder"]) for line in said] == [
        (str(stage.folder), str(other)), (str(other), str(stage.folder)),
    ]  # fmt: skip


async def test_a_copy_of_the_folder_takes_its_place(stage: Stage, tmp_path: Path) -> None:
    """What is taught then is taught for the copy."""
    if stage.database.shared:
        pytest.skip("several processes have folders of their own")
    copy = write_knowledge(tmp_path / "copy", stage.data)
    await stage.started()
    process = await stage.started(folder=copy)
    assert process.publisher.version
    assert (process.publisher.version.number, process.publisher.version.origin) == (1, str(copy))
    await process.teach(phrasing(QUESTION))
    assert QUESTION in (await stage.started(folder=copy)).questions("camera")
    with pytest.raises(StoreError, match="HERALD_DATA_DIR"):
        await stage.started()


async def test_another_folder_is_refused_after_a_rollback(stage: Stage, tmp_path: Path) -> None:
    """That is of the folder before, too; what was taught and undone is nothing."""
    if stage.database.shared:
        pytest.skip("several processes have folders of their own")
    other = write_knowledge(tmp_path / "other", {**stage.data, "background": ["more"]})
    process = await stage.started()
    await process.teach(phrasing(QUESTION))
    await process.publisher.change("discord:1", "undo", without(1))
    stage.data["entries"][0]["answer"] = "Una Vale did."
    stage.write()
    await process.publisher.reload("discord:1")
    await process.publisher.rollback(1, "discord:1")
    with pytest.raises(StoreError, match="rolled back"):
        await stage.started(folder=other)
    await process.publisher.rollback(4, "discord:1")
    assert (await stage.started(folder=other)).knowledge.background


async def test_a_relative_folder_is_that_of_where_it_was_started(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same name elsewhere is another folder; another name of the same one is not."""
    other = write_knowledge(tmp_path / "elsewhere" / "kb", {**stage.data, "background": ["more"]})
    monkeypatch.chdir(tmp_path)
    await (await stage.started(folder=Path("kb"))).teach(phrasing(QUESTION))
    monkeypatch.chdir(other)
    assert QUESTION in (await stage.started(folder=Path("../../kb"))).questions("camera")
    monkeypatch.chdir(other.parent)
    if stage.database.shared:
        assert QUESTION in (await stage.started(folder=Path("kb"))).questions("camera")
        return
    with pytest.raises(StoreError, match="HERALD_DATA_DIR"):
        await stage.started(folder=Path("kb"))


@pytest.mark.parametrize("noted", ["kb", "{}/other/../kb"])
async def test_a_folder_that_an_older_herald_noted_as_set_is_noted_whole(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noted: str
) -> None:
    """Where it leads to the folder of the start; where it doesn't, nobody knows what it was."""
    if stage.database.shared:
        pytest.skip("several processes have folders of their own")
    other = write_knowledge(tmp_path / "other", stage.data)
    await (await stage.started()).teach(phrasing(QUESTION))
    async with stage.database.begin() as connection:
        await connection.execute(update(versions).values(origin=noted.format(tmp_path)))
    monkeypatch.chdir(other)
    if noted == "kb":
        assert (await stage.started(folder=other)).publisher.version
    monkeypatch.chdir(tmp_path)
    again = await stage.started(folder=Path("kb"))
    assert again.publisher.version
    assert again.publisher.version.origin == str(stage.folder)
    with pytest.raises(StoreError, match="HERALD_DATA_DIR"):
        await stage.started(folder=other)
