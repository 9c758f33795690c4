"""Building by a command: which facts, and what is said of them."""

import datetime as dt
from typing import Annotated

import polars as pl
import typer

from analytics import facts, reconcile
from analytics.database import Database
from analytics.errors import UnknownNameError
from analytics.metrics import CATALOGUE


def day(text: str) -> dt.date:
    """A date written CCYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date: write it as 2026-10-31") from None


AsOf = Annotated[
    dt.date | None,
    typer.Option(
        "--as-of",
        parser=day,
        metavar="DATE",
        help="Last day to count; newest in the data if not given.",
    ),
]


def facts_of(texts: list[str] | None) -> list[str] | None:
    """The facts named and those of the metrics named, or None for all."""
    if texts is None:
        return None
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    if not names:
        raise typer.BadParameter("--only names no fact or metric")
    read = {name: metric.fact.name for name, metric in CATALOGUE.items()}
    for name in names:
        if name not in facts.NAMES | read.keys():
            raise UnknownNameError("fact or metric", name, [*facts.NAMES, *read])
    return [read.get(name, name) for name in names]


def build_and_say(
    db: Database,
    as_of: dt.date | None,
    *,
    only: list[str] | None = None,
    full: bool = False,
    aside: bool = False,
) -> None:
    """Build and say so; on the error stream where the output is for a program."""
    db.build(as_of, only=only, full=full)
    if not (full or only) and db.last_build:
        typer.echo(str(db.last_build), err=True)
    for line in () if only else (*_unknown_payers(db), *_doubts(db)):
        typer.echo(line, err=True)
    if db.as_of:
        typer.echo(f"facts built as of {db.as_of}", err=aside)
    else:
        typer.echo("facts built, all empty: no claims or payments are loaded", err=True)


def _doubts(db: Database) -> list[str]:
    """What to say of records of payers' feeds that are left out, or should be looked at."""
    return [
        f"payers' feeds: {reason}: {n:,}" + (f" ({amount:,.2f})" if amount else "")
        for reason, n, amount in reconcile.doubts(db).iter_rows()
    ]


def _unknown_payers(db: Database) -> list[str]:
    """What to say of contract rates that price nothing, for no answered claim has their payer."""
    from analytics.metrics.contract_rate_use import UNKNOWN_PAYER, contract_rate_use

    if db.sql("SELECT 1 FROM contract_rate LIMIT 1").is_empty():
        return []  # without looking at every answered line
    rates = contract_rate_use(db)
    unknown = rates.filter(pl.col("unused_reason") == UNKNOWN_PAYER)
    names = unknown.group_by("payer_name", "closest_payer_name").len().sort("payer_name")
    return [
        f"contract rates of a payer without answered claims: {name}, {count:,}"
        + (f" (is it {close}?)" if close else "")
        for name, close, count in names.iter_rows()
    ]
