"""SQL in a report reads nothing that names a person, whatever way it takes, unless it says so."""

import pytest

from analytics import facts, identity, schema
from analytics.database import Database
from analytics.deidentifying.declared import columns
from analytics.errors import BadQueryError, IdentityError

NAME = "SECRETNAME"


@pytest.fixture(scope="module")
def filled():
    with Database() as db:
        db.connection.execute(
            "INSERT INTO patient BY NAME SELECT 1 AS file_id, 1 AS record_no, 1 AS patient_id,"
            f" '{NAME}' AS last_name, 'F' AS sex_code"
        )
        db.build()
        db.connection.execute("CREATE VIEW people AS SELECT last_name AS x FROM patient")
        db.connection.execute("CREATE TABLE copied AS SELECT last_name AS x FROM patient")
        db.connection.execute("CREATE MACRO a_name() AS (SELECT max(last_name) FROM patient)")
        db.connection.execute("CREATE MACRO names() AS TABLE SELECT last_name FROM patient")
        db.connection.execute("PREPARE asked AS SELECT last_name FROM patient")
        yield db


@pytest.fixture
def db(filled, monkeypatch):
    """As in a report."""
    monkeypatch.setitem(identity._state, "guarded", True)
    return filled


EVASIONS = """
SELECT last_name FROM patient
SELECT LAST_NAME FROM Patient
SELECT "last_name" FROM "main"."patient"
SELECT patient.last_name FROM patient
SELECT p.last_name AS harmless FROM patient AS p
SELECT max(last_name) FROM patient
SELECT count(*) FROM patient WHERE last_name = 'A'
SELECT sex_code FROM patient ORDER BY last_name
SELECT sex_code FROM patient GROUP BY sex_code, last_name
SELECT count(*) FILTER (WHERE last_name LIKE 'A%') FROM patient
SELECT row_number() OVER (ORDER BY last_name) FROM patient
SELECT * FROM patient
SELECT patient.* FROM patient
SELECT * EXCLUDE (sex_code) FROM patient
SELECT * REPLACE ('' AS last_name) FROM patient
FROM patient
TABLE patient
FROM patient SELECT last_name
SELECT COLUMNS('last.*') FROM patient
SELECT COLUMNS(c -> c LIKE 'last%') FROM patient
SELECT max(COLUMNS(*)) FROM patient
SELECT #4 FROM patient
SELECT patient FROM patient
SELECT p FROM patient AS p
SELECT main.patient FROM patient
SELECT to_json(p) FROM patient AS p
SELECT struct_extract(p, 'last_name') FROM patient AS p
SELECT d FROM patient AS p(a, b, c, d, e)
SELECT x FROM (SELECT last_name AS x FROM patient)
SELECT (SELECT last_name FROM patient LIMIT 1)
SELECT 1 WHERE EXISTS (SELECT 1 FROM patient WHERE last_name > 'M')
WITH a AS (SELECT last_name AS x FROM patient) SELECT x FROM a
WITH a(x) AS MATERIALIZED (FROM patient) SELECT x FROM a
WITH RECURSIVE a AS (SELECT last_name AS x FROM patient UNION SELECT x FROM a) SELECT x FROM a
SELECT 1 UNION ALL SELECT last_name FROM patient
SELECT claim.claim_id FROM claim JOIN patient ON patient.last_name = claim.claim_type
SELECT claim_id FROM claim JOIN remit_claim USING (patient_control_number)
SELECT claim_id FROM claim NATURAL JOIN remit_claim
SELECT c.x FROM claim, LATERAL (SELECT last_name AS x FROM patient) AS c
SELECT patient_control_number FROM claim
SELECT raw FROM rejected
FROM query('SELECT last_name FROM patient')
FROM query_table('patient')
FROM query_table(['patient'])
SUMMARIZE patient
FROM (SUMMARIZE patient)
DESCRIBE patient
PIVOT patient ON last_name USING count(*)
UNPIVOT patient ON last_name
SELECT x FROM people
SELECT x FROM copied
SELECT a_name()
FROM names()
EXECUTE asked
PREPARE again AS SELECT last_name FROM patient
EXPLAIN ANALYZE SELECT last_name FROM patient
CREATE TEMP TABLE mine AS SELECT last_name FROM patient
COPY patient TO '/dev/stdout'
CALL pragma_storage_info('patient')
FROM pragma_storage_info('patient')
PRAGMA storage_info('patient')
SELECT 1; SELECT last_name FROM patient
SELECT /* no */ last_name -- names
SELECT x FROM temp.patient
""".strip().splitlines()


@pytest.mark.parametrize("text", EVASIONS)
def test_what_names_a_person_is_refused(db, text):
    if text.endswith("-- names"):
        text += "\nFROM patient"
    with pytest.raises(IdentityError, match="allow_identity=True") as caught:
        db.sql(text)
    assert NAME not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM claim_outcome LIMIT 5",
        "FROM claim_outcome",
        "SELECT sex_code, count(*) AS n FROM patient GROUP BY 1 ORDER BY sex_code",
        "SELECT count(*) FROM patient JOIN claim USING (patient_id)",
        "SELECT claim.claim_id, p.sex_code FROM claim JOIN patient AS p USING (patient_id)",
        "WITH a AS (SELECT payer_name FROM claim_outcome) SELECT * FROM a",
        "SELECT i FROM range(3) AS r(i)",
        "SELECT unnest([1, 2])",
        "SELECT * FROM (VALUES (1), (2)) AS v(a)",
        "SELECT month_of(DATE '2026-01-05')",
        "SELECT * FROM ledger",
        "SELECT column_name FROM information_schema.columns",
    ],
)
def test_what_is_harmless_runs(db, text):
    db.sql(text)


def test_values_are_bound_and_mistakes_are_those_of_the_engine(db):
    assert db.sql("SELECT $a AS a", a=1)["a"].to_list() == [1]
    with pytest.raises(BadQueryError):
        db.sql("SELEC 1")
    with pytest.raises(BadQueryError):
        db.sql("SELECT no_such FROM claim_outcome")


def test_the_column_is_named(db):
    with pytest.raises(IdentityError, match=r"patient\.last_name"):
        db.sql("SELECT upper(last_name) FROM patient")


def test_numbers_of_claims_and_members_that_a_copy_replaces_are_identity():
    told = {("number", kind) for kind in ("member", "claim", "payer")}
    replaced = {
        (table, column)
        for table, rules in columns().items()
        for column, rule in rules.items()
        if rule in told and table in schema.tables()
    }
    assert len(replaced) > 20
    assert replaced <= set(schema.identity_columns())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT payer_claim_number FROM remit_claim",
        "SELECT prior_authorization_number FROM claim",
        "SELECT reason FROM write_off",
    ],
)
def test_numbers_of_payers_and_reasons_in_free_words_are_refused(db, text):
    with pytest.raises(IdentityError, match="which can name a person"):
        db.sql(text)


def test_who_says_so_may(db):
    assert db.sql("SELECT last_name FROM patient", allow_identity=True)["last_name"][0] == NAME


def test_outside_reports_nothing_is_refused(filled):
    assert filled.sql("FROM patient").height == 1


def test_no_fact_holds_identity(filled):
    """So rows behind numbers and worklists in a report name nobody."""
    of_facts = {"reference", "reason"}  # there: a rule's own words
    names = {column for _, column in schema.identity_columns()} - of_facts
    for fact in facts.ALL:
        held = set(filled.sql(f'FROM "{fact.name}" LIMIT 0').columns)
        assert not held & names, fact.name
