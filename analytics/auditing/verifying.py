"""Whether the trail is whole: every line hashed anew, each against the one before it."""

from dataclasses import dataclass
from typing import Any

import duckdb

from analytics.auditing.entry import CHAINED, START, chained

_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: the lines read, the newest hash, and the first line that is not right."""

    count: int
    head: str
    line: int | None = None
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.problem


def verify(connection: duckdb.DuckDBPyConnection, head: str | None = None) -> Verdict:
    """Check the chain from the first line on, and that a kept `head` is the hash of one of them.

    A line changed, added or missing within is found.  Who can write to the file could also write
    a whole new chain, or cut off its end: only against a head kept elsewhere are those seen.
    """
    columns: list[str] = [*CHAINED, "previous_hash", "entry_hash"]
    names = ", ".join(columns)
    found = connection.execute(f"SELECT {names} FROM audit_log ORDER BY entry_no, entry_hash")
    count, last, met = 0, START, head in (None, START)
    while rows := found.fetchmany(_BATCH):
        for values in rows:
            row: dict[str, Any] = dict(zip(columns, values, strict=True))
            if problem := _problem(row, count + 1, last):
                return Verdict(count, last, count + 1, problem)
            count, last = count + 1, row["entry_hash"]
            met = met or last == head
    end = connection.execute("SELECT entry_count, entry_hash FROM audit_head").fetchall()
    if end != [(count, last)]:
        return Verdict(count, last, count + 1, "lines at the end are missing")
    if not met:
        problem = "the head kept is of none of its lines: the end was cut off, or all rewritten"
        return Verdict(count, last, count + 1, problem)
    return Verdict(count, last)


def _problem(row: dict[str, Any], number: int, previous: str) -> str:
    """What is wrong with the line that should be of this number."""
    if row["entry_no"] is None or row["entry_no"] > number:
        return "the line is missing"
    if row["entry_no"] < number:
        return "a line was added"
    if row["previous_hash"] != previous:
        return "the line before it is another than when it was written"
    return "" if chained(row, previous) == row["entry_hash"] else "the line was changed"
