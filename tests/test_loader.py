"""Loading: whole files or nothing, once, and nothing lost on the way."""

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics import sample, schema
from analytics.database import Database
from analytics.errors import DatabaseError, UnreadableFileError
from analytics.ingest.files import find
from analytics.ingest.x12.read import read
from analytics.loader import load

SAMPLE = Path(__file__).parents[1] / "sample_data"
APART = ("transaction_set", "patient", "payer", "provider")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small sample of its own."""
    folder = tmp_path_factory.mktemp("small")
    sample.write(folder, claims=150, months=3, seed=11)
    return folder


def counts(db: Database) -> dict[str, int]:
    own = ("build_info", "carc", "rarc", "audit_log", "audit_head")  # not what files hold
    names = [name for name in schema.tables() if name not in own]
    return {name: db.sql(f"SELECT count(*) FROM {name}").item() for name in names}


def rows_without(db: Database, table: str, *hidden: str) -> pl.DataFrame:
    columns = [c for c in schema.table(table).column_names if c not in hidden]
    return db.sql(f"SELECT {', '.join(columns)} FROM {table} ORDER BY ALL")


def test_totals_are_those_of_the_truth(small):
    truth = json.loads((small / "truth.json").read_text())["files"]
    with Database() as db:
        report = load(db, small)
    by_name = {f.name: f for f in report.files}
    for path, said in truth.items():
        found = by_name[Path(path).name]
        assert (found.claims, found.lines) == (said.get("claims", 0), said.get("lines", 0))
        assert found.remit_claims == said.get("remit_claims", 0)
        assert found.billed_amount == Decimal(said.get("billed", "0"))
        assert found.paid_amount == Decimal(said.get("paid", "0"))
    assert report.is_clean
    assert report.is_balanced


@pytest.mark.parametrize("together", [True, False])
def test_a_provider_has_its_first_name_and_the_first_taxonomy_that_any_file_says(
    together, tmp_path
):
    text = sorted((SAMPLE / "837").iterdir())[0].read_text()
    code = re.search(r"PRV\*BI\*PXC\*(\w+)", text)[1]
    (tmp_path / "b.edi").write_text(text)
    (tmp_path / "a.edi").write_text(re.sub(r"PRV\*BI.*?~\n?", "", text))
    with Database() as db:
        for paths in [[tmp_path]] if together else [[tmp_path / "a.edi"], [tmp_path / "b.edi"]]:
            load(db, paths)
        known = db.sql("SELECT DISTINCT file_name FROM provider JOIN source_file USING (file_id)")
        assert known["file_name"].to_list() == ["a.edi"]
        assert code in db.sql("SELECT taxonomy_code FROM provider")["taxonomy_code"].to_list()


def test_loaded_and_rejected_are_what_was_read_for_every_file():
    """Each record read is a row of its table or of `rejected`: counted against the reader."""
    with Database() as db:
        folders = [SAMPLE / "837", SAMPLE / "277", SAMPLE / "999", SAMPLE / "broken"]
        load(db, folders)
        for source in find(folders):
            try:
                found = read(source.path, include_test=True)
            except UnreadableFileError:
                continue
            file = db.sql("SELECT file_id FROM source_file WHERE file_name = $n", n=source.name)
            for name in found.tables:
                if name in APART or len(file) == 0:
                    continue
                kept = db.sql(f"SELECT count(*) FROM {name} WHERE file_id = $f", f=file.item())
                out = db.sql(
                    "SELECT count(*) FROM rejected WHERE file_id = $f AND table_name = $t "
                    "AND severity = 'rejected'",
                    f=file.item(),
                    t=name,
                )
                mine = found.rejected.filter(
                    (pl.col("table_name") == name) & (pl.col("severity") == "rejected")
                )
                assert kept.item() + out.item() == len(found[name]) + len(mine), (source.name, name)


def test_acknowledgements_are_those_of_the_truth(small):
    truth = json.loads((small / "truth.json").read_text())["acknowledgement_files"]
    with Database() as db:
        report = load(db, small)
        rejected = db.sql(
            "SELECT file_name, count(*) FROM acknowledgement JOIN source_file USING (file_id) "
            "WHERE action = 'rejected' GROUP BY file_name"
        )
    by_name = {f.name: f for f in report.files}
    rejections = dict(rejected.iter_rows())
    for path, said in truth.items():
        name = Path(path).name
        assert by_name[name].acknowledgements == said["acknowledgements"]
        assert by_name[name].transaction_sets == said["transaction_sets"]
        assert rejections.get(name, 0) == said["rejections"]
    assert report.total("acknowledgements") > 300
    assert f"277CA, 999: {report.total('acknowledgements'):,} acknowledgements" in str(report)


def test_the_same_bytes_are_loaded_once(small, tmp_path):
    shutil.copy(next((small / "835").iterdir()), tmp_path / "renamed.edi")
    with Database() as db:
        load(db, small)
        before = counts(db)
        again = load(db, [small, tmp_path / "renamed.edi"])
        assert counts(db) == before
    assert {f.status for f in again.files} == {"already loaded"}


@pytest.mark.parametrize("kind", ["835", "837", "277", "999"])
def test_the_same_transaction_in_another_file_is_kept_out(small, tmp_path, kind):
    original = next((small / kind).iterdir())
    other = tmp_path / "other.edi"
    other.write_bytes(original.read_bytes() + b"\r\n")
    with Database() as db:
        load(db, original)
        before = counts(db)
        report = load(db, other)
        after = counts(db)
    kept_out = ("source_file", "transaction_set", "rejected")
    assert {n: c for n, c in after.items() if n not in kept_out} == {
        n: c for n, c in before.items() if n not in kept_out
    }
    assert set(report.by_rule("rejected_by_rule")) == {"duplicate_transaction"}


def test_an_answer_to_another_file_of_the_same_control_numbers_is_kept(small, tmp_path):
    """Senders begin at 1 each time: a 999 of its own number answers another file of that day."""
    original = next((small / "999").iterdir()).read_bytes()
    other = tmp_path / "other.edi"
    other.write_bytes(re.sub(rb"\*0(\d{8})\*(?=[01]\*[PT]\*)", rb"*9\1*", original))
    with Database() as db:
        load(db, next((small / "999").iterdir()))
        before = counts(db)["acknowledgement"]
        report = load(db, other)
        assert counts(db)["acknowledgement"] == 2 * before
    assert not report.total("rejected")


def test_files_read_together_give_what_each_gives_alone(small):
    with Database() as together, Database() as alone:
        load(together, small)
        for source in find(small):
            load(alone, source.path)
        for table in ("claim", "claim_line", "remit_claim", "adjustment", "rejected"):
            assert rows_without(together, table).equals(rows_without(alone, table)), table


def test_compressed_files_give_the_same_rows(small, tmp_path):
    files = sorted((small / "835").iterdir())[:2]
    (tmp_path / "a.edi.gz").write_bytes(gzip.compress(files[0].read_bytes()))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(files[1], "inner/b.edi")
    with Database() as plain, Database() as packed:
        load(plain, files)
        load(packed, tmp_path)
        for table in ("remit_claim", "adjustment"):
            assert rows_without(plain, table).equals(rows_without(packed, table)), table


def test_ids_lead_back_to_file_and_record(small):
    with Database() as db:
        load(db, small)
        wrong = db.sql(
            "SELECT count(*) FROM claim_line "
            "WHERE claim_line_id <> file_id * 4294967296 + record_no"
        )
        assert wrong.item() == 0
        orphans = db.sql(
            "SELECT count(*) FROM claim_line WHERE claim_id NOT IN (SELECT claim_id FROM claim)"
        )
        assert orphans.item() == 0


def test_identity_stands_in_one_table_only(small):
    """No value of a name, number or birth date column is found in any other table."""
    with Database() as db:
        load(db, small)
        names = db.sql("SELECT DISTINCT last_name FROM patient WHERE last_name IS NOT NULL")
        numbers = db.sql("SELECT DISTINCT member_id FROM patient WHERE member_id IS NOT NULL")
        wanted = set(names["last_name"]) | set(numbers["member_id"])
        for table in schema.tables().values():
            if table.name in ("patient", "rejected"):
                continue
            for column in table.columns:
                if column.type == "VARCHAR":
                    found = db.sql(f"SELECT DISTINCT {column.name} AS v FROM {table.name}")["v"]
                    assert not wanted & set(found), f"{table.name}.{column.name}"


def test_strict_rejects_what_does_not_balance():
    file = SAMPLE / "broken" / "out_of_balance.835.edi"
    with Database() as db:
        assert not load(db, file).is_balanced
        assert counts(db)["remit_claim"] == 2
    with Database() as db:
        report = load(db, file, strict=True)
        assert counts(db)["remit_claim"] == 0
        assert counts(db)["patient"] == 0, "nobody is remembered from what was not loaded"
        assert report.by_rule("rejected_by_rule")["set_unbalanced"] == 1


def test_a_test_interchange_loads_only_when_asked():
    file = SAMPLE / "broken" / "test_indicator.835.edi"
    with Database() as db:
        load(db, file)
        assert counts(db)["remit_claim"] == 0
    with Database() as db:
        load(db, file, include_test=True)
        assert counts(db)["remit_claim"] == 2


def per_table(db: Database) -> dict[str, pl.DataFrame]:
    """All rows, without the numbers that a second reading gives anew."""
    ids = ("file_id", "loaded_at", "transaction_id", "remit_id", "remit_claim_id", "remit_line_id")
    ids += ("patient_id", "payer_id", "provider_id")
    names = [n for n in counts(db) if n not in ("build_info", "code_map", "schema_info")]
    return {name: rows_without(db, name, *ids) for name in names}


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("test_indicator.835.edi", {}, {"include_test": True}),
        ("out_of_balance.835.edi", {"strict": True}, {}),
    ],
)
def test_what_an_option_kept_out_is_read_again_without_it(name, first, then):
    """The second reading replaces the first: the rows are those of one load with its options."""
    file = SAMPLE / "broken" / name
    with Database() as db, Database() as once:
        load(db, file, **first)
        assert load(db, file, **first).files[0].status == "already loaded"
        report = load(db, file, **then)
        assert (report.files[0].status, report.total("remit_claims")) == ("loaded", 2)
        assert "duplicate_transaction" not in report.by_rule("rejected_by_rule")
        load(once, file, **then)
        again = per_table(db)
        for table, rows in per_table(once).items():
            assert rows.equals(again[table]), table
        assert load(db, file, **then).files[0].status == "already loaded"


def test_people_that_other_files_name_outlive_a_second_reading(tmp_path):
    """A payer first named by the file read again keeps its id, which another file refers to."""
    file = SAMPLE / "broken" / "test_indicator.835.edi"
    other = tmp_path / "real.835.edi"
    other.write_bytes(file.read_bytes().replace(b"*T*:~", b"*P*:~"))
    with Database() as db:
        load(db, file)
        load(db, other)
        report = load(db, file, include_test=True)
        lost = db.sql("SELECT count(*) FROM remit ANTI JOIN payer USING (payer_id)").item()
        strays = db.sql("SELECT count(*) FROM payer ANTI JOIN source_file USING (file_id)").item()
        loaded = counts(db)["remit_claim"]
    assert (lost, strays, loaded) == (0, 0, 2)
    assert set(report.by_rule("rejected_by_rule")) == {"duplicate_transaction"}


def test_side_tables_and_files_of_no_use_are_told(tmp_path):
    """3 rows of roster, one with a day that is none; a file whose only set is a test."""
    (tmp_path / "roster.csv").write_text("npi,start_date\n1,2026-01-01\n2,20260101\n3,2026-02-30\n")
    shutil.copy(SAMPLE / "broken" / "test_indicator.835.edi", tmp_path)
    (tmp_path / "roster_2.csv").write_text("npi,start_date\n1,soon\n")
    with Database() as db:
        report = load(db, tmp_path)
        said = db.sql("SELECT DISTINCT reason FROM rejected WHERE rule = 'date_unreadable'").item()
    assert "Files: 1 loaded, 2 rejected whole\n" in str(report)
    assert "Side tables: 2 rows" in str(report)
    assert report.to_dict()["side_rows"] == 2
    assert "CCYY-MM-DD" in said


def test_broken_files_give_what_their_list_says():
    expected = json.loads((SAMPLE / "broken" / "expected.json").read_text())
    with Database() as db:
        for name, said in expected.items():
            claims, payments = counts(db)["claim"], counts(db)["remit_claim"]
            load(db, SAMPLE / "broken" / name)
            now = counts(db)
            if name.startswith("same_again"):
                continue  # needs the good file it repeats
            loaded = (now["claim"] - claims, now["remit_claim"] - payments)
            assert loaded == (said["readable_claims"], said["readable_remit_claims"]), name


def test_one_unreadable_file_does_not_stop_the_others(small, tmp_path):
    (tmp_path / "empty.edi").write_bytes(b"")
    (tmp_path / "picture.edi").write_bytes(bytes(range(256)) * 40)
    shutil.copy(next((small / "837").iterdir()), tmp_path / "good.edi")
    with Database() as db:
        report = load(db, tmp_path)
        assert counts(db)["claim"] > 0
        kept = db.sql("SELECT rule FROM rejected WHERE table_name = 'source_file'")
        assert kept["rule"].to_list() == ["file_unreadable"] * 2
        again = load(db, tmp_path)
        assert counts(db)["source_file"] == 3, "a second try does not count twice"
    assert sorted(f.status for f in report.files) == ["loaded", "unreadable", "unreadable"]
    assert all(f.problem for f in report.files if f.status == "unreadable")
    assert sorted(f.status for f in again.files) == ["already loaded", "unreadable", "unreadable"]


def test_a_path_that_names_nothing_is_an_error(tmp_path):
    with Database() as db, pytest.raises(UnreadableFileError, match="no such file or folder"):
        load(db, tmp_path / "none")


def test_a_read_only_database_cannot_be_loaded(tmp_path):
    with Database(tmp_path / "x.duckdb"):
        pass
    with Database(tmp_path / "x.duckdb", read_only=True) as db, pytest.raises(DatabaseError):
        load(db, SAMPLE / "837")


def test_progress_tells_bytes_and_ends_at_the_total(small):
    told: list[tuple[int, int, str]] = []
    with Database() as db:
        load(db, small, progress=lambda *now: told.append(now))
    assert told[-1][0] == told[-1][1] > 0
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


_LOAD = """
import sys
from analytics.database import Database
from analytics.loader import load
with Database(sys.argv[1]) as db:
    print("open", flush=True)
    for path in sys.argv[2:]:
        load(db, path)
"""


def state(path: Path) -> tuple[int, int, Decimal, bool]:
    """Files, claim payments and paid; and whether every file's counts match its rows."""
    with Database(path, read_only=True) as db:
        files, paid, claims = db.sql(
            "SELECT count(*), coalesce(sum(paid_amount), 0), coalesce(sum(remit_claim_count), 0) "
            "FROM source_file"
        ).row(0)
        rows = db.sql("SELECT count(*), coalesce(sum(paid_amount), 0) FROM remit_claim").row(0)
        return files, claims, paid, (claims, paid) == rows


@pytest.mark.long
def test_a_load_killed_at_any_moment_leaves_whole_files_only(small, tmp_path):
    files = [str(path) for path in sorted((small / "835").iterdir())]
    for attempt in range(8):
        path = tmp_path / f"{attempt}.duckdb"
        command = [sys.executable, "-c", _LOAD, str(path), *files]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout
        child.stdout.readline()
        time.sleep(0.02 + 0.07 * attempt)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert state(path)[3], "a file is there in part"
        with Database(path) as db:
            load(db, small / "835")
        again = state(path)
        assert (again[0], again[3]) == (len(files), True)
