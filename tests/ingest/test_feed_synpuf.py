"""DE-SynPUF: counts and dollars of CMS's synthetic files, counted a second time with csv."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.database import Database
from analytics.loader import load

DATA = Path(__file__).parents[3] / "shared" / "data" / "synpuf"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
ZERO = Decimal(0)


def plainly(pattern):
    rows = []
    for path in sorted(DATA.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as stream:
            rows += list(csv.DictReader(stream))
    return rows


def cents(row, name, most=0):
    names = [f"{name}_{n}" for n in range(1, most + 1)] if most else [name]
    return sum((Decimal(row[n] or 0) for n in names), ZERO)


@needs_shared
@pytest.mark.parametrize("files", ["DE_0_*", "input_*"])
def test_counts_and_dollars_are_those_of_the_files(files):
    facilities = plainly(f"{files}npatient*") + plainly(f"{files}utpatient*")
    carriers, drugs = plainly(f"{files}arrier*"), plainly(f"{files}rescription*")
    people = plainly(f"{files}eneficiary*")

    def owed(*names):
        return sum(cents(r, name) for r in facilities for name in names if name in r)

    with Database() as db:
        report = load(db, sorted(DATA.glob(files)))
        db.build(dt.date(2010, 12, 31))
        assert report.total("rejected") == 0
        rows = len(facilities) + len(carriers) + len(drugs) + len(people)
        assert report.total("feed_rows") == report.total("records") == rows
        found = db.sql(
            "SELECT count(*), sum(paid_amount), sum(allowed_amount), sum(billed_amount), "
            "sum(patient_paid_amount), sum(deductible_amount), sum(coinsurance_amount) "
            "FROM payer_claim"
        ).row(0)
        assert found == (
            len(facilities) + len(carriers) + len(drugs),
            sum(cents(r, "CLM_PMT_AMT") for r in facilities)
            + sum(cents(r, "LINE_NCH_PMT_AMT", 13) for r in carriers),
            sum(cents(r, "LINE_ALOWD_CHRG_AMT", 13) for r in carriers),
            sum(cents(r, "TOT_RX_CST_AMT") for r in drugs),
            sum(cents(r, "PTNT_PAY_AMT") for r in drugs),
            owed("NCH_BENE_IP_DDCTBL_AMT", "NCH_BENE_PTB_DDCTBL_AMT")
            + sum(cents(r, "LINE_BENE_PTB_DDCTBL_AMT", 13) for r in carriers),
            owed("NCH_BENE_PTA_COINSRNC_LBLTY_AM", "NCH_BENE_PTB_COINSRNC_AMT")
            + sum(cents(r, "LINE_COINSRNC_AMT", 13) for r in carriers),
        )  # fmt: skip
        months = db.sql(
            "SELECT coverage_code, sum(datediff('month', start_date, end_date) + 1) AS n "
            "FROM eligibility GROUP BY 1"
        )
        whole = {"PART_A": "BENE_HI_CVRAGE_TOT_MONS", "PART_B": "BENE_SMI_CVRAGE_TOT_MONS"}
        told = {part: sum(int(r[c]) for r in people if r[c] == "12") for part, c in whole.items()}
        assert {part: n for part, n in months.rows() if part in told} == told
        assert db.sql("SELECT count(*) FROM payer_claim_procedure").item() == sum(
            bool(row[f"ICD9_PRCDR_CD_{n}"]) for row in facilities for n in range(1, 7)
        )


HEAD = (
    "YEAR,DESYNPUF_ID,BENE_BIRTH_DT,BENE_DEATH_DT,BENE_SEX_IDENT_CD,BENE_HI_CVRAGE_TOT_MONS,"
    "BENE_SMI_CVRAGE_TOT_MONS,BENE_HMO_CVRAGE_TOT_MONS,PLAN_CVRG_MOS_NUM\n"
)


def test_months_of_which_is_not_said_are_no_cover_and_are_named(tmp_path):
    (tmp_path / "members.csv").write_text(
        f"{HEAD}2008,A,19300101,,1,12,12,0,5\n2008,B,19300101,20080401,2,4,4,0,0\n"
        "2008,C,19300101,,2,0,0,0,0\n,D,19300101,,2,12,12,0,0\n"
    )
    with Database() as db:
        report = load(db, tmp_path)
        spans = db.sql(
            "SELECT record_no, coverage_code, start_date, end_date FROM eligibility ORDER BY ALL"
        ).rows()
        first = dt.date(2008, 1, 1)
        assert spans == [
            (1, "PART_A", first, dt.date(2008, 12, 31)),
            (1, "PART_B", first, dt.date(2008, 12, 31)),
            (2, "PART_A", first, dt.date(2008, 4, 30)),
            (2, "PART_B", first, dt.date(2008, 4, 30)),
        ]
        assert report.by_rule("warnings_by_rule") == {"cover_start_missing": 3}


def test_the_name_of_a_file_of_beneficiaries_tells_its_year(tmp_path):
    rows = HEAD.removeprefix("YEAR,") + "A,19300101,,1,12,0,0,0\n"
    (tmp_path / "DE1_0_2009_Beneficiary_Summary_File_Sample_1.csv").write_text(rows)
    with Database() as db:
        load(db, tmp_path)
        assert db.sql("SELECT start_date FROM eligibility").item() == dt.date(2009, 1, 1)


def test_an_unreadable_amount_of_one_line_keeps_the_claim_out(tmp_path):
    head = "DESYNPUF_ID,CLM_ID,CLM_FROM_DT,CLM_THRU_DT,HCPCS_CD_1,LINE_NCH_PMT_AMT_1,HCPCS_CD_2," \
           "LINE_NCH_PMT_AMT_2\n"  # fmt: skip
    (tmp_path / "carrier.csv").write_text(
        f"{head}A,1,20080101,20080101,99213,50,99214,x\nA,2,20080101,20080101,99213,50,,0\n"
    )
    with Database() as db:
        assert load(db, tmp_path).by_rule("rejected_by_rule") == {"amount_unreadable": 1}
        assert db.sql("SELECT line_no, paid_amount FROM payer_claim_line").rows() == [(1, 50)]
