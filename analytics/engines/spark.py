"""Facts and metrics on Spark: the same SQL text, over the tables as Parquet files."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Any

from analytics import codes, copies, facts, parquet
from analytics.duck import now
from analytics.engines import spark_modules
from analytics.engines.loading import load
from analytics.engines.staging import Staging
from analytics.engines.tables import BUILT, SparkDatabase, explained, quiet
from analytics.errors import DatabaseError, NotBuiltError
from analytics.fact import text
from analytics.ingest.files import Paths
from analytics.load_report import LoadReport
from analytics.progress import Progress, shown
from analytics.query import Query, Value

# Numbers of members are followed, whatever there are of them.
_WHILE_BUILDING = {"spark.sql.cteRecursionRowLimit": "-1"}
_NONE = "SELECT CAST(NULL AS STRING) AS fact_name WHERE 1 = 0"


class Spark:
    """A session of Spark 4.0 or later, classic or Connect, to build facts and ask metrics.

    It makes temporary views and functions in the session, by the names of tables, facts and
    macros.  Raises DatabaseError where the session's Spark is older, or not in ANSI mode: it would
    give NULL where a number is too large or text is none.
    """

    def __init__(self, session: Any) -> None:  # pyspark is an extra: its types are not known here
        if int(str(session.version).split(".", maxsplit=1)[0]) < 4:
            raise DatabaseError(f"Spark {session.version} is too old: 4.0 or later is needed")
        if str(session.conf.get("spark.sql.ansi.enabled")).lower() != "true":
            raise DatabaseError("the session is not in ANSI mode: set spark.sql.ansi.enabled=true")
        self.session = session
        for statement in facts.macros("spark").split(";"):
            if statement.strip():
                session.sql(statement)

    def load(self, paths: Paths, folder: str | Path, **options: Any) -> LoadReport:
        """Load files into a folder of Parquet tables: `analytics.engines.loading.load`."""
        return load(self.session, paths, folder, **options)

    def check(self, folder: str | Path) -> None:
        """Raise DatabaseError where the folder is no whole export of this version."""
        place = str(folder).rstrip("/")
        with quiet() as errors:
            try:
                told = self.session.read.text(f"{place}/{parquet.MANIFEST}", wholetext=True)
                (said,) = told.toArrow().column("value").to_pylist()
            except (spark_modules.errors().AnalysisException, ValueError):
                said = ""
            except errors as error:  # such as a store that asks for credentials
                raise DatabaseError(f"{place} cannot be read: {explained(error)}") from None
        parquet.rows_of(said, place)

    def open(self, folder: str | Path) -> SparkDatabase:
        """The facts that `build` made in a folder.

        Raises `NotBuiltError` where there are none, or a build of them did not end.
        """
        db = SparkDatabase(self.session, folder)
        with quiet():
            try:
                found = self.session.read.parquet(db.place(BUILT)).toArrow()
            except spark_modules.errors().AnalysisException:
                raise NotBuiltError from None
        db.built.update(found.column("fact_name").to_pylist())
        if not db.built:
            raise NotBuiltError
        return db

    def build(
        self,
        folder: str | Path,
        as_of: dt.date | None = None,
        *,
        only: Collection[str] | None = None,
        progress: Progress | bool | None = None,
    ) -> SparkDatabase:
        """Compute the facts of a folder that `export_parquet` wrote, as they stood on `as_of`.

        They are written to its `facts/`, in place of those that are there; until all are, the
        folder has none.  `folder` is a path or URL that the cluster can read and write.
        `as_of`, `only` and `progress` are as in `Database.build`.  The code maps are those of the
        folder, which are not brought to the library's.

        Raises DatabaseError where the folder is not whole, was written by another version of this
        library, is a de-identified copy with other days or providers, or the engine fails; never
        with a value from a row.
        """
        wanted = facts.ALL if only is None else facts.needed(only)
        db = SparkDatabase(self.session, folder, {fact.name for fact in wanted})
        with quiet() as errors:
            try:
                self._check(db)
                self._write(db, BUILT, _NONE)
                self._inform(db, as_of, wanted)
                self._make(db, wanted, progress)
                names = ", ".join(f"'{fact.name}'" for fact in wanted)
                self._write(db, BUILT, f"SELECT explode(array({names})) AS fact_name")
            except errors as error:
                raise DatabaseError(f"the build failed: {explained(error)}") from None
        return db

    def _check(self, db: SparkDatabase) -> None:
        """Raise DatabaseError where the folder is no whole export, or one not to build facts of."""
        self.check(db.folder)
        if db.fetch(Query(copies.CANNOT_BUILD)).height:
            raise copies.not_to_build(db.folder)

    def _inform(
        self, db: SparkDatabase, as_of: dt.date | None, wanted: tuple[facts.Fact, ...]
    ) -> None:
        """Write what the facts stand for."""
        if as_of is None:
            as_of = self.newest(db)
        version, said = codes.described(db.fetch(Query(codes.HELD)).rows())
        self._write(
            db,
            "build_info",
            text("building", "info"),
            as_of=as_of,
            built_at=now().isoformat(sep=" "),
            code_map_version=version,
            code_map=said,
            facts_version=facts.version(wanted),
        )

    def newest(self, db: SparkDatabase) -> dt.date | None:
        """The newest day of the data, as `Database.span` has it; None where nothing is loaded."""
        for name in ("span", "feed_span"):
            newest = db.fetch(Query(text("building", name))).row(0)[1]
            if newest is not None:
                return newest
        return None

    def _make(
        self,
        db: SparkDatabase,
        wanted: tuple[facts.Fact, ...],
        progress: Progress | bool | None,
    ) -> None:
        staging = Staging(db)
        saved = {key: self.session.conf.get(key, None) for key in _WHILE_BUILDING}
        try:
            for key, value in _WHILE_BUILDING.items():
                self.session.conf.set(key, value)
            with shown("building", progress) as tell:
                for done, fact in enumerate(wanted):
                    tell(done, len(wanted), fact.name)
                    if fact.is_view:
                        staging.made.add(fact.name)
                    else:
                        staging.keep(fact.name, fact.sql)
                tell(len(wanted), len(wanted), "")
        finally:
            staging.clear()
            for key, value in saved.items():
                self.session.conf.unset(key) if value is None else self.session.conf.set(key, value)

    def _write(self, db: SparkDatabase, name: str, sql: str, **params: Value | None) -> None:
        frame = db.frame(sql, **params)
        frame.coalesce(1).write.mode("overwrite").parquet(db.place(name))
