"""One surface in a process of its own: ``python -m tests.fuzz.one surface seconds report``; for ``tests.fuzz``.

By atheris, guided by the lines of Herald that an input reaches, where it is installed; else by chance alone.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

__all__ = ["main"]


def main(name: str, seconds: float, report: Path, seed: int) -> None:
    """Fuzzes a surface, and writes what was found into a file."""
    guide = _guide()
    if guide:
        with guide.instrument_imports(include=["bot", "adapters"], enable_loader_override=False):
            importlib.import_module("tests.fuzz.surfaces")
    from tests.fuzz.harness import prepared
    from tests.fuzz.running import Watch, inputs
    from tests.fuzz.surfaces import SURFACES

    surface = SURFACES[name]
    with tempfile.TemporaryDirectory() as folder, surface.open(prepared(Path(folder))) as feed:
        watch = Watch(surface, feed, "guided by atheris" if guide else "by chance", report.parent)
        watch.warm_up()
        began = time.monotonic()

        def done() -> None:
            watch.found.seconds = time.monotonic() - began
            report.write_text(json.dumps(watch.found.record()), "utf-8")

        if guide:
            _guided(guide, surface, watch, lambda: time.monotonic() - began < seconds, done, seed)
        for data in inputs(surface, seed, lambda: time.monotonic() - began < seconds):
            watch.feed(data)
        done()


def _guide() -> Any:
    """atheris, where it is installed."""
    try:
        return importlib.import_module("atheris")
    except ImportError:
        return None


def _guided(guide: Any, surface: Any, watch: Any, going: Any, done: Any, seed: int) -> None:
    """Never returns: libFuzzer ends the process."""
    from tests.fuzz.mutating import mutated

    def one(data: bytes) -> None:
        if not going():
            done()
            os._exit(0)
        watch.feed(data[: surface.most])

    def mutate(data: bytes, most: int, number: int) -> bytes:
        """As JSON where it is some; now and then as libFuzzer would."""
        rng = Random(number)
        if rng.random() < 0.2:
            return bytes(guide.Mutate(data, most))
        return mutated([data, *surface.seeds()][: rng.choice((1, 1, 1000))], rng, most)

    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(surface.seeds()):
            (Path(corpus) / str(number)).write_bytes(data)
        options = [f"-max_len={surface.most}", f"-seed={seed + 1}", "-timeout=60", "-verbosity=0", "-rss_limit_mb=0"]
        guide.Setup([sys.argv[0], *options, corpus], one, custom_mutator=mutate)
        guide.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
