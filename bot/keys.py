"""What the settings of one variable need of those of others, and the form of keys."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from pydantic import SecretStr

__all__ = ["keys_of", "sealing_keys", "together"]

_BYTES = 32


def sealing_keys(written: SecretStr) -> SecretStr:
    """One or more keys of Fernet's form, with commas between them.

    Raises:
        ValueError: one isn't; its text is left out.
    """
    for number, key in enumerate(keys_of(written), 1):
        if not _is_key(key):
            raise ValueError(f"key {number} is none: herald slack new-key prints one; several have commas between them")
    return written


def keys_of(written: SecretStr) -> list[str]:
    """The keys, the one to seal with first."""
    return [key.strip() for key in written.get_secret_value().split(",")]


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key.encode("ascii"), altchars=b"-_", validate=True)) == _BYTES
    except (ValueError, binascii.Error):
        return False


def together(wanted: str, beside: Mapping[str, object], instead: Mapping[str, object]) -> None:
    """Checks what must be set beside a variable that is set, and what must not.

    Raises:
        ValueError: one line that names all that is missing, or too much.
    """
    missing = [name for name, value in beside.items() if not value]
    if missing:
        raise ValueError(f"{wanted} needs {_listed(missing)} beside it")
    too_much = [name for name, value in instead.items() if value]
    if too_much:
        raise ValueError(f"{wanted} is for many workspaces, {_listed(too_much)} for one: set either")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
