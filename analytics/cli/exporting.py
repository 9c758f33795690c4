"""Commands that write what is loaded for other tools: export."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from analytics.cli import options as own
from analytics.cli.cells import Reason, SmallCells
from analytics.cli.console import (
    DEFAULT_DATABASE,
    AsCsv,
    AsJson,
    DatabasePath,
    app,
    opened,
    write,
)
from analytics.cli.numbers import By, Every, Name, Since, Where, show
from analytics.database import Database
from analytics.exporting import export_parquet, export_table, export_tuva
from analytics.keys import key_given

export = typer.Typer(no_args_is_help=True, help="Write tables, facts, metrics or all as files.")
app.add_typer(export, name="export")


@export.command("tuva")
def tuva(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; files there are replaced.")],
    database: DatabasePath = DEFAULT_DATABASE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Write Tuva's medical_claim, pharmacy_claim and eligibility as CSV.

    Claims are those that payers settled, and our own with their payments where no payer's feed
    tells of them.  The files name members by number, birth date and postal code.
    """
    with opened(database, reads=[folder]) as db:
        rows = export_tuva(db, folder)
    frame = pl.DataFrame({"table": list(rows), "n": list(rows.values())})
    write(frame, as_json=as_json, as_csv=as_csv)


@export.command("table")
def table(
    name: Annotated[str, typer.Argument(help="A table or fact, such as claim or denial.")],
    out: Annotated[Path, typer.Argument(help="The file: .parquet, .csv or .xlsx.")],
    database: DatabasePath = DEFAULT_DATABASE,
) -> None:
    """Write all rows of a table or fact; only the file's owner can read it.

    They are the records themselves, so no small cell is hidden in them.
    """
    with opened(database, reads=[out.parent]) as db:
        count = export_table(db, name, out)
    typer.echo(f"{out}: {count:,} rows")


@export.command("metric")
def metric(
    name: Name,
    out: Annotated[Path, typer.Argument(help="The file: .parquet, .csv or .xlsx.")],
    database: DatabasePath = DEFAULT_DATABASE,
    by: By = None,
    every: Every = None,
    where: Where = None,
    clock: Since = None,
    with_: own.With = None,
    small_cells: SmallCells = None,
    reason: Reason = None,
) -> None:
    """Write a metric or study, as `show` computes it; `show --out` takes all other options.

    Groups of 1 to 10 people are without numbers, with what would tell them: --small-cells.
    """
    show(
        name,
        database=database,
        by=by,
        every=every,
        where=where,
        clock=clock,
        with_=with_,
        limit=10**9,
        out=out,
        small_cells=small_cells,
        reason=reason,
    )


@export.command("parquet")
def whole(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; files there are replaced.")],
    database: DatabasePath = DEFAULT_DATABASE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Write the whole database as Parquet: each table, and each fact in `facts`.

    `revcycle import FOLDER` makes a database of it again.  `patient` names people.
    """
    with opened(database, reads=[folder]) as db:
        rows = export_parquet(db, folder)
    frame = pl.DataFrame({"table": list(rows), "n": list(rows.values())})
    write(frame, as_json=as_json, as_csv=as_csv)


@app.command("import")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="A folder that `export parquet` wrote.")],
    database: DatabasePath = DEFAULT_DATABASE,
) -> None:
    """Make a new database of a Parquet export; then run `revcycle build`."""
    with Database.from_parquet(folder, database, key=key_given(), locked=True) as db:
        count = db.sql("SELECT count(*) AS n FROM source_file")["n"][0]
    typer.echo(f"{database}: {count:,} files as loaded before; next: revcycle build")
