"""Numbers written to a file instead of the screen."""

from pathlib import Path
from typing import Any

import polars as pl
import typer

from analytics import suppression
from analytics.cli.cells import hidden_count, is_counted, without_small, write_reason
from analytics.database import Database
from analytics.exporting import export_frame
from analytics.metrics import Metric
from analytics.suppression import Told

_NUMBERS = ("value", "low", "high")
# Excel's number format of a metric's values.
_FORMATS = {"share": "0.0%", "days": "#,##0.0"}
_USUAL = "#,##0.00"


def file_metric(
    db: Database, frame: pl.DataFrame, out: Path, metric: Metric, cells: Told | None
) -> None:
    """Write a metric's frame; XLSX has its definition on a sheet of its own."""
    told = {n: str(getattr(metric, n)) for n in ("name", "title", "definition", "unit", "better")}
    told |= {n: str(getattr(metric, n)) for n in ("denominator", "date_basis", "source", "notes")}
    told |= {"as of": str(db.as_of), "codes": str(db.code_map)}
    form = _FORMATS.get(metric.unit, _USUAL)
    formats = {name: form for name in _NUMBERS if name in frame.columns}
    count = _file(frame, out, formats, told, cells)
    _note(db, out, count, metric.name, cells)


def file_study(
    db: Database,
    frame: pl.DataFrame,
    out: Path,
    name: str,
    description: str,
    cells: Told | None,
) -> None:
    """Write a study's frame; XLSX has what it says of itself on a sheet of its own."""
    about = {"study": description, "as of": str(db.as_of)}
    count = _file(frame, out, {}, about, cells if is_counted(frame) else None)
    _note(db, out, count, name, cells)


def _file(
    frame: pl.DataFrame,
    out: Path,
    formats: dict[str, str],
    about: dict[str, str],
    cells: Told | None,
) -> int:
    kept = without_small(frame, cells)
    told = about | ({"small cells": cells.text} if cells else {})
    count = export_frame(kept, out, formats=formats, about=told)
    typer.echo(f"{out}: {count:,} rows")
    if hidden := hidden_count(frame, kept):
        few = f"1 to {suppression.SMALL}"
        typer.echo(
            f"{hidden:,} rows of {few} people, or that would tell them, are without numbers or"
            " left out: --small-cells",
            err=True,
        )
    return count


def _note(db: Database, out: Path, rows: int, name: str, cells: Told | None) -> None:
    """A line of the audit trail, without the reason: it is the user's, and may name someone."""
    write_reason(out, cells, {"metric": name, "as_of": str(db.as_of)})
    shown: dict[str, Any] = {"small_cells": cells.how} if cells else {}
    db.trail.note("export metric", files=[out.name], rows=rows, metric=name, **shown)
