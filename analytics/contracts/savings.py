"""What a year under a contract comes to: savings or losses, and what is paid of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias, cast, overload

import polars as pl

from analytics.connection import connect, lock_down
from analytics.contracts.amounts import ContractError, column, dollars, is_column, people
from analytics.contracts.terms import CMS_TABLE, COMPLEMENT, Terms

Amount: TypeAlias = Decimal | int | float | str

_MONEY, _RATE = pl.Decimal(20, 2), pl.Decimal(19, 12)
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


_NO_TERMS = (
    "terms must be Terms, as Terms(...), mssp_terms and read_terms make them; for columns of "
    "amounts also a list of one a row"
)


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
        benchmark_amount: dollars that care was expected to cost in the year, above 0 and less
            than a trillion.
        expenditure_amount: dollars it did cost, 0 or more.
        beneficiaries: people assigned, 1 to a billion; None (in columns also null or NaN) where
            they are not known and no minimum is CMS's.
        terms: what the contract says; for columns one for all rows, or one a row.

    A number is an int, a Decimal, a float or text of one, also of numpy.  A column is a list, a
    tuple or a column of polars, pandas, numpy or pyarrow, of such numbers; all three are numbers,
    or all are columns (of which `beneficiaries` may be None).

    Returns:
        A `SharedSavings` of numbers; of columns a frame with its fields, one row each, in order.
        Amounts are Decimal, rounded to the cent once, at the end.  Floats are taken by the digits
        they print, what is given to the cent, half of one away from zero.

    Raises:
        ContractError: an amount is missing, no finite number or out of its bounds, a column is
            given where one number is or differs in length, terms are no `Terms`, or CMS's minimum
            is asked for without beneficiaries.

    Source: 42 CFR 425.604 to 425.610.
    """
    amounts = {"benchmark_amount": benchmark_amount, "expenditure_amount": expenditure_amount}
    said = amounts if beneficiaries is None else amounts | {"beneficiaries": beneficiaries}
    _check_alike(said)
    if not is_column(benchmark_amount):
        if not isinstance(terms, Terms):
            raise ContractError(_NO_TERMS)
        many = _years([benchmark_amount], [expenditure_amount], [beneficiaries], terms)
        return SharedSavings(**many.row(0, named=True))
    return _years(benchmark_amount, expenditure_amount, beneficiaries, terms)


def _years(benchmark: Any, expenditure: Any, beneficiaries: Any, terms: Any) -> pl.DataFrame:
    start = _amounts("benchmark_amount", benchmark)
    given = _settled(
        start,
        _amounts("expenditure_amount", expenditure),
        _counts([None] * len(start) if beneficiaries is None else beneficiaries),
        _each_terms(terms, len(start)),
    )
    _check(given)
    with connect(":memory:", threads=1) as connection:
        connection.register("settled", cast("Any", given).to_arrow())
        connection.register("cms_minimum", cast("Any", _cms_minimum()).to_arrow())
        lock_down(connection)
        return connection.execute(_sql()).pl()


def _check_alike(said: Mapping[str, Any]) -> None:
    """All are numbers or all are columns: the first says which."""
    first, *others = ((name, is_column(value)) for name, value in said.items())
    words = {True: "a column", False: "one value"}
    for name, is_many in others:
        if is_many != first[1]:
            raise ContractError(
                f"{name} is {words[is_many]} and {first[0]} {words[first[1]]}: give both alike"
            )


def _each_terms(terms: Any, rows: int) -> list[Terms]:
    given: list[Any] = [terms] * rows if isinstance(terms, Terms) else []
    if isinstance(terms, Sequence) and not isinstance(terms, str | bytes):
        given = list(cast("Sequence[Any]", terms))
    elif not isinstance(terms, Terms):
        raise ContractError(_NO_TERMS)
    if not all(isinstance(one, Terms) for one in given):
        raise ContractError(_NO_TERMS)
    return given


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
    exact = [dollars(name, value) for value in column(name, values)]
    return pl.Series(name, exact, dtype=_MONEY)


def _counts(values: Any) -> pl.Series:
    name = "beneficiaries"
    whole = [people(name, value) for value in column(name, values)]
    return pl.Series(name, whole, dtype=pl.Int64)


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
