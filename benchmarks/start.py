"""One start of Herald in a process of its own: prints seconds to the first answer and megabytes as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time

from bot.service import open_service
from bot.settings import read_settings

__all__ = ["main"]

# What getrusage counts in: kilobytes, but for macOS, which counts bytes.
_MEGABYTE = 1 << 20 if sys.platform == "darwin" else 1 << 10


def main() -> None:
    """Starts, answers one question, and tells how it went. The import of this module's imports is in neither figure."""
    started = time.perf_counter()
    service = open_service(read_settings())
    herald = service.herald()
    herald.ask("who moderated the talk")
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE
    print(json.dumps({"seconds": seconds, "resident": _resident() or peak, "peak": peak}))


def _resident() -> float:
    """Megabytes now, where Linux tells."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123 - no path of the project
            line = next((line for line in file if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    except OSError:
        return 0.0
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
