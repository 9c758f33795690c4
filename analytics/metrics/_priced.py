"""Kinds of metric over lines with an expected amount: off by more than a tolerance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Self

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.metrics._metric import Metric

VARIANCES = (
    "multiple_procedure", "bilateral", "assistant", "reduced", "units", "several_answers",
)  # fmt: skip
_SUMS = (
    "amount", "expected_amount", "allowed_amount", *(f"{kind}_amount" for kind in VARIANCES),
    "overpaid_amount", "inferred_amount",
)  # fmt: skip

_UNPRICED = "unpriced_reason = "


def unpriced(*reasons: str) -> dict[str, str]:
    """Why lines have no expected amount, as the fact says it: reason to SQL boolean."""
    return {reason: f"{_UNPRICED}'{reason}'" for reason in reasons}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far an amount may be off: the larger of dollars and per cent of the expected amount."""

    amount: Decimal = Decimal("1.00")
    percent: Decimal = Decimal(1)
    support: int = 10  # fewest lines allowed alike that a rate is inferred from

    def __post_init__(self) -> None:
        for number in (self.amount, self.percent):
            if not number.is_finite() or number < 0 or number >= Decimal("1e9"):
                raise BadQueryError("a tolerance is a number from 0 up, in dollars and per cent")
        if self.support < 1:
            raise BadQueryError("a rate is inferred from at least one line")

    @property
    def sql(self) -> str:
        """What a row may be off, as a SQL number."""
        share = (self.percent / 100).normalize()
        return f"greatest({self.amount:f}, {share:f} * expected_amount)"

    @property
    def unsupported(self) -> str:
        """SQL boolean: the rate is inferred from too few lines."""
        return f"rate_source = 'inferred' AND support < {self.support}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced(Metric):
    """What all metrics over expected amounts share."""

    tolerance: Tolerance = Tolerance()

    def within(
        self,
        *,
        amount: Decimal | int | str | None = None,
        percent: Decimal | int | str | None = None,
        support: int | None = None,
    ) -> Self:
        """The same metric by another tolerance: dollars, per cent of the expected amount, lines.

        Raises `BadQueryError` for numbers below 0, or no lines.
        """
        was = self.tolerance
        tolerance = Tolerance(
            amount=was.amount if amount is None else Decimal(amount),
            percent=was.percent if percent is None else Decimal(percent),
            support=was.support if support is None else support,
        )
        return replace(self, tolerance=tolerance)

    def reasons(self, *, include_duplicates: bool) -> dict[str, str]:
        found = Metric.reasons(self, include_duplicates=include_duplicates)
        return found | {"inferred from too few lines": self.tolerance.unsupported}

    def population(self, *, include_duplicates: bool) -> list[str]:
        del include_duplicates
        others = {k: v for k, v in self.left_out.items() if not v.startswith(_UNPRICED)}
        tests = [*others.values(), self.tolerance.unsupported]
        return ["unpriced_reason IS NULL", *(f"NOT ({test})" for test in tests)]

    @property
    def short_sql(self) -> str:
        """SQL boolean: allowed less than a usual reduction leaves, beyond the tolerance."""
        return f"usual_amount - allowed_amount > {self.tolerance.sql}"

    @property
    def match_sql(self) -> str:
        """SQL boolean: allowed what was expected, or what a usual reduction leaves of it."""
        off = "abs({} - allowed_amount) <= " + self.tolerance.sql
        return f"({off.format('expected_amount')} OR {off.format('usual_amount')})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall(Priced):
    """Dollars allowed too little; no interval, for nothing is estimated."""

    @property
    def short_amount(self) -> str:
        """SQL number: dollars a row was allowed too little."""
        return f"CASE WHEN {self.short_sql} THEN usual_amount - allowed_amount ELSE 0 END"

    @property
    def sums(self) -> tuple[str, ...]:
        allowed = self.tolerance.sql
        over = f"CASE WHEN allowed_amount - expected_amount > {allowed}"
        below = f"expected_amount - allowed_amount > {allowed}"
        named = "expected_amount - greatest(usual_amount, allowed_amount)"
        return (
            "count(*) AS n",
            f"count(*) FILTER (WHERE {self.short_sql}) AS underpaid",
            "count(*) FILTER (WHERE rate_source = 'inferred') AS inferred",
            _dollars(self.short_amount, "amount"),
            _dollars("expected_amount", "expected_amount"),
            _dollars("allowed_amount", "allowed_amount"),
            *(
                _dollars(
                    f"CASE WHEN variance_kind = '{kind}' AND {below} THEN {named} ELSE 0 END",
                    f"{kind}_amount",
                )
                for kind in VARIANCES
            ),
            _dollars(f"{over} THEN allowed_amount - expected_amount ELSE 0 END", "overpaid_amount"),
            _dollars(
                f"CASE WHEN rate_source = 'inferred' AND {self.short_sql} "
                "THEN usual_amount - allowed_amount ELSE 0 END",
                "inferred_amount",
            ),
        )

    @property
    def row_items(self) -> tuple[str, ...]:
        return (f"({self.short_sql}) AS is_underpaid", f"({self.short_amount}) AS underpaid_amount")

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        missing = pl.lit(None, dtype=pl.Float64)
        value = pl.col("amount").cast(pl.Float64).alias("value")
        return parts.select(
            *by, "n", value, missing.alias("low"), missing.alias("high"),
            "amount", "underpaid", *_SUMS[1:], "inferred",
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched(Priced):
    """The share of lines allowed what was expected."""

    @property
    def sums(self) -> tuple[str, ...]:
        return (f"count(*) FILTER (WHERE {self.match_sql}) AS hits", "count(*) AS n")

    @property
    def row_items(self) -> tuple[str, ...]:
        return (f"{self.match_sql} AS is_hit",)

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        return parts.select(*by, "n", *stats.wilson("hits", "n"), "hits")


def _dollars(expression: str, name: str) -> str:
    return f"CAST(coalesce(sum({expression}), 0) AS DECIMAL(18, 2)) AS {name}"
