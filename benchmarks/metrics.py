"""Speed and memory of facts and metrics, beside the same numbers by hand in polars and pandas.

    python benchmarks/metrics.py --claims 1000000,2000000,5000000 --out benchmarks/results

Makes invented claims and remittances straight in the core tables, builds the facts and computes
the whole catalogue at every size, and, at the smallest, three numbers by hand from the same tables;
all must agree.  Writes tables into README.md beside this file and metrics.json to OUT.  Times vary
with the machine: read the ratios.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from speed import catalogue, environments, machine, table
from speed.run import BENCHMARKS, HERE, Job, must, rounds, say

FACTS = HERE / "facts.py"
NUMBERS = ("initial_denial_rate", "denied_dollar_rate", "ar_aging")
STEPS = ("build", *NUMBERS)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", default="1000000,2000000,5000000", help="sizes, with commas")
    parser.add_argument("--memory", default="8GB", help="DuckDB's limit")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each step, the best counts")
    parser.add_argument("--by-hand", help="only these, by name, with commas; nothing: none")
    parser.add_argument("--cache", type=Path, help="a folder to keep the environments in")
    parser.add_argument("--work", type=Path, help="a folder for the databases")
    parser.add_argument("--out", type=Path, default=BENCHMARKS / "results")
    parser.add_argument("--page", type=Path, default=BENCHMARKS / "README.md")
    return parser.parse_args()


def measured(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """All measurements of one run."""
    sizes = sorted(int(text) for text in options.claims.split(","))
    return {
        "machine": machine.facts(),
        "command": f"python benchmarks/metrics.py --claims {options.claims}",
        "memory": options.memory,
        "threads": options.threads,
        "rounds": options.rounds,
        "sizes": [_size(options, work, claims, by_hand=claims == sizes[0]) for claims in sizes],
    }


def _size(options: argparse.Namespace, work: Path, claims: int, *, by_hand: bool) -> dict[str, Any]:
    """One size: rows, the build, the catalogue, and the numbers by hand."""
    folder = Path(tempfile.mkdtemp(dir=work))
    path = str(folder / "world.duckdb")
    say(f"making {claims:,} claims")
    rows = must(Job("make", FACTS, "make", (path, claims)))
    limits = (path, options.memory, options.threads)
    build = Job("build", FACTS, "build", limits, claims=claims)
    found = rounds([build], options.rounds)["build"]
    metrics = must(Job("catalogue", FACTS, "catalogue", (*limits, options.rounds)))
    hand = _by_hand(options, folder, path, claims) if by_hand and options.by_hand != "" else {}
    size = Path(path).stat().st_size
    shutil.rmtree(folder)
    return {"claims": claims, "rows": rows, "build": found, "metrics": metrics, "by_hand": hand,
            "bytes": size}  # fmt: skip


def _by_hand(options: argparse.Namespace, folder: Path, path: str, claims: int) -> dict[str, Any]:
    """The seconds of each number, ours from the facts and by hand from the core tables."""
    tables = str(folder / "tables")
    must(Job("export", FACTS, "export", (path, tables)))
    ours = ("build_asked", *NUMBERS)
    jobs = [
        Job(f"revcycle {step}", FACTS, name, (path,), claims=claims)
        for step, name in zip(STEPS, ours, strict=True)
    ]
    text = (BENCHMARKS / "by_hand.txt").read_text("utf-8")
    only = options.by_hand.split(",") if options.by_hand else []
    cache = (options.cache or folder / "environments").resolve()
    for requirements in environments.wanted(text, only):
        one = environments.installed(requirements, cache)
        if one.python:
            jobs += _steps(one, tables, claims)
    results = rounds(jobs, options.rounds)
    _check(results)
    return {name: {**one, "found": None} for name, one in results.items()}


def _steps(one: environments.Environment, tables: str, claims: int) -> list[Job]:
    """What a program has to do, building first where it builds anything."""
    file = BENCHMARKS / "by_hand" / f"in_{one.name.replace('-', '_')}.py"
    has = must(Job(one.name, file, "", python=one.python))
    return [
        Job(f"{one.name} {step}", file, step, (tables,), claims=claims, python=one.python)
        for step in STEPS
        if step in has
    ]


def _check(results: dict[str, Any]) -> None:
    """Raises RuntimeError where a number by hand is not ours."""
    for name, one in results.items():
        number = name.split()[1]
        if (
            "error" not in one
            and number in NUMBERS
            and one["found"] != results[f"revcycle {number}"]["found"]
        ):
            raise RuntimeError(f"{name} is not what revcycle says")


def main() -> None:
    """Measure, then write JSON and page."""
    options = arguments()
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        found = measured(options, Path(work))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "metrics.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    table.replaced(options.page, catalogue.page(found), "metrics.py")
    say(f"written: {options.page}, {options.out}")


if __name__ == "__main__":
    main()
