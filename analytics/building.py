"""Building the facts beside those that are there, and putting them in their place at the end.

Each fact is committed as it is made: DuckDB reads with all its threads only what is committed.  A
crash leaves the facts as they were, and tables named ``..._next`` that the next build drops.

The work has a connection of its own, so that the names it needs meanwhile meet none of the user's,
and end with it.  Every table made carries a comment that says so: one that has none is not ours.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

import duckdb

from analytics import built_from, facts, words
from analytics.duck import is_open, transaction, why
from analytics.errors import DatabaseError, NotWrittenError
from analytics.facts import Fact
from analytics.progress import Progress
from analytics.query import Value, identifier

MARK = "A fact, made by the build of revcycle; the next build replaces it."

_MADE = facts.NAMES | {built_from.TABLE}
_HALF_MADE = frozenset(f"{name}_next" for name in facts.NAMES)
_IN_PLACE = """
SELECT 'table', lower(table_name), coalesce(comment, '') = $mark FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = 'main'
UNION ALL
SELECT 'view', lower(view_name), coalesce(comment, '') = $mark FROM duckdb_views()
WHERE database_name = current_database() AND schema_name = 'main'
"""
_SOURCES = frozenset(name for fact in facts.ALL for name in fact.sources) - facts.NAMES
_WITH_ROWS = " UNION ALL ".join(
    f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in sorted(_SOURCES)
)
_PATH = "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
_at_work: set[str] = set()
_guard = Lock()
S = TypeVar("S", bound="Site")


def build(
    connection: duckdb.DuckDBPyConnection,
    wanted: Sequence[Fact],
    info: dict[str, Value | None],
    tell: Progress,
    note: Callable[[duckdb.DuckDBPyConnection], None],
) -> None:
    """Make the facts `wanted` of what is loaded, and no others.  All or nothing.

    `info` is the row of `build_info`; `tell` is told facts done, facts in all and the next;
    `note` writes of it in the transaction that puts the facts in place.
    Raises DatabaseError where a name of a fact is taken by something of the user's, or the engine
    fails; never with a value from a row.
    """
    at = ""
    try:
        with at_site(connection, lambda own, home: Site(own, wanted, home)) as site:
            site.prepare(info)
            for done, fact in enumerate(wanted):
                at = f" at the fact {fact.name}"
                tell(done, len(wanted), fact.name)
                site.make(fact)
            at = " when the facts were put in place"
            site.hand_over(note)
    except (duckdb.Error, NotWrittenError) as error:  # the engine's own message may quote values
        reason = error.why if isinstance(error, NotWrittenError) else why(error)
        raise DatabaseError(f"the build failed{at} ({reason}); the facts before it stay") from None
    tell(len(wanted), len(wanted), "")


@contextmanager
def alone(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Keep other builds of the same database out.

    Raises DatabaseError where one is running, or where a transaction is open on the connection:
    the facts could not be of what it has written.
    """
    with _guard:
        if is_open(connection):
            raise DatabaseError("a transaction is open: COMMIT or ROLLBACK it, then build")
        (path,) = _first(connection, _PATH)
        key = path or f"in memory: {id(connection)}"
        if key in _at_work:
            raise DatabaseError("another build of this database is running: wait until it is done")
        _at_work.add(key)
    try:
        yield
    finally:
        _at_work.discard(key)


def _first(connection: duckdb.DuckDBPyConnection, text: str) -> tuple[str, ...]:
    return connection.execute(text).fetchall()[0]


@contextmanager
def at_site(
    connection: duckdb.DuckDBPyConnection, make: Callable[[duckdb.DuckDBPyConnection, str], S]
) -> Generator[S]:
    """A place for the work, cleared before, and after where it failed."""
    (catalog,) = _first(connection, "SELECT current_database()")
    with connection.cursor() as own:
        site = make(own, f"{identifier(catalog)}.main")
        site.clear(site.check())
        try:
            yield site
        except BaseException:
            site.clear(site.in_place())
            raise


class Site:
    """The new facts while they are made: temporary names hide the old ones from the SQL."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, wanted: Sequence[Fact], home: str
    ) -> None:
        self.connection = connection
        self.tables = [fact for fact in wanted if not fact.is_view]
        self.views = [fact for fact in wanted if fact.is_view]
        self.held_back = [fact for fact in wanted if fact.words]
        self.run = connection.execute
        self.home = home
        self.run(f"USE {home}")
        self.empty: set[str] = set()  # tables without a row, of those that facts need

    def in_place(self) -> list[tuple[str, str, bool]]:
        """The tables and views there are: kind, name, and whether a build made it."""
        return self.run(_IN_PLACE, {"mark": MARK}).fetchall()

    def check(self) -> list[tuple[str, str, bool]]:
        """What is in place.

        Raises DatabaseError where something that no build made has a name that this one needs.
        """
        found = self.in_place()
        (is_built,) = self.run(f"SELECT count(*) > 0 FROM {self.home}.build_info").fetchall()[0]
        # Builds of before the mark left facts without it: all, or none.
        unmarked = is_built and not any(ours for _, name, ours in found if name in _MADE)
        for kind, name, ours in found:
            known = ours or (unmarked and kind == "table" and name in _MADE)
            if name in _MADE | _HALF_MADE and not known:
                raise DatabaseError(
                    f"the build needs the name {name}, and a {kind} that it did not make has it: "
                    f"rename or drop that {kind}"
                )
        return found

    def prepare(self, info: dict[str, Value | None]) -> None:
        """Note what the facts will be of, and when and how they are made."""
        self.run(f"CREATE TEMP TABLE build_info AS FROM {self.home}.build_info LIMIT 0")
        self.run(
            f"INSERT INTO temp.build_info VALUES ({', '.join('$' + key for key in info)})", info
        )
        # Before all else: what is loaded meanwhile is then new to the next build.
        self.run(f"CREATE TEMP TABLE {built_from.TABLE} AS\n{built_from.sql()}")
        self.empty = self.empty_sources()

    def empty_sources(self) -> set[str]:
        """The core tables without a row, of those that facts need."""
        return set(_SOURCES - {name for (name,) in self.run(_WITH_ROWS).fetchall()})

    def make(self, fact: Fact) -> None:
        """Compute a fact.  Those whose words others carry on wait as text until all are known."""
        if fact.is_view:
            return
        if not fact.words:
            self._keep(fact, self._query(fact))
            return
        self._filled(fact, f"CREATE TEMP TABLE {fact.name} AS\n{self._query(fact)}")
        if fact is self.held_back[-1]:
            with_rows = [held for held in self.held_back if held.name not in self.empty]
            types = words.make(self.connection, with_rows)
            for held in self.held_back:
                self._keep(held, words.stored(held, types), was_text=True)

    def hand_over(self, note: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        """Put the new facts in the place of the old, and note that."""
        for fact in self.tables:
            self.run(f"DROP VIEW temp.{fact.name}")
        with transaction(self.connection):
            for kind, name, _ in self.in_place():
                if name in _MADE:  # all ours: see check
                    self.run(f"DROP {kind} {self.home}.{name}")
            for fact in self.tables:
                self.run(f"ALTER TABLE {self.home}.{fact.name}_next RENAME TO {fact.name}")
            self.finish(note)

    def finish(self, note: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        """Make the views, and write down of what the facts are, and when and how they were made."""
        for fact in self.views:
            self.run(f"CREATE VIEW {self.home}.{fact.name} AS\n{fact.sql}")
            self.run(f"COMMENT ON VIEW {self.home}.{fact.name} IS '{MARK}'")
        self.run(f"CREATE TABLE {self.home}.{built_from.TABLE} AS FROM temp.{built_from.TABLE}")
        self.run(f"COMMENT ON TABLE {self.home}.{built_from.TABLE} IS '{MARK}'")
        self.run(f"DELETE FROM {self.home}.build_info")
        self.run(f"INSERT INTO {self.home}.build_info FROM temp.build_info")
        note(self.connection)

    def clear(self, found: list[tuple[str, str, bool]]) -> None:
        """Drop, of what was found in place, what a build left half made."""
        for kind, name, ours in found:
            if ours and name in _HALF_MADE:
                self.run(f"DROP {kind} {self.home}.{name}")

    def _keep(self, fact: Fact, sql: str, *, was_text: bool = False) -> None:
        made = f"{self.home}.{fact.name}_next"
        with transaction(self.connection):  # a table without its mark would stay for ever
            self._filled(fact, f"CREATE TABLE {made} AS\n{sql}")
            self.run(f"COMMENT ON TABLE {made} IS '{MARK}'")
        if was_text:
            self.run(f"DROP TABLE temp.{fact.name}")
        self.run(f"CREATE TEMP VIEW {fact.name} AS FROM {made}")

    def _query(self, fact: Fact) -> str:
        """The rows of the fact.  Where there can be none only the columns are planned."""
        none = fact.is_empty_without(self.empty)
        return f"SELECT * FROM (\n{fact.sql}\n) LIMIT 0" if none else fact.sql

    def _filled(self, fact: Fact, create: str) -> None:
        """Make the table, and see whether it has rows."""
        ((count,),) = self.run(create).fetchall()
        if not count:
            self.empty.add(fact.name)
