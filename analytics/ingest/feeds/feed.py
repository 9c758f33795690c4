"""What a feed file is to the loader: its name, how to read it, how to put its claims together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, TypeAlias

import polars as pl

from analytics.ingest.extract import Extract


class Part(NamedTuple):
    """The rows of a block of a file, and the numbers of claims of which a record was at fault."""

    extract: Extract
    faulty: pl.Series


Read: TypeAlias = Callable[[BinaryIO, int], Iterator[Part]]
Records: TypeAlias = Callable[[BinaryIO, int], Iterator[pl.DataFrame]]


@dataclass(frozen=True, slots=True)
class Feed:
    """A kind of file.  `sums`: a claim has the sums of its lines, else each line repeats it.

    `whole`: a record is a claim with all its lines, so that none is put together of several.
    `records`: where a line is put together of several records, what reads the number of each record
    and of its claim, as (record_no, claim_number).
    """

    name: str
    read: Read
    sums: bool = False
    whole: bool = False
    records: Records | None = None
