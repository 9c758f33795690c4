"""A folder of Parquet files as the tables and facts of a Spark session."""

import datetime as dt
import json
from collections.abc import Collection, Generator
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from weakref import finalize

import polars as pl

from analytics import codes, facts, parquet, parquet_files, schema
from analytics.engines import guard, spark_modules, text
from analytics.errors import AnalyticsError, BadQueryError, DatabaseError, NotBuiltError
from analytics.fact import text as fact_text
from analytics.query import Query, Value

BUILT = "built"  # which facts there are; written last, so that a folder without it has none
_OWNER = "revcycle.database"  # of a session: whose tables its views are
_TYPES = {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"}
_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
_FACTS = {fact.name: fact for fact in facts.ALL}


class SparkDatabase:
    """Tables of a folder with the facts built of them: what metrics are asked of.

    Made by `Spark.build` and `Spark.open`.  Implements `Engine`.
    """

    def __init__(self, session: Any, folder: str | Path, built: Collection[str] = ()) -> None:
        self.session = session
        self.folder = str(folder).rstrip("/")
        self.built = set(built)
        self._known: set[str] = set()
        self._is_locked = False
        self._ended: finalize[..., SparkDatabase] | None = None

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        """What the folder says of its files."""
        told = self.session.read.text(f"{self.folder}/{parquet.MANIFEST}", wholetext=True)
        found: dict[str, Any] = json.loads(told.toArrow().column("value")[0].as_py())
        return found

    @property
    def path(self) -> str:
        """The folder."""
        return self.folder

    @property
    def as_of(self) -> dt.date | None:
        """The day the facts stand for; None where nothing was loaded."""
        day: dt.date | None = self._info("as_of")
        return day

    @property
    def code_map(self) -> str | None:
        """The code maps the facts were built with, with files and versions."""
        said: str | None = self._info("code_map")
        return said

    @property
    def is_fresh(self) -> bool:
        """Whether all facts are there, of all that is loaded, by the folder's code maps."""
        held, _ = codes.described(self.fetch(Query(codes.HELD)).rows())
        told = {"codes": held, "facts": facts.version()}
        return bool(self.fetch(Query(fact_text("building", "fresh"), told)).item())

    @property
    def stamp(self) -> dict[str, str | None]:
        """What tells that folder or facts changed: hash of the manifest, time of the build."""
        told = json.dumps(self._manifest, sort_keys=True).encode()
        return {"tables": sha256(told).hexdigest(), "built_at": str(self._info("built_at"))}

    def lock_down(self) -> None:
        """Let `fetch` and `sql` run nothing but a SELECT of this folder's tables, for good.

        Reports work like this.  The session itself, `session`, keeps all it can.
        """
        self._is_locked = True
        with quiet() as errors, suppress(errors):  # some servers let no setting be changed
            self.session.conf.set("spark.sql.runSQLOnFiles", "false")

    def fetch(self, query: Query, /) -> pl.DataFrame:
        """Run a query on the cluster, its values bound, and bring back its rows.

        Raises `NotBuiltError` where it needs facts not built, else `BadQueryError`.
        """
        with quiet() as errors:
            try:
                if self._is_locked:
                    guard.check(query.sql, self._is_there)
                self.ready(query.sql)
                return pl.DataFrame(self.frame(query.sql, **query.params).toArrow())
            except errors as error:
                raise explained(error) from None

    def sql(self, text: str, *, allow_identity: bool = False, **params: Value) -> pl.DataFrame:
        """Run any SQL of Spark's; ``$name`` in the text takes its value from ``name=``.

        In a report `IdentityError` for what may name a person, unless `allow_identity`.
        """
        if not allow_identity:
            guard.check_identity(text, self._is_there)
        return self.fetch(Query(text, params))

    def ends_with(self, session: ExitStack) -> None:
        """End this session of its own by `close`, or with the process."""
        self._ended = finalize(self, session.close)

    def close(self) -> None:
        """End the session, where it is its own.  Closing again does nothing."""
        if self._ended:
            self._ended()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def frame(self, sql: str, **params: Value | None) -> Any:
        """The query as a frame of Spark's, not run yet."""
        return self.session.sql(text.named(sql), args=params or None)

    def ready(self, sql: str, *, but: Collection[str] = ()) -> None:
        """Make a view of each table and fact that the text may read, unless it is there.

        None of the facts `but`, yet to be made: a column may have the name of one.  The views are
        those of the database that was asked last: a session has one name for each.
        """
        key = f"{self.folder} {id(self)}"
        if self.session.conf.get(_OWNER, None) != key:
            self._known.clear()
            self.session.conf.set(_OWNER, key)
        for name in text.words(sql) - self._known - {*but}:
            if fact := _FACTS.get(name):
                self._fact(fact)
            elif name in schema.tables():
                self._table(name)

    def show(self, name: str, frame: Any) -> None:
        """Let SQL know a frame by this name."""
        frame.createOrReplaceTempView(name)
        self._known.add(name)

    def place(self, name: str) -> str:
        """Where a fact, or a part of one, stands."""
        return f"{self.folder}/facts/{name}.parquet"

    def _table(self, name: str) -> None:
        if name in parquet.OWN:
            if name == "build_info":
                self.show(name, self.session.read.parquet(self.place(name)))
            return
        columns = ", ".join(f"{c.name} {spark_type(c.type)}" for c in schema.table(name).columns)
        # With their types said, no file is opened to see them.
        places = [f"{self.folder}/{place}" for place in parquet_files.named(self._manifest, name)]
        rows = self.session.read.schema(columns).parquet(*places)
        self.show(name, rows)

    def _fact(self, fact: facts.Fact) -> None:
        if fact.name not in self.built:
            raise NotBuiltError
        if not fact.is_view:
            self.show(fact.name, self.session.read.parquet(self.place(fact.name)))
            return
        self._known.add(fact.name)  # its own text may hold its name
        self.ready(fact.sql)
        self.show(fact.name, self.frame(fact.sql))

    def _is_there(self, name: str) -> bool:
        return bool(self.session.catalog.tableExists(name))

    def _info(self, column: str) -> Any:
        found = self.fetch(Query(f"SELECT {column} FROM build_info"))
        return found.item() if found.height else None


@contextmanager
def quiet() -> Generator[type[Exception]]:
    """While this lasts, pyspark logs no error, as its messages quote values.  Gives its errors."""
    loggers = [spark_modules.logger().getLogger(name) for name in _LOGGERS]
    before = [logger.disabled for logger in loggers]
    try:
        for logger in loggers:
            logger.disabled = True
        yield spark_modules.errors().PySparkException
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.disabled = was


def spark_type(kind: str) -> str:
    """A type of `core.sql` as Spark calls it."""
    if kind.endswith("[]"):
        return f"ARRAY<{spark_type(kind.removesuffix('[]'))}>"
    return _TYPES.get(kind, kind)


def explained(error: Any) -> AnalyticsError:
    """The error in words that say what to do, without a value from any row."""
    errors = spark_modules.errors()
    kind = error.getCondition() or type(error).__name__
    if isinstance(error, errors.AnalysisException | errors.ParseException):
        if kind == "PATH_NOT_FOUND":
            return DatabaseError("a file of the folder is missing: export or build it anew")
        return BadQueryError(str(error).strip().split("\n", maxsplit=1)[0])
    # Other messages may quote the value at fault.
    return BadQueryError(f"the query failed: {kind}")
