"""Statistics as a picture, by matplotlib; imported only where one is drawn, as that takes a second."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from datetime import date

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ticker import MaxNLocator

from bot.curation.statistics import Stats

__all__ = ["draw"]

_SIZE, _DPI = (10.0, 6.2), 120  # inches
_WAYS = (("answered", "#2a7f62"), ("offered", "#e0a526"), ("unknown", "#b5433a"))
_TICKS = 10  # days that are named, at most
_LEAST = 7  # days that the width is divided among
_WIDEST = 52  # characters of a question
_MISSING = "□"  # for a character that the font hasn't got, which it would complain about


def draw(stats: Stats) -> bytes:
    """A PNG: questions of each day by what came of them, the top entries and the top unknown; for any thread."""
    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)  # pyplot, which keeps state between threads, isn't touched
    figure.suptitle(_title(stats), x=0.01, horizontalalignment="left", fontsize=11)
    days, entries, unknown = figure.subplot_mosaic(
        [["days", "days"], ["entries", "unknown"]], height_ratios=(3, 2)
    ).values()
    _draw_days(days, stats)
    _draw_top(entries, "Answered most often", stats.entries, _WAYS[0][1])
    _draw_top(unknown, "Not answered, most often", stats.unknown, _WAYS[2][1])
    written = io.BytesIO()
    figure.savefig(written, format="png")
    return written.getvalue()


def _draw_days(axes: Axes, stats: Stats) -> None:
    numbers = range(len(stats.days))
    below = [0] * len(numbers)
    for way, color in _WAYS:
        counts = [int(getattr(day, way)) for day in stats.days]
        axes.bar(numbers, counts, bottom=below, width=0.85, color=color, label=f"{way} ({sum(counts):,})")
        below = [low + count for low, count in zip(below, counts, strict=True)]
    shown = numbers[:: -(-len(numbers) // _TICKS)]
    axes.set_xticks(shown, [_short(stats.days[number].day) for number in shown])
    axes.set_xlim(-0.6, max(len(numbers), _LEAST) - 0.4)
    axes.set_ylim(0, max([*below, 1]) * 1.05)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(_WAYS), frameon=False, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)


def _title(stats: Stats) -> str:
    asked = sum(day.asked for day in stats.days)
    share = "" if stats.share is None else f"; {stats.share:.0%} of {stats.up + stats.down:,} votes up"
    first, last = stats.days[0].day, stats.days[-1].day
    period = _short(last) if first == last else f"{_short(first)} to {_short(last)}"
    return f"{asked:,} question{'' if asked == 1 else 's'}, {period}, {last.year} (UTC){share}"


def _short(day: date) -> str:
    return f"{day:%b} {day.day}"


def _draw_top(axes: Axes, title: str, found: Sequence[tuple[str, int]], color: str) -> None:
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_axis_off()
    if not found:
        axes.text(0, 0.85, "none", transform=axes.transAxes, fontsize=9, color="#666666")
        return
    rows = range(len(found))
    axes.barh(rows, [count for _, count in found], color=color, alpha=0.25, height=0.8)
    axes.set_ylim(7.5, -0.5)
    axes.set_xlim(0, max(count for _, count in found))
    for row, (name, count) in zip(rows, found, strict=True):
        # As it stands: a dollar sign in a question begins no formula.
        axes.text(0, row, f" {count:,}  {_cut(name)}", va="center", fontsize=8.5, parse_math=False)


def _cut(name: str) -> str:
    """A question as the font can show it, and no longer than fits."""
    known = _characters()
    shown = "".join(character if ord(character) in known else _MISSING for character in name)
    return shown if len(shown) <= _WIDEST else f"{shown[: _WIDEST - 1].rstrip()}…"


def _characters() -> Collection[int]:
    return get_font(findfont("DejaVu Sans")).get_charmap()
