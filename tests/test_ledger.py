"""The ledger of any file adds up to that file's totals, to the cent: reversals and PLB included."""

import datetime as dt
import json
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from analytics.database import Database
from analytics.loader import load

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
# What no fact counts is told apart: requests for a price, and payments of no known date.
PER_FILE = """
WITH moved AS (
    SELECT
        file_id,
        sum(amount) FILTER (WHERE kind = 'charge') AS billed,
        sum(amount) FILTER (WHERE kind = 'payer_payment') AS paid,
        sum(amount) FILTER (WHERE kind IN ('contractual', 'patient_share', 'prior_payer',
            'other_adjustment', 'denied', 'pended')) AS adjusted,
        sum(amount) FILTER (WHERE kind = 'provider_adjustment') AS plb
    FROM ledger
    GROUP BY file_id
),
no_bill AS (
    SELECT file_id, sum(billed_amount) AS billed
    FROM claim WHERE is_predetermination OR submission_date IS NULL GROUP BY file_id
),
undated AS (
    SELECT remit_claim.file_id, sum(remit_claim.charge_amount) AS charge,
        sum(remit_claim.paid_amount) AS paid
    FROM remit_claim JOIN remit USING (remit_id) WHERE payment_date IS NULL GROUP BY 1
)
SELECT
    source_file.sha256,
    coalesce(moved.billed, 0) + coalesce(no_bill.billed, 0) AS billed,
    coalesce(moved.paid, 0) + coalesce(undated.paid, 0) AS paid,
    coalesce(moved.plb, 0) AS plb,
    coalesce(moved.paid, 0) + coalesce(moved.adjusted, 0) + coalesce(undated.charge, 0) AS charge,
    coalesce(source_file.billed_amount, 0) AS noted_billed,
    coalesce(source_file.paid_amount, 0) AS noted_paid,
    EXISTS (SELECT 1 FROM rejected
        WHERE rejected.file_id = source_file.file_id AND severity = 'rejected') AS is_partial
FROM source_file
LEFT JOIN moved USING (file_id)
LEFT JOIN no_bill USING (file_id)
LEFT JOIN undated USING (file_id)
WHERE source_file.format = 'x12'
"""


def test_each_file_of_the_sample(db):
    files = db.sql(PER_FILE)
    assert files.height > 10
    assert files["billed"].to_list() == files["noted_billed"].to_list()
    assert files["paid"].to_list() == files["noted_paid"].to_list()
    whole = db.sql("SELECT sum(charge_amount) FROM remit_claim").item()
    assert files["charge"].sum() == whole
    plb = db.sql("SELECT sum(amount) FROM provider_adjustment").item()
    assert files["plb"].sum() == plb != 0


def test_payments_of_the_sample_less_plb_are_what_was_transferred(db):
    transferred = db.sql("SELECT sum(payment_amount) FROM remit").item()
    kinds = dict(db.sql("SELECT kind, sum(amount) FROM ledger GROUP BY kind").iter_rows())
    assert kinds["payer_payment"] - kinds["provider_adjustment"] == transferred


@pytest.mark.skipif(not CORPUS.exists(), reason="no corpus beside the project")
def test_each_public_file_whose_records_all_loaded():
    """Against the totals an independent reader counted."""
    counted = {
        sha256((CORPUS / one["file"]).read_bytes()).hexdigest(): one["facts"]
        for one in json.loads((CORPUS / "facts.json").read_text())
    }
    with Database() as db:
        load(db, CORPUS, include_test=True)
        db.build(dt.date(2200, 1, 1))
        files = db.sql(PER_FILE)
    compared = 0
    for row in files.rows(named=True):
        facts = {} if row["is_partial"] else counted[row["sha256"]]
        if "x837" in facts:
            assert row["billed"] == Decimal(facts["x837"]["charge"])
        if "x835" in facts:
            assert row["paid"] == Decimal(facts["x835"]["paid"])
            assert row["plb"] == Decimal(facts["x835"]["plb"])
            balances = not facts["x835"]["claims_out_of_balance"]
            assert row["charge"] == Decimal(facts["x835"]["charge"]) or not balances
        compared += bool({"x837", "x835"} & set(facts))
    assert compared > 80
