"""Opening a DuckDB file safely: private, encrypted on request, with errors that help."""

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from threading import Lock
from typing import TypeAlias

import duckdb

from analytics.errors import DatabaseError
from analytics.query import identifier, literal

Config: TypeAlias = dict[str, str | bool | int | float | list[str]]

_MEMORY = ":memory:"
_PLACE = {  # what the engine says of where the file is, and what it means
    "no space left": "the disk that {} is on is full: nothing was changed",
    "file too large": "{} cannot be written: no file may grow as large",
    "read-only file system": "{} cannot be written: the file system is read-only",
}
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
        with private(path):
            if key is None or path == _MEMORY:
                return duckdb.connect(path, read_only=read_only and path != _MEMORY, config=config)
            return _attached(path, key, read_only=read_only, config=config)
    except duckdb.Error as error:
        raise DatabaseError(said(path, str(error), encrypted=key is not None)) from None


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
        attach(connection, path, _CATALOG, key=key, read_only=read_only)
        # After that: what is spilled is encrypted from the first byte.
        connection.execute("SET temp_directory = $folder", {"folder": f"{path}.tmp"})
        connection.execute(f"USE {_CATALOG}")
    except BaseException:
        connection.close()
        raise
    return connection


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: str,
    name: str,
    *,
    key: str | None = None,
    read_only: bool = False,
) -> None:
    """Attach the database at `path` under a name, with its key where it has one."""
    options = ["READ_ONLY"] if read_only else []
    if key is not None:
        _load_crypto(connection)
        # What does not fit in memory is written to disk: encrypted as well.
        connection.execute("SET temp_file_encryption = true")
        options.append("ENCRYPTION_KEY $key")
    how = f" ({', '.join(options)})" if options else ""
    given = {} if key is None else {"key": _escaped(key)}
    connection.execute(f"ATTACH {literal(path)} AS {identifier(name)}{how}", given)


def lock_down(connection: duckdb.DuckDBPyConnection, *, reads: Iterable[Path] = ()) -> None:
    """Let SQL reach no file, network or extension from now on, but these folders; for good.

    The database's own files, its log and what it spills stay within reach.  Connections of one
    process to one file are locked down as the first of them was.
    """
    if not _setting(connection, "enable_external_access"):
        return
    # In this order: after the second statement the first is refused.
    folders = [str(folder) for folder in reads]
    connection.execute("SET allowed_directories = $folders", {"folders": folders})
    connection.execute("SET enable_external_access = false")


def lock_settings(connection: duckdb.DuckDBPyConnection) -> None:
    """Let no setting be changed from now on."""
    if not _setting(connection, "lock_configuration"):
        connection.execute("SET lock_configuration = true")


def _setting(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return bool(connection.execute(f"SELECT current_setting('{name}')").fetchall()[0][0])


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
def private(path: str) -> Generator[None]:
    """Files made inside are readable by their owner only: they name patients."""
    if Path(path).exists():
        yield
        return
    with owners_only():
        yield


@contextmanager
def owners_only() -> Generator[None]:
    """All files made inside, logs of databases too, are readable by their owner only."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def remove(path: str | Path) -> None:
    """Take a database's files away, and what a process that was killed spilled."""
    for file in (path, f"{path}.wal"):
        Path(file).unlink(missing_ok=True)
    rmtree(f"{path}.tmp", ignore_errors=True)


class Privacy:
    """As long as any is kept, files that this process makes are readable by their owner only.

    DuckDB makes its log and what it spills when it needs them, and a umask is of the whole process.
    """

    _kept = 0
    _before = 0
    _guard = Lock()

    def __init__(self) -> None:
        with Privacy._guard:
            if not Privacy._kept:
                Privacy._before = os.umask(0o077)
            Privacy._kept += 1

    @staticmethod
    def end() -> None:
        """Keep one less; with the last the umask is the user's again."""
        with Privacy._guard:
            Privacy._kept -= 1
            if not Privacy._kept:
                os.umask(Privacy._before)


def said(path: str, message: str, *, encrypted: bool) -> str:
    """What went wrong, in words that tell what to do; never the key."""
    low = message.lower()
    if reason := next((words for mark, words in _PLACE.items() if mark in low), None):
        return reason.format(path)
    if "lock on file" in low or "being used by another process" in low:
        return f"{path} is in use by another process: close it there, or wait until it has finished"
    if "already attached" in low or "handle conflict" in low:
        return f"{path} is already open in this process: close it there first"
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
