"""`load`: files into a folder of Parquet tables, read by the tasks of a Spark session."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analytics.alone import alone
from analytics.engines import spark_modules
from analytics.engines.loading import lots, tasks
from analytics.engines.loading.counts import write_files
from analytics.engines.loading.folder import LOCK, Folder, checked
from analytics.engines.loading.groups import in_groups
from analytics.engines.loading.known import Known, check_extracts, known
from analytics.engines.loading.lots import Plan
from analytics.engines.loading.reading import Job, Staged
from analytics.engines.loading.scan import scan
from analytics.engines.loading.settling import Settling
from analytics.engines.loading.views import Views
from analytics.errors import DatabaseError
from analytics.ingest.files import Paths, Source, find
from analytics.load_report import FileReport, LoadReport, file_reports
from analytics.loader import is_map
from analytics.maps import Map, read_map

_REPORTED = (
    "source_file", "rejected", "transaction_set", "payer_claim", "payer_claim_line", "purged",
)  # fmt: skip
PIECE = 32 << 20  # bytes read by one task


def load(
    session: Any,
    paths: Paths,
    folder: str | Path,
    *,
    strict: bool = False,
    include_test: bool = False,
    map: str | Path | Map | None = None,  # noqa: A002
    accept_columns: bool = False,
    piece_size: int = PIECE,
) -> LoadReport:
    """Load files as `analytics.load` does, but to a folder of Parquet tables, by a cluster.

    Rows, ids, findings and report are those of that load into a database of the same files, which
    ``Database.from_parquet(folder)`` gives.  `folder` is made where there is none, may be one that
    `export_parquet` wrote, and changes in one step at the end.  A file whose bytes were loaded
    before is left alone.  Files of more than two pieces of `piece_size` bytes are read by several
    tasks.  `paths` and `folder` are paths that driver and workers see alike.

    Raises UnreadableFileError where a path names nothing, MapError for a map with mistakes;
    DatabaseError where the folder is of another kind or version, another load into it runs, it
    holds rows that a map could replace, or the cluster gives up.
    """
    said = map if isinstance(map, Map | None) else read_map(map)
    # Workers have another folder to start from.
    found = [replace(source, path=source.path.absolute()) for source in find(paths)]
    sources = [source for source in found if not is_map(source, said)]
    place = checked(folder)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(place / LOCK):
        held = Folder.opened(place)
        try:
            job = Job(held.staged, strict, include_test, accept_columns, held.before())
            return _Load(session, held, job, said, piece_size).run(sources)
        finally:
            held.clear()


@dataclass(frozen=True, slots=True)
class _Load:
    session: Any
    folder: Folder
    job: Job
    said: Map | None
    piece_size: int

    def run(self, sources: list[Source]) -> LoadReport:
        scans = scan(self.session, sources, self.said, self.piece_size)
        hashes = [told.sha256 for told in scans.values() if told.sha256]
        options = {"strict": self.job.strict, "include_test": self.job.include_test}
        held = known(self.folder, hashes, **options)
        plan = lots.plan(sources, scans, self.said, held)
        check_extracts(self.folder, [lot.file for lot in plan.lots if lot.file], plan.gone)
        staged = self._read(plan)
        if plan.lots:
            self._settle(plan, held, staged)
        return self._report(sources, plan, held, staged)

    def _read(self, plan: Plan) -> list[Staged]:
        """Let tasks read the files; then those that were cut are judged as a whole."""
        plain = [lot for lot in plan.lots if not lot.pieces and not lot.file]
        whole = [
            *in_groups(plain, lambda lot: lot.size, self.piece_size, lots.MOST_LOTS),
            *lots.by_map(plan.lots),
        ]
        large = [lot for lot in plan.lots if lot.pieces]
        parts = [(lot, number) for lot in large for number in range(len(lot.pieces))]
        job = replace(self.job, gone=tuple(plan.gone))
        found: list[Staged] = tasks.run(self.session, [*whole, *parts], job.do)
        rest = iter(found[len(whole) :])
        read = [(lot, [next(rest) for _ in lot.pieces]) for lot in large]
        judged: list[Staged] = tasks.run(self.session, read, job.judge)
        sound = [part for _, of in read if not any(p.problem for p in of) for part in of]
        return [*found[: len(whole)], *sound, *judged]

    def _settle(self, plan: Plan, held: Known, staged: list[Staged]) -> None:
        """Write the tables, and let them count."""
        arriving = {sha256: number for lot in plan.lots for number, _, sha256 in lot.named}
        again = {old: arriving[h] for h, old in held.unread.items() if h in arriving}
        gone = plan.gone | again
        views = Views(self.session, self.folder, staged)
        lost = self.folder.holding(gone)
        settling = Settling(views, gone, lost)
        try:
            settling.run()
        except spark_modules.errors().PySparkException as error:
            kind = error.getCondition() or type(error).__name__
            raise DatabaseError(f"the tables cannot be written: {kind}") from None
        finally:
            views.clear()
        counted = write_files(self.folder, staged, settling.files, held.next_file, gone)
        self.folder.commit(settling.files | counted)

    def _report(
        self, sources: list[Source], plan: Plan, held: Known, staged: list[Staged]
    ) -> LoadReport:
        """What became of each file, in the order asked for."""
        asked = [(source, n) for source in sources for n in plan.told[source]]
        often = Counter(n for _, n in asked if isinstance(n, int))
        told = dict(pair for part in staged for pair in part.reports)
        new = [n for n in often if n >= held.next_file and n not in told]
        known = [n for n, count in often.items() if n < held.next_file or count > 1]
        with self.folder.shown(_REPORTED) as db:
            told |= dict(zip(new, file_reports(db, new, "loaded"), strict=True))
            before = dict(zip(known, file_reports(db, known, "already loaded"), strict=True))
        found: list[FileReport] = []
        for source, n in asked:
            if isinstance(n, FileReport):
                found.append(n)
            elif n in told:
                found.append(told.pop(n))
            else:
                by_map = self.said is not None and self.said.of(source.name)
                found.append(replace(before[n], name=source.name) if by_map else before[n])
        return LoadReport(tuple(found))
