"""Text columns of a feed as typed columns of ours, with the rule that each row breaks."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.rules import REASONS

Kind: TypeAlias = Literal["text", "code", "diagnosis", "drg", "date", "amount", "units", "integer"]

_FAULT = {
    "date": "date_unreadable",
    "amount": "amount_unreadable",
    "units": "quantity_unreadable",
    "integer": "quantity_unreadable",
}
_NO_DAY = ("1000-01-01", "9999-12-31", "0001-01-01", "00000000", "0000-00-00")
_MONEY = r"^[+-]?\d*\.?\d{0,2}0*$"  # CMS and JSON write 120.0 and 35.5000 for dollars and cents


class Field(NamedTuple):
    """A column of ours and the column or columns (the first that says something) it comes from.

    A value that cannot be read keeps a `strict` row out; else it is left empty, with a warning.
    """

    column: str
    source: str | tuple[str, ...]
    kind: Kind = "text"
    strict: bool = False
    needed: bool = False


class Typed(NamedTuple):
    """The sound rows, the records that broke a rule, and the findings on both."""

    frame: pl.DataFrame
    refused: pl.DataFrame  # the same columns, of rows kept out
    findings: Findings


def typed(frame: pl.DataFrame, fields: Sequence[Field], table: str) -> Typed:
    """Read the fields that the frame has columns for; others are empty."""
    said = frame.select("record_no", *(_said(frame, f).alias(f.column) for f in fields))
    read = said.with_columns(_read(f) for f in fields)
    unread = {f.column: _unread(f) for f in fields if f.kind in _FAULT}
    raw = said.select(pl.col(f.column).alias(f"_{f.column}") for f in fields)
    both = pl.concat([read, raw], how="horizontal").with_columns(fault=_fault(fields, unread))
    findings = Findings()
    note(findings, both, table)
    for f in fields:
        if f.column in unread and not f.strict:
            rows = both.filter(unread[f.column] & pl.col("fault").is_null())
            rule = f"optional_{_FAULT[f.kind]}"
            findings.add(rows["record_no"], table, rule, REASONS[rule], severity="warning")
    wanted = ["record_no", *(f.column for f in fields)]
    sound = pl.col("fault").is_null()
    return Typed(both.filter(sound).select(wanted), both.filter(~sound).select(wanted), findings)


def note(findings: Findings, frame: pl.DataFrame, table: str) -> None:
    """Note the rows whose column `fault` names a rule."""
    for rule in frame["fault"].drop_nulls().unique().sort().to_list():
        records = frame.filter(pl.col("fault") == rule)["record_no"]
        findings.add(records, table, rule, REASONS[rule])


def _said(frame: pl.DataFrame, field: Field) -> pl.Expr:
    """What the sources say, where they say anything."""
    sources = (field.source,) if isinstance(field.source, str) else field.source
    there = [pl.col(s) for s in sources if s in frame.columns]
    if not there:
        return pl.lit(None, pl.String)
    text = pl.coalesce(there)
    nothing = text.is_in(_NO_DAY) if field.kind == "date" else text.str.contains(r"^~+$")
    return pl.when(~nothing).then(text)


def _read(field: Field) -> pl.Expr:
    text = pl.col(field.column)
    match field.kind:
        case "text":
            return text
        case "code":
            return text.str.to_uppercase()
        case "diagnosis":
            return text.str.to_uppercase().str.replace_all(".", "", literal=True)
        case "drg":
            return text.str.replace(r"^0(\d{3})$", "${1}")
        case "date":
            return day(text)
        case "integer":
            plain = text.str.replace(r"\.0*$", "")
            return plain.cast(pl.Int32, strict=False)
        case "amount":
            return decimal(text, _MONEY, 2)
        case "units":
            return decimal(text, r"^[+-]?\d*\.?\d{0,3}0*$", 3)


def day(text: pl.Expr) -> pl.Expr:
    """A day written CCYY-MM-DD (a time may follow), CCYYMMDD or DD-Mon-CCYY; else null."""
    return pl.coalesce(
        text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
        text.str.to_date("%Y%m%d", strict=False),
        text.str.to_titlecase().str.to_date("%d-%b-%Y", strict=False),
    )


def decimal(text: pl.Expr, form: str, scale: int) -> pl.Expr:
    """A number of that form, exactly; null for another."""
    plain = text.str.contains(form) & text.str.contains(r"\d")
    short = text.str.replace(rf"(\.\d{{{scale}}})0+$", "${1}")
    return pl.when(plain).then(short).cast(pl.Decimal(14, scale), strict=False)


def _unread(field: Field) -> pl.Expr:
    return pl.col(f"_{field.column}").is_not_null() & pl.col(field.column).is_null()


def _fault(fields: Iterable[Field], unread: dict[str, pl.Expr]) -> pl.Expr:
    """The first rule that a row breaks, or null."""
    broken = [
        pl.when(unread[f.column]).then(pl.lit(_FAULT[f.kind]))
        for f in fields
        if f.strict and f.column in unread
    ]
    missing = [
        pl.when(pl.col(f.column).is_null()).then(pl.lit("value_missing"))
        for f in fields
        if f.needed
    ]
    return pl.coalesce(pl.lit(None, pl.String), *broken, *missing)
