"""Which reports are due on a day: those of the last period, those missed, those that changed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from analytics.database import Database
from analytics.report import inputs, manifest
from analytics.report.content import ENDINGS
from analytics.scheduling import periods
from analytics.scheduling.periods import Period
from analytics.scheduling.plan import Entry, Plan

MAKE, DONE, KEPT, FAILED = "make", "done", "kept", "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One report of one period: whether it is made, and why."""

    entry: Entry
    period: Period | None
    out: Path  # its files, without ending
    state: str
    why: str

    @property
    def parameters(self) -> dict[str, Any]:
        """What its notebook is given."""
        return parameters(self.entry, self.period)

    @property
    def compared_with(self) -> str:
        """The report a mail tells the change from: of the period before, or as it was."""
        before = periods.before(self.entry.every, self.period) if self.period else None
        return f"{self.entry.file}-{before.name}" if before else self.out.name


def due(plan: Plan, db: Database, today: dt.date) -> list[Job]:
    """Every report of the plan for every period it has to be there for on that day."""
    return [job for entry in plan.reports for job in _of(entry, plan, db, today)]


def parameters(entry: Entry, period: Period | None) -> dict[str, Any]:
    """What the notebook of a report is given for a period."""
    days = {"period_start": period.first, "period_end": period.last} if period else {}
    return {**{name: str(day) for name, day in days.items()}, **entry.parameters}


def _of(entry: Entry, plan: Plan, db: Database, today: dt.date) -> Iterator[Job]:
    if entry.every == "load":
        yield _judged(entry, None, plan, db, may_change=True)
        return
    last = periods.last_whole(entry.every, today - dt.timedelta(days=entry.wait))
    for period in periods.through(entry.every, _first(entry, plan.out, last), last):
        yield _judged(entry, period, plan, db, may_change=entry.revise or period == last)


def _first(entry: Entry, out: Path, last: Period) -> Period:
    """From where on reports have to be there: since a day, else since the first one made."""
    if entry.since:
        return periods.of(entry.every, entry.since)
    begin, end = f"{entry.file}-", manifest.ENDING
    names = [path.name for path in out.glob(f"*{end}") if path.name.startswith(begin)]
    made = [periods.named(entry.every, name[len(begin) : -len(end)]) for name in names]
    return min([*(period for period in made if period), last])


def _judged(
    entry: Entry, period: Period | None, plan: Plan, db: Database, *, may_change: bool
) -> Job:
    out = plan.out / "-".join([entry.file, *([period.name] if period else [])])
    state, why = _state(entry, period, out, db, may_change=may_change)
    return Job(entry, period, out, state, why)


def _state(
    entry: Entry, period: Period | None, out: Path, db: Database, *, may_change: bool
) -> tuple[str, str]:
    told = manifest.read(out.with_name(out.name + manifest.ENDING))
    if told and not may_change:
        return KEPT, "made before"
    if period and (db.as_of is None or db.as_of < period.first):
        return FAILED, f"the facts end on {db.as_of}, before the period begins: load and build"
    if told is None:
        return MAKE, "not made yet"
    now = inputs.inputs(db, entry.notebook, parameters(entry, period), entry.cells)
    if told.get("inputs") != inputs.digest(now):
        return MAKE, f"{_changed(told.get('made_of'), now)} changed"
    wanted = {out.name + ending for name in entry.formats for ending in ENDINGS[name]}
    missing = wanted - set(manifest.standing(told, out.parent))
    return (MAKE, f"{min(missing)} is missing or changed") if missing else (DONE, "same inputs")


def _changed(before: Any, now: dict[str, Any]) -> str:
    """What of the inputs is another than it was, in words."""
    known = cast("dict[str, Any]", before) if isinstance(before, dict) else {}
    names = [name.replace("_", " ") for name, value in now.items() if known.get(name) != value]
    return ", ".join(names) or "inputs"
