"""CSV files of a user's own as columns of plain text, whatever a spreadsheet made of them.

A byte order mark, invisible characters, no-break spaces, line ends and the case of the header never
decide whether a name matches.  What would be guessed, such as a column named twice, is refused.
"""

import csv
from io import BytesIO, TextIOWrapper

import polars as pl

from analytics.errors import UnreadableFileError

# A spreadsheet runs text that begins with one of these, in some languages those of full width too.
FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
LINE = "_LINE"  # names of columns are in lower case, so none is the same
# Unicode: Cf are marks without width (U+200B, U+FEFF ...), Zs spaces, the no-break one with them.
_UNSEEN = r"\p{Cf}"
_SPACES = r"\s*[\r\n]+\s*|[\p{Zs}\t]"


def plain(text: pl.Expr) -> pl.Expr:
    """The text without invisible marks, on one line, spaces plain, trimmed; null where empty."""
    seen = text.str.replace_all(_UNSEEN, "").str.replace_all(_SPACES, " ")
    return seen.str.strip_chars().replace("", None)


def plain_text(text: str) -> str:
    """A whole text without invisible marks, its spaces plain; line ends stay."""
    found = pl.Series([text]).str.replace_all(_UNSEEN, "").str.replace_all(r"\p{Zs}", " ")
    return str(found[0])


def read(content: bytes, file: str) -> pl.DataFrame:
    """The rows as `plain` text, with the line each begins on in `_LINE`; names in lower case.

    `file` names it in messages.  Raises `UnreadableFileError` where the bytes are no CSV in UTF-8,
    and where a column has no name or that of another.
    """
    names = _named(content, file)
    try:
        raw = pl.read_csv(content, infer_schema=False)
    except pl.exceptions.PolarsError:
        raise UnreadableFileError(_why_not(content, file)) from None
    if len(raw.columns) != len(names):
        raise UnreadableFileError(_why_not(content, file))
    raw.columns = [name or f"_UNNAMED {place}" for place, name in enumerate(names, 1)]
    # A spreadsheet writes columns it once used, empty to the last.
    unnamed = [c for c, name in zip(raw.columns, names, strict=True) if not name]
    if any(raw[column].null_count() < len(raw) for column in unnamed):
        raise UnreadableFileError(f"{file}, line 1: column {unnamed[0].split()[1]} has no name")
    rows = raw.drop(unnamed)
    return rows.select(_lines(rows.columns, content), plain(pl.all()))


def _named(content: bytes, file: str) -> list[str]:
    """The names of the columns, in lower case; each once."""
    try:
        text = TextIOWrapper(BytesIO(content), encoding="utf-8-sig", newline="")
        first: list[str] = next(csv.reader(text), list[str]())
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableFileError(_why_not(content, file)) from None
    found = pl.DataFrame({"name": first}, schema={"name": pl.String})
    names = found.select(plain(pl.col("name")).str.to_lowercase().fill_null(""))["name"].to_list()
    if not any(names):
        raise UnreadableFileError(_why_not(content, file))
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise UnreadableFileError(f"{file}, line 1: column {twice[0]} is named twice")
    return names


def _lines(columns: list[str], content: bytes) -> pl.Expr:
    """The line of the file on which each row begins: cells in quotes may go over several."""
    text = TextIOWrapper(BytesIO(content), encoding="utf-8-sig", newline="")
    first = csv.reader(text)
    next(first)
    breaks = pl.sum_horizontal(pl.col(c).str.count_matches("\n").fill_null(0) for c in columns)
    before = breaks.cum_sum().shift(1, fill_value=0).cast(pl.UInt32)
    return (pl.int_range(pl.len(), dtype=pl.UInt32) + before + first.line_num + 1).alias(LINE)


def _why_not(content: bytes, file: str) -> str:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return f"{file} is not text in UTF-8"
    return (
        f"{file} is not a readable CSV file: is it empty, or a quote not closed, "
        "or are there more cells in a line than in the first?"
    )
