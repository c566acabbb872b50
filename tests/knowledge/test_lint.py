"""What makes a knowledge base that loads answer badly."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Problem
from bot.knowledge import KnowledgeBase
from bot.knowledge.lint import check, check_part
from bot.knowledge.loader import read_folder
from tests.support import Data, build, write_knowledge


def found(folder: Path, data: Data) -> list[str]:
    return [str(problem) for problem in check(build(folder, data))]


def test_small_knowledge_base_is_clean(knowledge: KnowledgeBase) -> None:
    """Where nothing is wrong there is no problem."""
    assert check(knowledge) == []


def test_more_rules(knowledge: KnowledgeBase) -> None:
    """Rules that are passed in are checked too, and their problems sorted in once."""
    problem = Problem("a.yaml", 1, "won by another")
    assert check(knowledge, more=[lambda _: [problem, problem]]) == [problem]


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("entries", {"answer": 7}),
        ("people", {"name": 7}),
        ("gap_templates", {"line": 7}),
        ("gap_templates", {"except": ["ben-read"]}),
        ("gap_templates", {"names": ["ada-stown"]}),
        ("quotes", {"speaker": "ada-stown"}),
    ],
)
def test_nothing_follows_from_what_is_missing(
    tmp_path: Path, data: Data, section: str, change: dict[str, object]
) -> None:
    """A template lacks neither its names nor its exceptions, and no check what it expects, where they're misspelt."""
    data["entries"][0]["questions"].append("how old is Ben Reed")
    data["checks"] = [{"ask": "age", "expect": "tpl-age"}, {"ask": "host", "expect": "talk-host"}]
    data[section][0] |= change
    reading = read_folder(write_knowledge(tmp_path, data))
    assert reading.problems
    assert check_part(reading.knowledge, reading.malformed) == []


def test_what_is_well_formed_is_judged(tmp_path: Path, data: Data) -> None:
    """Whatever else keeps the knowledge base from loading."""
    data["entries"][0]["answer"] = 7
    data["entries"][1]["questions"] += ["...", "the same", "The same?"]
    data["gap_templates"][0]["questions"].append("what is the age")
    reading = read_folder(write_knowledge(tmp_path, data))
    assert len(check_part(reading.knowledge, reading.malformed)) == 3


# Phrasings


@pytest.mark.parametrize(
    "phrasing",
    [
        "who hosted the harbor talk",
        "WHO hosted the Harbor Talk?!",
        "hey herald, who hosted the harbor talk please",
        "who hosted at a harbor talk",
        "who hosts harbor talks",
    ],
)
def test_phrasing_in_two_entries(tmp_path: Path, data: Data, phrasing: str) -> None:
    """The same words, or the same telling words with the same question type, can't have two answers."""
    data["entries"][1]["questions"].append(phrasing)
    (message,) = found(tmp_path, data)
    assert message.startswith(f"entries.yaml:14: entries: 'tide-story': the phrasing \"{phrasing}\"")
    assert message.endswith("of the entry 'talk-host' (entries.yaml:2); keep it in one of the two, or merge them")


@pytest.mark.parametrize(
    "phrasing",
    ["when was the harbor talk", "who hosted before the harbor talk", "who did the harbor talk host", "who hosted it"],
)
def test_phrasings_that_differ(tmp_path: Path, data: Data, phrasing: str) -> None:
    """Another question type, another telling word or another order makes another phrasing."""
    data["entries"][1]["questions"].append(phrasing)
    assert found(tmp_path, data) == []


def test_one_answer_in_two_entries(tmp_path: Path, data: Data) -> None:
    """Entries with one and the same answer may share a phrasing, but no bare noun."""
    data["entries"][1] |= {"answer": data["entries"][0]["answer"], "questions": ["who hosted the harbor talk"]}
    assert found(tmp_path, data) == []
    data["entries"][1]["questions"] = ["hosts"]
    (message,) = found(tmp_path, data)
    assert 'the bare noun "hosts" can\'t be told from "host"' in message


@pytest.mark.parametrize("phrasing", ["and why", "And WHY?!"])
def test_follow_up_under_two_targets(tmp_path: Path, data: Data, phrasing: str) -> None:
    """After one answer the same words can't be answered twice."""
    data["entries"][0]["follow_ups"] = {"tide-story": ["and why"], "tide-cost": ["how so", phrasing]}
    (message,) = found(tmp_path, data)
    assert message == (
        f"entries.yaml:2: entries: 'talk-host': the follow-up \"{phrasing}\" stands under 'tide-story' and "
        "'tide-cost'; keep it under the one that answers it best"
    )


def test_follow_ups_of_two_entries(tmp_path: Path, data: Data) -> None:
    """After each answer the same words may mean something else, a phrasing's words too; twice is once."""
    data["entries"][0]["follow_ups"] = {"tide-story": ["and why", "And why?", "host"], "talk-host": ["¿?"]}
    data["entries"][1]["follow_ups"] = {"tide-cost": ["and why"], "tide-story": ["!!"]}
    assert found(tmp_path, data) == []


@pytest.mark.parametrize("noun", ["story", "the story", "stories?", "Story, please"])
def test_bare_noun_in_two_entries(tmp_path: Path, data: Data, noun: str) -> None:
    """A bare noun belongs to one entry only."""
    data["entries"][0]["questions"].append(noun)
    (message,) = found(tmp_path, data)
    assert 'the bare noun "story" can\'t be told from' in message


@pytest.mark.parametrize("section", ["gaps", "smalltalk"])
def test_phrasing_of_a_rival(tmp_path: Path, data: Data, section: str) -> None:
    """A phrasing that an entry answers is no gap and no small talk."""
    data[section][0]["questions"].append("what's Low Tide about?")
    (message,) = found(tmp_path, data)
    assert message.startswith(f"{section}.yaml:2: ")
    assert message.endswith("drop it here, or say what the entry doesn't answer")


def test_gaps_may_share_phrasings(tmp_path: Path, data: Data) -> None:
    """Two gaps are equally honest, whichever of them is told."""
    data["gaps"].append({**data["gaps"][0], "id": "tide-budget", "line": "Money isn't spoken of."})
    assert found(tmp_path, data) == []


def test_phrasing_of_a_filled_template(tmp_path: Path, data: Data) -> None:
    """A gap template that asks what an entry answers needs the name among its exceptions."""
    data["entries"][0]["questions"].append("how old is Ada Stone")
    (message,) = found(tmp_path, data)
    assert message.startswith("gap_templates.yaml:2: ")
    assert message.endswith("add 'ada-stone' to the template's 'except'")
    data["gap_templates"][0]["except"].append("ada-stone")
    data["gap_templates"][0]["except"].remove("ben-reed")
    assert found(tmp_path, data) == []


@pytest.mark.parametrize("wordless", ["???", "\U0001f44b", "<@12345>"])
@pytest.mark.parametrize("section", ["entries", "gaps", "gap_templates", "smalltalk"])
def test_phrasing_without_a_word(tmp_path: Path, data: Data, section: str, wordless: str) -> None:
    """Marks and emoji match nothing."""
    data[section][0]["questions"] = ["how is {name}", wordless] if section == "gap_templates" else ["how so", wordless]
    message = found(tmp_path, data)[0]
    assert message == (
        f"{section}.yaml:2: {section}: '{data[section][0]['id']}': no word in the phrasing \"{wordless}\"; "
        "write a question in words, or drop it"
    )


@pytest.mark.parametrize("phrasing", ["2013", "映画", "где"])
def test_words_of_any_kind(tmp_path: Path, data: Data, phrasing: str) -> None:
    """Figures and other scripts are words, too."""
    data["entries"][0]["questions"].append(phrasing)
    assert found(tmp_path, data) == []


@pytest.mark.parametrize("phrasing", ["Host?", "host", "hey herald, HOST please"])
def test_phrasing_twice_in_one_entry(tmp_path: Path, data: Data, phrasing: str) -> None:
    """What is the same to the matcher adds nothing."""
    data["entries"][0]["questions"].append(phrasing)
    assert found(tmp_path, data) == [
        (
            f'entries.yaml:2: entries: \'talk-host\': the phrasing "{phrasing}" says the same as "host"; '
            "drop one of the two"
        )
    ]


@pytest.mark.parametrize("section", ["gaps", "gap_templates"])
def test_phrasing_twice_in_one_gap(tmp_path: Path, data: Data, section: str) -> None:
    """The same for what the sources don't say."""
    data[section][0]["questions"].append(data[section][0]["questions"][0].upper().replace("{NAME}", "{name}"))
    (message,) = found(tmp_path, data)
    assert "says the same as" in message


def test_small_talk_in_the_same_words(tmp_path: Path, data: Data) -> None:
    """Politeness around a greeting is taken off, and yet what people say."""
    data["smalltalk"][0]["questions"].append("Hello!")
    assert found(tmp_path, data) == []


# Glossary


@pytest.mark.parametrize("word", ["movie", "Movie"])
def test_word_in_two_groups(tmp_path: Path, data: Data, word: str) -> None:
    """A word means one thing."""
    data["glossary"].append(["clip", word])
    assert found(tmp_path, data) == [
        (
            f"glossary.yaml:4: glossary: '{word}' stands in the group at glossary.yaml:2, too; "
            "keep it in one of the two, or merge them"
        )
    ]


def test_words_of_one_group(tmp_path: Path, data: Data) -> None:
    """In one group a word may be written in several ways, and be part of phrases."""
    data["glossary"] = [["film", "Film", "moving picture"], ["picture", "photo"]]
    assert found(tmp_path, data) == []


# Sources


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("example.org/panel", "write 'https://example.org/panel'"),
        ("www.example.org", "write 'https://www.example.org'"),
        ("//example.org", "write 'https://example.org'"),
        ("javascript:alert(1)", "write it whole, from https:// on, or drop it"),
        ("ftp://example.org/a", "write it whole, from https:// on, or drop it"),
        ("https://", "write it whole, from https:// on, or drop it"),
        ("https:///panel", "write it whole, from https:// on, or drop it"),
        ("https://example.org/a b", "write it whole, from https:// on, or drop it"),
        ("the library", "write it whole, from https:// on, or drop it"),
    ],
)
def test_address_that_is_none(tmp_path: Path, data: Data, url: str, hint: str) -> None:
    """A source's address is one that a browser opens."""
    data["sources"][1]["url"] = url
    (message,) = found(tmp_path, data)
    assert message == (f"sources.yaml:7: sources: 'hill-report': the url '{url}' is no http(s) address; {hint}")


@pytest.mark.parametrize("url", ["https://example.org/a?b=(c)#d", "http://localhost:8080", "https://münchen.example"])
def test_addresses(tmp_path: Path, data: Data, url: str) -> None:
    """Any other is fine, and so is none."""
    data["sources"][1]["url"] = url
    assert found(tmp_path, data) == []


# Names


# Gap templates


# Checks
