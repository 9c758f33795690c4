"""Building the facts beside those that are there, and putting them in their place at the end.

Each fact is committed as it is made: DuckDB reads with all its threads only what is committed.  A
crash leaves the facts as they were, and tables named ``..._next`` that the next build drops.
"""

import duckdb

from analytics import facts, words
from analytics.facts import Fact
from analytics.progress import Progress
from analytics.query import Value

_HELD_BACK = tuple(fact for fact in facts.ALL if fact.words)
_TABLES = tuple(fact for fact in facts.ALL if not fact.is_view)
_VIEWS = tuple(fact for fact in facts.ALL if fact.is_view)
# Temporary names, and tables half made.
_LEFT = """
SELECT 'TABLE', database_name, table_name FROM duckdb_tables()
WHERE temporary OR (database_name = current_database() AND schema_name = 'main')
UNION ALL
SELECT 'VIEW', database_name, view_name FROM duckdb_views() WHERE temporary AND NOT internal
"""


def build(
    connection: duckdb.DuckDBPyConnection, info: dict[str, Value | None], tell: Progress
) -> None:
    """Make all facts of what is loaded.  All or nothing.

    `info` is the row of `build_info`; `tell` is told facts done, facts in all and the next.
    """
    site = _Site(connection)
    site.clear()
    try:
        site.prepare(info)
        for done, fact in enumerate(facts.ALL):
            tell(done, len(facts.ALL), fact.name)
            site.make(fact)
        site.hand_over()
    finally:
        site.clear()
    tell(len(facts.ALL), len(facts.ALL), "")


class _Site:
    """The new facts while they are made: temporary names hide the old ones from the SQL."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.run = connection.execute
        (catalog,) = self.run("SELECT current_database()").fetchall()[0]
        self.home = '"' + catalog.replace('"', '""') + '".main'

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
        self.run("BEGIN TRANSACTION")
        try:
            for fact in _TABLES:
                self.run(f"DROP VIEW temp.{fact.name}")
                self.run(f"DROP TABLE IF EXISTS {self.home}.{fact.name}")
                self.run(f"ALTER TABLE {self.home}.{fact.name}_next RENAME TO {fact.name}")
            for fact in _VIEWS:
                self.run(f"CREATE OR REPLACE VIEW {self.home}.{fact.name} AS\n{fact.sql}")
            self.run(f"DELETE FROM {self.home}.build_info")
            self.run(f"INSERT INTO {self.home}.build_info FROM temp.build_info")
            self.run("COMMIT")
        except BaseException:
            self.run("ROLLBACK")
            raise

    def clear(self) -> None:
        """Drop what only a build needs."""
        names = {fact.name for fact in facts.ALL}
        half_made = {f"{name}_next" for name in names}
        for kind, catalog, name in self.run(_LEFT).fetchall():
            if name in (names | {"build_info"} if catalog == "temp" else half_made):
                self.run(f"DROP {kind} {'temp' if catalog == 'temp' else self.home}.{name}")
        words.forget(self.connection)

    def _keep(self, fact: Fact, sql: str) -> None:
        self.run(f"CREATE TABLE {self.home}.{fact.name}_next AS\n{sql}")
        if fact.words:
            self.run(f"DROP TABLE temp.{fact.name}")
        self.run(f"CREATE TEMP VIEW {fact.name} AS FROM {self.home}.{fact.name}_next")
