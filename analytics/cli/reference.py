"""Commands for the maps of codes, payers and providers, and for published reference files."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from analytics import codes, reference
from analytics.cli.console import (
    DEFAULT_DATABASE,
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
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.published import KINDS, incomplete, load_published, published_rows, releases

maps = typer.Typer(no_args_is_help=True, help="Maps of codes and published files.")
app.add_typer(maps, name="reference")

Name = Annotated[str, typer.Argument(help=f"{', '.join((*reference.MAPS, *KINDS))}.")]
Shipped = Annotated[bool, typer.Option("--shipped", help="The one that comes with the library.")]


@maps.command("list")
def list_maps(
    database: DatabasePath = DEFAULT_DATABASE, as_json: AsJson = False, as_csv: AsCsv = False
) -> None:
    """List the maps and published files held, with their versions and days."""
    with opened(database) as db:
        published = releases(db).select(
            "effective_from", "effective_to", "file_name", "sha256",
            map_name="kind", code_count="row_count", version="release",
        )  # fmt: skip
        maps = reference.maps(db).join(published, on="map_name", how="anti")
        held = pl.concat([maps, published], how="diagonal_relaxed")
    write(held, as_json=as_json, as_csv=as_csv)


@maps.command("show")
def show_map(
    name: Name,
    code: Annotated[str | None, typer.Argument(help="Only the rows of this code.")] = None,
    database: DatabasePath = DEFAULT_DATABASE,
    unmapped: Annotated[
        bool, typer.Option("--unmapped", help="What arrived and the map does not name.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show a map or published table, one code of it, or what a map does not name, with dollars."""
    if unmapped and code:
        raise typer.BadParameter("ask for one code or for --unmapped, not for both")
    if name not in (known := (*reference.MAPS, *KINDS)):
        raise UnknownNameError("map or published table", name, known)
    if unmapped and name in KINDS:
        raise typer.BadParameter(f"{name} is a published table, no map: it takes no --unmapped")
    if name in KINDS:
        _show_published(name, code, database, as_json=as_json, as_csv=as_csv)
        return
    with opened(database) as db:
        rows = reference.unmapped_in(db, name) if unmapped else reference.rows(db, name)
    if code:
        key = rows.columns[0]
        rows = rows.filter(pl.col(key).str.to_uppercase() == code.strip().upper())
        if rows.is_empty():
            raise AnalyticsError(f"{name} has no code {code}")
    write(rows, as_json=as_json, as_csv=as_csv)


def _show_published(
    name: str, code: str | None, database: Path, *, as_json: bool, as_csv: bool
) -> None:
    with opened(database) as db:
        rows = published_rows(db, name, code)
    if rows.is_empty():
        missing = f"has no code {code}" if code else "is not loaded: load its published file"
        raise AnalyticsError(f"{name} {missing}")
    write(rows, as_json=as_json, as_csv=as_csv)


@maps.command("export")
def export_map(
    name: Name, database: DatabasePath = DEFAULT_DATABASE, shipped: Shipped = False
) -> None:
    """Write a map as CSV, to be edited and loaded; the shipped one where there is no database."""
    if shipped or not (database.exists() or name in reference.SIDE_MAPS):
        rows = reference.shipped(name)
    else:
        with opened(database) as db:
            rows = reference.rows(db, name)
    typer.echo(rows.write_csv(), nl=False)


@maps.command("load")
def load_map(
    what: Annotated[
        list[str],
        typer.Argument(help="Published files, or a map of codes and its CSV file."),
    ],
    database: DatabasePath = DEFAULT_DATABASE,
    shipped: Shipped = False,
    as_json: AsJson = False,
) -> None:
    """Load published files (MCE, ICD-10, NCCI, HCPCS, NUCC, MPFS), or replace a code map by a file.

    A published file is known by what is in it; releases stand side by side.  A map is replaced
    whole; one with a mistake is refused, with line and column.
    """
    if what[0] in reference.SIDE_MAPS:
        raise typer.BadParameter(f"name the file {what[0]}.csv and run `revcycle load` on it")
    if what[0] in codes.MAPS:
        _load_map(what[0], what[1:], database, shipped=shipped, as_json=as_json)
        return
    if shipped:
        raise typer.BadParameter("published files do not come with the library")
    kind = what[0] if what[0] in reference.PUBLISHED or what[0] in KINDS else None
    with opened_to_load(database) as db:
        loaded = load_published(db, what[1:] if kind else what, kind)
        lacking = incomplete(db)
    write(loaded, as_json=as_json)
    for kind, release, files in lacking.iter_rows():
        typer.echo(
            f"{kind} {release} checks nothing yet: a part of it is missing beside {files}", err=True
        )


def _load_map(name: str, files: list[str], database: Path, *, shipped: bool, as_json: bool) -> None:
    if len(files) != (0 if shipped else 1):
        raise typer.BadParameter("name a file, or ask for --shipped")
    file = None if shipped else Path(files[0])
    with opened_to_build(database) as db:
        version = reference.load_map(db, name, file)
        count = len(reference.rows(db, name))
    if as_json:
        write_json({"map_name": name, "version": version, "code_count": count})
        return
    source = file.name if file else "the library"
    typer.echo(f"{name}: {count:,} rows from {source}, version {version}; run revcycle build")
