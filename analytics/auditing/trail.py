"""The trail of an open database: lines go into its table, or wait beside a file only read."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from analytics import keys
from analytics.auditing.chain import append
from analytics.auditing.entry import Entry, canonical
from analytics.auditing.waiting import leave, take_in
from analytics.duck import is_open, transaction


class Trail:
    """What writes lines of the audit trail of one database; none has a value of a patient."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: str, key: str | None, *, read_only: bool
    ) -> None:
        self._connection = connection
        self._path = None if path == ":memory:" else Path(path)
        self._waits = read_only and self._path is not None
        # Worked out when a line first needs it, as it takes a while.
        self._fingerprint = cache(lambda: keys.fingerprint(key) if key else None)

    def take_in(self) -> None:
        """Append what waits beside a file that is now open to write."""
        if self._path and not self._waits:
            take_in(self._connection, self._path)

    def note(
        self,
        command: str,
        *,
        files: Iterable[str] = (),
        rows: int | None = None,
        rejected: int | None = None,
        on: duckdb.DuckDBPyConnection | None = None,
        **detail: Any,
    ) -> None:
        """Write a line: within the transaction that is open, if one is, so that both count or none.

        Names of files without folders, counts and versions.  Where the database was opened
        read-only the line waits beside its file; that it cannot is a warning.
        """
        entry = Entry(
            command=command,
            file_names=tuple(files),
            row_count=rows,
            rejected_count=rejected,
            detail=canonical(detail),
            key_fingerprint=self._fingerprint(),
        )
        if self._waits:
            self._leave(entry)
        elif is_open(connection := on or self._connection):
            append(connection, entry)
        else:
            with transaction(connection):
                append(connection, entry)

    def building(
        self, info: Mapping[str, Any], only: Iterable[str] | None
    ) -> Callable[[duckdb.DuckDBPyConnection], None]:
        """What notes a build of the facts, on the connection that did it."""
        told = {name: value for name, value in info.items() if name not in ("built_at", "code_map")}
        told["only"] = None if only is None else sorted(only)
        return lambda connection: self.note("build", on=connection, **told)

    def _leave(self, entry: Entry) -> None:
        try:
            leave(self._connection, self._path or Path(), entry)
        except OSError as error:
            said = f"no line of it in the audit trail: nothing can be written beside {self._path}"
            warnings.warn(f"{said} ({error.strerror})", stacklevel=3)
