"""Which files a load reads, under which numbers: those of the load into DuckDB.

A lot is what that load writes in one transaction: some small files, or a large one.  Who is named
first and which set is a duplicate goes by their order, so it is kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.engines.loading.scan import Scan
from analytics.ingest.files import Source
from analytics.ingest.x12.pieces import Piece
from analytics.load_report import FileReport
from analytics.loader import batches
from analytics.maps import Map

_MOST_LOTS = 40  # in one task


@dataclass(frozen=True, slots=True)
class Lot:
    """Files read together: the number of the lot, of its first file, and their hashes."""

    number: int
    first: int
    sources: tuple[Source, ...]
    hashes: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()

    @property
    def named(self) -> list[tuple[Source, str]]:
        """Its files with their hashes."""
        return list(zip(self.sources, self.hashes, strict=True))

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(source.byte_count for source in self.sources)


@dataclass(slots=True)
class Plan:
    """What is to be read; of files that are not, the report, or the number they have already."""

    lots: list[Lot] = field(default_factory=list[Lot])
    numbers: dict[Source, int] = field(default_factory=dict[Source, int])
    known: dict[Source, int] = field(default_factory=dict[Source, int])
    told: dict[Source, FileReport] = field(default_factory=dict[Source, FileReport])
    again: dict[int, int] = field(default_factory=dict[int, int])  # number before: and now


def plan(
    sources: list[Source],
    scans: Mapping[Source, Scan],
    said: Map | None,
    held: Mapping[str, int],
    again: set[int],
    first: int,
) -> Plan:
    """Number the files that are new, from `first` on.

    `held` are the numbers of those known, by hash; those of `again` are read once more.
    """
    found, seen, number = Plan(), dict[str, int](), first
    for batch in batches(sources, said):
        arriving: dict[str, Source] = {}
        for source in batch:
            scan = scans[source]
            earlier = held.get(scan.sha256)
            if scan.problem:
                found.told[source] = FileReport(source.name, "unreadable", problem=scan.problem)
            elif scan.sha256 in arriving:
                found.told[source] = FileReport(source.name, "already loaded")
            elif scan.sha256 in seen:
                found.known[source] = seen[scan.sha256]
            elif earlier is not None and earlier not in again:
                found.known[source] = earlier
            else:
                arriving[scan.sha256] = source
        _add(found, arriving, scans, held, number)
        for sha256, source in arriving.items():
            seen[sha256] = found.numbers[source]
        number += len(arriving)
    return found


def _add(
    found: Plan,
    arriving: Mapping[str, Source],
    scans: Mapping[Source, Scan],
    held: Mapping[str, int],
    first: int,
) -> None:
    """Make a lot of files that arrive together."""
    if not arriving:
        return
    for number, (sha256, source) in enumerate(arriving.items(), first):
        found.numbers[source] = number
        if sha256 in held:
            found.again[held[sha256]] = number
    sources = tuple(arriving.values())
    pieces = scans[sources[0]].pieces if len(sources) == 1 else ()
    found.lots.append(Lot(len(found.lots), first, sources, tuple(arriving), pieces))


def grouped(lots: list[Lot], size: int) -> list[list[Lot]]:
    """Lots read by one task each: about `size` bytes."""
    groups: list[list[Lot]] = []
    held = 0
    for lot in lots:
        if not groups or held + lot.size > size or len(groups[-1]) == _MOST_LOTS:
            groups.append([])
            held = 0
        groups[-1].append(lot)
        held += lot.size
    return groups
