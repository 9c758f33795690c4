"""Patients, payers and providers that an extract names: found, or given a new id.

What is new is worked out before the transaction begins, so that it only appends.
"""

import duckdb

from analytics.extracts.groups import column, head
from analytics.extracts.sql import id_of
from analytics.extracts.stage import Stage
from analytics.writer import IDENTITY, PAYER

_KEYS = {"patient": IDENTITY, "subscriber": IDENTITY, "payer": PAYER}
NPIS = (
    ("claim", "billing_npi", "billing_provider"),
    ("claim", "rendering_npi", "rendering_provider"),
    ("claim", "referring_npi", ""),
    ("claim", "attending_npi", ""),
    ("claim", "facility_npi", ""),
    ("remit", "payee_npi", "billing_provider"),
    ("remit_claim", "rendering_npi", "rendering_provider"),
)
LINE_NPIS = (("claim_line", "rendering_npi"), ("remit_line", "rendering_npi"))
ROLES = {
    "rendering_npi": "rendering",
    "referring_npi": "referring",
    "attending_npi": "attending",
    "facility_npi": "facility",
}


def who(connection: duckdb.DuckDBPyConnection, stage: Stage, file: int) -> list[str]:
    """Find everybody whom the stage names; gives the statements that add those not known."""
    adding = [
        _identified(connection, stage, table, file)
        for table in ("patient", "subscriber", "payer")
        if stage.layout.has(table)
    ]
    if _named_npis(stage):
        connection.execute(_providers(stage))
        adding += _adding_providers(file)
    return adding


def id_join(stage: Stage, table: str, alias: str) -> str:
    """The join of a head with the ids of its people or payers; nothing where none are named."""
    if not stage.layout.has(table):
        return ""
    same = " AND ".join(
        f"who_{table}.{f.column} IS NOT DISTINCT FROM {alias}.{column(f)}"
        for f in stage.layout.of(table)
    )
    return f" LEFT JOIN extract_who_{table} AS who_{table} ON {same}"


def id_of_join(stage: Stage, table: str) -> str:
    """The id that `id_join` finds."""
    return f"who_{table}.id" if stage.layout.has(table) else "CAST(NULL AS BIGINT)"


def source_of(stage: Stage, table: str) -> str:
    """The relation whose rows name patients or payers, with `id`."""
    for level in ("claim", "remit" if table == "payer" else "remit_claim"):
        if level in stage.levels:
            return head(stage, level)
    said = ", ".join(f"{f.name} AS {column(f)}" for f in stage.layout.of(table))
    return f"(SELECT no AS k, no AS id, {said} FROM {stage.sound})"


def _identified(connection: duckdb.DuckDBPyConnection, stage: Stage, table: str, file: int) -> str:
    """A table of who is named with their ids; gives the statement that adds the new ones."""
    kept = "payer" if table == "payer" else "patient"
    thing = 16 if table == "subscriber" else 0  # a second person that a row names
    fields = stage.layout.of(table)
    names = [f.column for f in fields]
    said = ", ".join(f"{column(f)} AS {f.column}" for f in fields)
    same = " AND ".join(
        f"known.{name} IS NOT DISTINCT FROM {f'named.{name}' if name in names else 'NULL'}"
        for name in _KEYS[table]
    )
    new = id_of(file, thing, "named.first")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE extract_who_{table} AS
        SELECT named.*, coalesce(known.{kept}_id, {new}) AS id, known.{kept}_id IS NULL AS is_new
        FROM (
            SELECT {", ".join(names)}, min(id) AS first
            FROM (SELECT id, {said} FROM {source_of(stage, table)})
            WHERE coalesce({", ".join(f"CAST({n} AS VARCHAR)" for n in names)}) IS NOT NULL
            GROUP BY {", ".join(names)}
        ) AS named
        LEFT JOIN {kept} AS known ON {same}
        """
    )
    record = f"first + {thing << 27}" if thing else "first"
    twice = ""
    if table == "subscriber" and stage.layout.has("patient"):
        # Who is the patient of one claim and insured by another has one row.
        patient = {f.column for f in stage.layout.of("patient")}
        if patient == set(names):
            both = " AND ".join(f"p.{n} IS NOT DISTINCT FROM s.{n}" for n in names)
            connection.execute(
                "UPDATE extract_who_subscriber AS s SET id = p.id, is_new = FALSE "
                f"FROM extract_who_patient AS p WHERE {both}"
            )
    return (
        f"INSERT INTO {kept} BY NAME SELECT id AS {kept}_id, {file} AS file_id, "
        f"{record} AS record_no, {', '.join(names)} FROM extract_who_{table} WHERE is_new{twice}"
    )


def _named_npis(stage: Stage) -> list[str]:
    """Each NPI with its name and taxonomy, as SELECTs."""
    found: list[str] = []
    for table, name, person in NPIS:
        npi = stage.layout.field(table, name)
        if npi is None:
            continue
        said = [
            column(f) if (f := stage.layout.field(person, what)) else "NULL"
            for what in ("provider_name", "taxonomy_code")
        ]
        # The names of people beside a claim are in its head.
        level = "claim" if "claim" in stage.levels else table
        if table != level:
            said = ["NULL", "NULL"]
        found.append(
            f"SELECT {column(npi)} AS npi, id AS no, CAST({said[0]} AS VARCHAR) AS provider_name, "
            f"CAST({said[1]} AS VARCHAR) AS taxonomy_code FROM {head(stage, table)}"
        )
    for table, name in LINE_NPIS:
        npi = stage.layout.field(table, name)
        if npi is not None:
            found.append(
                f"SELECT {npi.name} AS npi, no, CAST(NULL AS VARCHAR) AS provider_name, "
                f"CAST(NULL AS VARCHAR) AS taxonomy_code FROM {stage.sound}"
            )
    return found


def _providers(stage: Stage) -> str:
    return f"""
        CREATE OR REPLACE TEMP TABLE extract_provider AS
        SELECT npi, min(no) AS first, arg_min(provider_name, no) AS provider_name,
            arg_min(taxonomy_code, no) AS taxonomy_code
        FROM ({" UNION ALL ".join(_named_npis(stage))})
        WHERE npi IS NOT NULL GROUP BY npi
        """


def _adding_providers(file: int) -> list[str]:
    return [
        f"""
        INSERT INTO provider BY NAME
        SELECT npi, {file} AS file_id, first AS record_no, provider_name, taxonomy_code
        FROM extract_provider AS named
        WHERE NOT EXISTS (SELECT 1 FROM provider AS known WHERE known.npi = named.npi)
        """,
        """
        UPDATE provider SET taxonomy_code = named.taxonomy_code FROM extract_provider AS named
        WHERE named.npi = provider.npi AND provider.taxonomy_code IS NULL
          AND named.taxonomy_code IS NOT NULL
        """,
    ]
