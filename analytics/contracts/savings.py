"""What a year under a contract comes to: savings or losses, and what is paid of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias, cast, overload

import polars as pl

from analytics.connection import connect
from analytics.contracts.terms import CMS_TABLE, COMPLEMENT, ContractError, Terms, decimal

Amount: TypeAlias = Decimal | int | float | str

_MONEY, _RATE = pl.Decimal(20, 2), pl.Decimal(19, 12)
_LARGEST = Decimal(10) ** 12
_CENT = Decimal("0.01")
_TERM_RATES = (
    "sharing_rate", "quality", "savings_cap", "loss_rate", "loss_rate_floor", "loss_rate_ceiling",
    "loss_cap", "revenue_loss_cap", "loss_waived", "sequestration_rate", "minimum_savings_rate",
    "minimum_loss_rate",
)  # fmt: skip
_TERM_FLAGS = (
    "is_two_sided", "is_quality_met", "is_complement", "is_cms_savings_minimum",
    "is_cms_loss_minimum",
)  # fmt: skip
_TERM_KINDS: Mapping[str, pl.DataType] = {
    **dict.fromkeys(_TERM_RATES, _RATE),
    **dict.fromkeys(_TERM_FLAGS, pl.Boolean()),
    "revenue_amount": _MONEY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSavings:
    """A year settled.  Amounts are dollars, losses below 0; rates are shares of 1."""

    benchmark_amount: Decimal
    expenditure_amount: Decimal
    beneficiaries: int | None
    difference_amount: Decimal
    """Benchmark less expenditure."""
    savings_rate: float
    """The difference as a share of the benchmark."""
    minimum_rate: float
    """What the savings rate (the loss rate below 0) is held against."""
    is_minimum_met: bool
    """Whether savings, or losses of a two-sided contract, reach the minimum rate."""
    generated_amount: Decimal
    """The difference where the minimum is met, else 0."""
    applied_rate: float
    """The final sharing rate, quality in it; for losses the rate at which they are shared."""
    shared_amount: Decimal
    """Generated times applied rate, before sequestration, caps and waivers."""
    earned_amount: Decimal
    """What is paid, or below 0 owed."""
    binding_cap: str | None
    """``savings_cap``, ``loss_cap`` or ``revenue_loss_cap`` where one lowered the payment."""


@overload
def shared_savings(
    benchmark_amount: Amount,
    expenditure_amount: Amount,
    beneficiaries: int | None,
    terms: Terms,
) -> SharedSavings: ...


@overload
def shared_savings(
    benchmark_amount: Sequence[Amount] | pl.Series,
    expenditure_amount: Sequence[Amount] | pl.Series,
    beneficiaries: Sequence[int] | pl.Series | None,
    terms: Terms | Sequence[Terms],
) -> pl.DataFrame: ...


def shared_savings(
    benchmark_amount: Any, expenditure_amount: Any, beneficiaries: Any, terms: Any
) -> SharedSavings | pl.DataFrame:
    """Settle a year of a contract that shares savings and losses, or many at once.

    Savings are benchmark less expenditure.  They count where they reach the minimum savings rate
    (losses of a two-sided contract: the minimum loss rate); they are shared at the sharing rate
    times quality; sequestration is held back; the cap is put on what is left.  Losses are shared
    at the loss rate, capped, then lowered by what is waived.

    Args:
        benchmark_amount: dollars that care was expected to cost in the year, above 0.
        expenditure_amount: dollars it did cost.
        beneficiaries: people assigned; None where no minimum is CMS's.
        terms: what the contract says; for columns one for all rows, or one a row.

    Returns:
        A `SharedSavings` of numbers; of columns a frame with its fields, one row each, in order.
        Amounts are Decimal, rounded to the cent once, at the end.  Floats are taken by the digits
        they print.

    Raises:
        ContractError: an amount is missing or no number, a benchmark is not above 0, columns
            differ in length, or CMS's minimum is asked for without beneficiaries.

    Source: 42 CFR 425.604 to 425.610.
    """
    if _is_one(benchmark_amount):
        many = shared_savings([benchmark_amount], [expenditure_amount], [beneficiaries], [terms])
        return SharedSavings(**many.row(0, named=True))
    rows = len(benchmark_amount)
    given = _settled(
        _amounts("benchmark_amount", benchmark_amount),
        _amounts("expenditure_amount", expenditure_amount),
        _counts([None] * rows if beneficiaries is None else beneficiaries),
        [terms] * rows if isinstance(terms, Terms) else list(terms),
    )
    _check(given)
    with connect(":memory:", threads=1) as connection:
        connection.register("settled", cast("Any", given).to_arrow())
        connection.register("cms_minimum", cast("Any", _cms_minimum()).to_arrow())
        return connection.execute(_sql()).pl()


def _is_one(value: Any) -> bool:
    return isinstance(value, str) or not hasattr(value, "__len__")


def _settled(
    benchmark: pl.Series, expenditure: pl.Series, people: pl.Series, terms: list[Terms]
) -> pl.DataFrame:
    lengths = {len(benchmark), len(expenditure), len(people), len(terms)}
    if len(lengths) > 1:
        raise ContractError(f"columns and terms differ in length: {sorted(lengths)}")
    each = pl.DataFrame([_row(one) for one in terms], schema=_TERM_KINDS)
    return each.with_columns(benchmark, expenditure, people).with_row_index("row_no")


def _row(terms: Terms) -> dict[str, Any]:
    """The terms as one row: words become flags, and what words stand for is null."""
    savings = terms.minimum_savings_rate
    loss = savings if terms.minimum_loss_rate is None else terms.minimum_loss_rate
    named = {
        "is_two_sided": terms.sides == "two",
        "is_complement": terms.loss_rate == COMPLEMENT,
        "is_cms_savings_minimum": savings == CMS_TABLE,
        "is_cms_loss_minimum": loss == CMS_TABLE,
        "loss_rate": _number(terms.loss_rate),
        "minimum_savings_rate": _number(savings),
        "minimum_loss_rate": _number(loss),
    }
    return {n: named[n] if n in named else getattr(terms, n) for n in _TERM_KINDS}


def _number(rate: Decimal | str | None) -> Decimal | None:
    return None if isinstance(rate, str) else rate


def _amounts(name: str, values: Any) -> pl.Series:
    """A column of dollars.  A contract and year is one value, so the column is short."""
    exact = [_amount(name, value) for value in values]
    return pl.Series(name, exact, dtype=_MONEY)


def _amount(name: str, value: Any) -> Decimal:
    found = decimal(name, value)
    if abs(found) >= _LARGEST:
        raise ContractError(f"{name} is a trillion dollars or more")
    return found.quantize(_CENT)


def _counts(values: Any) -> pl.Series:
    found = [None if value is None else decimal("beneficiaries", value) for value in values]
    if any(one is not None and (one != one.to_integral_value() or one < 1) for one in found):
        raise ContractError("beneficiaries must be whole numbers of at least 1")
    whole = [None if one is None else int(one) for one in found]
    return pl.Series("beneficiaries", whole, dtype=pl.Int64)


def _check(given: pl.DataFrame) -> None:
    if given.filter(pl.col("benchmark_amount") <= 0).height:
        raise ContractError("benchmark_amount must be above 0")
    by_table = pl.col("is_cms_savings_minimum") | (
        pl.col("is_cms_loss_minimum") & pl.col("is_two_sided")
    )
    if given.filter(by_table & pl.col("beneficiaries").is_null()).height:
        raise ContractError("CMS's minimum rate goes by beneficiaries: give how many are assigned")


@cache
def _cms_minimum() -> pl.DataFrame:
    held = files("analytics").joinpath("contracts", "cms_minimum.csv").read_bytes()
    percent = pl.col("from_percent", "to_percent").cast(pl.Decimal(5, 3))
    return pl.read_csv(held, infer_schema=False).with_columns(
        pl.exclude("from_percent", "to_percent").cast(pl.Int64), percent
    )


@cache
def _sql() -> str:
    return files("analytics").joinpath("contracts", "shared_savings.sql").read_text("utf-8")
