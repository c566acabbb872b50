"""What the soaks of all platforms share: percentiles, and an end as it should be."""

from __future__ import annotations

import signal
import statistics
from collections.abc import Sequence

from tests.adapters.process import BotProcess

__all__ = ["ended", "percentiles"]


def percentiles(spent: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile; zeros where there is next to nothing."""
    if len(spent) < 2:
        return 0.0, 0.0
    return statistics.median(spent), statistics.quantiles(spent, n=100, method="inclusive")[98]


async def ended(bot: BotProcess) -> bool:
    """Ends the bot; whether it ended as it should."""
    bot.tell(signal.SIGTERM)
    status = await bot.status()
    if status:
        print(f"the bot ended with {status}; it wrote:", *list(bot.lines)[-20:], sep="\n  ")
    return status == 0
