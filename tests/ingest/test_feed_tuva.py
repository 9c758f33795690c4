"""Tuva's input layer in and out: what is written adds up to the facts, and loads as the same."""

import csv
import datetime as dt
import stat
from decimal import Decimal
from pathlib import Path

import pytest
from cclf_records import carrier, drug, header, record, write
from drawing import OnDemand
from typer.testing import CliRunner

from analytics import sample
from analytics.cli import app
from analytics.database import Database
from analytics.errors import NotBuiltError
from analytics.exporting import TUVA, export_tuva
from analytics.loader import load

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
DAY = dt.date(2025, 12, 31)
LINE = {
    "claim_id": "c1", "claim_line_number": "1", "claim_type": "institutional", "person_id": "p1",
    "member_id": "m1", "payer": "Some Plan", "claim_start_date": "2025-01-03",
    "claim_end_date": "2025-01-05", "bill_type_code": "111", "revenue_center_code": "0120",
    "hcpcs_code": "99223", "hcpcs_modifier_1": "25", "service_unit_quantity": "2",
    "paid_amount": "60.00", "allowed_amount": "80.00", "charge_amount": "100.00",
    "diagnosis_code_type": "icd-10-cm", "diagnosis_code_1": "I5033", "diagnosis_code_2": "E119",
    "diagnosis_poa_1": "Y", "procedure_code_type": "icd-10-pcs", "procedure_code_1": "0DTJ4ZZ",
    "procedure_date_1": "2025-01-04", "data_source": "x",
}  # fmt: skip
SPAN = {
    "person_id": "p1", "member_id": "m1", "gender": "female", "birth_date": "1950-02-03",
    "death_date": "", "enrollment_start_date": "2025-01-01", "enrollment_end_date": "2025-03-31",
    "payer": "Some Plan", "payer_type": "medicare advantage", "dual_status_code": "NA",
}  # fmt: skip


def put(path, *records):
    with path.open("w", newline="") as stream:
        made = csv.DictWriter(stream, list(records[0]))
        made.writeheader()
        made.writerows(records)


def listed(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def one(db, columns, table="settled_claim"):
    return db.sql(f"SELECT {columns} FROM {table}").row(0)


@pytest.fixture
def db():
    with OnDemand() as made:
        yield made


def test_lines_of_a_claim_are_added_up(db, tmp_path):
    second = LINE | {"claim_line_number": "2", "revenue_center_code": "0450"}
    put(tmp_path / "medical_claim.csv", LINE, second)
    put(tmp_path / "eligibility.csv", SPAN)
    report = load(db, tmp_path)
    db.build_on_demand(DAY)
    assert report.is_clean
    assert one(
        db,
        "service_category, paid_amount, allowed_amount, billed_amount, line_count, is_member_known",
    ) == ("inpatient", 120, 160, 200, 2, True)
    codes = db.sql("SELECT kind, diagnosis_code, code_system FROM payer_claim_diagnosis ORDER BY 1")
    assert codes.rows() == [("other", "E119", "icd10"), ("principal", "I5033", "icd10")]
    assert one(db, "procedure_date", "payer_claim_procedure") == (dt.date(2025, 1, 4),)
    assert one(db, "line_of_business, count(*)", "eligibility GROUP BY 1") == (
        "medicare_advantage", 1,
    )  # fmt: skip
    assert one(db, "count(*)", "member_month") == (3,)


def test_a_claim_number_is_one_of_its_source_alone(db, tmp_path):
    put(tmp_path / "medical_claim.csv", LINE, LINE | {"data_source": "y"})
    load(db, tmp_path)
    assert one(db, "count(*), sum(paid_amount)", "payer_claim") == (2, 120)


def test_a_line_at_fault_takes_its_claim_along(db, tmp_path):
    bad = LINE | {"claim_line_number": "2", "paid_amount": "1.234"}
    put(tmp_path / "medical_claim.csv", LINE, bad, LINE | {"claim_id": "c2"})
    report = load(db, tmp_path)
    assert report.by_rule("rejected_by_rule") == {"amount_unreadable": 1, "claim_rejected": 1}
    assert one(db, "count(*)", "payer_claim") == (1,)


@needs_shared
def test_the_published_layouts_are_known_and_written(db, tmp_path):
    report = load(db, DATA / "tuva_demo")
    assert {f.status for f in report.files} == {"loaded"}
    db.build(DAY)
    export_tuva(db, tmp_path)
    for table in TUVA:
        ours = (tmp_path / f"{table}.csv").read_text().splitlines()[0]
        assert ours == (DATA / "tuva_demo" / f"{table}.csv").read_text().splitlines()[0]


def totals(db):
    return db.sql(
        "SELECT count(*) AS n, sum(paid_amount) AS paid, sum(allowed_amount) AS allowed, "
        "sum(billed_amount) AS billed FROM (SELECT paid_amount, allowed_amount, billed_amount "
        "FROM settled_claim UNION ALL SELECT paid_amount, allowed_amount, billed_amount "
        "FROM own_settled_claim WHERE NOT is_told_by_payer)"
    ).row(0)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Own claims of the sample with remits, and claims of a payer's feed beside them."""
    folder = tmp_path_factory.mktemp("own")
    sample.write(folder / "sample", claims=300, files="single")
    write(folder, "a.txt", header(1), header(2, CLM_FROM_DT="2025-03-03"), carrier(3))
    write(folder, "b.txt", drug(4))
    code = record("4", CUR_CLM_UNIQ_ID="1", BENE_MBI_ID="1EG4TE5MK73", CLM_TYPE_CD="60",
                  CLM_PROD_TYPE_CD="D", CLM_VAL_SQNC_NUM="01", CLM_DGNS_CD="I5033",
                  DGNS_PRCDR_ICD_IND="0")  # fmt: skip
    write(folder, "c.txt", code)
    with Database() as made:
        load(made, folder)
        made.build()
        counts = export_tuva(made, folder / "out")
        yield made, folder / "out", counts


def test_what_is_written_adds_up_to_the_facts(own):
    db, folder, counts = own
    rows = [*listed(folder / "medical_claim.csv"), *listed(folder / "pharmacy_claim.csv")]
    assert len(rows) == counts["medical_claim"] + counts["pharmacy_claim"]

    def added(name):
        return sum(Decimal(row[name] or 0) for row in rows)

    found = (len({row["claim_id"] for row in rows}), added("paid_amount"),
             added("allowed_amount"), added("charge_amount"))  # fmt: skip
    assert found == totals(db)
    stands = (
        "SELECT remit_claim_id FROM answer WHERE is_answer AND NOT is_taken_back AND claim_id IN "
        "(SELECT payer_claim_id FROM own_settled_claim WHERE NOT is_told_by_payer)"
    )
    owed = {"deductible_amount": "1", "coinsurance_amount": "2", "copayment_amount": "3"}
    for name, code in owed.items():  # carriers' claims of CCLF say none
        said = db.sql(
            "SELECT sum(amount) FROM adjustment WHERE group_code = 'PR' "
            f"AND carc_code = '{code}' AND remit_claim_id IN ({stands})"
        ).item()
        assert added(name) == said > 0
    keys = [(row["claim_id"], row["claim_line_number"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert {row["diagnosis_code_1"] for row in rows if row.get("drg_code") == "291"} <= {"I5033"}
    own_claims = db.sql("SELECT count(*) AS n FROM own_settled_claim").item()
    assert own_claims > 100


def test_what_is_written_loads_as_the_same(own, tmp_path):
    db, folder, counts = own
    with Database() as again:
        report = load(again, folder)
        assert report.total("rejected") == 0
        assert report.total("feed_rows") == sum(counts.values())
        again.build(db.as_of)
        assert totals(again) == totals(db)
        owed = "sum(deductible_amount), sum(coinsurance_amount), sum(copayment_amount)"
        assert one(again, owed, "payer_claim") == tuple(
            sum(Decimal(row[name] or 0) for row in listed(folder / "medical_claim.csv"))
            for name in ("deductible_amount", "coinsurance_amount", "copayment_amount")
        )
        for what in ("member_month", "eligibility"):
            told = "count(DISTINCT (person_id, month))" if what == "member_month" else "1"
            assert one(again, told, what) == one(db, told, what)
        per_category = "SELECT claim_type, sum(paid_amount) AS n FROM {} GROUP BY 1 ORDER BY 1"
        both = "(SELECT claim_type, paid_amount FROM settled_claim UNION ALL SELECT claim_type, " \
               "paid_amount FROM own_settled_claim)"  # fmt: skip
        assert again.sql(per_category.format("settled_claim")).equals(
            db.sql(per_category.format(both))
        )
        written = export_tuva(again, tmp_path)
    assert written["medical_claim"] == counts["medical_claim"]


def test_an_amount_that_no_line_says_stands_on_the_first(own):
    """CCLF says the payment of a part A claim in its header alone."""
    db, folder, _ = own
    number = db.sql(
        "SELECT payer_claim_id FROM settled_claim WHERE service_category = 'inpatient' "
        "AND feed_code = 'cclf' ORDER BY service_from_date LIMIT 1"
    ).item()
    rows = [r for r in listed(folder / "medical_claim.csv") if r["claim_id"] == str(number)]
    assert [(r["claim_line_number"], r["paid_amount"], r["allowed_amount"]) for r in rows] == [
        ("1", "1000.00", "")
    ]
    assert rows[0]["diagnosis_code_1"] == "I5033"


def test_own_claims_are_those_of_claim_outcome(own):
    """Another road: the primary claims answered and not voided, added up in claim_outcome."""
    db, _, _ = own
    assert one(db, "count(*), sum(paid_amount), sum(allowed_amount)", "own_settled_claim") == one(
        db, "count(*), sum(paid_amount), sum(allowed_amount)",
        "claim_outcome WHERE is_answered AND NOT is_voided AND payer_sequence_code = 'P'",
    )  # fmt: skip
    assert one(db, "sum(allowed_amount)", "own_settled_line") == one(
        db, "sum(allowed_amount)", "own_settled_claim"
    )


def test_the_files_are_their_owners_alone(own):
    _, folder, _ = own
    for table in TUVA:
        assert stat.S_IMODE((folder / f"{table}.csv").stat().st_mode) == 0o600
        header_line = (folder / f"{table}.csv").read_text().splitlines()[0]
        assert "social_security_number" not in header_line or table == "eligibility"
    assert {row["last_name"] for row in listed(folder / "eligibility.csv")} == {""}


def test_before_a_build_it_says_so(tmp_path):
    with Database() as empty, pytest.raises(NotBuiltError):
        export_tuva(empty, tmp_path)


def test_the_command_writes_and_counts(tmp_path):
    database = tmp_path / "a.duckdb"
    put(tmp_path / "medical_claim.csv", LINE)
    run = CliRunner()
    for words in (["load", str(tmp_path / "medical_claim.csv")], ["build"]):
        assert run.invoke(app, [*words, "-d", str(database)]).exit_code == 0
    done = run.invoke(app, ["export", "tuva", str(tmp_path / "out"), "-d", str(database), "--csv"])
    assert done.output.splitlines() == ["table,n", "medical_claim,1", "pharmacy_claim,0",
                                        "eligibility,0"]  # fmt: skip
    assert listed(tmp_path / "out" / "medical_claim.csv")[0]["hcpcs_modifier_1"] == "25"


def test_a_build_tells_what_of_feeds_is_left_out_or_doubtful(tmp_path):
    database = tmp_path / "a.duckdb"
    put(tmp_path / "medical_claim.csv", LINE, LINE | {"claim_id": "c2", "paid_amount": "-60.00"})
    run = CliRunner()
    load_it = ["load", str(tmp_path / "medical_claim.csv"), "-d", str(database)]
    assert run.invoke(app, load_it).exit_code == 0
    told = run.invoke(app, ["build", "-d", str(database)]).output.splitlines()
    assert "payers' feeds: amount paid below 0: 1 (-60.00)" in told
    assert "payers' feeds: member of no known cover: 2" in told
