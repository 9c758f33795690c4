"""837: a small file is drawn, and the frames are stated.  ASC X12N 005010X222A1, X223A2, X224A2."""

from datetime import date
from decimal import Decimal

import pytest
from wire import PROVIDER, SUBSCRIBER, claims, interchange, rules, said, set_, submission

CLM = "CLM*A1*100***11:B:1*Y*A*Y*Y\n"
LINE = "LX*1\nSV1*HC:99213*100*UN*1***1\nDTP*472*D8*20260105\n"
HI = "HI*ABK:E119*ABF:I10\n"
OTHER = "SBR*S*01*******MB\nAMT*D*50\nNM1*IL*1*DOE*JO\nNM1*PR*2*MEDICARE*****PI*MCARE\n"


def table(segments: list[str], name: str) -> list[dict]:
    return said(segments)[name].to_dicts()


def claim(body: str, kind: str = "837P") -> dict:
    (found,) = table(submission(body, kind), "claim")
    return found


def line(body: str, kind: str = "837P") -> dict:
    (found,) = table(submission(body, kind), "claim_line")
    return found


def subset(found: dict, stated: dict) -> dict:
    return {name: found[name] for name in stated}


# The tree


def test_a_claim_of_the_subscriber():
    found = said(submission(CLM + HI + LINE))
    (row,) = found["claim"].to_dicts()
    stated = {
        "record_no": 18,
        "claim_id": 18,
        "transaction_id": 3,
        "patient_id": 13,
        "payer_id": 17,
        "claim_type": "professional",
        "patient_control_number": "A1",
        "billed_amount": Decimal("100.00"),
        "place_of_service_code": "11",
        "bill_type_code": None,
        "frequency_code": "1",
        "payer_sequence_code": "P",
        "claim_filing_code": "CI",
        "billing_npi": "1234567893",
        "billing_tin": "123456789",
        "facility_state_code": "NE",
        "principal_diagnosis_code": "E119",
        "service_from_date": date(2026, 1, 5),
        "service_to_date": date(2026, 1, 5),
        "submission_date": date(2026, 1, 10),
        "is_predetermination": False,
        "note_count": 0,
    }
    assert subset(row, stated) == stated
    (person,) = found["patient"].to_dicts()
    assert person == {
        "record_no": 13,
        "member_id": "M100",
        "last_name": "DOE",
        "first_name": "JANE",
        "birth_date": date(1980, 2, 3),
        "sex_code": "F",
        "postal_code": "68501",
        "state_code": "NE",
    }
    assert found["payer"].rows() == [(17, "ACME1", "ACME HEALTH")]
    (provider,) = found["provider"].to_dicts()
    assert provider["provider_name"] == "SOME CLINIC"
    assert provider["taxonomy_code"] == "207Q00000X"


DEPENDENT = """
HL*3*2*23*0
PAT*19
NM1*QC*1*Doe*Kid
N4*Omaha*NE*68102
DMG*D8*20150101*M
"""


def test_a_dependent_has_an_own_name_and_the_number_of_the_subscriber():
    found = said(submission(CLM + LINE + DEPENDENT + CLM.replace("A1", "A2") + LINE))
    names = ["member_id", "first_name", "birth_date", "postal_code"]
    people = found["patient"].sort("record_no").select(names).rows()
    assert people == [
        ("M100", "JANE", date(1980, 2, 3), "68501"),
        ("M100", "KID", date(2015, 1, 1), "68102"),
    ]
    assert found["claim"]["payer_id"].to_list() == [17, 17]
    assert found["claim"]["patient_id"].to_list() == found["patient"]["record_no"].to_list()


def test_each_claim_belongs_to_its_subscriber_and_provider():
    second = SUBSCRIBER.replace("HL*2*1", "HL*3*1").replace("M100", "M200")
    second = second.replace("SBR*P", "SBR*S").replace("ACME1", "OTHER1")
    clinic = PROVIDER.replace("HL*1*", "HL*4*").replace("1234567893", "1999999984")
    clinic = clinic.replace("*NE*", "*NV*").replace("123456789\n", "987654321\n")
    third = SUBSCRIBER.replace("HL*2*1", "HL*5*4").replace("M100", "M300")
    each = [CLM.replace("A1", f"A{i}") + LINE for i in range(1, 5)]
    tree = PROVIDER + SUBSCRIBER + each[0] + each[1] + second + each[2] + clinic + third + each[3]
    found = said(claims(tree))
    rows = found["claim"].join(
        found["patient"].select("member_id", patient_id="record_no"), on="patient_id"
    )
    rows = rows.join(found["payer"].select("payer_code", payer_id="record_no"), on="payer_id")
    names = ["patient_control_number", "member_id", "payer_sequence_code", "payer_code"]
    names += ["billing_npi", "billing_tin", "facility_state_code"]
    first = ("1234567893", "123456789", "NE")
    assert rows.sort("record_no").select(names).rows() == [
        ("A1", "M100", "P", "ACME1", *first),
        ("A2", "M100", "P", "ACME1", *first),
        ("A3", "M200", "S", "OTHER1", *first),
        ("A4", "M300", "P", "ACME1", "1999999984", "987654321", "NV"),
    ]


def test_a_pay_to_provider_is_not_the_billing_provider():
    tree = PROVIDER + "NM1*87*2\nN4*Reno*NV*89501\nREF*EI*NOT\n" + SUBSCRIBER + CLM + LINE
    found = table(claims(tree), "claim")[0]
    assert (found["facility_state_code"], found["billing_tin"]) == ("NE", "123456789")


# The claim


@pytest.mark.parametrize(
    ("guide", "form", "kind", "bill", "place"),
    [
        ("005010X222A1", "11:B:1", "professional", None, "11"),
        ("005010X223A2", "11:A:1", "institutional", "111", None),
        ("005010X224A2", "11:B:1", "dental", None, "11"),
        ("", "13:A:7", "institutional", "137", None),
        ("", "22:B:7", "professional", None, "22"),
    ],
)
def test_the_kind_of_a_claim(guide, form, kind, bill, place):
    body = PROVIDER + SUBSCRIBER + CLM.replace("11:B:1", form) + LINE
    bht = "BHT*0019*00*B1*20260110*1200*CH\n"
    (found,) = table(interchange(set_("837P", bht + body, guide=guide)), "claim")
    assert (found["claim_type"], found["bill_type_code"]) == (kind, bill)
    assert found["place_of_service_code"] == place


@pytest.mark.parametrize(
    ("guide", "clm19", "expected"),
    [("005010X222A1", "", False), ("005010X222A1", "PB", True), ("005010X291", "", True)],
)
def test_a_predetermination_is_no_bill(guide, clm19, expected):
    clm = "CLM*A1*100***11:B:1*Y*A*Y*Y" + "*" * 10 + clm19 + "\n"
    body = "BHT*0019*00*B1*20260110*1200*CH\n" + PROVIDER + SUBSCRIBER + clm + LINE
    (found,) = table(interchange(set_("837P", body, guide=guide)), "claim")
    assert found["is_predetermination"] is expected


@pytest.mark.parametrize(
    ("bht04", "day", "found"),
    [
        ("20260110", date(2026, 1, 10), []),
        ("", date(2026, 2, 14), [("claim", "submission_date_missing")]),
        ("20269999", date(2026, 2, 14), [("claim", "submission_date_missing")]),
    ],
)
def test_the_submission_date(bht04, day, found):
    body = PROVIDER + SUBSCRIBER + CLM + HI + LINE
    result = said(claims(body, purpose=f"BHT*0019*00*B1*{bht04}*1200*CH"))
    assert result["claim"]["submission_date"].to_list() == [day]
    assert rules(result) == found


def test_what_a_claim_says_of_itself_and_not_others_of_it():
    own = "DTP*435*D8*20260101\nAMT*F5*15.5\nREF*F8*ICN0\nREF*G1*AUTH1\nNTE*ADD*X\nNTE*ADD*Y\n"
    other = OTHER + "REF*F8*NOT\nREF*G1*NOT\n"
    found = claim(CLM + own + other + LINE + "NTE*ADD*Z\nREF*F8*NOT\nREF*G1*NOT\n")
    stated = {
        "original_payer_claim_number": "ICN0",
        "prior_authorization_number": "AUTH1",
        "admission_date": date(2026, 1, 1),
        "patient_paid_amount": Decimal("15.5"),
        "note_count": 3,
    }
    assert subset(found, stated) == stated


@pytest.mark.parametrize("where", [OTHER + "REF*F8*NOT\n", LINE.replace("DTP", "REF*F8*NOT\nDTP")])
def test_a_number_of_another_loop_is_not_the_claims_own(where):
    body = CLM + where + ("" if "LX" in where else LINE)
    assert claim(body)["original_payer_claim_number"] is None


def test_who_is_named_on_a_claim():
    names = "".join(
        f"NM1*{kind}*1*{kind}*X****{q}*{n}\n"
        for kind, q, n in [
            ("DN", "XX", "1000000004"),
            ("82", "XX", "1000000012"),
            ("71", "XX", "1000000020"),
        ]
    )
    place = "NM1*77*2*SITE*****XX*1000000038\nN3*X\nN4*RENO*NV*89501\n"
    other = OTHER + "NM1*82*1*NOT*X****XX*1999999984\n"
    found = claim(CLM + names + place + other + LINE)
    stated = {
        "referring_npi": "1000000004",
        "rendering_npi": "1000000012",
        "attending_npi": "1000000020",
        "facility_npi": "1000000038",
        "facility_state_code": "NV",
    }
    assert subset(found, stated) == stated


def test_a_number_that_is_no_npi_is_not_taken_for_one():
    found = claim(CLM + "NM1*82*1*X*Y****24*123456789\n" + LINE)
    assert found["rendering_npi"] is None


@pytest.mark.parametrize(
    ("clm", "rule"),
    [
        ("CLM**100***11:B:1\n", "control_number_missing"),
        ("CLM*A*1OO***11:B:1\n", "amount_unreadable"),
        ("CLM*A*100***11:B:1\nDTP*472*D8*20260231\n", "date_unreadable"),
    ],
)
def test_a_claim_that_cannot_be_used_is_kept_out_with_all_it_has(clm, rule):
    found = said(submission(clm + HI + LINE + CLM + HI + LINE))
    assert found["claim"]["patient_control_number"].to_list() == ["A1"]
    assert sorted(rules(found, "rejected")) == [
        ("claim", rule),
        ("claim_diagnosis", "claim_rejected"),
        ("claim_diagnosis", "claim_rejected"),
        ("claim_line", "claim_rejected"),
    ]


@pytest.mark.parametrize(("amount", "expected"), [("100", True), ("100.01", False)])
def test_a_charge_that_is_not_the_sum_of_the_lines(amount, expected):
    found = said(submission(CLM.replace("*100*", f"*{amount}*") + HI + LINE))
    assert found["transaction_set"]["is_balanced"].to_list() == [expected]
    assert (("claim", "charge_differs_from_lines") in rules(found)) is not expected


# Codes


def test_diagnoses_of_each_kind_with_their_positions():
    hi = "HI*ABJ:R07.9\nHI*ABF:I10*ABK:e11.9\nHI*ABF:Z79:::::::N\nHI*APR:R05*APR:R06\nHI*ABN:W19\n"
    found = table(submission(CLM + hi + LINE), "claim_diagnosis")
    names = ("position", "diagnosis_code", "kind", "present_on_admission_code")
    rows = sorted(tuple(row[n] for n in names) for row in found)
    assert rows == [
        (1, "E119", "principal", None),
        (1, "R05", "reason", None),
        (1, "R079", "admitting", None),
        (1, "W19", "external", None),
        (2, "I10", "other", None),
        (2, "R06", "reason", None),
        (3, "Z79", "other", "N"),
    ]
    assert {row["code_system"] for row in found} == {"icd10"}


def test_older_codes_and_codes_that_are_no_diagnoses():
    hi = "HI*BK:25000*BF:4019\nHI*BBR:0016070:D8:20260101\nHI*BE:01:::500\nHI*BH:11:D8:20260101\n"
    found = table(submission(CLM + hi + LINE), "claim_diagnosis")
    assert [(r["diagnosis_code"], r["code_system"]) for r in found] == [
        ("25000", "icd9"),
        ("4019", "icd9"),
    ]


STAY = """
CLM*I1*1000***11:A:1*Y*A*Y*Y
DTP*434*RD8*20260101-20260105
DTP*435*DT*202601011200
CL1*1*7*01
HI*ABK:I21:::::::Y
HI*DR:280
LX*1
SV2*0120**600*DA*4
LX*2
SV2*0450*HC:99284:25*400*UN*1
DTP*472*D8*20260101
"""


def test_an_institutional_claim():
    found = said(submission(STAY, "837I"))
    (row,) = found["claim"].to_dicts()
    stated = {
        "bill_type_code": "111",
        "service_from_date": date(2026, 1, 1),
        "service_to_date": date(2026, 1, 5),
        "admission_date": date(2026, 1, 1),
        "admission_type_code": "1",
        "discharge_status_code": "01",
        "drg_code": "280",
    }
    assert subset(row, stated) == stated
    assert found["claim_diagnosis"]["present_on_admission_code"].to_list() == ["Y"]
    names = ["revenue_code", "procedure_code", "modifiers", "billed_amount", "units", "unit_code"]
    days = ["service_from_date", "service_to_date"]
    assert found["claim_line"].select(names + days).rows() == [
        ("0120", None, [], 600, 4, "DA", date(2026, 1, 1), date(2026, 1, 5)),
        ("0450", "99284", ["25"], 400, 1, "UN", date(2026, 1, 1), date(2026, 1, 1)),
    ]


# Lines


def test_a_professional_line():
    body = (
        CLM
        + HI
        + "NM1*82*1*A*B****XX*1000000012\n"
        + "LX*7\nSV1*HC:99213:gt:25*100*MJ*12.5*22**1:2\nDTP*472*RD8*20260105-20260107\nREF*6R*L1\n"
        + "LIN**N4*00011122233\nCTP****2*ML\nNM1*82*1*C*D****XX*1000000020\nREF*6R*NOT\n"
    )
    stated = {
        "line_no": 1,
        "line_control_number": "L1",
        "procedure_qualifier": "HC",
        "procedure_code": "99213",
        "modifiers": ["GT", "25"],
        "modifier_key": "25,GT",
        "billed_amount": Decimal(100),
        "units": Decimal("12.5"),
        "unit_code": "MJ",
        "place_of_service_code": "22",
        "service_from_date": date(2026, 1, 5),
        "service_to_date": date(2026, 1, 7),
        "diagnosis_pointers": [1, 2],
        "rendering_npi": "1000000020",
        "ndc_code": "00011122233",
    }
    assert subset(line(body), stated) == stated
    assert claim(body)["rendering_npi"] == "1000000012"


def test_a_line_takes_place_and_provider_of_its_claim():
    found = line(CLM + "NM1*82*1*A*B****XX*1000000012\n" + LINE)
    assert (found["place_of_service_code"], found["rendering_npi"]) == ("11", "1000000012")


def test_a_dental_line():
    body = CLM + "LX*1\nSV3*AD:D2140*100*22**I*2\nTOO*JP*3\nDTP*472*D8*20260105\n"
    stated = {
        "procedure_qualifier": "AD",
        "procedure_code": "D2140",
        "billed_amount": Decimal(100),
        "place_of_service_code": "22",
        "units": Decimal(2),
        "service_from_date": date(2026, 1, 5),
    }
    assert subset(line(body, "837D"), stated) == stated


def test_lines_without_lx():
    body = CLM + "DTP*472*D8*20260105\nSV1*HC:1*60*UN*1\nREF*6R*L1\nSV1*HC:2*40*UN*1\nREF*6R*L2\n"
    found = said(submission(body))
    names = ["line_no", "procedure_code", "line_control_number"]
    assert found["claim_line"].select(names).rows() == [(1, "1", "L1"), (2, "2", "L2")]
    assert found["transaction_set"]["is_balanced"].to_list() == [True]


@pytest.mark.parametrize(
    ("of_claim", "of_line", "claim_days", "line_days"),
    [
        ("", "DTP*472*RD8*20260102-20260104\n", (2, 4), (2, 4)),
        ("DTP*472*D8*20260103\n", "", (3, 3), (3, 3)),
        ("DTP*434*RD8*20260101-20260109\n", "DTP*472*D8*20260103\n", (1, 9), (3, 3)),
        ("", "", (None, None), (None, None)),
    ],
)
def test_days_of_claim_and_line_fill_each_other(of_claim, of_line, claim_days, line_days):
    body = CLM + of_claim + "LX*1\nSV1*HC:1*100*UN*1\n" + of_line
    for found, days in ((claim(body), claim_days), (line(body), line_days)):
        stated = tuple(day and date(2026, 1, day) for day in days)
        assert (found["service_from_date"], found["service_to_date"]) == stated


def test_pointers_beyond_the_diagnoses_and_days_out_of_order_are_told():
    body = CLM + HI + "LX*1\nSV1*HC:1*100*UN*1***1:3\nDTP*472*RD8*20260105-20260104\n"
    assert sorted(rules(said(submission(body)))) == [
        ("claim", "dates_out_of_order"),
        ("claim_line", "dates_out_of_order"),
        ("claim_line", "pointer_beyond_diagnoses"),
    ]


# Other payers


def test_other_payers_and_their_answers():
    other = (
        "SBR*P*18*******MB\nCAS*CO*45*10*1*253*2\nCAS*PR*1*5\nAMT*D*50\nAMT*EAF*5\nAMT*A8*7\n"
        "OI***Y\nNM1*IL*1*DOE*JO****MI*X\nNM1*PR*2*Medicare*****PI*MCARE\n"
        "SBR*T*18*******CI\nNM1*PR*2*Third*****PI*T1\n"
    )
    answer = "SVD*MCARE*50*HC:99213**1\nCAS*CO*45*12\nCAS*PR*2*5\nDTP*573*D8*20260120\n"
    found = said(submission(CLM + HI + other + LINE + answer))
    payers = found["claim_other_payer"]
    names = ["payer_sequence_code", "claim_filing_code", "payer_code", "payer_name"]
    money = ["paid_amount", "remaining_patient_amount", "noncovered_amount"]
    assert payers.select(names + money).rows() == [
        ("P", "MB", "MCARE", "MEDICARE", 50, 5, 7),
        ("T", "CI", "T1", "THIRD", None, None, None),
    ]
    cas = found["claim_other_payer_adjustment"].sort("record_no", "position")
    first, (service,) = payers["record_no"][0], found["claim_line"]["record_no"].to_list()
    names = ["claim_line_id", "other_payer_record_no", "group_code", "carc_code", "amount"]
    assert cas.select(names).rows() == [
        (None, first, "CO", "45", 10),
        (None, first, "CO", "253", 2),
        (None, first, "PR", "1", 5),
        (service, None, "CO", "45", 12),
        (service, None, "PR", "2", 5),
    ]
    names = ["claim_line_id", "payer_code", "paid_amount", "paid_date"]
    answers = found["claim_line_other_payer"].select(names).rows()
    assert answers == [(service, "MCARE", 50, date(2026, 1, 20))]
    assert found["claim"]["payer_sequence_code"].to_list() == ["P"]
    (insurer,) = found["payer"]["payer_code"].to_list()
    assert insurer == "ACME1"


def test_two_other_payers_answer_one_line_each_with_its_day():
    answers = (
        "SVD*P1*50*HC:99213**1\nCAS*CO*45*12\nDTP*573*D8*20260120\n"
        "SVD*P2*30*HC:99213**1\nDTP*573*D8*20260220\n"
    )
    found = table(submission(CLM + OTHER + LINE + answers), "claim_line_other_payer")
    assert [(r["payer_code"], r["paid_amount"], r["paid_date"]) for r in found] == [
        ("P1", 50, date(2026, 1, 20)),
        ("P2", 30, date(2026, 2, 20)),
    ]


# Cut off


def test_a_set_cut_off_in_a_claim_is_kept_out_whole():
    segments = submission(CLM.replace("*100*", "*200*") + LINE)
    found = said([s for s in segments if s[:2] not in ("SE", "GE", "IE")])
    assert found["claim"].is_empty()
    assert ("transaction_set", "set_cut_off") in rules(found)


def test_a_set_that_only_lacks_its_trailer_is_loaded():
    found = said([s for s in submission(CLM + LINE) if s[:2] not in ("SE", "GE", "IE")])
    assert len(found["claim"]) == 1
    assert ("transaction_set", "trailer_missing") in rules(found)
