"""The audit trail: what writes a line, and that one changed or missing is found."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import analytics
from analytics import Database, auditing, keys
from analytics.auditing.entry import START, Entry
from analytics.auditing.waiting import leave
from analytics.cli import main
from analytics.errors import DatabaseError
from analytics.exporting import export_parquet, export_table
from analytics.loader import load
from analytics.reference import load_map
from analytics.rewriting import rewrite

SAMPLE = Path(__file__).parents[1] / "sample_data"
KEY, NEW = "correct horse battery staple", "another key, no less long"
SIDE = "patient_control_number,write_off_date,amount,reason_code\nPLANTED1,2026-01-05,{},B\n"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    for name in ("KEY", "KEY_FILE", "KEYRING", "NEW_KEY", "NEW_KEY_FILE", "NEW_KEYRING"):
        monkeypatch.delenv(f"REVCYCLE_{name}", raising=False)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "claims.duckdb"


def _lines(db):
    return db.sql("FROM audit_log ORDER BY entry_no").to_dicts()


def _commands(db):
    return [line["command"] for line in _lines(db)]


def _noted(path, count, key=None):
    with Database(path, key=key) as db:
        for number in range(count):
            db.trail.note("load", files=[f"{number}.835"], rows=number)


def _side(folder, amount="10.00"):
    file = folder / "write_off.csv"
    file.write_text(SIDE.format(amount))
    return file


def _run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["revcycle", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


class TestWhatIsNoted:
    def test_a_load_with_its_counts_and_base_names(self, path, tmp_path):
        with Database(path) as db:
            report = load(db, [_side(tmp_path)], progress=False)
            (line,) = _lines(db)
        assert report.total("side_rows") == 1
        assert (line["command"], line["file_names"]) == ("load", ["write_off.csv"])
        assert (line["row_count"], line["rejected_count"]) == (1, 0)
        assert line["done_by"] == auditing.entry.user() != ""
        assert line["key_fingerprint"] is None

    def test_rows_of_x12_are_those_of_the_report(self, path):
        with Database(path) as db:
            report = load(db, [SAMPLE], progress=False)
            lines = _lines(db)
        names = ("claims", "lines", "remit_claims", "acknowledgements", "side_rows")
        assert sum(line["row_count"] for line in lines) == sum(map(report.total, names))
        assert sum(line["rejected_count"] for line in lines) == report.total("rejected")
        assert sorted(n for line in lines for n in line["file_names"]) == sorted(
            file.name for file in report.files
        )

    def test_a_record_kept_out_is_counted_and_its_values_are_not_told(self, path, tmp_path):
        with Database(path) as db:
            load(db, [_side(tmp_path, "no amount")], progress=False)
            (line,) = _lines(db)
        assert (line["row_count"], line["rejected_count"]) == (0, 1)
        assert "PLANTED1" not in str(line)
        assert "no amount" not in str(line)

    def test_a_load_that_fails_leaves_neither_rows_nor_line(self, path, tmp_path, monkeypatch):
        with Database(path) as db:
            monkeypatch.setattr("analytics.auditing.trail.append", _killed)
            with pytest.raises(MemoryError):
                load(db, [_side(tmp_path)], progress=False)
            assert _lines(db) == []
            assert db.sql("FROM write_off").is_empty()

    def test_killed_before_the_commit_neither_is_there(self, path, tmp_path):
        code = _KILLED.format(path=str(path), file=str(_side(tmp_path)))
        environment = os.environ | {"PYTHONPATH": str(Path(analytics.__file__).parents[1])}
        assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 9
        with Database(path) as db:
            assert (_lines(db), len(db.sql("FROM write_off"))) == ([], 0)
            assert auditing.verify(db.connection).is_whole

    def test_build_export_import_and_maps(self, path, tmp_path):
        with Database(path) as db:
            db.build(progress=False)
            load_map(db, "carc", None)
            export_table(db, "carc", tmp_path / "carc.csv")
            export_parquet(db, tmp_path / "all", progress=False)
            assert _commands(db) == ["build", "reference load", "export table", "export parquet"]
            assert json.loads(_lines(db)[1]["detail"])["map"] == "carc"
        with Database.from_parquet(tmp_path / "all", tmp_path / "new.duckdb") as db:
            (line,) = _lines(db)
            assert (line["command"], line["file_names"]) == ("import", ["all"])
            assert auditing.verify(db.connection).is_whole

    def test_a_build_that_fails_leaves_no_line(self, path):
        with Database(path) as db:
            db.connection.execute("CREATE TABLE denial AS SELECT 1 AS theirs")
            with pytest.raises(DatabaseError):
                db.build(progress=False)
            assert _lines(db) == []

    def test_rekey_tells_both_fingerprints_and_no_key(self, path, monkeypatch):
        _noted(path, 1)
        monkeypatch.setenv("REVCYCLE_NEW_KEY", KEY)
        assert _run(monkeypatch, "rekey", "--database", path) == 0
        with Database(path, key=KEY) as db:
            line = _lines(db)[-1]
            assert auditing.verify(db.connection) == auditing.Verdict(2, line["entry_hash"])
        assert (line["command"], line["key_fingerprint"]) == ("rekey", keys.fingerprint(KEY))
        assert json.loads(line["detail"]) == {"key_fingerprint_before": None}
        assert KEY not in str(line)


def _killed(*_):
    raise MemoryError


_KILLED = """
import os
from analytics import Database, arrivals
from analytics.loader import load
noted = arrivals._note
def killed(*told):
    noted(*told)
    os._exit(9)
arrivals._note = killed
load(Database({path!r}), [{file!r}], progress=False)
"""


class TestWhatWaits:
    def test_a_reader_leaves_a_line_that_the_next_writer_takes_in_once(self, path, tmp_path):
        _noted(path, 1)
        with Database(path, read_only=True) as db:
            export_table(db, "carc", tmp_path / "carc.csv")
            assert _commands(db) == ["load"]
        (file,) = (tmp_path / "claims.duckdb.audit").iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
        text = file.read_text()
        with Database(path) as db:
            assert _commands(db) == ["load", "export table"]
        assert auditing.waiting(path) == 0
        file.write_text(text)  # as if killed after the commit
        with Database(path) as db:
            assert _commands(db) == ["load", "export table"]
            assert auditing.verify(db.connection).is_whole

    def test_readers_in_many_processes_lose_none(self, path):
        _noted(path, 1)
        code = _READER.format(path=str(path))
        environment = os.environ | {"PYTHONPATH": str(Path(analytics.__file__).parents[1])}
        readers = [subprocess.Popen([sys.executable, "-c", code], env=environment) for _ in "123"]
        assert [reader.wait() for reader in readers] == [0, 0, 0]
        with Database(path) as db:
            assert _commands(db) == ["load"] + ["report"] * 15
            assert auditing.verify(db.connection).is_whole

    def test_a_line_of_another_database_or_damaged_stays(self, path, tmp_path):
        with Database(tmp_path / "other.duckdb") as other:
            other.sql("UPDATE schema_info SET created_at = '2001-01-01'")
            leave(other.connection, path, Entry(command="report"))
        (path.with_name("claims.duckdb.audit") / "x.json").write_text("{")
        with Database(path) as db:
            assert _lines(db) == []
        assert auditing.waiting(path) == 2

    def test_where_nothing_can_be_written_it_is_said(self, path):
        _noted(path, 1)
        path.with_name("claims.duckdb.audit").write_text("a file where the folder would be")
        with (
            Database(path, read_only=True) as db,
            pytest.warns(UserWarning, match="no line of it in the audit trail"),
        ):
            db.trail.note("report")


_READER = """
from analytics import Database
for _ in range(5):
    with Database({path!r}, read_only=True) as db:
        db.trail.note("report")
"""

DAMAGE = {
    "UPDATE audit_log SET row_count = 7 WHERE entry_no = 3": 3,
    "UPDATE audit_log SET done_by = 'another' WHERE entry_no = 1": 1,
    "UPDATE audit_log SET file_names = ['other'] WHERE entry_no = 5": 5,
    "UPDATE audit_log SET done_at = done_at + INTERVAL 1 SECOND WHERE entry_no = 2": 2,
    "UPDATE audit_log SET entry_hash = repeat('a', 64) WHERE entry_no = 4": 4,
    "DELETE FROM audit_log WHERE entry_no = 3": 3,
    "DELETE FROM audit_log WHERE entry_no = 1": 1,
    "DELETE FROM audit_log WHERE entry_no = 5": 5,
    "DELETE FROM audit_log": 1,
    "INSERT INTO audit_log FROM audit_log WHERE entry_no = 2": 3,
    "UPDATE audit_log SET entry_no = 7 - entry_no WHERE entry_no IN (3, 4)": 3,
    "DELETE FROM audit_head": 6,
}
CUT = """
DELETE FROM audit_log WHERE entry_no > 3;
UPDATE audit_head SET entry_count = 3,
    entry_hash = (SELECT entry_hash FROM audit_log WHERE entry_no = 3);
"""


class TestVerify:
    @pytest.mark.parametrize("damage", DAMAGE)
    def test_the_line_at_fault_is_named(self, path, damage):
        _noted(path, 5)
        with Database(path) as db:
            assert auditing.verify(db.connection).is_whole
            db.connection.execute(damage)
            assert auditing.verify(db.connection).line == DAMAGE[damage]

    def test_nothing_is_appended_where_the_end_is_missing(self, path):
        _noted(path, 1)
        with Database(path) as db:
            db.connection.execute("DELETE FROM audit_head")
            with pytest.raises(DatabaseError, match="end of the audit trail is missing"):
                db.trail.note("load")
            assert len(_lines(db)) == 1

    def test_a_trail_not_begun_is_whole(self, path):
        with Database(path) as db:
            assert auditing.verify(db.connection, START) == auditing.Verdict(0, START)

    def test_an_end_cut_off_with_care_shows_only_against_a_kept_head(self, path):
        _noted(path, 5)
        with Database(path) as db:
            kept = auditing.verify(db.connection).head
            db.connection.execute(CUT)
            assert auditing.verify(db.connection).is_whole  # as the documentation says
            assert auditing.verify(db.connection, kept).line == 4

    def test_a_head_kept_earlier_is_met_on_the_way(self, path):
        _noted(path, 2)
        with Database(path) as db:
            kept = auditing.verify(db.connection).head
        _noted(path, 2)
        with Database(path) as db:
            assert auditing.verify(db.connection, kept).is_whole

    def test_a_copy_under_another_key_is_as_whole(self, path):
        _noted(path, 3)
        rewrite(path, None, KEY)
        with Database(path, key=KEY) as db:
            assert auditing.verify(db.connection).count == 3

    def test_two_transactions_cannot_both_be_next(self, path):
        with Database(path) as db, db.connection.cursor() as other:
            db.connection.execute("BEGIN")
            db.trail.note("load")
            with pytest.raises(duckdb.TransactionException):
                db.trail.note("build", on=other)
            db.connection.execute("COMMIT")
            db.trail.note("build", on=other)
            assert _commands(db) == ["load", "build"]
            assert auditing.verify(db.connection).is_whole


class TestTheCommand:
    def test_verify_exits_with_1_and_names_the_line(self, path, monkeypatch, capsys):
        _noted(path, 3)
        assert _run(monkeypatch, "audit", "verify", "--database", path) == 0
        head = capsys.readouterr().out.split()[-1]
        assert _run(monkeypatch, "audit", "verify", "--database", path, "--head", head) == 0
        with Database(path) as db:
            db.sql("UPDATE audit_log SET command = 'build' WHERE entry_no = 2")
        assert _run(monkeypatch, "audit", "verify", "--database", path) == 1
        assert "line 2: the line was changed" in capsys.readouterr().out

    def test_show_takes_in_what_waits(self, path, monkeypatch, capsys):
        _noted(path, 1)
        with Database(path, read_only=True) as db:
            db.trail.note("report", files=["denials.html"])
        assert _run(monkeypatch, "audit", "show", "--json", "--database", path) == 0
        shown = json.loads(capsys.readouterr().out)
        assert [line["command"] for line in shown] == ["load", "report"]
        assert shown[1]["file_names"] == "denials.html"

    def test_of_many_files_show_names_the_first_but_in_json_all(self, path, monkeypatch, capsys):
        names = [f"{month:02}.835" for month in range(1, 13)]
        with Database(path) as db:
            db.trail.note("load", files=names)
        assert _run(monkeypatch, "audit", "show", "--database", path) == 0
        assert "01.835 and 11 more" in capsys.readouterr().out
        assert _run(monkeypatch, "audit", "show", "--json", "--database", path) == 0
        assert json.loads(capsys.readouterr().out)[0]["file_names"] == ", ".join(names)

    def test_while_another_reads_what_waits_is_said(self, path, monkeypatch, capsys):
        _noted(path, 1)
        with Database(path, read_only=True) as db:
            db.trail.note("report")
            assert _run(monkeypatch, "audit", "verify", "--database", path) == 0
        assert "1 lines wait in" in capsys.readouterr().err


def test_a_fingerprint_tells_keys_apart_and_is_always_the_same():
    assert keys.fingerprint(KEY) == keys.fingerprint(KEY) != keys.fingerprint(NEW)
    assert len(keys.fingerprint(KEY)) == 16
