"""The command `report`."""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from analytics import reconcile, suppression
from analytics.bookshelf import find, short
from analytics.cli.building import AsOf
from analytics.cli.cells import Reason, SmallCells
from analytics.cli.clusters import DEFAULT_PLACE, Engine, Place
from analytics.cli.console import app
from analytics.cli.filters import days, listed
from analytics.cli.numbers import DAYS, SPAN
from analytics.engines.opening import opened
from analytics.errors import AnalyticsError
from analytics.progress import shown

_FOLDER = Path("reports")
_HERE, _ON_SPARK = 600, 6 * 3600  # seconds for one cell
_ENDINGS = (".html", ".pdf", ".xlsx")


@app.command("report")
def report(
    name: Annotated[
        str,
        typer.Argument(
            help="overview, denials, coding_errors, lag_and_receivables, payer_scorecard,"
            " value_based_care, data_quality, or a notebook of your own."
        ),
    ] = "overview",
    database: Place = DEFAULT_PLACE,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder to write to, or a file, whose ending is then left to --format; reports if"
            " none.  Files are NAME-PERIOD with the ending of their format.",
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", help="html, mail, pdf, xlsx, with commas; html if none."),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar=SPAN,
            help=f"To report on: {DAYS}",
        ),
    ] = None,
    as_of: AsOf = None,
    small_cells: SmallCells = None,
    reason: Reason = None,
    engine: Engine = None,
) -> None:
    """Run a notebook against the database and write its report; print the paths of its files.

    Beside them stands NAME-PERIOD.manifest.json: what they were made of, and the hash of each.
    Notebooks of the folder `notebooks` here come before those of the library.  Groups of 1 to 10
    people are hidden, with what would tell them: --small-cells.  With --engine the same report is
    made on Spark, of a folder of tables with facts.
    """
    from analytics.report import make

    suppression.asked(small_cells, reason)
    notebook = find(name)
    target, ending = _target(out, "-".join([short(notebook), *([period] if period else [])]))
    parameters: dict[str, str] = {}
    if period:
        first, last = days(period)
        parameters = {"period_start": first.isoformat(), "period_end": last.isoformat()}
    _can_write(target.parent)
    with shown("reporting", None) as bar:
        paths = make(
            notebook,
            target,
            database=database,
            formats=listed(formats) or [ending],
            parameters=parameters,
            as_of=as_of,
            progress=lambda done, of: bar(done, of, ""),
            compared_with=_before(target.name, period),
            small_cells=small_cells or suppression.HIDE,
            reason=reason,
            engine=engine,
            timeout=_ON_SPARK if engine else _HERE,
        )
    for path in paths:
        typer.echo(str(path))
    if period:
        _tell_if_empty(database, engine, *days(period))


def _target(out: Path | None, name: str) -> tuple[Path, str]:
    """Where the files go, without ending, and the format that the name of a file asks for."""
    if out is not None and out.suffix in _ENDINGS and not out.is_dir():
        return out.with_suffix(""), out.suffix[1:]
    return (out or _FOLDER) / name, "html"


def _tell_if_empty(database: str, engine: str | None, first: dt.date, last: dt.date) -> None:
    """Say that nothing is told, where the files end before the period or begin after it."""
    with opened(database, engine) as db:
        begin, end = reconcile.span(db)
    if begin and end and (last < begin or end < first):
        typer.echo(f"revcycle: the period has no data: files tell of {begin} to {end}", err=True)


def _before(name: str, period: str | None) -> str | None:
    """The report of the month or week before; without a period the same report, as it was."""
    from analytics.scheduling import periods

    for every in ("month", "week"):
        now = periods.named(every, period or "")
        if now and name.endswith(now.name):
            return name.removesuffix(now.name) + periods.before(every, now).name
    return None if period else name


def _can_write(folder: Path) -> None:
    """Raise, before the work is done, where no file can be written there."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise AnalyticsError(f"no permission to write in {folder}")
