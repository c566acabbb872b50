"""A knowledge base of about twenty entries on a film that doesn't exist: enough for matching, small enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.support import Data

__all__ = ["town"]


def entry(name: str, answer: str, about: str, phrasings: str, **more: Any) -> dict[str, Any]:
    """An entry; phrasings are separated by bars, ids by spaces."""
    questions = [phrasing.strip() for phrasing in phrasings.split("|")]
    record = {"id": name, "questions": questions, "answer": answer, "sources": ["harbor-report"]}
    return {**record, "about": about.split(), **more}


def gap(name: str, line: str, phrasings: str, about: str = "") -> dict[str, Any]:
    """A gap; phrasings are separated by bars."""
    questions = [phrasing.strip() for phrasing in phrasings.split("|")]
    return {"id": name, "questions": questions, "line": line, "about": about.split()}


def talk(name: str, line: str, phrasings: str) -> dict[str, Any]:
    """Small talk; phrasings are separated by bars."""
    return {"id": name, "questions": [phrasing.strip() for phrasing in phrasings.split("|")], "line": line}


def quote(name: str, speaker: str, text: str, topics: Sequence[str], **more: Any) -> dict[str, Any]:
    """A quote from the harbor talk."""
    common = {"source": "harbor-report", "event": "harbor-talk"}
    return {"id": name, "speaker": speaker, "text": text, "topics": list(topics), **common, **more}


def town() -> Data:
    """The whole of it, as fresh plain data."""
    return {
        "sources": [
            {"id": "harbor-report", "title": "Night at the harbor", "event": "harbor-talk", "reports": "A", "order": 1},
            {"id": "hill-report", "title": "Morning on the hill", "event": "hill-talk", "reports": "B", "order": 2},
        ],
        "people": [
            {
                "id": "mira-holt",
                "name": "Mira Holt",
                "aliases": ["Holt", "Mira"],
                "misspellings": ["meera hollt"],
                "roles": ["the director"],
            },
            {"id": "ada-stone", "name": "Ada Stone", "aliases": ["Ada"], "misspellings": ["adda"]},
            {"id": "tom-quill", "name": "Tom Quill", "aliases": ["Quill"]},
            {"id": "ben-reed", "name": "Ben Reed", "aliases": ["Ben"]},
            {"id": "una-vale", "name": "Una Vale", "aliases": ["Una"]},
            {"id": "lena-ortiz", "name": "Lena Ortiz", "aliases": ["Lena", "Ortiz"]},
        ],
        "characters": [
            {"id": "corwin", "name": "Corwin", "work": "low-tide", "actor": "ben-reed"},
            {"id": "the-lighthouse", "name": "the Lighthouse", "work": "low-tide", "actor": "lena-ortiz"},
        ],
        "events": [
            {"id": "harbor-talk", "name": "the harbor talk", "aliases": ["the harbor one", "harbor"]},
            {"id": "hill-talk", "name": "the hill talk", "aliases": ["the hill one", "hill"]},
        ],
        "works": [{"id": "low-tide", "name": "Low Tide"}, {"id": "salt-road", "name": "Salt Road"}],
        "things": [{"id": "lantern", "name": "the lantern"}],
        "entries": _entries(),
        "quotes": _quotes(),
        "gaps": _gaps(),
        "gap_templates": [
            {
                "id": "tpl-age",
                "names": {"section": "people"},
                "except": ["ben-reed"],
                "questions": ["how old is {name}", "{name} birthday", "when was {name} born", "what age is {name}"],
                "line": "The age of {name} isn't told.",
            },
        ],
        "smalltalk": [
            talk("hello", "Hello! Ask me about the talks.", "hello | hi | good morning | hey there | howdy"),
            talk("thanks", "You're welcome.", "thanks | thank you so much | much appreciated | cheers"),
            talk("who-are-you", "I'm Herald.", "who are you | what are you | are you a robot | are you an AI"),
            talk("goodbye", "Goodbye!", "goodbye | see you later | bye bye | good night"),
        ],
        "glossary": [["film", "movie", "picture"], ["moderator", "host", "interviewer"]],
        "background": [
            "what's the weather like tomorrow",
            "how do I reset my password",
            "recommend a pizza recipe",
            "who won the football game last night",
            "convert ten miles to kilometers",
            "how do I install the app on my phone",
            "what is the capital of France",
            "play some jazz",
            "set a timer for ten minutes",
            "how do vaccines work",
        ],
        "checks": [
            {"ask": "who was the interviewer in the harbor", "expect": "harbor-host"},
            {"ask": "who ran the questions up on the hill", "expect": "hill-host"},
            {"ask": "how expensive was the movie", "expect": ["tide-cost", "unknown"]},
            {"ask": "what was the film shot on", "expect": "camera"},
            {"ask": "where do I buy stamps", "expect": "unknown"},
        ],
    }


def _entries() -> list[dict[str, Any]]:
    return [
        entry(
            "harbor-host", "Ada Stone moderated the harbor talk.", "ada-stone harbor-talk",
            "who moderated the harbor talk | harbor talk moderator | who hosted the harbor talk | "
            "who asked the questions at the harbor | who was interviewing her at the harbor",
            quotes=["on-light"],
            follow_ups={
                "hill-host": ["and on the hill", "who did the other one"],
                "harbor-place": ["where was that", "what building was it in"],
                "tickets": ["did it cost much to get in"],
            },
        ),
        entry(
            "hill-host", "Tom Quill moderated the hill talk.", "tom-quill hill-talk",
            "who moderated the hill talk | hill talk moderator | who hosted the hill talk | "
            "who asked the questions on the hill | who was interviewing her on the hill",
        ),
        entry(
            "director", "Mira Holt directed Low Tide.", "mira-holt low-tide",
            "who directed Low Tide | director | who is the director of Low Tide | whose film is it | "
            "who helmed the movie",
            follow_ups={
                "director": ["so she did it herself"],
                "first-film": ["what else has she made", "her films before that"],
            },
        ),
        entry(
            "premise", "A pilot waits for the water to come back.", "low-tide corwin",
            "what is Low Tide about | story | plot of Low Tide | what happens in the movie | premise of the film",
            spoiler=True,
        ),
        entry(
            "pilot-actor", "Ben Reed plays Corwin, the pilot.", "ben-reed corwin",
            "who plays Corwin | actor of the pilot | who stars as the pilot | which actor is Corwin | "
            "who acted the pilot",
        ),
        entry(
            "lighthouse-voice", "Lena Ortiz is the voice of the Lighthouse.", "lena-ortiz the-lighthouse",
            "who voices the Lighthouse | voice of the Lighthouse | whose voice is it | who speaks as the Lighthouse | "
            "the voice I couldn't place",
        ),
        entry(
            "release", "Low Tide opens on March 3.", "low-tide",
            "when does Low Tide come out | release date | when is it released | what day does it open in cinemas",
        ),
        entry(
            "music", "Tom Quill wrote the music with a broken piano.", "tom-quill low-tide",
            "who wrote the music | soundtrack | who composed the score | the songs in the film by whom",
        ),
        entry(
            "camera", "It was shot on an old lifeboat camera.", "low-tide",
            "what camera was used | camera | what did they shoot it with | what equipment filmed Low Tide",
        ),
        entry(
            "shooting-time", "The shoot took forty nights.", "low-tide",
            "how long was the shoot | shooting days | how many nights did they film | duration of the shoot",
        ),
        entry(
            "writing", "Mira Holt wrote it alone in a ferry cabin, because the ferry never stopped talking.",
            "mira-holt",
            "how was the script written | screenplay | where did she write it | who wrote the script | "
            "why did she write it on a ferry",
        ),
        entry(
            "lantern-meaning", "The lantern stands for patience.", "lantern",
            "what does the lantern mean | lantern | symbol of the lantern | why is there a lantern everywhere",
        ),
        entry(
            "first-film", "Her first film was Salt Road.", "mira-holt salt-road",
            "what was her first film | Salt Road | debut of Mira Holt | what did Mira Holt make before",
        ),
        entry(
            "audience-ghost", "Somebody asked whether the Lighthouse is a ghost; she said no.", "the-lighthouse",
            "is the Lighthouse a ghost | ghost | did anyone ask about ghosts | is it haunted",
        ),
        entry(
            "clip-storm", "The second clip showed the storm.", "low-tide",
            "what was the second clip | storm scene | which clip showed the storm | what did they screen second",
        ),
        entry(
            "harbor-place", "The harbor talk was held in a boat shed.", "harbor-talk",
            "where was the harbor talk | boat shed | venue of the harbor talk | what building was the harbor talk in",
        ),
        entry(
            "hill-place", "The hill talk was held in a chapel.", "hill-talk",
            "where was the hill talk | chapel | venue of the hill talk | what building was the hill talk in",
        ),
        entry(
            "shouting", "Corwin shouts something very rude at a gull.", "corwin",
            "what does Corwin shout at the gull | swearing | rude words | what did he yell at the bird",
            rating="explicit", quotes=["on-gulls"],
        ),
    ]  # fmt: skip


def _gaps() -> list[dict[str, Any]]:
    return [
        gap(
            "tide-cost", "No budget is named; only that the camera was old.",
            "how much did Low Tide cost | budget | what was the budget of the film | how expensive was it | "
            "how much money did they spend",
        ),
        gap(
            "tide-awards", "No award is mentioned.",
            "did Low Tide win any awards | awards | what prizes did it win | was it nominated for anything",
        ),
        gap(
            "editor", "The editor isn't named.",
            "who edited Low Tide | editor | who did the editing | who cut the film",
        ),
        gap(
            "next-film", "What she makes next isn't told.",
            "what is her next film | next project | what is Mira Holt doing next | upcoming movie of Holt", "mira-holt",
        ),
        gap(
            "tickets", "Ticket prices aren't told.",
            "how much were the tickets | ticket price | what did it cost to get in | entrance fee",
        ),
        gap(
            "pets", "Nobody's pets are mentioned.",
            "does Mira Holt have a dog | pets | what is the name of her cat | any animals at home", "mira-holt",
        ),
    ]  # fmt: skip


def _quotes() -> list[dict[str, Any]]:
    return [
        quote("on-light", "ada-stone", "Light is patient, and it waits for whoever looks up from the deck.", ["light"]),
        quote("on-ferries", "mira-holt", "A ferry is a room that cannot make up its mind.", ["ferries", "writing"]),
        quote("on-storms", "mira-holt", "We waited eleven nights for a storm and got three in one hour.", ["storms"]),
        quote("on-pianos", "tom-quill", "The piano was missing nine keys, so the melody is too.", ["music"]),
        quote("on-love", "mira-holt", "Love is mostly a matter of who keeps the lamp burning.", ["love", "light"]),
        quote(
            "on-water", "the-lighthouse", "Water keeps no promises, and I have watched it make a great many.",
            ["water"],
        ),
        quote(
            "on-silence", "corwin", "Say something, or the fog will say it for you.", ["silence", "fog"],
            via="mira-holt", spoiler=True,
        ),
        quote(
            "on-gulls", "corwin", "Get your filthy beak out of my damned breakfast, you thief.", ["gulls"],
            rating="explicit",
        ),
    ]  # fmt: skip
