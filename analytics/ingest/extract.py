"""What reading a file gives: frames for the core tables, and what was kept out of them and why.

Frames have the columns of the core tables except ``file_id``.  Their ``record_no`` and every
``_id`` in them are positions in the file plus ``file_id * RECORDS_PER_FILE``: ids of the database
where the file was given its number, plain positions where it was not (file 0).
"""

from dataclasses import dataclass, field

import polars as pl

from analytics import schema

RECORDS_PER_FILE = 1 << 32

REJECTED = {
    "record_no": pl.Int64,
    "table_name": pl.String,
    "severity": pl.String,
    "rule": pl.String,
    "reason": pl.String,
    "raw": pl.String,
}


@dataclass(frozen=True, slots=True)
class Extract:
    """Rows of one file, or of one chunk of it, by core table."""

    tables: dict[str, pl.DataFrame]
    rejected: pl.DataFrame
    record_count: int = 0

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.tables[table] if table in self.tables else _nothing(table)


def _nothing(table: str) -> pl.DataFrame:
    """The rows of a table that no record spoke of."""
    kinds = schema.polars_schema(table)
    return pl.DataFrame(schema={name: kind for name, kind in kinds.items() if name != "file_id"})


@dataclass(slots=True)
class Findings:
    """Collects rows for `rejected`."""

    parts: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])

    def add(
        self,
        records: pl.Series,
        table: str,
        rule: str,
        reason: str,
        *,
        severity: str = "rejected",
        raw: pl.Series | None = None,
    ) -> None:
        """Note that these records broke a rule."""
        if len(records):
            self.parts.append(
                pl.DataFrame({"record_no": records.cast(pl.Int64)}).with_columns(
                    table_name=pl.lit(table),
                    severity=pl.lit(severity),
                    rule=pl.lit(rule),
                    reason=pl.lit(reason),
                    raw=raw if raw is not None else pl.lit(None, pl.String),
                )
            )

    def frame(self) -> pl.DataFrame:
        """All that was noted, in the order of the file."""
        empty = pl.DataFrame(schema=REJECTED)
        return pl.concat([empty, *self.parts]).sort("record_no", maintain_order=True)
