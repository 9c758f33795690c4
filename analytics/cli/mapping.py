"""`revcycle map`: a column map proposed from a file, and what a map would load."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from analytics.cli.console import FINDINGS, UNUSABLE, AsJson, app, write, write_json
from analytics.errors import AnalyticsError
from analytics.proposing import Proposal, propose
from analytics.trial import Trial, try_map

Files = Annotated[
    list[Path],
    typer.Argument(help="An extract: delimited text, Parquet or .xlsx.  Several with --check."),
]


@app.command("map")
def map_columns(
    files: Files,
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="MAP", help="The map to write; named after the file.")
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(metavar="MAP", help="Tell what this map would load and reject instead."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Propose a column map for an extract, or tell what a map would load and reject.

    Shows names of columns and shapes of cells, never a cell.  Exit code 1 if something is to be
    looked at.
    """
    if check is not None:
        if out or sheet:
            raise typer.BadParameter("--check takes neither --out nor --sheet: the map says it")
        _check(check, files, as_json=as_json)
    elif len(files) > 1:
        raise typer.BadParameter("name one file: a map is proposed for files of one kind")
    else:
        _propose(files[0], sheet, out, as_json=as_json)


def _propose(file: Path, sheet: str | None, out: Path | None, *, as_json: bool) -> None:
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
        source = proposal.sampled.source.path
        yield f"{target}: edit it, then revcycle map --check {target} {source}"


def _check(column_map: Path, files: list[Path], *, as_json: bool) -> None:
    trial = try_map(column_map, files, progress=False if as_json else None)
    if as_json:
        write_json(trial.to_dict())
    else:
        _write_trial(trial)
    if not trial.is_readable:
        raise typer.Exit(UNUSABLE)
    if not trial.is_clean:
        raise typer.Exit(FINDINGS)


def _write_trial(trial: Trial) -> None:
    for file in trial.report.files:
        counts = f"{file.extract_rows:,} would load, {file.rejected:,} would be kept out"
        typer.echo(f"{file.name}: {file.problem or f'{file.records:,} rows, {counts}'}")
    for name in trial.unnamed:
        typer.echo(f"{name}: no pattern of the map names it")
    for frame in (trial.loaded, trial.rejected):
        if len(frame):
            typer.echo("")
            write(frame)
