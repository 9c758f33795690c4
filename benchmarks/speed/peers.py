"""What each peer can read, on a cut of the same data that it gets through in a few seconds."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from speed.environments import Environment
from speed.run import HERE, Job, Result, must, run, say

FIRST = 250_000  # bytes of the first trial
LIMIT = 120.0  # seconds for any run of a peer


@dataclass(frozen=True)
class Trial:
    """A way of reading that a peer has: the job to measure, or why there is none."""

    peer: str
    version: str
    step: str = ""  # the kind of file first
    job: Job | None = None
    inside: dict[str, Any] = field(default_factory=dict[str, Any])  # what the job's file holds
    problem: str = ""
    left_out: str = ""  # of its file, as it cannot read that


@dataclass(frozen=True)
class _Files:
    """Cuts of a whole file for one peer, if need be without what it cannot read."""

    environment: Environment
    kind: str
    whole: dict[str, Any]
    folder: Path
    prepare: str = ""  # the step of its adapter that takes that out

    def of(self, size: int) -> tuple[dict[str, Any], str]:
        """What a file of about `size` holds, and what was left out of it."""
        base = self.folder / f"{self.environment.name}-{self.kind}-{size}"
        inside, left_out = self.whole, ""
        if size < self.whole["bytes"]:
            arguments = (self.whole["path"], self.kind, size, f"{base}.edi")
            inside = must(Job("cut", HERE / "data.py", "cut", arguments))
        if self.prepare:
            arguments = (inside["path"], f"{base}-ready.edi")
            left_out = must(_job(self.environment, self.prepare, arguments))
            inside = must(Job("count", HERE / "data.py", "count", (arguments[1], self.kind)))
        return inside, left_out


def trials(
    environment: Environment, files: dict[str, Any], folder: Path, seconds: float
) -> Iterator[Trial]:
    """One trial for every way of reading in the peer's adapter."""
    blank = Trial(environment.name, environment.version)
    if environment.problem:
        yield replace(blank, problem=environment.problem)
        return
    listed = run(_job(environment, "", ()))
    if "error" in listed:
        yield replace(blank, problem=listed["error"])
        return
    for step in listed["found"]:
        if not step.startswith("prepare"):
            kind = step.split()[0]
            cuts = _Files(environment, kind, files[kind], folder)
            found = _tried(replace(blank, step=step), cuts, seconds)
            if found.problem and f"prepare {step}" in listed["found"]:
                cuts = replace(cuts, prepare=f"prepare {step}")
                found = _tried(replace(found, job=None), cuts, seconds)
            yield found


def _tried(trial: Trial, files: _Files, seconds: float) -> Trial:
    """The trial on the largest file that takes about `seconds`, or the largest that works."""
    result: Result = {}
    for wanted in (0, seconds / 8, seconds):
        size = int(trial.job.size * wanted / result["seconds"]) if trial.job else FIRST
        if trial.job and (size <= trial.job.size or trial.job.size >= files.whole["bytes"]):
            continue
        inside, left_out = files.of(size)
        job = _job(files.environment, trial.step, (inside["path"],), inside)
        say(f"trying {job.name} on {job.size / 1e6:.1f} MB")
        result = run(job)
        if "error" in result:
            where = f" (on {job.size / 1e6:.0f} MB)" if trial.job else ""
            return replace(trial, problem=trial.problem or result["error"] + where)
        trial = replace(trial, job=job, inside=inside, left_out=left_out)
    return trial


def _job(
    environment: Environment, step: str, arguments: tuple[Any, ...], inside: Result | None = None
) -> Job:
    """A step of the peer's adapter, in the peer's environment."""
    return Job(
        f"{environment.name} {step}",
        environment.adapter,
        step,
        arguments,
        inside["bytes"] if inside else 0,
        inside["claims"] if inside else 0,
        environment.python,
        limit=LIMIT,
    )
