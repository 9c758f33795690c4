"""A run: what is due is made, what fails is said and left as it was, and all of it is logged.

The log tells reports, periods, files and our own messages: never what stands in a row.
"""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

from analytics.alone import alone
from analytics.database import Database
from analytics.errors import AnalyticsError
from analytics.keys import key_given
from analytics.report import inputs, make
from analytics.scheduling.due import DONE, FAILED, MAKE, Job, due
from analytics.scheduling.plan import Plan

LOCK = ".revcycle.lock"
MADE = "made"
_WOULD = {MAKE: "would be made"}


def run(
    plan: Plan, today: dt.date, *, dry_run: bool = False, tell: Callable[[str], None] = print
) -> int:
    """Make every report due on that day; gives how many failed.

    A report that fails leaves its old files, and the others are made all the same; nothing is tried
    twice.  With `dry_run` it says what would be made, and writes nothing.

    Raises AnalyticsError where another run holds the lock, or the facts are not ready.
    """
    if dry_run:
        jobs = _jobs(plan, today)
        for job in jobs:
            tell(_line(job, _WOULD.get(job.state, job.state), job.why))
        return sum(job.state == FAILED for job in jobs)
    with alone(plan.out / LOCK):
        say = _log(plan.log, tell)
        try:
            jobs = _jobs(plan, today)
        except AnalyticsError as error:
            say(f"not run: {error}")
            raise
        failed = sum(not _done(job, plan, say) for job in jobs)
        made = sum(job.state == MAKE for job in jobs)
        of = f"{len(jobs)} report{'s' * (len(jobs) != 1)}"
        say(f"run of {today} ended: {of}, {made} due, {failed} failed")
        return failed


def _jobs(plan: Plan, today: dt.date) -> list[Job]:
    with Database(plan.database, key=key_given(), read_only=True) as db:
        db.lock_down()
        inputs.check(db)
        return due(plan, db, today)


def _done(job: Job, plan: Plan, say: Callable[[str], None]) -> bool:
    """Do one job and say how it went; whether it did not fail."""
    if job.state != MAKE:
        say(_line(job, "skipped" if job.state == DONE else job.state, job.why))
        return job.state != FAILED
    begun = time.monotonic()
    try:
        paths = make(
            job.entry.notebook,
            job.out,
            database=plan.database,
            formats=job.entry.formats,
            parameters=job.parameters,
            compared_with=job.compared_with,
            small_cells=job.entry.small_cells,
            reason=job.entry.reason,
            progress=False,
        )
    except AnalyticsError as error:
        say(_line(job, FAILED, str(error)))
        return False
    except OSError as error:
        say(_line(job, FAILED, error.strerror or type(error).__name__))
        return False
    except Exception as error:  # noqa: BLE001 - one report that breaks stops no other
        say(_line(job, FAILED, f"{type(error).__name__} (message withheld: it may quote data)"))
        return False
    took = f"{job.why}; {time.monotonic() - begun:.0f} s: {', '.join(p.name for p in paths)}"
    say(_line(job, MADE, took))
    return True


def _line(job: Job, how: str, why: str) -> str:
    return f"{job.out.name}: {how} ({why})"


def _log(path: Path, tell: Callable[[str], None]) -> Callable[[str], None]:
    """What writes a line to the log, with the time in UTC, and tells it."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def say(line: str) -> None:
        told = " ".join(line.split())
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {told}\n")
        tell(told)

    return say
