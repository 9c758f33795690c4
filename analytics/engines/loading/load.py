"""`load`: files into a folder of Parquet tables, read by the tasks of a Spark session."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.engines.loading import lots, tasks
from analytics.engines.loading.counts import write_files
from analytics.engines.loading.folder import LOCK, Folder, checked
from analytics.engines.loading.known import known
from analytics.engines.loading.lots import Plan
from analytics.engines.loading.reading import Job, Staged
from analytics.engines.loading.scan import scan
from analytics.engines.loading.settling import Settling
from analytics.engines.loading.views import Views
from analytics.errors import DatabaseError
from analytics.ingest.files import Paths, Source, find
from analytics.load_report import FileReport, LoadReport, file_reports
from analytics.scheduling.lock import alone

PIECE = 32 << 20  # bytes read by one task


def load(
    session: Any,
    paths: Paths,
    folder: str | Path,
    *,
    strict: bool = False,
    include_test: bool = False,
    piece_size: int = PIECE,
) -> LoadReport:
    """Load files as `analytics.load` does, but to a folder of Parquet tables, by a cluster.

    Rows, ids, findings and report are those of that load into a database of the same files, which
    ``Database.from_parquet(folder)`` gives.  `folder` is made where there is none, may be one that
    `export_parquet` wrote, and changes in one step at the end.  A file whose bytes were loaded
    before is left alone.  Files of more than two pieces of `piece_size` bytes are read by several
    tasks.  `paths` and `folder` are paths that driver and workers see alike.

    Raises UnreadableFileError where a path names nothing; DatabaseError where the folder is of
    another kind or version, where another load into it runs, or where the cluster gives up.
    """
    sources, place = find(paths), checked(folder)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(place / LOCK):
        held = Folder.opened(place)
        try:
            return _Load(session, held, strict, include_test, piece_size).run(sources)
        finally:
            held.clear()


@dataclass(frozen=True, slots=True)
class _Load:
    session: Any
    folder: Folder
    strict: bool
    include_test: bool
    piece_size: int

    def run(self, sources: list[Source]) -> LoadReport:
        scans = scan(self.session, sources, None, self.piece_size)
        hashes = [told.sha256 for told in scans.values() if told.sha256]
        held = known(self.folder, hashes, strict=self.strict, include_test=self.include_test)
        plan = lots.plan(sources, scans, None, held.files, held.again, held.next_file)
        if plan.lots:
            self._settle(plan, held.unread, held.next_file, self._read(plan))
        return self._report(sources, plan)

    def _read(self, plan: Plan) -> list[Staged]:
        """Let tasks read the files; then those that were cut are judged as a whole."""
        job = Job(self.folder.staged, self.strict, self.include_test)
        small = lots.grouped([lot for lot in plan.lots if not lot.pieces], self.piece_size)
        large = [lot for lot in plan.lots if lot.pieces]
        parts = [(lot, number) for lot in large for number in range(len(lot.pieces))]
        found: list[Staged] = tasks.run(self.session, [*small, *parts], job.do)
        whole, rest = found[: len(small)], iter(found[len(small) :])
        read = [(lot, [next(rest) for _ in lot.pieces]) for lot in large]
        judged: list[Staged] = tasks.run(self.session, read, job.judge)
        sound = [part for _, of in read if not any(p.problem for p in of) for part in of]
        return [*whole, *sound, *judged]

    def _settle(self, plan: Plan, unread: dict[str, int], first: int, staged: list[Staged]) -> None:
        """Write the tables, and let them count."""
        from pyspark.errors import PySparkException  # who has a session has pyspark

        arriving = {sha256: plan.numbers[s] for lot in plan.lots for s, sha256 in lot.named}
        gone = plan.again | {old: arriving[h] for h, old in unread.items() if h in arriving}
        views = Views(self.session, self.folder, staged)
        settling = Settling(views, gone, self.folder.holding(gone))
        try:
            settling.run()
        except PySparkException as error:
            kind = error.getCondition() or type(error).__name__
            raise DatabaseError(f"the tables cannot be written: {kind}") from error
        finally:
            views.clear()
        files = settling.files | write_files(self.folder, staged, settling.files, first, gone)
        self.folder.commit(files)

    def _report(self, sources: list[Source], plan: Plan) -> LoadReport:
        """What became of each file, in the order asked for."""
        told: dict[Source, FileReport] = dict(plan.told)
        with self.folder.shown() as db:
            for numbers, status in ((plan.numbers, "loaded"), (plan.known, "already loaded")):
                found = file_reports(db, list(dict.fromkeys(numbers.values())), status)
                by_number = dict(zip(dict.fromkeys(numbers.values()), found, strict=True))
                told |= {source: by_number[number] for source, number in numbers.items()}
        return LoadReport(tuple(told[source] for source in sources))
