"""Commands for the maps: what a code, payer or provider means to the metrics."""

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
    write,
    write_json,
)
from analytics.errors import AnalyticsError

maps = typer.Typer(no_args_is_help=True, help="Show, export and replace the maps of codes.")
app.add_typer(maps, name="reference")

Name = Annotated[str, typer.Argument(help=f"{', '.join(reference.MAPS)}.")]
CodeMap = Annotated[str, typer.Argument(help=f"{', '.join((*codes.MAPS, *reference.PUBLISHED))}.")]
Shipped = Annotated[bool, typer.Option("--shipped", help="The one that comes with the library.")]


@maps.command("list")
def list_maps(
    database: DatabasePath = DEFAULT_DATABASE, as_json: AsJson = False, as_csv: AsCsv = False
) -> None:
    """List the maps held, with their versions and files."""
    with opened(database) as db:
        write(reference.maps(db), as_json=as_json, as_csv=as_csv)


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
    """Show a map, one code of it, or what it does not name, with counts and dollars."""
    if unmapped and code:
        raise typer.BadParameter("ask for one code or for --unmapped, not for both")
    with opened(database) as db:
        rows = reference.unmapped_in(db, name) if unmapped else reference.rows(db, name)
    if code:
        key = rows.columns[0]
        rows = rows.filter(pl.col(key).str.to_uppercase() == code.strip().upper())
        if rows.is_empty():
            raise AnalyticsError(f"{name} has no code {code}")
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
    name: CodeMap,
    file: Annotated[Path | None, typer.Argument(help="A CSV file, as `export` writes it.")] = None,
    database: DatabasePath = DEFAULT_DATABASE,
    shipped: Shipped = False,
    as_json: AsJson = False,
) -> None:
    """Replace a code map by a file, whole; one with a mistake is refused, with line and column."""
    if (file is None) != shipped:
        raise typer.BadParameter("name a file, or ask for --shipped")
    if name in reference.SIDE_MAPS:
        raise typer.BadParameter(f"name the file {name}.csv and run `revcycle load {name}.csv`")
    with opened_to_build(database) as db:
        version = reference.load_map(db, name, file)
        count = len(reference.rows(db, name))
    if as_json:
        write_json({"map_name": name, "version": version, "code_count": count})
        return
    source = file.name if file else "the library"
    typer.echo(f"{name}: {count:,} rows from {source}, version {version}; run revcycle build")
