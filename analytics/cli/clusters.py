"""What a command does on Spark (`--engine`) in a folder of tables, in place of a database file."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.cli.console import DEFAULT_DATABASE
from analytics.engines import Spark
from analytics.engines.opening import placed
from analytics.engines.sessions import session
from analytics.errors import NotBuiltError
from analytics.load_report import LoadReport

Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        envvar="REVCYCLE_ENGINE",
        metavar="URL",
        help="Run on Spark, in a folder of tables: local[2], spark://HOST:PORT or sc://HOST:PORT"
        " (Connect).  Needs the extra `spark`; see docs/spark.md.",
    ),
]
Place = Annotated[
    str,
    typer.Option(
        "--database",
        "-d",
        envvar="REVCYCLE_DATABASE",
        help="The DuckDB file, or with --engine the folder of tables: a path or URL of the"
        " cluster's.  The key of a file, if any, is that of REVCYCLE_KEY or REVCYCLE_KEY_FILE.",
    ),
]
DEFAULT_PLACE = str(DEFAULT_DATABASE)


def build_there(
    engine: str,
    place: str,
    as_of: dt.date | None,
    *,
    only: Collection[str] | None,
    if_needed: bool = False,
    aside: bool = False,
) -> None:
    """Build the facts of a folder and say so."""
    folder = placed(place, engine)
    with session(engine) as running:
        spark = Spark(running)
        if if_needed and (there := _fresh(spark, folder, as_of)):
            typer.echo(there)
            return
        built = spark.build(folder, as_of, only=only)
        told = f"facts built as of {built.as_of}" if built.as_of else "facts built, all empty"
        typer.echo(told, err=aside)


def load_there(engine: str, place: str, paths: list[Path], **options: Any) -> LoadReport:
    """Load files into a folder, in the tasks of the cluster."""
    folder = placed(place, engine)
    with session(engine) as running:
        return Spark(running).load(paths, folder, **options)


def _fresh(spark: Spark, folder: str, as_of: dt.date | None) -> str | None:
    """What to say where the facts are those that a build would make."""
    spark.check(folder)
    try:
        db = spark.open(folder)
    except NotBuiltError:
        return None
    is_so = db.is_fresh and db.as_of == (as_of or spark.newest(db))
    return f"facts are up to date, as of {db.as_of}" if is_so else None
