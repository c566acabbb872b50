"""onnxruntime, which computes the encoder, told to report nothing to anybody.

From 1.29 on it sends Microsoft what is computed with it and how often, and keeps an identifier of the machine, unless
the environment forbids it before it is loaded (its Privacy.md, "Disabling Telemetry"). So nothing else imports it.
"""

from __future__ import annotations

import os
from typing import Any

__all__ = ["onnxruntime"]


def onnxruntime() -> Any:
    """The module.

    Raises:
        ImportError: it isn't installed.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: TID251 - here alone

    return onnxruntime
