"""What was loaded by a map before: its columns, its rows, and the periods that a file replaces."""

from collections.abc import Sequence

import duckdb

from analytics import schema
from analytics.errors import UnreadableFileError
from analytics.extracts.stage import TABLE, Stage
from analytics.maps import FileMap
from analytics.query import literal

_REPLACED = "extract_replaced"
_KEPT = ("source_file", "transaction_set", "patient", "payer", "provider", "extract_file")


def columns_before(connection: duckdb.DuckDBPyConnection, name: str) -> Sequence[str] | None:
    """The columns of the latest file that was loaded under this name; None for the first."""
    found = connection.execute(
        "SELECT column_names FROM extract_file WHERE map_name = $name "
        "ORDER BY file_id DESC LIMIT 1",
        {"name": name},
    ).fetchall()
    return found[0][0] if found else None


def is_new(connection: duckdb.DuckDBPyConnection, file: FileMap) -> bool:
    """Whether no file was loaded by this part of a map yet."""
    held = "SELECT count(*) FROM extract_file WHERE map_name = $name"
    return connection.execute(held, {"name": file.name}).fetchall()[0][0] == 0


def same_bytes(
    connection: duckdb.DuckDBPyConnection, sha256: str, file: FileMap
) -> tuple[int | None, bool]:
    """The file with these bytes that was loaded so, and whether by what the map says today."""
    found = connection.execute(
        "SELECT file_id, map_version FROM source_file JOIN extract_file USING (file_id) "
        "WHERE sha256 = $sha256 AND map_name = $name AND format <> 'unreadable' "
        "ORDER BY file_id DESC LIMIT 1",
        {"sha256": sha256, "name": file.name},
    ).fetchall()
    return (found[0][0], found[0][1] == file.version) if found else (None, False)


def place_in_periods(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """All rows of a claim are of the period of its first row."""
    for table in ("claim", "remit_claim"):
        level = stage.levels.get(table)
        if level is not None and level.key is not None:
            connection.execute(
                f"""
                UPDATE {TABLE} SET period_date = first.period_date
                FROM (
                    SELECT found.k, row_.period_date FROM extract_{table} AS found
                    JOIN {stage.rows} AS row_ ON row_.no = found.id
                ) AS first
                WHERE first.k = {TABLE}.{level.key}
                  AND first.period_date <> {TABLE}.period_date
                """
            )
            return


def find_replaced(
    connection: duckdb.DuckDBPyConnection, file: FileMap, apart: Sequence[int | None]
) -> None:
    """Rows of other files of this name, `apart` aside, that are of a period of the staged rows.

    A row that is kept out replaces nothing: one mistaken day would empty another month.
    """
    periods = (
        f"SELECT DISTINCT period_date FROM {TABLE} WHERE period_date IS NOT NULL AND fault IS NULL"
    )
    which = periods if file.mode == "replace_period" else "SELECT NULL"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {_REPLACED} AS
        SELECT extract_row.file_id, extract_row.record_no, extract_row.period_date
        FROM extract_row JOIN extract_file ON extract_file.file_id = extract_row.file_id
        WHERE extract_file.map_name = {literal(file.name)}
          AND extract_row.period_date IN ({which})
          AND extract_row.file_id NOT IN ({", ".join(str(f) for f in apart if f is not None)})
        """
    )


def check_replaced(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise `UnreadableFileError` where a period would be taken out and nothing put in its place.

    Claims whose rows differ among themselves are kept out when what they replace is known.
    """
    found = connection.execute(
        f"SELECT min(period_date) FROM {_REPLACED} WHERE period_date NOT IN "
        f"(SELECT period_date FROM {TABLE} WHERE fault IS NULL AND period_date IS NOT NULL)"
    ).fetchall()[0][0]
    if found is not None:
        raise UnreadableFileError(
            f"none of its rows of the period from {found} can be loaded, and what was loaded of it "
            "before would be taken out: revcycle map --check says why they are kept out"
        )


def known_keys(file: FileMap, earlier: int | None) -> str | None:
    """SQL for the keys of rows that stay; None where the map has no row key."""
    if not file.row_key:
        return None
    apart = f"AND file_id <> {earlier}" if earlier is not None else ""
    return (
        f"SELECT row_key FROM extract_row WHERE row_key IS NOT NULL {apart} "
        f"AND (file_id, record_no) NOT IN (SELECT (file_id, record_no) FROM {_REPLACED})"
        if file.mode == "replace_period"
        else f"SELECT row_key FROM extract_row WHERE row_key IS NOT NULL {apart}"
    )


def take_out(connection: duckdb.DuckDBPyConnection, by: int) -> int:
    """Delete the replaced rows, in the caller's transaction; say so in their files and how many."""
    files = [row[0] for row in connection.execute(
        f"SELECT DISTINCT file_id FROM {_REPLACED} ORDER BY 1").fetchall()]  # fmt: skip
    if not files:
        return 0
    for name, table in schema.tables().items():
        if {"file_id", "record_no"} <= set(table.column_names) and name not in (*_KEPT, "rejected"):
            connection.execute(_DELETE.format(table=name), {"files": files})
    connection.execute(_COUNT, {"files": files, "by": by})
    connection.execute(_RECOUNT, {"files": files})
    return int(connection.execute(f"SELECT count(*) FROM {_REPLACED}").fetchall()[0][0])


def statements(stage: Stage, file_id: int) -> list[str]:
    """What notes the loaded rows."""
    if not (stage.has_key or stage.has_period):
        return []
    columns = [
        *(["row_key"] if stage.has_key else []),
        *(["period_date"] if stage.has_period else []),
    ]
    return [
        f"INSERT INTO extract_row BY NAME SELECT {file_id} AS file_id, no AS record_no, "
        f"{', '.join(columns)} FROM {stage.sound}"
    ]


def note(
    connection: duckdb.DuckDBPyConnection,
    file_id: int,
    file: FileMap,
    columns: Sequence[str],
    read: int,
    loaded: int,
) -> None:
    """Write the row of `extract_file`."""
    connection.execute(
        """
        INSERT INTO extract_file BY NAME
        SELECT $file_id AS file_id, $name AS map_name, $version AS map_version,
            $sheet AS sheet_name, $mode AS mode, CAST($columns AS VARCHAR[]) AS column_names,
            min(period_date) AS period_from, max(period_date) AS period_to,
            $read AS row_count, $loaded AS loaded_count, 0 AS replaced_count
        FROM extract_row WHERE file_id = $file_id
        """,
        {
            "file_id": file_id, "name": file.name, "version": file.version, "sheet": file.sheet,
            "mode": file.mode, "columns": list(columns), "read": read, "loaded": loaded,
        },
    )  # fmt: skip


_DELETE = f"""
DELETE FROM {{table}} WHERE list_contains($files, file_id)
  AND (file_id, record_no) IN (SELECT (file_id, record_no) FROM {_REPLACED})
"""

_COUNT = f"""
UPDATE extract_file SET replaced_count = replaced_count + gone.count, replaced_by_file_id = $by
FROM (SELECT file_id, count(*) AS count FROM {_REPLACED} GROUP BY file_id) AS gone
WHERE extract_file.file_id = gone.file_id AND list_contains($files, extract_file.file_id)
"""

# What the files' own rows say of money is what is still there of them, or was until a purge.
_RECOUNT = """
UPDATE source_file SET
    claim_count = still.claim_count, claim_line_count = still.claim_line_count,
    remit_claim_count = still.remit_claim_count, billed_amount = still.billed_amount,
    paid_amount = still.paid_amount
FROM (
    SELECT file_id, sum(claim_count) AS claim_count, sum(claim_line_count) AS claim_line_count,
        sum(remit_claim_count) AS remit_claim_count, sum(billed_amount) AS billed_amount,
        sum(paid_amount) AS paid_amount
    FROM (
        SELECT unnest($files) AS file_id, 0 AS claim_count, 0 AS claim_line_count,
            0 AS remit_claim_count, 0 AS billed_amount, 0 AS paid_amount
        UNION ALL
        SELECT file_id, 1, 0, 0, coalesce(billed_amount, 0), 0 FROM claim
        UNION ALL
        SELECT file_id, 0, 1, 0, 0, 0 FROM claim_line
        UNION ALL
        SELECT file_id, 0, 0, 1, 0, coalesce(paid_amount, 0) FROM remit_claim
        UNION ALL
        SELECT file_id, claim_count, claim_line_count, remit_claim_count, billed_amount,
            paid_amount
        FROM purged
    ) AS part
    WHERE list_contains($files, file_id)
    GROUP BY file_id
) AS still
WHERE still.file_id = source_file.file_id
"""
