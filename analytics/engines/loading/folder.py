"""A folder of Parquet tables that loads are added to: one file says which others count.

Each load writes files of its own to ``loads/N/``, and then `tables.json`, which names the files of
every table, is put in place in one step.  Until then the folder is what it was; what a load that
did not end left behind is named nowhere, and the next one clears it away.
"""

import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Self

from analytics import parquet, parquet_files, schema
from analytics.database import Database
from analytics.errors import DatabaseError
from analytics.exporting import export_parquet
from analytics.exporting.place import placed

LOCK = "loading.lock"
_LOADS = "loads"
_STAGED = "staged"


class Folder:
    """The folder, what its manifest tells, and where this load writes."""

    def __init__(self, path: Path, told: dict[str, Any]) -> None:
        self.path = path
        self._told: dict[str, Any] = told
        self.number = 1 + int(told.get("loads", 0))
        self.place = path / _LOADS / str(self.number)
        self.staged = self.place / _STAGED

    @classmethod
    def opened(cls, path: Path) -> Self:
        """The folder at `path`, an empty one where there is none.

        Raises DatabaseError where something else stands there, or another version wrote it.
        """
        if _is_new(path):
            _begin(path)
        parquet.check(path)
        told = json.loads((path / parquet.MANIFEST).read_text(encoding="utf-8"))
        found = cls(path, told)
        found.clear()
        for place in (found.place, found.staged):
            place.mkdir(parents=True, mode=0o700)
        return found

    def clear(self) -> None:
        """Remove what loads left that did not end, and what none reads any more."""
        named = {name for table in parquet.kept() for name in self.files(table)}
        for load in (self.path / _LOADS).glob("*"):
            for path in load.iterdir() if load.is_dir() else ():
                if path.relative_to(self.path).as_posix() not in named:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            if load.is_dir() and not any(load.iterdir()):
                load.rmdir()

    def files(self, table: str) -> list[str]:
        """The places of a table's rows, within the folder."""
        return parquet_files.named(self._told, table)

    def before(self) -> dict[str, str]:
        """SQL of DuckDB for what is known of extracts loaded before."""
        tables = ("extract_file", "extract_row")
        return {table: parquet_files.read(self.path, self._told, table) for table in tables}

    def own(self, table: str) -> str:
        """Where this load writes rows of a table, within the folder."""
        return f"{_LOADS}/{self.number}/{table}.parquet"

    def shown(
        self, tables: Collection[str], files: Mapping[str, list[str]] | None = None
    ) -> Database:
        """A database in which these tables are those of the folder, or of `files`.

        The others are empty: each table shown means files to open.
        """
        db = Database()
        told = self._named(files or {})
        for table in tables:
            db.connection.execute(f"DROP TABLE {table}")
            rows = parquet_files.read(self.path, told, table)
            db.connection.execute(f"CREATE VIEW {table} AS {rows}")
        return db

    def holding(self, files: Collection[int]) -> list[str]:
        """The tables with rows of these files."""
        if not files:
            return []
        query = "SELECT 1 FROM {} WHERE file_id IN (SELECT unnest($files)) LIMIT 1"
        tables = [t for t in parquet.kept() if "file_id" in schema.table(t).column_names]
        with self.shown(tables) as db:
            return [
                table
                for table in tables
                if db.connection.execute(query.format(table), {"files": list(files)}).fetchall()
            ]

    @property
    def _rows(self) -> dict[str, Any]:
        rows: dict[str, Any] = self._told["rows"]
        return rows

    def _named(self, files: Mapping[str, list[str]]) -> dict[str, Any]:
        """What the manifest would say with these files in the place of those of their tables."""
        named = {table: self.files(table) for table in parquet.kept()}
        return {**self._told, "files": named | dict(files), "loads": self.number}

    def commit(self, files: Mapping[str, list[str]]) -> None:
        """Let these be the files of their tables; those of others stay."""
        changed = self._named(files)
        counted = (
            f"SELECT '{table}', count(*) FROM ({parquet_files.read(self.path, changed, table)})"
            for table in files
        )
        with Database() as db:
            rows: dict[str, Any] = dict(
                db.connection.execute(" UNION ALL ".join(counted)).fetchall()
            )
        rows = {**self._rows, **rows}
        told = {"schema_version": schema.version(), "rows": rows}
        _write(self.path, changed | told)
        self._told = changed | told


def _is_new(path: Path) -> bool:
    """Whether there is nothing, or what is left of a beginning that did not end."""
    loads = {load.name for load in (path / _LOADS).glob("*")}
    return {held.name for held in path.iterdir()} <= {LOCK, _LOADS} and loads <= {"0"}


def _begin(path: Path) -> None:
    """An empty folder: its tables stand among the loads, where only the manifest finds them."""
    place = path / _LOADS / "0"
    shutil.rmtree(place, ignore_errors=True)
    with Database() as empty:
        rows = export_parquet(empty, place, progress=False)
    named = {table: [f"{_LOADS}/0/{table}.parquet"] for table in parquet.kept()}
    _write(path, json.loads(parquet.manifest(rows)) | {"files": named, "loads": 0})


def _write(path: Path, told: Mapping[str, Any]) -> None:
    with placed(path / parquet.MANIFEST) as part:
        part.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def checked(folder: str | Path) -> Path:
    """The folder as a path.  Raises DatabaseError for an URL."""
    if "://" in str(folder):
        raise DatabaseError(
            f"{str(folder).split('://', 1)[0]}:// cannot be loaded into: name a folder that driver "
            "and workers see as a path, such as a mounted bucket (docs/spark-loading.md)"
        )
    return Path(folder).absolute()
