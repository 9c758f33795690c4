"""Settled claims and cover written as files that other tools load: Tuva's input layer."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from analytics import words
from analytics.cells import FORMULA
from analytics.database import Database
from analytics.exporting.place import placed
from analytics.fact import text

if TYPE_CHECKING:
    from collections.abc import Iterable

TUVA = ("medical_claim", "pharmacy_claim", "eligibility")
_BATCH = 20_000  # rows at a time: a medical claim has 130 columns
_CODES = 25


def export_tuva(db: Database, folder: str | Path) -> dict[str, int]:
    """Write medical_claim, pharmacy_claim and eligibility as CSV; gives the rows of each.

    A row is a claim line or a span of cover; amounts are dollars, and those of a claim add up to
    what `settled_claim` and `own_settled_claim` say.  Own claims that a payer's feed tells of are
    left out.  The files name members by number, birth date and postal code, so only their owner
    can read them; text that a spreadsheet would run stands after an apostrophe.  Raises
    NotBuiltError before ``db.build()``.
    """
    db.sql("SELECT 1 FROM settled_claim, own_settled_claim LIMIT 0")
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    rows = {table: _written(db, table, place / f"{table}.csv") for table in TUVA}
    files = [f"{table}.csv" for table in TUVA]
    db.trail.note("export tuva", files=files, rows=sum(rows.values()))
    return rows


def query(table: str) -> str:
    """The SQL of one of Tuva's tables, over the facts."""
    if table == "eligibility":
        return text("tuva", table)
    settled = text("tuva", "settled").replace("owed AS (", "WITH owed AS (", 1)
    return f"{settled.rstrip()},\n\n{_filled(text('tuva', table))}"


def _filled(sql: str) -> str:
    """The text with the columns that Tuva numbers."""
    places = range(1, _CODES + 1)
    many = {
        "modifiers": [
            f"nullif(split_part(priced.modifier_key, ',', {n}), '') AS hcpcs_modifier_{n}"
            for n in range(1, 6)
        ],
        "diagnoses": [f"diagnosis.codes[{n}] AS diagnosis_code_{n}" for n in places],
        "presents": [f"diagnosis.presents[{n}] AS diagnosis_poa_{n}" for n in places],
        "procedures": [f"operation.codes[{n}] AS procedure_code_{n}" for n in places],
        "dates": [f"operation.dates[{n}] AS procedure_date_{n}" for n in places],
    }
    for name, columns in many.items():
        sql = sql.replace(f"{{{name}}}", ",\n    ".join(columns))
    return sql


def _inert(frame: pl.DataFrame) -> list[pl.Expr]:
    """Text that a spreadsheet would run stands after an apostrophe; a number that is below 0 stays.

    Ids are compared by who loads the files: so as few as can be are changed.
    """
    runs = f"^[{re.escape(FORMULA)}]"
    return [
        pl.when(pl.col(name).str.contains(runs) & ~pl.col(name).str.contains(r"^-[\d.]+$"))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in frame.schema.items()
        if kind == pl.String
    ]


def _written(db: Database, table: str, path: Path) -> int:
    """Write a query's rows batch by batch, under another name until all are there."""
    rows = 0
    with placed(path) as part, part.open("wb") as file:
        found = words.spelled(db.connection.sql(query(table)))
        file.write((",".join(found.columns) + "\n").encode())
        for batch in cast("Iterable[Any]", found.to_arrow_reader(_BATCH)):
            frame = pl.DataFrame(batch)
            frame.with_columns(_inert(frame)).write_csv(file, include_header=False)
            rows += len(frame)
    return rows
