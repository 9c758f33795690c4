"""The names of a delimited file's columns, and the delimiter that gives those of the map."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from analytics import cells
from analytics.errors import UnreadableFileError
from analytics.extracts.names import Named, named
from analytics.maps import FileMap

_HEAD = 4 << 20  # bytes that hold a header
_DELIMITERS = (",", "\t", "|", ";", "^", "~")
_SAID = {"\t": "tabulator"}


class Header(NamedTuple):
    """The columns of a file in order, and the delimiter between them."""

    names: tuple[str, ...]
    delimiter: str


def header(path: str, file: FileMap) -> Header:
    """The header of a delimited file.  Raises `UnreadableFileError`, which says what to do."""
    with Path(path).open("rb") as stream:
        head = stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise UnreadableFileError("it is empty")
    if b"\0" in head[:1000]:
        raise UnreadableFileError("it is no text: is its encoding utf-16, or is it another kind?")
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", file.header_row)
    text = b"\n".join(lines[file.header_row - 1 :])
    if len(lines) < file.header_row or not text.strip():
        raise UnreadableFileError(f"it has no line {file.header_row} with the names of columns")
    try:
        text.split(b"\n", 1)[0].decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableFileError(
            'its header is not UTF-8: say its encoding in the map, as encoding = "windows-1252"'
        ) from None
    return _told(text, file)


def _told(text: bytes, file: FileMap) -> Header:
    """With the delimiter of the map, or that with which most columns of the map are there."""
    tried = [file.delimiter] if file.delimiter else _DELIMITERS
    found = [Header(_split(text, delimiter, file.quote), delimiter) for delimiter in tried]
    best = max(found, key=lambda header: _score(header, file))
    if file.delimiter and len(best.names) == 1:
        others = [Header(_split(text, other, file.quote), other) for other in _DELIMITERS]
        better = max(others, key=lambda header: _score(header, file))
        if len(better.names) > 1:
            name = _SAID.get(better.delimiter, repr(better.delimiter))
            raise UnreadableFileError(
                f"with the delimiter of the map it has one column; with {name} it has "
                f"{len(better.names)}: say so in the map"
            )
    return best


def _score(header: Header, file: FileMap) -> tuple[int, int]:
    found: Named = named(header.names, file, strict=False)
    return -len(found.missing), len(header.names)


def _split(text: bytes, delimiter: str, quote: str) -> tuple[str, ...]:
    """The cells of the first row, plain; nothing where it is none."""
    lines = io.StringIO(text.decode("utf-8", "replace"), newline="")
    quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    try:
        row = next(csv.reader(lines, delimiter=delimiter, quotechar=quote or None, quoting=quoting))
    except (csv.Error, StopIteration):
        return ()
    return plain_names(row)


def plain_names(names: Sequence[object]) -> tuple[str, ...]:
    """Names of columns as plain text; nothing is an empty one, and empty ones at the end go."""
    texts = pl.Series([None if name is None else str(name) for name in names], dtype=pl.String)
    plain = texts.to_frame("name").select(cells.plain(pl.col("name")).fill_null(""))
    found = plain["name"].to_list()
    while found and not found[-1]:
        found.pop()
    return tuple(found)
