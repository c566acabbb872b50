"""The licenses of what Herald installs, as NOTICE lists them; ``make notice`` writes them anew."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType
from typing import cast

__all__ = ["HEADING", "listed", "names", "noticed"]

ROOT = Path(__file__).parent.parent
HEADING = "Herald installs these packages (some by an extra, or on some systems), each under a license of its own:\n"

# Where a package tells its license in words of its own, or isn't installed on every system.
_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "audioop-lts": "PSF-2.0",
        "colorama": "BSD-3-Clause",
        "contourpy": "BSD-3-Clause",
        "cycler": "BSD-3-Clause",
        "httpx2-jsfetch": "BSD-3-Clause",
        "kiwisolver": "BSD-3-Clause",
        "matplotlib": "LicenseRef-Matplotlib (as PSF-2.0)",
        "prompt-toolkit": "BSD-3-Clause",
        "protobuf": "BSD-3-Clause",
        "tokenizers": "Apache-2.0",
    }
)
_SPELT: Mapping[str, str] = MappingProxyType(
    {
        "Apache 2.0": "Apache-2.0",
        "Apache Software License": "Apache-2.0",
        "ISC License": "ISC",
        "MIT License": "MIT",
        "Python Software Foundation License": "PSF-2.0",
    }
)
_SPDX = re.compile(r"[A-Z0-9][\w.+-]*(?: (?:AND|OR|WITH) [A-Z0-9][\w.+-]*)*")


def names(lock: Path = ROOT / "deploy" / "runtime.lock") -> list[str]:
    """The packages of a lock."""
    return re.findall(r"^([a-z0-9][\w.-]*)(?:\[.*?\])?==", lock.read_text("utf-8"), re.M)


def listed() -> str:
    """A line for each package.

    Raises:
        LookupError: a package tells no license that is understood here.
    """
    return "".join(f"    {name:<22} {_license(name)}\n" for name in names())


def noticed(text: str) -> str:
    """NOTICE with the list as it should be, after all else."""
    return f"{text.partition(HEADING)[0].rstrip()}\n\n{HEADING}\n{listed()}"


def _license(name: str) -> str:
    if name in _KNOWN:
        return _KNOWN[name]
    try:
        told = cast("Message", distribution(name).metadata)
    except PackageNotFoundError:
        raise LookupError(f"{name} isn't installed here: note its license in tests/licenses.py") from None
    classifiers = [str(line).rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if "License ::" in line]
    for given in (told.get("License-Expression"), told.get("License"), *classifiers):
        found = _SPELT.get(str(given), str(given)) if given else ""
        if _SPDX.fullmatch(found) and found not in ("BSD", "OSI"):
            return found
    raise LookupError(f"{name} tells no license that is understood: note it in tests/licenses.py")


if __name__ == "__main__":
    notice = ROOT / "NOTICE"
    written = noticed(notice.read_text("utf-8"))
    notice.write_text(written, "utf-8")
    sys.stdout.write(f"{len(names())} licenses in NOTICE\n")
