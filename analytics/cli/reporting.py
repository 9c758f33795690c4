"""The command `report`."""

import os
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.cli.console import DEFAULT_DATABASE, DatabasePath, app, opened
from analytics.cli.data import AsOf
from analytics.cli.filters import days
from analytics.cli.numbers import DAYS, SPAN
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.progress import shown

_FOLDER = Path("reports")


@app.command("report")
def report(
    name: Annotated[
        str,
        typer.Argument(
            help="overview, denials, coding_errors, lag_and_receivables, payer_scorecard,"
            " value_based_care, data_quality, or a notebook of your own."
        ),
    ] = "overview",
    database: DatabasePath = DEFAULT_DATABASE,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The HTML file; reports/NAME-PERIOD.html if none."),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar=SPAN,
            help=f"To report on: {DAYS}",
        ),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Run a notebook against the database and write one HTML file; print its path.

    Notebooks of the folder `notebooks` here come before those of the library.
    """
    from analytics.report import render

    notebook = _notebook(name)
    out = out or _FOLDER / f"{'-'.join([_short(notebook), *([period] if period else [])])}.html"
    parameters: dict[str, Any] = {}
    if period:
        first, last = days(period)
        parameters |= {"period_start": first.isoformat(), "period_end": last.isoformat()}
    _can_write(out)
    with opened(database) as db:
        if not db.is_fresh:
            raise AnalyticsError(
                "the facts are not all, or not of all that is loaded: run revcycle build"
            )
        if as_of and db.as_of != as_of:
            raise AnalyticsError(f"the facts stand as of {db.as_of}: run revcycle build --as-of")
    with shown("reporting", None) as bar:
        path = render(
            notebook,
            out,
            database=database,
            parameters=parameters,
            progress=lambda done, of: bar(done, of, ""),
        )
    typer.echo(str(path))


def _notebook(name: str) -> Path:
    """The notebook of that name, of this folder, else of the library; or the file so named.

    Raises UnknownNameError where there is none.
    """
    if name.endswith(".ipynb"):
        return Path(name)
    package = Path(__file__).parents[1]  # in a checkout the notebooks stand beside it
    folders = [base / "notebooks" for base in (Path(), package, package.parent)]
    books = [book for folder in folders for book in sorted(folder.glob("*.ipynb"))]
    found = next((book for book in books if name in (book.stem, _short(book))), None)
    if found is None:
        raise UnknownNameError("report", name, sorted({_short(book) for book in books}))
    return found


def _short(notebook: Path) -> str:
    """Its name without the number that orders it."""
    return re.sub(r"^\d+_", "", notebook.stem)


def _can_write(out: Path) -> None:
    """Raise, before the work is done, where no file can be written there."""
    if out.is_dir():
        raise AnalyticsError(f"{out} is a folder: name a file, such as {out / 'report.html'}")
    out.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(out.parent, os.W_OK):
        raise AnalyticsError(f"no permission to write in {out.parent}")
