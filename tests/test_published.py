"""Published files in a database: whole or not at all, releases side by side, none twice."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from analytics.database import Database
from analytics.errors import UnknownNameError, UnreadableFileError
from analytics.published import KINDS, load_published, published_rows, releases

HEAD = "code,start_date,end_date,flags\n"
REFERENCE = Path(__file__).parents[2] / "shared" / "reference"
needs_files = pytest.mark.skipif(not REFERENCE.exists(), reason="published files are not here")


@pytest.fixture
def files(tmp_path):
    def written(name: str, text: str):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return written


def test_releases_stand_side_by_side(files):
    old = files("mce_v42_1_i10dx.csv", f"{HEAD}A000,20151001,,\n")
    new = files("mce_v43_1_i10dx.csv", f"{HEAD}A000,20151001,,adult\n")
    with Database() as db:
        loaded = load_published(db, [old, new])
        assert loaded["is_new"].to_list() == [True, True]
        held = releases(db)
        assert held["release"].to_list() == ["42.1", "43.1"]
        assert held["sha256"].to_list() == [sha256(p.read_bytes()).hexdigest() for p in (old, new)]
        assert held["effective_to"].to_list() == [dt.date(2025, 9, 30), dt.date(2026, 9, 30)]
        assert published_rows(db, "mce_diagnosis", "a00.0")["release"].to_list() == ["42.1", "43.1"]


def test_a_file_is_loaded_once_and_one_published_anew_replaces_it(files):
    file = files("mce_v43_1_i10dx.csv", f"{HEAD}A000,20151001,,\n")
    with Database() as db:
        load_published(db, [file])
        copy = files("copies/again_v43_1.csv", file.read_text())
        assert not load_published(db, [file, copy])["is_new"].any()
        files("mce_v43_1_i10dx.csv", f"{HEAD}A001,20151001,,\n")
        assert load_published(db, [file])["is_new"].all()
        assert len(releases(db)) == 1
        assert published_rows(db, "mce_diagnosis")["code"].to_list() == ["A001"]


def test_of_a_broken_file_nothing_is_loaded(tmp_path):
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.writestr("mce_v43_1_i10dx.csv", f"{HEAD}A000,20151001,,\n")
        archive.writestr("mce_v43_1_other.csv", f"{HEAD}B000,never,,\n")
    with Database() as db:
        with pytest.raises(UnreadableFileError, match="unreadable start_date"):
            load_published(db, [tmp_path / "both.zip"])
        assert releases(db).is_empty()
        assert published_rows(db, "mce_diagnosis").is_empty()


def test_files_before_a_broken_one_are_loaded_and_said_to_be(files):
    first = files("mce_v42_1_i10dx.csv", f"{HEAD}A000,20151001,,\n")
    broken = files("mce_v43_1_i10dx.csv", f"{HEAD}B000,never,,\n")
    last = files("mce_v44_0_i10dx.csv", f"{HEAD}A000,20151001,,\n")
    with Database() as db:
        with pytest.raises(UnreadableFileError, match=r"start_date.*before it are loaded \(1\)"):
            load_published(db, [first, broken, last])
        assert releases(db)["release"].to_list() == ["42.1"]


def test_only_published_tables_are_shown(empty):
    with pytest.raises(UnknownNameError, match="published table"):
        published_rows(empty, "claim")


def _lines(archive: str, member: str) -> list[str]:
    with zipfile.ZipFile(REFERENCE / archive) as held:
        return held.read(member).decode("latin-1").splitlines()


def _csv_rows(path: str) -> int:
    return sum(1 for row in csv.reader(io.StringIO((REFERENCE / path).read_text())) if row) - 1


INDICES = """ADDENDUM E. GEOGRAPHIC PRACTICE COST INDICES,,,,,,
Medicare Administrative Contractor (MAC),State,Locality Number,Name,2025 PW GPCI,2025 PE GPCI,2025 MP GPCI
10112,AL,00,ALABAMA,{work},0.869,0.575
"""  # noqa: E501


def test_fees_are_known_by_content_too_and_a_year_replaces_itself(files):
    first = files("indices.csv", INDICES.format(work="1"))
    with Database() as db:
        assert load_published(db, [first])["kind"].to_list() == ["medicare_locality"]
        assert not load_published(db, [first])["is_new"].any()
        later = files("other.csv", INDICES.format(work="1.5"))
        assert load_published(db, [later])["is_new"].all()
        assert db.sql("SELECT work_gpci FROM medicare_locality").rows() == [(Decimal("1.5"),)]
        assert releases(db)["file_name"].to_list() == ["other.csv"]
        with pytest.raises(UnreadableFileError, match="is a file for medicare_locality, not for"):
            load_published(db, [first], kind="medicare_fee")


def test_a_small_table_that_did_not_change_is_of_each_release(files):
    text = "age_group,start_age,end_age,start_date,end_date\nadult,15,124,19840301,\n"
    named = [files(f"mce_v{v}_1_age_ranges.csv", text) for v in (42, 43)]
    with Database() as db:
        assert load_published(db, [*named, named[0]])["is_new"].to_list() == [True, True, False]
        last = releases(db)["effective_to"].to_list()
        assert last == [dt.date(2025, 9, 30), dt.date(2026, 9, 30)]


@needs_files
def test_every_published_file_loads_whole():
    found = [path for name in ("mce", "icd10cm", "ncci", "nucc") for path in
             sorted((REFERENCE / name).iterdir())]  # fmt: skip
    found += [p for p in (REFERENCE / "hcpcs").iterdir() if "Layout" not in p.name]
    found += [REFERENCE / "mpfs" / name for name in ("PPRRVU2025_Oct.redacted.csv", "GPCI2025.csv")]
    hcpcs = "HCPC2019_CONTR_ANWEB.txt"
    with Database() as db:
        load_published(db, found)
        held = releases(db)
        for kind in KINDS:
            assert len(published_rows(db, kind)) == held.filter(kind=kind)["row_count"].sum(), kind
    counts = {(k, r): n for k, r, n in held.select("kind", "release", "row_count").iter_rows()}
    assert counts["icd10cm_code", "2026"] == len(
        _lines("icd10cm/cms_2026_dx.zip", "icd10cm_order_2026.txt")
    )
    assert counts["icd10cm_code", "2025"] == len(
        _lines("icd10cm/cms_2025_dx.zip", "icd10cm_order_2025.txt")
    )
    assert counts["icd10pcs_code", "2026"] == len(
        _lines("icd10cm/cms_2026_pr.zip", "icd10pcs_order_2026.txt")
    )
    changes = [*_lines("icd10cm/cms_2026_dx.zip", "icd10cm_order_addenda_2026.txt"),
               *_lines("icd10cm/cms_2026_pr.zip", "order_addenda_2026.txt")]  # fmt: skip
    assert held.filter(kind="icd10_addendum", release="2026")["row_count"].sum() == sum(
        line.startswith(("Add:", "Delete:", "Revise")) for line in changes
    )
    records = _lines("hcpcs/2019-Alpha-Numeric-HCPCS-File.zip", hcpcs)
    assert counts["hcpcs_code", "2019"] == sum(line[10:11] in ("3", "7") for line in records[5:])
    for kind, release, path in (
        ("mce_diagnosis", "43.1", "mce/mce_v43_1_i10dx.csv"),
        ("mce_procedure", "43.1", "mce/mce_v43_1_i10sg.csv"),
        ("mce_age_range", "43.1", "mce/mce_v43_1_age_ranges.csv"),
        ("mce_discharge_status", "43.1", "mce/mce_v43_1_discharge_status.csv"),
        ("icd10cm_note", "2026-04", "icd10cm/icd10cm_tabular_notes_2026apr.csv"),
        ("nucc_taxonomy", "24.0", "nucc/nucc_taxonomy_240.csv"),
        ("hcpcs_code", "2026-10", "hcpcs/HCPC2026_OCT_ANWEB.excerpt.csv"),
    ):
        assert counts[kind, release] == _csv_rows(path), path
    assert counts["medicare_fee", "2025-10"] == 19_090
    assert counts["medicare_locality", "2025"] == 109
    assert counts["ncci_ptp", "32.2"] == 18
    assert counts["ncci_mue", "2026-07-01"] == 7
