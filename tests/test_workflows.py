"""What GitHub runs: pinned, with the least permissions."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.test_project import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def audited(folder: Path) -> subprocess.CompletedProcess[str]:
    """What zizmor says, without asking anybody."""
    zizmor = Path(sys.executable).with_name("zizmor")
    return subprocess.run([zizmor, "--offline", folder], capture_output=True, text=True, check=False)


def test_an_auditor_finds_nothing() -> None:
    """zizmor, with its usual rules."""
    done = audited(ROOT / ".github")
    assert done.returncode == 0, done.stdout


def test_a_mistake_would_be_found(tmp_path: Path) -> None:
    """An action that isn't pinned, in a workflow that may do anything."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = WORKFLOWS[0].read_text("utf-8")
    (folder / "bad.yml").write_text(re.sub(r"@[0-9a-f]{40} #.*", "@main", text), "utf-8")
    assert audited(tmp_path).returncode != 0


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_is_pinned_and_may_only_read(path: Path) -> None:
    """Every action by its commit, with its version beside it."""
    workflow: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {}
    assert {str(job["permissions"]) for job in workflow["jobs"].values()} == {"{'contents': 'read'}"}
    uses = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    assert uses
    assert [line for line in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []
    commands = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert {target for line in commands for target in re.findall(r"\bmake (\w+)", line)} <= targets
    assert [line for line in commands if line.startswith(".") and not (ROOT / line).is_file()] == []


def test_tests_run_on_every_python_that_is_supported() -> None:
    """As the package's classifiers say."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    supported = re.findall(r"Python :: (3\.\d+)\"", text)
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))["jobs"]
    assert [job["strategy"]["matrix"]["python"] for job in jobs.values()] == [supported, supported]
