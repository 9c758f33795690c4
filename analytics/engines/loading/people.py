"""Who is who over all that tasks have read: the ids that one load after the other would give."""

from collections.abc import Collection

from analytics import schema
from analytics.engines.loading.marks import Marks
from analytics.engines.loading.stage import LOT
from analytics.engines.loading.views import Views
from analytics.writer import IDENTITY, MAPPED, PAYER, PEOPLE


def settle_payers(views: Views) -> None:
    """`payer_ids`: which id a payer has that a task knows by another, and the new payers."""
    new = f"SELECT *, {LOT} AS lot_ FROM {{new_payer}}"
    views.kept("payer_all", _all("payer", PAYER, new), of="payer")
    _moved(views, "payer")


def settle_patients(views: Views, marks: Marks) -> None:
    """`patient_ids` and the new patients.

    Nobody is remembered only because of a set that was taken out: of lots that lost sets, those
    stay whom a row names that is left.
    """
    new = f"SELECT *, {LOT} AS lot_ FROM {{new_patient}}"
    if marks.are_any:
        key = ", ".join(IDENTITY)
        views.kept("named", _named(views.new, marks))
        new = f"""
            SELECT * FROM (
                SELECT p.*, p.{LOT} AS lot_,
                    max(CASE WHEN l.lot IS NULL OR n.named_id IS NOT NULL THEN 1 ELSE 0 END)
                        OVER (PARTITION BY p.{LOT}, {key}) AS is_left
                FROM {{new_patient}} AS p
                LEFT JOIN (SELECT DISTINCT lot FROM {{ranges}}) AS l ON l.lot = p.{LOT}
                LEFT JOIN {{named}} AS n ON n.named_id = p.patient_id
            ) AS weighed WHERE is_left = 1"""
    views.kept("patient_all", _all("patient", IDENTITY, new), of="patient")
    _moved(views, "patient")


PROVIDERS = f"""
SELECT * FROM (
    SELECT npi, file_id, record_no, provider_name,
        first_value(taxonomy_code) IGNORE NULLS OVER (
            PARTITION BY npi ORDER BY lot_, file_id, record_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS taxonomy_code,
        row_number() OVER (PARTITION BY npi ORDER BY lot_, file_id, record_no) AS place
    FROM (
        SELECT -1 AS lot_, * FROM {{old_provider}}
        UNION ALL
        SELECT {LOT} AS lot_, {", ".join(schema.table("provider").column_names)}
        FROM {{new_provider}}
    ) AS named
) AS ranked WHERE place = 1"""


def fresh(table: str) -> str:
    """The rows of those who are new."""
    return f"SELECT * FROM {{{table}_all}} WHERE lot_ >= 0 AND {table}_id = id"


def _all(table: str, key: Collection[str], new: str) -> str:
    """All who are known and all who come, each with the id of the first of the same key."""
    columns = ", ".join(schema.table(table).column_names)
    return f"""
        SELECT *, first_value({table}_id) OVER (
            PARTITION BY {", ".join(key)} ORDER BY lot_, {table}_id) AS id
        FROM (
            SELECT {columns}, -1 AS lot_ FROM {{old_{table}}}
            UNION ALL
            SELECT {columns}, lot_ FROM ({new}) AS arriving
        ) AS everyone"""


def _moved(views: Views, table: str) -> None:
    """The ids that become others."""
    moved = f"SELECT {table}_id AS before, id FROM {{{table}_all}} WHERE {table}_id <> id"
    views.show(f"{table}_ids", views.sql(moved))


def _named(tables: Collection[str], marks: Marks) -> str:
    """Whom the rows name that are left, in lots that lost some."""
    found = [
        f"SELECT {column} AS named_id FROM ({marks.left(table)}) AS r "
        f"WHERE r.{LOT} IN (SELECT lot FROM {{ranges}}) AND {column} IS NOT NULL"
        for table in tables
        for column in schema.table(table).column_names
        if column in PEOPLE and table != "patient"
    ]
    return " UNION ".join(found) or "SELECT CAST(NULL AS BIGINT) AS named_id WHERE FALSE"


def named_columns(table: str) -> dict[str, str]:
    """The columns of a table that name someone, and the table of ids for each."""
    apart = ("patient", "payer", "provider")
    columns = schema.table(table).column_names if table not in apart else ()
    return {column: MAPPED[column] for column in columns if column in MAPPED}
