"""Planted identifiers are nowhere in a de-identified copy; its command, its trail and its keys."""

import json
import shutil
import stat
import sys

import duckdb
import pytest

from analytics import Database, auditing, building, cli, deidentify, keys
from analytics.deidentifying import copying, working
from analytics.deidentifying.declared import columns
from analytics.errors import DatabaseError

KEY, OTHER = "a key for pseudonyms, long enough", "another key, no less long"
STEM = "PLANTEDQ"
PLANTED = ("number", "drop")
LEFT = (("limited", "keep"), ("safe-harbor", "year"))


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    for name in ("KEY", "NEW_KEY", "PSEUDONYM_KEY"):
        for way in (name, f"{name}_FILE", f"{name.removesuffix('KEY')}KEYRING"):
            monkeypatch.delenv(f"REVCYCLE_{way}", raising=False)


@pytest.fixture
def world(named, tmp_path):
    return shutil.copy(named, tmp_path / "named.duckdb")


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "out.duckdb"


def _plain(connection):
    """As text lies in a file that can be searched: DuckDB packs it in ways that hide it."""
    connection.execute("SET force_compression = 'uncompressed'")
    return connection


@pytest.fixture
def searchable(monkeypatch):
    connect = working.connect
    monkeypatch.setattr(working, "connect", lambda path: _plain(connect(path)))


@pytest.fixture(scope="session")
def planted(named, once):
    """A database with something of a person in every text that a rule takes out, and its facts."""

    def make(path):
        with Database(shutil.copy(named, path)) as db:
            run = _plain(db.connection).execute
            listed = run("SELECT table_name, column_name, data_type FROM duckdb_columns()")
            kinds = {(table, column): kind for table, column, kind in listed.fetchall()}
            run("INSERT INTO legal_hold (hold_id, hold_reason) VALUES (1, $1)", [f"{STEM} hold"])
            for table in columns():
                _plant(run, table, kinds)
            db.build()

    return once("planted.duckdb", make)


def _plant(run, table, kinds):
    texts = [
        column
        for column, (rule, *_) in columns()[table].items()
        if rule in PLANTED and kinds.get((table, column), "").startswith("VARCHAR")
    ]
    if not texts or not _is_core(run, table):
        return
    if run(f"SELECT count(*) FROM {table}").fetchone() == (0,):
        run(f"INSERT INTO {table} ({texts[0]}) VALUES (NULL)")
    for column in texts:
        value = f"'{STEM}' || '{column}' || rowid"
        is_list = kinds[table, column].endswith("[]")
        run(f"UPDATE {table} SET {column} = {f'[{value}]' if is_list else value}")


def _is_core(run, table):
    comments = run("SELECT comment FROM duckdb_tables() WHERE table_name = $1", [table]).fetchall()
    return comments != [(building.MARK,)]


def _found(path):
    """The columns in which a planted value can be read, of tables and views."""
    with duckdb.connect(str(path), read_only=True) as connection:
        texts = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() "
            "WHERE NOT internal AND (data_type LIKE 'VARCHAR%' OR data_type LIKE 'ENUM%')"
        ).fetchall()
        return [
            (table, column)
            for table, column in texts
            if connection.execute(
                f'SELECT 1 FROM {table} WHERE contains(CAST("{column}" AS VARCHAR), $1) LIMIT 1',
                [STEM],
            ).fetchone()
        ]


def _bytes(path):
    return path.read_bytes()


@pytest.mark.usefixtures("searchable")
@pytest.mark.parametrize("way", LEFT, ids="-".join)
def test_planted_identifiers_are_nowhere_in_the_copy(planted, out, way):
    # Found in the original by the same search: in bytes, in tables, and in facts built of them.
    assert STEM.encode() in _bytes(planted)
    assert {"patient", "claim", "cash", "legal_hold"} <= {table for table, _ in _found(planted)}
    deidentify(planted, out, way[0], dates=way[1], pseudonym_key=KEY)
    assert _found(out) == []
    assert STEM.encode() not in _bytes(out)
    assert KEY.encode() not in _bytes(out)
    assert [path.name for path in out.parent.iterdir()] == ["out.duckdb"]


@pytest.mark.usefixtures("searchable")
@pytest.mark.parametrize("place", [("patient", "last_name"), ("cash", "file_name")])
def test_one_column_forgotten_would_be_found(planted, out, monkeypatch, place):
    table, column = place
    rules = {**columns(), table: {**columns()[table], column: ("keep",)}}
    monkeypatch.setattr(copying, "columns", lambda: rules)
    deidentify(planted, out, "safe-harbor", pseudonym_key=KEY)
    assert _found(out) == [place]
    assert STEM.encode() in _bytes(out)


OWN = {
    "notes": "CREATE TABLE notes AS SELECT 'Jane' AS name",
    "seen": "CREATE VIEW seen AS SELECT 'Jane' AS name",
    "own.notes": "CREATE SCHEMA own; CREATE TABLE own.notes AS SELECT 'Jane' AS name",
    "claim.nurse": "ALTER TABLE claim ADD COLUMN nurse VARCHAR",
}


def test_what_is_not_of_the_library_is_refused_or_left_out(world, out):
    for said in sorted(OWN, reverse=True):  # the first by name is named
        with Database(world) as db:
            db.connection.execute(OWN[said])
        with pytest.raises(DatabaseError, match=f"{said} is not of this library"):
            deidentify(world, out, "limited", pseudonym_key=KEY)
        assert not out.exists()
    made = deidentify(world, out, "limited", pseudonym_key=KEY, drop_unknown=True)
    assert {"notes", "own.notes", "seen"} <= {one.table for one in made.columns}
    with duckdb.connect(str(out), read_only=True) as connection:
        held = connection.execute("SELECT table_name, column_name FROM duckdb_columns()").fetchall()
    assert not {"notes", "seen", "nurse"} & {name for names in held for name in names}


def test_providers_have_pseudonyms_where_asked_for(named, world, out):
    deidentify(world, out, "limited", pseudonym_key=KEY, hide_providers=True)
    sql = "SELECT DISTINCT billing_npi, billing_provider FROM claim_outcome"
    with Database(out, read_only=True) as db, Database(named, read_only=True) as before:
        hidden, told = db.sql(sql), before.sql(sql)
        assert len(hidden) == len(told)
        assert not set(hidden.to_series()) & set(told.to_series())
        assert hidden["billing_npi"].str.starts_with("P").all()
        joined = "SELECT count(*) FROM claim JOIN provider ON npi = billing_npi"
        assert db.sql(joined).item() == before.sql(joined).item() > 0


def test_both_trails_say_what_was_done(world, out):
    deidentify(world, out, "limited", pseudonym_key=KEY)
    with Database(world) as db:
        (line,) = db.sql("FROM audit_log WHERE command = 'deidentify'").to_dicts()
        assert auditing.verify(db.connection).is_whole
    assert line["file_names"] == ["out.duckdb"]
    assert json.loads(line["detail"])["pseudonym_key_fingerprint"] == keys.fingerprint(KEY)
    with Database(out) as db:
        (copy,) = db.sql("FROM audit_log").to_dicts()
        assert auditing.verify(db.connection).is_whole
        assert db.sql("SELECT key_fingerprint FROM deidentified").item() == keys.fingerprint(KEY)
    assert copy["command"] == "deidentify"
    assert not copy["file_names"]
    assert copy["row_count"] == line["row_count"] > 0


# The command


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["revcycle", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code or 0


def test_the_command_makes_a_copy_and_tells_what_was_done(
    world, out, monkeypatch, capsys, tmp_path
):
    words = ("deidentify", world, out, "--level", "safe-harbor")
    assert run(monkeypatch, *words) == 2
    assert "no key for pseudonyms" in capsys.readouterr().err
    key, report = tmp_path / "key", tmp_path / "report.html"
    assert run(monkeypatch, *words, "--new-key", key, "--json", "--report", report) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["level"] == "safe-harbor"
    assert told["dates"] == "year"
    names = {(row["table"], row["column"]): row for row in told["columns"]}
    gone = names["patient", "last_name"]
    assert gone["values"] == gone["removed"] > 0
    assert gone["replaced"] == 0
    assert names["patient", "member_id"]["removed"] == 0
    assert all(0 <= row["removed"] <= row["values"] for row in told["columns"])
    assert "patient" in report.read_text()
    for file in (out, key, report):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys.from_file(key) not in report.read_text()
    assert run(monkeypatch, *words, "--forget-key") == 2
    assert "is there already" in capsys.readouterr().err
    assert run(monkeypatch, *words, "--forget-key", "--replace") == 0
    with Database(out, read_only=True) as db:
        assert db.sql("SELECT key_fingerprint FROM deidentified").item() is None


def test_show_says_where_a_number_is_not_the_originals(copy_of, monkeypatch, capsys):
    path = copy_of("safe-harbor", "year")
    told = {}
    for words in (
        ("final_denial_rate",),
        ("initial_denial_rate",),
        ("initial_denial_rate", "--every", "month"),
        ("denial_pareto",),
    ):
        assert run(monkeypatch, "show", *words, "-d", path) == 0
        told[words] = capsys.readouterr().err
    said = ["not the original's" in err for err in told.values()]
    assert said == [True, False, True, True]
    assert run(monkeypatch, "show", "final_denial_rate", "-d", copy_of("limited", "keep")) == 0
    assert capsys.readouterr().err == ""


def test_one_key_is_enough_and_a_key_of_no_copy_is_taken_away(world, out, monkeypatch, capsys):
    monkeypatch.setenv("REVCYCLE_PSEUDONYM_KEY", KEY)
    words = ("deidentify", world, out, "--level", "limited")
    assert run(monkeypatch, *words, "--forget-key") == 2
    monkeypatch.delenv("REVCYCLE_PSEUDONYM_KEY")
    key = out.with_name("key")
    assert run(monkeypatch, *words, "--dates", "never", "--new-key", key) == 2
    assert "unknown way with dates" in capsys.readouterr().err
    assert not key.exists()


def test_an_encrypted_original_needs_a_key_for_its_copy_or_a_word(
    named, tmp_path, monkeypatch, out
):
    from analytics.rewriting import rewrite

    world = shutil.copy(named, tmp_path / "locked.duckdb")
    rewrite(world, None, OTHER)
    monkeypatch.setenv("REVCYCLE_KEY", OTHER)
    words = ("deidentify", world, out, "--level", "limited", "--forget-key")
    assert run(monkeypatch, *words) == 2
    monkeypatch.setenv("REVCYCLE_NEW_KEY", KEY)
    assert run(monkeypatch, *words) == 0
    with Database(out, key=KEY, read_only=True) as db:
        assert db.sql("SELECT level FROM deidentified").item() == "limited"
    monkeypatch.delenv("REVCYCLE_NEW_KEY")
    assert run(monkeypatch, *words, "--unencrypted", "--replace") == 0
    with Database(out, read_only=True) as db:
        assert db.sql("SELECT count(*) FROM claim").item() > 0


def test_an_area_that_is_none_is_said_by_its_line(world, out, monkeypatch, capsys, tmp_path):
    areas = tmp_path / "areas.csv"
    areas.write_text("zip3\n036\n36\n")
    words = (
        "deidentify",
        world,
        out,
        "--level",
        "safe-harbor",
        "--forget-key",
        "--small-areas",
        areas,
    )
    assert run(monkeypatch, *words) == 2
    assert "line 3" in capsys.readouterr().err
