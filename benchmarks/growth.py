"""How loading, building and asking grow with the number of claims: one figure with slopes.

    python benchmarks/growth.py --claims 500000,1000000,5000000,20000000 --work FOLDER

One sample is written again and again under other numbers and loaded into one database; at each
size all facts are built and ten metrics computed by payer and month; then a smaller sample comes,
as one more month, and only what it changed is built.  Files go when they are loaded.  Writes a
table and a figure into README.md beside this file, and growth_claims.json to OUT, after each size.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from speed import machine, table
from speed.run import BENCHMARKS, HERE, Job, Result, must, run, say
from speed.table import markdown, number

GROWN, REPLICAS = HERE / "grown.py", HERE / "replicas.py"
MEASURES = ("load", "build", "ten metrics", "one month more")
MONTHS = 99  # samples of a month have numbers below this one
LIMIT = 6 * 3600  # seconds


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", default="500000,1000000,5000000", help="sizes, with commas")
    parser.add_argument("--base", type=int, default=500_000, help="claims of the sample")
    parser.add_argument("--month", type=int, default=100_000, help="claims of one month more")
    parser.add_argument("--memory", default="6GB", help="DuckDB's limit")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=Path, help="a folder for sample and database")
    parser.add_argument("--out", type=Path, default=BENCHMARKS / "results")
    parser.add_argument("--page", type=Path, default=BENCHMARKS / "README.md")
    return parser.parse_args()


def measured(options: argparse.Namespace, work: Path) -> Iterator[dict[str, Any]]:
    """All measurements of one run, after each size those so far."""
    for name in ("base", "month"):
        say(f"making a sample of {getattr(options, name):,} claims")
        must(Job(name, REPLICAS, "base", (str(work / name), getattr(options, name))))
    limits = (str(work / "grown.duckdb"), options.memory, options.threads)
    loads, sizes = list[Result](), list[dict[str, Any]]()
    for claims in sorted(int(text) for text in options.claims.split(",")):
        while len(loads) * options.base < claims:
            loads.append(_loaded(work / "base", limits, len(loads) + 1))
        sizes.append(_size(limits, loads))
        loaded = _loaded(work / "month", limits, MONTHS - len(sizes))
        _add(sizes[-1], MEASURES[-1], _took(_job("month", limits)))
        sizes[-1]["month"] = {"load": loaded["seconds"], "claims": options.month}
        say(f"{sizes[-1]['claims']:,} claims: {sizes[-1]['seconds']}")
        yield {
            "machine": machine.facts(),
            "command": f"python benchmarks/growth.py --claims {options.claims}",
            "memory": options.memory,
            "sizes": sizes,
        }


def _loaded(source: Path, limits: tuple[Any, ...], count: int) -> Result:
    """The sample once more, and what loading it took."""
    folder = source.with_name("files")
    size = must(Job("replica", REPLICAS, "replica", (str(source), str(folder), count)))
    say(f"loading {size / 1e6:,.0f} MB, number {count}")
    found = _took(_job("load", limits, str(folder)))
    shutil.rmtree(folder)
    return found | {"bytes": size}


def _job(step: str, limits: tuple[Any, ...], *more: str) -> Job:
    return Job(step, GROWN, step, (*limits, *more), limit=LIMIT)


def _took(job: Job) -> Result:
    """What a step took.  Raises RuntimeError where it fails."""
    if "error" in (found := run(job)):
        raise RuntimeError(f"{job.name}: {found['error']}")
    return found


def _size(limits: tuple[Any, ...], loads: list[Result]) -> dict[str, Any]:
    """Build and metrics of what is loaded by now."""
    build = _took(_job("build", limits))
    asked = _took(_job("ten", limits))
    load = {name: sum(one[name] for one in loads) for name in ("seconds", "cpu_seconds")}
    load["peak_mb"] = max(one["peak_mb"] for one in loads)
    size = {
        **build["found"],
        "file_mb": Path(limits[0]).stat().st_size / 1e6,
        "read_mb": sum(one["bytes"] for one in loads) / 1e6,
        "seconds": {},
        "cpu_seconds": {},
        "peak_mb": {},
        "metrics": asked["found"],
    }
    for name, took in zip(MEASURES, (load, build, asked), strict=False):
        _add(size, name, took)
    return size


def _add(size: dict[str, Any], name: str, took: Result) -> None:
    for measure in ("seconds", "cpu_seconds", "peak_mb"):
        size[measure][name] = took[measure]


def page(found: dict[str, Any]) -> str:
    """What goes between the markers of the page."""
    said = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    head = ["claims", "lines", "MB read", *(f"{one}, s (processor s)" for one in MEASURES),
            "slowest metric, s", *(f"{one}, peak MB" for one in MEASURES), "file, MB"]  # fmt: skip
    rows = [
        [
            f"{one['claims']:,}",
            f"{one['lines']:,}",
            number(one["read_mb"]),
            *(f"{number(one['seconds'][n])} ({number(one['cpu_seconds'][n])})" for n in MEASURES),
            number(max(one["metrics"].values())),
            *map(number, one["peak_mb"].values()),
            number(one["file_mb"]),
        ]
        for one in found["sizes"]
    ]
    parts = [f"`{found['command']}`", f"Measured on: {said}. Memory limit {found['memory']}.",
             markdown(head, rows), "![Growth with claims](results/growth_claims.png)"]  # fmt: skip
    return "\n\n".join(parts)


def main() -> None:
    """Measure, then write JSON, figure and page."""
    options = arguments()
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        for found in measured(options, Path(work)):
            _write(options, found)


def _write(options: argparse.Namespace, found: dict[str, Any]) -> None:
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "growth_claims.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    figure = str(options.out / "growth_claims.png")
    must(Job("plot", HERE / "plot_claims.py", "draw", (found["sizes"], figure)))
    table.replaced(options.page, page(found), "growth.py")
    say(f"written: {options.page}, {options.out}")


if __name__ == "__main__":
    main()
