"""Herald's core: it knows no chat platform and opens no socket to one."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"  # the package takes its version from here
