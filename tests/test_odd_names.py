"""A NUL in a name, from X12 or a map: it is a name like any other, and no message quotes it."""

import pytest

from analytics.database import Database
from analytics.errors import AnalyticsError
from analytics.loader import load
from analytics.metrics.denials import initial_denial_rate

NAME = "UM\0BRA"


@pytest.fixture(params=["file", "map"])
def db(request, tmp_path):
    with Database() as db:
        db.sql(
            "INSERT INTO claim (claim_id, patient_control_number, submission_date, claim_type, "
            "payer_id, billing_npi, payer_sequence_code, billed_amount) "
            "VALUES (1, 'A', DATE '2026-01-05', 'professional', 1, '1234567893', 'P', 100)"
        )
        db.sql("INSERT INTO remit (remit_id, payment_date) VALUES (1, DATE '2026-02-01')")
        db.sql(
            "INSERT INTO remit_claim (remit_claim_id, remit_id, patient_control_number, "
            "status_code, charge_amount, paid_amount, file_id, record_no) "
            "VALUES (10, 1, 'A', '1', 100, 100, 9, 1)"
        )
        plain = NAME if request.param == "file" else "Umbra"
        db.sql("INSERT INTO payer (payer_id, payer_name) VALUES (1, $name)", name=plain)
        db.sql("INSERT INTO provider (npi, provider_name) VALUES ('1234567893', $name)", name=plain)
        if request.param == "map":
            for table, head, key in (
                ("payer_map", "payer_name,canonical_payer,line_of_business", "Umbra"),
                ("provider_map", "npi,provider_name,specialty,facility", "1234567893"),
            ):
                path = tmp_path / f"{table}.csv"
                names = ",".join([NAME] * head.count(","))
                path.write_text(f"{head}\n{key},{names}\n")
                assert load(db, path).files[0].rejected == 0
        db.build()
        yield db


@pytest.mark.parametrize("by", ["payer_name", "billing_provider"])
def test_rates_are_sliced_by_it(db, by):
    found = initial_denial_rate(db, by=by)
    assert (found[by].to_list(), found["n"].to_list()) == ([NAME], [1])
    assert initial_denial_rate(db, where={by: NAME})["n"].item() == 1
    assert initial_denial_rate(db, where={by: "UM"})["n"].item() == 0


def test_it_is_built_again(db):
    db.build()
    assert db.sql("SELECT DISTINCT payer_name FROM ledger").item() == NAME


@pytest.mark.parametrize(
    "text",
    [
        "SELECT CAST(payer_name AS INTEGER) FROM claim_outcome",
        "SELECT CAST(payer_name AS DATE) FROM ledger",
        "SELECT error(payer_name) FROM claim_outcome",
    ],
)
def test_no_message_quotes_it(db, text):
    with pytest.raises(AnalyticsError) as told:
        db.sql(text)
    assert "UM" not in str(told.value).replace(text, "")
    assert "BRA" not in str(told.value)
