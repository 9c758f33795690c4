"""What a column map would load of files, and what it would keep out: nothing is kept.

The files go through the loader into a database in memory, so that all is as it would be.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analytics import schema
from analytics.database import Database
from analytics.extracts.copies import folders_read
from analytics.ingest.files import Paths, find
from analytics.load_report import LoadReport
from analytics.loader import load
from analytics.maps import Map, read_map
from analytics.maps.targets import tables
from analytics.progress import Progress

_AMOUNTS = {
    "claim": "billed_amount",
    "claim_line": "billed_amount",
    "remit": "payment_amount",
    "remit_claim": "paid_amount",
    "remit_line": "paid_amount",
    "adjustment": "amount",
    "provider_adjustment": "amount",
    "claim_other_payer": "paid_amount",
    "write_off": "amount",
    "patient_payment": "amount",
    "charge": "amount",
}
_REJECTED = """
SELECT file_name, severity, rule, column_name, reason, count(*) AS n,
    CAST(min(record_no) AS BIGINT) AS first_row
FROM rejected
JOIN source_file ON source_file.file_id = rejected.file_id
WHERE source_file.format <> 'unreadable'
GROUP BY 1, 2, 3, 4, 5
ORDER BY file_name, severity, n DESC, rule, column_name
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """What would come of files.

    `loaded` has a row a file and table: rows (`n`) and their main amount in dollars.  `rejected`
    has a row a file, rule and column: rows, and the first of them, from 1 after the header.
    """

    report: LoadReport
    loaded: pl.DataFrame
    rejected: pl.DataFrame
    unnamed: tuple[str, ...]  # files that no pattern of the map names

    @property
    def is_clean(self) -> bool:
        """Whether everything would load, without a finding."""
        return self.report.is_clean and self.rejected.is_empty() and not self.unnamed

    @property
    def is_readable(self) -> bool:
        """Whether any file could be read."""
        return any(file.status != "unreadable" for file in self.report.files)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values."""
        files = [
            {
                "file_name": file.name,
                "rows": file.records,
                "loaded": file.extract_rows,
                "rejected": file.rejected,
                "problem": file.problem or None,
            }
            for file in self.report.files
        ]
        return {
            "files": files,
            "loaded": self.loaded.to_dicts(),
            "findings": self.rejected.to_dicts(),
            "not_named": list(self.unnamed),
        }


def try_map(
    said: str | Path | Map, paths: Paths, *, progress: Progress | bool | None = None
) -> Trial:
    """What the map would load of these files; `progress` as of `load`.

    Raises `MapError`, and what `load` raises.
    """
    column_map = said if isinstance(said, Map) else read_map(said)
    own = Path(column_map.path or "?").resolve()
    sources = [s for s in find(paths) if s.path.resolve() != own and s.kind != ".toml"]
    named = [source for source in sources if column_map.of(source.name)]
    unnamed = tuple(source.name for source in sources if source not in named)
    with Database() as db:
        db.lock_down(reads=folders_read(paths))
        report = load(db, _paths(paths, unnamed, named), map=column_map, progress=progress)
        return Trial(report, _loaded(db), db.sql(_REJECTED), unnamed)


def _paths(paths: Paths, unnamed: tuple[str, ...], named: list[Any]) -> Paths:
    """The paths as given; file by file where some are not of the map."""
    return paths if not unnamed else list(dict.fromkeys(source.path for source in named))


def _loaded(db: Database) -> pl.DataFrame:
    """Rows of each table by file."""
    counts = [
        f"SELECT file_id, {place} AS place, '{table}' AS table_name, count(*) AS n, "
        f"CAST(sum({_AMOUNTS.get(table, 'NULL')}) AS DECIMAL(18,2)) AS amount "
        f"FROM {table} GROUP BY file_id"
        for place, table in enumerate(tables())
        if table in schema.tables() and "file_id" in schema.table(table).column_names
    ]
    return db.sql(
        "SELECT file_name, table_name, n, amount FROM ("
        + " UNION ALL ".join(counts)
        + ") AS counted JOIN source_file ON source_file.file_id = counted.file_id "
        "ORDER BY source_file.file_id, place"
    )
