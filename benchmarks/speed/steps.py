"""The project's own jobs: what is measured of it, on which files."""

import os
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from speed.run import HERE, Job, must, say

OURS, NAIVE, CSV, DATA = (HERE / f"{name}.py" for name in ("ours", "naive", "from_csv", "data"))


def made(folder: Path, megabytes: float, one_set: bool = False) -> dict[str, Any]:
    """The files of one size by kind, and what they hold."""
    say(f"making {megabytes:g} MB of each kind" + (", in one transaction set" if one_set else ""))
    return must(Job("make", DATA, "make", (str(folder), megabytes, one_set)))


def baseline(files: dict[str, Any]) -> list[Job]:
    """The naive split of each file, and reading held back: one core, no machine code."""
    jobs: list[Job] = []
    for kind, of in files.items():
        read = _job("read", OURS, "read", kind, of)
        jobs += [_job(step, NAIVE, step, kind, of) for step in ("split", "read and split")]
        if hasattr(os, "sched_getaffinity"):
            core = (min(os.sched_getaffinity(0)),)
            jobs.append(replace(read, name=f"read on one core {kind}", cores=core))
        if find_spec("numba"):
            # A cache in the folder of the run is empty in every run.
            fresh = (("NUMBA_CACHE_DIR", "numba"),)
            jobs.append(replace(read, name=f"read without fast {kind}", without=("numba",)))
            jobs.append(replace(read, name=f"read compiling {kind}", environ=fresh))
    return jobs


def both(files: dict[str, Any]) -> list[Job]:
    """Reading and loading of each file."""
    return [_job("read", OURS, "read", kind, of) for kind, of in files.items()] + [
        _job("load", OURS, "load", kind, of) for kind, of in files.items()
    ]


def threads() -> dict[str, str]:
    """The threads of the engines below, for the record."""
    found = must(Job("threads", OURS, "threads"))
    return {f"{name} threads": str(count) for name, count in found.items()}


def reading(files: dict[str, Any]) -> list[Job]:
    return [_job("read", OURS, "read", kind, of) for kind, of in files.items()]


def with_csv(files: dict[str, Any], folder: Path) -> tuple[list[Job], dict[str, Any]]:
    """Loading both files with facts, and DuckDB's read_csv of the tables that come of it."""
    database, tables = folder / "all.duckdb", folder / "csv"
    tables.mkdir()
    paths = [of["path"] for of in files.values()]
    size, claims = (sum(of[name] for of in files.values()) for name in ("bytes", "claims"))
    job = Job("load and build", OURS, "load and build", (str(database), *paths), size, claims)
    say("loading both files once, for their tables as CSV")
    must(job)
    exported = must(Job("export", OURS, "export", (str(database), str(tables))))
    csv = Job("read_csv", CSV, "read_csv", (str(tables),), exported["bytes"], claims)
    return [job, csv], exported


def _job(name: str, file: Path, step: str, kind: str, of: dict[str, Any]) -> Job:
    return Job(f"{name} {kind}", file, step, (of["path"],), of["bytes"], of["claims"])
