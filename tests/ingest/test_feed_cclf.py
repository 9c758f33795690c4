"""CCLF: how records are known and read, which version stands, what is kept out."""

import csv
import datetime as dt
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from cclf_records import carrier, drug, header, record, write
from drawing import OnDemand

from analytics import schema
from analytics.database import Database
from analytics.ingest.feeds import cclf_look, recognised, text
from analytics.ingest.feeds.cclf_layout import LAYOUTS
from analytics.loader import load

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
M1, M2, M3 = "1EG4TE5MK73", "2EG4TE5MK74", "3EG4TE5MK75"


@pytest.fixture
def loaded(tmp_path):
    """Files written by name, loaded and built; closes the database afterwards."""
    db = OnDemand(threads=1)

    def build(**files):
        for name, records in files.items():
            write(tmp_path, f"{name}.txt", *records)
        report = load(db, tmp_path)
        db.build_on_demand(dt.date(2025, 12, 31), "settled_claim", "payer_claim_version")
        return db, report

    yield build
    db.close()


def fates(db):
    return dict(
        db.sql(
            "SELECT ltrim(claim_number, '0'), fate FROM payer_claim "
            "JOIN payer_claim_version USING (payer_claim_id) ORDER BY 1"
        ).iter_rows()
    )


def total(db, table="settled_claim", column="paid_amount"):
    return db.sql(f"SELECT coalesce(sum({column}), 0) AS n FROM {table}").item()


ONE_OF_EACH = {
    "1": header(1),
    "2": record("2", CUR_CLM_UNIQ_ID="1", CLM_LINE_NUM="1", BENE_MBI_ID=M1, CLM_TYPE_CD="60",
                CLM_LINE_FROM_DT="2025-01-03", CLM_LINE_THRU_DT="2025-01-03",
                CLM_LINE_PROD_REV_CTR_CD="0450", CLM_LINE_INSTNL_REV_CTR_DT="2025-01-03",
                CLM_LINE_HCPCS_CD="99284", CLM_LINE_SRVC_UNIT_QTY="2.0000",
                CLM_LINE_CVRD_PD_AMT="1000.00", HCPCS_1_MDFR_CD="25"),
    "3": record("3", CUR_CLM_UNIQ_ID="1", BENE_MBI_ID=M1, CLM_TYPE_CD="60", CLM_VAL_SQNC_NUM="01",
                CLM_PRCDR_CD="0DTJ4ZZ", CLM_PRCDR_PRFRM_DT="2025-01-04", DGNS_PRCDR_ICD_IND="0"),
    "4": record("4", CUR_CLM_UNIQ_ID="1", BENE_MBI_ID=M1, CLM_TYPE_CD="60", CLM_PROD_TYPE_CD="D",
                CLM_VAL_SQNC_NUM="01", CLM_DGNS_CD="I5033", CLM_POA_IND="Y",
                DGNS_PRCDR_ICD_IND="0"),
    "5": carrier(2),
    "6": record("6", CUR_CLM_UNIQ_ID="3", CLM_LINE_NUM="1", BENE_MBI_ID=M1, CLM_TYPE_CD="82",
                CLM_FROM_DT="2025-01-08", CLM_THRU_DT="2025-01-08", CLM_POS_CD="12",
                CLM_LINE_FROM_DT="2025-01-08", CLM_LINE_THRU_DT="2025-01-08",
                CLM_LINE_HCPCS_CD="E0601", CLM_LINE_CVRD_PD_AMT="30.00", CLM_CNTL_NUM="D1",
                CLM_LINE_ALOWD_CHRG_AMT="37.50", CLM_ADJSMT_TYPE_CD="0"),
    "7": drug(4),
    "8": record("8", BENE_MBI_ID=M1, BENE_DOB="1944-03-04", BENE_SEX_CD="2", BENE_ZIP_CD="78701",
                BENE_1ST_NAME="ANN", BENE_LAST_NAME="EXAMPLE", BENE_MDCR_STUS_CD="10",
                BENE_PART_A_ENRLMT_BGN_DT="2009-03-01", BENE_PART_B_ENRLMT_BGN_DT="2010-01-01"),
    "9": record("9", HICN_MBI_XREF_IND="M", CRNT_NUM=M2, PRVS_NUM=M1,
                PRVS_ID_EFCTV_DT="2018-01-01", PRVS_ID_OBSLT_DT="2025-06-01"),
    "A": record("A", CUR_CLM_UNIQ_ID="1", BENE_MBI_ID=M1, CLM_TYPE_CD="60",
                CLM_ACTV_CARE_FROM_DT="2025-01-03", CLM_PBP_INCLSN_AMT="0.00",
                CLM_SQSTRTN_RDCTN_AMT="20.41"),
    "B": record("B", CUR_CLM_UNIQ_ID="2", CLM_LINE_NUM="1", BENE_MBI_ID=M1, CLM_TYPE_CD="71",
                CLM_PBP_INCLSN_AMT="0.00", CLM_MDCR_DDCTBL_AMT="5.00"),
}  # fmt: skip


@pytest.mark.parametrize("file", ONE_OF_EACH)
def test_each_file_is_known_by_its_first_record_or_its_name(file):
    line = ONE_OF_EACH[file].encode()
    assert recognised(line, "anything.txt").name == f"cclf{file.lower()}"
    assert cclf_look.by_name(f"P.A0001.ACO.ZC{file}Y25.D250301.T1000000") == file


def test_what_is_no_feed_is_left_to_the_others():
    for start in (
        b"ISA*00*",
        b"",
        b"  \n",
        b"patient_control_number,amount\nA,1\n",
        b"\x00\xff" * 40,
    ):
        assert recognised(start, "a.txt") is None


@needs_shared
def test_places_are_those_of_the_published_layouts():
    for file, places in LAYOUTS.items():
        path = DATA / "cclf_specs" / f"cclf_{file.lower()}.csv"
        rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True))
        said = {
            "".join(row["field_label"].split()).strip("…"): (
                int(row["Start Position"]), int(row["End Position"])
            )
            for row in rows
        }  # fmt: skip
        if file != "0":
            assert places.items() <= said.items(), file


def test_one_of_each_loads_and_the_claims_are_whole(loaded):
    db, report = loaded(**{f"ZC{file}": [line] for file, line in ONE_OF_EACH.items()})
    assert report.is_clean
    assert report.total("feed_rows") == report.total("records") == 11
    assert (report.total("payer_claims"), report.total("payer_lines")) == (4, 4)
    claims = db.sql(
        "SELECT service_category, paid_amount, allowed_amount, patient_paid_amount, line_count, "
        "is_member_known FROM settled_claim ORDER BY service_category"
    ).rows()
    assert claims == [
        ("dme", Decimal("30.00"), Decimal("37.50"), None, 1, True),
        ("inpatient", Decimal("1000.00"), None, None, 1, True),
        ("pharmacy", None, None, Decimal("12.50"), 1, True),
        ("professional", Decimal("80.00"), Decimal("100.00"), None, 1, True),
    ]
    codes = db.sql("SELECT diagnosis_code, kind FROM payer_claim_diagnosis ORDER BY 1").rows()
    assert codes == [("E119", "principal"), ("I5033", "principal")]
    assert db.sql("SELECT procedure_date FROM payer_claim_procedure").item() == dt.date(2025, 1, 4)
    assert db.sql("SELECT drg_code FROM settled_claim WHERE drg_code <> ''").item() == "291"
    spans = db.sql("SELECT coverage_code, start_date FROM eligibility ORDER BY 1").rows()
    assert spans == [("PART_A", dt.date(2009, 3, 1)), ("PART_B", dt.date(2010, 1, 1))]
    amounts = dict(
        db.sql("SELECT kind, sum(amount) FROM payer_claim_amount GROUP BY 1").iter_rows()
    )
    assert amounts["CLM_SQSTRTN_RDCTN_AMT"] == Decimal("20.41")
    assert db.sql("SELECT count(DISTINCT person_id) FROM person").item() == 1


def test_a_second_load_changes_nothing(tmp_path):
    write(tmp_path, "a.txt", header(1))
    with Database() as db:
        load(db, tmp_path)
        assert [f.status for f in load(db, tmp_path).files] == ["already loaded"]
        assert db.sql("SELECT count(*) FROM payer_claim").item() == 1


FINAL = [  # versions as (number, adjustment, paid, day), and what becomes of each
    ("one original", [(1, "0", 100, "02-01")], {"1": "final"}),
    ("cancelled", [(1, "0", 100, "02-01"), (2, "1", 100, "03-01")],
     {"1": "cancelled", "2": "cancellation"}),
    ("cancelled and adjusted on one day",
     [(1, "0", 100, "02-01"), (2, "1", 100, "03-01"), (3, "2", 70, "03-01")],
     {"1": "cancelled", "2": "cancellation", "3": "final"}),
    ("adjusted to the same amount: the older is taken back",
     [(1, "0", 100, "02-01"), (2, "1", 100, "03-01"), (3, "2", 100, "03-02")],
     {"1": "cancelled", "2": "cancellation", "3": "final"}),
    ("two originals stand",
     [(1, "0", 100, "02-01"), (2, "0", 60, "02-01")], {"1": "final", "2": "final"}),
    ("a cancellation of what was never sent takes nothing",
     [(1, "0", 100, "02-01"), (2, "1", 55, "03-01")], {"1": "final", "2": "cancellation"}),
    ("adjusted twice",
     [(1, "0", 100, "02-01"), (2, "1", 100, "03-01"), (3, "2", 70, "03-01"),
      (4, "1", 70, "04-01"), (5, "2", 80, "04-01")],
     {"1": "cancelled", "2": "cancellation", "3": "cancelled", "4": "cancellation", "5": "final"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "versions", "expected"), FINAL, ids=[f[0] for f in FINAL])
@pytest.mark.parametrize("part", ["A", "B"])
def test_which_version_stands(loaded, name, versions, expected, part):
    made = [
        header(n, CLM_ADJSMT_TYPE_CD=kind, CLM_PMT_AMT=f"{paid}.00", CLM_EFCTV_DT=f"2025-{day}")
        if part == "A"
        else carrier(
            n, CLM_ADJSMT_TYPE_CD=kind, CLM_LINE_CVRD_PD_AMT=f"{paid}.00",
            CLM_EFCTV_DT=f"2025-{day}",
        )
        for n, kind, paid, day in versions
    ]  # fmt: skip
    db, _ = loaded(a=made)
    assert fates(db) == expected
    stands = sum(paid for n, _, paid, _ in versions if expected[str(n)] == "final")
    assert total(db) == stands
    if name != "a cancellation of what was never sent takes nothing":
        assert total(db, "payer_claim_version", "signed_paid_amount") == stands


def test_an_unpaid_part_a_claim_is_told_apart(loaded):
    db, _ = loaded(a=[header(1, CLM_MDCR_NPMT_RSN_CD="N", CLM_PMT_AMT="0.00"), header(2)])
    assert fates(db) == {"1": "not_paid", "2": "final"}


def test_a_copy_in_a_later_delivery_counts_once(loaded):
    db, _ = loaded(a=[header(1), header(2, CLM_FROM_DT="2025-02-03", CLM_THRU_DT="2025-02-04")],
                   b=[header(1)])  # fmt: skip
    assert db.sql("SELECT fate, count(*) AS n FROM payer_claim_version GROUP BY 1").sort(
        "fate"
    ).rows() == [("copy", 1), ("final", 2)]
    assert total(db) == 2000


def test_of_part_d_the_latest_delivery_stands_and_may_cancel(loaded):
    db, _ = loaded(
        a=[drug(1), drug(2, CLM_LINE_RX_SRVC_RFRNC_NUM="78"), drug(3, CLM_LINE_RX_FILL_NUM="1")],
        b=[drug(4, CLM_ADJSMT_TYPE_CD="2", CLM_LINE_BENE_PMT_AMT="9.00"),
           drug(5, CLM_LINE_RX_SRVC_RFRNC_NUM="78", CLM_ADJSMT_TYPE_CD="1")],
    )  # fmt: skip
    assert fates(db) == {
        "1": "superseded", "2": "superseded", "3": "final", "4": "final", "5": "cancellation",
    }  # fmt: skip
    assert total(db, column="patient_paid_amount") == Decimal("21.50")


def test_versions_under_an_old_number_of_the_member_are_of_one_claim(loaded):
    first = header(1, BENE_MBI_ID=M1)
    taken_back = header(2, BENE_MBI_ID=M3, CLM_ADJSMT_TYPE_CD="1", CLM_EFCTV_DT="2025-03-01")
    links = [
        record("9", HICN_MBI_XREF_IND="M", CRNT_NUM=new, PRVS_NUM=old,
               PRVS_ID_EFCTV_DT="2018-01-01", PRVS_ID_OBSLT_DT=day)
        for new, old, day in [(M2, M1, "2024-01-01"), (M3, M2, "2025-01-01")]
    ]  # fmt: skip
    db, _ = loaded(a=[first, taken_back], x=links)
    assert fates(db) == {"1": "cancelled", "2": "cancellation"}
    assert db.sql("SELECT count(DISTINCT person_id) FROM person").item() == 1


def test_without_a_link_two_numbers_are_two_people(loaded):
    db, _ = loaded(a=[header(1, BENE_MBI_ID=M1), header(2, BENE_MBI_ID=M2, CLM_ADJSMT_TYPE_CD="1")])
    assert fates(db) == {"1": "final", "2": "cancellation"}


def test_numbers_that_lead_in_a_circle_still_end(loaded):
    link = {"HICN_MBI_XREF_IND": "M", "PRVS_ID_EFCTV_DT": "2018-01-01",
            "PRVS_ID_OBSLT_DT": "2025-01-01"}  # fmt: skip
    db, _ = loaded(
        x=[record("9", CRNT_NUM=M2, PRVS_NUM=M1, **link),
           record("9", CRNT_NUM=M1, PRVS_NUM=M2, **link)],
        a=[header(1, BENE_MBI_ID=M1), header(2, BENE_MBI_ID=M2, CLM_ADJSMT_TYPE_CD="1")],
    )  # fmt: skip
    assert db.sql("SELECT count(DISTINCT person_id) FROM person").item() == 1


BAD = [
    (header(1, CLM_PMT_AMT="12.345"), "amount_unreadable"),
    (header(1, CLM_PMT_AMT=""), "value_missing"),
    (header(1, CLM_FROM_DT="2025-13-01"), "date_unreadable"),
    (header(1, CLM_FROM_DT="1000-01-01"), "value_missing"),
    (header(1, BENE_MBI_ID=""), "value_missing"),
    (header(1)[:195], "amount_unreadable"),
]


@pytest.mark.parametrize(("line", "rule"), BAD)
def test_a_record_at_fault_is_kept_out_and_named(loaded, line, rule):
    sound = header(2)
    db, report = loaded(a=[sound, line])
    assert report.total("records") == 2
    assert report.total("payer_claims") == 1
    assert db.sql("SELECT record_no, rule FROM rejected").rows() == [(2, rule)]


def test_a_line_at_fault_takes_its_claim_along(loaded):
    db, report = loaded(
        a=[carrier(1), carrier(1, CLM_LINE_NUM="2", CLM_LINE_CVRD_PD_AMT="x"), carrier(2)]
    )
    assert db.sql("SELECT record_no, rule FROM rejected ORDER BY 1").rows() == [
        (1, "claim_rejected"), (2, "amount_unreadable"),
    ]  # fmt: skip
    assert report.total("records") == 3
    assert total(db) == 80


def test_claims_told_in_several_blocks_are_put_together(loaded, monkeypatch):
    """The same files, read by the record and at once, give the same claims."""
    lines = [
        carrier(n, CLM_LINE_NUM=str(i), CLM_LINE_CVRD_PD_AMT=f"{n}.{i:02}") for i in (1, 2, 3)
        for n in (1, 2, 3)
    ]  # fmt: skip
    lines.append(carrier(2, CLM_LINE_NUM="4", CLM_LINE_CVRD_PD_AMT="?"))
    monkeypatch.setattr(text, "BLOCK", 500)
    db, report = loaded(a=lines)
    assert report.total("rejected") == 4
    assert report.total("payer_claims") == 2
    assert total(db) == Decimal("12.12")
    assert total(db, "settled_line") == Decimal("12.12")
    assert db.sql("SELECT count(*) FROM payer_claim_diagnosis").item() == 2


def test_money_taken_back_loads_with_a_warning(loaded):
    db, report = loaded(a=[header(1, CLM_PMT_AMT="-50.00")])
    assert total(db) == -50
    assert report.by_rule("warnings_by_rule") == {"paid_negative": 1}


def test_no_number_or_name_of_a_person_stands_outside_patient(loaded):
    db, _ = loaded(**{f"ZC{file}": [line] for file, line in ONE_OF_EACH.items()})
    for table in schema.tables().values():
        for column in table.columns:
            if table.name != "patient" and column.type == "VARCHAR":
                found = db.sql(f"SELECT DISTINCT {column.name} AS v FROM {table.name}")["v"]
                assert not {M1, M2, "EXAMPLE", "ANN"} & set(found), f"{table.name}.{column.name}"


def plainly_final(versions):
    """Another road: pair cancellations off one by one, in plain Python."""
    left = set()
    keys = {v["key"] for v in versions}
    for key in keys:
        group = [v for v in versions if v["key"] == key]
        group.sort(key=lambda v: (v["day"], v["number"]))
        standing = [v for v in group if v["kind"] != "1"]
        for cancel in (v for v in group if v["kind"] == "1"):
            match = next((v for v in standing if v["paid"] == cancel["paid"]), None)
            if match:
                standing.remove(match)
        left |= {v["number"] for v in standing}
    return left


@pytest.mark.parametrize("seed", range(3))
def test_random_versions_pair_off_as_by_hand(loaded, seed):
    draw = random.Random(seed)  # noqa: S311
    versions = [
        {"number": f"{n:013}", "kind": draw.choice("00112"), "paid": draw.choice([10, 20]),
         "day": f"2025-0{draw.randint(2, 6)}-01", "key": draw.randint(1, 12)}
        for n in range(1, 80)
    ]  # fmt: skip
    records = [
        header(int(v["number"]), CLM_ADJSMT_TYPE_CD=v["kind"], CLM_PMT_AMT=f"{v['paid']}.00",
               CLM_EFCTV_DT=v["day"], CLM_FROM_DT=f"2025-01-{v['key']:02}",
               CLM_THRU_DT="2025-01-31")
        for v in versions
    ]  # fmt: skip
    draw.shuffle(records)
    db, _ = loaded(a=records)
    final = db.sql(
        "SELECT claim_number FROM payer_claim JOIN settled_claim USING (payer_claim_id)"
    )["claim_number"]
    assert set(final) == plainly_final(versions)


@needs_shared
def test_the_published_files_load_whole():
    with Database() as db:
        report = load(db, DATA / "bcda" / "cclf")
        assert report.is_clean
        plain = Counter()
        for path in {p.read_bytes(): p for p in (DATA / "bcda" / "cclf").iterdir()}.values():
            plain[path.stem[-3:]] += len(path.read_text().strip().splitlines())
        assert db.sql("SELECT count(*) FROM eligibility").item() == plain["ZC8"]
        assert db.sql("SELECT count(*) FROM member_link").item() == plain["ZC9"]
        assert db.sql("SELECT count(*) FROM feed_control").item() == plain["ZC0"] - 2
        assert report.total("records") == sum(plain.values()) - 2


@needs_shared
def test_the_connectors_csv_layouts_are_known():
    with Database() as db:
        report = load(db, DATA / "tuva_cclf_seeds")
        assert {f.status for f in report.files} == {"loaded"}
        assert not report.total("records")
