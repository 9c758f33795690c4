"""Commands that give numbers: metrics, show, sql."""

from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from analytics import suppression
from analytics.cli import options as own
from analytics.cli import studies
from analytics.cli.cells import Reason, SmallCells, told
from analytics.cli.console import (
    DEFAULT_DATABASE,
    AsCsv,
    AsJson,
    DatabasePath,
    app,
    check_form,
    opened,
    tell_if_other,
    tell_if_stale,
    write,
    write_json,
)
from analytics.cli.filing import file_metric, file_study
from analytics.cli.filters import filters, listed
from analytics.cli.listing import (
    chosen,
    in_unit,
    tell_if_cut,
)
from analytics.cli.tolerance import Tolerance, within
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.metrics import CATALOGUE, STUDIES, Metric, ModifierRate, as_wait

SPAN = "FROM..TO"
DAYS = "days, both included: 2026-01-01..2026-10-31, a month: 2026-10, or a week: 2026-W44."

Name = Annotated[str, typer.Argument(help="A metric or study: `revcycle metrics` lists them.")]
By = Annotated[
    list[str] | None, typer.Option("--by", help="Dimension to slice by; repeat it, or use commas.")
]
Every = Annotated[str | None, typer.Option("--every", help="day, week, month, quarter or year.")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        help="column=value, column=a|b, column=from..to (both included), column= for empty.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option("--clock", help="Of days to answer: received counts from the payer's receipt."),
]


@app.command("metrics")
def metrics(
    name: Annotated[str | None, typer.Argument(help="Tell all about one metric.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the metrics and studies, or tell all about one: definition, source, dimensions ..."""
    if name is not None and name in STUDIES:
        text = studies.description(name)
        write_json([{"name": name, "description": text}]) if as_json else typer.echo(text)
        return
    if name:
        _describe(_metric(name), as_json=as_json)
        return
    rows = [
        {"name": m.name, "unit": m.unit, "better": m.better, "definition": m.definition}
        for m in CATALOGUE.values()
    ]
    rows += [
        {"name": name, "unit": "study", "better": None, "definition": studies.summary(name)}
        for name in STUDIES
    ]
    write(pl.DataFrame(rows), as_json=as_json)


@app.command("show")
def show(
    name: Name,
    database: DatabasePath = DEFAULT_DATABASE,
    by: By = None,
    every: Every = None,
    where: Where = None,
    include_duplicates: Annotated[
        bool, typer.Option("--include-duplicates", help="Count denials as duplicates too.")
    ] = False,
    rows: Annotated[
        bool, typer.Option("--rows", help="The rows behind the number, with file and record.")
    ] = False,
    excluded: Annotated[
        bool, typer.Option("--excluded", help="What is left out of the number, and why.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=10**9, help="Most rows to list with --rows, or of a worklist.")
    ] = 100,
    columns: Annotated[
        str | None,
        typer.Option(
            help="Of --rows or a study: few, all, or names with commas; few in a table, all in JSON"
            " and CSV."
        ),
    ] = None,
    of_metric: Annotated[
        str | None, typer.Option("--metric", help="Of a study: the metric it is about.")
    ] = None,
    period: Annotated[str | None, typer.Option(metavar=SPAN, help=f"Of a study: {DAYS}")] = None,
    before: Annotated[
        str | None, typer.Option(metavar=SPAN, help="Of rate_drivers: the days compared with.")
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar=SPAN, help="Of rate_drivers: the days explained.")
    ] = None,
    tolerance: Tolerance = None,
    strata: Annotated[
        list[str] | None,
        typer.Option(help="Of payer_comparison: dimensions whose mix is taken out."),
    ] = None,
    clock: Since = None,
    with_: own.With = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write to this file instead: .parquet, .csv or .xlsx."),
    ] = None,
    small_cells: SmallCells = None,
    reason: Reason = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Compute a metric (value and 95% interval, by any dimension, over time, filtered) or study."""
    if rows and excluded:
        raise typer.BadParameter("ask for --rows or for --excluded, not for both")
    check_form(as_json=as_json, as_csv=as_csv)
    cells = told(small_cells, reason, is_written=out is not None)
    options: dict[str, Any] = {"where": filters(where), "include_duplicates": include_duplicates}
    of_study: dict[str, Any] = {"metric": of_metric, "period": period, "before": before}
    of_study |= {"after": after, "strata": listed(strata) or None}
    if name in STUDIES:
        of_rows = {"rows": rows, "excluded": excluded, "clock": clock}
        of_rows |= {"tolerance": tolerance}
        asked = {**of_study, **options, **of_rows, "by": listed(by), "every": every}
        alone = own.of_study(name, STUDIES[name], own.asked(with_))
        asked = {**asked, "limit": limit, **alone}
        _show_study(database, name, asked, columns, out, cells, as_json=as_json, as_csv=as_csv)
        return
    studies.refuse(of_study, name)
    metric = within(_metric(name, clock), tolerance, name)
    given = own.asked(with_)
    if isinstance(metric, ModifierRate) and "modifier" in given:
        metric = metric.of(given.pop("modifier"))
    called = metric.rows if rows else metric.excluded if excluded else metric
    alone = own.of_metric(metric, given, called)
    with opened(database) as db:
        if rows:
            frame = metric.rows(db, limit=limit, **options, **alone)
            if len(frame) == limit:
                tell_if_cut(limit, metric.row_count(db, **options, **alone))
            whole = as_json or as_csv or out
            frame = chosen(frame, metric, columns or (None if whole else "few"))
        elif excluded:
            frame = metric.excluded(db, **options)
        else:
            frame = metric(db, listed(by), every=every, **options, **alone)  # pyright: ignore[reportArgumentType]
        as_of, code_map = db.as_of, db.code_map
        tell_if_stale(db)
        tell_if_other(db, name, by_time=every is not None)
        if out:
            file_metric(db, frame, out, metric, None if rows else cells)
            return
    plain = as_json or as_csv or rows or excluded
    write(frame if plain else in_unit(frame, metric), as_json=as_json, as_csv=as_csv)
    if not (as_json or as_csv or rows):
        typer.echo(f"\n{metric.title}: {metric.definition}  As of {as_of}.")
        typer.echo(f"Codes: {code_map}.")
    if options["where"] and not _matches(frame):
        typer.echo("no row matches the --where given", err=True)


@app.command("sql")
def sql(
    name: Name, by: By = None, every: Every = None, where: Where = None, clock: Since = None
) -> None:
    """Print the SQL of a metric; values are bound, as $names."""
    query = _metric(name, clock).query(listed(by), every=every, where=filters(where))  # pyright: ignore[reportArgumentType]
    typer.echo(query.sql + ";")
    for parameter, value in query.params.items():
        typer.echo(f"-- ${parameter} = {value!r}")


def _show_study(
    database: Path,
    name: str,
    asked: dict[str, Any],
    columns: str | None,
    out: Path | None,
    cells: suppression.Told | None,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    with opened(database) as db:
        frame = studies.computed(db, name, asked)
        if out:
            file_study(db, frame, out, name, studies.description(name), cells)
            return
        studies.tell(frame, name, columns, db.as_of, as_json=as_json, as_csv=as_csv)
        tell_if_stale(db)
        tell_if_other(db, name, by_time=True)


def _matches(frame: pl.DataFrame) -> bool:
    """Whether any row was counted or listed."""
    return bool(frame["n"].sum() if "n" in frame.columns else len(frame))


def _metric(name: str, clock: str | None = None) -> Metric:
    if name in STUDIES:
        raise AnalyticsError(f"{name} is a study of several queries: it has no SQL of its own")
    if name not in CATALOGUE:
        raise UnknownNameError("metric", name, [*CATALOGUE, *STUDIES])
    metric = CATALOGUE[name]
    return as_wait(metric, clock) if clock else metric  # pyright: ignore[reportArgumentType]


def _describe(metric: Metric, *, as_json: bool) -> None:
    names = ("name", "title", "definition", "unit", "better", "denominator", "date_basis")
    rows = [(n, str(getattr(metric, n))) for n in (*names, "source", "notes")]
    rows += [(f"with {name}", meaning) for name, meaning in metric.options.items()]
    rows += [(f"by {name}", meaning) for name, meaning in metric.dimensions.items()]
    if as_json:
        write(pl.DataFrame([dict(rows)]), as_json=True)
        return
    width = max(len(name) for name, _ in rows) + 2
    typer.echo("\n".join(f"{name:<{width}}{text}" for name, text in rows))
