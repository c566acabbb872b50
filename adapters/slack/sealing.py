"""Tokens as the database keeps them: sealed, so that a copy of the database opens nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.errors import HeraldError
from bot.keys import keys_of

if TYPE_CHECKING:
    _Base = TypeDecorator[str]
else:
    _Base = TypeDecorator

__all__ = ["Sealed", "UnsealedError", "cipher_of", "new_key"]


class UnsealedError(HeraldError):
    """Something was sealed with a key that HERALD_TOKEN_KEY hasn't got."""

    def __init__(self) -> None:
        super().__init__("A token in the database was sealed with a key that HERALD_TOKEN_KEY hasn't got: add that key")


def new_key() -> str:
    """A key for HERALD_TOKEN_KEY."""
    return Fernet.generate_key().decode("ascii")


def cipher_of(keys: SecretStr) -> MultiFernet:
    """What seals with the first key, and opens with any of them."""
    return MultiFernet([Fernet(key) for key in keys_of(keys)])


class Sealed(_Base):
    """A column whose text is sealed on its way in, and opened on its way out."""

    impl = Text
    cache_ok = False  # the key must not become part of what is remembered of statements

    def __init__(self, cipher: MultiFernet) -> None:
        super().__init__()
        self._cipher = cipher

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seals."""
        del dialect
        return value if value is None else self._cipher.encrypt(value.encode()).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Opens.

        Raises:
            UnsealedError: no key fits.
        """
        del dialect
        if value is None:
            return None
        try:
            return self._cipher.decrypt(value).decode()
        except InvalidToken:
            raise UnsealedError from None
