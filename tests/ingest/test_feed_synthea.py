"""Synthea's CSV: what the ledger says of money, counted a second time with the csv module."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from drawing import OnDemand

from analytics.ingest.feeds import text
from analytics.loader import load

DATA = Path(__file__).parents[3] / "shared" / "data" / "synthea"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
LEDGER = "ID,CLAIMID,CHARGEID,TYPE,AMOUNT,METHOD,FROMDATE,PAYMENTS\n"
CLAIMS = "Id,PATIENTID,PRIMARYPATIENTINSURANCEID,DIAGNOSIS1,SERVICEDATE,HEALTHCARECLAIMTYPEID1\n"
DAY = "2025-01-02T00:00:00Z"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def loaded(db, folder):
    report = load(db, folder)
    db.build_on_demand(dt.date(2025, 12, 31))
    return report


def sums(db):
    return db.sql(
        "SELECT sum(billed_amount) AS billed, sum(paid_amount) AS paid, "
        "sum(patient_paid_amount) AS own FROM payer_claim_line"
    ).row(0)


@needs_shared
def test_counts_and_dollars_are_those_of_the_files():
    ledger = rows("claims_transactions.csv")
    paid = [(t["METHOD"], Decimal(t["PAYMENTS"])) for t in ledger if t["PAYMENTS"]]
    with OnDemand() as db:
        report = loaded(db, DATA)
        assert report.total("rejected") == 0
        used = ("claims", "claims_transactions", "patients", "payer_transitions", "payers")
        assert report.total("feed_rows") == sum(len(rows(f"{name}.csv")) for name in used)
        counts = {
            table: db.sql(f"SELECT count(*) FROM {table}").item()
            for table in ("payer_claim", "settled_claim", "eligibility", "payer")
        }
        claims, spans = len(rows("claims.csv")), len(rows("payer_transitions.csv"))
        assert list(counts.values()) == [claims, claims, spans, len(rows("payers.csv"))]
        assert sums(db) == (
            sum(Decimal(t["AMOUNT"]) for t in ledger if t["TYPE"] == "CHARGE"),
            sum(amount for method, amount in paid if method == "ECHECK"),
            sum(amount for method, amount in paid if method != "ECHECK"),
        )


def test_only_an_electronic_check_is_the_payers_and_a_transfer_is_no_money(tmp_path):
    (tmp_path / "claims.csv").write_text(f"{CLAIMS}c,m,p,44054006,{DAY},1\n")
    entries = [("CHARGE", "100.00", "", ""), ("TRANSFEROUT", "", "", ""),
               ("PAYMENT", "", "ECHECK", "70.00"), ("PAYMENT", "", "CASH", "30.00")]  # fmt: skip
    (tmp_path / "ledger.csv").write_text(
        LEDGER + "".join(f"t,c,1,{t},{a},{m},{DAY},{p}\n" for t, a, m, p in entries)
    )
    with OnDemand() as db:
        assert loaded(db, tmp_path).total("rejected") == 0
        assert sums(db) == (100, 70, 30)
        assert db.sql("SELECT paid_amount FROM settled_claim").item() == 70


def test_a_claim_with_an_unreadable_amount_is_rejected(tmp_path):
    (tmp_path / "ledger.csv").write_text(f"{LEDGER}t,c,1,CHARGE,1.234,,{DAY},\n")
    with OnDemand() as db:
        assert loaded(db, tmp_path).total("rejected") == 1
        assert db.sql("SELECT rule FROM rejected").item() == "amount_unreadable"


@pytest.mark.parametrize("block", [1 << 20, 150])
def test_each_record_of_a_claim_at_fault_is_rejected_whichever_block_it_is_in(
    tmp_path, monkeypatch, block
):
    monkeypatch.setattr(text, "BLOCK", block)
    entries = [
        ("c", "CHARGE", "100.00", "", ""),
        ("c", "PAYMENT", "", "ECHECK", "70.00"),
        ("c", "PAYMENT", "", "CASH", "30.00"),
        ("d", "CHARGE", "40.00", "", ""),
        ("d", "PAYMENT", "", "ECHECK", "40.00"),
        ("c", "CHARGE", "1.234", "", ""),
        ("c", "PAYMENT", "", "ECHECK", "1.00"),
    ]
    (tmp_path / "ledger.csv").write_text(
        LEDGER + "".join(f"t,{c},1,{t},{a},{m},{DAY},{p}\n" for c, t, a, m, p in entries)
    )
    with OnDemand() as db:
        report = loaded(db, tmp_path)
        assert (report.total("feed_rows"), report.total("rejected")) == (2, 5)
        assert sums(db) == (40, 40, 0)
        assert db.sql("SELECT count(*), count(DISTINCT record_no) FROM rejected").row(0) == (5, 5)
