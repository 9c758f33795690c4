"""Facts and ten metrics on Spark and on DuckDB, at several sizes of the same claims.

    python benchmarks/spark.py --claims 20000,100000 --work FOLDER

Needs the extra `spark` and Java 17.  Spark runs on the cores of this machine (`local[N]`) with
--heap of memory, DuckDB on as many threads.  Writes a table with the crossover that the sizes lead
to into README.md beside this file, and spark.json to OUT.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from speed import machine, table
from speed.run import BENCHMARKS, HERE, Job, must, say
from speed.table import markdown, number

ON, REPLICAS = HERE / "on_spark.py", HERE / "replicas.py"
STEPS = {"build": "facts", "metrics": "ten metrics"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", default="20000,100000", help="sizes, with commas")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--heap", default="6g", help="memory of Spark; DuckDB has as much")
    parser.add_argument("--work", type=Path, help="a folder for what is measured")
    parser.add_argument("--out", type=Path, default=BENCHMARKS / "results")
    parser.add_argument("--page", type=Path, default=BENCHMARKS / "README.md")
    return parser.parse_args()


def measured(options: argparse.Namespace, work: Path) -> Iterator[dict[str, Any]]:
    """One size after the other: seconds of each step on each engine."""
    for claims in sorted(int(text) for text in options.claims.split(",")):
        own = work / str(claims)
        must(Job("base", REPLICAS, "base", (str(own / "files"), claims)))
        told = {"heap": options.heap, "threads": options.threads}
        size = must(Job("prepare", ON, "prepare", (str(own), told)))
        found = {name: must(Job(name, ON, name, (str(own), told))) for name in ("duckdb", "spark")}
        say(f"{size['claims']:,} claims: {found}")
        yield {**size, **found}


def crossover(sizes: list[dict[str, Any]], step: str) -> float | None:
    """At how many claims both would take as long, were both to grow on as from first to last."""
    first, last = sizes[0], sizes[-1]
    ratio = [math.log(one["spark"][step] / one["duckdb"][step]) for one in (first, last)]
    grown = math.log(last["claims"] / first["claims"])
    slope = (ratio[1] - ratio[0]) / grown if grown else 0
    return last["claims"] * math.exp(-ratio[1] / slope) if slope < 0 else None


def page(found: dict[str, Any]) -> str:
    """What goes between the markers of the page."""
    said = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    head = ["claims", "lines", *(f"{name}, {engine}, s" for name in STEPS.values()
            for engine in ("DuckDB", "Spark")), "facts, x", "ten metrics, x"]  # fmt: skip
    rows = [
        [f"{one['claims']:,}", f"{one['lines']:,}",
         *(number(one[engine][step]) for step in STEPS for engine in ("duckdb", "spark")),
         *(number(one["spark"][step] / one["duckdb"][step]) for step in STEPS)]
        for one in found["sizes"]
    ]  # fmt: skip
    cross = [
        f"{name}: " + (f"about {number(at / 1e6)} million claims" if at else "none in sight")
        for step, name in STEPS.items()
        for at in [crossover(found["sizes"], step)]
    ]
    return "\n\n".join([
        f"`{found['command']}`",
        f"Measured on: {said}. Spark {found['spark']}, `local[{found['threads']}]`, "
        f"{found['heap']} each.",
        markdown(head, rows),
        f"Were both to grow on as they did, both would take as long at: {'; '.join(cross)}.",
    ])  # fmt: skip


def main() -> None:
    """Measure, then write JSON and page."""
    options = arguments()
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        sizes = list(measured(options, Path(work)))
    found = {
        "machine": machine.facts(),
        "command": f"python benchmarks/spark.py --claims {options.claims}",
        "spark": sizes[0]["spark"]["version"],
        "threads": options.threads,
        "heap": options.heap,
        "sizes": sizes,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "spark.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    table.replaced(options.page, page(found), "spark.py")


if __name__ == "__main__":
    main()
