"""The page in a browser, and the pictures taken of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from adapters.discord.preview import DiscordPreview
from adapters.preview.exchange import asked
from adapters.preview.page import page
from adapters.slack.preview import SlackPreview
from bot.herald import Herald
from tests.pictures import PICTURES, chromium, photograph, stamp

MOST = 150_000  # bytes
GROUNDS = {"light": (255, 255, 255), "Discord's dark": (49, 51, 56), "Slack's dark": (26, 29, 33)}


def colors(picture: Image.Image) -> dict[object, int]:
    """How many points there are of each color."""
    counted = picture.convert("RGB").getcolors(picture.width * picture.height) or []
    return {color: count for count, color in counted}


def test_a_browser_shows_both_platforms_in_both_themes(town_herald: Herald) -> None:
    """Large plain grounds, and on them pictures, buttons and letters in dozens of colors."""
    browser = chromium()
    if browser is None:
        pytest.skip("Chromium isn't installed, and HERALD_TEST_CHROMIUM names none")
    exchanges = asked(town_herald, ["who moderated the harbor talk"])
    shot = photograph(browser, page(exchanges, (DiscordPreview(), SlackPreview())), 1000, 1.0)
    found = colors(shot)
    assert (shot.width, 400 < shot.height < 1500) == (1000, True)
    assert {name: found.get(color, 0) > 20_000 for name, color in GROUNDS.items()} == dict.fromkeys(GROUNDS, True)
    assert len(found) > 50


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_pictures_of_the_readme_are_small_and_tell_their_page(path: Path) -> None:
    """They aren't blank, and hold nothing beside the picture but the digest of its page."""
    assert path.stat().st_size <= MOST
    with Image.open(path) as picture:
        assert len(colors(picture)) > 50
        assert picture.info.keys() <= {"page", "transparency"}
    assert len(stamp(path) or "") == 64
