"""Numbers written to a file instead of the screen."""

from pathlib import Path

import polars as pl
import typer

from analytics.database import Database
from analytics.exporting import export_frame
from analytics.metrics import Metric

_NUMBERS = ("value", "low", "high")
# Excel's number format of a metric's values.
_FORMATS = {"share": "0.0%", "days": "#,##0.0"}
_USUAL = "#,##0.00"


def file_metric(db: Database, frame: pl.DataFrame, out: Path, metric: Metric) -> None:
    """Write a metric's frame; XLSX has its definition on a sheet of its own."""
    told = {n: str(getattr(metric, n)) for n in ("name", "title", "definition", "unit", "better")}
    told |= {n: str(getattr(metric, n)) for n in ("denominator", "date_basis", "source", "notes")}
    told |= {"as of": str(db.as_of), "codes": str(db.code_map)}
    form = _FORMATS.get(metric.unit, _USUAL)
    _file(frame, out, {name: form for name in _NUMBERS if name in frame.columns}, told)
    db.trail.note("export metric", files=[out.name], rows=len(frame), metric=metric.name)


def file_study(db: Database, frame: pl.DataFrame, out: Path, name: str, description: str) -> None:
    """Write a study's frame; XLSX has what it says of itself on a sheet of its own."""
    _file(frame, out, {}, {"study": description, "as of": str(db.as_of)})
    db.trail.note("export metric", files=[out.name], rows=len(frame), metric=name)


def _file(frame: pl.DataFrame, out: Path, formats: dict[str, str], about: dict[str, str]) -> None:
    count = export_frame(frame, out, formats=formats, about=about)
    typer.echo(f"{out}: {count:,} rows")
