"""The audit trail of a database: lines chained by hash, only ever appended by this library."""

from analytics.auditing.chain import append, begin
from analytics.auditing.entry import START, Entry
from analytics.auditing.trail import Trail
from analytics.auditing.verifying import Verdict, verify
from analytics.auditing.waiting import waiting

__all__ = [
    "START",
    "Entry",
    "Trail",
    "Verdict",
    "append",
    "begin",
    "verify",
    "waiting",
]
