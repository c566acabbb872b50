"""What single variables may hold, each checked as it is read."""

from __future__ import annotations

import re
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, NonNegativeInt, SecretStr

from bot.paths import for_the_system

__all__ = [
    "DatabaseUrl",
    "Folder",
    "Host",
    "HttpsUrl",
    "Numbers",
    "PublicUrl",
    "Secret",
    "SlackChannel",
    "SlackChannels",
    "SlackGroup",
    "SlackMembers",
    "SlackTeams",
    "WssUrl",
]  # fmt: skip

_DATABASES = re.compile(r"sqlite(\+aiosqlite)?:///.|postgres(ql)?(\+asyncpg)?://")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*", re.ASCII)
_LOOPBACK = ("localhost", "::1")


def _numbers(written: object) -> object:
    """Numbers or ids written with commas between them."""
    return [part for part in written.replace(" ", "").split(",") if part] if isinstance(written, str) else written


def _address(url: str, secure: str, plain: str) -> str:
    """An address that a token may be sent to: an encrypted one, or one on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise ValueError("no address") from None
    if host and (parts.scheme == secure or (parts.scheme == plain and _is_loopback(host))):
        return url
    raise ValueError(f"must begin with {secure}://, or be {plain}:// on a loopback host, as the token is sent there")


def _public(url: str) -> str:
    """An address that others reach Herald at; without the slash at its end."""
    parts = urlsplit(_address(url, "https", "http"))
    if parts.query or parts.fragment or parts.username or any(character.isspace() for character in url):
        raise ValueError("must be a plain address: https://host, perhaps with a path")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host in _LOOPBACK or ip_address(host).is_loopback
    except ValueError:
        return False


def _secret(written: SecretStr) -> SecretStr:
    """A token or secret as it can be sent in a header; without the line break that a file of it may end with."""
    value = written.get_secret_value().strip()
    if not value.isascii() or any(character.isspace() for character in value):
        raise ValueError("must have no spaces and only ASCII characters")
    return SecretStr(value)


def _database(written: SecretStr) -> SecretStr:
    """The address of a database that Herald can use; SQLAlchemy, which would know more, is imported only for use."""
    if not _DATABASES.match(written.get_secret_value()):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return written


def _host(written: str) -> str:
    """An address to listen at, or the name of one."""
    try:
        return written if _HOST.fullmatch(written) else str(ip_address(written))
    except ValueError:
        raise ValueError("must be an address to listen at, such as 127.0.0.1, or 0.0.0.0 for all") from None


def _ids(written: tuple[str, ...], kinds: str) -> tuple[str, ...]:
    """Ids of Slack's, and no names."""
    if not all(_is_id(one, kinds) for one in written):
        raise ValueError(f"must be ids such as {kinds[0]}012AB3CD, with commas between")
    return written


def _id(written: str, kinds: str) -> str:
    if not _is_id(written, kinds):
        raise ValueError(f"must be an id such as {kinds[0]}012AB3CD")
    return written


def _is_id(written: str, kinds: str) -> bool:
    """Its first letter tells what it is of."""
    return re.fullmatch(rf"[{kinds}][A-Z0-9]{{5,}}", written) is not None


def _expanded(written: Path) -> Path:
    """A folder with the home folder in place of ``~``, as no shell reads what is in a file."""
    try:
        return Path(for_the_system(str(written))).expanduser()
    except RuntimeError:
        raise ValueError(f"the home folder of {written.parts[0]} isn't known") from None


Folder = Annotated[Path, AfterValidator(_expanded)]
Numbers = Annotated[tuple[NonNegativeInt, ...], BeforeValidator(_numbers)]
Host = Annotated[str, AfterValidator(_host)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
HttpsUrl = Annotated[str, AfterValidator(partial(_address, secure="https", plain="http"))]
WssUrl = Annotated[str, AfterValidator(partial(_address, secure="wss", plain="ws"))]
PublicUrl = Annotated[str, AfterValidator(_public)]
_Words = Annotated[tuple[str, ...], BeforeValidator(_numbers)]
SlackTeams = Annotated[_Words, AfterValidator(partial(_ids, kinds="T"))]
SlackMembers = Annotated[_Words, AfterValidator(partial(_ids, kinds="UW"))]
SlackChannels = Annotated[_Words, AfterValidator(partial(_ids, kinds="CG"))]
SlackChannel = Annotated[str, AfterValidator(partial(_id, kinds="CG"))]
SlackGroup = Annotated[str, AfterValidator(partial(_id, kinds="S"))]
