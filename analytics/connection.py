"""Opening a DuckDB file safely: private, encrypted on request, with errors that help."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import duckdb

from analytics.errors import DatabaseError
from analytics.query import literal

Config: TypeAlias = dict[str, str | bool | int | float | list[str]]

_MEMORY = ":memory:"
_CATALOG = "revcycle"  # the name an encrypted file is attached under
_SAFE: Config = {
    # Nothing is fetched from the network, and no Python variable is mistaken for a table.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    # New files pack words into dictionaries in one pass, and most of a build is writing words.
    # Every DuckDB we support reads this form.
    "storage_compatibility_version": "v1.4.0",
}


def key_given() -> str | None:
    """The key of an encrypted database, from REVCYCLE_KEY; None where it says none."""
    return os.environ.get("REVCYCLE_KEY") or None


def connect(
    path: str,
    *,
    key: str | None = None,
    read_only: bool = False,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> duckdb.DuckDBPyConnection:
    """A connection whose default catalog is the database at `path`.  Raises `DatabaseError`."""
    if path != _MEMORY:
        _prepare(Path(path), read_only=read_only)
    config: Config = dict(_SAFE)
    if memory_limit:
        config["memory_limit"] = memory_limit
    if threads:
        config["threads"] = str(threads)
    try:
        with _private(path):
            if key is None or path == _MEMORY:
                return duckdb.connect(path, read_only=read_only and path != _MEMORY, config=config)
            return _attached(path, key, read_only=read_only, config=config)
    except duckdb.Error as error:
        raise DatabaseError(_said(path, str(error), encrypted=key is not None)) from None


@contextmanager
def one_thread(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """DuckDB works in the thread of whoever calls it, as long as this lasts.

    A chunk of rows is one piece of work.  With more threads one of DuckDB's own takes it, and the
    caller asks again and again, with Python's lock, whether it is done: that took as much as the
    work, from those who read the next chunk.
    """
    before = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        # A cursor of its own, as within a transaction that failed nothing can be set.
        with connection.cursor() as cursor:
            cursor.execute(f"SET threads = {int(before)}")


def _prepare(path: Path, *, read_only: bool) -> None:
    """Check that the file is there to be read, or make a private place for it."""
    if path.is_dir():
        raise DatabaseError(f"{path} is a folder, not a database file")
    if path.exists():
        return
    if read_only:
        raise DatabaseError(f"no database at {path}: load files into it first")
    if not path.parent.is_dir():
        raise DatabaseError(f"the folder {path.parent} does not exist")


def _attached(path: str, key: str, *, read_only: bool, config: Config) -> duckdb.DuckDBPyConnection:
    if not key:
        raise DatabaseError("the encryption key is empty")
    connection = duckdb.connect(_MEMORY, config=config)
    try:
        _load_crypto(connection)
        # What does not fit in memory is written to disk: encrypted as well.
        connection.execute("SET temp_file_encryption = true")
        connection.execute("SET temp_directory = $folder", {"folder": f"{path}.tmp"})
        mode = ", READ_ONLY" if read_only else ""
        connection.execute(
            f"ATTACH {literal(path)} AS {_CATALOG} (ENCRYPTION_KEY $key{mode})",
            {"key": _escaped(key)},
        )
        connection.execute(f"USE {_CATALOG}")
    except BaseException:
        connection.close()
        raise
    return connection


def _escaped(key: str) -> str:
    """The key as DuckDB reads it: bytes beyond plain ASCII, and the backslash, written in hex."""
    plain = range(32, 127)
    return "".join(
        chr(byte) if byte in plain and byte != ord("\\") else f"\\x{byte:02X}"
        for byte in key.encode()
    )


def _load_crypto(connection: duckdb.DuckDBPyConnection) -> None:
    """Load DuckDB's signed crypto extension from its wheel: nothing is downloaded.

    Without it DuckDB would write only with a cipher it calls unsafe; that is never turned on.
    """
    spec = find_spec("duckdb_extension_httpfs")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise DatabaseError(
            "an encrypted database needs the extra `encrypt`: "
            'pip install "revcycle[encrypt]" (it brings duckdb-extension-httpfs)'
        )
    version = f"v{duckdb.__version__}"
    file = Path(folders[0], "extensions", version, "httpfs.duckdb_extension")
    if not file.exists():
        raise DatabaseError(
            f"duckdb-extension-httpfs is not the one for DuckDB {version}: install equal versions"
        )
    connection.execute(f"LOAD {literal(str(file))}")


@contextmanager
def _private(path: str) -> Generator[None]:
    """Files made inside are readable by their owner only: they name patients."""
    if Path(path).exists():
        yield
        return
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _said(path: str, message: str, *, encrypted: bool) -> str:
    """What went wrong, in words that tell what to do; never the key."""
    low = message.lower()
    if "lock on file" in low or "being used by another process" in low:
        return f"{path} is in use by another process: close it there, or wait until it has finished"
    if "different configuration" in low:
        return f"{path} is already open in this process with other settings: close it there first"
    if "wrong encryption key" in low or (encrypted and "encrypt" in low):
        return f"{path} cannot be opened with this key"
    if "encrypt" in low:
        return f"{path} is encrypted: give its key"
    if "not a valid duckdb" in low:
        return f"{path} is not a DuckDB database"
    if "permission denied" in low:
        return f"no permission to open {path}"
    if "newer version" in low or "older version" in low or "storage version" in low:
        return f"{path} was written by another version of DuckDB"
    return f"{path} cannot be opened"
