"""Where the key of an encrypted database comes from: never a command line, never a log."""

import hashlib
import os
import secrets
import stat
from importlib.util import find_spec
from pathlib import Path

from analytics.errors import DatabaseError

SHORTEST = 16  # letters of a key that a database is given
_SALT = b"revcycle: which key"
_SERVICE = "revcycle"  # what a keyring keeps our keys under


def key_given() -> str | None:
    """The key of an encrypted database, from the one variable that is set; None without one.

    REVCYCLE_KEY is the key, REVCYCLE_KEY_FILE a file that only its owner can read, and
    REVCYCLE_KEYRING the name that the system's keyring has it under, in the service revcycle.
    Raises `DatabaseError` where several are set, or the one that is leads to no key.
    """
    return _from("REVCYCLE_KEY", "REVCYCLE_KEY_FILE", "REVCYCLE_KEYRING")


def new_key_given() -> str | None:
    """The key that a database is to have from now on: REVCYCLE_NEW_KEY and its like."""
    return _from("REVCYCLE_NEW_KEY", "REVCYCLE_NEW_KEY_FILE", "REVCYCLE_NEW_KEYRING")


def pseudonym_key_given() -> str | None:
    """The key of pseudonyms: REVCYCLE_PSEUDONYM_KEY and its like."""
    names = ("REVCYCLE_PSEUDONYM_KEY", "REVCYCLE_PSEUDONYM_KEY_FILE", "REVCYCLE_PSEUDONYM_KEYRING")
    return _from(*names)


def from_file(path: Path) -> str:
    """The key in a file, without the end of its line.

    Raises `DatabaseError` where others could read it, as then they may have.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise DatabaseError(f"the key file {path} cannot be read") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise DatabaseError(f"the key file {path} is open to others: chmod 600 {path}")
    key = text.rstrip("\r\n")
    if not key:
        raise DatabaseError(f"the key file {path} is empty")
    return key


def random_key() -> str:
    """A new random key of 256 bits."""
    return secrets.token_urlsafe(32)


def make_file(path: Path) -> str:
    """A new random key of 256 bits, in a new file that only its owner can read."""
    key = random_key()
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise DatabaseError(f"{path} is there already: a key is never overwritten") from None
    except OSError:
        raise DatabaseError(f"no key file can be made at {path}") from None
    with os.fdopen(file, "w", encoding="utf-8") as out:
        out.write(key + "\n")
    return key


def fingerprint(key: str) -> str:
    """8 bytes in hex that tell one key from another, and do not lead back to a random one.

    scrypt makes each guess at a weak one cost 16 MB and some hundredths of a second; the salt is
    fixed, as the same key has to give the same fingerprint.
    """
    return hashlib.scrypt(key.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=8).hex()


def _from(plain: str, file: str, ring: str) -> str | None:
    named = [name for name in (plain, file, ring) if os.environ.get(name)]
    if len(named) > 1:
        raise DatabaseError(f"{' and '.join(named)} are both set: keep one, so that one key counts")
    if not named:
        return None
    value = os.environ[named[0]]
    if named[0] == plain:
        return value
    return from_file(Path(value)) if named[0] == file else _of_keyring(value)


def _of_keyring(name: str) -> str:
    if find_spec("keyring") is None:
        raise DatabaseError("a key of the system's keyring needs: pip install 'revcycle[keyring]'")
    import keyring
    from keyring.errors import KeyringError

    try:
        key = keyring.get_password(_SERVICE, name)
    except KeyringError:
        raise DatabaseError("the system's keyring is locked, or there is none") from None
    if not key:
        raise DatabaseError(f"no key {name!r} here: put it there by keyring set {_SERVICE} {name}")
    return key
