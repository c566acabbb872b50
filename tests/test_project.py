"""What holds for the project as a whole: its layers, its lock, its documents and its wheel."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from dotenv import dotenv_values
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.knowledge.loader import load
from bot.settings import Settings, read_settings, variable

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
PLATFORMS = {"adapters", "discord", "slack_bolt", "slack_sdk"}
VARIABLES = [variable(name) for name in Settings.model_fields]


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The top-level package of each import in a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def locked() -> dict[str, list[tuple[Requirement, list[str]]]]:
    """The requirements of the lock file with their hashes, by normalized name."""
    pins: dict[str, list[tuple[Requirement, list[str]]]] = {}
    for line in LOCK.read_text("utf-8").replace("\\\n", " ").splitlines():
        if not line.startswith("#"):
            words, *hashes = line.split("--hash=")
            requirement = Requirement(words)
            pins.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return pins


def declared() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(wanted for extra in project["project"]["optional-dependencies"].values() for wanted in extra),
        *project["dependency-groups"]["dev"],
    ]


class TestLayers:
    def test_the_core_knows_no_platform(self) -> None:
        known = {str(path.relative_to(ROOT)): PLATFORMS.intersection(imported(path)) for path in python_files("bot")}
        assert known
        assert {path: names for path, names in known.items() if names} == {}

    @pytest.mark.parametrize(
        "line",
        ["import adapters.main", "from discord import Client", "def late():\n    import slack_sdk.web as web"],
    )
    def test_an_import_of_a_platform_would_be_seen(self, line: str, tmp_path: Path) -> None:
        (tmp_path / "module.py").write_text(line, "utf-8")
        assert PLATFORMS.intersection(imported(tmp_path / "module.py"))

    def test_no_file_of_code_is_longer_than_300_lines(self) -> None:
        lengths = {
            str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
            for path in python_files("bot", "adapters")
        }
        assert {path: lines for path, lines in lengths.items() if lines > 300} == {}


class TestSettings:
    def test_the_example_names_every_setting_and_no_other(self) -> None:
        example = (ROOT / ".env.example").read_text("utf-8")
        assert sorted(re.findall(r"^#([A-Z_]+)=", example, re.M)) == sorted(VARIABLES)

    def test_the_example_is_commented_out(self) -> None:
        assert dotenv_values(ROOT / ".env.example") == {}

    def test_the_example_shows_the_defaults(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.chdir(tmp_path)
        defaults = read_settings()
        example = (ROOT / ".env.example").read_text("utf-8")
        (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z_]+=)", "", example, flags=re.M), "utf-8")
        assert set(dotenv_values(".env")) == set(VARIABLES)
        assert read_settings() == defaults


class TestReadme:
    def test_its_knowledge_base_loads(self, tmp_path: Path) -> None:
        (block,) = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
        (tmp_path / "all.yaml").write_text(block, "utf-8")
        assert set(load(tmp_path).entries) == {entry["id"] for entry in yaml.safe_load(block)["entries"]}


class TestLock:
    @pytest.mark.parametrize("wanted", declared())
    def test_every_dependency_is_pinned_as_declared(self, wanted: str) -> None:
        requirement = Requirement(wanted)
        pins = locked().get(canonicalize_name(requirement.name), [])
        assert pins, f"{requirement.name} is not in requirements.lock: run make lock"
        for pin, _ in pins:
            (specifier,) = pin.specifier
            assert specifier.operator == "=="
            assert requirement.specifier.contains(specifier.version)

    def test_every_pin_has_hashes(self) -> None:
        for name, pins in locked().items():
            for pin, hashes in pins:
                assert [specifier.operator for specifier in pin.specifier] == ["=="], name
                assert hashes, name
                assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value.strip()) for value in hashes), name

    def test_it_names_no_registry(self) -> None:
        text = LOCK.read_text("utf-8")
        assert re.findall(r"://|^-|\s--(?!hash=)|@", text, re.M) == []


class TestCommands:
    def test_ci_runs_the_tests_and_nothing_else(self) -> None:
        script = ROOT / ".ci" / "run"
        assert os.access(script, os.X_OK)
        lines = [line for line in script.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        assert lines[0] == "set -euo pipefail"
        assert lines[-1] == "exec make test"
        assert [line for line in lines if "make" in line] == ["exec make test"]

    @pytest.mark.parametrize("status", [0, 1, 2])
    def test_ci_passes_the_exit_status_on(self, status: int, tmp_path: Path) -> None:
        make = tmp_path / "make"
        make.write_text(f'#!/bin/sh\necho "$PWD $*"\nexit {status}\n', "utf-8")
        make.chmod(0o755)
        environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            [ROOT / ".ci" / "run"], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (status, f"{ROOT} test\n", "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel puts beside other packages."""
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(made)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(made / "site")
    return made / "site"


class TestWheel:
    def test_an_installed_herald_finds_the_shipped_knowledge(self, site: Path) -> None:
        shipped = Path(self.said(site, "from bot.settings import shipped_knowledge; print(shipped_knowledge())"))
        assert shipped.is_relative_to(site)
        assert {path.relative_to(shipped) for path in shipped.rglob("*.yaml")} == {
            path.relative_to(ROOT / "knowledge") for path in (ROOT / "knowledge").rglob("*.yaml")
        }
        for words in (ROOT / "bot" / "matching" / "data").iterdir():
            assert (site / words.relative_to(ROOT)).read_bytes() == words.read_bytes()
        (entry_points,) = site.glob("*.dist-info/entry_points.txt")
        assert "herald = adapters.main:main" in entry_points.read_text("utf-8")

    def test_an_installed_herald_tells_the_version_of_the_package(self, site: Path) -> None:
        (metadata,) = site.glob("*.dist-info/METADATA")
        (version,) = re.findall(r"^Version: (.+)$", metadata.read_text("utf-8"), re.M)
        assert self.said(site, "from adapters.main import main; main()", "--version") == f"herald {version}"

    @staticmethod
    def said(site: Path, code: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=site.parent,
            env={**os.environ, "PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()
