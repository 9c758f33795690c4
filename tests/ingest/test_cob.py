"""837: coordination of benefits on claim and line (loops 2320, 2330, 2430), rows as stated."""

from datetime import date
from decimal import Decimal

from wire import cells, rules, said, submission

CLM = "CLM*A1*100***11:B:1*Y*A*Y*Y\n"
LINE = "LX*1\nSV1*HC:99213*100*UN*1***1\nDTP*472*D8*20260105\n"
FIRST = """
SBR*P*01*GRP9**12****MB
CAS*CO*45*10
AMT*D*50
AMT*EAF*5
AMT*AU*60
OI***N***Y
NM1*IL*1*Roe*Rick****MI*x9
N4*OMAHA*NE*68101
NM1*PR*2*Medicare*****PI*MCARE
DTP*573*D8*20260120
REF*F8*ICN9
REF*G1*AUTH9
NM1*82*1
REF*G2*NOT
"""
SECOND = "SBR*T*18*******CI\nNM1*PR*2*Third*****PI*T1\n"


def test_what_other_payers_say_of_a_claim():
    found = said(submission(CLM + "HI*ABK:E119\n" + FIRST + SECOND + LINE))
    names = ("payer_sequence_code", "claim_filing_code", "payer_code", "paid_amount")
    assert cells(found, "claim_other_payer", *names) == [
        ("P", "MB", "MCARE", Decimal(50)),
        ("T", "CI", "T1", None),
    ]
    names = ("relationship_code", "group_number", "insurance_type_code")
    assert cells(found, "claim_other_payer", *names) == [("01", "GRP9", "12"), ("18", None, None)]
    names = ("benefits_assigned_code", "release_code", "payer_claim_number", "paid_date")
    assert cells(found, "claim_other_payer", *names, "prior_authorization_number") == [
        ("N", "Y", "ICN9", date(2026, 1, 20), "AUTH9"),
        (None,) * 5,
    ]
    assert cells(found, "claim", "payer_sequence_code", "group_number") == [("P", "GRP1")]
    assert cells(found, "claim_reference", "reference") == []


def test_who_is_insured_elsewhere_is_a_person():
    found = said(submission(CLM + FIRST + SECOND + LINE))
    (first, second) = cells(found, "claim_other_payer", "subscriber_id")
    people = {
        row[0]: row[1:] for row in cells(found, "patient", "record_no", "member_id", "last_name")
    }
    assert people[first[0]] == ("X9", "ROE")
    assert second == (None,)
    assert len(people) == 2


def test_amounts_of_another_payer_without_a_column():
    inpatient = "MIA*3**1*900.5***********2****4\nMOA*.8*55***********\n"
    found = said(submission(CLM + FIRST.replace("OI", inpatient + "OI") + LINE, "837I"))
    other = found["claim_other_payer"]["record_no"][0]
    names = ("segment", "qualifier", "amount", "quantity", "other_payer_record_no")
    assert cells(found, "claim_amount", *names) == [
        ("AMT", "AU", Decimal(60), None, other),
        ("MIA", "04", Decimal("900.5"), None, other),
        ("MIA", "19", Decimal(4), None, other),
        ("MIA", "01", None, Decimal(3), other),
        ("MIA", "03", None, Decimal(1), other),
        ("MIA", "15", None, Decimal(2), other),
        ("MOA", "02", Decimal(55), None, other),
        ("MOA", "01", None, Decimal("0.8"), other),
    ]


def test_remark_codes_of_another_payer():
    codes = "MIA*0****ma1***************n1\nMOA***MA01**N9\n"
    found = said(submission(CLM + FIRST.replace("OI", codes + "OI") + LINE, "837I"))
    names = ("rarc_code", "source", "position")
    assert sorted(cells(found, "claim_other_payer_remark", *names)) == [
        ("MA01", "MOA", 1),
        ("MA1", "MIA", 1),
        ("N1", "MIA", 2),
        ("N9", "MOA", 3),
    ]
    other = found["claim_other_payer"]["record_no"][0]
    assert set(cells(found, "claim_other_payer_remark", "other_payer_record_no")) == {(other,)}


ANSWERS = """
SVD*MCARE*50*HC:99213:25:gt*0510*1.5*2
CAS*CO*45*30
CAS*PR*1*5**2*15
DTP*573*D8*20260120
AMT*EAF*20
SVD*T1*10*HC:99214**1
CAS*OA*23*90
DTP*573*D8*20260220
"""


def test_what_other_payers_say_of_a_line():
    found = said(submission(CLM + FIRST + SECOND + LINE + ANSWERS))
    names = ("payer_code", "paid_amount", "paid_date", "remaining_patient_amount")
    assert cells(found, "claim_line_other_payer", *names) == [
        ("MCARE", Decimal(50), date(2026, 1, 20), Decimal(20)),
        ("T1", Decimal(10), date(2026, 2, 20), None),
    ]
    names = ("procedure_qualifier", "procedure_code", "modifiers", "modifier_key")
    assert cells(found, "claim_line_other_payer", *names) == [
        ("HC", "99213", ["25", "GT"], "25,GT"),
        ("HC", "99214", [], ""),
    ]
    names = ("revenue_code", "units", "bundled_line_no")
    assert cells(found, "claim_line_other_payer", *names) == [
        ("0510", Decimal("1.5"), "2"),
        (None, Decimal(1), None),
    ]


def test_adjustments_name_the_answer_they_are_of():
    found = said(submission(CLM + FIRST + SECOND + LINE + ANSWERS))
    other = found["claim_other_payer"]["record_no"][0]
    (first, second) = found["claim_line_other_payer"]["record_no"].to_list()
    line = found["claim_line"]["record_no"][0]
    names = ("group_code", "carc_code", "amount", "claim_line_id")
    places = ("other_payer_record_no", "line_answer_record_no")
    assert cells(found, "claim_other_payer_adjustment", *names, *places) == [
        ("CO", "45", Decimal(10), None, other, None),
        ("CO", "45", Decimal(30), line, None, first),
        ("PR", "1", Decimal(5), line, None, first),
        ("PR", "2", Decimal(15), line, None, first),
        ("OA", "23", Decimal(90), line, None, second),
    ]


def test_an_amount_of_another_payer_that_cannot_be_read_keeps_the_claim_out():
    """What it paid is money; what it says besides is only told."""
    found = said(submission(CLM + FIRST.replace("AMT*D*50", "AMT*D*5O") + LINE))
    assert cells(found, "claim", "claim_id") == []
    found = said(submission(CLM + FIRST.replace("AMT*AU*60", "AMT*AU*6O") + LINE))
    assert cells(found, "claim_amount", "qualifier", "amount") == [("AU", None)]
    assert ("claim_amount", "optional_amount_unreadable") in rules(found)
