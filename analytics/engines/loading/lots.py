"""Which files a load reads, under which numbers: those of the load into DuckDB.

A lot is what that load writes in one transaction: some small files, or a large one.  Who is named
first and which set is a duplicate goes by their order, so it is kept here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analytics.engines.loading.known import Known
from analytics.engines.loading.scan import Scan
from analytics.ingest.files import Source
from analytics.ingest.x12.pieces import Piece
from analytics.load_report import FileReport
from analytics.loader import batches
from analytics.maps import FileMap, Map

MOST_LOTS = 40  # in one task


@dataclass(frozen=True, slots=True)
class Lot:
    """Files read together, the number of the first of them, and their hashes."""

    first: int
    sources: tuple[Source, ...]
    hashes: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()
    file: FileMap | None = None  # what the column map says, where one reads it

    @property
    def named(self) -> list[tuple[int, Source, str]]:
        """The number, source and hash of each of its files."""
        numbers = range(self.first, self.first + len(self.sources))
        return list(zip(numbers, self.sources, self.hashes, strict=True))

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(source.byte_count for source in self.sources)


@dataclass(slots=True)
class Plan:
    """What is to be read; and of every file its number, or the report where it has none.

    A file that a column map reads in several ways has several.
    """

    next_file: int
    lots: list[Lot] = field(default_factory=list[Lot])
    told: dict[Source, list[int | FileReport]] = field(
        default_factory=dict[Source, list[int | FileReport]]
    )
    gone: dict[int, int] = field(default_factory=dict[int, int])  # read again: before, and now
    seen: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def add(self, lot: Lot) -> None:
        """Read these files."""
        self.lots.append(lot)
        for number, source, sha256 in lot.named:
            self.told.setdefault(source, []).append(number)
            self.seen[lot.file.name if lot.file else "", sha256] = number
        self.next_file += len(lot.sources)


def plan(
    sources: list[Source], scans: Mapping[Source, Scan], said: Map | None, held: Known
) -> Plan:
    """Number the files that are new."""
    found = Plan(held.next_file)
    for batch in batches(sources, said):
        files = said.of(batch[0].name) if said else ()
        for file in files:
            _plan_extract(found, batch[0], scans[batch[0]], file, held)
        if not files:
            _plan_batch(found, batch, scans, held)
    return found


def _plan_batch(
    found: Plan, batch: list[Source], scans: Mapping[Source, Scan], held: Known
) -> None:
    """Files that are read together, each once."""
    arriving: dict[str, Source] = {}
    for source in batch:
        scan = scans[source]
        known = found.seen.get(("", scan.sha256), held.files.get(scan.sha256))
        if scan.problem:
            found.told[source] = [FileReport(source.name, "unreadable", problem=scan.problem)]
        elif scan.sha256 in arriving:
            found.told[source] = [FileReport(source.name, "already loaded")]
        elif known is not None and known not in held.again:
            found.told[source] = [known]
        else:
            arriving[scan.sha256] = source
    if not arriving:
        return
    for number, sha256 in enumerate(arriving, found.next_file):
        if sha256 in held.files:
            found.gone[held.files[sha256]] = number
    whole = tuple(arriving.values())
    pieces = scans[whole[0]].pieces if len(whole) == 1 else ()
    found.add(Lot(found.next_file, whole, tuple(arriving), pieces))


def _plan_extract(found: Plan, source: Source, scan: Scan, file: FileMap, held: Known) -> None:
    """A file as one part of a column map reads it."""
    if scan.problem:
        report = FileReport(source.name, "unreadable", problem=scan.problem)
        found.told.setdefault(source, []).append(report)
        return
    before, version = held.extracts.get((file.name, scan.sha256), (None, ""))
    known = found.seen.get((file.name, scan.sha256))
    if known is None and version == file.version:
        known = before
    if known is not None:
        found.told.setdefault(source, []).append(known)
        return
    if before is not None:
        found.gone[before] = found.next_file
    found.add(Lot(found.next_file, (source,), (scan.sha256,), file=file))


def by_map(lots: Iterable[Lot]) -> list[list[Lot]]:
    """What one part of a column map reads, in one task: a file may replace rows of one before."""
    groups: dict[str, list[Lot]] = {}
    for lot in lots:
        if lot.file:
            groups.setdefault(lot.file.name, []).append(lot)
    return list(groups.values())
