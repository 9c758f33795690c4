"""A user's map, read from a CSV file and held to its rules: refused whole where it breaks one."""

import polars as pl

from analytics import cells, schema
from analytics.codes import prompt_pay, quality, ranges
from analytics.codes.shipped import MAPS, CodeMap, typed
from analytics.errors import AnalyticsError, UnreadableFileError

_LINE = cells.LINE
_SHOWN = 5  # faults told at once
_LONGEST_SHOWN = 40  # letters of a cell
# Rules of one map alone.
_FAULTS = {
    "prompt_pay_rule": prompt_pay.faults,
    "quality_measure": quality.measure_faults,
    "quality_code": quality.code_faults,
}


class CodeMapError(AnalyticsError):
    """A code map cannot be used; the message names lines and columns."""


def read(name: str, content: bytes, file_name: str) -> pl.DataFrame:
    """The rows of the map `name` in the bytes of a CSV file, in the types of its table.

    Raises `CodeMapError` for an unknown or missing column, an empty cell, a value that is none of
    those allowed (docs/code-maps.md), and a key given twice.
    """
    one = MAPS[name]
    raw = _text(content, one, file_name)
    faults = pl.concat(
        [
            *(_faults_in(raw, one, column) for column in one.columns),
            _twice(raw, one),
            *(_FAULTS[name](raw) if name in _FAULTS else []),
        ]
    )
    if len(faults):
        told = faults.sort(_LINE, maintain_order=True)["said"].to_list()
        more = [f"and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
        raise CodeMapError(f"{file_name} is no map of {name}: " + "; ".join(told[:_SHOWN] + more))
    kinds = schema.polars_schema(name)
    return raw.select(typed(column, kinds[column]) for column in one.columns)


def _text(content: bytes, one: CodeMap, file_name: str) -> pl.DataFrame:
    """The cells as plain text, codes and words in one case; lines numbered, empty ones left out."""
    try:
        raw = cells.read(content, file_name)
    except UnreadableFileError as error:
        raise CodeMapError(str(error)) from None
    names = [column for column in raw.columns if column != _LINE]
    missing = [column for column in one.columns if column not in names]
    unknown = [column for column in names if column not in one.columns]
    if missing or unknown:
        told = [f"column {column} is missing" for column in missing]
        told += [f"column {column} is not known" for column in unknown]
        raise CodeMapError(
            f"{file_name} is no map of {one.name}: line 1: {'; '.join(told)}. "
            f"Its columns are {', '.join(one.columns)}"
        )
    rows = raw.filter(pl.any_horizontal(pl.col(names).is_not_null()))
    if rows.is_empty():
        raise CodeMapError(f"{file_name} holds no codes")
    codes, words = pl.col(_coded(one)), pl.exclude(*_coded(one), *one.prose, _LINE)
    return rows.with_columns(codes.str.to_uppercase(), words.str.to_lowercase())


def _faults_in(raw: pl.DataFrame, one: CodeMap, column: str) -> pl.DataFrame:
    """The lines whose cell in a column cannot be used, and why."""
    cell = pl.col(column)
    found = (
        [] if column in one.optional else [_said(raw.filter(cell.is_null()), column, "is empty")]
    )
    broken, why = ranges.wrong(one, column)
    # What was mistaken for text may be long; the line and column are enough to find it.
    shown = cell.str.slice(0, _LONGEST_SHOWN)
    found.append(_said(raw.filter(cell.is_not_null() & broken), column, why, shown))
    return pl.concat([_NO_FAULTS, *found])


def _coded(one: CodeMap) -> tuple[str, ...]:
    """The key columns that hold codes, not words: in upper case, whatever the file has."""
    words = {c for c, chosen in one.choices.items() if any(w.islower() for w in chosen)}
    return tuple(c for c in one.key if c not in words and c not in one.single_words)


def _twice(raw: pl.DataFrame, one: CodeMap) -> pl.DataFrame:
    """The lines whose key stands on an earlier line."""
    first = pl.col(_LINE).min().over(one.key)
    again = raw.filter(pl.col(one.key[0]).is_not_null()).with_columns(first=first)
    again = again.filter(pl.col(_LINE) > pl.col("first"))
    key = pl.concat_str(pl.col(one.key), separator=" ", ignore_nulls=True)
    said = pl.format("line {}, column {}: {} stands on line {} already", _LINE, pl.lit(one.key[0]),
                     key, "first")  # fmt: skip
    return again.select(_LINE, said=said)


def _said(rows: pl.DataFrame, column: str, fault: str, cell: pl.Expr | None = None) -> pl.DataFrame:
    value = pl.lit("it") if cell is None else pl.format("'{}'", cell)
    said = pl.format("line {}, column {}: {} {}", _LINE, pl.lit(column), value, pl.lit(fault))
    return rows.select(_LINE, said=said)


_NO_FAULTS = pl.DataFrame(schema={_LINE: pl.UInt32(), "said": pl.String()})
