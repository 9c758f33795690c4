"""The DuckDB database the library works in."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import finalize

import duckdb
import polars as pl

from analytics import (
    auditing,
    building,
    codes,
    copies,
    facts,
    identity,
    increment,
    parquet,
    schema,
    words,
)
from analytics.connection import Privacy, connect, lock_down, lock_settings, remove
from analytics.duck import now, transaction, why
from analytics.errors import AnalyticsError, BadQueryError, DatabaseError, NotBuiltError
from analytics.fact import Fact, text
from analytics.progress import Progress, shown
from analytics.query import Query, Value


class Database:
    """A DuckDB database of claims and remittances that knows how to build the facts.

    `path` is created unless `read_only`.  It, and all files that this process makes until it is
    closed, can be read by their owner only.  With `key` the file is encrypted (AES-GCM).  Raises
    `DatabaseError`, which says what to do.  Implements `Engine`.
    """

    def __init__(
        self,
        path: str | Path = ":memory:",
        *,
        key: str | None = None,
        read_only: bool = False,
        memory_limit: str | None = None,
        threads: int | None = None,
    ) -> None:
        self.path = str(path)
        is_new = not Path(path).exists()
        self.read_only = read_only
        self.is_encrypted = key is not None
        self.last_build: increment.Built | None = None  # what the last build here made anew
        self.connection = connect(
            self.path, key=key, read_only=read_only, memory_limit=memory_limit, threads=threads
        )
        Privacy()
        self._ended = finalize(self, Privacy.end)  # also where it is never closed
        self.trail = auditing.Trail(self.connection, self.path, key, read_only=read_only)
        try:
            self._check_shape()
            self.trail.take_in()
        except BaseException as error:
            self.close()
            if is_new:  # and ours, as we could open it: half made it is none
                remove(self.path)
            if isinstance(error, duckdb.Error):
                raise DatabaseError(f"{self.path} cannot be used: {why(error)}") from None
            raise

    @classmethod
    def from_parquet(
        cls, folder: str | Path, path: str | Path = ":memory:", *, key: str | None = None,
        locked: bool = False,
    ) -> Self:  # fmt: skip
        """A new database at `path` of a folder that `export_parquet` wrote; without facts yet.

        `locked`: it reaches no other folder.  Raises `DatabaseError` where there is something at
        `path`, or the folder is not whole or of another version; nothing is left at `path` then.
        """
        target = Path(path)
        if target.exists():
            raise DatabaseError(f"{target} is there already: name a new database")
        db = cls(path, key=key)
        try:
            if locked:
                db.lock_down(reads=[folder])
            named, note = [Path(folder).name], db.trail.note
            parquet.fill(db.connection, Path(folder), lambda n: note("import", files=named, rows=n))
        except BaseException:
            db.close()
            remove(target)
            raise
        return db

    def lock_down(self, *, reads: Iterable[str | Path] = ()) -> None:
        """Let SQL on this connection reach no file, network or extension, but these folders.

        It cannot be undone.  Settings can then not be changed either where the database was opened
        read-only; loading and building change some.  The command and reports work like this.
        """
        lock_down(self.connection, reads=[Path(folder).absolute() for folder in reads])
        if self.read_only:
            lock_settings(self.connection)

    def build(
        self,
        as_of: dt.date | None = None,
        *,
        only: Collection[str] | None = None,
        full: bool = True,
        progress: Progress | bool | None = None,
    ) -> dt.date:
        """Compute the facts as they stood on `as_of`, the newest date in the data by default.

        Gives back that date.  All or nothing: when it fails, the facts before it stay.
        Unless `full`, only what was loaded since, and what hangs together with it, is made anew
        where that is enough; `last_build` tells what was.  The facts are the same, unless rows of
        the core tables were changed by SQL meanwhile: nothing tells such a change.
        With `only`, names of facts, these and what they read are computed and all others dropped,
        so that facts of two days never stand side by side; they are then not `is_fresh`.
        `progress` is told facts done, facts in all and the next; a bar is shown without it.

        Raises UnknownNameError for a name that no fact has, DatabaseError where the database was
        opened read-only, another build of it runs, a transaction is open, or something else has the
        name of a fact; nothing is changed then.
        """
        if self.read_only:
            raise DatabaseError(f"{self.path} was opened read-only; building needs to write")
        wanted = facts.ALL if only is None else facts.needed(only)
        with building.alone(self.connection):
            copies.check_building(self.connection, self.path)
            # Facts have no order of rows to keep: threads need not wait for each other.
            self.connection.execute("SET preserve_insertion_order = false")
            try:
                info = self._build_info(as_of, wanted)
                note = self.trail.building(info, only)
                with shown("building", progress) as tell:
                    if full or only is not None:
                        building.build(self.connection, wanted, info, tell, note)
                        self.last_build = increment.Built(why_all="that was asked for")
                    else:
                        self.last_build = increment.build(self.connection, info, tell, note)
            finally:
                self.connection.execute("RESET preserve_insertion_order")
        return self.as_of or dt.date.min

    @property
    def as_of(self) -> dt.date | None:
        """The day the facts stand for; None while there are none, or nothing is loaded."""
        return self._one("SELECT as_of FROM build_info")

    @property
    def code_map(self) -> str | None:
        """The code maps the facts were built with, with files and versions; None without facts."""
        return self._one("SELECT code_map FROM build_info")

    @property
    def span(self) -> tuple[dt.date | None, dt.date | None]:
        """The oldest and newest day of the data: submissions, payments and acknowledgements.

        Days more than a month ahead of today are not taken for the newest, where there are others.
        Where there are only claims that payers settled, the days of those.
        """
        oldest, newest = self.connection.execute(text("building", "span")).fetchall()[0]
        if newest is None:
            oldest, newest = self.connection.execute(text("building", "feed_span")).fetchall()[0]
        return oldest, newest

    @property
    def is_fresh(self) -> bool:
        """Whether all facts are there, of all that is loaded, by today's code maps and rules."""
        return bool(
            self._one(
                text("building", "fresh"),
                {"codes": codes.in_use(self.connection)[0], "facts": facts.version()},
            )
        )

    def fetch(self, query: Query, /) -> pl.DataFrame:
        """Run a query, its values bound, and give back its rows.

        Raises `NotBuiltError` where it needs facts not yet built, else `BadQueryError`.
        """
        try:
            found = self.connection.sql(query.sql, params=dict(query.params))
            # A statement without a result (CREATE, SET) gives None, whatever the stubs say.
            return pl.DataFrame() if found is None else words.spelled(found).pl()  # pyright: ignore[reportUnnecessaryComparison]
        except duckdb.Error as error:
            raise self._explained(error) from None

    def sql(self, text: str, *, allow_identity: bool = False, **params: Value) -> pl.DataFrame:
        """Run any SQL; ``$name`` takes its value from ``name=``.

        In a report `IdentityError` for what may name a person, unless `allow_identity`.
        """
        identity.check(self.connection, "" if allow_identity else text)
        return self.fetch(Query(text, params))

    def close(self) -> None:
        """Close the file.  Closing again does nothing."""
        self.connection.close()
        self._ended()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        extras = ["read_only"] * self.read_only + ["encrypted"] * self.is_encrypted
        return f"Database({', '.join([repr(self.path), *extras])})"

    def _check_shape(self) -> None:
        """Create what a new database needs; refuse one of another shape."""
        if self._shape() == schema.version():
            return
        # Listing all columns there are takes as long as a small query of facts.
        tables = self._columns()
        if "schema_info" not in tables:
            if tables or self.read_only:
                raise DatabaseError(f"{self.path} is a database, but not one of this library")
            self._create()
            return
        for table in schema.tables().values():
            if missing := set(table.column_names) - tables.get(table.name, set()):
                raise DatabaseError(
                    f"{self.path} was made by another version of this library "
                    f"({table.name} has no {min(missing)}): load the files into a new one"
                )

    def _shape(self) -> str | None:
        """The version of the schema the database says it has; None where it is new, or not ours."""
        try:
            return self._one("SELECT schema_version FROM schema_info")
        except (duckdb.CatalogException, duckdb.BinderException):
            return None

    def _columns(self) -> dict[str, set[str]]:
        rows = self.connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() "
            "WHERE database_name = current_database() AND NOT internal GROUP BY table_name"
        ).fetchall()
        return {name: set(columns) for name, columns in rows}

    def _create(self) -> None:
        with transaction(self.connection):
            self.connection.execute(schema.sql())
            self.connection.execute(facts.macros("duckdb"))
            codes.refresh(self.connection)
            self.connection.execute(
                "INSERT INTO schema_info VALUES ($version, $now)",
                {"version": schema.version(), "now": now()},
            )
            auditing.begin(self.connection)

    def _build_info(self, as_of: dt.date | None, wanted: Sequence[Fact]) -> dict[str, Value | None]:
        codes.refresh(self.connection)
        version, said = codes.in_use(self.connection)
        return {
            "as_of": as_of or self.span[1],
            "built_at": now(),
            "code_map_version": version,
            "code_map": said,
            "facts_version": facts.version(wanted),
        }

    def _one(self, text: str, params: dict[str, Value] | None = None) -> Any:
        """The first value of the first row, None where there is no row."""
        # All rows are fetched: DuckDB 2 refuses other work while a result is not read to its end.
        rows = self.connection.execute(text, params).fetchall()
        return rows[0][0] if rows else None

    def _explained(self, error: duckdb.Error) -> AnalyticsError:
        """The error in words that say what to do, without a value from any row."""
        message = str(error).split("\n", maxsplit=1)[0]
        if isinstance(error, duckdb.CatalogException) and any(
            f"Table with name {name} does not exist" in message for name in facts.NAMES
        ):
            return NotBuiltError()
        if isinstance(
            error, duckdb.CatalogException | duckdb.BinderException | duckdb.ParserException
        ):
            return BadQueryError(message)
        if isinstance(error, duckdb.ConversionException):
            return BadQueryError(
                "the query failed: a value is not of the kind of its column"
                " (codes and names are text, days are dates)"
            )
        # Other messages may quote the value at fault.
        return BadQueryError(f"the query failed: {why(error)}")
