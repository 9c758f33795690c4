"""Loading: the only writer of core tables.  All or nothing for a file, idempotent by its hash."""

import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import Queue
from threading import Thread
from types import SimpleNamespace
from typing import BinaryIO, cast

import duckdb
import polars as pl

from analytics.arrivals import Arrival, finish, next_file, note_problem
from analytics.connection import one_thread
from analytics.copies import check_loading
from analytics.database import Database
from analytics.duck import transaction, why
from analytics.errors import DatabaseError, UnreadableFileError
from analytics.extracting import load_extract
from analytics.feeding import feed_of, is_contract, write_contract, write_feed, write_side
from analytics.ingest import side
from analytics.ingest.extract import Extract
from analytics.ingest.files import Paths, Source, find
from analytics.ingest.x12.read import CHUNK, Reader
from analytics.load_report import FileReport, LoadReport, file_reports
from analytics.maps import Map, read_map
from analytics.progress import Progress, shown
from analytics.reread import forget, kept_out_by_option
from analytics.writer import Writer

_MOST_FILES = 200  # in one batch


@dataclass(slots=True)
class Told:
    """How far the load is, in bytes; decompressed ones may be more than there are on disk."""

    tell: Progress
    done: int
    most: int  # at the end of this batch
    total: int
    name: str = ""  # of its first file

    def add(self, count: int, name: str) -> None:
        """Tell that so many bytes more were read."""
        self.done = min(self.done + count, self.most)
        self.tell(self.done, self.total, name)

    def share(self, number: int, of: int, done: float) -> None:
        """Tell the share that is done of the nth reading, from 0, of the batch's one file."""
        size = self.most - self.done
        self.tell(self.done + int(size * (number + done) / of), self.total, self.name)

    @contextmanager
    def counted(self, source: Source) -> Generator[BinaryIO]:
        """The file, its progress told as it is read."""
        with source.open() as stream:
            read = stream.read

            def counting(size: int = -1) -> bytes:
                block = read(size)
                self.add(len(block), source.name)
                return block

            yield cast("BinaryIO", SimpleNamespace(read=counting))


@dataclass(frozen=True, slots=True)
class Options:
    """What a load was asked for, and who is told how far it is."""

    strict: bool
    include_test: bool
    told: Told


def load(
    db: Database,
    paths: Paths,
    *,
    strict: bool = False,
    include_test: bool = False,
    map: str | Path | Map | None = None,  # noqa: A002
    accept_columns: bool = False,
    progress: Progress | bool | None = None,
) -> LoadReport:
    """Load files, folders, globs and archives, and report what was read, loaded and kept out.

    Each file is loaded whole or not at all.  A file whose bytes were loaded before is left alone,
    unless `strict` or `include_test` kept sets of it out then and would not now: it is read again.
    `strict` rejects transaction sets that do not balance to the cent; `include_test` loads
    interchanges marked as tests.  Facts are not rebuilt: run ``db.build()`` after loading.
    `map` is a column map (docs/maps.md), or a TOML file with one: files that it names are read by
    it.  `accept_columns` takes their columns as they are now, though they changed since last time.
    `progress` is told bytes done, bytes in all and the file at work; a bar is shown without it.

    Raises UnreadableFileError where a path names nothing, MapError for a map with mistakes, and
    DatabaseError where the database cannot be written; a file that cannot be read is a row of the
    report, and the others load.
    """
    if db.read_only:
        raise DatabaseError(f"{db.path} was opened read-only; loading needs to write")
    check_loading(db.connection, db.path)
    said = map if isinstance(map, Map | None) else read_map(map)
    sources = [source for source in find(paths) if not is_map(source, said)]
    total, done = sum(source.byte_count for source in sources), 0
    reports: dict[Source, list[FileReport]] = {}
    with shown("loading", progress) as tell:
        for batch in batches(sources, said):
            told = Told(tell, done, done + sum(source.byte_count for source in batch), total)
            told.name = batch[0].name
            told.add(0, batch[0].name)
            if said and (files := said.of(batch[0].name)):
                each = [
                    load_extract(
                        db, batch[0], file, accept_columns, partial(told.share, place, len(files))
                    )
                    for place, file in enumerate(files)
                ]
                reports[batch[0]] = each
            else:
                found = load_batch(db, batch, Options(strict, include_test, told))
                reports |= {source: [report] for source, report in found.items()}
            done = told.most
        tell(done, total, "")
    return LoadReport(tuple(report for source in sources for report in reports[source]))


def is_map(source: Source, said: Map | None) -> bool:
    """Whether the source is the map itself, in the folder with the extracts."""
    return said is not None and source.path.resolve() == Path(said.path or "?").resolve()


def batches(sources: list[Source], said: Map | None) -> Iterator[list[Source]]:
    """Small X12 files together, as reading a few bytes costs as much as reading many."""
    batch: list[Source] = []
    size = 0
    for source in sources:
        is_extract = said is not None and bool(said.of(source.name))
        alone = (
            is_extract
            or source.kind == ".csv"
            or is_contract(source)
            or source.byte_count > CHUNK
            or feed_of(source) is not None
        )
        if batch and (alone or size + source.byte_count > CHUNK or len(batch) == _MOST_FILES):
            yield batch
            batch, size = [], 0
        if alone:
            yield [source]
        else:
            batch.append(source)
            size += source.byte_count
    if batch:
        yield batch


def load_batch(db: Database, batch: list[Source], options: Options) -> dict[Source, FileReport]:
    """Load some files in one transaction; when that fails, each in its own."""
    reports: dict[Source, FileReport] = {}
    arrivals = _arrivals(db, batch, reports, options)
    try:
        return reports | _write(db, arrivals, options)
    except duckdb.DataError as error:
        problem = f"its values do not fit the tables ({type(error).__name__})"
    except duckdb.Error as error:
        raise DatabaseError(f"{db.path} cannot be written: {why(error)}") from None
    except UnreadableFileError as error:
        problem = str(error)
    except (OSError, EOFError, zlib.error, pl.exceptions.PolarsError) as error:
        problem = getattr(error, "strerror", None) or f"not readable ({type(error).__name__})"
    for arrival in arrivals:
        alone = len(arrivals) == 1
        one = note_problem(db, arrival, problem) if alone else None
        reports |= one or load_batch(db, [arrival.source], options)
    return reports


def _arrivals(
    db: Database, batch: list[Source], reports: dict[Source, FileReport], options: Options
) -> list[Arrival]:
    """The files to read, each once; the others are put into the reports."""
    found: dict[str, Arrival] = {}
    for source in batch:
        try:
            arrival = Arrival(source, source.sha256(), source.byte_count)
        except (OSError, UnreadableFileError) as error:
            problem = getattr(error, "strerror", None) or str(error)
            reports[source] = FileReport(source.name, "unreadable", problem=problem)
            continue
        if arrival.sha256 in found:
            reports[source] = FileReport(source.name, "already loaded")
        found.setdefault(arrival.sha256, arrival)
    known = db.connection.sql(
        "SELECT sha256, file_id FROM source_file "
        "WHERE list_contains($hashes, sha256) AND format <> 'unreadable'",
        params={"hashes": list(found)},
    ).pl()
    files = dict(zip(known["sha256"].to_list(), known["file_id"].to_list(), strict=True))
    again = kept_out_by_option(
        db.connection,
        list(files.values()),
        strict=options.strict,
        include_test=options.include_test,
    )
    for sha256 in [sha256 for sha256, file in files.items() if file in again]:
        found[sha256] = replace(found[sha256], earlier=files.pop(sha256))
    for report, sha256 in zip(
        file_reports(db, list(files.values()), "already loaded"), files, strict=True
    ):
        reports[found.pop(sha256).source] = report
    return list(found.values())


def _write(db: Database, arrivals: list[Arrival], options: Options) -> dict[Source, FileReport]:
    """Write the files in one transaction."""
    if not arrivals:
        return {}
    first = next_file(db)
    numbered = dict(enumerate(arrivals, first))
    source = arrivals[0].source
    feed = feed_of(source)
    table = side.table_of(source.name) if source.kind == ".csv" and not feed else None
    if source.kind == ".csv" and not table and not feed:
        known = ", ".join(f"{name}*.csv" for name in side.TABLES)
        raise UnreadableFileError(
            f"a CSV file is loaded by its name ({known}) or as a claims feed by its columns: "
            "these are those of no feed that is known. An extract of your own is loaded by a "
            "column map: revcycle map FILE proposes one, load FILE --map MAP loads by it"
        )
    with transaction(db.connection):
        forget(db.connection, {a.earlier: f for f, a in numbered.items() if a.earlier})
        writer = Writer(db.connection, first)
        if feed:
            counts, problems = write_feed(writer, source, feed, first, options.told.counted), {}
        elif table:
            counts, problems = write_side(writer, source, table, first), {}
        elif is_contract(source):
            counts, problems, table = write_contract(writer, source, first), {}, "contract"
        else:
            counts, problems = _write_x12(writer, numbered, options)
        finish(db, writer, numbered, counts, problems, feed.name if feed else table or "x12")
    listed = file_reports(db, list(numbered), "loaded")
    return {numbered[f].source: report for f, report in zip(numbered, listed, strict=True)}


def _write_x12(
    writer: Writer, numbered: dict[int, Arrival], options: Options
) -> tuple[dict[int, int], dict[int, str]]:
    """Write X12 files; gives their record counts, and what is wrong with those not readable."""
    reader = Reader(expected_bytes=options.told.total)
    files = (
        (number, partial(options.told.counted, arrival.source))
        for number, arrival in numbered.items()
    )
    with one_thread(writer.connection):
        for extract in _ahead(reader.extracts(files)):
            writer.add(extract)
    writer.judge(reader.verdict(strict=options.strict, include_test=options.include_test))
    counts = {f: n for f, n in reader.record_counts.items() if f not in reader.problems}
    return counts, reader.problems


def _ahead(extracts: Iterator[Extract]) -> Iterator[Extract]:
    """The same extracts, each read while the one before it is being written."""
    queue: Queue[Extract | BaseException | None] = Queue(maxsize=1)

    def work() -> None:
        try:
            for extract in extracts:
                queue.put(extract)
            queue.put(None)
        except BaseException as error:  # noqa: BLE001
            queue.put(error)  # raised again by the thread that waits

    Thread(target=work, daemon=True).start()
    while (item := queue.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
