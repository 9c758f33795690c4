"""Commands for value-based care: risk scores from CSV files, and a contract's year settled."""

import sys
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from analytics import cells, contracts, metrics
from analytics import risk as scoring
from analytics.cli.console import (
    DEFAULT_DATABASE,
    FINDINGS,
    AsCsv,
    AsJson,
    DatabasePath,
    app,
    check_form,
    opened,
    tell_if_stale,
    write,
    write_json,
)
from analytics.errors import AnalyticsError, UnreadableFileError

_PEOPLE = "CSV with person_id, age, sex, orec, dual (and institutional, new_enrollee, segment ...)."


_CONTRACT = (
    "The name of a contract in the database; with --benchmark and --expenditure a TOML file of"
    " terms, or a track: track_1, basic_a to basic_e, enhanced ..."
)
_SCOPES = {"to_date": "so far", "year_end": "as the year is likely to end"}
_HEAD = ("contract_name", "payer_name", "line_of_business", "year", "scope")
_NOT_SETTLED = (
    "a year without earned_amount cannot be settled yet: no members of its cover, less than three"
    " months of claims, or claims without a day on which they were known"
)
_UNPRICED = (
    "unpriced_amount was paid on claims of which no amount allowed was told: they count as nothing"
    ' here, so savings look larger; the contract may say expenditure = "paid"'
)


@app.command("risk")
def risk(
    people: Annotated[Path, typer.Argument(help=_PEOPLE)],
    diagnoses: Annotated[Path, typer.Argument(help="CSV with person_id, diagnosis_code.")],
    model: Annotated[str, typer.Option("--model", help="V28 or V24.")] = "V28",
    segment: Annotated[
        str | None, typer.Option("--segment", help="One for all: CNA, INS ...")
    ] = None,
    tables: Annotated[Path | None, typer.Option("--tables", help="Folder of CMS's tables.")] = None,
    factors: Annotated[
        bool, typer.Option("--factors", help="What each score adds up from, one row a factor.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Score people by CMS-HCC: payment HCCs and raw risk score.  Exits 1 where rows were amiss."""
    check_form(as_json=as_json, as_csv=as_csv)
    given: Any = (_read(people), _read(diagnoses), model)
    options: Any = {"segment": segment, "tables": tables}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", scoring.HccWarning)  # said below, in full
        compute = scoring.hcc_factors if factors else scoring.hcc_scores
        found = compute(*given, **options)
    if "hccs" in found.columns and not as_json:
        found = found.with_columns(pl.col("hccs").list.join(" "))
    write(found, as_json=as_json, as_csv=as_csv)
    findings = scoring.hcc_findings(*given, **options)
    for _, rows, effect in findings.iter_rows():
        typer.echo(f"{rows:,} {effect}", err=True)
    if len(findings):
        sys.exit(1)


@app.command("settle")
def settle(
    contract: Annotated[str, typer.Argument(help=_CONTRACT)],
    benchmark: Annotated[
        str | None, typer.Option("--benchmark", help="Dollars expected, as 1234.50.")
    ] = None,
    expenditure: Annotated[
        str | None, typer.Option("--expenditure", help="Dollars spent, as 1234.50.")
    ] = None,
    beneficiaries: Annotated[
        int | None, typer.Option("--beneficiaries", help="People assigned; a track needs it.")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="Performance year; a track needs it.")
    ] = None,
    quality: Annotated[
        str | None, typer.Option("--quality", help="Quality, as a share of 1: 0.9.")
    ] = None,
    trend: Annotated[
        float | None,
        typer.Option(
            "--trend", help="Of a database: trend of months to come, 0.05 for 5 % a year."
        ),
    ] = None,
    database: DatabasePath = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Settle a year of a contract that shares savings and losses: what is earned or owed.

    Of plain numbers, or of a contract in a database: its year so far, and as it is likely to end.
    Exits 1 where a year cannot be settled yet.
    """
    alone = {"--beneficiaries": beneficiaries, "--quality": quality}
    if benchmark is None and expenditure is None:
        _refuse(alone, "goes with --benchmark and --expenditure: a loaded contract says it")
        _settle_loaded(database, contract, year, trend, as_json=as_json)
        return
    if benchmark is None or expenditure is None:
        missing = "--benchmark" if benchmark is None else "--expenditure"
        raise typer.BadParameter(f"{missing} is missing: --benchmark and --expenditure go together")
    _refuse({"--trend": trend}, "is of contracts in a database: leave out the amounts")
    changed = {"performance_year": year, "quality": quality}
    said = {name: value for name, value in changed.items() if value is not None}
    # A name with a dot or a folder in it is no track.
    is_file = bool(Path(contract).suffix or Path(contract).parent.name) or Path(contract).exists()
    terms = (contracts.contract_terms if is_file else contracts.mssp_terms)(contract, **said)
    settled = asdict(contracts.shared_savings(benchmark, expenditure, beneficiaries, terms))
    if as_json:
        write_json(settled)
        return
    _tell(settled)


def _refuse(options: Mapping[str, Any], why: str) -> None:
    for name, value in options.items():
        if value is not None:
            raise typer.BadParameter(f"{name} {why}")


def _settle_loaded(
    database: Path, contract: str, year: int | None, trend: float | None, *, as_json: bool
) -> None:
    """The years of a loaded contract, each to date and at its end."""
    with opened(database) as db:
        frame = metrics.shared_savings(db, contract, trend=trend)
        tell_if_stale(db)
        as_of = db.as_of
    if year is not None:
        frame = frame.filter(pl.col("year").dt.year() == year)
    if frame.is_empty():
        raise AnalyticsError(f"the contract has no year {year}")
    rows = frame.to_dicts()
    if as_json:
        write_json(rows)
    else:
        for row in rows:
            typer.echo(f"{contract}, {row['year'].year}, {_SCOPES[row['scope']]} (as of {as_of})")
            _tell({name: value for name, value in row.items() if name not in _HEAD})
            typer.echo("")
    if (frame["unpriced_amount"] > 0).any():
        typer.echo(_UNPRICED, err=True)
    if frame["earned_amount"].null_count():
        typer.echo(_NOT_SETTLED, err=True)
        sys.exit(FINDINGS)


def _tell(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        typer.echo(f"{name:20} {_said(value)}")


def _said(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4f}"
    return f"{value:,}" if isinstance(value, Decimal | int) else str(value)


def _read(path: Path) -> pl.DataFrame:
    """A CSV file as plain text."""
    try:
        return cells.read(path.read_bytes(), str(path)).drop(cells.LINE)
    except FileNotFoundError:
        raise UnreadableFileError(f"{path} is not there") from None
    except OSError:
        raise UnreadableFileError(f"{path} cannot be read") from None
