"""Commands of purges: retention purge (first as a dry run), retention certificate."""

import datetime as dt
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from analytics import keys
from analytics.cli.building import day
from analytics.cli.console import (
    DEFAULT_DATABASE,
    FINDINGS,
    AsJson,
    DatabasePath,
    opened,
    write,
    write_json,
)
from analytics.cli.retention import RulesFile, retention
from analytics.errors import AnalyticsError
from analytics.retention import (
    Plan,
    Rules,
    certificate,
    certificates,
    in_words,
    plan,
    purge,
    read_rules,
)

Today = Annotated[
    dt.date | None,
    typer.Option("--today", parser=day, metavar="DATE", help="As if today were this earlier day."),
]


@retention.command("purge")
def remove(
    database: DatabasePath = DEFAULT_DATABASE,
    rules: RulesFile = None,
    today: Today = None,
    confirm: Annotated[
        str | None,
        typer.Option("--confirm", metavar="HASH", help="Remove it: the hash the dry run gave."),
    ] = None,
    certificate_file: Annotated[
        Path | None,
        typer.Option("--certificate", dir_okay=False, help="A new file for the certificate."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is past its time (exit code 1); with --confirm, remove it for good.

    Without --confirm nothing is changed.  With it all is removed or nothing, facts are built anew,
    and the line in the audit trail is the certificate.  Room for a second database is needed.
    """
    told = read_rules(rules)
    if confirm is None:
        _show(database, told, today, as_json)
        return
    with _new_file(certificate_file):
        done = purge(database, told, confirm, key=keys.key_given(), today=today)
        with opened(database) as db:
            said = certificate(db, done.number)
        if certificate_file:
            certificate_file.write_text(in_words(said), encoding="utf-8")
    if as_json:
        write_json(said)
    else:
        typer.echo(in_words(said), nl=False)


@retention.command("certificate")
def show_certificate(
    number: Annotated[
        int | None, typer.Argument(help="Number of the purge; the latest if none.")
    ] = None,
    database: DatabasePath = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Write the certificate of a purge, from the audit trail; --json without a number gives all."""
    with opened(database) as db:
        found = certificates(db) if as_json and number is None else certificate(db, number)
    if isinstance(found, dict) and not as_json:
        typer.echo(in_words(found), nl=False)
    else:
        write_json(found)


def _show(database: Path, rules: Rules, today: dt.date | None, as_json: bool) -> None:
    with opened(database) as db:
        planned = plan(db, rules, today)
    if as_json:
        write_json(planned.to_dict())
    else:
        write(planned.groups)
        for line in _said(planned):
            typer.echo(line)
    if not planned.is_empty:
        raise typer.Exit(FINDINGS)


def _said(planned: Plan) -> Iterator[str]:
    for hold, count in planned.holds.items():
        yield f"hold {hold} stops {count:,} units: control numbers with all that hangs on them"
    for rule, what, name in planned.nobodys:
        yield f"rule {rule} names {what} {name}, which no record has: is it spelt as reported?"
    if planned.is_empty:
        yield "nothing is past its time" + (", but for what a hold stops" if planned.holds else "")
        return
    yield f"{planned.row_count:,} rows would be removed: " + ", ".join(
        f"{table} {count:,}" for table, count in planned.tables.items()
    )
    for column, count in planned.emptied.items():
        yield f"{count:,} texts would be emptied in {column}"
    if planned.payments_in_part:
        yield f"{planned.payments_in_part:,} payments would lose some of their claims, and stay"
    if planned.texts_left:
        yield f"{planned.texts_left:,} texts of rejected records stay: a hold, or not due"
    for column, count in planned.mentions.items():
        yield f"{count:,} texts left in {column} have a name or number of who goes: look at them"
    yield f"{planned.billed_amount:,} billed, {planned.paid_amount:,} paid"
    yield f"nothing was changed; to remove it: revcycle retention purge --confirm {planned.digest}"


@contextmanager
def _new_file(path: Path | None) -> Generator[None]:
    """A file made before the work, so that it can be written after; gone where that fails."""
    if path is None:
        yield
        return
    try:
        path.open("x").close()
    except FileExistsError:
        raise AnalyticsError(f"{path} is there already: name a new file") from None
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
