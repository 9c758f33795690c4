"""Facts are made beside the old ones and take their place at once; names in them are numbers."""

import os
import signal
import subprocess
import sys

import duckdb
import polars as pl
import pytest

from analytics import facts, words
from analytics.database import Database

CLAIMS = """
    INSERT INTO claim (claim_id, submission_date, claim_type, facility_state_code, payer_id)
    SELECT range, DATE '2026-01-05', 'professional', 'S' || range, 1 FROM range(1, $n)
"""
KILLED = """
import os, signal, sys
from analytics.database import Database

def tell(done, total, name):
    if name == "claim_outcome":
        os.kill(os.getpid(), signal.SIGKILL)

Database(sys.argv[1]).build(progress=tell)
"""


def claims(db, n):
    db.sql(CLAIMS, n=n + 1)
    db.sql("INSERT INTO payer (payer_id, payer_name) VALUES (1, 'Umbra')")


def left_over(db):
    return db.sql(
        "SELECT table_name FROM duckdb_tables() WHERE temporary OR table_name LIKE '%next' "
        "UNION ALL SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal "
        "UNION ALL SELECT type_name FROM duckdb_types() WHERE type_name LIKE 'word%'"
    ).to_series()


def test_words_are_kept_once_and_read_as_text():
    with Database() as db:
        claims(db, 11)
        db.build()
        kind = "SELECT typeof(payer_name) FROM claim_outcome LIMIT 1"
        assert db.sql(kind).item() == "ENUM('Umbra')"
        found = db.sql('SELECT payer_name, facility_state_code AS "a ""b" FROM claim_outcome')
        assert found.schema == {"payer_name": pl.String, 'a "b': pl.String}


def test_words_sort_and_compare_as_text():
    with Database() as db:
        claims(db, 11)
        db.build()
        states = db.sql(
            "SELECT facility_state_code FROM claim_outcome WHERE facility_state_code < 'S2' "
            "ORDER BY facility_state_code"
        ).to_series()
        assert states.to_list() == ["S1", "S10", "S11"]
        unknown = "SELECT count(*) FROM claim_outcome WHERE facility_state_code = $state"
        assert db.sql(unknown, state="nowhere").item() == 0


def test_a_column_of_very_many_words_stays_text(monkeypatch):
    monkeypatch.setattr(words, "_MOST_WORDS", 10)
    with Database() as db:
        claims(db, 11)
        db.build()
        kinds = "SELECT DISTINCT typeof(facility_state_code), typeof(claim_type) FROM claim_outcome"
        assert db.sql(kinds).row(0) == ("VARCHAR", "ENUM('professional')")


@pytest.mark.parametrize("name", ["O'Hara; DROP TABLE claim; --", "a\0b", "", "\\", '"'])
def test_words_may_hold_anything(name):
    with Database() as db:
        claims(db, 3)
        db.sql("UPDATE payer SET payer_name = $name", name=name)
        db.build()
        for fact in ("claim_outcome", "ledger", "submission_outcome"):
            told = db.sql(f"SELECT DISTINCT payer_name FROM {fact}").to_series().to_list()
            assert told == [name], fact


def test_nothing_is_left_of_the_work():
    with Database() as db:
        claims(db, 3)
        db.build()
        db.build()
        assert left_over(db).is_empty()


def test_what_fails_is_cleared_and_leaves_the_facts_before():
    def tell(*said):
        if said[2] == "ledger":
            raise KeyboardInterrupt

    with Database() as db:
        claims(db, 3)
        day = db.build()
        claims(db, 2)
        with pytest.raises(KeyboardInterrupt):
            db.build(progress=tell)
        assert left_over(db).is_empty()
        assert (db.sql("SELECT count(*) FROM claim_outcome").item(), db.as_of) == (3, day)


def test_a_build_killed_leaves_the_facts_before_and_the_next_one_clears_up(tmp_path):
    path = tmp_path / "with 'quotes' and main.duckdb"
    with Database(path) as db:
        claims(db, 3)
        db.build()
        db.sql("DELETE FROM claim WHERE claim_id = 3")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    with Database(path) as db:
        assert db.sql("SELECT count(*) FROM claim_outcome").item() == 3
        assert "billed_claim_next" in left_over(db).to_list()
        db.build()
        assert left_over(db).is_empty()
        assert db.sql("SELECT count(*) FROM claim_outcome").item() == 2


def test_words_outlive_the_connection(tmp_path):
    path = tmp_path / "main.duckdb"
    with Database(path) as db:
        claims(db, 3)
        db.build()
    with duckdb.connect(path) as plain:
        assert plain.sql("SELECT DISTINCT payer_name FROM claim_outcome").fetchall() == [("Umbra",)]


@pytest.mark.parametrize(
    "fact", ["billed_claim", "billed_line", "claim_outcome", "answered_line", "ledger", "recovery"]
)
def test_facts_carry_words_on_as_numbers(db, fact):
    kinds = dict(
        db.sql(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $fact",
            fact=fact,
        ).iter_rows()
    )
    carried = set(kinds) & {word for giver in facts.ALL for word in giver.words}
    carried -= {"procedure_code"}  # payers name theirs on lines of their own
    assert {"payer_name", "line_of_business", "specialty", "facility"} <= carried
    assert [name for name in carried if not kinds[name].startswith("ENUM")] == []
