"""The pictures of the README, of what Herald really says; ``make pictures`` takes them anew.

Those of ``herald preview`` are taken in headless Chromium, and look best with the fonts Noto Sans, Noto Color Emoji and
Lato. Each holds the digest of the page that it was taken from, by which a test sees one that is out of date.
"""

from __future__ import annotations

import hashlib
import html
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, PngImagePlugin
from rich.console import Console
from rich.text import Text

from adapters.discord.preview import DiscordPreview
from adapters.preview.exchange import asked
from adapters.preview.page import Platform, page
from adapters.slack.preview import SlackPreview
from adapters.terminal import render
from adapters.terminal.app import Chat
from bot.herald import Herald
from bot.reply import Kind, Reply
from bot.service import open_service
from bot.settings import Settings

__all__ = ["PICTURES", "TERMINAL", "Picture", "chromium", "digest", "photograph", "read", "session", "stamp"]

DOCS = Path(__file__).parent.parent / "docs"
TERMINAL = DOCS / "terminal.svg"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
_TALLEST = 4000  # CSS pixels of the window; what stays empty is cut off
_STAMP = "page"
_COLORS = 64  # of each sort

_MONEY = "how much did the movie make at the box office?"
_LINE = """who said "if you don't have it, you can't manufacture chemistry"?"""
_SAID = "the video"
_STAGE = "who was asking him stuff on stage"
_SESSION: Mapping[str, Kind] = MappingProxyType(
    {_STAGE: "answer", "and in L.A.?": "answer", _MONEY: "unknown", _LINE: "quote", _SAID: "choices", "1": "answer"}
)
_COLUMNS = 96
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.S)  # which a page would load from elsewhere


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page.

    Attributes:
        questions: what is asked, and the kind of reply that the picture is to show.
        platforms: those that are shown.
    """

    questions: Mapping[str, Kind]
    platforms: tuple[Platform, ...]

    def page(self, herald: Herald) -> str:
        """The page, as ``herald preview`` writes it.

        Raises:
            ValueError: a question gets another kind of reply.
        """
        exchanges = asked(herald, self.questions)
        for exchange in exchanges:
            _expect(exchange.question, exchange.reply, self.questions)
        return page(exchanges, self.platforms)


def _expect(question: str, reply: object, kinds: Mapping[str, Kind]) -> None:
    found = reply.kind if isinstance(reply, Reply) else type(reply).__name__
    if found != kinds[question]:
        raise ValueError(
            f"{question!r} gets {found}, not {kinds[question]}: choose another question in tests/pictures.py"
        )


PICTURES: Mapping[Path, Picture] = MappingProxyType(
    {
        DOCS / "preview.png": Picture({f"{_STAGE}?": "answer"}, (DiscordPreview(), SlackPreview())),
        DOCS / "discord.png": Picture({_SAID: "choices", _MONEY: "unknown"}, (DiscordPreview(),)),
        DOCS / "slack.png": Picture({_LINE: "quote", _MONEY: "unknown"}, (SlackPreview(),)),
    }
)


def chromium() -> str | None:
    """A browser that is Chromium: the one of HERALD_TEST_CHROMIUM, or one that is installed."""
    given = os.environ.get("HERALD_TEST_CHROMIUM")
    return given or next(filter(None, map(shutil.which, _BROWSERS)), None)


def photograph(browser: str, written: str, width: int = 1200, scale: float = 1.25) -> Image.Image:
    """Takes a page as it looks in a window of a width in CSS pixels, without what is empty below it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.html").write_text(written, "utf-8")
        size = f"--window-size={width},{_TALLEST}"
        where = [f"--user-data-dir={folder / 'profile'}", f"--screenshot={folder / 'shot.png'}"]
        address = (folder / "page.html").as_uri()
        command = [browser, *_FLAGS, size, f"--force-device-scale-factor={scale}", *where, address]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if not (folder / "shot.png").is_file():
            raise RuntimeError(f"{browser} took no picture: {done.stderr[-500:]}")
        return _cut(Image.open(folder / "shot.png").convert("RGB"))


def _cut(shot: Image.Image) -> Image.Image:
    ground = Image.new("RGB", shot.size, shot.getpixel((0, 0)))
    found = ImageChops.difference(shot, ground).getbbox()
    if found is None:
        raise RuntimeError("the page is blank")
    return shot.crop((0, 0, shot.width, min(found[3] + found[1], shot.height)))


def _small(shot: Image.Image) -> Image.Image:
    """The picture in few colors: the most frequent ones as they are, and others from all over it."""
    spread = shot.quantize(_COLORS, Image.Quantize.MAXCOVERAGE).getpalette() or []
    found, where, counts = np.unique(_packed(np.asarray(shot)), return_inverse=True, return_counts=True)
    kept = np.union1d(found[np.argsort(-counts)[:_COLORS]], _packed(np.reshape(spread, (-1, 3))))
    apart = _parts(found)[:, None] - _parts(kept)
    nearest = np.argmin((apart * apart).sum(axis=-1), axis=1)
    small = Image.fromarray(nearest[where].reshape(shot.height, shot.width).astype(np.uint8), "P")
    small.putpalette(_parts(kept).astype(np.uint8).tobytes())
    return small


def _packed(colors: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Colors as numbers."""
    packed: npt.NDArray[np.int64] = colors.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    return packed


def _parts(packed: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The red, green and blue of such numbers."""
    parts: npt.NDArray[np.int64] = packed[:, None] >> np.array([16, 8, 0]) & 0xFF
    return parts


def digest(written: str) -> str:
    """What tells a page from another."""
    return hashlib.sha256(written.encode()).hexdigest()


def stamp(path: Path) -> str | None:
    """The digest of the page that a picture was taken from."""
    with Image.open(path) as picture:
        return str(picture.info.get(_STAMP))


def session(herald: Herald) -> str:
    """A conversation in the terminal as SVG.

    Raises:
        ValueError: a question gets another kind of reply than it is to show.
    """
    chat = Chat(herald)
    console = Console(
        file=io.StringIO(), record=True, width=_COLUMNS, force_terminal=True, color_system="truecolor",
        highlight=False, markup=False, emoji=False, legacy_windows=False, _environ={},
    )  # fmt: skip
    for line in _SESSION:
        said = chat.say(line)
        _expect(line, said, _SESSION)
        assert isinstance(said, Reply)
        console.print(Text(f"› {line}", "bold"), render.pretty(said), "", sep="\n")
    return _FONTS.sub("", console.export_svg(title="herald chat", unique_id="herald"))


def read(svg: str) -> list[str]:
    """The lines of such a conversation."""
    lines: dict[float, str] = {}
    for height, words in re.findall(r'<text [^>]*\by="([\d.]+)"[^>]*>(.*?)</text>', svg, re.S):
        lines[float(height)] = lines.get(float(height), "") + html.unescape(words).replace("\xa0", " ")
    return [line.rstrip() for _, line in sorted(lines.items())]


def _main() -> None:
    browser = chromium()
    if browser is None:
        sys.exit("Chromium isn't here: install it, or name one in HERALD_TEST_CHROMIUM.")
    service = open_service(Settings())
    TERMINAL.write_text(session(Herald(service.herald().snapshot, seed=1)), "utf-8")
    for path, picture in PICTURES.items():
        written = picture.page(Herald(service.herald().snapshot, seed=1))
        found = PngImagePlugin.PngInfo()
        found.add_text(_STAMP, digest(written))
        _small(photograph(browser, written)).save(path, optimize=True, pnginfo=found)
        sys.stdout.write(f"{path.name}: {path.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    _main()
