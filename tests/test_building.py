"""The child's part of a reload, where the system forbids some of it."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import small_knowledge, write_knowledge

SETPRIORITY = {"x86_64": 141, "aarch64": 140}
RELOAD = """
import ctypes, struct, sys
from pathlib import Path
from bot import reload
from bot.service import open_service
from bot.settings import Settings

def forbid(number):
    # The number of the call is loaded; where it is the forbidden one, EPERM is the result; all else is allowed.
    steps = ((0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    assert prctl(38, 1, 0, 0, 0) == 0
    assert prctl(22, 2, program, 0, 0) == 0, ctypes.get_errno()

def unwanted(*_):
    raise AssertionError("the child built nothing")

forbid(int(sys.argv[1]))
reload.build_here = unwanted
reload.build_apart(open_service(Settings(knowledge_dir=Path(sys.argv[2]), encoder=False)))
"""


def test_a_system_that_forbids_lower_priority_is_worked_on(tmp_path: Path) -> None:
    """As systemd's @resources does: the child reads all the same."""
    number = SETPRIORITY.get(platform.machine())
    if number is None or sys.platform != "linux":
        pytest.skip("the number of the call isn't known for this machine")
    folder = write_knowledge(tmp_path / "kb", small_knowledge())
    done = subprocess.run(
        [sys.executable, "-c", RELOAD, str(number), folder], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
