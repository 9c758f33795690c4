"""`revcycle check`: what a file says, whether it balances, and what is wrong where."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.files import Source
from analytics.ingest.x12.envelope import BALANCED_TYPES
from analytics.ingest.x12.read import read

_MOST_SHOWN = 10  # places named for each rule


@dataclass(frozen=True, slots=True)
class Check:
    """A file as read: its transaction sets and findings, or the problem that kept it from being."""

    name: str
    problem: str = ""
    sets: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: pl.DataFrame = field(default_factory=pl.DataFrame)
    records: int = 0

    @property
    def is_clean(self) -> bool:
        """Nothing was found."""
        return not self.problem and not len(self.findings)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "file": self.name,
            "problem": self.problem or None,
            "segments": self.records,
            "transactions": [_plain(row) for row in self.sets.to_dicts()],
            "findings": self.findings.drop("raw", strict=False).to_dicts(),
        }


def check_file(source: Source, *, include_test: bool) -> Check:
    """Read one file, whatever it holds."""
    try:
        with source.open() as stream:
            found = read(stream, include_test=include_test)
    except UnreadableFileError as error:
        return Check(source.name, problem=str(error))
    except OSError as error:
        return Check(source.name, problem=error.strerror or type(error).__name__)
    return Check(source.name, "", found["transaction_set"], found.rejected, found.record_count)


def written(check: Check) -> str:
    """The check as text."""
    if check.problem:
        return f"{check.name}: cannot be read: {check.problem}"
    verdict = "nothing to note" if check.is_clean else f"{len(check.findings):,} findings"
    lines = [
        f"{check.name}: {check.records:,} segments, {len(check.sets):,} transactions, {verdict}"
    ]
    lines += [_set_line(row) for row in check.sets.iter_rows(named=True)]
    return "\n".join(lines + _finding_lines(check.findings))


def _set_line(row: dict[str, Any]) -> str:
    where = f"at segment {row['record_no']:,}"
    what = f"  {row['type_code'] or '?'} {row['st_control_number'] or ''} {where}:"
    if row["status"] == "skipped":
        return f"{what} skipped, this type is not loaded"
    if row["type_code"] not in BALANCED_TYPES:
        return f"{what} {row['status']}, {row['acknowledgement_count']:,} acknowledgements"
    return f"{what} {row['status']}, {row['claim_count']:,} claims, {_balance(row)}"


def _balance(row: dict[str, Any]) -> str:
    if row["is_balanced"]:
        return "balanced"
    parts = [f"out of balance by {row['difference_amount']:,}"] if row["difference_amount"] else []
    counts = {level: row[f"unbalanced_{level}_count"] for level in ("claim", "line")}
    parts += [f"{n:,} {level}s out of balance" for level, n in counts.items() if n]
    return ", ".join(parts) or "balance unknown"


def _finding_lines(findings: pl.DataFrame) -> list[str]:
    """One line for each rule, with the first places."""
    rules = findings.group_by("severity", "rule", "reason", maintain_order=True).agg(
        pl.len().alias("n"), pl.col("record_no").head(_MOST_SHOWN)
    )
    return [
        f"  {row['severity']}: {row['rule']}: {row['reason']} ({row['n']:,}, at segment "
        f"{', '.join(f'{place:,}' for place in row['record_no'])}"
        f"{', ...' if row['n'] > _MOST_SHOWN else ''})"
        for row in rules.iter_rows(named=True)
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    left_out = ("transaction_id", "sender_code", "receiver_code")
    return {name: value for name, value in row.items() if name not in left_out}
