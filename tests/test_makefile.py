"""When make builds .venv, and what of it; nothing is installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_project import ROOT

FILES = ("Makefile", "pyproject.toml", "requirements.lock", "deploy/runtime.lock")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What make looks at, older than what will be built."""
    made = tmp_path / "a checkout"
    for name in FILES:
        target = made / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
        os.utime(target, (1, 1))
    return made


def build(checkout: Path, *stamps: str) -> None:
    """A .venv up to some of its stamps, the older one first."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for age, name in enumerate(stamps, 2):
        stamp = checkout / ".venv" / name
        stamp.write_text(f"{checkout}\n", "utf-8")
        os.utime(stamp, (age, age))


def steps(checkout: Path, *targets: str) -> set[str]:
    """Which locks would be installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        [shutil.which("make") or "make", "--dry-run", *targets],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name for name in FILES if f'part ".lock"}}\' {name} &&' in done.stdout}


def test_a_conversation_needs_no_tools(checkout: Path) -> None:
    """Herald with all of its extras, and nothing else."""
    assert steps(checkout, "chat") == {"deploy/runtime.lock"}
    build(checkout, ".runtime")
    assert steps(checkout, "chat") == set()


def test_the_tools_come_on_top(checkout: Path) -> None:
    """Of what is there already, also side by side; once."""
    assert steps(checkout, "lint") == {"deploy/runtime.lock", "requirements.lock"}
    build(checkout, ".runtime")
    assert steps(checkout, "-j4", "chat", "lint", "bench") == {"requirements.lock"}
    (checkout / ".venv" / ".built").touch()
    assert steps(checkout, "-j4", "chat", "lint", "bench") == set()


@pytest.mark.parametrize("changed", FILES[1:])
def test_a_changed_lock_is_installed_anew(checkout: Path, changed: str) -> None:
    """From nothing, so that what it names no more is gone."""
    build(checkout, ".runtime", ".built")
    (checkout / changed).touch()
    assert steps(checkout, "lint") == {"deploy/runtime.lock", "requirements.lock"}


def test_what_was_moved_interrupted_or_lost_its_python_is_built_anew(checkout: Path) -> None:
    """Half a build has no stamp."""
    build(checkout, ".runtime", ".built")
    moved = checkout.rename(checkout.with_name("moved"))
    assert steps(moved, "chat") == {"deploy/runtime.lock"}
    shutil.rmtree(moved / ".venv")
    build(moved)
    assert steps(moved, "chat") == {"deploy/runtime.lock"}
    (moved / ".venv" / ".runtime").write_text(f"{moved}\n", "utf-8")
    assert steps(moved, "chat") == set()
    (moved / ".venv" / "bin" / "python").unlink()
    assert steps(moved, "chat") == {"deploy/runtime.lock"}


@pytest.mark.parametrize("lock", FILES[2:])
def test_two_halves_are_the_whole(tmp_path: Path, lock: str) -> None:
    """Each package with its hashes in one of them; about as many in each."""
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", "")
    (command,) = [line for line in makefile.splitlines() if line.startswith("INSTALL")]
    script = command.partition("= ")[2].partition(" &&")[0].replace("$(VENV)", str(tmp_path)).replace("$(1)", lock)
    subprocess.run(["/bin/sh", "-c", script], cwd=ROOT, check=True)
    halves = [(tmp_path / f"part{number}.lock").read_text("utf-8").splitlines() for number in (1, 2)]
    pinned = [line for line in (ROOT / lock).read_text("utf-8").splitlines() if line[:1] not in ("#", "")]
    assert sorted(line for half in halves for line in half if line[:1] not in ("#", "")) == sorted(pinned)
    one, other = (sum(line[:1].isalpha() for line in half) for half in halves)
    assert abs(one - other) <= 1
    assert all(half[-1].strip().startswith("--hash") for half in halves)


def test_pip_is_pinned_too(tmp_path: Path) -> None:
    """By what the Makefile takes of the lock: one version, with its hashes."""
    (command,) = [
        line.strip() for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if "sed -n '/^pip" in line
    ]
    script = command.partition(" >")[0].replace("$$", "$")
    taken = subprocess.run(["/bin/sh", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (name, *hashes) = taken.replace("\\\n", " ").split()
    assert name.startswith("pip==")
    assert hashes
    assert all(value.startswith("--hash=sha256:") for value in hashes)
