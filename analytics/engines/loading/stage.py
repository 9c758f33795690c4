"""The rows that a task reads: loaded by the library's own loader, then written as Parquet files.

A task has a database in memory, which knows no other files.  Who is known from elsewhere, and which
sets came from another place, is settled later, over the rows of all tasks.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from analytics import parquet, schema
from analytics.database import Database

LOT = "load_lot"  # a column of staged rows: the lot they are of


class Stage:
    """Rows of some lots, kept until the task ends."""

    def __init__(self) -> None:
        self.db = Database(threads=1)
        self.connection = self.db.connection
        self.connection.execute("CREATE SCHEMA staged")
        # Code maps are the library's, in every database.
        self._tables = [name for name in parquet.kept() if not self._count(name)]
        self._rows: dict[str, int] = {}

    def begin(self, first: int) -> None:
        """Let the next file have this number."""
        self.connection.execute(
            "INSERT INTO source_file (file_id) SELECT $before "
            "WHERE $before NOT IN (SELECT file_id FROM source_file)",
            {"before": first - 1},
        )

    def keep(self, lot: int) -> None:
        """Put the rows of a lot aside, and forget them."""
        self._keep(str(lot), f"file_id >= {lot}")

    def keep_each(self, files: Sequence[int]) -> None:
        """Put the rows of lots of one file each aside."""
        listed = ", ".join(map(str, files))
        self._keep("file_id", f"file_id IN ({listed})")

    def _keep(self, lot: str, own: str) -> None:
        for name in self._tables:
            has_file = "file_id" in schema.table(name).column_names
            where, which = (own, lot) if has_file else ("TRUE", lot if lot != "file_id" else "0")
            if count := self._count(name, where):
                rows = f"SELECT CAST({which} AS BIGINT) AS {LOT}, * FROM {name} WHERE {where}"
                new = name not in self._rows
                make = f"CREATE TABLE staged.{name} AS" if new else f"INSERT INTO staged.{name}"
                self.connection.execute(f"{make} {rows}")
                self._rows[name] = self._rows.get(name, 0) + count
            self.connection.execute(f"TRUNCATE {name}")

    def written(self, folder: Path) -> tuple[str, tuple[str, ...]]:
        """Write what was put aside to a new folder in this one; gives its name and tables.

        No try of a task writes where another does: which one counts is known when it has ended.
        """
        place = folder / uuid4().hex
        place.mkdir(parents=True, mode=0o700)
        for name in self._rows:
            file = place / f"{name}.parquet"
            file.touch(mode=0o600)
            form = "FORMAT parquet, COMPRESSION zstd"
            parquet.copied(self.connection, f"SELECT * FROM staged.{name}", file, form)
        return place.name, tuple(self._rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.db.close()

    def _count(self, name: str, where: str = "TRUE") -> int:
        found = self.connection.execute(f"SELECT count(*) FROM {name} WHERE {where}")
        return int(found.fetchall()[0][0])
