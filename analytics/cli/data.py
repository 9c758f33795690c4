"""Commands that bring data in and show what came: sample, load, build, files, rejected, check."""

from pathlib import Path
from typing import Annotated, Any

import typer

from analytics import sample
from analytics.cli.building import AsOf, build_and_say, facts_of
from analytics.cli.checking import Check, check_file
from analytics.cli.clusters import DEFAULT_PLACE, Engine, Place, build_there, load_there
from analytics.cli.console import (
    DEFAULT_DATABASE,
    FINDINGS,
    UNUSABLE,
    AsCsv,
    AsJson,
    DatabasePath,
    app,
    opened,
    opened_to_build,
    opened_to_load,
    write,
    write_json,
)
from analytics.cli.prebilling import edited, edits_dict
from analytics.cli.verdicts import summary, to_dict, written
from analytics.errors import AnalyticsError
from analytics.extracts.copies import folders_read
from analytics.feeding import feed_of
from analytics.ingest import side
from analytics.ingest.files import find
from analytics.loader import load
from analytics.prebilling import Prebill, prebill
from analytics.progress import shown

Paths = Annotated[
    list[Path], typer.Argument(help="Files, folders or globs; .gz and .zip are opened.")
]


@app.command("sample")
def make_sample(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where to write the files.")],
    claims: Annotated[int, typer.Option(min=1, help="How many claims.")] = 3000,
    months: Annotated[int, typer.Option(min=1, help="Over how many months.")] = 14,
    seed: Annotated[int, typer.Option(help="Same seed, same files.")] = 7,
) -> None:
    """Write a synthetic sample: X12 files, side tables, and the right answers."""
    with shown("making", None) as bar:
        made = sample.write(
            folder, claims=claims, months=months, seed=seed, progress=lambda n, of: bar(n, of, "")
        )
    typer.echo(
        f"{len(made.files)} files, {made.claims:,} claims, {made.remit_claims:,} claim payments, "
        f"{made.byte_count / 1e6:.1f} MB in {made.folder}"
    )


@app.command("load")
def load_files(
    paths: Paths,
    database: Place = DEFAULT_PLACE,
    strict: Annotated[
        bool, typer.Option("--strict", help="Reject transaction sets that do not balance.")
    ] = False,
    include_test: Annotated[
        bool, typer.Option("--include-test", help="Load interchanges marked as tests.")
    ] = False,
    column_map: Annotated[
        Path | None,
        typer.Option("--map", dir_okay=False, help="Column map of your own extracts (TOML)."),
    ] = None,
    accept_columns: Annotated[
        bool,
        typer.Option("--accept-columns", help="Take extracts whose columns changed as they are."),
    ] = False,
    build: Annotated[bool, typer.Option("--build", help="Build the facts afterwards.")] = False,
    engine: Engine = None,
    as_json: AsJson = False,
) -> None:
    """Load X12, side tables, feeds and, by --map, extracts.  Exit code 1 if any was kept out."""
    options: dict[str, Any] = {
        "strict": strict,
        "include_test": include_test,
        "map": column_map,
        "accept_columns": accept_columns,
    }
    if engine:
        report = load_there(engine, database, paths, **options)
        if build:
            build_there(engine, database, None, only=None, aside=as_json)
    else:
        with opened_to_load(Path(database), folders_read(paths) if column_map else ()) as db:
            report = load(db, paths, **options, progress=False if as_json else None)
            if build:
                build_and_say(db, None, aside=as_json)
    if as_json:
        write_json(report.to_dict())
    else:
        typer.echo(str(report))
    if all(file.status == "unreadable" for file in report.files):
        raise typer.Exit(UNUSABLE)
    if not (report.is_clean and report.is_balanced):
        raise typer.Exit(FINDINGS)


@app.command("build")
def build_facts(
    database: Place = DEFAULT_PLACE,
    as_of: AsOf = None,
    if_needed: Annotated[
        bool,
        typer.Option("--if-needed", help="Only when they are of other files or another day."),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="NAME",
            help="Only the facts or metrics named (commas for several), with what they need; all"
            " other facts are dropped.",
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="All facts of all records, not only what hangs together with new ones."
        ),
    ] = False,
    engine: Engine = None,
) -> None:
    """Build the facts that metrics read.  Run it after loading.

    Where that is enough, only what hangs together with new files is made anew; the facts are the
    same with --full, which is needed after rows were changed by SQL.  On Spark all are made anew.
    """
    if engine:
        build_there(engine, database, as_of, only=facts_of(only), if_needed=if_needed)
        return
    with opened_to_build(Path(database)) as db:
        oldest, newest = db.span
        if as_of and oldest and as_of < oldest:
            raise AnalyticsError(f"nothing stands as of {as_of}: the data begin on {oldest}")
        if if_needed and db.is_fresh and db.as_of == (as_of or newest):
            typer.echo(f"facts are up to date, as of {db.as_of}")
            return
        build_and_say(db, as_of, only=facts_of(only), full=full)


@app.command("files")
def files(
    database: DatabasePath = DEFAULT_DATABASE, as_json: AsJson = False, as_csv: AsCsv = False
) -> None:
    """List the files that were loaded, with their counts and totals."""
    with opened(database) as db:
        frame = db.sql(
            "SELECT file_id, file_name, format, byte_count, record_count, claim_count, "
            "claim_line_count, remit_claim_count, acknowledgement_count, billed_amount, "
            "paid_amount, rejected_count, CAST(loaded_at AS VARCHAR) AS loaded_at "
            "FROM source_file ORDER BY file_id"
        )
    write(frame, as_json=as_json, as_csv=as_csv)


@app.command("rejected")
def rejected(
    database: DatabasePath = DEFAULT_DATABASE,
    each: Annotated[bool, typer.Option("--each", help="Every record, not counts by rule.")] = False,
    warnings: Annotated[
        bool, typer.Option("--warnings", help="Also records that were loaded with a finding.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show what was kept out, and why.  Records are named by position, never by content."""
    shown = "file_name, record_no, table_name, severity, rule, column_name, reason"
    counted = (
        "SELECT severity, rule, table_name, reason, count(*) AS records, "
        "count(DISTINCT file_id) AS files FROM rejected WHERE severity = 'rejected' OR $warnings "
        "GROUP BY 1, 2, 3, 4 ORDER BY 1, 5 DESC, 2, 3"
    )
    listed = (
        f"SELECT {shown} FROM rejected JOIN source_file USING (file_id) "
        "WHERE severity = 'rejected' OR $warnings ORDER BY file_id, record_no, table_name"
    )
    with opened(database) as db:
        frame = db.sql(listed if each else counted, warnings=warnings)
    write(frame, as_json=as_json, as_csv=as_csv)


@app.command("check")
def check(
    paths: Paths,
    include_test: Annotated[
        bool, typer.Option("--include-test", help="Check interchanges marked as tests too.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="How many places to name of each kind.")] = 10,
    edits: Annotated[
        bool,
        typer.Option(
            "--edits",
            help="Edit the claims of 837 files too, by the tables and past denials of --database.",
        ),
    ] = False,
    database: DatabasePath = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Read and balance files without loading them.  Exit code 1 if anything is found."""
    checks: list[Check] = []
    edit_texts: list[dict[str, Any]] = []
    sources = find(list(paths))
    found = _edited(paths, database, include_test=include_test) if edits and sources else None
    for source in sources:
        if (feed := feed_of(source)) or (source.kind == ".csv" and side.table_of(source.name)):
            kind = f"claims feed ({feed.name})" if feed else "side table"
            said = [f"{source.name}: {kind}, not checked"]
        else:
            checks.append(check_file(source, include_test=include_test, most=most))
            said = list(written(checks[-1]))
            if found and not checks[-1].problem:
                said += edited(found, of_file := source.sha256())
                edit_texts.append({"edits": edits_dict(found, of_file)})
            else:
                edit_texts.append({})
        if not as_json:
            typer.echo("\n".join(said) + "\n")
    if as_json:
        write_json([to_dict(c) | more for c, more in zip(checks, edit_texts, strict=True)])
    elif len(checks) > 1:
        typer.echo(summary(checks))
    if not sources:
        typer.echo("no files found", err=True)
    if not sources or (checks and all(c.problem for c in checks)):
        raise typer.Exit(UNUSABLE)
    is_broken = found is not None and bool((found.lines["edits"].list.len() > 0).any())
    if is_broken or not all(c.is_clean for c in checks):
        raise typer.Exit(FINDINGS)


def _edited(paths: list[Path], database: Path, *, include_test: bool) -> Prebill:
    with opened(database) as db:
        return prebill(db, list(paths), include_test=include_test)
