"""The batch interface: a JSON object a line in, one a line out, in the same order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from rapidfuzz.distance import OSA

from bot.conversation import Conversations
from bot.errors import RequestError
from bot.herald import Herald
from bot.reply import Reply

__all__ = ["Request", "answer_lines", "dump", "parse", "record"]

Id = str | int | float | None
_ASKS = ("text", "quote", "entry")
_OPTIONAL = ("conversation", "age_restricted")
_QUOTE_KEYS = ("speaker", "about")
_SHOWN = 60
_TYPO = 3

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the batch interface; exactly one of ``text``, ``quote`` (speaker, topic) and ``entry`` is given."""

    id: Id
    text: str | None = None
    quote: tuple[str | None, str | None] | None = None
    entry: str | None = None
    conversation: str | None = None
    age_restricted: bool = False

    def put(self, herald: Herald, conversations: Conversations) -> Reply:
        """Puts the request to Herald."""
        with conversations.open(self.conversation) as context:
            if self.entry is not None:
                return herald.entry(self.entry, context, age_restricted=self.age_restricted)
            if self.quote is not None:
                return herald.quote(*self.quote, context, age_restricted=self.age_restricted)
            return herald.ask(self.text or "", context, age_restricted=self.age_restricted)


def answer_lines(
    herald: Herald, lines: Iterable[bytes], write: Callable[[str], None], *, age_restricted: bool = False
) -> None:
    """Answers each line as it comes; a blank one is passed over, a malformed one gets a rejected reply.

    Args:
        write: gets each reply as one line of JSON.
        age_restricted: for the lines that don't say.
    """
    conversations = Conversations()
    for number, line in enumerate(lines):
        # Only the very first line may begin with the mark that some editors put before UTF-8.
        bare = line.removeprefix(b"\xef\xbb\xbf") if not number else line
        if bare.strip():
            write(_answered(herald, bare, conversations, age_restricted=age_restricted))


def _answered(herald: Herald, line: bytes, conversations: Conversations, *, age_restricted: bool) -> str:
    identity: Id = None
    try:
        item = _object(line)
        identity = _identity(item)
        request = parse(item, age_restricted=age_restricted)
        return dump(record(request.put(herald, conversations), identity))
    except RequestError as error:
        rejected = Reply("rejected", str(error), herald.snapshot.knowledge.version)
        return dump(record(rejected, identity))


def parse(item: Mapping[str, Any], *, age_restricted: bool = False) -> Request:
    """Reads one object as a request.

    Raises:
        RequestError: one line on what is wrong.
    """
    _refuse_misspelt(item)
    asks = [key for key in _ASKS if item.get(key) is not None]
    if len(asks) != 1:
        raise RequestError(f"give exactly one of text, quote and entry, not {' and '.join(asks) or 'none'}")
    conversation = _typed(item, "conversation", (str, int, float), "a string or a number")
    allowed = _typed(item, "age_restricted", (bool,), "true or false")
    return Request(
        id=_identity(item),
        text=_typed(item, "text", (str,), "a string"),
        quote=_quote(_typed(item, "quote", (dict,), "an object")),
        entry=_typed(item, "entry", (str,), "a string"),
        conversation=None if conversation is None else str(conversation),
        age_restricted=age_restricted if allowed is None else allowed,
    )


def record(reply: Reply, identity: Id = None) -> dict[str, Any]:
    """A reply with the keys of the batch interface, all of them, whatever its kind."""
    return {
        "id": identity,
        "kind": reply.kind,
        "text": reply.text,
        "entry": reply.entry,
        "quotes": [{"id": quote.id, "text": quote.text, "speaker": quote.speaker} for quote in reply.quotes],
        "sources": [{"id": source.id, "title": source.title} for source in reply.sources],
        "choices": [{"entry": choice.entry, "question": choice.question} for choice in reply.choices],
        "candidates": [{"entry": candidate.entry, "score": candidate.score} for candidate in reply.candidates],
        "score": reply.score,
        "knowledge": reply.knowledge,
    }


def dump(item: Mapping[str, Any]) -> str:
    """One line of JSON that any encoding of Unicode can hold."""
    written = json.dumps(item, ensure_ascii=False, allow_nan=False)
    try:
        written.encode()
    except UnicodeEncodeError:  # half a surrogate pair, as in an id "\ud800": it has no UTF-8, but an escape
        return json.dumps(item, allow_nan=False)
    return written


def _object(line: bytes) -> dict[str, Any]:
    try:
        item = json.loads(line.decode(), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise RequestError("the line is no valid UTF-8") from None
    except json.JSONDecodeError as error:
        raise RequestError(f"the line is no valid JSON: {error.msg} at character {error.pos + 1}") from None
    except (ValueError, RecursionError):
        raise RequestError("the line holds a number too long, or lists too deep, to read") from None
    if not isinstance(item, dict):
        raise RequestError('the line must be a JSON object, such as {"id": "1", "text": "who moderated?"}')
    return item


def _refuse_constant(name: str) -> NoReturn:
    raise RequestError(f"the line is no valid JSON: {name} is no number of JSON")


def _identity(item: Mapping[str, Any]) -> Id:
    identity: Id = _typed(item, "id", (str, int, float), "a string or a number")
    if isinstance(identity, float) and not math.isfinite(identity):
        raise RequestError("id is too large a number")
    return identity


def _quote(given: Mapping[str, Any] | None) -> tuple[str | None, str | None] | None:
    if given is None:
        return None
    _refuse_unknown(given, _QUOTE_KEYS)
    return _typed(given, "speaker", (str,), "a string"), _typed(given, "about", (str,), "a string")


def _typed(item: Mapping[str, Any], key: str, types: tuple[type[_Value], ...], name: str) -> Any:
    """A value of one of the types; None where it is absent or null."""
    value = item.get(key)
    # To Python, true and false are whole numbers; to JSON they aren't.
    if value is None or (isinstance(value, types) and isinstance(value, bool) == (bool in types)):
        return value
    raise RequestError(f"{key} must be {name}, not {_brief(value)}")


def _brief(value: object) -> str:
    written = json.dumps(value)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}..."


def _refuse_misspelt(item: Mapping[str, Any]) -> None:
    """Refuses a misspelt optional key, which would change the answer unseen; other keys may be the writer's notes."""
    for key in item.keys() - set(_OPTIONAL):
        near = [known for known in _OPTIONAL if OSA.distance(key, known, score_cutoff=_TYPO) <= _TYPO]
        if near:
            raise RequestError(f"unknown key {_brief(key)}; did you mean '{near[0]}'?")


def _refuse_unknown(item: Mapping[str, Any], known: Iterable[str]) -> None:
    for key in item.keys() - set(known):
        raise RequestError(f"unknown key {_brief(key)} in quote; it may hold {' and '.join(known)}")
