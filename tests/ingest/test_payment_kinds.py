"""835: kinds of payment that are easily read wrong: each drawn, with what it must give."""

from decimal import Decimal

import pytest
from wire import PAYMENT, cells, interchange, remittance, rules, said, set_

BALANCE = ("is_balanced", "difference_amount", "unbalanced_claim_count", "unbalanced_line_count")


def payment(amount: str, claims: str, method: str = "ACH"):
    header = PAYMENT.replace("BPR*I*150*C*ACH", f"BPR*I*{amount}*C*{method}")
    return said(interchange(set_("835", header + "LX*1\n" + claims)))


def balance(found) -> tuple:
    return cells(found, "transaction_set", *BALANCE)[0]


EVEN = (True, Decimal(0), 0, 0)


def test_a_claim_answered_without_lines():
    found = payment(
        "60", "CLP*A*1*100*60*20*12*P1\nCAS*CO*45*20\nCAS*PR*1*15**2*5\nDTM*232*20260101\n"
    )
    assert balance(found) == EVEN
    assert cells(found, "remit_line", "remit_line_id") == []
    assert cells(found, "adjustment", "remit_line_id", "group_code", "carc_code", "amount") == [
        (None, "CO", "45", Decimal(20)),
        (None, "PR", "1", Decimal(15)),
        (None, "PR", "2", Decimal(5)),
    ]


def test_adjustments_of_the_claim_and_of_its_lines_add_up():
    lines = "SVC*HC:1*70*50\nCAS*CO*45*20\nSVC*HC:2*30*20\nCAS*CO*45*10\n"
    assert balance(payment("65", "CLP*A*1*100*65**12*P1\nCAS*OA*23*5\n" + lines)) == EVEN


REVERSED = """
CLP*A*22*-100*-80*-20*12*P1
CAS*PR*1*-20
SVC*HC:99213*-100*-80**-1
CAS*PR*1*-20
"""
CORRECTED = "CLP*A*1*100*90*10*12*P2\nSVC*HC:99213*100*90\nCAS*PR*1*10\n"


def test_a_reversal_and_the_claim_paid_anew():
    found = payment("10", REVERSED.replace("CAS*PR*1*-20\n", "", 1) + CORRECTED)
    assert balance(found) == EVEN
    names = ("status_code", "charge_amount", "paid_amount", "patient_responsibility_amount")
    assert cells(found, "remit_claim", *names) == [
        ("22", Decimal(-100), Decimal(-80), Decimal(-20)),
        ("1", Decimal(100), Decimal(90), Decimal(10)),
    ]
    assert cells(found, "remit_line", "units_paid", "units_billed") == [(-1, -1), (1, 1)]
    assert cells(found, "adjustment", "amount") == [(Decimal(-20),), (Decimal(10),)]


def test_interest_is_paid_beside_the_claims():
    """AMT*I tells of it; PLB L6, negative, adds it to the payment."""
    claims = "CLP*A*1*100*100**12*P1\nAMT*I*1.25\nPLB*1*20261231*L6:P1*-1.25\n"
    found = payment("101.25", claims)
    assert balance(found) == EVEN
    assert cells(found, "remit_claim", "paid_amount", "interest_amount") == [
        (Decimal(100), Decimal("1.25"))
    ]
    names = ("reason_code", "reference", "amount")
    assert cells(found, "provider_adjustment", *names) == [("L6", "P1", Decimal("-1.25"))]
    assert balance(payment("100", claims)) == (False, Decimal("1.25"), 0, 0)


def test_capitation_is_a_payment_without_claims():
    header = PAYMENT.replace("I*150*C", "I*5000*C") + "PLB*1234567893*20261231*CT:2601*-5000\n"
    found = said(interchange(set_("835", header)))
    assert balance(found) == EVEN
    assert cells(found, "remit", "payment_amount") == [(Decimal(5000),)]
    assert cells(found, "remit_claim", "remit_claim_id") == []
    assert cells(found, "provider_adjustment", "reason_code", "reference", "amount") == [
        ("CT", "2601", Decimal(-5000))
    ]


def test_a_capitated_service_is_paid_nothing_by_an_adjustment():
    claims = "CLP*A*1*100*0**HM*P1\nSVC*HC:99213*100*0\nCAS*CO*24*100\n"
    found = payment("0", claims, "NON")
    assert balance(found) == EVEN
    assert cells(found, "remit_claim", "claim_filing_code", "paid_amount") == [("HM", Decimal(0))]


def test_a_payment_of_nothing():
    found = payment("0", "CLP*A*4*100*0**12*P1\nCAS*CO*16*100\nMOA***MA130\n", "NON")
    assert balance(found) == EVEN
    assert cells(found, "remit", "payment_amount", "method_code") == [(Decimal(0), "NON")]
    assert cells(found, "remark", "rarc_code", "source") == [("MA130", "MOA")]
    assert rules(found) == []


def test_money_taken_back_for_another_claim():
    found = payment("30", "CLP*A*1*100*100**12*P1\nPLB*1*20261231*WO:ICN9*90*FB:X*-20\n")
    assert balance(found) == EVEN
    amounts = cells(found, "provider_adjustment", "position", "reason_code", "amount")
    assert amounts == [(1, "WO", Decimal(90)), (2, "FB", Decimal(-20))]


@pytest.mark.parametrize(("cur", "told"), [("CUR*PR*USD", 0), ("CUR*PR*CAD", 1), ("CUR*PR", 0)])
def test_amounts_that_are_no_dollars_are_told(cur, told):
    header = PAYMENT.replace("DTM*405", f"{cur}\nDTM*405")
    found = said(interchange(set_("835", header + "LX*1\nCLP*A*1*150*150**12*P1\n")))
    assert rules(found) == [("transaction_set", "currency_not_dollars")] * told


def test_six_pairs_and_several_plb():
    pairs = "*".join(
        f"{code}:R{n}*{n}" for n, code in enumerate(("72", "90", "AP", "B2", "B3", "BD"), 1)
    )
    more = f"PLB*1*20261231*{pairs}\nPLB*2*20251231*WO:Z*-21\n"
    found = payment("100", "CLP*A*1*100*100**12*P1\n" + more)
    assert balance(found) == EVEN
    names = ("provider_code", "position", "reason_code", "reference", "amount")
    listed = cells(found, "provider_adjustment", *names)
    assert listed[5] == ("1", 6, "BD", "R6", Decimal(6))
    assert listed[6] == ("2", 1, "WO", "Z", Decimal(-21))
    assert len(listed) == 7


@pytest.mark.parametrize(
    ("cas", "kept"),
    [
        ("CAS*CO*45*10**253*2", [("45", 10), ("253", 2)]),
        ("CAS*CO*45*10*****253*2", [("45", 10), ("253", 2)]),
        ("CAS*CO*45*10\nCAS*CO*253*2\nCAS*CO*45*1", [("45", 10), ("253", 2), ("45", 1)]),
        ("CAS*CO****45*10", [("45", 10)]),
        ("CAS*CO*45**2", [("45", 0)]),
    ],
)
def test_repeats_and_blanks_among_adjustments(cas, kept):
    found = said(remittance("CLP*A*1*100*100**12*P1\n" + cas))
    listed = cells(found, "adjustment", "group_code", "carc_code", "amount")
    assert listed == [("CO", code, Decimal(amount)) for code, amount in kept]
