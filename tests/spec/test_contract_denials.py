"""What is denied of members' claims, beside what they cost."""

import datetime as dt
from decimal import Decimal

import pytest
from care_world import cover, member, members, settled, settled_claims, span
from world import REMIT, adjustments, claim, claims, payment, payments

from analytics.errors import UnknownNameError
from analytics.metrics import denials_in_contract


@pytest.fixture
def db(given):
    """Member 1 by a feed and with three claims of ours, member 2 without; 3 is not covered."""
    sent = claims(
        claim(1, "A"), claim(2, "B"), claim(3, "C"), claim(4, "D", "2026-03-05"), claim(5, "E")
    )
    patients = iter((1, 1, 1, 1, 3))
    rows = [
        f"{next(patients) if i else 'patient_id'} | {row}" for i, row in enumerate(sent.split("\n"))
    ]
    return given(
        as_of=dt.date(2026, 6, 1),
        patient=members(member(1), member(2), member(3)),
        eligibility=cover(span(1, "2026-01-01", "2026-02-28"), span(2, "2026-01-01", "2026-01-31")),
        payer_claim=settled_claims(settled(9, "2026-01-05", allowed=150, paid=120)),
        claim="\n".join(rows),
        remit=REMIT,
        remit_claim=payments(
            payment(1, 1, "A", paid="70"), payment(2, 2, "B", icn="X2"),
            payment(5, 2, "E", icn="X5"), payment(4, 2, "D", icn="X4", day="2026-03-05"),
        ),
        adjustment=adjustments(
            (1, "CO", "45", "30"), (2, "CO", "197", "100"), (5, "CO", "197", "100"),
            (4, "CO", "197", "100"),
        ),
    )  # fmt: skip


def test_denials_of_covered_months_beside_the_cost_of_all(db):
    (row,) = denials_in_contract(db).to_dicts()
    assert (row["payer_name"], row["member_months"]) == ("Medicare", 3)
    assert (row["pmpm"], row["paid_pmpm"]) == (50, 40)
    # A paid, B denied, C not answered; D was in no month of cover and E's patient has none.
    assert (row["claims"], row["denial_rate"], row["denied_dollar_rate"]) == (2, 0.5, 0.5)
    assert row["denial_rate_low"] < 0.5 < row["denial_rate_high"]
    assert row["open_denied_amount"] == Decimal(100)
    assert row["denied_pmpm"] == pytest.approx(100 / 3)
    assert row["lag_p50"] == 50


def test_in_all_and_by_names_that_members_have(db):
    assert denials_in_contract(db, by=()).height == 1
    by_sex = denials_in_contract(db, by="sex_code", where={"line_of_business": "medicare"})
    assert by_sex["member_months"].to_list() == [3]
    with pytest.raises(UnknownNameError):
        denials_in_contract(db, by="specialty")
