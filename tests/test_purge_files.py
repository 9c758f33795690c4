"""Purges of loaded files: what is left has the numbers of a database that never had the rest."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

import analytics
from analytics import Database, auditing, connection, reconcile, sample
from analytics.cli import main
from analytics.errors import AnalyticsError, DatabaseError
from analytics.exporting import export_table
from analytics.loader import load
from analytics.metrics import CATALOGUE, cash_reconciliation
from analytics.retention import certificate, place, plan, purge, read_rules

TODAY = date(2026, 1, 1)
KEY = "correct horse battery staple"
RULES = """
[[rule]]
name = "own"
records = ["claim", "remit_claim", "side", "payer_claim"]
years = 0
from = "day"
source = "ours"
verified = true
[minors]
unknown_age = "adult"
[minors.other]
majority = 0
years = 0
source = ""
verified = true
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    file = tmp_path_factory.mktemp("rules") / "retention.toml"
    file.write_text(RULES)
    return read_rules(file)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Files of 2024 and of 2026, whose claims have nothing in common."""
    folder = tmp_path_factory.mktemp("files")
    sample.write(folder / "old", claims=120, months=4, seed=5, end=date(2024, 10, 31))
    sample.write(folder / "new", claims=120, months=4, seed=6, end=date(2026, 10, 31))
    for path in _of(folder / "old"):
        if path.suffix == ".csv" and b"patient_control_number" not in path.read_bytes()[:200]:
            path.unlink()  # cover and contracts, which no rule reaches
        else:
            text = path.read_bytes().replace(b"RC0", b"QX0").replace(b"rc0", b"qx0")
            path.write_bytes(text)
    return folder


def _of(folder):
    """The files of a sample that are not broken."""
    return [
        *folder.glob("*.csv"),
        *(p for n in ("837", "835", "277", "999") for p in (folder / n).glob("*")),
    ]


def _loaded(path, *folders, key=None, built=True):
    """A database of all files of these folders, with its facts unless told otherwise."""
    with Database(path, key=key) as db:
        for folder in folders:
            load(db, _of(folder), progress=False)
        if built:
            db.build(date(2026, 10, 31), progress=False)


@pytest.fixture(scope="module")
def both(files, tmp_path_factory):
    """The bytes of a database of all files; nothing packs what is written."""
    path = tmp_path_factory.mktemp("both") / "claims.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection._SAFE, "force_compression", "uncompressed")
        _loaded(path, files / "old", files / "new")
    return path.read_bytes()


@pytest.fixture
def path(both, tmp_path):
    made = tmp_path / "claims.duckdb"
    made.write_bytes(both)
    made.chmod(0o600)
    return made


@pytest.fixture
def bare(path):
    """The same without a day of its facts, so that none are built: for tests of other things."""
    with Database(path) as db:
        db.sql("DELETE FROM build_info")
    return path


def _purged(path, rules, key=None):
    with Database(path, key=key) as db:
        confirm = plan(db, rules, TODAY).digest
    return purge(path, rules, confirm, today=TODAY, key=key, progress=False)


def _listed(db, *tables):
    return [db.sql(f"SELECT count(*) FROM {table}").item() for table in tables]


HELD = ("claim", "remit", "remit_claim", "patient", "audit_log")


@pytest.fixture(scope="module")
def pair(files, both, rules, tmp_path_factory):
    """A database purged of the old files, and one that never had them."""
    folder = tmp_path_factory.mktemp("pair")
    (folder / "purged.duckdb").write_bytes(both)
    _purged(folder / "purged.duckdb", rules)
    _loaded(folder / "never.duckdb", files / "new")
    with (
        Database(folder / "purged.duckdb", read_only=True) as purged,
        Database(folder / "never.duckdb", read_only=True) as never,
    ):
        yield purged, never


class TestTheLaw:
    def test_something_was_purged_and_something_is_left(self, pair):
        purged, never = pair
        assert _listed(purged, *HELD[:4]) == _listed(never, *HELD[:4])
        assert 0 not in _listed(purged, *HELD, "purged")

    @pytest.mark.parametrize("name", CATALOGUE)
    def test_every_metric_is_that_of_a_database_that_never_had_it(self, pair, name):
        metric = CATALOGUE[name]
        slices = [(), *([d] for d in ("payer_name", "file_name") if d in metric.dimensions)]
        for by in slices:
            found, wanted = (metric(db, by=by) for db in pair)
            assert_frame_equal(found, wanted, check_row_order=bool(not by))

    def test_reconciliation_closes(self, pair):
        for db in pair:
            assert set(reconcile.money(db)["difference_amount"]) == {Decimal(0)}
        assert reconcile.summary(pair[0])["Billed"] == reconcile.summary(pair[1])["Billed"]


def test_no_name_number_or_id_of_who_is_gone_is_in_the_bytes(path, rules, monkeypatch):
    monkeypatch.setitem(connection._SAFE, "force_compression", "uncompressed")
    told = {
        "patient": ["member_id", "last_name || '|' || first_name"],
        "claim": ["patient_control_number"],
        "remit_claim": ["payer_claim_number"],
        "remit_reference": ["reference"],
    }

    def words(db):
        return {
            (table, column, value)
            for table, columns in told.items()
            for column in columns
            for (value,) in db.connection.execute(
                f"SELECT DISTINCT {column} FROM {table}"
            ).fetchall()
            if value and len(value) > 5
        }

    with Database(path, read_only=True) as db:
        before = words(db)
    shown = path.read_bytes()
    _purged(path, rules)
    with Database(path, read_only=True) as db:
        left = {value for *_, value in words(db)}
    gone = {value for *_, value in before if value not in left and "|" not in value}
    assert len(gone) > 200
    assert all(value.encode() in shown for value in gone), "as each could be read before"
    data = path.read_bytes()
    assert [value for value in gone if value.encode() in data] == []


def test_payments_and_files_of_which_part_is_gone_add_up_to_the_cent(tmp_path, rules, files):
    path = tmp_path / "claims.duckdb"
    _loaded(path, files / "new")
    day = date(2026, 9, 15)
    with Database(path) as db:
        confirm = plan(db, rules, day).digest
        before = cash_reconciliation(db)
    done = purge(path, rules, confirm, today=day, progress=False)
    assert done.plan.payments_in_part > 1
    with Database(path) as db:
        assert set(reconcile.money(db)["difference_amount"]) == {Decimal(0)}
        after = cash_reconciliation(db)
        whole = before.join(after, on=["file_name", "record_no"], how="semi")
        for name in ("payment_amount", "provider_adjustment_amount", "difference_amount"):
            assert after[name].to_list() == whole[name].to_list()
        paid = (after["claim_paid_amount"] + after["purged_amount"]).to_list()
        assert paid == whole["claim_paid_amount"].to_list()
        for table, column in (("claim", "billed_amount"), ("remit_claim", "paid_amount")):
            apart = db.sql(
                f"SELECT file_id, sum(amount) AS amount FROM ("
                f"SELECT file_id, {column} AS amount FROM {table} UNION ALL "
                f"SELECT file_id, {column} FROM purged UNION ALL "
                f"SELECT file_id, -{column} FROM source_file) AS part "
                "GROUP BY file_id HAVING sum(amount) <> 0"
            )
            assert apart.is_empty()


class TestLoadedAgain:
    def test_a_purged_file_is_known_and_said_to_be_purged(self, bare, rules, files):
        _purged(bare, rules)
        with Database(bare) as db:
            before = _listed(db, *HELD)
            for option in ({}, {"strict": True}, {"include_test": True}):
                report = load(db, _of(files / "old"), progress=False, **option)
                assert {f.status for f in report.files} <= {"purged", "already loaded"}
                claims = [f for f in report.files if f.claims or f.remit_claims]
                assert {f.status for f in claims} == {"purged"}
            assert "purged" in str(report)
            assert _listed(db, *HELD[:4]) == before[:4]

    def test_what_it_held_is_refused_in_files_of_other_bytes(self, bare, rules, files, tmp_path):
        others = tmp_path / "others"
        others.mkdir()
        for source in _of(files / "old"):
            if source.suffix != ".csv":
                text = source.read_bytes() + b"\r\n"
                (others / source.name).write_bytes(text)
        _purged(bare, rules)
        with Database(bare) as db:
            held = (*HELD[:4], "acknowledgement", "acknowledgement_error")
            before = _listed(db, *held)
            report = load(db, others, progress=False)
            assert set(report.by_rule("rejected_by_rule")) == {"duplicate_transaction"}
            assert _listed(db, *held) == before


class TestTheFile:
    def test_of_a_database_with_a_key_has_that_key(self, tmp_path, rules, files):
        path = tmp_path / "claims.duckdb"
        _loaded(path, files / "old", files / "new", key=KEY, built=False)
        with pytest.raises(DatabaseError, match="key"):
            purge(path, rules, "", today=TODAY)
        _purged(path, rules, key=KEY)
        with pytest.raises(DatabaseError, match="encrypted"):
            Database(path)
        with Database(path, key=KEY) as db:
            assert 0 not in _listed(db, *HELD, "purged")
            assert certificate(db)["purge"] == 1
        assert [file.name for file in tmp_path.iterdir()] == [path.name]

    def test_stays_while_another_process_has_it(self, path, rules, tmp_path):
        held = subprocess.Popen(
            [sys.executable, "-c", _HOLDER.format(path=str(path))],
            env=_environment(), stdout=subprocess.PIPE, stdin=subprocess.PIPE,
        )  # fmt: skip
        assert held.stdout.readline()
        before = path.read_bytes()
        with pytest.raises(DatabaseError, match="in use by another process"):
            purge(path, rules, "", today=TODAY)
        held.communicate(b"\n")
        assert path.read_bytes() == before
        assert [file.name for file in tmp_path.iterdir()] == [path.name]

    def test_stays_while_this_process_has_it(self, path, rules):
        with Database(path) as db:
            digest = plan(db, rules, TODAY).digest
            with pytest.raises(DatabaseError, match="already open in this process"):
                purge(path, rules, digest, today=TODAY)
            assert _listed(db, "purged") == [0]

    def test_stays_where_the_disk_is_full(self, bare, rules, monkeypatch, tmp_path):
        def full(*_, **__):
            raise duckdb.IOException("Could not write file: No space left on device")

        with Database(bare) as db:
            before, digest = _listed(db, *HELD), plan(db, rules, TODAY).digest
        monkeypatch.setattr("analytics.retention.purging.copy_rest", full)
        with pytest.raises(DatabaseError, match="is full: nothing was changed"):
            purge(bare, rules, digest, today=TODAY)
        with Database(bare) as db:
            assert _listed(db, *HELD) == before
        assert [file.name for file in tmp_path.iterdir()] == [bare.name]

    def test_is_replaced_itself_where_a_link_leads_to_it(self, bare, rules, tmp_path):
        link = tmp_path / "link.duckdb"
        link.symlink_to(bare)
        _purged(link, rules)
        with Database(bare) as db:
            assert _listed(db, "purged")[0] > 0
        assert link.is_symlink()
        (tmp_path / "other.duckdb").hardlink_to(bare)
        with pytest.raises(DatabaseError, match="another name"):
            purge(link, rules, "", today=TODAY)

    def test_without_facts_has_none_after(self, bare, rules):
        _purged(bare, rules)
        with Database(bare) as db:
            assert (db.as_of, db.is_fresh) == (None, False)

    def test_tables_and_views_of_ones_own_stay_and_are_told_of(self, path, rules):
        with Database(path) as db:
            db.sql("CREATE TABLE mine AS SELECT 1 AS one")
            db.sql("CREATE VIEW my_claims AS FROM billed_claim")
        done = _purged(path, rules)
        assert done.own_tables == {"mine": 1}
        with Database(path) as db:
            assert db.sql("FROM mine").item() == 1
            assert len(db.sql("FROM my_claims")) == _listed(db, "billed_claim")[0]
            assert certificate(db)["own_tables"] == 1

    def test_lines_that_wait_are_in_the_trail_before_the_certificate(self, path, rules, tmp_path):
        with Database(path, read_only=True) as db:
            export_table(db, "carc", tmp_path / "carc.csv")
        _purged(path, rules)
        with Database(path) as db:
            told = db.sql("SELECT command FROM audit_log ORDER BY entry_no")["command"].to_list()
            assert told[-3:] == ["export table", "purge", "build"]
            assert auditing.verify(db.connection).is_whole

    @pytest.mark.long
    @pytest.mark.parametrize("moment", ["begun", "copied", "certified", "built", "replaced"])
    def test_killed_at_any_moment_it_is_that_before_or_that_after(
        self, path, rules, tmp_path, moment
    ):
        file = tmp_path / "retention.toml"
        file.write_text(RULES)
        with Database(path) as db:
            before, digest = _listed(db, *HELD), plan(db, rules, TODAY).digest
        given = {"path": str(path), "rules": str(file), "digest": digest, "moment": moment}
        code = f"GIVEN = {given!r}\n{_KILLED}"
        done = subprocess.run([sys.executable, "-c", code], env=_environment(), timeout=120)
        assert done.returncode == -signal.SIGKILL
        with Database(path) as db:
            after = _listed(db, *HELD)
            assert (after == before) == (moment != "replaced")
            assert _listed(db, "purged")[0] > 0 or moment != "replaced"
            assert auditing.verify(db.connection).is_whole
        assert tmp_path.joinpath("claims.duckdb.part").exists() == (moment != "replaced")
        if moment == "begun":  # what was left half made is in no one's way
            _purged(path, rules)
            left = {one.name for one in tmp_path.iterdir()} - {file.name}
            assert left == {path.name}


def _environment():
    return os.environ | {"PYTHONPATH": str(Path(analytics.__file__).parents[1])}


_HOLDER = """
from analytics import Database
with Database({path!r}) as db:
    print("open", flush=True)
    input()
"""
_KILLED = """
import datetime, os, signal
from analytics import building
from analytics.retention import purging, read_rules, purge

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def killing(home, name, *, after):
    whole = getattr(home, name)
    def killed(*given, **named):
        if not after:
            kill()
        made = whole(*given, **named)
        kill()
        return made
    setattr(home, name, killed)

home, name, after = {
    "begun": (purging, "copy_rest", True),
    "copied": (purging, "_finish", False),
    "certified": (building.Site, "hand_over", False),
    "built": (purging, "put_in_place", False),
    "replaced": (purging, "put_in_place", True),
}[GIVEN["moment"]]
killing(home, name, after=after)
day = datetime.date(2026, 1, 1)
purge(GIVEN["path"], read_rules(GIVEN["rules"]), GIVEN["digest"], today=day, progress=False)
"""


class TestTheCommand:
    def test_from_the_dry_run_to_the_certificate(self, bare, tmp_path, monkeypatch, capsys):
        file = tmp_path / "retention.toml"
        file.write_text(RULES)

        def run(*words):
            monkeypatch.setattr(sys, "argv", ["revcycle", "retention", *map(str, words)])
            monkeypatch.setenv("REVCYCLE_DATABASE", str(bare))
            with pytest.raises(SystemExit) as stop:
                main()
            told = capsys.readouterr()
            return int(stop.value.code or 0), told.out + told.err

        usual = ("purge", "--rules", file, "--today", TODAY)
        before = bare.read_bytes()
        code, said = run(*usual)
        assert code == 1
        digest = said.split()[-1]
        assert bare.read_bytes() == before, "a dry run changes nothing"
        assert json.loads(run(*usual, "--json")[1])["digest"] == digest
        assert run(*usual, "--confirm", "no such hash")[0] == 2
        kept = tmp_path / "certificate.txt"
        kept.write_text("an earlier one")
        assert run(*usual, "--confirm", digest, "--certificate", kept)[0] == 2
        kept.unlink()
        assert run(*usual, "--confirm", "x", "--certificate", kept)[0] == 2
        assert not kept.exists()
        code, said = run(*usual, "--confirm", digest, "--certificate", kept)
        assert (code, said) == (0, kept.read_text())
        assert "Certificate of purge 1" in said
        assert run("certificate") == (0, said)
        (told,) = json.loads(run("certificate", "--json")[1])
        assert told["plan"] == digest
        assert run("certificate", 2) == (2, "revcycle: there was no purge 2 of this database\n")
        assert run(*usual)[0] == 0
        assert run("purge", "--rules", file, "--today", "2099-01-01")[0] == 2

    def test_the_certificate_names_no_one(self, bare, rules):
        with Database(bare) as db:
            place(db, reason="SECRETREASON", payer="Medicare")
            names = db.sql("SELECT DISTINCT unnest([last_name, member_id]) AS w FROM patient")["w"]
        _purged(bare, rules)
        with Database(bare) as db:
            told = certificate(db)
        assert told["holds"]
        text = json.dumps(told)
        assert "SECRETREASON" not in text
        assert [name for name in names if name and f'"{name}"' in text] == []


def test_a_certificate_of_no_purge(tmp_path):
    with Database(tmp_path / "a.duckdb") as db, pytest.raises(AnalyticsError, match="no purge"):
        certificate(db)
