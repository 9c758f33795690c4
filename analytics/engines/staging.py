"""A fact's query on Spark, in stages: what it reads again and again is written down first."""

from typing import Any

from analytics.engines import text
from analytics.engines.tables import SparkDatabase
from analytics.engines.text import Part

LEAST = 8  # tables read again for nothing, from which on a part of a query is written down
_PART = "revcycle_part"


class Staging:
    """Writes facts, by way of parts that stand in `facts/` until the end of the build.

    Parts are files, not Spark's memory: a worker that is lost takes none along, and the plan of
    what reads them stays short.
    """

    def __init__(self, db: SparkDatabase) -> None:
        self._db = db
        self._used = 0
        self._places: set[str] = set()
        self.made: set[str] = set()  # facts that those after them may read

    def keep(self, name: str, sql: str) -> None:
        """Compute the query and let it be known by this name."""
        self._db.ready(sql, but=self._db.built - self.made)
        self._used = 0  # parts of the fact before are read no more
        parts, body = text.cut(sql)
        for wanted in list(text.kept(parts, body, LEAST)):
            at = next(i for i, part in enumerate(parts) if part.name == wanted)
            view = self._rounds(parts[:at], parts[at]) if parts[at].rounds else ""
            view = view or self._part(text.joined(parts[: at + 1], f"SELECT * FROM {wanted}"))
            parts = text.with_sql(parts, {wanted: f"SELECT * FROM {view}"})
        self._written(name, text.joined(parts, body))
        self.made.add(name)

    def clear(self) -> None:
        """Leave nothing in the parts."""
        nothing = self._db.frame("SELECT 1 AS nothing WHERE 1 = 0").coalesce(1)
        for place in self._places:
            nothing.write.mode("overwrite").parquet(place)

    def _part(self, sql: str) -> str:
        self._used += 1
        view = f"{_PART}_{self._used}"
        self._places.add(self._db.place(view))
        self._written(view, sql)
        return view

    def _rounds(self, before: list[Part], part: Part) -> str:
        """Add to a part what follows of it until nothing is new; Spark knows no such UNION."""
        first, again = part.rounds or ("", "")
        view = self._part(text.joined(before, f"SELECT DISTINCT * FROM ({first}) AS told"))
        count, former = self._count(view), -1
        while count != former:
            held = Part(part.name, f"SELECT * FROM {view}")
            step = f"SELECT * FROM {part.name}\nUNION\n{again}"
            view = self._part(text.joined([*before, held], step))
            count, former = self._count(view), count
        return view

    def _count(self, view: str) -> int:
        return int(self._db.frame(f"SELECT count(*) AS n FROM {view}").toArrow()[0][0].as_py())

    def _written(self, name: str, sql: str) -> None:
        frame: Any = self._db.frame(sql)
        place = self._db.place(name)
        frame.write.mode("overwrite").parquet(place)
        # With its columns said, no file is opened to see them.
        self._db.show(name, self._db.session.read.schema(frame.schema).parquet(place))
