"""Commands for value-based care: risk scores from CSV files, and a contract's year settled."""

import sys
import warnings
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from analytics import cells, contracts
from analytics import risk as scoring
from analytics.cli.console import AsCsv, AsJson, app, check_form, write, write_json
from analytics.errors import UnreadableFileError

_PEOPLE = "CSV with person_id, age, sex, orec, dual (and institutional, new_enrollee, segment ...)."


_CONTRACT = "A TOML file of terms, or a track: track_1, basic_a to basic_e, enhanced ..."


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
    benchmark: Annotated[str, typer.Option("--benchmark", help="Dollars expected, as 1234.50.")],
    expenditure: Annotated[str, typer.Option("--expenditure", help="Dollars spent, as 1234.50.")],
    beneficiaries: Annotated[
        int | None, typer.Option("--beneficiaries", help="People assigned; a track needs it.")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="Performance year; a track needs it.")
    ] = None,
    quality: Annotated[
        str | None, typer.Option("--quality", help="Quality, as a share of 1: 0.9.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Settle a year of a contract that shares savings and losses: what is earned or owed."""
    changed = {"performance_year": year, "quality": quality}
    said = {name: value for name, value in changed.items() if value is not None}
    # A name with a dot or a folder in it is no track.
    is_file = bool(Path(contract).suffix or Path(contract).parent.name) or Path(contract).exists()
    terms = (contracts.read_terms if is_file else contracts.mssp_terms)(contract, **said)
    settled = asdict(contracts.shared_savings(benchmark, expenditure, beneficiaries, terms))
    if as_json:
        write_json(settled)
        return
    for name, value in settled.items():
        typer.echo(f"{name:20} {_said(value)}")


def _said(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, Decimal | int) else str(value)


def _read(path: Path) -> pl.DataFrame:
    """A CSV file as plain text."""
    try:
        return cells.read(path.read_bytes(), str(path)).drop(cells.LINE)
    except FileNotFoundError:
        raise UnreadableFileError(f"{path} is not there") from None
    except OSError:
        raise UnreadableFileError(f"{path} cannot be read") from None
