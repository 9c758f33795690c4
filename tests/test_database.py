"""Opening, building and asking a database; and what it says when it cannot."""

import datetime as dt
import stat
import subprocess
import sys
from importlib.util import find_spec

import duckdb
import pytest

from analytics import codes, schema
from analytics.connection import one_thread
from analytics.database import Database
from analytics.errors import AnalyticsError, BadQueryError, DatabaseError, NotBuiltError
from analytics.schema import identity_columns, polars_schema

needs_crypto = pytest.mark.skipif(
    find_spec("duckdb_extension_httpfs") is None, reason="the extra `encrypt` is not installed"
)
KEY = "a key with 'quotes', a \\ and ünïcode"


SHAPE = (
    "SELECT table_name, comment FROM duckdb_tables() WHERE database_name = current_database() "
    "ORDER BY ALL",
    "SELECT table_name, column_index, column_name, data_type, is_nullable, column_default, comment "
    "FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal ORDER BY ALL",
    # A file read again spells a type without quotes.
    "SELECT function_name, replace(macro_definition, chr(34), '') FROM duckdb_functions() "
    "WHERE database_name = current_database() AND NOT internal ORDER BY ALL",
    *(f"SELECT * FROM {name} ORDER BY ALL" for name in codes.MAPS),
    "SELECT * EXCLUDE (loaded_at) FROM code_map ORDER BY ALL",
    "SELECT schema_version FROM schema_info",
)


@pytest.fixture(autouse=True)
def _anew(copied, monkeypatch):
    """Databases here are made by the SQL, as a user's are."""
    monkeypatch.setattr(Database, "_create", copied)


def test_a_copy_that_other_tests_work_in_is_as_one_made(monkeypatch, copy):
    with Database() as made:
        monkeypatch.setattr(Database, "_create", copy)
        with Database() as copied:
            for text in SHAPE:
                assert copied.sql(text).equals(made.sql(text)), text


def test_a_new_file_is_for_its_owner_only(tmp_path):
    path = tmp_path / "claims.duckdb"
    Database(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_opening_again_finds_what_was_there(tmp_path):
    path = tmp_path / "claims.duckdb"
    with Database(path) as db:
        db.sql("INSERT INTO payer (payer_id, payer_name) VALUES (1, 'ACME')")
        db.build()
    with Database(path, read_only=True) as db:
        assert db.sql("SELECT payer_name FROM known_payer").item() == "ACME"
        with pytest.raises(AnalyticsError):
            db.sql("DELETE FROM payer")


def test_the_code_tables_are_filled():
    with Database() as db:
        assert db.sql("SELECT counts_as_denial FROM carc WHERE carc_code = '18'").item() == (
            "separate"
        )
        assert db.sql("SELECT says_little FROM carc WHERE carc_code = '16'").item()
        assert db.sql("SELECT category FROM rarc WHERE rarc_code = 'N382'").item() is not None
        assert (
            db.sql("SELECT count(*) FROM plb_reason").item() == codes.shipped("plb_reason").height
        )


def test_as_of_is_the_newest_date_unless_said(given):
    claim = """
        claim_id | submission_date
        ---------+----------------
        1        | 2026-01-05
        """
    remit = """
        remit_id | payment_date
        ---------+-------------
        1        | 2026-02-01
        """
    assert given(claim=claim, remit=remit).as_of == dt.date(2026, 2, 1)
    early = given(claim=claim, remit=remit, as_of=dt.date(2026, 1, 31))
    assert early.as_of == dt.date(2026, 1, 31)


def test_a_payment_dated_years_ahead_does_not_make_the_day(given):
    remit = """
        remit_id | payment_date
        ---------+-------------
        1        | 2026-01-20
        2        | 2162-01-20
        """
    db = given(remit=remit)
    assert db.build() == dt.date(2026, 1, 20)
    assert given(remit="remit_id | payment_date\n2 | 2162-01-20").build() == dt.date(2162, 1, 20)


def test_nothing_later_than_as_of_exists(given):
    db = given(
        claim="""
        claim_id | patient_control_number | submission_date | billed_amount
        ---------+------------------------+-----------------+--------------
        1        | A                      | 2026-01-05      | 100
        2        | B                      | 2026-03-05      | 100
        """,
        remit="""
        remit_id | payment_date
        ---------+-------------
        1        | 2026-02-01
        """,
        remit_claim="""
        remit_claim_id | remit_id | patient_control_number | status_code | paid_amount
        ---------------+----------+------------------------+-------------+------------
        10             | 1        | A                      | 1           | 100
        """,
        as_of=dt.date(2026, 1, 31),
    )
    assert db.sql("SELECT claim_id, is_answered FROM claim_outcome").rows() == [(1, False)]


def test_a_build_that_fails_leaves_the_facts_before_it():
    with Database() as db:
        db.build(dt.date(2026, 1, 1))

        def stop(done: int, total: int, _: str) -> None:
            if done == total // 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            db.build(dt.date(2026, 2, 2), progress=stop)
        assert db.as_of == dt.date(2026, 1, 1)


def test_progress_ends_with_all_done():
    seen = []
    with Database() as db:
        db.build(progress=lambda done, total, name: seen.append((done, total, name)))
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1] == len(seen) - 1


def test_fresh_until_something_is_loaded():
    with Database() as db:
        assert not db.is_fresh
        db.build()
        assert db.is_fresh
        db.sql("INSERT INTO source_file (file_id, loaded_at) VALUES (1, TIMESTAMP '2999-01-01')")
        assert not db.is_fresh


def test_values_are_bound():
    with Database() as db:
        assert db.sql("SELECT $name AS it", name="x' OR 1=1 --").item() == "x' OR 1=1 --"


def test_a_closed_database_may_be_closed_again():
    db = Database()
    db.close()
    db.close()


def test_missing_file_read_only(tmp_path):
    with pytest.raises(DatabaseError, match="no database at"):
        Database(tmp_path / "none.duckdb", read_only=True)


def test_missing_folder(tmp_path):
    with pytest.raises(DatabaseError, match="does not exist"):
        Database(tmp_path / "none" / "claims.duckdb")


def test_not_a_database(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("ISA*00*" * 1000)
    with pytest.raises(DatabaseError, match="is not a DuckDB database"):
        Database(path)
    with pytest.raises(DatabaseError, match="is a folder"):
        Database(tmp_path)


def test_somebody_elses_database(tmp_path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE theirs (a INTEGER)")
    with pytest.raises(DatabaseError, match="not one of this library"):
        Database(path)


def test_a_database_of_another_shape(tmp_path):
    path = tmp_path / "claims.duckdb"
    with Database(path) as db:
        db.sql("ALTER TABLE claim DROP COLUMN drg_code")
        db.sql("UPDATE schema_info SET schema_version = 'older'")
    with pytest.raises(DatabaseError, match="claim has no drg_code"):
        Database(path)


def test_in_use_by_another_process(tmp_path):
    path = tmp_path / "claims.duckdb"
    program = (
        "import sys, duckdb; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE t (a INT)');"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"open"
        with pytest.raises(DatabaseError, match="in use by another process"):
            Database(path)
        other.communicate()


def test_facts_not_built():
    with Database() as db, pytest.raises(NotBuiltError, match=r"db\.build\(\)"):
        db.sql("SELECT * FROM claim_outcome")


def test_a_wrong_query_says_why_without_a_value():
    with Database() as db:
        with pytest.raises(BadQueryError, match="nothing_here"):
            db.sql("SELECT * FROM nothing_here")
        db.sql("INSERT INTO patient (patient_id, last_name) VALUES (1, 'QUILLFEATHER')")
        with pytest.raises(BadQueryError, match="not of the kind of its column") as caught:
            db.sql("SELECT CAST(last_name AS INTEGER) FROM patient")
        assert "QUILLFEATHER" not in str(caught.value)


def test_nothing_is_fetched_or_guessed():
    rows = Database().sql(
        "SELECT name, value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions',"
        "'autoload_known_extensions', 'python_enable_replacements')"
    )
    assert set(rows["value"]) == {"false"}


@needs_crypto
def test_an_encrypted_file_works_like_any_other_and_hides_its_content(tmp_path):
    path = tmp_path / "claims.duckdb"
    with Database(path, key=KEY) as db:
        db.sql("INSERT INTO payer (payer_id, payer_name) VALUES (1, 'ACME HEALTH OF NOWHERE')")
        db.build()
        assert KEY not in repr(db)
        assert "encrypted" in repr(db)
        assert db.sql("SELECT current_setting('temp_file_encryption')").item()
    assert b"NOWHERE" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Database(path, key=KEY, read_only=True) as db:
        assert db.sql("SELECT payer_name FROM known_payer").item() == "ACME HEALTH OF NOWHERE"


@needs_crypto
def test_a_wrong_or_missing_key(tmp_path):
    path = tmp_path / "claims.duckdb"
    Database(path, key=KEY).close()
    with pytest.raises(DatabaseError, match="cannot be opened with this key") as caught:
        Database(path, key="another")
    assert "another" not in str(caught.value)
    with pytest.raises(DatabaseError, match="is encrypted: give its key"):
        Database(path)
    with pytest.raises(DatabaseError, match="key is empty"):
        Database(path, key="")
    plain = tmp_path / "plain.duckdb"
    Database(plain).close()
    with pytest.raises(DatabaseError, match="cannot be opened with this key"):
        Database(plain, key=KEY)


def test_encryption_without_its_extension_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("analytics.connection.find_spec", lambda _: None)
    with pytest.raises(DatabaseError, match=r"revcycle\[encrypt\]") as caught:
        Database(tmp_path / "claims.duckdb", key=KEY)
    assert KEY not in str(caught.value)
    assert not (tmp_path / "claims.duckdb").exists()


def test_schema_is_read_whole():
    text = schema.sql()
    assert len(schema.tables()) == text.count("CREATE TABLE")
    for table in schema.tables().values():
        assert table.comment, table.name
        for column in table.columns:
            assert column.comment, (table.name, column.name)
    with Database() as db:
        made = db.sql(
            "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE NOT internal ORDER BY ALL"
        )
    declared = sorted((t.name, c.name, c.type) for t in schema.tables().values() for c in t.columns)
    assert made.rows() == declared


def test_schema_in_polars_types_loads_without_a_cast():
    with Database() as db:
        for name in schema.tables():
            frame = db.sql(f"SELECT * FROM {name} LIMIT 0")
            assert dict(frame.schema) == polars_schema(name)


def test_identity_is_where_the_comments_say():
    columns = identity_columns()
    assert ("patient", "member_id") in columns
    assert ("claim", "patient_control_number") in columns
    assert ("claim", "claim_id") not in columns


def test_no_fact_carries_identity():
    # In facts a reason is a sentence of ours; in write_off it is what a user wrote.
    names = {column for _, column in identity_columns()} - {"reason"}
    with Database() as db:
        db.build()
        for fact in db.sql("SELECT table_name, column_name FROM duckdb_columns()").iter_rows():
            if fact[0] not in schema.tables():
                assert fact[1] not in names, fact


def test_one_thread_lasts_no_longer_than_asked_for_even_where_a_transaction_failed():
    threads = "SELECT current_setting('threads')"
    with Database(threads=3) as db:

        def failing() -> None:
            with one_thread(db.connection):
                assert db.connection.execute(threads).fetchall() == [(1,)]
                db.connection.execute("SELECT 'x'::INTEGER")

        db.connection.execute("BEGIN")
        with pytest.raises(duckdb.ConversionException):
            failing()
        db.connection.execute("ROLLBACK")
        assert db.connection.execute(threads).fetchall() == [(3,)]
