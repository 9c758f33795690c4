"""The people that something new is of, and the tables with their records alone.

Facts of members are made of all records of a person.  Whose claims are touched, cover is told
anew, or records are of somebody else now, has all rows made anew.
"""

import re
from collections.abc import Sequence

from analytics import schema
from analytics.building import Site
from analytics.fact import Fact

# Patients without a row before are new; the others are of another person now.
_MOVED = """
CREATE TEMP TABLE moved_patient AS
SELECT now.patient_id, before.person_id AS old_id, now.person_id AS new_id
FROM person AS now LEFT JOIN {home}.person AS before ON before.patient_id = now.patient_id
WHERE before.person_id IS NULL OR before.person_id <> now.person_id
"""
# A payer's code stands for the name that any record gives it.
_TOUCHED = """
CREATE TEMP TABLE touched_person AS
SELECT person.person_id
FROM person JOIN temp.touched_claim ON touched_claim.patient_id = person.patient_id
UNION
SELECT new_id FROM temp.moved_patient
UNION
SELECT old_id FROM temp.moved_patient WHERE old_id IS NOT NULL
UNION
SELECT person.person_id
FROM eligibility JOIN person ON person.patient_id = eligibility.patient_id
WHERE eligibility.file_id IN (SELECT part FROM temp.new_part WHERE table_name = 'eligibility')
   OR eligibility.payer_name IN (
       SELECT payer_code FROM payer
       WHERE file_id IN (SELECT part FROM temp.new_part WHERE table_name = 'payer')
   );

CREATE TEMP TABLE touched_patient AS
SELECT patient_id FROM person WHERE person_id IN (FROM temp.touched_person);

CREATE TEMP TABLE touched_member_claim AS
SELECT claim_id FROM claim WHERE patient_id IN (FROM temp.touched_patient)
UNION
SELECT claim_id FROM billed_claim WHERE patient_id IN (FROM temp.touched_patient)
"""
_COUNTS = """
SELECT (SELECT count(*) FROM temp.touched_patient), (SELECT count(*) FROM person)
"""
_COLUMNS = "SELECT column_name FROM (DESCRIBE FROM {table})"
_ROWS = {
    "claim_id": "claim_id IN (FROM temp.touched_member_claim)",
    "patient_id": "patient_id IN (FROM temp.touched_patient)",
}
GONE = "person_id IN (FROM temp.touched_person)"
# Of people whose records are of somebody else now: their claims of one day were beside others.
_REGROUPED = """
SELECT person.patient_id FROM person LEFT JOIN {home}.person AS before USING (patient_id)
WHERE person.person_id IN (FROM regrouped) OR before.person_id IN (FROM regrouped)
"""


def find_moved(site: Site) -> str:
    """Make the table of patients that are of another person than before.

    The query of all records of those people; empty where there are none.
    """
    site.run(_MOVED.format(home=site.home))
    site.run(
        "CREATE TEMP TABLE regrouped AS "
        "SELECT old_id FROM moved_patient WHERE old_id IS NOT NULL "
        "UNION SELECT new_id FROM moved_patient WHERE old_id IS NOT NULL"
    )
    if not site.run("SELECT 1 FROM temp.regrouped LIMIT 1").fetchall():
        return ""
    return _REGROUPED.format(home=site.home)


def find(site: Site) -> tuple[int, int]:
    """Make the tables of touched people; how many patient records are theirs, and how many all."""
    site.run(_TOUCHED)
    counts: tuple[int, int] = site.run(_COUNTS).fetchall()[0]
    return counts


def hide_others(site: Site, made: Sequence[Fact], known: Sequence[Fact]) -> list[str]:
    """Let the names of tables that `made` read mean the rows of touched people; which these are.

    `known` are the facts that have a view of all rows by now.
    """
    sql = " ".join(fact.sql for fact in made)
    read = frozenset[str]().union(*(fact.reads for fact in made)) - {fact.name for fact in made}
    with_view = {fact.name for fact in known}
    hidden: list[str] = []
    for table in sorted(read & (schema.tables().keys() | with_view)):
        names = [name for (name,) in site.run(_COLUMNS.format(table=table)).fetchall()]
        if rows := next((rows for name, rows in _ROWS.items() if name in names), ""):
            columns = ", ".join(name for name in names if re.search(rf"\b{name}\b", sql))
            site.run(
                f"CREATE TEMP TABLE {table}_of_people AS SELECT {columns} FROM {table} WHERE {rows}"
            )
            if table in with_view:
                site.run(f"ALTER VIEW temp.{table} RENAME TO {table}_of_all")
            hidden.append(table)
    for table in hidden:
        site.run(f"CREATE TEMP VIEW {table} AS FROM temp.{table}_of_people")
    return hidden


def show_others(site: Site, hidden: Sequence[str], known: Sequence[Fact]) -> None:
    """Let the names mean all rows again."""
    with_view = {fact.name for fact in known}
    for table in hidden:
        site.run(f"DROP VIEW temp.{table}")
        site.run(f"DROP TABLE temp.{table}_of_people")
        if table in with_view:
            site.run(f"ALTER VIEW temp.{table}_of_all RENAME TO {table}")
