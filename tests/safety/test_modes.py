"""What may name patients is made readable by its owner only, whatever the user's umask is."""

import os
import stat

import pytest
from saying import say

from analytics import Database, keys
from analytics.connection import Privacy
from analytics.exporting.place import placed
from analytics.rewriting import rewrite

KEY = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _umask():
    """That of most systems; other tests of the session may hold databases open."""
    held, before = Privacy._kept, os.umask(0o022)
    Privacy._kept = 0
    yield
    os.umask(before)
    Privacy._kept = held


def _open_to_others(folder):
    """Files and folders below that others could read, or list."""
    return [
        f"{path.name} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in sorted(folder.rglob("*"))
        if stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_database_its_log_and_what_it_spills(tmp_path, key, is_new):
    if not is_new:
        Database(tmp_path / "a.duckdb", key=key).close()
    with Database(tmp_path / "a.duckdb", key=key, memory_limit="60MB", threads=1) as db:
        db.connection.execute("INSERT INTO patient (patient_id, last_name) VALUES (1, 'X')")
        cursor = db.connection.execute(
            "SELECT * FROM (SELECT repeat(md5(range::VARCHAR), 9) AS word FROM range(300000))"
            " ORDER BY md5(word)"
        )
        cursor.fetchone()  # sorted on disk, and not done
        assert {".duckdb", ".wal", ".tmp"} <= {path.suffix for path in tmp_path.rglob("*")}
        assert _open_to_others(tmp_path) == []


def test_the_umask_is_the_users_again_when_the_last_is_closed(tmp_path):
    first, second = Database(tmp_path / "a.duckdb"), Database()
    first.close()
    first.close()
    assert os.umask(0o077) == 0o077
    second.close()
    assert os.umask(0o022) == 0o022
    Database(tmp_path / "a.duckdb")  # let go of without being closed
    assert os.umask(0o022) == 0o022
    with pytest.raises(Exception, match="not a DuckDB database"):
        Database(_bytes(tmp_path / "b.duckdb"))
    assert os.umask(0o022) == 0o022


def _bytes(path):
    path.write_bytes(b"none" * 5000)
    return path


def test_exports_copies_keys_and_waiting_lines(tmp_path, small_sample):
    folder, database = tmp_path / "made", tmp_path / "claims.duckdb"
    folder.mkdir(mode=0o700)
    database.write_bytes(small_sample.read_bytes())
    database.chmod(0o600)
    on = ("--database", database)
    for words in (
        ("export", "table", "patient", folder / "patient.csv"),
        ("export", "table", "patient", folder / "patient.xlsx"),
        ("export", "table", "patient", folder / "patient.parquet"),
        ("export", "metric", "initial_denial_rate", folder / "rate.xlsx"),
        ("export", "parquet", folder / "all"),
        ("export", "tuva", folder / "tuva"),
        ("show", "initial_denial_rate", "--by", "payer_name", "--out", folder / "rate.csv"),
    ):
        said = say(*words, *on)
        assert said.code == 0, said.text
    assert say("import", folder / "all", "--database", folder / "new.duckdb").code == 0
    keys.make_file(folder / "key")
    rewrite(folder / "new.duckdb", None, KEY)
    with Database(database, read_only=True) as db:
        db.trail.note("report")
    assert sum(path.is_file() for path in folder.rglob("*")) > 100
    assert _open_to_others(tmp_path) == []


def test_an_export_takes_no_file_that_somebody_laid_ready(tmp_path):
    """Nor does it write through a link to a file that is the user's."""
    (tmp_path / "theirs.csv.part").write_text("laid ready")
    (tmp_path / "theirs.csv.part").chmod(0o666)
    (tmp_path / "precious").write_text("stays")
    (tmp_path / "mine.csv.part").symlink_to(tmp_path / "precious")
    for name in ("theirs.csv", "mine.csv"):
        with placed(tmp_path / name) as part:
            part.write_text("names")
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert (tmp_path / "precious").read_text() == "stays"
