"""A stream of text as frames of text columns, block by block: delimited, or of fixed width."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.feeds.quoted import Sorted, by_columns

BLOCK = 8 << 20  # bytes read at a time; a frame holds a few times as much
_LONGEST = 64 << 20  # bytes of one record: beyond it the file is no table
_PART = "?"  # stands for a number or day that its line cuts off, which is then unreadable


class Rows(NamedTuple):
    """Records as text columns with `record_no`, and the numbers of those of another shape."""

    frame: pl.DataFrame
    ragged: pl.Series


def header(line: bytes, separator: str) -> list[str]:
    """The column names of a header line, in upper case."""
    text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
    return [name.strip().strip('"').upper() for name in text.split(separator)]


def delimited(stream: BinaryIO, separator: str, file: int, *, quoted: bool) -> Iterator[Rows]:
    """The rows of a delimited file under its header, names in upper case, blanks as null."""
    names: list[str] = []
    first = file * RECORDS_PER_FILE + 1
    for block in blocks(stream, quoted=quoted):
        if not names:
            line, _, block = block.partition(b"\n")  # noqa: PLW2901
            names = header(line, separator)
            if len(set(names)) < len(names):
                raise UnreadableFileError("two columns of the header have one name")
        rows = _parsed(block, names, separator, first, quoted=quoted)
        first += len(rows.frame) + len(rows.ragged)
        yield rows


def fixed(
    stream: BinaryIO,
    fields: Mapping[str, tuple[int, int]],
    whole: set[str],
    file: int,
    *,
    least: int = 0,
) -> Iterator[Rows]:
    """The records of a file of fixed width: name -> first and last position, from 1.

    Of the names in `whole` a value that the end of its line cuts off is made unreadable; other
    fields may lack trailing blanks.  So are those behind the end of a line that ends before the
    position `least`, up to which every record says something, and all of one so long that it is
    several records.
    """
    longest = 2 * max((end for _, end in fields.values()), default=1)
    first = file * RECORDS_PER_FILE + 1
    for block in blocks(stream, quoted=False):
        lines = split_lines(block).filter(pl.col("line").str.strip_chars() != "")
        length = pl.col("line").str.len_chars()
        cut = length < least
        several = pl.col("line").str.strip_chars_end().str.len_chars() >= longest
        columns = [
            pl.when((((length >= start) | cut) & (length < end) | several) & pl.lit(name in whole))
            .then(pl.lit(_PART))
            .otherwise(pl.col("line").str.slice(start - 1, end - start + 1))
            .alias(name)
            for name, (start, end) in fields.items()
        ]
        frame = _blank_as_null(lines.select(columns))
        yield Rows(_numbered(frame, first), pl.Series(values=[], dtype=pl.Int64))
        first += len(frame)


def blocks(stream: BinaryIO, *, quoted: bool) -> Iterator[bytes]:
    """The stream cut where records end; line breaks inside quotes end none."""
    rest, lone = b"", False
    while block := stream.read(BLOCK):
        # Files of old ended lines with CR alone; their first block has no other end.
        lone = lone or (not rest and b"\n" not in block and b"\r" in block)
        rest += block.replace(b"\r", b"\n") if lone else block
        cut = _cut(rest, quoted=quoted)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST:
            raise UnreadableFileError("a record of more than 64 MB: no table has one")
    if rest.strip():
        yield rest


def _cut(block: bytes, *, quoted: bool) -> int:
    """The place behind the last line break that ends a record; 0 where there is none."""
    cut = block.rfind(b"\n") + 1
    while quoted and cut and block.count(b'"', 0, cut) % 2:
        cut = block.rfind(b"\n", 0, cut - 1) + 1
    return cut


def split_lines(block: bytes) -> pl.DataFrame:
    """The lines of a block as the column `line`."""
    text = block.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return pl.DataFrame({"line": [text]}).select(pl.col("line").str.split("\n").explode())


def _parsed(block: bytes, names: list[str], separator: str, first: int, *, quoted: bool) -> Rows:
    """A block as columns; rows of another shape are told apart."""
    if quoted and b'"' in block:
        return _of_quoted(by_columns(block, separator, len(names)), names, separator, first)
    lines = _numbered(split_lines(block).filter(pl.col("line").str.strip_chars() != ""), first)
    lines = lines.with_columns(_without_last(pl.col("line"), separator, len(names)))
    sound = pl.col("line").str.count_matches(separator, literal=True) == len(names) - 1
    ragged = lines.filter(~sound)["record_no"]
    kept = lines.filter(sound)
    frame = _csv("\n".join(kept["line"]).encode(), names, separator, None)
    return Rows(frame.with_columns(kept["record_no"]), ragged)


def _of_quoted(found: Sorted, names: list[str], separator: str, first: int) -> Rows:
    frame = _csv(found.text, names, separator, '"')
    if len(frame) != len(found.sound):
        raise UnreadableFileError("not a readable delimited file: its quotes do not pair")
    numbered = frame.with_columns(record_no=pl.Series(found.sound + first, dtype=pl.Int64))
    return Rows(numbered, pl.Series(found.ragged + first, dtype=pl.Int64))


def _without_last(line: pl.Expr, separator: str, count: int) -> pl.Expr:
    """A line that ends in a separator more than it has columns, without it (as CCW writes)."""
    more = line.str.count_matches(separator, literal=True) == count
    ends = line.str.ends_with(separator)
    return pl.when(more & ends).then(line.str.strip_suffix(separator)).otherwise(line)


def _csv(block: bytes, names: list[str], separator: str, quote: str | None) -> pl.DataFrame:
    if not block.strip():
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    try:
        frame = pl.read_csv(
            block,
            has_header=False,
            new_columns=names,
            separator=separator,
            quote_char=quote,
            infer_schema=False,
            schema=dict.fromkeys(names, pl.String),
            encoding="utf8-lossy",
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError:
        raise UnreadableFileError("not a readable delimited file") from None
    return _blank_as_null(frame)


def _blank_as_null(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.all().str.strip_chars()
    return frame.with_columns(pl.when(text.str.len_bytes() > 0).then(text))


def _numbered(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    number = pl.int_range(first, first + pl.len(), dtype=pl.Int64)
    return frame.with_columns(number.alias("record_no"))
