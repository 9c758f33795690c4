"""Speed and memory of reading and loading X12, beside a naive split of the same text, in one run.

    python benchmarks/x12.py [MB]

Makes a synthetic 837 and 835 of about that size (100), measures each step in a process of its own,
and prints a table.  Times vary with the machine: read the ratios.
"""

import json
import multiprocessing as mp
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BYTES_PER_CLAIM = 620  # of an 837P and of an 835 each, about


def make(folder: Path, megabytes: int) -> dict[str, Path]:
    """One 837P and one 835 of about this size."""
    from analytics import sample

    claims = int(megabytes * 1e6 / BYTES_PER_CLAIM)
    sample.write(folder, claims=claims, files="single", with_truth=False, seed=3)
    found = [p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".csv", ".md")]
    ordered = sorted(found, key=lambda p: p.stat().st_size)
    return {
        "837P": next(p for p in reversed(ordered) if "837P" in p.name.upper()),
        "835": next(p for p in reversed(ordered) if "835" in p.name),
    }


def naive(path: Path) -> int:
    """Split every segment and element, and keep nothing."""
    return sum(len(s.split("*")) for s in path.read_text().split("~"))


def read_frames(path: Path) -> int:
    """Typed frames of all tables, chunk by chunk."""
    from analytics.ingest.files import Source
    from analytics.ingest.x12.read import Reader

    reader = Reader()
    rows = sum(
        sum(len(frame) for frame in extract.tables.values())
        for extract in reader.extracts([(1, Source(path).open)])
    )
    reader.verdict()
    return rows


def load_file(path: Path) -> int:
    """Loaded into a DuckDB file, with nothing else in it."""
    from analytics import Database, load

    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "x.duckdb") as db:
        report = load(db, path)
        return report.total("claims") + report.total("remit_claims")


def measured(work: Callable[[Path], int], path: Path) -> dict[str, float]:
    """Seconds, MB/s and peak memory of one step, in a process of its own."""
    context = mp.get_context("spawn")
    queue: mp.Queue[str] = context.Queue()
    child = context.Process(target=_child, args=(work.__name__, str(path), queue))
    child.start()
    found = json.loads(queue.get())
    child.join()
    return found


def _child(name: str, path: str, queue: "mp.Queue[str]") -> None:
    import analytics.loader  # noqa: F401  imports are not part of the time

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    count = globals()[name](Path(path))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = Path(path).stat().st_size / 1e6
    queue.put(
        json.dumps(
            {
                "seconds": seconds,
                "mb_per_s": size / seconds,
                "peak_mb": peak / 1024,
                "before_mb": before / 1024,
                "count": count,
            }
        )
    )


def main() -> None:
    """Make the files, measure, print."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        files = make(Path(folder), megabytes)
        print("| file | MB | step | seconds | MB/s | x naive | peak MB |")
        print("|---|---|---|---|---|---|---|")
        for kind, path in files.items():
            base = 0.0
            for work in (naive, read_frames, load_file):
                found = measured(work, path)
                base = base or found["mb_per_s"]
                print(
                    f"| {kind} | {path.stat().st_size / 1e6:.0f} | {work.__name__} "
                    f"| {found['seconds']:.2f} | {found['mb_per_s']:.1f} "
                    f"| {found['mb_per_s'] / base:.2f} | {found['peak_mb']:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
