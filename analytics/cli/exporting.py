"""Commands that write what is loaded for other tools: export."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from analytics.cli.console import (
    DEFAULT_DATABASE,
    AsCsv,
    AsJson,
    DatabasePath,
    app,
    opened,
    write,
)
from analytics.exporting import export_tuva

export = typer.Typer(no_args_is_help=True, help="Write settled claims and cover for other tools.")
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
    with opened(database) as db:
        rows = export_tuva(db, folder)
    frame = pl.DataFrame({"table": list(rows), "n": list(rows.values())})
    write(frame, as_json=as_json, as_csv=as_csv)
