"""Any text that a member types to clean, comparable words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import snowballstemmer

from bot.matching import english

__all__ = [
    "asks_of_subject", "focus", "fold", "key", "normalize", "past_reaction", "plain", "question_type", "relations",
    "stem", "strip_fillers", "words",
]  # fmt: skip

_MENTIONS = re.compile(
    r"<(?:[@#!&][^<>]{0,80}|a?:\w{1,40}:\d{1,25}|https?://[^<>]{0,400})>|@(?:everyone|here|channel)\b"
)
_LINKS = re.compile(r"https?://\S+|www\.\S+", re.I)
_SHORTCODES = re.compile(r"(?<!\w):[a-z][a-z0-9_+-]{1,30}:(?!\w)")
_MARKUP = re.compile(r"[*_~`|#>]{1,3}")
_INITIALS = re.compile(r"(?<![\w.])[a-z]\.(?:[a-z]\.)*[a-z](?:\.|(?![\w.]))")
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[^\W\d_]+")
_NO_SUBJECT = english.STOP_WORDS | {"her"}
_QUOTES = str.maketrans("‘’‛`´“”„«»", "'''''\"\"\"\"\"")
_TAIL = 500
_ENDINGS = (("n't", " not"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"), ("'d", " would"), ("'m", " am"))


def fold(text: str) -> str:
    """Lower-cased NFKC text: no mentions, links, emoji, markup, accents, invisible characters, nor dots in "L.A."."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = _LINKS.sub(" ", _MENTIONS.sub(" ", text))
    text = text.lower()
    if not (text.isascii() and text.isprintable()):
        text = "".join(kept for char in unicodedata.normalize("NFKD", text) if (kept := _kept(char)))
    text = _SPACES.sub(" ", _MARKUP.sub(" ", _SHORTCODES.sub(" ", text))).strip()
    return _INITIALS.sub(_joined, text)


def _joined(initials: re.Match[str]) -> str:
    """Initials as one word: "l.a." is "la"; but "u.s." isn't "us"."""
    word = initials[0].replace(".", "")
    return initials[0] if word in english.STOP_WORDS else word


def _kept(char: str) -> str:
    """The character itself, a space for control and symbol characters, nothing for accents and invisible ones."""
    if char.isascii():
        return char if char.isprintable() else " "
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cs", "Co", "Cn"):
        return ""
    return " " if category in ("So", "Sk", "Cc", "Zl", "Zp") else char


def normalize(text: str) -> str:
    """Folded text with contractions written out, and fillers ("hey herald, tell me about") taken off."""
    bare = _bare(text)
    return _subject(bare) or bare


def asks_of_subject(raw: str) -> bool:
    """Whether a text asks for anything at all about what it names ("tell me about the harbor talk")."""
    return bool(english.SUBJECT.match(_bare(raw)))


def _bare(raw: str) -> str:
    expanded = " ".join(_expand(token) for token in fold(raw).split(" "))
    return strip_fillers(_SPACES.sub(" ", expanded).strip())


def _subject(bare: str) -> str:
    """The subject of what asks for anything about it; nothing where it says none ("tell me about it")."""
    asked = english.SUBJECT.match(bare)
    subject = (asked["subject"] or asked["named"]) if asked else ""
    return subject if any(word not in _NO_SUBJECT for word in words(subject)) else ""


def strip_fillers(text: str) -> str:
    """Takes greetings and politeness off both ends, unless nothing would be left."""
    rest = english.FILLERS_BEFORE.sub("", text)
    # The search for the last fillers may take long; no question is longer than this.
    bare = (rest[:-_TAIL] + english.FILLERS_AFTER.sub("", rest[-_TAIL:])).strip(" ,.;:!-")
    return bare if words(bare) else text


def _expand(token: str) -> str:
    core = token.strip('.,;:!?()"')
    if not core:
        return token
    return token.replace(core, _expanded(core), 1)


@lru_cache(maxsize=4096)
def _expanded(core: str) -> str:
    known = english.CONTRACTIONS.get(core) or english.APOSTROPHE_FREE.get(core)
    if known:
        return known
    head, mark, tail = core.partition("'")
    if mark and tail == "s" and head in english.IS_AFTER:
        return f"{head} is"
    for ending, full in _ENDINGS:
        if core.endswith(ending) and len(core) > len(ending):
            return core[: -len(ending)] + full
    return core


def words(text: str) -> list[str]:
    """The words of a normalized text, possessive endings and inner apostrophes off ("o'hara" is "ohara")."""
    return [_plain(word) for word in _WORDS.findall(text)]


def plain(raw: str) -> str:
    """The words of a text as they are written, in one line."""
    return " ".join(words(fold(raw)))


def past_reaction(raw: str) -> str:
    """As :func:`plain`, without what is said to the last answer first ("haha", "thanks!"), unless that is all."""
    folded = fold(raw)
    return " ".join(words(english.REACTIONS.sub("", folded)) or words(folded))


def key(raw: str) -> str:
    """The normalized words of a text in one line: what two texts that say the same in the same words share."""
    return " ".join(words(normalize(raw)))


def _plain(word: str) -> str:
    return word.removesuffix("'s").replace("'", "") if "'" in word else word


_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of an English word."""
    return str(_STEMMER.stemWord(word))


def question_type(text: str) -> str:
    """Who, what, when ... of a normalized text; "terse" where it asks with no question word."""
    return next((name for name, pattern in english.QUESTION_TYPES if pattern.search(text)), "terse")


def relations(tokens: list[str]) -> frozenset[str]:
    """The groups of relation words that occur among ``tokens``."""
    return frozenset(group for word in tokens for group in _relation_groups(word))


@lru_cache(maxsize=16384)
def _relation_groups(word: str) -> tuple[str, ...]:
    return tuple(group for group, members in english.RELATIONS.items() if word in members)


_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how)\b|^\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|will)\b"
)
_LONG = 14
_ENOUGH = 3


def focus(text: str, said: Sequence[str] | None = None) -> str:
    """The part of a long text that asks: its last asking sentence, with neighbors while that says too little.

    A text of up to 14 words is its own focus.

    Args:
        said: its words, where they are known.
    """
    if len(words(text) if said is None else said) <= _LONG:
        return text
    sentences = [part.strip() for part in _SENTENCE.findall(text) if words(part)]
    asking = [i for i, part in enumerate(sentences) if part.endswith("?")]
    asking = asking or [i for i, part in enumerate(sentences) if _ASKS.search(part)]
    if not asking:
        return text
    first = last = asking[-1]
    telling = _telling(sentences[last])
    while first > 0 and telling < _ENOUGH:
        first -= 1
        telling += _telling(sentences[first])
    asking_part = strip_fillers(" ".join(sentences[first : last + 1]))
    return _subject(asking_part) or asking_part


def _telling(sentence: str) -> int:
    return sum(word not in english.STOP_WORDS for word in words(sentence))
