"""The questions of ``herald setup`` from the first to the last; nothing is written before that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.setup import envfile
from adapters.setup.asker import Asker, choose
from adapters.setup.draft import Draft, Step
from bot.envfile import read
from bot.errors import SettingsError
from bot.settings import read_settings

__all__ = ["set_up"]

_HEAD = "# Settings of Herald, written by herald setup. docs/reference.md lists them all.\n"
_PRECISION = "HERALD_PRECISION"
_MANNERS = (
    ("0.98", "Strict: answers only where it is very sure, and offers near questions else"),
    ("0.95", "Balanced: 95 of 100 answers given are right"),
    ("0.9", "Chatty: answers more, and is wrong more often"),
)


def set_up(asker: Asker, path: Path, environment: Mapping[str, str], steps: Sequence[Step]) -> None:
    """Asks everything, writes the file, and tells what comes next.

    Args:
        environment: variables that go before those of the file.

    Raises:
        SettingsError: the file can't be read or written.
    """
    found = read(path)
    draft = Draft(asker, found or _HEAD, environment)
    asker.say("Enter takes what is in brackets; Ctrl-C leaves, and nothing is changed.")
    wanted = _platforms(draft, steps)
    for step in wanted:
        asker.say(f"\n{step.name}")
        step.ask(draft)
    _manner(draft)
    _write(draft, path, found)
    for step in wanted:
        if draft.wants(step):
            step.outlook(draft)
    _last(draft, path, environment)


def _platforms(draft: Draft, steps: Sequence[Step]) -> Sequence[Step]:
    sets = [[step] for step in steps]
    if len(sets) == 1:
        return sets[0]
    sets.append(list(steps))
    held = [step for step in steps if draft.wants(step)]
    default = sets.index(held) if held in sets else 0
    names = [" and ".join(step.name for step in some) for some in sets]
    return sets[choose(draft.asker, "Where shall Herald be?", names, default)]


def _manner(draft: Draft) -> None:
    draft.asker.say()
    values, lines = [value for value, _ in _MANNERS], [line for _, line in _MANNERS]
    held = draft.present(_PRECISION)
    if held and held not in values:
        values, lines = [*values, held], [*lines, f"{_PRECISION}={held}, as it is"]
    default = values.index(held) if held else 1
    picked = values[choose(draft.asker, "How shall Herald answer?", lines, default)]
    if held or picked != values[1]:
        draft.put(_PRECISION, picked)


def _write(draft: Draft, path: Path, found: str) -> None:
    same = draft.text == found and not path.stat().st_mode & 0o077
    if not same:
        envfile.save(path, draft.text)
    draft.asker.say(f"\n{'Nothing to change in' if same else 'Wrote'} {path}, which only you may read.")


def _last(draft: Draft, path: Path, environment: Mapping[str, str]) -> None:
    """What is left to do; what others wrote into the file may still be wrong."""
    try:
        settings = read_settings({**envfile.values(draft.text), **environment})
    except SettingsError as error:
        draft.asker.say(f"Before Herald starts, mend this in {path}: {error}")
        return
    if settings.discord_token or settings.slack_bot_token or settings.slack_client_id:
        draft.asker.say("Then start it: herald run")
    else:
        draft.asker.say("No platform has its tokens yet: herald setup asks again, herald chat works without.")
