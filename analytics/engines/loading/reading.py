"""What tasks do: load lots of small files, read a piece of a large one, judge one cut in pieces."""

import pickle
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from analytics import rows
from analytics.arrivals import Arrival, finish, note_problem
from analytics.connection import one_thread
from analytics.duck import transaction
from analytics.engines.loading.lots import Lot
from analytics.engines.loading.stage import LOT, Stage
from analytics.errors import UnreadableFileError
from analytics.extracting import load_extract
from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.x12.chunks import resumed
from analytics.ingest.x12.pieces import stored
from analytics.ingest.x12.read import Reader
from analytics.load_report import FileReport
from analytics.loader import Options, Told, load_batch
from analytics.writer import Writer

DROPPED = "dropped"  # file of the records of rejected sets: lot, first, last
_NOTES = "notes.pickle"


@dataclass(frozen=True, slots=True)
class Staged:
    """What a task wrote: the folder, its tables, and what was wrong with its piece."""

    folder: str
    tables: tuple[str, ...]
    problem: str = ""
    reports: tuple[tuple[int, FileReport], ...] = ()  # of extracts, by number of the file


@dataclass(frozen=True, slots=True)
class Job:
    """How to read: where staged rows go, the options of the load, and extracts loaded before."""

    folder: Path
    strict: bool = False
    include_test: bool = False
    accept_columns: bool = False
    before: Mapping[str, str] = field(default_factory=dict[str, str])  # tables of extracts, as SQL
    gone: tuple[int, ...] = ()  # files of them that are read again

    def do(self, work: list[Lot] | tuple[Lot, int]) -> Staged:
        """Load lots, or read the piece of one that has this number."""
        if isinstance(work, tuple):
            return self.read(work)
        return self.extract(work) if work[0].file else self.load(work)

    def extract(self, lots: Sequence[Lot]) -> Staged:
        """Load the files of one part of a column map, one after the other."""
        with Stage() as stage:
            self._remember(stage, lots)
            told: list[tuple[int, FileReport]] = []
            for lot in lots:
                if lot.file:
                    stage.begin(lot.first)
                    source = lot.sources[0]
                    report = load_extract(stage.db, source, lot.file, self.accept_columns)
                    told.append((lot.first, report))
            stage.keep_each([lot.first for lot in lots])
            return Staged(*stage.written(self.folder), reports=tuple(told))

    def _remember(self, stage: Stage, lots: Sequence[Lot]) -> None:
        """Let the task know what was loaded before by this part of the map: columns and keys."""
        names = [lot.file.name for lot in lots if lot.file]
        for table, held in self.before.items():
            stage.connection.execute(
                f"INSERT INTO {table} BY NAME SELECT * FROM ({held}) "
                f"WHERE file_id IN (SELECT file_id FROM ({self.before['extract_file']}) "
                "WHERE map_name IN (SELECT unnest($names))) "
                "AND file_id NOT IN (SELECT unnest(CAST($gone AS BIGINT[])))",
                {"names": names, "gone": list(self.gone)},
            )

    def load(self, lots: Sequence[Lot]) -> Staged:
        """Load whole files as the loader does."""
        told = Told(_nobody, 0, 0, sum(lot.size for lot in lots))
        options = Options(self.strict, self.include_test, told)
        with Stage() as stage:
            for lot in lots:
                stage.begin(lot.first)
                load_batch(stage.db, list(lot.sources), options)
                stage.keep(lot.first)
            return Staged(*stage.written(self.folder))

    def read(self, work: tuple[Lot, int]) -> Staged:
        """Read a piece of a large file, up to the verdict on its sets."""
        lot, number = work
        piece = lot.pieces[number]
        reader, problem = Reader(expected_bytes=piece.end - piece.start), ""
        with Stage() as stage:
            writer = Writer(stage.connection, lot.first)
            try:
                with (
                    lot.sources[0].open_stored() as stream,
                    transaction(stage.connection),
                    one_thread(stage.connection),
                ):
                    numbers = lot.first * RECORDS_PER_FILE
                    found = resumed(stored(stream, piece), piece, numbers)
                    for extract in reader.rest(lot.first, found):
                        writer.add(extract)
            except UnreadableFileError as error:
                problem = str(error)
            except duckdb.DataError as error:
                problem = f"its values do not fit the tables ({type(error).__name__})"
            except (OSError, EOFError, zlib.error, pl.exceptions.PolarsError) as error:
                problem = (
                    getattr(error, "strerror", None) or f"not readable ({type(error).__name__})"
                )
            stage.keep(lot.first)
            folder, tables = stage.written(self.folder)
            (self.folder / folder / _NOTES).write_bytes(pickle.dumps(reader))
            return Staged(folder, tables, problem)

    def judge(self, work: tuple[Lot, list[Staged]]) -> Staged:
        """The verdict on the sets of a file that was read in pieces."""
        lot, parts = work
        problem = next((part.problem for part in parts if part.problem), "")
        source = lot.sources[0]
        arrival = Arrival(source, lot.hashes[0], source.byte_count)
        with Stage() as stage:
            stage.begin(lot.first)
            if problem:
                note_problem(stage.db, arrival, problem)
                dropped = None
            else:
                dropped = self._judged(stage, lot.first, arrival, parts)
            stage.keep(lot.first)
            folder, tables = stage.written(self.folder)
            if dropped is not None and len(dropped):
                marked = dropped.select(pl.lit(lot.first, pl.Int64).alias(LOT), "first", "last")
                marked.write_parquet(self.folder / folder / f"{DROPPED}.parquet")
                tables = (*tables, DROPPED)
            return Staged(folder, tables)

    def _judged(
        self, stage: Stage, file: int, arrival: Arrival, parts: Sequence[Staged]
    ) -> pl.DataFrame:
        """Write the sets, and give the records of those that are rejected."""
        whole = Reader()
        for part in parts:
            # Our own tasks wrote it, into a folder of the owner's.
            notes = (self.folder / part.folder / _NOTES).read_bytes()
            whole.join(pickle.loads(notes))  # noqa: S301
        verdict = whole.verdict(strict=self.strict, include_test=self.include_test)
        with transaction(stage.connection):
            for table, frame in (("transaction_set", verdict.sets), ("rejected", verdict.rejected)):
                if len(frame):
                    rows.append(stage.connection, table, frame)
            writer = Writer(stage.connection, file)
            finish(stage.db, writer, {file: arrival}, whole.record_counts, {}, "x12")
        return verdict.dropped


def _nobody(_done: int, _total: int, _name: str) -> None:
    """Nobody is told how far a task is."""
