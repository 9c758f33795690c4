"""What all commands share: the app, its options, and how tables, JSON and errors look."""

import csv
import datetime as dt
import io
import json
import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NoReturn

import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from analytics import __version__
from analytics.cells import FORMULA
from analytics.connection import remove
from analytics.database import Database
from analytics.deidentifying import beware
from analytics.errors import DatabaseError
from analytics.keys import key_given

FINDINGS, UNUSABLE = 1, 2

# Whether a load brought anything: a file of claims or a published one.
_HELD = """
SELECT 1 FROM source_file WHERE format <> 'unreadable'
UNION ALL
SELECT 1 FROM reference_file
LIMIT 1
"""
_PLACE = ("file_name", "record_no")  # lead to a record: never broken over lines
_NARROW = 10  # letters that another column needs to be read
_UNCUT = 100_000  # letters in a line


class _Commands(TyperGroup):
    """Ends quietly where the reader of the output, such as `head`, has seen enough."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command, and hand over all that it wrote."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            # What is still held back is written at exit: to nowhere, or Python would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(0) from None


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command: this would end with exit code 1."""
        raise BrokenPipeError


app = typer.Typer(
    name="revcycle",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Find out why money billed to payers does not arrive.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

DatabasePath = Annotated[
    Path,
    typer.Option(
        "--database",
        "-d",
        envvar="REVCYCLE_DATABASE",
        help="The DuckDB file.  Its key, if any, is that of REVCYCLE_KEY or REVCYCLE_KEY_FILE.",
    ),
]
DEFAULT_DATABASE = Path("revcycle.duckdb")
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV.")]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"revcycle {__version__}")
        raise typer.Exit


@app.callback()
def common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of every command."""


def fail(message: str) -> NoReturn:
    """Say what is wrong in one line, and exit with 2."""
    typer.echo(f"revcycle: {message}", err=True)
    raise SystemExit(UNUSABLE)


def opened(path: Path, *, read_only: bool = True, reads: Iterable[Path] = ()) -> Database:
    """The database at this path; its SQL reaches no other file, but those in these folders."""
    db = Database(path, key=key_given(), read_only=read_only)
    db.lock_down(reads=reads)
    return db


@contextmanager
def opened_to_load(path: Path, reads: Iterable[Path] = ()) -> Generator[Database]:
    """The database at this path, made where there is none; taken away again if it stays empty."""
    is_new, is_empty = not path.exists(), False
    try:
        with opened(path, read_only=False, reads=reads) as db:
            try:
                yield db
            finally:
                is_empty = not len(db.sql(_HELD))
    finally:
        if is_new and is_empty:
            remove(path)


def tell_if_stale(db: Database) -> None:
    """Say so where the facts are not those of what is loaded."""
    if not db.is_fresh:
        typer.echo(
            "the facts are not all, or not of all that is loaded (files, maps): run revcycle build",
            err=True,
        )


def tell_if_other(db: Database, name: str, *, by_time: bool) -> None:
    """Say so where a number of a de-identified copy is not that of the original."""
    if said := beware(db, name, by_time=by_time):
        typer.echo(said, err=True)


def opened_to_build(path: Path) -> Database:
    """The database at this path, which must be there."""
    if not path.exists():
        raise DatabaseError(f"no database at {path}: load files into it first")
    return opened(path, read_only=False)


def check_form(*, as_json: bool, as_csv: bool) -> None:
    """Raise where two forms are asked for at once."""
    if as_json and as_csv:
        raise typer.BadParameter("ask for --json or for --csv, not for both")


def write(frame: pl.DataFrame, *, as_json: bool = False, as_csv: bool = False) -> None:
    """Write a frame to standard output: as a table, JSON (a list of objects) or CSV."""
    check_form(as_json=as_json, as_csv=as_csv)
    if as_json:
        write_json(frame.to_dicts())
    elif as_csv:
        _write_csv(frame)
    else:
        _write_table(frame)


def write_json(value: Any) -> None:
    """Write JSON: amounts as text, so that no cent is lost, and dates as ISO text."""
    typer.echo(json.dumps(value, indent=2, default=_json_value))


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal | dt.date):
        return str(value)
    raise TypeError(type(value).__name__)


def _write_csv(frame: pl.DataFrame) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([_inert(value) for value in row] for row in frame.iter_rows())
    typer.echo(out.getvalue(), nl=False)


def _inert(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula, made harmless."""
    is_formula = isinstance(value, str) and value[:1] != "" and value[:1] in FORMULA
    return f"'{value}" if is_formula else value


def _write_table(frame: pl.DataFrame) -> None:
    console = _Console()
    wide = not sys.stdout.isatty() or _least_width(frame) > console.width
    if wide:  # lines run on
        console = _Console(width=_UNCUT)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, dtype in frame.schema.items():
        justify = "right" if dtype.is_numeric() else "left"
        table.add_column(name, justify=justify, no_wrap=wide or name in _PLACE, overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(_shown(*cell) for cell in zip(frame.columns, row, strict=True)))
    console.print(table)
    if not len(frame):
        console.print("no rows")


def _least_width(frame: pl.DataFrame) -> int:
    """Letters in a line of a table that can be read."""
    places = [frame[name].cast(pl.String).str.len_chars().max() for name in _PLACE if name in frame]
    needed = [int(length) + 4 for length in places if isinstance(length, int)]
    return sum(needed) + _NARROW * (frame.width - len(places))


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith(("_id", "_year")):  # to look up, not to add up
        return str(value)
    if isinstance(value, float):
        return f"{value:,.2f}" if name.endswith("_amount") else f"{value:,.4f}"
    if isinstance(value, Decimal):
        return f"{value:,f}"  # as many decimals as its type has
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("[", r"\[")
