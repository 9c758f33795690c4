"""The command `report`."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.cli.console import DEFAULT_DATABASE, DatabasePath, app, opened
from analytics.cli.data import AsOf
from analytics.cli.filters import days
from analytics.cli.numbers import DAYS, SPAN
from analytics.errors import AnalyticsError
from analytics.progress import shown

_NOTEBOOK = Path("notebooks/01_overview.ipynb")


@app.command("report")
def report(
    notebook: Annotated[
        Path | None,
        typer.Argument(help=f"The notebook to run; {_NOTEBOOK}, here or as installed, if none."),
    ] = None,
    database: DatabasePath = DEFAULT_DATABASE,
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file to write.")] = Path(
        "reports/revenue-cycle.html"
    ),
    period: Annotated[
        str | None,
        typer.Option(
            metavar=SPAN,
            help=f"To report on: {DAYS}",
        ),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Run a notebook against the database and write one HTML file; print its path."""
    from analytics.report import render

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
            notebook or _own_notebook(),
            out,
            database=database,
            parameters=parameters,
            progress=lambda done, of: bar(done, of, ""),
        )
    typer.echo(str(path))


def _own_notebook() -> Path:
    """The notebook of this folder, else the one that comes with the library."""
    package = Path(__file__).parents[1]  # in a checkout the notebooks stand beside it
    places = (_NOTEBOOK, package / _NOTEBOOK, package.parent / _NOTEBOOK)
    return next((place for place in places if place.is_file()), _NOTEBOOK)


def _can_write(out: Path) -> None:
    """Raise, before the work is done, where no file can be written there."""
    if out.is_dir():
        raise AnalyticsError(f"{out} is a folder: name a file, such as {out / 'report.html'}")
    out.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(out.parent, os.W_OK):
        raise AnalyticsError(f"no permission to write in {out.parent}")
