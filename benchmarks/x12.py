"""Speed and memory of reading and loading X12, beside a naive split, DuckDB and other readers.

    python benchmarks/x12.py --mb 200 --growth 50,200,800 --out benchmarks/results

Makes an invented 835 and 837P, measures every step in a process of its own, the best of some
rounds, installs the peers of peers.txt in environments of their own, and writes tables into
README.md beside this file and x12.json and growth.png to OUT.  Times vary with the machine: read
the ratios.
"""

import argparse
import json
import os
import shlex
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from speed import environments, growth, machine, peers, steps, table
from speed.run import BENCHMARKS, HERE, Job, must, rounds, say

GIGABYTE, ONE_SET = 1000, 300  # MB


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Format)
    parser.add_argument("--mb", type=float, default=200, help="size of each file")
    parser.add_argument("--growth", default="50,200,800", help="sizes to grow over, or nothing")
    parser.add_argument("--large", action="store_true", help="also 1 GB, and one set of 300 MB")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each step, the best counts")
    parser.add_argument("--peer-seconds", type=float, default=8, help="about, for a run of a peer")
    parser.add_argument("--peers", help="only these, by name, with commas; nothing: none")
    parser.add_argument("--cache", type=Path, help="a folder to keep the peers' environments in")
    parser.add_argument("--out", type=Path, default=BENCHMARKS / "results")
    parser.add_argument("--page", type=Path, default=BENCHMARKS / "README.md")
    return parser.parse_args()


class _Format(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the docstring and shows defaults."""


def measured(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """All measurements of one run."""
    files = steps.made(work / "main", options.mb)
    trials = list(_trials(options, files, work)) if options.peers != "" else []
    csv_jobs, exported = steps.with_csv(files, work)
    jobs = [*steps.baseline(files), *steps.both(files), *csv_jobs]
    jobs += [trial.job for trial in trials if trial.job]
    results = rounds(jobs, options.rounds)
    _check(files, results, exported)
    return {
        "machine": machine.facts() | steps.threads(),
        "command": _command(options),
        "rounds": options.rounds,
        "files": {kind: {**of, "path": Path(of["path"]).name} for kind, of in files.items()},
        "results": results,
        "exported": exported,
        "trials": [_plain(trial) for trial in trials],
        "growth": _growth(options, files, results, work),
        "large": _large(work) if options.large else {},
    }


def _check(files: dict[str, Any], results: dict[str, Any], exported: dict[str, Any]) -> None:
    """Raises RuntimeError where we or DuckDB did not read all there is."""
    for kind, of in files.items():
        for what, count in results[f"read {kind}"]["found"].items():
            if count != of[what]:
                raise RuntimeError(f"{count} {what} read of {of[what]} in the {kind}")
    if results["read_csv"]["found"]["rows"] != exported["rows"]:
        raise RuntimeError("read_csv did not give all rows back")


def _command(options: argparse.Namespace) -> str:
    """What to type for the same again."""
    large = " --large" if options.large else ""
    sizes = shlex.quote(options.growth)
    return f"python benchmarks/x12.py --mb {options.mb:g} --growth {sizes}{large}"


def _plain(trial: peers.Trial) -> dict[str, Any]:
    """A trial without the places its files were in."""
    said = asdict(trial) | {"job": trial.job is not None}
    said["inside"].pop("path", None)
    return said


def _trials(options: argparse.Namespace, files: dict[str, Any], work: Path) -> Any:
    cache = options.cache or work / "environments"
    folder = work / "peers"
    folder.mkdir()
    text = (BENCHMARKS / "peers.txt").read_text("utf-8")
    only = options.peers.split(",") if options.peers else []
    for requirements in environments.wanted(text, only):
        environment = environments.installed(requirements, cache.resolve())
        yield from peers.trials(environment, files, folder, options.peer_seconds)


def _growth(
    options: argparse.Namespace, files: dict[str, Any], results: dict[str, Any], work: Path
) -> list[dict[str, Any]]:
    """Reading and loading at each size; what the main rounds measured is not measured again."""
    found: list[dict[str, Any]] = []
    for size in sorted(float(text) for text in options.growth.split(",") if text):
        if size == options.mb:
            found.append({job.name: results[job.name] for job in steps.both(files)})
            continue
        with tempfile.TemporaryDirectory(dir=work) as folder:
            found.append(rounds(steps.both(steps.made(Path(folder), size)), options.rounds))
    return growth.lines(found) if found else []


def _large(work: Path) -> dict[str, Any]:
    """Reading once what is far larger than a chunk."""
    found: dict[str, Any] = {}
    for size, one_set in ((GIGABYTE, False), (ONE_SET, True)):
        with tempfile.TemporaryDirectory(dir=work) as folder:
            jobs = steps.reading(steps.made(Path(folder), size, one_set))
            name = "one transaction set" if one_set else "many transaction sets"
            found |= {f"{key}, {name}": one for key, one in rounds(jobs, 1).items()}
    return found


def page(found: dict[str, Any], picture: str) -> str:
    """What goes between the markers of the page."""
    said = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    parts = [
        f"`{found['command']}`",
        f"Measured on: {said}. Best of {found['rounds']} rounds.",
        table.speeds(found["results"], list(found["files"])),
        table.csv(found["results"], found["exported"]),
    ]
    if found["trials"]:
        parts += [table.peers(found["trials"], found["results"]), table.notes(found["trials"])]
    if found["growth"]:
        parts += [table.growth(found["growth"]), f"![Growth]({picture})"]
    if found["large"]:
        parts.append(table.memory(found["large"]))
    return "\n\n".join(part for part in parts if part)


def main() -> None:
    """Measure, then write JSON, figure and page."""
    options = arguments()
    with tempfile.TemporaryDirectory() as work:
        found = measured(options, Path(work))
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1)
    (options.out / "x12.json").write_text(text + "\n", "utf-8")
    figure = (options.out / "growth.png").resolve()
    if found["growth"]:
        must(Job("draw", HERE / "plot.py", "draw", (found["growth"], str(figure))))
    picture = Path(os.path.relpath(figure, options.page.resolve().parent)).as_posix()
    table.replaced(options.page, page(found, picture), "x12.py")
    say(f"written: {options.page}, {options.out}")


if __name__ == "__main__":
    main()
