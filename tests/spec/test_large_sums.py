"""Sums larger than any amount: no claim stops a build, and what has no amount is told."""

import io
from decimal import Decimal

import pytest
from world import (
    REMIT,
    adjustments,
    claim,
    claims,
    line,
    lines,
    on_lines,
    payment,
    payments,
    write_offs,
)  # fmt: skip

from analytics.ingest import side
from analytics.metrics.denials import denied_dollar_rate

MOST = Decimal("999999999999.99")  # what a column of an amount holds


@pytest.mark.parametrize("sign", [1, -1])
def test_two_bills_of_the_largest_amount_add_up(given, sign):
    most = sign * MOST
    db = given(
        claim=claims(claim(1, billed=most), claim(2, billed=most, freq="3", sent="2026-01-11")),
        remit=REMIT,
    )
    found = db.sql("SELECT billed_amount, open_balance_amount FROM claim_outcome")
    assert found.row(0) == (2 * most, 2 * most)
    balances = db.sql("SELECT open_amount FROM claim_balance ORDER BY from_date").to_series()
    assert balances.to_list() == [most, 2 * most]


@pytest.mark.parametrize("sign", [1, -1])
def test_answers_of_the_largest_amounts_add_up(given, sign):
    most = sign * MOST
    large = [line(i, 10, charge=most, paid=most, allowed=most) for i in (1, 2)]
    db = given(
        claim=claims(claim(1, billed=most)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, charge=most, paid=most), payment(11, 2, charge=most, paid=most, icn="X2")
        ),
        remit_line=lines(*large),
        adjustment=on_lines(
            *((10, n, group, code, most) for n in (1, 2) for group, code in
              (("CO", "197"), ("CO", "45"), ("PR", "1"), ("CO", "18"), ("OA", "23")))
        ),
        write_off=write_offs(("A", "2026-03-01", str(most)), ("A", "2026-03-02", str(most))),
        patient_payment="file_id | record_no | patient_control_number | payment_date | amount\n"
        f"7 | 1 | A | 2026-03-01 | {most}\n7 | 2 | A | 2026-03-02 | {most}",
        provider_adjustment="file_id | record_no | position | remit_id | reason_code | amount\n"
        f"9 | 90 | 1 | 1 | WO | {most}\n9 | 90 | 2 | 1 | L6 | {most}",
    )  # fmt: skip
    denied = db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'denied'").item()
    assert denied == 4 * most
    written = db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'write_off'")
    assert written.item() == 2 * most
    assert denied_dollar_rate(db).height == 1


def test_denials_of_whole_claims_add_up(given):
    db = given(
        claim=claims(claim(1, billed=MOST)),
        remit=REMIT,
        remit_claim=payments(payment(10, charge=MOST)),
        adjustment=adjustments(*[(10, "CO", "197", MOST)] * 3),
    )
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'denied'").item() == 3 * MOST


def test_a_posting_without_an_amount_moves_nothing_and_is_told(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        write_off=write_offs(("A", "2026-02-01", ""), ("A", "2026-02-02", "30")),
        patient_payment="file_id | record_no | patient_control_number | payment_date | amount\n"
        "7 | 1 | A | 2026-02-01 |",
    )
    assert db.sql("SELECT count(*) FROM ledger WHERE amount IS NULL").item() == 0
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'write_off'").item() == 30
    told = db.sql("SELECT reason, n, amount FROM left_out WHERE fact_name = 'ledger'")
    assert told.rows() == [("posting without an amount", 2, 0)]


@pytest.mark.parametrize("table", ["write_off", "patient_payment"])
@pytest.mark.parametrize(
    ("amount", "rule"),
    [("", "value_missing"), (" ", "value_missing"), (".", "amount_unreadable"),
     ("+", "amount_unreadable"), ("nan", "amount_unreadable"), ("100000000", "amount_absurd"),
     ("-999999999999.99", "amount_absurd"), ("99999999.99", None), ("-99999999.99", None)],
)  # fmt: skip
def test_an_amount_of_a_side_table(table, amount, rule):
    day = {"write_off": "write_off_date", "patient_payment": "payment_date"}[table]
    text = f"patient_control_number,{day},amount\nA,2026-02-01,{amount}\nB,2026-02-01,5\n"
    found = side.read(io.BytesIO(text.encode()), table)
    assert found.rejected["rule"].to_list() == ([rule] if rule else [])
    assert len(found[table]) + len(found.rejected) == found.record_count == 2
