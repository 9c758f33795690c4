"""Rows that the reader of delimited text saw none of: inside quotes, or behind a line without end.

A quote too many at the start of a cell takes in all up to the next one, which may be rows later.
The file then reads well and says less than it holds.
"""

from pathlib import Path

import duckdb
import numpy as np

from analytics.errors import UnreadableFileError
from analytics.extracts.reading import Opened
from analytics.maps import FileMap
from analytics.query import literal

_BLOCK = 1 << 20
_LONGEST = 32  # blocks; the reader gives up lines of more than 128 MB without a word
_WIDE = 6  # columns; in fewer, a remark on two lines may have as many delimiters as a row


def check_hidden(
    connection: duckdb.DuckDBPyConnection, held: Opened, file: FileMap, rows: int
) -> None:
    """Raise `UnreadableFileError` where the file holds rows that are not among those read."""
    lines = _lines(held.path)
    if not file.quote or lines - file.header_row <= rows:
        return
    conditions = [_holds_rows(f"c{place}", held) for place in _places(held)]
    found = connection.execute(
        f"SELECT min(no) FROM (SELECT row_number() OVER () AS no, * FROM {held.raw.relation}) "
        f"WHERE {' OR '.join(conditions)}"
    ).fetchall()[0][0]
    if found is not None:
        raise UnreadableFileError(
            f"a cell in quotes in row {found:,} holds whole rows, as a quote too many makes it: "
            'mend it, or say quote = "" in the map where quotes mean nothing'
        )


def _places(held: Opened) -> list[int]:
    """The columns to look at: of a narrow file those of the map, where a remark has no place."""
    if len(held.columns) >= _WIDE:
        return list(range(len(held.columns)))
    return sorted({place for places in held.named.places.values() for place in places})


def _holds_rows(cell: str, held: Opened) -> str:
    """Whether a cell has delimiters as lines that are rows have: what is before and after it too.

    The row that it stands in has all its columns, so the rest of its own line and the beginning of
    the last one make up one row.
    """
    breaks = f"replace(replace({cell}, chr(13) || chr(10), chr(10)), chr(13), chr(10))"
    delimiter = literal(held.delimiter)
    return (
        f"(contains({cell}, {delimiter}) AND {_count(breaks, 'chr(10)')} > 0 "
        f"AND {_count(cell, delimiter)} = {_count(breaks, 'chr(10)')} * {len(held.columns) - 1})"
    )


def _count(text: str, letter: str) -> str:
    return f"(length({text}) - length(replace({text}, {letter}, '')))"


def _lines(path: str) -> int:
    """The lines of the file.  Raises `UnreadableFileError` for one that is beyond measure."""
    feeds, returns, without = 0, 0, 0
    ends = b"\n"
    with Path(path).open("rb") as stream:
        while block := stream.read(_BLOCK):
            found = _number(block, b"\n"), _number(block, b"\r")
            feeds, returns = feeds + found[0], returns + found[1]
            without = 0 if any(found) else without + 1
            ends = block[-1:]
            if without >= _LONGEST:
                raise UnreadableFileError(
                    f"it has a line of more than {_LONGEST * _BLOCK >> 20} MB: is it delimited "
                    "text, or does it lack line ends?"
                )
    return max(feeds, returns) + (ends not in (b"\n", b"\r"))


def _number(block: bytes, letter: bytes) -> int:
    """How often a letter is there: by arrays, a third of the time of `bytes.count`."""
    if letter not in block:
        return 0
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == letter[0]))
