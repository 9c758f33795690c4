"""Contracts as rows of the core table `contract`, and the terms back from such a row."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from analytics import schema
from analytics.contracts.contract import ContractYear
from analytics.contracts.terms import Terms

# Terms that are a number or a word: kept as text.
_WORDS = ("minimum_savings_rate", "minimum_loss_rate", "loss_rate")
_PLAIN = (
    "sides", "sharing_rate", "quality", "is_quality_met", "savings_cap", "loss_rate_floor",
    "loss_rate_ceiling", "loss_cap", "revenue_loss_cap", "revenue_amount", "loss_waived",
    "sequestration_rate",
)  # fmt: skip


def contract_rows(years: Iterable[ContractYear], first_record: int = 1) -> pl.DataFrame:
    """One row per contract and year, with the columns of the core table `contract`."""
    kinds = {n: k for n, k in schema.polars_schema("contract").items() if n != "file_id"}
    rows = [
        {"record_no": record, **_row(one)} for record, one in enumerate(years, start=first_record)
    ]
    return pl.DataFrame(rows, schema=kinds)


def terms_of(row: Mapping[str, Any]) -> Terms:
    """The terms in a row of `contract`, or of a fact that has its columns."""
    told = {name: row[name] for name in (*_WORDS, *_PLAIN) if name != "sequestration_rate"}
    return Terms(
        **told,
        sequestration=row["sequestration_rate"],
        performance_year=row["performance_year"],
        name=row["contract_name"],
    )


def _row(one: ContractYear) -> dict[str, Any]:
    terms = one.terms
    return {
        "contract_name": one.name,
        "performance_year": one.year,
        "payer_name": one.payer_name,
        "line_of_business": one.line_of_business,
        "member_basis": one.members,
        "expenditure_basis": one.expenditure,
        "excluded_services": ",".join(one.excluded_services) or None,
        "benchmark_amount": one.benchmark_amount,
        "benchmark_per_person_year": one.benchmark_per_person_year,
        "beneficiaries": one.beneficiaries,
        **{name: _text(getattr(terms, name)) for name in _WORDS},
        **{name: getattr(terms, name) for name in _PLAIN},
    }


def _text(rate: Decimal | str | None) -> str | None:
    return f"{rate.normalize():f}" if isinstance(rate, Decimal) else rate
