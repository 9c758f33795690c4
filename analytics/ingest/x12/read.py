"""Reading X12 files: chunk by chunk to frames, then a verdict on their transaction sets."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, TypeAlias

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.extract import RECORDS_PER_FILE, Extract, Findings
from analytics.ingest.files import Source
from analytics.ingest.rules import REASONS
from analytics.ingest.x12 import envelope, warn
from analytics.ingest.x12.ahead import in_order
from analytics.ingest.x12.chunks import chunks
from analytics.ingest.x12.cutting import announce, is_torn, merged
from analytics.ingest.x12.memory import frozen, give_back, keep
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.part import part_of, together
from analytics.ingest.x12.text import blocks
from analytics.ingest.x12.tokens import Segments
from analytics.ingest.x12.verdict import Verdict, judge

if TYPE_CHECKING:
    from analytics.ingest.x12.delimiters import Delimiters

CHUNK = 6 << 20
_MANY = 1_000_000  # records after which memory is worth giving back
_NO_INTERCHANGES = pl.DataFrame(schema={"record_no": pl.Int64, "is_test": pl.Boolean})

Opener: TypeAlias = Callable[[], AbstractContextManager[BinaryIO]]


@dataclass
class Reader:
    """Reads files: first iterate over `extracts`, then ask for the `verdict`.

    Small files are read together, a large one in chunks; records are numbered from
    ``file * RECORDS_PER_FILE + 1``.  Both add up to what each file alone would give.
    """

    chunk_size: int = CHUNK
    expected_bytes: int = 0  # to be read in all, where that is known
    record_counts: dict[int, int] = field(default_factory=dict[int, int])  # by file
    problems: dict[int, str] = field(default_factory=dict[int, str])  # unreadable files
    _strays: set[int] = field(default_factory=set[int])
    _torn: list[int] = field(default_factory=list[int])  # last records without their terminator
    _wrong_npis: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    _envelope: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    _totals: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    _interchanges: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])

    def extracts(self, files: Iterable[tuple[int, Opener]]) -> Iterator[Extract]:
        """The rows of the files, a chunk at a time.  What cannot be read is in `problems`.

        Raises UnreadableFileError where a file breaks off after some of its rows were given out.
        """
        yield from self._read(self._pieces(files))

    def rest(self, file: int, chunks: Iterable[Segments]) -> Iterator[Extract]:
        """The rows of some chunks of a file; another reader reads the others.

        Raises UnreadableFileError where they cannot be read.
        """
        self.record_counts[file] = 0
        yield from self._read(found for found in chunks if self._note(file, found))

    def join(self, later: Self) -> None:
        """Take up what another reader noted of later parts of the same files."""
        for file, count in later.record_counts.items():
            self.record_counts[file] = self.record_counts.get(file, 0) + count
        self.problems |= later.problems
        self._strays |= later._strays
        self._torn += later._torn
        self._wrong_npis += later._wrong_npis
        self._envelope += later._envelope
        self._totals += later._totals
        self._interchanges += later._interchanges

    def _note(self, file: int, found: Segments) -> bool:
        """Count a chunk in."""
        self.record_counts[file] += len(found) - found.context
        self._torn += [int(found.record_no[-1])] * is_torn(found)
        return True

    def _read(self, pieces: Iterable[Segments]) -> Iterator[Extract]:
        keep()
        announce(self.expected_bytes)
        with frozen():
            for part in in_order(part_of, pieces):
                self._envelope.append(part.envelope)
                self._totals += part.totals
                self._strays |= part.strays
                self._wrong_npis += part.wrong_npis
                self._interchanges += part.interchanges
                yield part.extract
        if sum(self.record_counts.values()) > _MANY:
            give_back()

    def _pieces(self, files: Iterable[tuple[int, Opener]]) -> Iterator[Segments]:
        """What is read at a time: some small files that are delimited alike, or a chunk of one."""
        waiting: dict[Delimiters, list[Segments]] = {}
        size = 0
        for file, opener in files:
            for found, is_whole in self._chunks(file, opener):
                if is_whole and _can_follow(found):
                    waiting.setdefault(found.delimiters, []).append(found)
                    size += len(found.data)
                else:
                    yield found
            if size >= self.chunk_size:
                yield from map(merged, waiting.values())
                waiting, size = {}, 0
        yield from map(merged, waiting.values())

    def _chunks(self, file: int, opener: Opener) -> Iterator[tuple[Segments, bool]]:
        """The chunks of a file, each with whether it is the whole file."""
        self.record_counts[file] = 0
        with opener() as stream:
            read = chunks(blocks(stream, self.chunk_size), file * RECORDS_PER_FILE + 1)
            is_first = True
            try:
                held = next(read, None)
                while held is not None:
                    following = next(read, None)
                    self._note(file, held)
                    yield held, is_first and following is None
                    held, is_first = following, False
            except UnreadableFileError as error:
                if not is_first:
                    raise  # rows of the file are already given out: it must not stay by halves
                self.problems[file] = str(error)

    def verdict(self, *, strict: bool = False, include_test: bool = False) -> Verdict:
        """What becomes of the transaction sets of the files."""
        frame = pl.concat([envelope.EMPTY, *self._envelope])
        sets = envelope.sets(frame, self._totals, self.record_counts)
        sets = sets.with_columns(is_torn=pl.col("last").is_in(self._torn))
        interchanges = pl.concat([_NO_INTERCHANGES, *self._interchanges])
        said = set((interchanges["record_no"] // RECORDS_PER_FILE).to_list())  # without any set
        files = [f for f in self.record_counts if f not in self.problems and f not in said]
        strays, findings = sorted(self._strays), Findings()
        warn.npis(self._wrong_npis, findings)
        verdict = judge(sets, frame, strays, files, strict=strict, include_test=include_test)
        tests = interchanges.filter(pl.col("is_test") & (not include_test))
        tests = tests.select(first="record_no", last="record_no")
        return replace(
            verdict,
            rejected=pl.concat([verdict.rejected, findings.frame()]),
            dropped=pl.concat([verdict.dropped, tests]),
        )


def read(
    source: str | Path | BinaryIO, *, strict: bool = False, include_test: bool = False
) -> Extract:
    """All rows of a file in memory, without those of rejected sets.

    Raises UnreadableFileError where the file is empty or not X12.
    """
    reader = Reader(expected_bytes=_size(source))
    parts = list(reader.extracts([(0, _opener(source))]))
    if reader.problems:
        raise UnreadableFileError(reader.problems[0])
    verdict = reader.verdict(strict=strict, include_test=include_test)
    tables = together([part.tables for part in parts])
    findings = [part.rejected for part in parts] + [verdict.rejected]
    for name in tables:
        tables[name], out = _without(tables[name], name, verdict.dropped)
        findings.append(out)
    tables["transaction_set"] = verdict.sets
    return Extract(tables, pl.concat(findings).sort("record_no"), reader.record_counts[0])


def _size(source: str | Path | BinaryIO) -> int:
    return Source(Path(source)).byte_count if isinstance(source, str | Path) else 0


def _opener(source: str | Path | BinaryIO) -> Opener:
    if isinstance(source, str | Path):
        return Source(Path(source)).open
    return lambda: nullcontext(source)


def _can_follow(found: Segments) -> bool:
    """Whether a file can be read behind another: its ISA ends all that the other left open."""
    return found.code[0] == packed("ISA")


def _without(
    frame: pl.DataFrame, name: str, dropped: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame without the rows of dropped sets, and those as findings."""
    inside = _inside(frame["record_no"], dropped.sort("first"))
    findings = Findings()
    if name not in ("patient", "payer", "provider"):
        out = frame.filter(inside)["record_no"]
        findings.add(out, name, "set_rejected", REASONS["set_rejected"])
    return frame.filter(~inside), findings.frame()


def _inside(records: pl.Series, ranges: pl.DataFrame) -> pl.Series:
    """Which records lie in one of these ranges, which are in order and apart."""
    at = ranges["first"].search_sorted(records, side="right").cast(pl.Int64) - 1
    last = ranges["last"].gather(at.replace(-1, None))
    return (records <= last).fill_null(value=False)
