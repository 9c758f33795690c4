"""Commands of retention: rules, status, hold add, hold list, hold release."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.building import day
from analytics.cli.console import (
    DEFAULT_DATABASE,
    AsCsv,
    AsJson,
    DatabasePath,
    app,
    opened,
    opened_to_build,
    write,
)
from analytics.cli.filters import days
from analytics.retention import holds, place, read_rules, release, shipped_text, status

retention = typer.Typer(no_args_is_help=True, help="How long records are kept, and legal holds.")
hold = typer.Typer(no_args_is_help=True, help="Legal holds: what they cover is not purged.")
retention.add_typer(hold, name="hold")
app.add_typer(retention, name="retention")

RulesFile = Annotated[
    Path | None,
    typer.Option("--rules", dir_okay=False, help="Your retention.toml; the shipped one if none."),
]


@retention.command("rules")
def rules() -> None:
    """Write the shipped rules, with their sources, to be saved as retention.toml and changed."""
    typer.echo(shipped_text(), nl=False)


@retention.command("status")
def show_status(
    database: DatabasePath = DEFAULT_DATABASE,
    rules: RulesFile = None,
    today: Annotated[
        dt.date | None,
        typer.Option(parser=day, metavar="DATE", help="As if today were this day."),
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show what is held by kind, payer and year: until when, by which rule, due, or on hold."""
    with opened(database) as db:
        frame = status(db, read_rules(rules), today or dt.datetime.now().astimezone().date())
    write(frame, as_json=as_json, as_csv=as_csv)


@hold.command("add")
def add(
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the hold.")],
    database: DatabasePath = DEFAULT_DATABASE,
    patient: Annotated[
        int | None, typer.Option("--patient", help="A patient_id; the same person's others too.")
    ] = None,
    payer: Annotated[str | None, typer.Option("--payer", help="A payer, as reported.")] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="FROM..TO", help="Days, both included.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All there is.")] = False,
) -> None:
    """Place a hold on what all options together name."""
    span = days(period) if period else None
    with opened_to_build(database) as db:
        number = place(
            db, reason=reason, patient=patient, payer=payer, period=span, everything=everything
        )
    typer.echo(f"hold {number} placed")


@hold.command("list")
def show_holds(
    database: DatabasePath = DEFAULT_DATABASE, as_json: AsJson = False, as_csv: AsCsv = False
) -> None:
    """List all holds, those released too."""
    with opened(database) as db:
        frame = holds(db)
    write(frame, as_json=as_json, as_csv=as_csv)


@hold.command("release")
def end(
    number: Annotated[int, typer.Argument(help="Number of the hold.")],
    database: DatabasePath = DEFAULT_DATABASE,
) -> None:
    """End a hold; its row and its lines in the audit trail stay."""
    with opened_to_build(database) as db:
        release(db, number)
    typer.echo(f"hold {number} released")
