"""Reports made when they are due, by a file that says which: for cron, timers and schedulers."""

from analytics.scheduling.due import DONE, FAILED, KEPT, MAKE, Job, due
from analytics.scheduling.periods import Period
from analytics.scheduling.plan import Entry, Plan, PlanError, read_plan
from analytics.scheduling.run import run

__all__ = [
    "DONE",
    "FAILED",
    "KEPT",
    "MAKE",
    "Entry",
    "Job",
    "Period",
    "Plan",
    "PlanError",
    "due",
    "read_plan",
    "run",
]
