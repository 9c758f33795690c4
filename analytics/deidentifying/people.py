"""Whose days are shifted by how much, and the year each person was born: temporary tables.

A person's days all move by one number of whole weeks, 1 to 52, back: so spans between them stay,
and days of the week.  It follows from the key and the member number alone.  All that bears one
patient control number moves alike.  Tables are named after what of a row finds its person.
"""

import duckdb

_WEEKS = 52
_PERSON = f"""
CREATE TEMP TABLE who_person AS
SELECT
    key,
    -7 * (1 + CAST(concat('0x', substr(pseudonym('shift', said), 2, 12)) AS BIGINT) % {_WEEKS})
        AS days,
    birth_year
FROM (
    SELECT
        person.person_id AS key,
        coalesce(
            min(upper(trim(patient.member_id))) FILTER (WHERE trim(patient.member_id) <> ''),
            concat('person ', person.person_id)
        ) AS said,
        year(min(patient.birth_date)) AS birth_year
    FROM old.main.person
    JOIN old.main.patient ON patient.patient_id = person.patient_id
    GROUP BY person.person_id
) AS known
"""
_PATIENT = """
CREATE TEMP TABLE who_patient AS
SELECT person.patient_id AS key, who_person.days, who_person.birth_year
FROM old.main.person
JOIN who_person ON who_person.key = person.person_id
"""
_NUMBER = """
CREATE TEMP TABLE who_number AS
SELECT upper(trim(claim.patient_control_number)) AS key, arg_min(who.days, claim.claim_id) AS days
FROM old.main.claim
JOIN who_patient AS who ON who.key = claim.patient_id
WHERE trim(claim.patient_control_number) <> ''
GROUP BY upper(trim(claim.patient_control_number))
"""
_NUMBERED = """
CREATE TEMP TABLE who_{table} AS
SELECT told.{table}_id AS key, any_value(coalesce(numbered.days, who.days)) AS days
FROM old.main.{table} AS told
LEFT JOIN who_number AS numbered ON numbered.key = upper(trim(told.patient_control_number))
LEFT JOIN who_patient AS who ON who.key = told.patient_id
GROUP BY told.{table}_id
"""
_PAYER_CLAIM = """
CREATE TEMP TABLE who_payer_claim AS
SELECT told.payer_claim_id AS key, any_value(who.days) AS days
FROM old.main.payer_claim AS told
JOIN who_patient AS who ON who.key = told.patient_id
GROUP BY told.payer_claim_id
"""
_PLACES = """
SET VARIABLE places = (
    WITH known AS (SELECT DISTINCT file_id FROM old.main.source_file WHERE file_id > 0),
    moved AS (
        SELECT
            row_number() OVER (ORDER BY file_id) AS nth,
            row_number() OVER (ORDER BY pseudonym('place', CAST(file_id AS VARCHAR))) AS place,
            file_id
        FROM known
    )
    SELECT list(coalesce(taken.file_id, numbered.n) ORDER BY numbered.n)
    FROM range(1, coalesce((SELECT max(file_id) FROM known), 0) + 1) AS numbered (n)
    LEFT JOIN moved ON moved.file_id = numbered.n
    LEFT JOIN moved AS taken ON taken.nth = moved.place
)
"""


def ready(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables, and the list of what number each file has from now on."""
    for sql in (_PERSON, _PATIENT, _NUMBER, _PAYER_CLAIM, _PLACES):
        connection.execute(sql)
    for table in ("claim", "remit_claim"):
        connection.execute(_NUMBERED.format(table=table))


def joined(by: str, column: str) -> str:
    """The SQL that finds the person of a row."""
    told = f"row_of.{column}"
    value = f"upper(trim({told}))" if by == "number" else told
    return f"LEFT JOIN who_{by} AS who ON who.key = {value}"
