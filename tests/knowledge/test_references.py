"""Every id that a record mentions exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import KnowledgeBase
from bot.knowledge.references import check
from tests.support import Data, messages, write_knowledge

MENTIONS = """
entries:
- id: one
  questions: [a]
  answer: x
  sources: [no-1,
    no-2]
  about:
  - no-3
  follow_ups:
    one: [why]
    no-4: [how]
gap_templates:
- id: two
  names: [no-5]
  except:
  - no-6
  questions: ["how old is {name}"]
  line: x
sources:
- id: s
  title: S
  order: 1
  reports: R
  event: no-7
"""


def test_small_knowledge_base_is_sound(knowledge: KnowledgeBase) -> None:
    """Where all ids exist there is no problem."""
    assert list(check(knowledge)) == []


@pytest.mark.parametrize(
    ("section", "change", "message"),
    [
        ("entries", {"sources": ["harbor-rapport"]}, "unknown source 'harbor-rapport'; did you mean 'harbor-report'?"),
        ("entries", {"quotes": ["on-lights"]}, "unknown quote 'on-lights'; did you mean 'on-light'?"),
        ("entries", {"about": ["low-tides"]}, "unknown name in about 'low-tides'; did you mean 'low-tide'?"),
        (
            "entries",
            {"follow_ups": {"tide-storey": ["what is it about"]}},
            "unknown entry or gap in follow_ups 'tide-storey'; did you mean 'tide-story'?",
        ),
        (
            "entries",
            {"follow_ups": {"zzz": ["why"]}},
            "unknown entry or gap in follow_ups 'zzz'; add it, or drop it here",
        ),
        ("quotes", {"speaker": "ada-stown"}, "unknown speaker 'ada-stown'; did you mean 'ada-stone'?"),
        ("quotes", {"speaker": "low-tide"}, "unknown speaker 'low-tide'; add it, or drop it here"),
        ("quotes", {"via": "ben-red"}, "unknown speaker in via 'ben-red'; did you mean 'ben-reed'?"),
        ("quotes", {"source": "zzz"}, "unknown source 'zzz'; add it, or drop it here"),
        ("quotes", {"event": "harbour-talk"}, "unknown event 'harbour-talk'; did you mean 'harbor-talk'?"),
        ("quotes", {"about": ["lanterns"]}, "unknown name in about 'lanterns'; did you mean 'lantern'?"),
        ("gaps", {"about": ["the-pilots"]}, "unknown name in about 'the-pilots'; did you mean 'the-pilot'?"),
        ("gap_templates", {"names": ["ada"]}, "unknown name 'ada'; add it, or drop it here"),
        ("gap_templates", {"except": ["ben-read"]}, "unknown name 'ben-read'; did you mean 'ben-reed'?"),
        ("characters", {"work": "low-tied"}, "unknown work 'low-tied'; did you mean 'low-tide'?"),
        ("characters", {"actor": "ben-rede"}, "unknown actor 'ben-rede'; did you mean 'ben-reed'?"),
        ("sources", {"event": "harbor-tale"}, "unknown event 'harbor-tale'; did you mean 'harbor-talk'?"),
    ],
)
def test_unknown_ids(tmp_path: Path, data: Data, section: str, change: dict[str, Any], message: str) -> None:
    """A mention of an unknown id is a problem at the record that mentions it, with the nearest known id."""
    data[section][0] |= change
    if section == "gap_templates":
        data[section][0]["names"] = change.get("names", ["ada-stone"])
    (found,) = messages(write_knowledge(tmp_path, data))
    assert found.startswith(f"{section}.yaml:")
    assert f": {section}: " in found
    assert found.endswith(message)


def test_the_line_is_that_of_the_id(tmp_path: Path) -> None:
    """A problem names the line of the very mention, in whichever way lists and mappings are written."""
    (tmp_path / "file.yaml").write_text(MENTIONS, "utf-8")
    lines = {message.split("'")[-2]: int(message.split(":")[1]) for message in messages(tmp_path)}
    written = MENTIONS.splitlines()
    assert lines == {
        f"no-{n}": next(at for at, line in enumerate(written, 1) if f"no-{n}" in line) for n in range(1, 8)
    }


def test_names_share_one_space_of_ids(tmp_path: Path, data: Data) -> None:
    """A character and a person can't have the same id: what an entry is about would be ambiguous."""
    data["characters"][0]["id"] = "ada-stone"
    data["entries"][1]["about"] = []
    (found,) = messages(write_knowledge(tmp_path, data))
    assert found.endswith("the id 'ada-stone' is already used among people at people.yaml:2; give it an id of its own")


def test_assumed_ids_count_as_known(tmp_path: Path, data: Data) -> None:
    """Ids of records that exist but could not be read are taken as known."""
    from bot.knowledge.loader import read_folder

    data["entries"][0]["quotes"] = ["half-written"]
    found = read_folder(write_knowledge(tmp_path, data))
    assert len(found.problems) == 1
    assert list(check(found.knowledge, assumed={"half-written"})) == []
