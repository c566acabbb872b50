"""The core runs where no chat platform's library is installed."""

from __future__ import annotations

import subprocess
import sys

_BLOCKED = """
import importlib, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"discord", "slack_bolt", "slack_sdk", "adapters"}:
            raise ModuleNotFoundError(f"{name} is blocked", name=name)

sys.meta_path.insert(0, Blocked())
import bot
names = [module.name for module in pkgutil.walk_packages(bot.__path__, "bot.")]
for name in sys.argv[1:] or names:
    importlib.import_module(name)
print(len(names))
"""


def run(*names: str) -> subprocess.CompletedProcess[str]:
    """Imports those modules, or every one of the core, with the platforms blocked."""
    command = [sys.executable, "-c", _BLOCKED, *names]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_module_of_the_core_imports_without_a_platform() -> None:
    """Neither Discord's library nor Slack's, nor the adapters."""
    done = run()
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30


def test_an_import_of_a_platform_would_be_seen() -> None:
    """The block holds."""
    for name in ("discord", "slack_bolt", "adapters.main"):
        assert f"{name.partition('.')[0]} is blocked" in run(name).stderr
