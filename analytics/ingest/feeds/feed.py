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


@dataclass(frozen=True, slots=True)
class Feed:
    """A kind of file.  `sums`: a claim has the sums of its lines, else each line repeats it.

    `whole`: a record is a claim with all its lines, so that none is put together of several.
    """

    name: str
    read: Read
    sums: bool = False
    whole: bool = False
