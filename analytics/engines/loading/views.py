"""Tables as views of a Spark session: those of the folder, and the rows that tasks have read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analytics import schema
from analytics.engines import spark_modules
from analytics.engines.loading.folder import Folder
from analytics.engines.loading.reading import DROPPED, Staged
from analytics.engines.loading.stage import LOT
from analytics.engines.tables import spark_type

_SPAN = {"`first`": "BIGINT", "`last`": "BIGINT"}
_PREFIX = "revcycle_load_"


class Views:
    """Views by names of their own, so that they hide none of the user's."""

    def __init__(self, session: Any, folder: Folder, staged: Sequence[Staged]) -> None:
        self.session = session
        self.folder = folder
        self._files: dict[str, list[str]] = {}
        self._made: set[str] = set()
        for part in staged:
            for table in part.tables:
                path = folder.staged / part.folder / f"{table}.parquet"
                self._files.setdefault(table, []).append(str(path))

    @property
    def new(self) -> list[str]:
        """The tables of which there are new rows."""
        return [name for name in self._files if name != DROPPED]

    @property
    def has_dropped(self) -> bool:
        """Whether a file that was read in pieces has rejected sets."""
        return DROPPED in self._files

    def show_new(self, table: str) -> None:
        """`new_TABLE`: the rows that tasks have read, with their lot; perhaps none."""
        kinds = {LOT: "BIGINT"} | (_SPAN if table == DROPPED else _kinds(table))
        if files := self._files.get(table):
            self.show(f"new_{table}", self.session.read.schema(_ddl(kinds)).parquet(*files))
        else:  # a query that Spark sees to be empty, with all that is joined to it
            nothing = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in kinds.items())
            self.show(f"new_{table}", self.session.sql(f"SELECT {nothing} WHERE FALSE"))

    def show_old(self, table: str, gone: Mapping[int, int]) -> None:
        """`old_TABLE`: the rows of the folder without those of files that are read again."""
        paths = [str(self.folder.path / name) for name in self.folder.files(table)]
        frame = self.session.read.schema(_ddl(_kinds(table))).parquet(*paths)
        self.show(f"old_{table}", _without(frame, table, gone))

    def show(self, name: str, frame: Any) -> None:
        """Let SQL know a frame by this name, which it writes as ``{name}``."""
        frame.createOrReplaceTempView(_PREFIX + name)
        self._made.add(name)

    def sql(self, text: str) -> Any:
        """The frame of a query; names of views are written ``{name}``."""
        return self.session.sql(text.format_map({name: _PREFIX + name for name in self._made}))

    def kept(self, name: str, sql: str, of: str = "") -> None:
        """Write down the rows of a query, and let SQL know them by this name.

        There are none where the table `of` that they are of has no new rows.
        """
        if of and of not in self.new:
            self.show(name, self.sql(f"SELECT * FROM ({sql}) AS none WHERE FALSE"))
            return
        frame = self.sql(sql)
        path = str(self.folder.staged / f"{name}.parquet")
        frame.write.parquet(path)
        self.show(name, self.session.read.schema(frame.schema).parquet(path))

    def write(self, table: str, sql: str) -> None:
        """Write rows of a table where this load writes them."""
        kinds = _kinds(table).items()
        names = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in kinds)
        path = Path(self.folder.path / self.folder.own(table))
        self.sql(f"SELECT {names} FROM ({sql}) AS rows_").write.parquet(str(path))

    def clear(self) -> None:
        """Forget all views."""
        for name in self._made:
            self.session.catalog.dropTempView(_PREFIX + name)


def _without(frame: Any, table: str, gone: Mapping[int, int]) -> Any:
    """The rows but those of files read again; who is named stays, and is of the new reading."""
    if not gone or "file_id" not in frame.columns:
        return frame
    f = spark_modules.functions()
    file = f.col("file_id")
    if table not in ("patient", "payer", "provider"):
        return frame.where(~file.isin(list(gone)))
    now = f.create_map(*(f.lit(n) for pair in gone.items() for n in pair))
    return frame.withColumn("file_id", f.coalesce(now[file], file))


def _kinds(table: str) -> dict[str, str]:
    """The columns of a core table with their types."""
    return {column.name: spark_type(column.type) for column in schema.table(table).columns}


def _ddl(kinds: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in kinds.items())
