"""What is asked after each entry, in the cache of what was compiled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.herald import Snapshot
from bot.matching import cache, files
from bot.matching.compiled import Compiled
from bot.matching.matcher import Matcher
from tests.matching.test_follow_ups import LEANING, NAME


class TestCached:
    def test_it_comes_back(self, snapshot: Snapshot, tmp_path: Path) -> None:
        """To the last bit."""
        compiled, encoder = snapshot.matcher.compiled, snapshot.matcher._encoder
        cache.save(compiled, tmp_path, NAME)
        found = cache.load(tmp_path, NAME)
        assert found
        assert found.follow_ups.asked == compiled.follow_ups.asked
        for typed in LEANING:
            match = snapshot.matcher.match(typed)
            again, before = Matcher(found, encoder).follows(match), snapshot.matcher.follows(match)
            assert (again.values == before.values).all()

    @pytest.mark.parametrize("lost", ["follow_up_vectors", "follow_up_lexical_rows", "vectors"])
    def test_a_lost_part_is_not_made_up(self, hybrid_snapshot: Snapshot, tmp_path: Path, lost: str) -> None:
        """Neither its own nor those of the phrasings."""
        arrays = _saved(hybrid_snapshot.matcher.compiled, tmp_path)
        del arrays[lost]
        _write(arrays, tmp_path)
        assert cache.load(tmp_path, NAME) is None

    def test_parts_that_do_not_fit_together_are_not_trusted(self, hybrid_snapshot: Snapshot, tmp_path: Path) -> None:
        """A follow-up without a vector."""
        arrays = _saved(hybrid_snapshot.matcher.compiled, tmp_path)
        _write({**arrays, "follow_up_vectors": arrays["follow_up_vectors"][:-1]}, tmp_path)
        assert cache.load(tmp_path, NAME) is None

    @pytest.mark.parametrize("asked", [b"null", b"[1]", b'[["director", "music"]]', b"[]"])
    def test_other_content_is_not_trusted(self, hybrid_snapshot: Snapshot, tmp_path: Path, asked: bytes) -> None:
        """However the description is amiss."""
        arrays = _saved(hybrid_snapshot.matcher.compiled, tmp_path)
        before, _, _ = arrays["meta"].tobytes().partition(b'"follow_ups": ')
        _write({**arrays, "meta": np.frombuffer(before + b'"follow_ups": ' + asked + b"}", np.uint8)}, tmp_path)
        assert cache.load(tmp_path, NAME) is None


def _saved(compiled: Compiled, folder: Path) -> files.Arrays:
    cache.save(compiled, folder, NAME)
    return dict(files.read_arrays(folder / f"compiled-{NAME}.npz"))


def _write(arrays: files.Arrays, folder: Path) -> None:
    files.write_arrays(folder / f"compiled-{NAME}.npz", arrays)
