"""A user's map, read from a CSV file and held to its rules: refused whole where it breaks one."""

import polars as pl

from analytics import schema
from analytics.codes import prompt_pay
from analytics.codes.shipped import MAPS, CodeMap, categories, typed
from analytics.errors import AnalyticsError

_LINE = "_line"
_SHOWN = 5  # faults told at once
_TRUE_FALSE = ("true", "false")


class CodeMapError(AnalyticsError):
    """A code map cannot be used; the message names lines and columns."""


def read(name: str, content: bytes, file_name: str) -> pl.DataFrame:
    """The rows of the map `name` in the bytes of a CSV file, in the types of its table.

    Raises `CodeMapError` for an unknown or missing column, an empty cell, a value that is none of
    those allowed, and a key given twice.
    """
    one = MAPS[name]
    raw = _text(content, one, file_name)
    faults = pl.concat(
        [
            *(_faults_in(raw, one, column) for column in one.columns),
            _twice(raw, one),
            *(prompt_pay.faults(raw) if name == "prompt_pay_rule" else []),
        ]
    )
    if len(faults):
        told = faults.sort(_LINE, maintain_order=True)["said"].to_list()
        more = [f"and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
        raise CodeMapError(f"{file_name} is no map of {name}: " + "; ".join(told[:_SHOWN] + more))
    kinds = schema.polars_schema(name)
    return raw.select(typed(column, kinds[column]) for column in one.columns)


def _text(content: bytes, one: CodeMap, file_name: str) -> pl.DataFrame:
    """The cells as trimmed text, empty ones null, codes and words in one case; lines numbered."""
    try:
        raw = pl.read_csv(content.decode("utf-8-sig").encode(), infer_schema=False)
    except UnicodeDecodeError:
        raise CodeMapError(f"{file_name} is not text in UTF-8") from None
    except pl.exceptions.PolarsError:
        raise CodeMapError(
            f"{file_name} is not a readable CSV file: is it empty, or a quote not closed, "
            "or are there more cells in a line than in the first?"
        ) from None
    raw = raw.rename({column: column.strip().lower() for column in raw.columns})
    missing = [column for column in one.columns if column not in raw.columns]
    unknown = [column for column in raw.columns if column not in one.columns]
    if missing or unknown:
        told = [f"column {column} is missing" for column in missing]
        told += [f"column {column} is not known" for column in unknown]
        raise CodeMapError(
            f"{file_name} is no map of {one.name}: line 1: {'; '.join(told)}. "
            f"Its columns are {', '.join(one.columns)}"
        )
    if not len(raw):
        raise CodeMapError(f"{file_name} holds no codes")
    cells = pl.all().str.strip_chars().replace("", None)
    codes, words = pl.col(_coded(one)), pl.exclude(*_coded(one), *one.prose)
    # The first line of a file holds the names.
    return (
        raw.with_columns(cells)
        .with_columns(codes.str.to_uppercase(), words.str.to_lowercase())
        .with_row_index(_LINE, offset=2)
    )


def _faults_in(raw: pl.DataFrame, one: CodeMap, column: str) -> pl.DataFrame:
    """The lines whose cell in a column cannot be used, and why."""
    cell, allowed = pl.col(column), _allowed(one, column)
    found = (
        [] if column in one.optional else [_said(raw.filter(cell.is_null()), column, "is empty")]
    )
    if allowed:
        wrong = raw.filter(cell.is_not_null() & ~cell.is_in(allowed))
        found.append(_said(wrong, column, f"is none of {', '.join(allowed)}", cell))
    elif column == one.key[0] and not one.names_words:
        wrong = raw.filter(~cell.str.contains(r"^[A-Z0-9]+$"))
        found.append(_said(wrong, column, "is no code: letters and digits only", cell))
    kind = schema.polars_schema(one.name)[column]
    if kind not in (pl.String(), pl.Boolean()):
        wrong = raw.filter(cell.is_not_null() & typed(column, kind).is_null())
        what = "day written CCYY-MM-DD" if kind == pl.Date else "number that it can hold"
        found.append(_said(wrong, column, f"is no {what}", cell))
    return pl.concat([_NO_FAULTS, *found])


def _coded(one: CodeMap) -> tuple[str, ...]:
    """The key columns that hold codes: in upper case, whatever the file has."""
    return tuple(column for column in one.key if column != "level")


def _allowed(one: CodeMap, column: str) -> tuple[str, ...]:
    if column == "category":
        return categories()
    if schema.polars_schema(one.name)[column] == pl.Boolean:
        return _TRUE_FALSE
    return one.choices.get(column, ())


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
