"""Files that are not X12 on their way into the database: side tables and claims feeds."""

import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, BinaryIO

from analytics.combining import combine
from analytics.errors import UnreadableFileError
from analytics.ingest import feeds, side
from analytics.ingest.files import Source
from analytics.writer import Writer

if TYPE_CHECKING:
    import polars as pl


def feed_of(source: Source) -> feeds.Feed | None:
    """The claims feed the file is of, by its first bytes; None also where it cannot be read."""
    try:
        with source.open() as stream:
            return feeds.recognised(stream.read(feeds.HEAD), source.name)
    except (OSError, EOFError, zlib.error, UnreadableFileError):
        return None  # what is wrong is said when it is read


def write_feed(
    writer: Writer,
    source: Source,
    feed: feeds.Feed,
    file_id: int,
    opened: Callable[[Source], AbstractContextManager[BinaryIO]],
) -> dict[int, int]:
    """Write a file of a claims feed, block by block; gives its record count."""
    count = 0
    faulty: list[pl.Series] = []
    with opened(source) as stream:
        for part in feed.read(stream, file_id):
            writer.add(part.extract)
            faulty.append(part.faulty)
            count += part.extract.record_count
    if not feed.whole:
        with source.open() as stream:
            records = feed.records(stream, file_id) if feed.records else None
            combine(writer.connection, file_id, faulty, sums=feed.sums, records=records)
    return {file_id: count}


def write_side(writer: Writer, source: Source, table: str, file_id: int) -> dict[int, int]:
    """Write a side table; gives its record count."""
    with source.open() as stream:
        extract = side.read(stream, table, file_id)
    writer.replace_or_add(extract, table)
    return {file_id: extract.record_count}
