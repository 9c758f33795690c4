"""What does not fit is counted and shown: never dropped, never guessed."""

import pytest
from world import REMIT, adjustments, claim, claims, line, lines, on_lines, payment, payments

from analytics.metrics import CATALOGUE
from analytics.metrics.coding import coding_denial_rate
from analytics.metrics.denials import denied_dollar_rate, initial_denial_rate, line_denial_rate
from analytics.metrics.remit_denials import remittance_denial_rate


def test_payments_that_match_nothing_are_told_by_each_rate(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, "Z"), payment(11, 1, "", charge="30")),
        adjustment=adjustments((10, "CO", "197", "100")),
    )
    assert initial_denial_rate(db)["n"].item() == 0
    told = dict(initial_denial_rate.excluded(db).select("reason", "n").iter_rows())
    assert told["claim payment tied to no claim (amount paid)"] == 2
    assert line_denial_rate.excluded(db).row(0) == ("tied to no claim", 2, 130)
    assert remittance_denial_rate(db).select("hits", "n").row(0) == (1, 2)


def test_claims_and_payments_without_lines_count(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10)),
        adjustment=adjustments((10, "CO", "4", "100")),
    )
    for metric in (initial_denial_rate, line_denial_rate, coding_denial_rate):
        assert metric(db).select("hits", "n").row(0) == (1, 1), metric.name
    assert line_denial_rate(db, by="procedure_code").row(0)[0] is None


def test_a_denial_of_the_whole_claim_beside_lines_is_counted_once(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10)),
        remit_line=lines(line(1, 10, charge="60"), line(2, 10, charge="40")),
        adjustment=on_lines((10, "", "CO", "197", "100")),
    )
    assert denied_dollar_rate(db).select("top", "bottom").row(0) == (100, 100)
    assert line_denial_rate(db).select("hits", "n").row(0) == (0, 2)
    assert remittance_denial_rate(db, by="denial_carc").row(0)[:2] == ("197", 1)


def test_a_payer_not_in_the_map_keeps_the_name_its_files_give(given):
    head = "claim_id | patient_control_number | submission_date | payer_id | claim_filing_code"
    db = given(
        payer="payer_id | payer_name | payer_code\n1 | NORTHERN | N1\n2 | EASTWIND | E1\n3 | | X9",
        payer_map="canonical_payer | payer_code | line_of_business\nNorthern | N1 | medicare",
        claim=f"""
        {head}
        1 | A | 2026-01-05 | 1 | CI
        2 | B | 2026-01-05 | 2 | MC
        3 | C | 2026-01-05 | 3 |
        4 | D | 2026-01-05 |   | CI
        """,
        remit=REMIT,
        remit_claim=payments(*(payment(10 + i, 1, c) for i, c in enumerate("ABCD"))),
    )
    found = initial_denial_rate(db, by=["payer_name", "line_of_business"])
    assert found.select("payer_name", "line_of_business", "n").rows() == [
        ("EASTWIND", "medicaid", 1),
        ("Northern", "medicare", 1),
        ("X9", None, 1),
        (None, "commercial", 1),
    ]


@pytest.mark.parametrize("name", ["initial_denial_rate", "line_denial_rate", "primary_denial_rate"])
def test_a_reason_code_never_seen_is_no_denial_but_told(given, name):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10)),
        adjustment=adjustments((10, "CO", "ZZ9", "60"), (10, "CO", "45", "40")),
    )
    assert CATALOGUE[name](db).select("hits", "n").row(0) == (0, 1)
    told = CATALOGUE[name].excluded(db).rows()
    assert told == [("adjustment under a reason code in no list, not taken as a denial", 1, 60)]
    seen = db.sql("SELECT carc_code FROM adjustment_kind WHERE category = 'unmapped'")
    assert seen["carc_code"].to_list() == ["ZZ9"]
    ledger = db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'other_adjustment'")
    assert ledger.item() == 60


def test_an_adjustment_without_a_code_is_told_too(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10)),
        adjustment=adjustments((10, "CO", "", "60"), (10, "", "197", "40")),
    )
    assert initial_denial_rate(db).select("hits", "n").row(0) == (1, 1)
    told = initial_denial_rate.excluded(db).rows()
    assert told == [("adjustment under a reason code in no list, not taken as a denial", 1, 60)]
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind <> 'charge'").item() == 100
