"""Building the facts beside those that are there, and putting them in their place at the end.

Each fact is committed as it is made: DuckDB reads with all its threads only what is committed.  A
crash leaves the facts as they were, and tables named ``..._next`` that the next build drops.

The work has a connection of its own, so that the names it needs meanwhile meet none of the user's,
and end with it.  Every table made carries a comment that says so: one that has none is not ours.
"""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

import duckdb

from analytics import facts, words
from analytics.errors import DatabaseError
from analytics.facts import Fact
from analytics.progress import Progress
from analytics.query import Value

MARK = "A fact, made by the build of revcycle; the next build replaces it."

_HELD_BACK = tuple(fact for fact in facts.ALL if fact.words)
_TABLES = tuple(fact for fact in facts.ALL if not fact.is_view)
_VIEWS = tuple(fact for fact in facts.ALL if fact.is_view)
_FACTS = frozenset(fact.name for fact in facts.ALL)
_HALF_MADE = frozenset(f"{name}_next" for name in _FACTS)
_IN_PLACE = """
SELECT 'table', lower(table_name), coalesce(comment, '') = $mark FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = 'main'
UNION ALL
SELECT 'view', lower(view_name), coalesce(comment, '') = $mark FROM duckdb_views()
WHERE database_name = current_database() AND schema_name = 'main'
"""
_PATH = "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
_at_work: set[str] = set()
_guard = Lock()


def build(
    connection: duckdb.DuckDBPyConnection, info: dict[str, Value | None], tell: Progress
) -> None:
    """Make all facts of what is loaded.  All or nothing.

    `info` is the row of `build_info`; `tell` is told facts done, facts in all and the next.
    Raises DatabaseError where a name of a fact is taken by something of the user's, or the engine
    fails; never with a value from a row.
    """
    at = ""
    try:
        with _site(connection) as site:
            site.prepare(info)
            for done, fact in enumerate(facts.ALL):
                at = f" at the fact {fact.name}"
                tell(done, len(facts.ALL), fact.name)
                site.make(fact)
            at = " when the facts were put in place"
            site.hand_over()
    except duckdb.Error as error:  # its message may quote values
        raise DatabaseError(
            f"the build failed{at} ({type(error).__name__}); the facts before it stay"
        ) from None
    tell(len(facts.ALL), len(facts.ALL), "")


@contextmanager
def alone(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Keep other builds of the same database out.

    Raises DatabaseError where one is running, or where a transaction is open on the connection:
    the facts could not be of what it has written.
    """
    with _guard:
        if _is_open(connection):
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


def _is_open(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether statements share a transaction.  To begin another would spoil it."""
    number = "SELECT txid_current()"
    try:
        return _first(connection, number) == _first(connection, number)
    except duckdb.TransactionException:  # one that has failed, and waits for its ROLLBACK
        return True


def _first(connection: duckdb.DuckDBPyConnection, text: str) -> tuple[str, ...]:
    return connection.execute(text).fetchall()[0]


@contextmanager
def _site(connection: duckdb.DuckDBPyConnection) -> Generator["_Site"]:
    """A place for the work, cleared before and after."""
    (catalog,) = _first(connection, "SELECT current_database()")
    with connection.cursor() as own:
        site = _Site(own, '"' + catalog.replace('"', '""') + '".main')
        site.check()
        site.clear()
        try:
            yield site
        finally:
            site.clear()


class _Site:
    """The new facts while they are made: temporary names hide the old ones from the SQL."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, home: str) -> None:
        self.connection = connection
        self.run = connection.execute
        self.home = home
        self.run(f"USE {home}")

    def check(self) -> None:
        """Raise DatabaseError where something that no build made has a name that this one needs."""
        found = self.run(_IN_PLACE, {"mark": MARK}).fetchall()
        (is_built,) = self.run(f"SELECT count(*) > 0 FROM {self.home}.build_info").fetchall()[0]
        # Builds of before the mark left facts without it: all, or none.
        unmarked = is_built and not any(ours for _, name, ours in found if name in _FACTS)
        for kind, name, ours in found:
            known = ours or (unmarked and kind == "table" and name in _FACTS)
            if name in _FACTS | _HALF_MADE and not known:
                raise DatabaseError(
                    f"the build needs the name {name}, and a {kind} that it did not make has it: "
                    f"rename or drop that {kind}"
                )

    def prepare(self, info: dict[str, Value | None]) -> None:
        self.run(f"CREATE TEMP TABLE build_info AS FROM {self.home}.build_info LIMIT 0")
        self.run(
            f"INSERT INTO temp.build_info VALUES ({', '.join('$' + key for key in info)})", info
        )

    def make(self, fact: Fact) -> None:
        """Compute a fact.  Those whose words others carry on wait as text until all are known."""
        if fact.is_view:
            return
        if not fact.words:
            self._keep(fact, fact.sql)
            return
        self.run(f"CREATE TEMP TABLE {fact.name} AS\n{fact.sql}")
        if fact is _HELD_BACK[-1]:
            types = words.make(self.connection, _HELD_BACK)
            for held in _HELD_BACK:
                self._keep(held, words.stored(held, types))

    def hand_over(self) -> None:
        """Put the new facts in the place of the old."""
        for fact in _TABLES:
            self.run(f"DROP VIEW temp.{fact.name}")
        with self._transaction():
            for fact in _TABLES:
                self.run(f"DROP TABLE IF EXISTS {self.home}.{fact.name}")
                self.run(f"ALTER TABLE {self.home}.{fact.name}_next RENAME TO {fact.name}")
            for fact in _VIEWS:
                self.run(f"CREATE OR REPLACE VIEW {self.home}.{fact.name} AS\n{fact.sql}")
                self.run(f"COMMENT ON VIEW {self.home}.{fact.name} IS '{MARK}'")
            self.run(f"DELETE FROM {self.home}.build_info")
            self.run(f"INSERT INTO {self.home}.build_info FROM temp.build_info")

    def clear(self) -> None:
        """Drop what a build left half made."""
        for kind, name, ours in self.run(_IN_PLACE, {"mark": MARK}).fetchall():
            if ours and name in _HALF_MADE:
                self.run(f"DROP {kind} {self.home}.{name}")

    def _keep(self, fact: Fact, sql: str) -> None:
        made = f"{self.home}.{fact.name}_next"
        with self._transaction():  # a table without its mark would stay for ever
            self.run(f"CREATE TABLE {made} AS\n{sql}")
            self.run(f"COMMENT ON TABLE {made} IS '{MARK}'")
        if fact.words:
            self.run(f"DROP TABLE temp.{fact.name}")
        self.run(f"CREATE TEMP VIEW {fact.name} AS FROM {made}")

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self.run("BEGIN TRANSACTION")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            self.run("ROLLBACK")
            raise
