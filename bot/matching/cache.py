"""A compiled knowledge base on disk, keyed by all that it was made from; anything amiss there means a rebuild."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from bot.matching import files
from bot.matching.calibration import Calibration, Forecast
from bot.matching.compiled import Compiled
from bot.matching.dictionary import dictionary
from bot.matching.follow_ups import FollowUps
from bot.matching.head import Head
from bot.matching.index import Index, Label, Profile
from bot.matching.lexical import LexicalIndex
from bot.matching.lexicon import Lexicon
from bot.matching.logistic import Logistic
from bot.matching.quotes import QuoteVectors
from bot.matching.signals import Similarities

__all__ = ["holds", "key", "load", "save"]

# The modules whose code decides what a compiled knowledge base holds, and the words that they read.
_MADE_BY = (
    "cache", "calibration", "cholesky", "compiled", "dictionary", "english", "evidence", "follow_ups", "head", "index",
    "leftout", "lexical", "lexicon", "logistic", "quotes", "semantic", "signals", "text", "utterance",
)  # fmt: skip
_WORDS = ("data/wordpiece.txt", "data/words.txt")
_KEPT = 6  # compiled knowledge bases, about 90 MB each for the shipped one: each reload of an edit makes one
_LEXICAL = ("features", "idf", "starts", "rows", "weights")
_COUNTED = ("terms", "kinds", "relations")
_GROUPED = ("answer", "answer_relations", "names")


def key(knowledge: str, encoder: str, precision: float) -> str:
    """Names a compiled knowledge base by its content, the encoder, the wanted precision and this code."""
    code = hashlib.sha256()
    for path in (*(f"{module}.py" for module in _MADE_BY), *_WORDS):
        code.update((Path(__file__).parent / path).read_bytes())
    parts = f"{knowledge}\n{encoder}\n{precision}\n{np.__version__}\n{code.hexdigest()}"
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


def save(compiled: Compiled, folder: Path, name: str) -> None:
    """Writes the compiled knowledge base; where the folder can't be written the next start compiles again."""
    index, model = compiled.index, compiled.calibration.model
    meta = json.dumps(_meta(compiled, name)).encode()
    arrays = {
        "meta": np.frombuffer(meta, np.uint8),
        "starts": index.starts,
        "head": compiled.head.coefficients,
        **_compared("", compiled.similarities),
        **_compared("follow_up_", compiled.follow_ups.similarities),
        **{f"model_{field.name}": getattr(model, field.name) for field in fields(Logistic)},
    }
    if compiled.quotes is not None:
        arrays |= {"quote_words": compiled.quotes.words, "quote_topics": compiled.quotes.topics}
    files.write_arrays(folder / f"compiled-{name}.npz", arrays)
    files.keep_newest(folder, "compiled-*.npz", _KEPT)


def holds(folder: Path, name: str) -> bool:
    """Whether there is such a compiled knowledge base, without reading it."""
    return (folder / f"compiled-{name}.npz").is_file()


def load(folder: Path, name: str) -> Compiled | None:
    """The compiled knowledge base, or None where there is none that can be trusted."""
    arrays = files.read_arrays(folder / f"compiled-{name}.npz")
    try:
        meta = json.loads(arrays["meta"].tobytes())
        if meta["key"] != name:
            return None
        return _restored(arrays, meta)
    except (KeyError, ValueError, TypeError, IndexError, UnicodeDecodeError):
        return None


def _compared(prefix: str, similarities: Similarities) -> files.Arrays:
    """The arrays of similarities, under names with a prefix."""
    arrays = {f"{prefix}lexical_{field}": getattr(similarities.lexical, field) for field in _LEXICAL}
    return arrays if similarities.vectors is None else {**arrays, f"{prefix}vectors": similarities.vectors}


def _similarities(prefix: str, arrays: files.Arrays, size: int) -> Similarities:
    """What :func:`_compared` took apart; ``size`` is the number of phrasings."""
    lexical = LexicalIndex(**{field: arrays[f"{prefix}lexical_{field}"] for field in _LEXICAL}, size=size)
    vectors = arrays.get(f"{prefix}vectors")
    if vectors is not None and len(vectors) != size:
        raise ValueError("shapes differ")
    return Similarities(lexical, vectors)


def _meta(compiled: Compiled, name: str) -> dict[str, Any]:
    index, lexicon = compiled.index, compiled.index.lexicon
    return {
        "key": name,
        "labels": [[label.kind, label.id] for label in index.labels],
        "profiles": [_profile_to_json(profile) for profile in index.profiles],
        "exact": index.exact,
        "shared": index.shared,
        "frequency": index.frequency,
        "concepts": [[list(phrase), term] for phrase, term in lexicon.concepts.items()],
        "corrections": [[list(wrong), list(right)] for wrong, right in lexicon.corrections.items()],
        "vocabulary": dict(lexicon.vocabulary),
        "persons": sorted(lexicon.persons),
        "answer": compiled.calibration.answer,
        "offer": compiled.calibration.offer,
        "forecast": asdict(compiled.calibration.forecast),
        "follow_ups": compiled.follow_ups.asked,
    }


def _profile_to_json(profile: Profile) -> dict[str, Any]:
    return {
        "size": profile.size,
        **{field: dict(getattr(profile, field)) for field in _COUNTED},
        **{field: sorted(getattr(profile, field)) for field in _GROUPED},
    }


def _profile(item: Mapping[str, Any]) -> Profile:
    made: dict[str, Any] = {field: Counter(item[field]) for field in _COUNTED}
    made |= {field: frozenset(item[field]) for field in _GROUPED}
    return Profile(size=int(item["size"]), **made)


def _restored(arrays: files.Arrays, meta: Mapping[str, Any]) -> Compiled:
    starts = arrays["starts"]
    size = int(starts[-1])
    similarities = _similarities("", arrays, size)
    index = Index(
        labels=tuple(Label(kind, name) for kind, name in meta["labels"]),
        starts=starts,
        utterances=(),
        lexicon=_lexicon(meta),
        lexical=similarities.lexical,
        profiles=tuple(map(_profile, meta["profiles"])),
        exact=meta["exact"],
        shared={key: tuple(classes) for key, classes in meta["shared"].items()},
        frequency=Counter(meta["frequency"]),
    )
    if arrays["head"].shape != (len(index.labels), size):
        raise ValueError("shapes differ")
    model = Logistic(**{field.name: arrays[f"model_{field.name}"] for field in fields(Logistic)})
    calibration = Calibration(model, meta["answer"], meta["offer"], _forecast(meta["forecast"]))
    spoken = QuoteVectors(arrays["quote_words"], arrays["quote_topics"]) if "quote_words" in arrays else None
    return Compiled(index, similarities, Head(arrays["head"]), calibration, spoken, _follow_ups(arrays, meta))


def _follow_ups(arrays: files.Arrays, meta: Mapping[str, Any]) -> FollowUps:
    asked = tuple((str(entry), str(target), str(phrasing)) for entry, target, phrasing in meta["follow_ups"])
    similarities = _similarities("follow_up_", arrays, len(asked))
    if (similarities.vectors is None) != ("vectors" not in arrays):
        raise ValueError("vectors are missing")
    return FollowUps(asked, similarities)


def _lexicon(meta: Mapping[str, Any]) -> Lexicon:
    return Lexicon(
        concepts={tuple(phrase): term for phrase, term in meta["concepts"]},
        corrections={tuple(wrong): tuple(right) for wrong, right in meta["corrections"]},
        vocabulary=meta["vocabulary"],
        dictionary=dictionary(),
        persons=frozenset(meta["persons"]),
    )


def _forecast(item: Mapping[str, Any]) -> Forecast:
    curve = tuple((float(t), float(p), float(r)) for t, p, r in item["curve"])
    return Forecast(**{**item, "curve": curve})
