"""RIF: counts and dollars a second time with the csv module; versions, cover by month, bad rows."""

import csv
import datetime as dt
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from drawing import OnDemand

from analytics import schema
from analytics.database import Database
from analytics.loader import load

DATA = Path(__file__).parents[3] / "shared" / "data" / "cms_rif"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
PAID = {"REV_CNTR": "CLM_TOT_CHRG_AMT", "LINE_NUM": "NCH_CARR_CLM_SBMTD_CHRG_AMT"}
LINE_BILLED = {"REV_CNTR": "REV_CNTR_TOT_CHRG_AMT", "LINE_NUM": "LINE_SBMTD_CHRG_AMT"}
CARRIER = {
    "DML_IND": "INSERT", "BENE_ID": "-1", "CLM_ID": "7", "CLM_GRP_ID": "900", "FINAL_ACTION": "F",
    "NCH_CLM_TYPE_CD": "71", "CLM_FROM_DT": "30-May-2025", "CLM_THRU_DT": "30-May-2025",
    "CLM_PMT_AMT": "80.00", "NCH_CARR_CLM_SBMTD_CHRG_AMT": "150.00",
    "NCH_CARR_CLM_ALOWD_AMT": "100.00", "PRNCPAL_DGNS_CD": "I10", "PRNCPAL_DGNS_VRSN_CD": "0",
    "ICD_DGNS_CD1": "I10", "ICD_DGNS_VRSN_CD1": "0", "LINE_NUM": "1", "HCPCS_CD": "99213",
    "HCPCS_1ST_MDFR_CD": "25", "LINE_NCH_PMT_AMT": "80.00",
}  # fmt: skip
INPATIENT = {
    "DML_IND": "INSERT", "BENE_ID": "-1", "CLM_ID": "8", "FINAL_ACTION": "F",
    "NCH_CLM_TYPE_CD": "60", "CLM_FROM_DT": "03-Jan-2025", "CLM_THRU_DT": "05-Jan-2025",
    "CLM_PMT_AMT": "900.00", "CLM_TOT_CHRG_AMT": "2000.00", "CLM_FAC_TYPE_CD": "1",
    "CLM_SRVC_CLSFCTN_TYPE_CD": "1", "CLM_FREQ_CD": "1", "CLM_DRG_CD": "0291",
    "PRNCPAL_DGNS_CD": "I5033", "PRNCPAL_DGNS_VRSN_CD": "0", "ICD_DGNS_CD1": "I5033",
    "ICD_DGNS_VRSN_CD1": "0", "CLM_POA_IND_SW1": "Y", "ICD_DGNS_CD2": "E119",
    "ICD_DGNS_VRSN_CD2": "0", "ICD_PRCDR_CD1": "0DTJ4ZZ", "PRCDR_DT1": "04-Jan-2025",
    "CLM_LINE_NUM": "1", "REV_CNTR": "0120", "REV_CNTR_TOT_CHRG_AMT": "2000.00",
}  # fmt: skip
MEMBER = {
    "DML_IND": "INSERT", "BENE_ID": "-1", "BENE_BIRTH_DT": "11-Nov-1945", "BENE_SEX_IDENT_CD": "2",
    "MBI_NUM": "1S00E00AA14", "RFRNC_YR": "2025",
}  # fmt: skip


def write(path, *records):
    names = list(dict.fromkeys(name for r in records for name in r))
    with path.open("w", newline="") as stream:
        made = csv.DictWriter(stream, names, delimiter="|", restval="")
        made.writeheader()
        made.writerows(records)


@pytest.fixture
def loaded(tmp_path):
    """Files written by name, loaded and built; closes the database afterwards."""
    db = OnDemand(threads=1)

    def build(**files):
        for name, records in files.items():
            write(tmp_path / f"{name}.csv", *records)
        report = load(db, tmp_path)
        db.build_on_demand(dt.date(2025, 12, 31), "settled_claim", "payer_claim_version")
        return db, report

    yield build
    db.close()


def plainly(paths):
    """What the files say, another road: rows by claim, each claim's money once."""
    seen = defaultdict(Decimal)
    known = set()
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="|"))
        kind = next((k for k in PAID if k in rows[0]), None)
        for row in rows:
            if any(extra.strip() for extra in row.get(None, ())):
                seen["rejected"] += 1
                continue
            seen["loaded"] += 1
            if "PDE_ID" in row:
                seen["claims"] += 1
                seen["paid"] += Decimal(row["CVRD_D_PLAN_PD_AMT"])
                seen["paid"] += Decimal(row["NCVRD_PLAN_PD_AMT"])
                seen["billed"] += Decimal(row["TOT_RX_CST_AMT"])
            elif kind:
                seen["line_billed"] += Decimal(row[LINE_BILLED[kind]] or 0)
                if (path, row["CLM_ID"]) not in known:
                    known.add((path, row["CLM_ID"]))
                    seen["claims"] += 1
                    seen["paid"] += Decimal(row["CLM_PMT_AMT"])
                    seen["billed"] += Decimal(row[PAID[kind]])
                    seen["through"] += Decimal(row.get("CLM_PASS_THRU_PER_DIEM_AMT") or 0) * int(
                        row.get("CLM_UTLZTN_DAY_CNT") or 0
                    )
                    seen["allowed"] += Decimal(row.get("NCH_CARR_CLM_ALOWD_AMT") or 0)
    return seen


@needs_shared
def test_counts_and_dollars_are_those_of_the_files():
    files = {p.read_bytes(): p for p in sorted(DATA.rglob("*.*")) if p.suffix in (".csv", ".txt")}
    files = [p for p in files.values() if p.name != "export_summary.csv"]
    told = plainly(files)
    with Database() as db:
        report = load(db, DATA)
        assert {f.status for f in report.files} == {"loaded", "already loaded"}
        assert report.by_rule("rejected_by_rule") == {"columns_differ": told["rejected"]}
        assert report.total("feed_rows") == told["loaded"]
        assert report.total("records") == told["loaded"] + told["rejected"]
        found = db.sql(
            "SELECT count(*) AS claims, sum(paid_amount) AS paid, sum(billed_amount) AS billed, "
            "sum(allowed_amount) AS allowed, sum(pass_through_amount) AS through FROM payer_claim"
        ).row(0, named=True)
        assert found == {name: told[name] for name in found}
        lines = db.sql(
            "SELECT sum(billed_amount) AS n FROM payer_claim_line WHERE payer_claim_id NOT IN "
            "(SELECT payer_claim_id FROM payer_claim WHERE claim_type = 'pharmacy')"
        )
        assert lines.item() == told["line_billed"]


@needs_shared
def test_months_covered_are_those_that_the_files_count():
    """Synthea's beneficiaries say how many months of the year they had each part."""
    told = defaultdict(int)
    for path in {p.read_bytes(): p for p in (DATA / "rif-synthea").glob("beneficiary_2*")}.values():
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="|"):
                for part, column in (("PART_A", "A_MO_CNT"), ("PART_B", "B_MO_CNT")):
                    told[part, int(row["RFRNC_YR"])] += int(row[column])
    with Database() as db:
        load(db, [str(p) for p in (DATA / "rif-synthea").glob("beneficiary_2*")])
        found = db.sql(
            "SELECT coverage_code, year(start_date) AS year, "
            "sum(month(end_date) - month(start_date) + 1) AS months FROM eligibility "
            "WHERE coverage_code IN ('PART_A', 'PART_B') GROUP BY ALL"
        )
        assert {(part, year): n for part, year, n in found.iter_rows()} == told


def test_a_claim_is_its_number_and_not_its_group(loaded):
    db, _ = loaded(a=[CARRIER, CARRIER | {"CLM_ID": "9", "CLM_PMT_AMT": "20.00"}])
    assert db.sql("SELECT sum(paid_amount) AS n, count(*) AS c FROM settled_claim").row(0) == (
        100, 2,
    )  # fmt: skip


def test_lines_repeat_the_claim_and_do_not_multiply_it(loaded):
    lines = [INPATIENT, INPATIENT | {"CLM_LINE_NUM": "2", "REV_CNTR": "0450"}]
    db, _ = loaded(a=lines)
    assert db.sql(
        "SELECT service_category, paid_amount, billed_amount, line_count, drg_code "
        "FROM settled_claim"
    ).row(0) == ("inpatient", 900, 2000, 2, "291")
    codes = db.sql(
        "SELECT kind, diagnosis_code, present_on_admission_code "
        "FROM payer_claim_diagnosis ORDER BY 1"
    ).rows()
    assert codes == [("other", "E119", None), ("principal", "I5033", "Y")]
    assert db.sql("SELECT procedure_date FROM payer_claim_procedure").item() == dt.date(2025, 1, 4)


def test_an_amount_allowed_that_no_column_says_stays_empty_and_is_counted(loaded):
    db, _ = loaded(a=[INPATIENT], b=[CARRIER])
    allowed = db.sql("SELECT allowed_amount FROM settled_claim ORDER BY claim_type").to_series()
    assert allowed.to_list() == [None, 100]
    counted = db.sql(
        "SELECT n, amount FROM left_out WHERE fact_name = 'settled_claim' "
        "AND reason = 'amount allowed not said by the feed (amount paid)'"
    )
    assert counted.rows() == [(1, 900)]


@pytest.mark.parametrize(
    ("change", "paid"),
    [({"DML_IND": "UPDATE", "CLM_PMT_AMT": "70.00"}, 70), ({"DML_IND": "DELETE"}, None),
     ({"DML_IND": "UPDATE", "FINAL_ACTION": "N"}, None)],
)  # fmt: skip
def test_a_later_file_replaces_or_takes_back(loaded, change, paid):
    db, _ = loaded(a=[CARRIER], b=[CARRIER | change])
    assert db.sql("SELECT sum(paid_amount) AS n FROM settled_claim").item() == paid


def test_months_make_spans_that_break_where_cover_or_medicaid_does(loaded):
    months = {f"MDCR_ENTLMT_BUYIN_{n}_IND": "1" for n in (1, 2, 3, 6, 7)}
    dual = {f"META_DUAL_ELGBL_STUS_{m}_CD": "NA" for m in ("JAN", "FEB", "JUN", "JUL")}
    db, _ = loaded(a=[MEMBER | months | dual | {"META_DUAL_ELGBL_STUS_MAR_CD": "2"}])
    spans = db.sql(
        "SELECT coverage_code, dual_status_code, start_date, end_date FROM eligibility ORDER BY 3"
    ).rows()
    day = dt.date
    assert spans == [
        ("PART_A", "NA", day(2025, 1, 1), day(2025, 2, 28)),
        ("PART_A", "02", day(2025, 3, 1), day(2025, 3, 31)),
        ("PART_A", "NA", day(2025, 6, 1), day(2025, 7, 31)),
    ]
    assert db.sql("SELECT count(*) AS n FROM member_month").item() == 5


def test_a_member_of_no_month_has_the_days_said_or_a_warning(loaded):
    other = MEMBER | {"BENE_ID": "-2", "MBI_NUM": ""}
    dated = MEMBER | {"PTB_CVRG_STRT_DT": "17-JUL-2021", "PTB_CVRG_END_DT": "17-AUG-2022"}
    db, report = loaded(a=[dated, other])
    spans = db.sql("SELECT coverage_code, start_date FROM eligibility ORDER BY record_no").rows()
    assert spans == [("PART_B", dt.date(2021, 7, 17)), (None, None)]
    assert report.by_rule("warnings_by_rule") == {"cover_start_missing": 1}


def test_claims_find_the_member_under_either_number(loaded):
    db, _ = loaded(a=[MEMBER | {"MDCR_ENTLMT_BUYIN_5_IND": "3"}], b=[CARRIER],
                   c=[CARRIER | {"BENE_ID": "1S00E00AA14", "CLM_ID": "11"}])  # fmt: skip
    assert db.sql("SELECT DISTINCT is_member_known FROM settled_claim").to_series().to_list() == [
        True
    ]
    assert db.sql("SELECT count(DISTINCT person_id) AS n FROM person").item() == 1


def test_bad_rows_are_named_and_take_their_claim_along(loaded):
    lines = [CARRIER, CARRIER | {"LINE_NUM": "2", "LINE_NCH_PMT_AMT": "x"},
             CARRIER | {"CLM_ID": "9"}]  # fmt: skip
    db, report = loaded(a=lines)
    assert report.by_rule("rejected_by_rule") == {"amount_unreadable": 1, "claim_rejected": 1}
    assert report.total("feed_rows") + report.total("rejected") == report.total("records") == 3
    assert db.sql("SELECT claim_number FROM payer_claim").to_series().to_list() == ["9"]


def test_no_number_or_name_of_a_person_stands_outside_patient(loaded):
    named = {"BENE_ID": "-99990001", "MBI_NUM": "1S00E00AA99", "BENE_SRNM_NAME": "EXAMPLE"}
    drug = {"PDE_ID": "5", "BENE_ID": "-99990001", "SRVC_DT": "01-Mar-2025",
            "CVRD_D_PLAN_PD_AMT": "7.00"}  # fmt: skip
    db, _ = loaded(a=[MEMBER | named], b=[CARRIER | named], c=[INPATIENT | named], d=[drug])
    assert db.sql("SELECT count(*) AS n FROM payer_claim").item() == 3
    for table in schema.tables().values():
        for column in table.columns:
            if table.name != "patient" and column.type == "VARCHAR":
                found = db.sql(f"SELECT DISTINCT {column.name} AS v FROM {table.name}")["v"]
                assert not set(named.values()) & set(found), f"{table.name}.{column.name}"


def test_what_a_drug_plan_paid_is_covered_and_not_covered_together(loaded):
    drug = {"PDE_ID": "7", "BENE_ID": "-1", "SRVC_DT": "01-Mar-2025", "TOT_RX_CST_AMT": "100.00",
            "CVRD_D_PLAN_PD_AMT": "40.00", "NCVRD_PLAN_PD_AMT": "5.00", "PTNT_PAY_AMT": "30.00",
            "OTHR_TROOP_AMT": "10.00", "LICS_AMT": "12.00", "PLRO_AMT": "3.00"}  # fmt: skip
    # A claim of the same number as the event is another claim.
    db, _ = loaded(a=[drug], b=[CARRIER])
    row = db.sql(
        "SELECT billed_amount, paid_amount, patient_paid_amount, other_payer_paid_amount "
        "FROM payer_claim WHERE claim_type = 'pharmacy'"
    ).row(0)
    assert row == (100, 45, 30, 25)
    assert sum(row[1:]) == row[0]
    assert db.sql("SELECT count(*) AS n FROM settled_claim").item() == 2


def test_a_row_may_end_in_a_separator_but_not_have_a_column_more(tmp_path):
    write(tmp_path / "a.csv", CARRIER, CARRIER | {"CLM_ID": "9"})
    path = tmp_path / "a.csv"
    head, one, two = path.read_text().splitlines()
    path.write_text(f"{head}\n{one}|\n{two}|extra\n")
    with Database() as db:
        report = load(db, path)
        assert report.by_rule("rejected_by_rule") == {"columns_differ": 1}
        assert report.total("feed_rows") == 1
