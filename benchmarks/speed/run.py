"""Starts steps in processes of their own, in rounds, so that a noisy minute hits all alike.

This process stays small: on Linux a child's ru_maxrss begins at the size of its parent.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BENCHMARKS = HERE.parent
ROOT = BENCHMARKS.parent

Result = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """A step to measure: `name` tells it from others, `file` holds it, `size` is what it reads.

    Without `python` it runs in the project's environment.
    """

    name: str
    file: Path
    step: str
    arguments: tuple[Any, ...] = ()
    size: int = 0  # bytes
    claims: int = 0
    python: str = ""
    cores: tuple[int, ...] = ()  # those to keep to
    without: tuple[str, ...] = ()  # modules it cannot import
    environ: tuple[tuple[str, str], ...] = ()  # added to its environment
    limit: float = 3600  # seconds


def run(job: Job) -> Result:
    """One run: seconds, cpu_seconds, peak_mb, before_mb and found, or an error."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        told = {
            "file": str(job.file),
            "step": job.step,
            "arguments": job.arguments,
            "cores": job.cores,
            "without": job.without,
            "out": str(out),
        }
        command = [job.python or sys.executable, "-P", str(HERE / "child.py"), json.dumps(told)]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=_environment(project=not job.python) | dict(job.environ),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=job.limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"error": f"not done within {job.limit:.0f} s"}
        if not out.exists():
            return {"error": f"its process ended with code {done.returncode}"}
        return json.loads(out.read_text("utf-8"))


def must(job: Job) -> Any:
    """What a step of our own gives back.  Raises RuntimeError where it fails."""
    result = run(job)
    if "error" in result:
        raise RuntimeError(f"{job.name}: {result['error']}")
    return result["found"]


def rounds(jobs: list[Job], count: int) -> dict[str, Result]:
    """The best of `count` runs of every job, one after the other in each round.

    Peak memory is the highest of the runs.  A peer that failed is not run again; where the
    project fails, RuntimeError is raised.
    """
    results: dict[str, list[Result]] = {job.name: [] for job in jobs}
    for number in range(1, count + 1):
        for job in jobs:
            if results[job.name] and "error" in results[job.name][-1]:
                continue
            say(f"round {number} of {count}: {job.name}")
            results[job.name].append(run(job))
    return {job.name: _best(job, results[job.name]) for job in jobs}


def _best(job: Job, results: list[Result]) -> Result:
    facts = {"bytes": job.size, "claims": job.claims}
    if failed := [result for result in results if "error" in result]:
        if not job.python:
            raise RuntimeError(f"{job.name}: {failed[0]['error']}")
        return facts | failed[0]
    best = min(results, key=lambda result: result["seconds"])
    seconds = best["seconds"]
    return (
        facts
        | best
        | {
            "all_seconds": [result["seconds"] for result in results],
            "peak_mb": max(result["peak_mb"] for result in results),
            "mb_per_s": job.size / 1e6 / seconds,
            "claims_per_s": job.claims / seconds,
        }
    )


def _environment(*, project: bool) -> dict[str, str]:
    """Ours, where the project's own code is found by the project's steps and by no peer."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return kept | ({"PYTHONPATH": str(ROOT)} if project else {})


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
