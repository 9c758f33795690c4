"""Contracts that share savings out of an extract: a row a year, held to what a contract file is.

Part of a contract is none, so a file with a mistake is refused whole.
"""

from collections.abc import Mapping
from typing import Any

import duckdb

from analytics import contracts
from analytics.duck import keep
from analytics.errors import UnknownNameError, UnreadableFileError
from analytics.extracts.sql import insert
from analytics.extracts.stage import TABLE, Stage

_FORMED = "extract_formed_contract"
_MOST = 10_000  # rows; a file of more is another file
# Where a contract file says it by another name.
_KEYS = {
    "contract_name": "name",
    "member_basis": "members",
    "expenditure_basis": "expenditure",
    "sequestration_rate": "sequestration",
}
_WORDS = ("sides", "members", "expenditure", "track", "minimum_savings_rate", "minimum_loss_rate",
          "loss_rate")  # fmt: skip


def check(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """Make the contracts of the rows.  Raises `UnreadableFileError`, which says what to mend."""
    _refuse_faulty(connection, stage)
    names = {f.column: f.name for f in stage.layout.of("contract")}
    cells = ", ".join(f"{name} AS {ours}" for ours, name in names.items())
    rows = connection.sql(f"SELECT no, {cells} FROM {stage.sound} ORDER BY no").pl()
    if len(rows) > _MOST:
        raise UnreadableFileError(f"more than {_MOST:,} rows of contracts: a row is a year of one")
    years = [_year(row) for row in rows.to_dicts()]
    told = [(one.name, one.year) for one in years]
    again = next((no for no, one in enumerate(told) if one in told[:no]), None)
    if again is not None:
        _refuse(rows["no"][again], "the contract has this year in a row before it: keep one")
    frame = contracts.contract_rows(years).drop("record_no")
    keep(connection, _FORMED, frame.with_columns(rows["no"].alias("record_no")))


def statement(file: int) -> str:
    """What appends them."""
    names = contracts.contract_rows(()).columns
    said = {"file_id": str(file)} | {name: f"f.{name}" for name in names}
    return insert("contract", said, f"{_FORMED} AS f")


def refuse_ragged() -> None:
    """Raise where rows could not be taken apart."""
    raise UnreadableFileError(
        "rows of it have more or fewer cells than its header, and part of a contract is none: "
        "mend them"
    )


def _refuse_faulty(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    apart = (*stage.faults.of("row_blank", "row_trailer", "row_not_mapped"), 0)
    found = connection.execute(
        f"SELECT {stage.no} AS no, fault FROM {TABLE} "
        f"WHERE fault NOT IN ({', '.join(map(str, apart))}) ORDER BY no LIMIT 1"
    ).fetchall()
    for no, number in found:
        fault = stage.faults.known[int(number) - 1]
        said = "is empty" if fault.rule == "value_missing" else "cannot be read"
        hint = "; shares are written as 0.5, without %" if fault.rule.startswith("quantity") else ""
        _refuse(no, f"column {fault.column} {said}{hint}")


def _year(row: Mapping[str, Any]) -> contracts.ContractYear:
    """The year that a row tells of."""
    given = {_KEYS.get(name, name): value for name, value in row.items() if value is not None}
    given |= {name: str(given[name]).lower() for name in _WORDS if name in given}
    if "excluded_services" in given:
        services = str(given["excluded_services"]).replace(";", ",").replace("|", ",").split(",")
        given["excluded_services"] = [one.strip().lower() for one in services if one.strip()]
    no, year = given.pop("no"), given.pop("performance_year")
    try:
        return contracts.contract_year(year, given)
    except contracts.ContractError as error:
        return _refuse(no, str(error).split("; it is ")[0])  # what it is, is a cell of the file
    except UnknownNameError as error:
        return _refuse(no, error.expected)


def _refuse(no: int, said: str) -> Any:
    raise UnreadableFileError(
        f"row {no}: {said}. Part of a contract is none, so nothing of the file is loaded"
    )
