"""New input out of old: a seed changed in a few places, as JSON where it is some, else as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

__all__ = ["ODD", "mutated"]

ODD: tuple[str, ...] = (
    "", " ", "\0", "\n", "\r\n", "\t", "\\", "'", '"', "`" * 40, "\ud800", "\udfff\ud800", "\ufeff", "\u202e\u2066",
    "é" * 30, "e" + "\u0301" * 400, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20, "\ufdfd" * 30, "ﬃ" * 40, "²",
    "٣", "-1", "0", "00",
    "1e999", "NaN", "9" * 20, "9" * 300, "9" * 5000, "true", "null", "~", "no", "2013-01-01", "0x1F", "1_0", "1:2:3",
    "[" * 300, "{" * 300, "(" * 300, "- " * 200, "<@U1>" * 60, "<@1>" * 60, "<!channel>", "<https://x|" * 40,
    ":a:" * 60, "&lt;" * 60,
    "**__~~||" * 30, "> ", "# ", "%s%n{0}", "${x}", "../../etc/passwd", "C:\\", "a" * 99, "a" * 256, "a b " * 400,
    "who " * 150,
    "h1:pick:camera", "h1:asked:0123456789.1", "s1:sub:event.0.harbor-talk", "f1:gap:0123456789.1", "h99:x:",
    "h1:restore:1.1", "h1:more:mira-holt|light",
    "u\u0308" * 100, "İ" * 50, "ß" * 50, "\u2028\u2029\x85", "\x1b[31m", "\u00ad\u200b" * 50, "who said '", "“",
    "’" * 50, "?" * 300, "!" * 300,
)  # fmt: skip
"""Text that is hard on programs."""

_VALUES: tuple[Callable[[Random], Any], ...] = (
    lambda _: None,
    lambda _: True,
    lambda rng: rng.choice((0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63), 10**30, 1.5, 1e308, -0.0)),
    lambda _: [],
    lambda _: {},
    lambda rng: rng.choice(ODD),
    lambda rng: [rng.choice(ODD)] * rng.choice((1, 30)),
    lambda rng: {rng.choice(ODD): rng.choice(ODD)},
    lambda rng: _nested(rng.choice((3, 30, 200))),
)
_MOST_CHANGES = 5


def mutated(seeds: Sequence[bytes], rng: Random, most: int) -> bytes:
    """An input like one of the seeds.

    Args:
        most: bytes of it.
    """
    seed = rng.choice(seeds)
    if rng.random() < 0.85 and (found := _read(seed)) is not None:
        made = _as_json(found, seeds, rng)
    else:
        made = _as_bytes(seed, rng.choice(seeds), rng)
    return made[:most]


def _read(data: bytes) -> Any:
    """The JSON of a seed; None where it is none, or a bare value."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _as_json(found: Any, others: Sequence[bytes], rng: Random) -> bytes:
    for _ in range(rng.randint(1, _MOST_CHANGES)):
        places = list(_places(found))
        if not places:
            break
        holder, key = rng.choice(places)
        rng.choice((_replace, _replace, _drop, _rewrite, _rewrite, _rewrite, _rename, _splice))(
            holder, key, rng, others
        )
    return json.dumps(found, ensure_ascii=True).encode()


def _places(found: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in it, as what holds it and under which key."""
    keys = list(found) if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    for key in keys:
        yield found, key
        yield from _places(found[key])


def _replace(holder: Any, key: Any, rng: Random, others: Sequence[bytes]) -> None:
    holder[key] = rng.choice(_VALUES)(rng)


def _drop(holder: Any, key: Any, rng: Random, others: Sequence[bytes]) -> None:
    del holder[key]


def _rewrite(holder: Any, key: Any, rng: Random, others: Sequence[bytes]) -> None:
    """Changes a text; another value is told as text."""
    text = holder[key] if isinstance(holder[key], str) else str(holder[key])[:200]
    at, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    holder[key] = (
        text[:at] + rng.choice((rng.choice(ODD), text[at:end] * 2, "", chr(rng.randint(0, 0x2FFF)))) + text[end:]
    )


def _rename(holder: Any, key: Any, rng: Random, others: Sequence[bytes]) -> None:
    if isinstance(holder, dict):
        holder[rng.choice((rng.choice(ODD), f"{key}s", str(key).upper()))] = holder.pop(key)


def _splice(holder: Any, key: Any, rng: Random, others: Sequence[bytes]) -> None:
    """Puts a part of another seed there."""
    places = list(_places(_read(rng.choice(others))))
    if places:
        source, of = rng.choice(places)
        holder[key] = source[of]


def _as_bytes(seed: bytes, other: bytes, rng: Random) -> bytes:
    made = bytearray(seed)
    for _ in range(rng.randint(1, _MOST_CHANGES)):
        at, end = sorted((rng.randint(0, len(made)), rng.randint(0, len(made))))
        end = min(end, at + 64)
        made[at:end] = rng.choice(
            (
                b"",
                rng.choice(ODD).encode("utf-8", "surrogatepass"),
                bytes(made[at:end]) * rng.choice((2, 20)),
                other[at : at + 200],
                rng.randbytes(rng.randint(1, 8)),
                bytes([rng.randrange(256)]),
            )
        )
    return bytes(made)


def _nested(depth: int) -> Any:
    made: Any = "x"
    for level in range(depth):
        made = [made] if level % 2 else {"x": made}
    return made
