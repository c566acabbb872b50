"""The tables, for SQLite and PostgreSQL alike. A change here needs a migration beside it (``herald db upgrade``).

Times are seconds since 1970 (UTC). No table tells who asked: members appear only where they asked to be kept, in
``waits`` (by id, until they are told) and ``votes`` (by a salted hash), in ``claims`` while they are being answered,
and admins in ``lines``, ``versions`` and ``audit`` for what they changed.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store import installed

__all__ = [
    "answers",
    "audit",
    "claims",
    "contents",
    "contexts",
    "lines",
    "links",
    "metadata",
    "paces",
    "questions",
    "secrets",
    "slack_bots",
    "slack_installations",
    "slack_states",
    "turns",
    "versions",
    "votes",
    "waits",
]  # fmt: skip

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by themselves only as INTEGER

answers = Table(
    "answers",
    metadata,
    Column("id", String(32), primary_key=True, doc="an id of Herald's own, shown to admins"),
    Column("at", Double, nullable=False),
    Column("platform", String(16), nullable=False, doc="discord, slack or terminal"),
    Column("place", String(120), nullable=False, doc="guild or workspace, and channel; empty in direct messages"),
    Column("message", String(120), doc="the posted message as the platform names it; none while unknown"),
    Column("kind", String(16), nullable=False),
    Column("key", String(500), doc="the question's folded words; none where questions aren't recorded"),
    Column("text", Text, doc="the question; none where questions aren't recorded"),
    Column("entry", String(80)),
    Column("gap", String(80)),
    Column("score", Double, nullable=False),
    Column("threshold", Double, nullable=False, doc="from which score an entry answered"),
    Column("candidates", JSON, nullable=False, doc="[[entry, score], ...]"),
    Column("near", JSON, nullable=False, doc="[entry, ...] that were offered"),
    Column("picked", String(80), doc="the entry that was picked of those offered"),
    Column("knowledge", String(16), nullable=False, doc="digest of the knowledge base"),
    Column("seconds", Double, nullable=False, doc="that the answer took"),
    Index(None, "at"),
    Index(None, "message"),
)

questions = Table(
    "questions",
    metadata,
    Column("key", String(500), primary_key=True, doc="folded words: the same question however it is written"),
    Column("text", Text, nullable=False, doc="as it was last asked"),
    Column("platform", String(16), nullable=False, doc="where it was last asked"),
    Column("first", Double, nullable=False),
    Column("last", Double, nullable=False),
    Column("asked", Integer, nullable=False, doc="how often it was not answered, or only offered choices"),
    Column("picks", JSON, nullable=False, doc="{entry: how often it was picked}"),
    Column("near", JSON, nullable=False, doc="[[entry, score], ...] of the last time"),
    Column("state", String(16), nullable=False, doc="open, taught, new, gap or dismissed"),
    Column("line", _Serial, doc="the overlay line that settled it"),
    Column("settled", String(16), doc="id of the group that it was settled with, to be undone together"),
    Index(None, "state", "last"),
    Index(None, "settled"),
)

lines = Table(
    "lines",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("at", Double, nullable=False),
    Column("who", String(80), nullable=False, doc="platform:id of the admin, or terminal"),
    Column("kind", String(16), nullable=False, doc="phrasing, entry, gap or gap-phrasing"),
    Column("target", String(80), nullable=False, doc="id of the entry or gap that it adds to or makes"),
    Column("content", JSON, nullable=False, doc="the phrasings, or the record as YAML has it"),
    Column("active", Integer, nullable=False, doc="1 in service, 0 undone, dropped or rolled back"),
    Column("ended", String(16), doc="why it is not active: undone, merged, orphaned or rolled-back"),
    Index(None, "active"),
)

contents = Table(
    "contents",
    metadata,
    Column("digest", String(16), primary_key=True, doc="of a knowledge base as its YAML has it, without lines"),
    Column("data", LargeBinary, nullable=False, doc="all of its records as JSON, zlib"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", _Serial, primary_key=True, doc="the highest is in service"),
    Column("at", Double, nullable=False),
    Column("who", String(80), nullable=False, doc="platform:id of the admin; start, watch or terminal"),
    Column("action", String(16), nullable=False, doc="start, reload, watch, teach, undo or rollback"),
    Column("origin", Text, nullable=False, doc="the folder, or the version that was rolled back to"),
    Column("knowledge", String(16), nullable=False, doc="digest of both, as replies have it"),
    Column("base", String(16), nullable=False, doc="digest of the contents"),
    Column("lines", JSON, nullable=False, doc="[{id, kind, target, content}, ...] on top, in order"),
    Column("diff", Text, nullable=False, doc="what changed since the version before, in words"),
    Index(None, "knowledge"),
)

votes = Table(
    "votes",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("at", Double, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("record", String(90), nullable=False, doc="e.<entry> or q.<quote>"),
    Column("vote", String(4), nullable=False, doc="up or down"),
    Column("reason", String(16), doc="wrong, outdated, incomplete or other"),
    Column("member", String(64), nullable=False, doc="salted hash, so that each counts once"),
    Column("knowledge", String(16), nullable=False),
    UniqueConstraint("member", "record"),
    Index(None, "at"),
)

waits = Table(
    "waits",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("at", Double, nullable=False),
    Column("key", String(500), nullable=False, doc="of the question"),
    Column("text", Text, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("member", String(80), nullable=False, doc="who waits; the row goes when they are told"),
    Column("address", JSON, nullable=False, doc="where they asked, as the platform needs it"),
    Column("until", Double, nullable=False, doc="a process that delivers it has it until then"),
    Column("tried", Integer, nullable=False),
    UniqueConstraint("key", "platform", "member"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("at", Double, nullable=False),
    Column("who", String(80), nullable=False),
    Column("action", String(24), nullable=False),
    Column("what", Text, nullable=False),
    Column("knowledge", String(16), nullable=False),
    Index(None, "at"),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("key", LargeBinary(16), primary_key=True, doc="digest of what was delivered"),
    Column("at", Double, nullable=False),
    Column("owner", String(32), nullable=False, doc="the process that holds it"),
    Column("until", Double, doc="another process may take it over from then on; none where it is done"),
    Column("tries", Integer, nullable=False, doc="how many processes have taken it"),
    Column("message", String(120), doc="what was posted; none while nothing was"),
    Column("platform", String(16), doc="where another process must be to take it over"),
    Column("job", LargeBinary, doc="what is to be answered, as JSON, until it is; none where only the owner can"),
    Index(None, "at"),
    Index(None, "until"),
)

contexts = Table(
    "contexts",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("conversation", LargeBinary(16), nullable=False, doc="digest of the conversation's name"),
    Column("at", Double, nullable=False),
    Column("turn", LargeBinary, nullable=False, doc="JSON; deleted after minutes"),
    Index(None, "conversation", "id"),
    Index(None, "at"),
)

paces = Table(
    "paces",
    metadata,
    Column("key", LargeBinary(16), primary_key=True, doc="digest of a member or a channel"),
    Column("tokens", Double, nullable=False),
    Column("at", Double, nullable=False),
    Column("refused", Integer, nullable=False),
    Index(None, "at"),
)

links = Table(
    "links",
    metadata,
    Column("question", String(120), primary_key=True, doc="platform and message"),
    Column("at", Double, nullable=False),
    Column("channel", String(120), nullable=False),
    Column("digest", LargeBinary(32), nullable=False, doc="of the question's text, which itself isn't kept"),
    Column("answer", String(120)),
    Column("entry", String(80), doc="that was answered; to point at it when it is asked again"),
    Column("url", Text),
    Index(None, "at"),
    Index(None, "answer"),
    Index(None, "channel", "entry"),
)

turns = Table(
    "turns",
    metadata,
    Column("name", String(40), primary_key=True, doc="whose turns: discord-identify and bucket"),
    Column("next", Double, nullable=False, doc="when the next one may"),
)

slack_bots, slack_installations, slack_states = installed.add_to(metadata)
