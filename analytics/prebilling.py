"""Claims edited before they are sent: against a database's tables and history, loading nothing.

The files are loaded into a database in memory that is gone afterwards, with the rows of the tables
that their codes need; so the edits are those of loaded claims, by the same SQL.
"""

from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from analytics import earlier, rows, stats
from analytics.database import Database
from analytics.errors import NotBuiltError
from analytics.fact import text
from analytics.facts_edits import edit_check, edit_finding, line_edit
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
    "provider_map", "roster",
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


@dataclass(frozen=True, slots=True)
class Prebill:
    """What edits say of claims not sent yet.

    `lines` has a row per service line, and one before them for a claim that itself breaks an edit:
    ``file_name, sha256, claim_segment, line_no, segment, payer_name, procedure_code, modifier_key,
    billed_amount, edits`` (a list of ``edit, title, finding, other_line, other_segment,
    other_file, is_other_loaded, is_on_other``: it is the other line that breaks it, by this one)``,
    is_sent_before`` (a submission of it is loaded)``, denial_chance, payer_chance`` (shares; null
    without history)``, chance_lines`` (how many past lines it rests on). `unchecked` counts the
    claims an edit could not be made for: ``file_name, sha256, edit_code, title, needs,
    claims``. `report` tells what was read and rejected.
    """

    lines: pl.DataFrame
    unchecked: pl.DataFrame
    report: LoadReport


def prebill(db: Database, paths: Paths, *, include_test: bool = False) -> Prebill:
    """Edit the claims of 837 files by the tables `db` holds, with the chance of a denial by line.

    Nothing is loaded into `db`.  Lines are compared with each other and with what is loaded of the
    same member numbers within 91 days: duplicates, pairs, units of a day, global periods.  A claim
    sent before is not compared with itself.  The chance is the share of lines of that procedure and
    those modifiers that the payer first denied, drawn to its share the more the fewer they were.
    Raises `UnreadableFileError` where a path leads to nothing.
    """
    with Database() as memory:
        memory.lock_down()
        loaded = _number_after(db, memory)
        report = load(memory, paths, include_test=include_test, progress=False)
        memory.connection.execute("DELETE FROM source_file WHERE sha256 IS NULL")
        again = earlier.bring(db, memory)
        _bring(db, memory)
        memory.build(only=("billed_claim", "line_edit", "edit_result"), progress=False)
        _know_bypasses(db, memory)
        lines = memory.sql(text("prebill", "lines"), loaded=loaded, again=cast("Any", again))
        unchecked = memory.sql(text("prebill", "unchecked"), loaded=loaded)
    return Prebill(_with_chance(lines, _fact(db, _HISTORY)), unchecked, report)


def _number_after(db: Database, memory: Database) -> int:
    """Let files in memory have numbers after those of `db`, of which the last is given back."""
    last = int(db.sql("SELECT coalesce(max(file_id), 0) FROM source_file").item())
    memory.connection.execute("INSERT INTO source_file (file_id) VALUES ($last)", {"last": last})
    return last


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


def _know_bypasses(db: Database, memory: Database) -> None:
    """How often providers pass NCCI pairs is known of all that is loaded: PTP-2 is told by that."""
    past = _fact(db, "FROM edit_bypass")
    if past is None:
        return
    held = memory.connection.from_arrow(cast("Any", past).to_arrow())
    memory.connection.execute("DROP TABLE edit_bypass")
    held.create("edit_bypass")
    for fact in (edit_finding, line_edit, edit_check):
        memory.connection.execute(f"CREATE OR REPLACE TABLE {fact.name} AS\n{fact.sql}")


def _fact(db: Database, text: str) -> pl.DataFrame | None:
    """What a query of facts says; None where none are built."""
    try:
        return db.sql(text)
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
