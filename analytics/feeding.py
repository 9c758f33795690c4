"""Files that are not X12 on their way into the database: side tables, feeds and contracts."""

import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, BinaryIO

from analytics import contracts
from analytics.combining import combine
from analytics.connection import one_thread
from analytics.errors import UnknownNameError, UnreadableFileError
from analytics.ingest import feeds, side
from analytics.ingest.extract import RECORDS_PER_FILE, Extract, Findings
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
    with opened(source) as stream, one_thread(writer.connection):
        for part in feed.read(stream, file_id):
            writer.add(part.extract)
            faulty.append(part.faulty)
            count += part.extract.record_count
    if not feed.whole:
        with source.open() as stream:
            records = feed.records(stream, file_id) if feed.records else None
            combine(writer.connection, file_id, faulty, sums=feed.sums, records=records)
    return {file_id: count}


def is_contract(source: Source) -> bool:
    """Whether the file tells of contracts that share savings: TOML, whatever its name."""
    return source.kind == ".toml"


def write_contract(writer: Writer, source: Source, file_id: int) -> dict[int, int]:
    """Write the years of a contract; gives how many.

    Raises UnreadableFileError where the file has a mistake: part of a contract is none.
    """
    with source.open() as stream:
        content = stream.read()
    try:
        years = contracts.contract_years(content.decode("utf-8-sig"), source.name)
        first = file_id * RECORDS_PER_FILE + 1
        frame = contracts.contract_rows(years, first)
    except UnicodeDecodeError:
        raise UnreadableFileError("is it a TOML file in UTF-8?") from None
    except (contracts.ContractError, UnknownNameError) as error:
        raise UnreadableFileError(f"the contract cannot be: {error}") from None
    writer.add(Extract({"contract": frame}, Findings().frame(), len(frame)))
    return {file_id: len(frame)}


def write_side(writer: Writer, source: Source, table: str, file_id: int) -> dict[int, int]:
    """Write a side table; gives its record count."""
    with source.open() as stream:
        extract = side.read(stream, table, file_id)
    writer.replace_or_add(extract, table)
    return {file_id: extract.record_count}
