"""Salted hashes of passwords, and API keys."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from rag.errors import ConfigError

MIN_CHARS = 10
MAX_CHARS = 1_000
_KEY_PREFIX = "rqa-"
# Argon2id with 46 MiB and two passes: twice the least that OWASP's Password Storage Cheat Sheet
# asks for; about 70 ms on one core of a small server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1, type=Type.ID)
_NOBODY = _HASHER.hash(secrets.token_urlsafe(32))


def hash_password(password: str) -> str:
    """A salted hash in the form ``$argon2id$…``. Raises ConfigError when the password is too short or too long."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise ConfigError(f"A password has {MIN_CHARS} to {MAX_CHARS} characters; this one has {len(password)}.")
    return _HASHER.hash(_normal(password))


def is_right(password: str, hashed: str | None) -> bool:
    """Whether ``password`` has that hash; takes as long where there is none, for a user that does not exist."""
    try:
        return _HASHER.verify(hashed or _NOBODY, _normal(password[:MAX_CHARS])) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def is_hash(text: str) -> bool:
    """Whether ``text`` is a hash as :func:`hash_password` writes it."""
    try:
        _HASHER.check_needs_rehash(text)
    except InvalidHashError:
        return False
    return text.startswith("$argon2id$")


def new_key() -> str:
    """A new API key: 256 random bits."""
    return _KEY_PREFIX + secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """Hash of an API key; it is random enough to need no salt and no slow hash."""
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def _normal(password: str) -> bytes:
    # Keyboards differ in how they compose é.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
