"""The command `run`: reports that are due."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.building import day
from analytics.cli.console import FINDINGS, app


@app.command("run")
def run(
    plan: Annotated[Path, typer.Argument(help="The file that says which reports are made.")] = Path(
        "reports.toml"
    ),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be made; write nothing.")
    ] = False,
    today: Annotated[
        dt.date | None,
        typer.Option(parser=day, metavar="DATE", help="As if today were this day."),
    ] = None,
) -> None:
    """Make every report that is due: of the last month or week, missed ones, after a load.

    Those made of the same inputs are skipped.  What fails is said, in the log too, and leaves the
    old report; the exit code is then 1.
    """
    from analytics.scheduling import read_plan
    from analytics.scheduling import run as run_plan

    on = today or dt.datetime.now().astimezone().date()
    if run_plan(read_plan(plan), on, dry_run=dry_run, tell=typer.echo):
        raise typer.Exit(FINDINGS)
