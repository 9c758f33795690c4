"""How long the library's reports take on a database of so many claims, facts built before.

    python benchmarks/reports.py --claims 1000000 [--only overview,denials] [--database FILE]

Makes invented claims and remittances straight in the core tables and builds their facts, or takes
a database that is there, then runs the command `revcycle report` for one notebook after the other:
seconds, processor seconds and peak memory of it and of its kernel.  Writes a table into README.md
beside this file.  Read the processor seconds where other work runs on the machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from speed import machine, table
from speed.run import BENCHMARKS, HERE, ROOT, Job, must, say

from analytics import bookshelf

FACTS = HERE / "facts.py"
HEAD = ["report", "s", "processor s", "cores used", "peak MB", "page kB"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--database", type=Path, help="one that is there, its facts built")
    parser.add_argument("--only", help="these reports, with commas")
    parser.add_argument("--memory", default="8GB", help="DuckDB's limit of the build")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=Path, help="a folder for the database")
    parser.add_argument("--page", type=Path, default=BENCHMARKS / "README.md")
    return parser.parse_args()


def made(options: argparse.Namespace, folder: Path) -> Path:
    """The database: the one given, or a new one."""
    if options.database:
        return options.database.resolve()
    path = folder / "world.duckdb"
    say(f"making {options.claims:,} claims")
    must(Job("make", FACTS, "make", (str(path), options.claims)))
    say("building their facts")
    must(Job("build", FACTS, "build", (str(path), options.memory, options.threads)))
    return path


def measured(name: str, database: Path, folder: Path) -> list[str]:
    """A row of the table.  Raises RuntimeError where the report fails."""
    say(name)
    page = folder / f"{name}.html"
    command = [sys.executable, "-m", "analytics", "report", name]
    start = time.perf_counter()
    work = subprocess.Popen(
        [*command, "--database", str(database), "--out", str(page)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(work.pid, 0)  # with what it used: its kernel's, too
    seconds = time.perf_counter() - start
    if status:
        raise RuntimeError(f"{name}: the report was not made")
    cpu = used.ru_utime + used.ru_stime
    unit = 1 if sys.platform == "darwin" else 1024
    numbers = [seconds, cpu, cpu / seconds, used.ru_maxrss * unit / 1e6]
    return [name, *map(table.number, numbers), f"{page.stat().st_size / 1000:,.0f}"]


def main() -> None:
    """Measure, then write the page."""
    options = arguments()
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        folder = Path(work).resolve()
        database = made(options, folder)
        books = [bookshelf.short(book) for book in bookshelf.every(folder)]
        names = options.only.split(",") if options.only else books
        rows = [measured(name, database, folder) for name in names]
    said = ", ".join(f"{name} {value}" for name, value in machine.facts().items())
    command = f"`python benchmarks/reports.py --claims {options.claims}`"
    text = f"{command}\n\nMeasured on: {said}.\n\n{table.markdown(HEAD, rows)}"
    table.replaced(options.page, text, "reports.py")
    say(f"written: {options.page}")


if __name__ == "__main__":
    main()
