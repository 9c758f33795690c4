"""`revcycle map`: a column map proposed from a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from analytics.cli.console import FINDINGS, AsJson, app, write, write_json
from analytics.errors import AnalyticsError
from analytics.proposing import Proposal, propose

MapFile = Annotated[
    Path | None, typer.Option("--out", metavar="MAP", help="The map to write; named after FILE.")
]


@app.command("map")
def map_columns(
    file: Annotated[Path, typer.Argument(help="An extract: delimited text, Parquet or .xlsx.")],
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    out: MapFile = None,
    as_json: AsJson = False,
) -> None:
    """Propose a column map for an extract, to be edited.  Exit code 1 if something is to be told.

    Reads the first rows and shows names of columns and shapes of cells, never a cell.
    """
    proposal = propose(file, sheet=sheet)
    target = out or (None if as_json else Path(f"{proposal.file_name}.toml"))
    if target is not None:
        _save(proposal, target)
    if as_json:
        write_json(proposal.to_dict())
    else:
        write(proposal.table().with_columns(pl.col("confidence").cast(pl.Decimal(3, 2))))
        typer.echo("\n".join(_told(proposal, target)))
    if proposal.missing or proposal.findings:
        raise typer.Exit(FINDINGS)


def _save(proposal: Proposal, target: Path) -> None:
    """Write the map, over no other: one may have been edited."""
    try:
        with target.open("x", encoding="utf-8") as stream:
            stream.write(proposal.toml)
    except FileExistsError:
        raise AnalyticsError(f"{target} is there already: name another with --out") from None


def _told(proposal: Proposal, target: Path | None) -> Iterator[str]:
    """What to look at, after the table."""
    yield ""
    yield f"a row is one {proposal.shape.grain}: {proposal.shape.why}"
    yield from (f"look at {finding}" for finding in proposal.findings)
    yield from (f"missing: {name}" for name in proposal.missing)
    if target is not None:
        yield f"{target}: edit it, then revcycle map --check {target} FILES"
