"""A build and what else is in the database: never dropped, never mixed up, told in clear words."""

import threading

import duckdb
import pytest

from analytics.database import Database
from analytics.errors import DatabaseError


@pytest.fixture
def db():
    with Database() as db:
        db.sql(
            "INSERT INTO claim (claim_id, submission_date, claim_type, payer_id) "
            "SELECT range, DATE '2026-01-05', 'professional', 1 FROM range(1, 4)"
        )
        db.sql("INSERT INTO payer (payer_id, payer_name) VALUES (1, 'Umbra')")
        yield db


def count(db, name="claim_outcome"):
    return db.sql(f"SELECT count(*) FROM {name}").item()


@pytest.mark.parametrize("kind", ["TABLE", "VIEW"])
@pytest.mark.parametrize(
    "name", ["claim_outcome", "claim_outcome_next", "Ledger_Next", "built_from"]
)
def test_what_a_build_did_not_make_is_never_dropped(db, kind, name):
    db.sql(f"CREATE {kind} {name} AS SELECT 'mine' AS word")
    with pytest.raises(DatabaseError, match=rf"{name.lower()}, and a {kind.lower()}.*rename"):
        db.build()
    assert db.sql(f"SELECT word FROM {name}").item() == "mine"
    db.sql(f"DROP {kind} {name}")
    db.build()
    assert count(db) == 3


def test_the_facts_stay_where_a_name_is_taken_later(db):
    day = db.build()
    db.sql("CREATE TABLE ledger_next AS SELECT 1 AS x")
    db.sql("DELETE FROM claim WHERE claim_id = 3")
    with pytest.raises(DatabaseError, match="ledger_next"):
        db.build()
    assert (count(db), db.as_of, count(db, "ledger_next")) == (3, day, 1)


def test_a_table_in_the_place_of_a_fact_stays_too(db):
    db.build()
    db.sql("DROP TABLE movement")
    db.sql("CREATE TABLE movement AS SELECT 'mine' AS word")
    with pytest.raises(DatabaseError, match="the name movement,"):
        db.build()
    assert db.sql("SELECT word FROM movement").item() == "mine"


def test_facts_made_before_the_mark_are_replaced(db):
    db.build()
    for (name,) in db.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").iter_rows():
        db.sql(f"DROP VIEW {name}")  # facts were tables, all of them
    for (name,) in db.sql("SELECT table_name FROM duckdb_tables()").iter_rows():
        db.sql(f"COMMENT ON TABLE {name} IS NULL")
    db.sql("DELETE FROM claim WHERE claim_id = 3")
    db.build()
    assert count(db) == 2


@pytest.mark.parametrize("name", ["word_of_mine", "word_of_payer_name", 'word_of_a "b" ; c'])
def test_types_of_the_user_stay(db, name):
    quoted = name.replace('"', '""')
    db.sql(f"""CREATE TYPE "{quoted}" AS ENUM ('a', 'b')""")
    db.build()
    assert db.sql(f"""SELECT CAST('b' AS "{quoted}") AS word""").item() == "b"
    assert db.sql("SELECT DISTINCT payer_name FROM claim_outcome").item() == "Umbra"


@pytest.mark.parametrize(
    "made",
    [
        "TEMP VIEW claim_outcome AS SELECT 2 AS y",
        "TEMP VIEW ledger AS SELECT 1 AS x",
        "TEMP TABLE claim AS FROM main.claim LIMIT 1",
    ],
)
def test_temporary_names_of_the_user_neither_disturb_nor_go(db, made):
    db.build()
    db.sql(f"CREATE {made}")
    db.build()
    there = (
        "SELECT table_name FROM duckdb_tables() WHERE temporary "
        "UNION ALL SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"
    )
    assert db.sql(there).to_series().to_list() == [made.split()[2]]
    with db.connection.cursor() as other:
        assert other.sql("SELECT count(*) FROM ledger").fetchall() == [(3,)]


def test_a_transaction_that_is_open_is_left_alone(db):
    db.build()
    db.sql("BEGIN")
    db.sql("DELETE FROM claim WHERE claim_id = 3")
    with pytest.raises(DatabaseError, match="a transaction is open"):
        db.build()
    db.sql("COMMIT")
    db.build()
    assert count(db) == 2


def test_a_transaction_that_failed_is_told_too(db):
    db.connection.execute("BEGIN")
    with pytest.raises(duckdb.Error):
        db.connection.execute("SELECT error('x')")
    with pytest.raises(DatabaseError, match="a transaction is open"):
        db.build()


def test_a_database_opened_read_only_is_told(tmp_path):
    path = tmp_path / "main.duckdb"
    with Database(path) as other:
        other.build()
    with (
        Database(path, read_only=True) as other,
        pytest.raises(DatabaseError, match="read-only; building needs to write"),
    ):
        other.build()


@pytest.mark.parametrize("same", [True, False])
def test_two_builds_at_once(tmp_path, same):
    path = tmp_path / "main.duckdb"
    began, may_end, refused = threading.Event(), threading.Event(), []

    def tell(*_):
        began.set()
        may_end.wait(60)

    with Database(path) as db:
        other = db if same else Database(path)
        first = threading.Thread(target=db.build, kwargs={"progress": tell})
        first.start()
        began.wait(60)
        try:
            with pytest.raises(DatabaseError, match="another build"):
                other.build()
        except BaseException as error:  # noqa: BLE001
            refused.append(error)
        may_end.set()
        first.join(60)
        assert not refused
        assert count(db) == 0
        other.build()
        other.close()


def test_queries_meanwhile_see_the_facts_before(db):
    db.build()
    db.sql("DELETE FROM claim WHERE claim_id = 3")
    seen = []
    db.build(progress=lambda *_: seen.append(count(db)))
    assert set(seen[:-1]) == {3}
    assert seen[-1] == 2


def test_an_engine_that_fails_is_told_without_values_and_leaves_nothing(db, monkeypatch):
    db.build()
    bad = "SELECT CAST('MARY DOE' AS INTEGER) AS x FROM claim"
    monkeypatch.setattr("analytics.building.Site.make", lambda site, fact: site._keep(fact, bad))
    with pytest.raises(DatabaseError, match=r"at the fact \w+ \(ConversionException\)") as told:
        db.build()
    assert "MARY" not in str(told.value)
    assert count(db) == 3
    left = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%next'"
    assert db.sql(left).item() == 0
