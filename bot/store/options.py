"""What may stand behind the question mark of a PostgreSQL's address, in the words of its own documentation."""

from __future__ import annotations

from urllib.parse import urlencode

from sqlalchemy.engine import URL

from bot.knowledge.suggest import did_you_mean

__all__ = ["understood"]

_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_ASYNCPG_S = frozenset(
    "database direct_tls gsslib host krbsrvname passfile password port prepared_statement_cache_size service "
    "servicefile ssl target_session_attrs user".split()
)
_LIBPQ_S = frozenset(
    "application_name dbname options ssl_max_protocol_version ssl_min_protocol_version sslcert sslcrl sslkey sslmode "
    "sslnegotiation sslpassword sslrootcert".split()
)


def understood(url: URL) -> URL:
    """An address whose options asyncpg takes: most of libpq's it knows only within an address that it reads itself.

    Raises:
        ValueError: it knows one not at all, or not with this value.
    """
    for name, value in url.query.items():
        if name not in _ASYNCPG_S | _LIBPQ_S:
            hint = did_you_mean(name, sorted(_ASYNCPG_S | _LIBPQ_S)) or "leave it out"
            raise ValueError(f"the option '{name}' isn't known ({hint})")
        if name in ("ssl", "sslmode") and value not in _MODES:
            raise ValueError(f"{name} must be one of {', '.join(_MODES)}")
    libpq = {name: value for name, value in url.query.items() if name in _LIBPQ_S}
    return url.difference_update_query(libpq).update_query_dict(_written(libpq))


def _written(libpq: dict[str, str | tuple[str, ...]]) -> dict[str, str]:
    return {"dsn": f"postgresql:?{urlencode(libpq, doseq=True)}"} if libpq else {}
