"""onnxruntime reports nothing to anybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_BY_ITSELF = "import onnxruntime; onnxruntime.SessionOptions()"
_NOWHERE = {"https_proxy": "http://127.0.0.1:9", "SSL_CERT_FILE": os.devnull}  # nor does a test report
_BY_HERALD = "from bot.matching.runtime import onnxruntime; onnxruntime().SessionOptions()"


def identified(code: str, home: Path) -> list[str]:
    """What onnxruntime keeps in a new home to know the machine by, on a machine that looks like nobody's CI."""
    ci = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "JENKINS_URL", "TRAVIS", "PYTEST_CURRENT_TEST", "ORT_DISABLE_TELEMETRY")
    given = {name: value for name, value in os.environ.items() if name not in ci and not name.startswith("XDG_")}
    command = [sys.executable, "-c", code]
    subprocess.run(command, env={**given, **_NOWHERE, "HOME": str(home)}, check=True, capture_output=True)
    return [path.name for path in home.rglob("deviceid")]


@pytest.mark.parametrize("by", ["herald", "make"])
def test_no_identifier_of_the_machine_is_made(tmp_path: Path, by: str) -> None:
    """With which it would report; nor by what make compiles to bytecode."""
    makefile = (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
    (start,) = re.findall(r"^START := (.+)$", makefile, re.M)
    assert identified(start if by == "make" else _BY_HERALD, tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it keeps its identifier in another place")
def test_an_identifier_would_be_seen(tmp_path: Path) -> None:
    """onnxruntime by itself makes one; once it no longer does, none of this is needed any more."""
    assert identified(_BY_ITSELF, tmp_path) == ["deviceid"]
