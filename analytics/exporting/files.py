"""Tables, facts and frames as Parquet, CSV or XLSX files, by the ending of the name."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from analytics import facts, parquet, schema, words
from analytics.cells import FORMULA
from analytics.database import Database
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.exporting import excel
from analytics.exporting.place import placed
from analytics.query import literal

ENDINGS = (".parquet", ".csv", ".xlsx")
_CSV = "FORMAT csv, HEADER true"


def export_table(db: Database, name: str, path: str | Path) -> int:
    """Write all rows of a table or fact; gives their number.

    Parquet and CSV are written row by row, whatever their number; XLSX holds 1,048,575.  Text that
    a spreadsheet would run as a formula stands after an apostrophe in CSV.  Raises
    UnknownNameError, NotBuiltError before ``db.build()``, AnalyticsError for another ending.
    """
    known = [*schema.tables(), *sorted(facts.NAMES)]
    if name not in known:
        raise UnknownNameError("table or fact", name, known)
    place = Path(path)
    ending = _ending(place)
    count = _written(db, name, place, ending)
    db.trail.note("export table", files=[place.name], rows=count, table=name)
    return count


def _written(db: Database, name: str, place: Path, ending: str) -> int:
    count = int(db.sql(f'SELECT count(*) AS n FROM "{name}"')["n"][0])
    if ending == ".xlsx":
        excel.check(count)
        return export_frame(db.sql(f'FROM "{name}"'), place)
    with placed(place) as part:
        if ending == ".parquet":
            return parquet.copy(db.connection, name, part)
        found = words.spelled(db.connection.sql(f'FROM "{name}"'))
        made = f"SELECT {', '.join(_inert(found))} FROM ({found.sql_query()}) AS found"
        return parquet.copied(db.connection, made, part, _CSV)


def export_frame(
    frame: pl.DataFrame,
    path: str | Path,
    *,
    formats: Mapping[str, str] | None = None,
    about: Mapping[str, str] | None = None,
) -> int:
    """Write a frame; gives the number of its rows.

    `formats` (column to Excel's number format) and `about` (a sheet of names and texts) are for
    XLSX alone.  Raises AnalyticsError for another ending, or what a sheet cannot hold.
    """
    place = Path(path)
    ending = _ending(place)
    with placed(place) as part:
        if ending == ".xlsx":
            excel.write(frame, part, formats or {}, about or {})
        elif ending == ".csv":
            frame.with_columns(_inert_columns(frame)).write_csv(part)
        else:
            frame.write_parquet(part)
    return len(frame)


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise AnalyticsError(f"{path.name} ends in none of {', '.join(ENDINGS)}: name such a file")
    return ending


def _inert(found: duckdb.DuckDBPyRelation) -> list[str]:
    """The columns for CSV: text made inert, lists joined."""
    made = {
        "varchar": f"CASE WHEN contains({literal(FORMULA)}, left({{0}}, 1)) AND {{0}} <> '' "
        "THEN chr(39) || {0} ELSE {0} END AS {0}",
        "list": "array_to_string({0}, ', ') AS {0}",
    }
    columns = zip(found.columns, found.types, strict=True)
    return [made.get(of.id, "{0}").format(f'"{name}"') for name, of in columns]


def _inert_columns(frame: pl.DataFrame) -> list[pl.Expr]:
    """Columns that CSV holds otherwise: text made inert, lists joined."""
    texts = [
        pl.when(pl.col(name).str.slice(0, 1).is_in(list(FORMULA)))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in frame.schema.items()
        if kind == pl.String
    ]
    return [*texts, *excel.joined(frame)]
