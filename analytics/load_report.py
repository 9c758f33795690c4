"""What a load did, file by file and in all."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import duckdb

from analytics.ingest import side

_ZERO = Decimal("0.00")
_SIDE = (*side.TABLES, "contract")
_COUNTS = (
    "transaction_sets",
    "claims",
    "lines",
    "remit_claims",
    "acknowledgements",
    "side_rows",
    "feed_rows",
    "extract_rows",
    "replaced_rows",
    "payer_claims",
    "payer_lines",
    "records",
    "rejected",
)
EXTRACT = "extract"  # the format of what a column map read
_AMOUNTS = ("billed_amount", "paid_amount")


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.  Amounts are dollars."""

    name: str
    status: str  # loaded, already loaded, purged (that, and removed since: all or part), unreadable
    problem: str = ""
    transaction_sets: int = 0
    records: int = 0
    claims: int = 0
    lines: int = 0
    remit_claims: int = 0
    acknowledgements: int = 0
    side_rows: int = 0  # of a CSV file
    feed_rows: int = 0  # of a claims feed
    extract_rows: int = 0  # of what a column map read
    replaced_rows: int = 0  # of files loaded before, taken out for it
    payer_claims: int = 0
    payer_lines: int = 0
    rejected: int = 0
    billed_amount: Decimal = _ZERO
    paid_amount: Decimal = _ZERO
    unbalanced_sets: int = 0
    rejected_by_rule: dict[str, int] = field(default_factory=dict[str, int])
    warnings_by_rule: dict[str, int] = field(default_factory=dict[str, int])
    skipped_types: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def outcome(self) -> str:
        """The status, or that the file is known but nothing in it could be used."""
        rows = self.side_rows or self.feed_rows or self.extract_rows
        is_used = self.transaction_sets or self.acknowledgements or rows
        is_refused = self.status == "loaded" and self.rejected and not is_used
        return "rejected whole" if is_refused else self.status


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did.  Totals leave out files that were loaded before."""

    files: tuple[FileReport, ...]

    @property
    def loaded(self) -> tuple[FileReport, ...]:
        """The files that this load added."""
        return tuple(f for f in self.files if f.status == "loaded")

    @property
    def is_clean(self) -> bool:
        """Whether every file was read and nothing in the loaded ones was rejected."""
        return all(f.status != "unreadable" and not f.rejected for f in self.files)

    @property
    def is_balanced(self) -> bool:
        """Whether every transaction set balances to the cent, and extracts their control totals."""
        controls = any(rule.startswith("control_") for rule in self.by_rule("warnings_by_rule"))
        return not self.total("unbalanced_sets") and not controls

    def total(self, name: str) -> Any:
        """The sum of one number over the files that this load added."""
        return sum((getattr(f, name) for f in self.loaded), _ZERO if name in _AMOUNTS else 0)

    def by_rule(self, name: str) -> dict[str, int]:
        """Counts by rule or type over the files added, most frequent first."""
        counted: Counter[str] = Counter()
        for file in self.loaded:
            counted.update(getattr(file, name))
        return dict(counted.most_common())

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, amounts as text, for JSON."""
        status = Counter(f.outcome for f in self.files)
        totals = {name: self.total(name) for name in (*_COUNTS, *_AMOUNTS, "unbalanced_sets")}
        rules = ("rejected_by_rule", "warnings_by_rule", "skipped_types")
        return _plain(
            {
                "files": dict(status),
                **totals,
                **{name: self.by_rule(name) for name in rules},
                "each": [asdict(f) for f in self.files],
            }
        )

    def _of_feeds(self) -> list[str]:
        """What claims feeds gave, where there was one."""
        rows = self.total("feed_rows")
        said = f"{self.total('payer_claims'):,} claims, {self.total('payer_lines'):,} lines"
        return [f"Claims feeds: {rows:,} rows, {said}"] if rows else []

    def _of_extracts(self) -> list[str]:
        """What extracts gave, where there was one."""
        rows = self.total("extract_rows")
        gone = self.total("replaced_rows")
        instead = f", in place of {gone:,} loaded before" if gone else ""
        return [f"Extracts: {rows:,} rows{instead}"] if rows or gone else []

    def __str__(self) -> str:
        status = Counter(f.outcome for f in self.files)
        said = ", ".join(f"{count:,} {name}" for name, count in status.items()) or "no files"
        lines = [
            f"Files: {said}",
            f"837: {self.total('claims'):,} claims, {self.total('lines'):,} lines, "
            f"{self.total('billed_amount'):,.2f} billed",
            f"835: {self.total('remit_claims'):,} claim payments, "
            f"{self.total('paid_amount'):,.2f} paid",
            f"277CA, 999: {self.total('acknowledgements'):,} acknowledgements",
            f"Side tables: {self.total('side_rows'):,} rows",
            *self._of_feeds(),
            *self._of_extracts(),
            f"Rejected records: {self.total('rejected'):,}"
            f"{_listed(self.by_rule('rejected_by_rule'))}",
            f"Warnings: {sum(self.by_rule('warnings_by_rule').values()):,}"
            f"{_listed(self.by_rule('warnings_by_rule'))}",
            f"Out of balance: {self.total('unbalanced_sets'):,} transaction sets",
        ]
        lines += [f"Not read: {f.name}: {f.problem}" for f in self.files if f.problem]
        return "\n".join(lines)


class Connected(Protocol):
    """A database, or what shows its tables."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Where to ask."""
        ...


def file_reports(db: Connected, files: list[int], status: str) -> list[FileReport]:
    """The reports of files that are in the database, in the order asked for."""
    if not files:
        return []
    which = {"files": files}
    found = db.connection.sql(_FILES, params=which).pl()
    rows = {row["file_id"]: row for row in found.iter_rows(named=True)}
    problems = dict(db.connection.sql(_PROBLEMS, params=which).pl().iter_rows())
    rules: dict[tuple[int, str], dict[str, int]] = {}
    for file, kind, rule, count in db.connection.sql(_RULES, params=which).pl().iter_rows():
        rules.setdefault((file, kind), {})[rule] = count
    return [
        FileReport(
            name=rows[f]["file_name"],
            status=_status(rows[f], status, is_readable=f not in problems),
            problem=problems.get(f, ""),
            transaction_sets=rows[f]["sets"],
            records=rows[f]["record_count"],
            claims=rows[f]["claim_count"],
            lines=rows[f]["claim_line_count"],
            remit_claims=rows[f]["remit_claim_count"],
            acknowledgements=rows[f]["acknowledgement_count"],
            side_rows=_loaded_rows(rows[f]) if rows[f]["format"] in _SIDE else 0,
            feed_rows=_loaded_rows(rows[f]) if _is_feed(rows[f]["format"]) else 0,
            extract_rows=_loaded_rows(rows[f]) if rows[f]["format"] == EXTRACT else 0,
            payer_claims=rows[f]["payer_claims"],
            payer_lines=rows[f]["payer_lines"],
            rejected=rows[f]["rejected_count"],
            billed_amount=rows[f]["billed_amount"],
            paid_amount=rows[f]["paid_amount"],
            unbalanced_sets=rows[f]["unbalanced"],
            rejected_by_rule=rules.get((f, "rejected"), {}),
            warnings_by_rule=rules.get((f, "warning"), {}),
            skipped_types=rules.get((f, "skipped"), {}),
        )
        for f in files
    ]


def _status(file: dict[str, Any], status: str, *, is_readable: bool) -> str:
    """What became of it: of a file that was loaded before, also whether it was purged since."""
    if not is_readable:
        return "unreadable"
    return "purged" if file["is_purged"] and status == "already loaded" else status


def _is_feed(kind: str) -> bool:
    return kind not in (*_SIDE, EXTRACT)


def _loaded_rows(file: dict[str, Any]) -> int:
    """Data rows loaded from a CSV file or feed: a row is one record, and is loaded or rejected."""
    is_read = file["format"] not in ("x12", "unreadable")
    return file["record_count"] - file["rejected_count"] if is_read else 0


_FILES = """
SELECT source_file.*, coalesce(found.sets, 0) AS sets, coalesce(found.unbalanced, 0) AS unbalanced,
    source_file.file_id IN (SELECT file_id FROM purged) AS is_purged,
    coalesce(fed.payer_claims, 0) AS payer_claims, coalesce(fed_line.payer_lines, 0) AS payer_lines
FROM source_file
LEFT JOIN (
    SELECT file_id, count(*) AS payer_claims FROM payer_claim
    WHERE list_contains($files, file_id) GROUP BY file_id
) AS fed ON fed.file_id = source_file.file_id
LEFT JOIN (
    SELECT file_id, count(*) AS payer_lines FROM payer_claim_line
    WHERE list_contains($files, file_id) GROUP BY file_id
) AS fed_line ON fed_line.file_id = source_file.file_id
LEFT JOIN (
    SELECT file_id, count(*) AS sets, count(*) FILTER (WHERE NOT is_balanced) AS unbalanced
    FROM transaction_set
    WHERE list_contains($files, file_id) AND status = 'loaded'
    GROUP BY file_id
) AS found ON found.file_id = source_file.file_id
WHERE list_contains($files, source_file.file_id)
"""

_PROBLEMS = """
SELECT file_id, reason FROM rejected
WHERE list_contains($files, file_id) AND rule = 'file_unreadable'
"""

_RULES = """
SELECT file_id, severity, rule, count(*) AS n FROM rejected
WHERE list_contains($files, file_id) GROUP BY 1, 2, 3
UNION ALL
SELECT file_id, 'skipped', coalesce(type_code, '?'), count(*) FROM transaction_set
WHERE list_contains($files, file_id) AND status = 'skipped' GROUP BY 1, 2, 3
ORDER BY 4 DESC, 3
"""


def _listed(rules: dict[str, int]) -> str:
    return f" ({', '.join(f'{rule} {count:,}' for rule, count in rules.items())})" if rules else ""


def _plain(value: Any) -> Any:
    """The same with amounts as text and tuples as lists."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_plain(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return str(value) if isinstance(value, Decimal) else value
