"""How a metric's frames look in a table: few columns of its rows, and numbers in their unit."""

import re

import polars as pl
import typer

from analytics.errors import UnknownNameError
from analytics.metrics import Metric, Ratio

_STATES = ("kind", "first_outcome", "denial_category", "rejection_category")
# What a row is about where its record has many.
_ABOUT = ("edit_code", "result", "paid_procedure_code", "em_family", "em_level")
_FEW, _ALL = "few", "all"
_INTERVAL = ("value", "low", "high")
_QUANTILE = re.compile(r"p\d\d(_low|_high)?")  # of a wait: p25, p25_low ...
# What `top` and `bottom` of a ratio are; the other ratios are of dollars to dollars.
_PARTS = {
    "dollars_per_member_month": {"top": "dollars", "bottom": "member_months"},
    "denials": {"top": "denials", "bottom": "claims"},
    "per 1,000": {"top": "events", "bottom": "member_months"},
    "per 100,000": {"top": "events", "bottom": "member_months"},
    "days": {"top": "days", "bottom": "stays"},
}
_WHOLE = (
    "member_months",
    "denials",
    "claims",
    "events",
    "days",
    "stays",
)  # counts, though a ratio keeps its sums as dollars
_BANDS = ("value", "low_80", "high_80", "low_95", "high_95")
_DOLLARS_OF = {"expected_cash": _BANDS, "backtest_cash": (*_BANDS, "expected", "came")}
# Of studies with many columns those to read first, each with its unit.
_FEW_OF = {
    "payer_scorecard": {
        "n": "", "amount": "dollars", "denial_rate": "share", "first_pass_rate": "share",
        "lag_p50": "days", "lag_p90": "days", "aged_share": "share", "underpaid": "share",
    },
    "backtest_cash": {
        "week": "", "n": "", "expected": "dollars", "came": "dollars", "bias": "share",
        "error": "share",
        **{f"covered_{x}{end}": "share" for x in (80, 95) for end in ("", "_low", "_high")},
    },
}  # fmt: skip
_UNITS = {"share": (1, "%"), "dollars": (2, "$"), "days": (0, "days")}  # decimals, sign
_DOLLAR_PARTS = {"top": "dollars", "bottom": "of_dollars"}
_CHANCE_PARTS = {"top": "expected", "bottom": "of"}  # sums of chances, over what they are of
_CENTS = 2


def chosen(rows: pl.DataFrame, metric: Metric, columns: str | None) -> pl.DataFrame:
    """The columns asked for: few, all (None), or a list of names with commas."""
    return rows.select(_few(rows, metric)) if columns == _FEW else _named(rows, columns)


def chosen_of(frame: pl.DataFrame, study: str, columns: str | None) -> pl.DataFrame:
    """The same of a study: few are those a reader needs first, in the unit that their head names.

    All where the study has no more than can be read.
    """
    units = _FEW_OF.get(study, {})
    if columns != _FEW or not units or not units.keys() <= set(frame.columns):
        return _named(frame, None if columns == _FEW else columns)
    groups = frame.columns[: frame.columns.index(next(iter(units)))]
    return frame.select(*groups, *(_in(name, unit) for name, unit in units.items()))


def _in(name: str, unit: str) -> pl.Expr:
    """A column in its unit, which its name then tells."""
    places, sign = _UNITS.get(unit, (0, ""))
    if not sign:
        return pl.col(name)
    times = 100 if unit == "share" else 1
    number = (pl.col(name).cast(pl.Float64) * times).round(places).cast(pl.Decimal(18, places))
    return number.alias(f"{name} ({sign})")


def tell_if_short(frame: pl.DataFrame) -> None:
    """Say on the error stream which bands of a back-test held less than they say."""
    for level in (80, 95):
        name = f"is_short_{level}"
        short = frame.filter(name) if name in frame.columns else frame.clear()
        if len(short):
            told = ", ".join(map(str, short["week"].unique().sort()))
            typer.echo(
                f"{level} % bands held less than {level} %, and not by chance, {told} weeks ahead: "
                "what comes may be further off than they say",
                err=True,
            )


def _named(rows: pl.DataFrame, columns: str | None) -> pl.DataFrame:
    """All columns, or those of a list of names with commas."""
    if columns in (None, _ALL):
        return rows
    wanted = [name.strip() for name in columns.split(",")]
    for name in wanted:
        if name not in rows.columns:
            raise UnknownNameError("column", name, [*rows.columns, _FEW, _ALL])
    return rows.select(list(dict.fromkeys(wanted)))


def _few(rows: pl.DataFrame, metric: Metric) -> list[str]:
    """Where the record is, its date, payer, state and amount, and what it adds to the metric."""
    added = rows.columns[1 : 1 + len([item for item in metric.row_items if item])]
    place = ("file_name", "record_no", metric.period, "payer_name")
    names = [*place, *_ABOUT, *_STATES, "day", "age_days"]
    names.append(metric.fact.amount)
    return [name for name in dict.fromkeys([*names, *added]) if name in rows.columns]


def tell_if_cut(shown: int, total: int) -> None:
    """Say on the error stream that there are more rows."""
    if shown < total:
        typer.echo(f"{shown:,} of {total:,} rows; --limit gives more", err=True)


def in_cents(frame: pl.DataFrame, study: str) -> pl.DataFrame:
    """The frame of a study whose numbers are dollars with as many decimals as cents have."""
    names = _DOLLARS_OF.get(study, ())
    return frame.with_columns(
        pl.col(name).round(2).cast(pl.Decimal(18, 2)) for name in names if name in frame.columns
    )


def in_unit(frame: pl.DataFrame, metric: Metric) -> pl.DataFrame:
    """A computed metric with as many decimals as its unit has; each number once, under its name."""
    if metric.unit == "dollars":  # the value is the amount
        frame = frame.drop("amount", strict=False)
    is_exact = isinstance(metric, Ratio) and metric.places > _CENTS
    parts = _CHANCE_PARTS if is_exact else _PARTS.get(metric.unit, _DOLLAR_PARTS)
    frame = frame.rename(parts, strict=False)
    counts = [name for name in _WHOLE if name in frame.columns]
    frame = frame.with_columns(pl.col(counts).cast(pl.Int64))
    if metric.unit == "share":
        return frame
    places = 1 if metric.unit == "days" else 2
    return frame.with_columns(
        pl.col(name).cast(pl.Float64).round(places).cast(pl.Decimal(18, places))
        for name in frame.columns
        if name in _INTERVAL or _QUANTILE.fullmatch(name)
    )
