"""The first rows of delimited text: its encoding, delimiter and the line with the names."""

import codecs
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.proposing.kinds import portion

HEAD = 8 << 20  # bytes read of a file, once decompressed
ROWS = 2000
DELIMITERS = (",", "\t", "|", ";", "^", "~")
SAID = {"\t": "tabulator", ",": "comma", ";": "semicolon"}
_LINES = 60  # in which the delimiter is looked for
_QUOTED = re.compile(r'"[^"]*"')
_MANY = 5
_STEADY = 0.6  # share of lines that have a delimiter equally often
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """Cells as text, the names apart, and how they were read; `encoding` is None for UTF-8."""

    names: tuple[str, ...]
    cells: pl.DataFrame
    delimiter: str | None = None
    encoding: str | None = None
    header_row: int = 1
    is_whole: bool = True
    trailer: str | None = None  # how the last line begins, where it has totals
    count_at: int | None = None  # its cell, from 1, that says how many rows there are


def read(head: bytes, *, is_whole: bool) -> Text:
    """The first rows of a file that begins so.  Raises `UnreadableFileError`."""
    if not head.strip():
        raise UnreadableFileError("it is empty")
    text, encoding = _decoded(head)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not is_whole:
        cut = lines.rfind("\n")
        if cut < 0:
            raise UnreadableFileError(f"its first line is longer than {HEAD >> 20} MB")
        lines = lines[:cut]
    delimiter, above = _delimiter(lines)
    body = lines.split("\n", above)[-1] if above else lines
    names, cells = _cells(body, delimiter)
    if not is_whole and len(cells) < ROWS:
        cells = cells.head(max(len(cells) - 1, 0))  # the last may have been cut in quotes
    return Text(names, cells, delimiter, encoding, above + 1, is_whole and len(cells) < ROWS)


def _decoded(head: bytes) -> tuple[str, str | None]:
    """The text, and the encoding where it is not UTF-8 and nothing in the file says so."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return head.decode(name, "ignore").lstrip("\ufeff"), None
    if b"\0" in head[:2000]:
        zeros = (head[0:2000:2].count(0), head[1:2000:2].count(0))
        is_wide = max(zeros) * 4 > len(head[:2000]) and min(zeros) * 2 < max(zeros)
        if not is_wide:
            raise UnreadableFileError("it is no text: is it of another kind?")
        name = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        return head.decode(name, "ignore"), name
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head), None
    except UnicodeDecodeError:
        return head.decode("windows-1252", "replace"), "windows-1252"


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter that lines have equally often, and how many lines stand above the names."""
    bare = _QUOTED.sub("", text)
    lines = pl.Series(bare.split("\n", _LINES)[:_LINES], dtype=pl.String)
    filled = lines.filter(lines.str.strip_chars(" ") != "")  # what was in quotes is gone
    best, most = None, 0.0
    for delimiter in DELIMITERS:
        counts = filled.str.count_matches(delimiter, literal=True).cast(pl.Int64)
        usual = _usual(counts)
        steady = portion((counts - usual).abs() <= _slack(usual))
        if usual and steady >= _STEADY and steady * usual > most:
            best, most = (delimiter, usual), steady * usual
    if best is None:
        raise UnreadableFileError(
            "no delimiter stands equally often in its lines (comma, tabulator, |, ;, ^, ~ were "
            "tried): is it of fixed width, or of one column?"
        )
    counts = lines.str.count_matches(best[0], literal=True)
    is_wide = counts >= best[1] - _slack(best[1])
    # Titles above may have all delimiters too, as a spreadsheet writes them, and few cells.
    is_full = _filled(text, best[0]) * 2 > best[1]
    first = (is_wide & is_full if (is_wide & is_full).any() else is_wide).arg_max() or 0
    return best[0], int(first)


def _filled(text: str, delimiter: str) -> pl.Series:
    """How many cells of each of the first lines are not empty."""
    marked = pl.Series(_QUOTED.sub("q", text).split("\n", _LINES)[:_LINES], dtype=pl.String)
    is_said = pl.element().str.strip_chars() != ""
    return marked.str.split(delimiter).list.eval(is_said).list.sum().cast(pl.Int64)


def _slack(usual: int) -> int:
    """By how many delimiters a line may differ: lines may end in one more, or lack a cell."""
    return 0 if usual < _MANY else 1 + usual // 20


def _usual(counts: pl.Series) -> int:
    """The most frequent count."""
    modes = counts.mode().sort()
    return int(modes[-1]) if len(modes) else 0


def _cells(body: str, delimiter: str) -> tuple[tuple[str, ...], pl.DataFrame]:
    header = _csv(body, delimiter, {}, 1)
    names = plain_names(header.row(0) if len(header) else ())
    columns = {f"c{place}": pl.String() for place in range(len(names))}
    return names, _csv(body, delimiter, columns, ROWS + 1).slice(1)


def _csv(body: str, delimiter: str, columns: dict[str, pl.String], rows: int) -> pl.DataFrame:
    try:
        return pl.read_csv(
            io.BytesIO(body.encode()),
            has_header=False,
            separator=delimiter,
            n_rows=rows,
            infer_schema=False,
            schema=columns or None,
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError:  # whose message may quote cells
        name = SAID.get(delimiter, delimiter)
        raise UnreadableFileError(
            f"its first rows cannot be read as columns with {name} between: is a quote not closed?"
        ) from None


def plain_names(names: Sequence[object]) -> tuple[str, ...]:
    """Names of columns on one line, spaces around cut off; empty ones at the end go."""
    found = [
        " ".join(str(name).replace("\ufeff", "").split()) if name is not None else ""
        for name in names
    ]
    while found and not found[-1]:
        found.pop()
    return tuple(found)
