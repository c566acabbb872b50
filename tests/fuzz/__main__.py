"""Fuzzes what input comes in by: ``python -m tests.fuzz [--seconds 300] [surface ...]``.

Ends with 1 where an input crashed, or took over 200 ms of processor time each time that it was tried.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from tests.fuzz.running import Found
from tests.fuzz.surfaces import SURFACES

_ROOT = Path(__file__).parents[2]
_KEPT = _ROOT / "build" / "fuzz"


def main() -> int:
    """Each surface in a process of its own, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzzes what input comes in by.")
    parser.add_argument("surfaces", nargs="*", metavar="surface", help=f"of {', '.join(SURFACES)}; all by default")
    parser.add_argument("--seconds", type=float, default=300.0, help="for each of them")
    parser.add_argument("--seed", type=int, default=0, help="of what is random")
    given = parser.parse_args()
    if unknown := set(given.surfaces) - SURFACES.keys():
        parser.error(f"unknown surface {', '.join(sorted(unknown))}; there are {', '.join(SURFACES)}")
    found = [_fuzzed(name, given.seconds, given.seed) for name in given.surfaces or SURFACES]
    return 0 if all(found) else 1


def _fuzzed(name: str, seconds: float, seed: int) -> bool:
    _KEPT.mkdir(parents=True, exist_ok=True)
    report = _KEPT / f"{name}.json"
    report.unlink(missing_ok=True)
    arguments = ["-m", "tests.fuzz.one", name, str(seconds), str(report), str(seed)]
    done = subprocess.run([sys.executable, *arguments], cwd=_ROOT, capture_output=True, text=True, check=False)
    if not report.is_file():
        print(f"{name:<12} ended with {done.returncode}:\n{done.stderr[-5000:]}")
        return False
    found = Found(**json.loads(report.read_text("utf-8")))
    print(found, flush=True)
    for told in found.crashes.values():
        print(told, flush=True)
    for data, taken in found.slow.items():
        print(f"{taken * 1000:.0f} ms: {data}", flush=True)
    return found.good


if __name__ == "__main__":
    sys.exit(main())
