"""Bytes of a published file as columns of text, and these in the types of their table."""

import polars as pl

from analytics import schema
from analytics.errors import UnreadableFileError

_HEAD = 16384  # letters; the names of the columns stand in them


def decoded(content: bytes) -> str:
    """The text: UTF-8, else Latin-1, with newlines as they are."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def lines(content: bytes) -> pl.DataFrame:
    """One column `line`, without the ends of lines; empty ones are left out."""
    text = pl.Series("line", [decoded(content)]).str.split("\n").explode()
    kept = text.str.strip_chars_end("\r\n\x1a")
    return kept.filter(kept != "").to_frame()


def cells(content: bytes, file_name: str, separator: str = ",") -> pl.DataFrame:
    """The cells of a CSV file without a header, trimmed, empty ones null."""
    text = decoded(content)
    # A notice above the table may have fewer cells than it.
    first = separator * max(line.count(separator) for line in text[:_HEAD].split("\n"))
    try:
        raw = pl.read_csv(
            f"{first}\n{text}".encode(),
            has_header=False,
            infer_schema=False,
            separator=separator,
            quote_char='"' if separator == "," else None,
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError:
        raise UnreadableFileError(f"{file_name} is not a readable CSV file") from None
    return raw.slice(1).with_columns(pl.all().str.strip_chars(" \r\n\xa0").replace("", None))


def headed(content: bytes, file_name: str, first_cell: str) -> pl.DataFrame:
    """The cells below the first row that begins with that cell, named after its cells."""
    raw = cells(content, file_name)
    at = (raw.to_series(0).str.to_lowercase() == first_cell.lower()).fill_null(value=False)
    if not at.any():
        raise UnreadableFileError(f"{file_name} has no row that names its columns")
    row = int(at.arg_true()[0])
    names = {c: str(n) for c, n in raw.row(row, named=True).items() if n is not None}
    return raw.slice(row + 1).select(pl.col(c).alias(n) for c, n in names.items())


def day(column: str, form: str = "%Y%m%d") -> pl.Expr:
    """A date, null where empty or unreadable."""
    return pl.col(column).str.to_date(form, strict=False)


def typed(raw: pl.DataFrame, columns: dict[str, pl.Expr], kind: str, name: str) -> pl.DataFrame:
    """The columns of the table `kind`, made of those of the file.

    Raises `UnreadableFileError`, which names the rule and the first row, where a row lacks a code
    or a number or date cannot be read; columns are checked against those of the same name in raw.
    """
    kinds = schema.polars_schema(kind)
    made = raw.select(e.cast(kinds[n], strict=False).alias(n) for n, e in columns.items())
    for column in made.columns:
        given = raw[column] if column in raw.columns else None
        lost = made[column].is_null() & given.is_not_null() if given is not None else None
        if lost is not None and lost.any():
            raise UnreadableFileError(_fault(name, f"an unreadable {column}", lost))
    if made.is_empty():
        raise UnreadableFileError(f"{name} has no rows")
    return made


def refuse(rows: pl.DataFrame, wrong: pl.Expr, what: str, file_name: str) -> None:
    """Raises `UnreadableFileError` where any row is wrong."""
    found = rows.select(wrong.fill_null(value=True).alias("wrong"))["wrong"]
    if found.any():
        raise UnreadableFileError(_fault(file_name, what, found))


def _fault(file_name: str, what: str, wrong: pl.Series) -> str:
    first = int(wrong.arg_true()[0]) + 1
    return f"{file_name}: {wrong.sum()} of {len(wrong)} rows have {what}, first row {first}"
