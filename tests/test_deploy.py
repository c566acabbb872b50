"""What runs Herald elsewhere: each file is checked by a tool that needs no engine, and against Herald itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from compose_spec import PyCompose
from packaging.requirements import Requirement

from bot import __version__
from bot.flight import PATIENCE
from bot.reload import build_apart
from bot.service import open_service
from bot.settings import Settings
from tests.adapters.support import run
from tests.support import small_knowledge, write_knowledge
from tests.test_project import LOCK, ROOT, VARIABLES

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
APPLIED = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text("utf-8"))["resources"]
BIN = Path(sys.executable).parent
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}\b")
OTHERS = {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"}


def ran(*command: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object for Kubernetes, with the file that it is in."""
    for path in sorted(KUBERNETES.glob("*.yaml")):
        if path.name != "kustomization.yaml":
            yield from ((path.name, found) for found in yaml.safe_load_all(path.read_text("utf-8")))


def pods(*kinds: str) -> list[dict[str, Any]]:
    """Those that serve, unless others are asked for."""
    wanted = kinds or ("Deployment", "StatefulSet")
    return [found["spec"]["template"]["spec"] for _, found in objects() if found["kind"] in wanted]


class TestDockerfile:
    TEXT = (DEPLOY / "Dockerfile").read_text("utf-8")

    def test_a_linter_finds_nothing(self) -> None:
        """hadolint, with all of its rules."""
        done = ran(BIN / "hadolint", DEPLOY / "Dockerfile")
        assert (done.returncode, done.stdout) == (0, "")

    def test_a_mistake_would_be_found(self, tmp_path: Path) -> None:
        """By that linter."""
        (tmp_path / "Dockerfile").write_text("FROM python\nRUN cd / && apt-get install x\n", "utf-8")
        assert ran(BIN / "hadolint", tmp_path / "Dockerfile").returncode == 1

    def test_bases_are_pinned_by_one_digest(self) -> None:
        """The stage that builds and the one that runs are of one Python."""
        bases = re.findall(r"^FROM (\S+)", self.TEXT, re.M)
        assert len(bases) == 2
        assert len(set(bases)) == 1
        assert DIGEST.search(bases[0])

    def test_the_last_stage_runs_as_nobody_in_particular(self) -> None:
        """Without installing anything, and with a health check."""
        last = self.TEXT.rpartition("\nFROM ")[2]
        assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last, re.M)
        assert "HEALTHCHECK" in last
        assert re.search(r"\b(pip|apt-get|make|gcc)\b.*\binstall\b", last) is None

    def test_a_reload_s_process_runs_no_second_herald(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """A child process imports the command that its parent was started by, and must not run it."""
        (line,) = re.findall(r"printf '[^']+'", self.TEXT)
        command = tmp_path / "herald"
        command.write_text(ran("sh", "-c", line).stdout, "utf-8")
        monkeypatch.setattr("__main__.__spec__", None)
        monkeypatch.setattr("__main__.__file__", str(command), raising=False)
        monkeypatch.setattr(sys, "argv", [str(command), "--version"])  # what a second one would show itself by
        folder = write_knowledge(tmp_path / "kb", small_knowledge())
        build_apart(open_service(Settings(knowledge_dir=folder, cache_dir=tmp_path / "cache", encoder=False)))
        assert capfd.readouterr().out == ""

    def test_what_it_copies_is_there_and_let_through(self) -> None:
        """By the list of what goes to the builder."""
        through = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
        copied = {
            source for line in re.findall(r"^COPY (?!--from)(.*)$", self.TEXT, re.M) for source in line.split()[:-1]
        }
        assert copied
        assert {source for source in copied if not (ROOT / source).exists()} == set()
        assert {source for source in copied if f"!{source}" not in through} == set()

    def test_what_it_installs_is_what_is_tested(self) -> None:
        """The runtime's lock pins the same versions by the same hashes, and nothing of the tests."""
        runtime, everything = (path.read_text("utf-8") for path in (DEPLOY / "runtime.lock", LOCK))
        blocks = re.findall(r"^[a-z].*?(?=^[a-z]|\Z)", runtime, re.M | re.S)
        names = {Requirement(block.partition("\\")[0].strip()).name for block in blocks}
        assert {"aiohttp", "discord-py", "slack-bolt", "asyncpg"} <= names
        assert names & {"pytest", "ruff", "mypy", "pip-audit", "hatchling"} == set()
        assert [block for block in blocks if block not in everything + "\n"] == []

    def test_settings_in_it_exist(self) -> None:
        """So that no container ends at once for an unknown one."""
        assert set(re.findall(r"\b(HERALD_[A-Z_]+)=", self.TEXT)) <= set(VARIABLES)


class TestCompose:
    TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")
    SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]

    def test_it_is_a_compose_file(self) -> None:
        """By the specification; all that it refers to is in it."""
        PyCompose.from_yaml(self.TEXT).validate()

    def test_a_mistake_would_be_found(self) -> None:
        """A value that there isn't."""
        with pytest.raises(ValueError, match="perhaps"):
            PyCompose.from_yaml(self.TEXT.replace("restart: unless-stopped", "restart: perhaps"))

    def test_volumes_that_are_mounted_are_defined(self) -> None:
        """Those that have a name; what begins otherwise is a folder."""
        mounted = {volume.partition(":")[0] for part in self.SERVICES.values() for volume in part["volumes"]}
        assert mounted == set(yaml.safe_load(self.TEXT)["volumes"])

    def test_everything_in_it_is_held_tight(self) -> None:
        """Read-only, without capabilities, others' images by their digest; time enough for the last answers."""
        for part in self.SERVICES.values():
            assert part["read_only"] is True
            assert part["cap_drop"] == ["ALL"]
            assert "build" in part or DIGEST.search(part["image"])
            assert int(part["stop_grace_period"].removesuffix("s")) > PATIENCE

    def test_settings_in_it_exist(self) -> None:
        """Those of both services."""
        named = {name for part in self.SERVICES.values() for name in part["environment"]}
        assert named - set(VARIABLES) - OTHERS == set()


class TestSystemd:
    UNIT = (DEPLOY / "herald.service").read_text("utf-8")

    @pytest.fixture
    def unit(self, tmp_path: Path) -> Path:
        """The unit, with a program that is on this machine in place of Herald's."""
        if shutil.which("systemd-analyze") is None:
            pytest.skip("this machine has no systemd-analyze")
        path = tmp_path / "herald.service"
        path.write_text(self.UNIT.replace("/opt/herald/bin/herald", sys.executable), "utf-8")
        return path

    def test_systemd_finds_nothing_wrong(self, unit: Path) -> None:
        """Neither an error nor a warning about this unit."""
        done = ran("systemd-analyze", "verify", "--man=no", unit)
        assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (0, [])

    def test_a_mistake_would_be_found(self, unit: Path) -> None:
        """A key that there isn't."""
        unit.write_text(unit.read_text("utf-8").replace("Restart=", "Restrat="), "utf-8")
        assert "Restrat" in ran("systemd-analyze", "verify", "--man=no", unit).stderr

    def test_it_is_little_exposed(self, unit: Path) -> None:
        """At most 2 of 10 by systemd's own measure."""
        done = ran("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)
        assert done.returncode == 0, done.stdout[-500:]

    def test_it_is_installed_with_every_extra(self) -> None:
        """So that nothing which a command offers is missing; the same when it is upgraded."""
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        named = re.findall(r"herald-bot\[([\w,]+)\]", self.UNIT)
        assert [set(given.split(",")) for given in named] == [set(extras)] * 2

    def test_settings_in_it_exist(self) -> None:
        """And it leaves time for the last answers."""
        assert set(re.findall(r"\b(HERALD_[A-Z_]+)=", self.UNIT)) <= set(VARIABLES)
        (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)s$", self.UNIT, re.M)
        assert int(seconds) > PATIENCE


class TestKubernetes:
    @pytest.mark.parametrize(("file", "found"), list(objects()), ids=lambda part: part if isinstance(part, str) else "")
    def test_each_object_fits_its_schema(self, file: str, found: dict[str, Any]) -> None:
        """Of the oldest release that is still kept and of a newer one; unknown keys are refused."""
        for release in ("1.33", "1.35"):
            kubernetes_validate.validate(found, release, strict=True)

    def test_a_mistake_would_be_found(self) -> None:
        """A key that there isn't."""
        _, found = next((file, found) for file, found in objects() if found["kind"] == "Deployment")
        found["spec"]["replica"] = 2
        with pytest.raises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(found, "1.33", strict=True)

    def test_its_image_is_of_this_version(self) -> None:
        """Wherever the image comes from."""
        (image,) = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text("utf-8"))["images"]
        assert image["newTag"] == __version__
        (job,) = [container for pod in pods("Job") for container in pod["containers"]]
        assert job["image"] == f"{image['newName']}:{image['newTag']}"

    def test_an_upgrade_is_held_tight_and_reads_the_database_s_address(self) -> None:
        """As every pod is; what it runs is a command of Herald's."""
        (pod,) = pods("Job")
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["envFrom"] == [{"secretRef": {"name": "herald-database"}}]
        assert container["args"] == ["db", "upgrade"]
        assert run(*container["args"], "--help").exit_code == 0

    def test_every_file_says_how_to_upgrade(self) -> None:
        """With the command that an older schema needs."""
        files = (DEPLOY / "compose.yaml", DEPLOY / "herald.service", KUBERNETES / "kustomization.yaml")
        said = [path.read_text("utf-8") for path in files]
        assert [path.name for path, text in zip(files, said, strict=True) if "# To upgrade" not in text] == []
        assert [text.count("herald db upgrade") for text in said] == [1, 1, 0]  # the job has it

    def test_it_can_be_put_together(self) -> None:
        """By kustomize, where it is: everything but the example of secrets."""
        if shutil.which("kubectl") is None:
            pytest.skip("this machine has no kubectl")
        done = ran("kubectl", "kustomize", KUBERNETES)
        assert done.returncode == 0, done.stderr
        made = [found["kind"] for found in yaml.safe_load_all(done.stdout)]
        assert sorted(made) == sorted(found["kind"] for file, found in objects() if file in APPLIED)

    def test_pods_are_held_tight(self) -> None:
        """As the namespace asks for, and with time enough for the last answers."""
        for pod in pods():
            (container,) = pod["containers"]
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["automountServiceAccountToken"] is False
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert pod["terminationGracePeriodSeconds"] > 2 * PATIENCE
            probes = {probe: container[f"{probe}Probe"]["httpGet"] for probe in ("startup", "liveness", "readiness")}
            assert [probe["path"] for probe in probes.values()] == ["/livez", "/livez", "/readyz"]

    def test_pods_have_the_memory_to_compile(self) -> None:
        """1.4 GB at most on two cores, beside 0.3 GB in service (docs/operating.md), which are one pod's."""
        limits = [container["resources"]["limits"]["memory"] for pod in pods() for container in pod["containers"]]
        assert limits
        assert min(int(limit.removesuffix("Gi")) for limit in limits) >= 2

    def test_there_are_as_many_shards_as_processes(self) -> None:
        """Each process takes the shard of its pod's number."""
        (discord,) = [found["spec"] for _, found in objects() if found["kind"] == "StatefulSet"]
        (container,) = discord["template"]["spec"]["containers"]
        shards = {item["name"]: item for item in container["env"]}
        assert shards["HERALD_DISCORD_SHARD_COUNT"]["value"] == str(discord["replicas"])
        field = shards["HERALD_DISCORD_SHARD_IDS"]["valueFrom"]["fieldRef"]["fieldPath"]
        assert field == "metadata.labels['apps.kubernetes.io/pod-index']"

    def test_settings_and_secrets_in_it_exist(self) -> None:
        """Every variable that a process gets is one of Herald's; every map it names is there."""
        given = {found["metadata"]["name"]: found for _, found in objects() if found["kind"] in ("ConfigMap", "Secret")}
        named = {name for found in given.values() for name in (found.get("data") or found.get("stringData") or {})}
        wanted = set()
        for pod in pods():
            (container,) = pod["containers"]
            named |= {item["name"] for item in container.get("env", ())}
            wanted |= {next(iter(source.values()))["name"] for source in container["envFrom"]}
        assert named - set(VARIABLES) == set()
        assert wanted == set(given)
