"""Parts that are installed at wish: what to say where one is missing."""

from __future__ import annotations

from bot.errors import SettingsError

__all__ = ["need", "there"]


def there(module: str) -> bool:
    """Whether a module is installed; it isn't imported."""
    import importlib.util

    return importlib.util.find_spec(module) is not None


def need(extra: str, module: str) -> None:
    """Looks whether what an extra brings is installed.

    Raises:
        SettingsError: one line that says how to install it.
    """
    if not there(module):
        raise SettingsError(f"This needs what isn't installed: pip install 'herald-bot[{extra}]'")
