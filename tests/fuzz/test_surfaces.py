"""Every surface takes what is thrown at it: a few inputs here, and as many as you like by ``make fuzz``."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.harness import Ground, Surface
from tests.fuzz.mutating import mutated
from tests.fuzz.running import Watch
from tests.fuzz.surfaces import SURFACES

_FEW = settings(
    max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def like(surface: Surface) -> st.SearchStrategy[bytes]:
    """Mutated seeds of a surface, and bytes of any kind."""
    seeds = surface.seeds()
    changed = st.integers(0, 2**32).map(lambda number: mutated(seeds, Random(number), surface.most))
    return st.one_of(changed, changed, changed, st.binary(max_size=200))


@pytest.mark.parametrize("name", SURFACES)
def test_it_takes_anything(name: str, lasting: Path, tmp_path: Path) -> None:
    """Neither the seeds nor what is made of them crash it."""
    surface = SURFACES[name]
    with surface.open(Ground(lasting, tmp_path)) as feed:
        for seed in surface.seeds():
            feed(seed)

        @_FEW
        @given(like(surface))
        def anything(data: bytes) -> None:
            feed(data)

        anything()


class TestWatching:
    def test_what_crashes_is_kept_with_its_input(self, tmp_path: Path) -> None:
        """Once for each place where it happens."""

        def feed(data: bytes) -> None:
            raise ValueError

        watch = Watch(SURFACES["jsonl"], feed, "", tmp_path)
        watch.feed(b"one")
        watch.feed(b"two")
        assert not watch.found.good
        (told,) = watch.found.crashes.values()
        assert Path(told.rpartition("input: ")[2]).read_bytes() == b"one"

    @pytest.mark.parametrize(("taken", "slow"), [((0.3, 0.1, 0.3), False), ((0.1,), False), ((0.3, 0.4, 0.25), True)])
    def test_what_is_slow_each_time_is_slow(self, taken: tuple[float, ...], slow: bool) -> None:  # noqa: FBT001
        """Once it may be, as on a machine that does other work."""
        clock = iter(sum(((0.0, seconds) for seconds in taken), ()))
        watch = Watch(SURFACES["jsonl"], lambda _: None, "", clock=lambda: next(clock))
        watch.feed(b"x")
        assert bool(watch.found.slow) is slow
        assert watch.found.inputs == 1
