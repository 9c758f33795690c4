"""Opening a DuckDB file safely: private, encrypted on request, with errors that help."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import duckdb

from analytics.errors import DatabaseError

Config: TypeAlias = dict[str, str | bool | int | float | list[str]]

_MEMORY = ":memory:"
_CATALOG = "revcycle"  # the name an encrypted file is attached under
_SAFE: Config = {
    # Nothing is fetched from the network, and no Python variable is mistaken for a table.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
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
        if key is None or path == _MEMORY:
            return duckdb.connect(path, read_only=read_only and path != _MEMORY, config=config)
        return _attached(path, key, read_only=read_only, config=config)
    except duckdb.Error as error:
        raise DatabaseError(_said(path, str(error), encrypted=key is not None)) from None


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


def make_private(path: str) -> None:
    """Let only the owner read the database file: it names patients."""
    if path != _MEMORY:
        Path(path).chmod(0o600)


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
        target = str(path).replace("'", "''")
        connection.execute(
            f"ATTACH '{target}' AS {_CATALOG} (ENCRYPTION_KEY $key{mode})", {"key": key}
        )
        connection.execute(f"USE {_CATALOG}")
    except BaseException:
        connection.close()
        raise
    return connection


def _load_crypto(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the signed crypto extension that comes as a wheel: nothing is downloaded."""
    if find_spec("duckdb_extension_httpfs") is None:
        raise DatabaseError(
            "an encrypted database needs the extra `encrypt`: "
            'pip install "revcycle[encrypt]" (duckdb-extension-httpfs)'
        )
    import_module("duckdb_extensions").import_extension("httpfs", con=connection)
    connection.execute("LOAD httpfs")


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
