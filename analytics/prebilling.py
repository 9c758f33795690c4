"""Claims edited before they are sent: against a database's tables and history, loading nothing.

The files are loaded into a database in memory that is gone afterwards, with the rows of the tables
that their codes need; so the edits are those of loaded claims, by the same SQL.
"""

from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from analytics import rows, stats
from analytics.database import Database
from analytics.errors import NotBuiltError
from analytics.ingest.files import Paths
from analytics.load_report import LoadReport
from analytics.loader import load

# The column that a table is looked up by; of the others all rows are taken.
_BY_CODE = {
    "mce_diagnosis": "code",
    "icd10cm_code": "code",
    "ncci_ptp": "column1_code",
    "ncci_mue": "procedure_code",
    "ncci_add_on": "add_on_code",
    "hcpcs_code": "code",
    "medicare_fee": "procedure_code",
}
_WHOLE = (
    "reference_file", "mce_age_range", "icd10cm_exclusion", "nucc_taxonomy", "payer_map",
    "provider_map",
)  # fmt: skip
_CODES = """
SELECT upper(replace(procedure_code, ' ', '')) AS code FROM claim_line
UNION
SELECT upper(diagnosis_code) FROM claim_diagnosis
"""
# One row of each file is taken whatever its code: it says whose file it is.
_NEEDED = """
FROM {table}
WHERE {column} IN (SELECT unnest($codes)) {more}
   OR rowid IN (SELECT min(rowid) FROM {table} GROUP BY {file})
"""
_HISTORY = """
SELECT
    payer_name, procedure_code, modifier_key,
    count(*) FILTER (WHERE is_denied) AS hits, count(*) AS n
FROM answered_line
WHERE is_first_answer AND claim_id IS NOT NULL AND NOT is_duplicate
GROUP BY 1, 2, 3
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
"""
_LINES = """
WITH found AS (
    SELECT
        line_edit.claim_id, line_edit.line_no,
        list({'edit': line_edit.edit_code, 'title': edit.title, 'finding': line_edit.finding,
            'other_line': line_edit.other_line_no, 'other_segment': claim_line.record_no}
            ORDER BY edit.edit_bit) AS edits
    FROM line_edit
    JOIN edit USING (edit_code)
    LEFT JOIN claim_line
        ON claim_line.claim_id = line_edit.other_claim_id
        AND claim_line.line_no = line_edit.other_line_no
    GROUP BY line_edit.claim_id, line_edit.line_no
), listed AS (
    SELECT claim_id, NULL AS line_no, record_no, NULL AS procedure_code, NULL AS modifier_key,
        billed_amount
    FROM billed_claim
    WHERE claim_id IN (SELECT claim_id FROM found WHERE line_no IS NULL)
    UNION ALL
    SELECT claim_line.claim_id, line_no, claim_line.record_no, procedure_code,
        coalesce(modifier_key, ''), claim_line.billed_amount
    FROM claim_line
    JOIN billed_claim ON billed_claim.claim_id = claim_line.claim_id
)
SELECT
    source_file.file_name, billed_claim.record_no AS claim_segment, listed.line_no,
    listed.record_no AS segment, billed_claim.payer_name, listed.procedure_code,
    listed.modifier_key, listed.billed_amount, coalesce(found.edits, []) AS edits
FROM listed
JOIN billed_claim ON billed_claim.claim_id = listed.claim_id
JOIN source_file ON source_file.file_id = billed_claim.file_id
LEFT JOIN found
    ON found.claim_id = listed.claim_id AND found.line_no IS NOT DISTINCT FROM listed.line_no
ORDER BY billed_claim.file_id, billed_claim.record_no, listed.line_no NULLS FIRST
"""
_UNCHECKED = """
SELECT
    source_file.file_name, edit_result.edit_code, edit.title, edit.needs,
    count(*) AS claims
FROM edit_result
JOIN edit USING (edit_code)
JOIN source_file ON source_file.file_id = edit_result.file_id
WHERE edit_result.result = 'not_checked'
GROUP BY 1, 2, 3, 4, edit.edit_bit
ORDER BY 1, edit.edit_bit
"""


@dataclass(frozen=True, slots=True)
class Prebill:
    """What edits say of claims not sent yet.

    `lines` has a row per service line, and one before them for a claim that itself breaks an edit:
    ``file_name, claim_segment, line_no, segment, payer_name, procedure_code, modifier_key,
    billed_amount, edits`` (a list of ``edit, title, finding, other_line, other_segment``)``,
    denial_chance, payer_chance`` (shares; null without history)``, chance_lines`` (how many past
    lines it rests on). `unchecked` counts the claims an edit could not be made for: ``file_name,
    edit_code, title, needs, claims``. `report` tells what was read and rejected.
    """

    lines: pl.DataFrame
    unchecked: pl.DataFrame
    report: LoadReport


def prebill(db: Database, paths: Paths, *, include_test: bool = False) -> Prebill:
    """Edit the claims of 837 files by the tables `db` holds, with the chance of a denial by line.

    Nothing is loaded into `db`.  The chance is the share of lines of that procedure and those
    modifiers that the payer first denied, drawn to the payer's share the more the fewer they were.
    Raises `UnreadableFileError` where a path leads to nothing.
    """
    with Database() as memory:
        report = load(memory, paths, include_test=include_test, progress=False)
        _bring(db, memory)
        memory.build(only=("billed_claim", "line_edit", "edit_result"), progress=False)
        lines, unchecked = memory.sql(_LINES), memory.sql(_UNCHECKED)
    return Prebill(_with_chance(lines, _history(db)), unchecked, report)


def _bring(db: Database, memory: Database) -> None:
    """The rows of tables and maps that the claims in memory need."""
    codes = memory.sql(_CODES)["code"].drop_nulls().to_list() or [""]
    for table in _WHOLE:
        if len(memory.sql(f"FROM {table} LIMIT 1")):
            continue  # a map among the files comes before that of the database
        rows.append(memory.connection, table, db.sql(f"FROM {table}"))
    for table, column in _BY_CODE.items():
        pair = "AND column2_code IN (SELECT unnest($codes))" if table == "ncci_ptp" else ""
        file = "start_date" if table == "medicare_fee" else "reference_id"
        text = _NEEDED.format(table=table, column=column, more=pair, file=file)
        rows.append(memory.connection, table, db.sql(text, codes=cast("Any", codes)))


def _history(db: Database) -> pl.DataFrame | None:
    """Past lines and denials by payer, procedure and modifiers; None where no facts are built."""
    try:
        return db.sql(_HISTORY)
    except NotBuiltError:
        return None


def _with_chance(lines: pl.DataFrame, history: pl.DataFrame | None) -> pl.DataFrame:
    """With the chance of a denial: of the service with its modifiers, else of it, else the payer's.

    A claim as a whole has none.
    """
    if history is None or history.is_empty():
        nothing = pl.lit(None, pl.Float64)
        return lines.with_columns(
            denial_chance=nothing, payer_chance=nothing, chance_lines=pl.lit(None, pl.Int64)
        )
    keys = ["payer_name", "procedure_code", "modifier_key"]
    history = history.with_columns(pl.col("modifier_key").fill_null(""))
    by_payer = _summed(history, keys[:1]).select(
        keys[0], payer_chance=pl.col("hits") / pl.col("n"), payer_lines="n"
    )
    joined = lines.join(by_payer, on=keys[:1], how="left", nulls_equal=True, maintain_order="left")
    for depth in (2, 3):
        shares = stats.beta_binomial(_summed(history, keys[:depth]), "hits", "n", keys[:1])
        shares = shares.select(
            *keys[:depth],
            pl.col("shrunken").alias(f"chance_{depth}"),
            pl.col("n").alias(f"n_{depth}"),
        )
        joined = joined.join(
            shares, on=keys[:depth], how="left", nulls_equal=True, maintain_order="left"
        )
    is_line = pl.col("line_no").is_not_null()
    chance = pl.coalesce("chance_3", "chance_2", "payer_chance")
    return joined.with_columns(
        denial_chance=pl.when(is_line).then(chance),
        chance_lines=pl.when(is_line).then(pl.coalesce("n_3", "n_2", "payer_lines")),
        payer_chance=pl.when(is_line).then("payer_chance"),
    ).drop("chance_2", "chance_3", "n_2", "n_3", "payer_lines")


def _summed(history: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return history.group_by(keys, maintain_order=True).agg(pl.col("hits", "n").sum())
