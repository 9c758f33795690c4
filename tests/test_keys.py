"""Keys: where they come from, and that no file keeps what they protect in the clear."""

import subprocess
import sys

import duckdb
import keyring
import pytest
from keyring.backend import KeyringBackend

from analytics import Database, keys
from analytics.cli import console
from analytics.errors import DatabaseError
from analytics.rewriting import rewrite
from analytics.workbook import Workbook

KEY = "correct horse battery staple"
NEW = "another key, no less long"
STEM = "PLANTEDNAME"
NAMES = [f"{STEM}{n:04}" for n in range(300)]
VARIABLES = ["KEY", "KEY_FILE", "KEYRING", "NEW_KEY", "NEW_KEY_FILE", "NEW_KEYRING"]


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(f"REVCYCLE_{name}", raising=False)


def _file(path, text=KEY + "\n", mode=0o600):
    path.write_text(text)
    path.chmod(mode)
    return path


def _planted(path, key):
    """A database whose patients have names that can be searched for."""
    with Database(path, key=key) as db:
        db.connection.executemany(
            "INSERT INTO patient (patient_id, last_name) VALUES (?, ?)", list(enumerate(NAMES))
        )


def _plain_files(folder):
    """The files in which one of the names can be read, or what they all start with."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if STEM.encode() in path.read_bytes()]


class TestWhereAKeyComesFrom:
    def test_no_variable_is_no_key(self):
        assert keys.key_given() is None

    def test_the_variable_itself(self, monkeypatch):
        monkeypatch.setenv("REVCYCLE_KEY", KEY)
        assert keys.key_given() == KEY

    def test_a_file_of_the_owner_alone(self, monkeypatch, tmp_path):
        monkeypatch.setenv("REVCYCLE_KEY_FILE", str(_file(tmp_path / "key")))
        assert keys.key_given() == KEY

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
    def test_a_file_that_others_can_read_is_refused(self, monkeypatch, tmp_path, mode):
        monkeypatch.setenv("REVCYCLE_KEY_FILE", str(_file(tmp_path / "key", mode=mode)))
        with pytest.raises(DatabaseError, match="is open to others: chmod 600"):
            keys.key_given()

    @pytest.mark.parametrize(("text", "words"), [("", "is empty"), (None, "cannot be read")])
    def test_a_file_without_a_key(self, monkeypatch, tmp_path, text, words):
        if text is not None:
            _file(tmp_path / "key", text)
        monkeypatch.setenv("REVCYCLE_KEY_FILE", str(tmp_path / "key"))
        with pytest.raises(DatabaseError, match=words):
            keys.key_given()

    def test_two_at_once_are_refused_without_telling_them(self, monkeypatch, tmp_path):
        monkeypatch.setenv("REVCYCLE_KEY", NEW)
        monkeypatch.setenv("REVCYCLE_KEY_FILE", str(_file(tmp_path / "key")))
        with pytest.raises(DatabaseError, match="REVCYCLE_KEY and REVCYCLE_KEY_FILE") as caught:
            keys.key_given()
        assert NEW not in str(caught.value)

    def test_the_keyring_of_the_system(self, monkeypatch):
        monkeypatch.setenv("REVCYCLE_KEYRING", "claims")
        before = keyring.get_keyring()
        keyring.set_keyring(_Ring())
        try:
            with pytest.raises(DatabaseError, match="keyring set revcycle claims"):
                keys.key_given()
            keyring.set_password("revcycle", "claims", KEY)
            assert keys.key_given() == KEY
        finally:
            keyring.set_keyring(before)

    def test_a_new_file_has_a_new_key_for_its_owner_alone(self, tmp_path):
        made = keys.make_file(tmp_path / "key")
        assert made != keys.make_file(tmp_path / "another")
        assert len(made) >= keys.SHORTEST
        assert keys.from_file(tmp_path / "key") == made
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
        with pytest.raises(DatabaseError, match="never overwritten"):
            keys.make_file(tmp_path / "key")


class _Ring(KeyringBackend):
    priority = 1

    def __init__(self):
        super().__init__()
        self.held = {}

    def get_password(self, service, username):
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        self.held[service, username] = password


def test_no_file_of_an_encrypted_database_shows_a_name(tmp_path):
    """The database, the log of a process that ends without closing it, and what it spills."""
    made = subprocess.run([sys.executable, "-c", _PROGRAM, str(tmp_path), KEY], timeout=60)
    assert made.returncode == 9
    seen = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert {".duckdb", ".wal", ".tmp"} <= seen, "each kind of file was there to be read"
    assert _plain_files(tmp_path) == []
    with Database(tmp_path / "claims.duckdb", key=KEY) as db:
        assert db.sql("SELECT count(*) AS n FROM patient")["n"].item() == 2 * len(NAMES)


_PROGRAM = """
import os, sys
from analytics import Database
db = Database(sys.argv[1] + "/claims.duckdb", key=sys.argv[2], memory_limit="60MB", threads=1)
names = "SELECT range AS patient_id, format('PLANTEDNAME{:04}', range) AS last_name FROM range(300)"
db.connection.execute(f"INSERT INTO patient BY NAME {names}")
db.connection.execute("CHECKPOINT")
db.connection.execute(f"INSERT INTO patient BY NAME {names}")
cursor = db.connection.execute(
    "SELECT * FROM (SELECT last_name || repeat(md5(n::VARCHAR), 9) AS word"
    " FROM patient, range(550) t(n)) ORDER BY md5(word)"
)
cursor.fetchone()  # sorted on disk, and not done
os._exit(9)
"""


class TestRekey:
    def test_from_the_clear_to_a_key_to_another(self, tmp_path):
        path = tmp_path / "claims.duckdb"
        _planted(path, None)
        assert _plain_files(tmp_path) == [path]
        assert rewrite(path, None, KEY) >= len(NAMES)
        assert _plain_files(tmp_path) == []
        rewrite(path, KEY, NEW)
        with pytest.raises(DatabaseError, match="cannot be opened with this key"):
            Database(path, key=KEY)
        with Database(path, key=NEW) as db:
            assert (
                db.sql("SELECT last_name FROM patient ORDER BY 1")["last_name"].to_list() == NAMES
            )
        assert path.stat().st_mode & 0o777 == 0o600

    def test_facts_views_types_and_comments_stay(self, tmp_path):
        path = tmp_path / "claims.duckdb"
        with Database(path) as db:
            db.build(progress=False)
            before = _described(db)
        rewrite(path, None, KEY)
        with Database(path, key=KEY) as db:
            assert _described(db) == before
            assert db.is_fresh
            db.build(progress=False)

    @pytest.mark.parametrize("key", [None, NEW])
    def test_with_a_wrong_key_nothing_changes(self, tmp_path, key):
        path = tmp_path / "claims.duckdb"
        _planted(path, KEY)
        before = path.read_bytes()
        with pytest.raises(DatabaseError, match="key"):
            rewrite(path, key, NEW)
        assert path.read_bytes() == before
        assert [file.name for file in tmp_path.iterdir()] == [path.name]

    def test_while_another_process_writes_nothing_changes(self, tmp_path):
        path = tmp_path / "claims.duckdb"
        with Database(path) as db:
            db.connection.execute("CREATE TABLE theirs AS SELECT 1 AS one")
            code = f"from analytics.rewriting import rewrite; rewrite({str(path)!r}, None, {KEY!r})"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert "is in use by another process" in done.stderr
        with Database(path) as db:
            assert db.sql("FROM theirs")["one"].item() == 1

    def test_a_copy_cut_short_changes_nothing_and_the_next_succeeds(self, tmp_path, monkeypatch):
        path = tmp_path / "claims.duckdb"
        _planted(path, None)
        before = path.read_bytes()
        with monkeypatch.context() as patched:
            patched.setattr("analytics.rewriting._rows", _killed)
            with pytest.raises(MemoryError):
                rewrite(path, None, KEY)
        assert path.read_bytes() == before
        (tmp_path / "claims.duckdb.part").write_bytes(b"left by a process that was killed")
        rewrite(path, None, KEY)
        assert [file.name for file in tmp_path.iterdir()] == [path.name]


def _killed(*_):
    raise MemoryError


def _described(db):
    described = "SELECT {name}, comment FROM duckdb_{kind}() WHERE NOT internal ORDER BY ALL"
    return [
        db.connection.execute(described.format(name=f"{kind[:-1]}_name", kind=kind)).fetchall()
        for kind in ("tables", "views", "columns")
    ]


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "claims.duckdb"
    _planted(path, None)
    return path


ELSEWHERE = [
    "FROM read_csv('{file}')",
    "FROM read_text('{file}')",
    "COPY (SELECT 1) TO '{file}'",
    "ATTACH '{file}.duckdb' AS other",
    "INSTALL httpfs",
    "FROM 'https://localhost/claims.csv'",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "SET autoinstall_known_extensions = true",
]


class TestLockedDown:
    @pytest.mark.parametrize("read_only", [True, False])
    @pytest.mark.parametrize("key", [None, KEY])
    def test_sql_reaches_nothing_else(self, tmp_path, read_only, key):
        path, file = tmp_path / "claims.duckdb", _file(tmp_path / "secret.csv")
        _planted(path, key)
        with Database(path, key=key, read_only=read_only) as db:
            db.lock_down()
            for text in ELSEWHERE[: None if read_only else -1]:
                with pytest.raises(duckdb.Error):
                    db.connection.execute(text.format(file=file)).fetchall()
            assert db.sql("SELECT count(*) AS n FROM patient")["n"].item() == len(NAMES)
        assert file.read_text() == KEY + "\n"

    def test_what_is_named_can_be_read_and_no_variable_is_a_table(self, small, tmp_path):
        frame = object()
        (tmp_path / "named").mkdir()
        (tmp_path / "named" / "a.csv").write_text("a\n1\n")
        with Database(small, read_only=True) as db:
            db.lock_down(reads=[tmp_path / "named"])
            query = f"FROM read_csv('{tmp_path}/named/a.csv')"
            assert db.connection.execute(query).fetchall() == [(1,)]
            with pytest.raises(duckdb.Error):
                db.connection.execute(f"FROM read_csv('{tmp_path}/named/../claims.csv')")
            with pytest.raises(duckdb.CatalogException):
                db.connection.execute("FROM frame")
        assert frame

    def test_it_can_still_spill_load_and_build(self, tmp_path):
        with Database(tmp_path / "claims.duckdb", memory_limit="60MB", threads=1) as db:
            db.lock_down()
            words = "SELECT md5(range::VARCHAR) AS word FROM range(1000000) ORDER BY word"
            db.connection.execute(f"SELECT count(*) FROM ({words})").fetchall()
            db.build(progress=False)


def test_the_command_and_reports_are_locked_down(small):
    for db in (console.opened(small), Workbook(small).db):
        with db, pytest.raises(duckdb.PermissionException):
            db.connection.execute("FROM read_text('/etc/hostname')")
