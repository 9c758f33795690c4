"""837: every further element a claim or line may say, as rows by table and column.

Guides: ASC X12N 005010X222A1 (837P), X223A2 (837I), X224A2 (837D).
"""

from datetime import date
from decimal import Decimal

import pytest
from wire import PROVIDER, SUBSCRIBER, cells, claims, rules, said, submission

CLM = "CLM*A1*100***11:B:1*Y*A*Y*Y\n"
LINE = "LX*1\nSV1*HC:99213*100*UN*1***1\nDTP*472*D8*20260105\n"
HI = "HI*ABK:E119\n"
DAY = date(2026, 1, 5)
NPIS = ["1000000004", "1000000012", "1000000020", "1000000038", "1000000046", "1000000053"]


def rows(body: str, table: str, *columns: str, kind: str = "837P") -> list[tuple]:
    return cells(said(submission(body, kind)), table, *columns)


def row(body: str, table: str, *columns: str, kind: str = "837P") -> tuple:
    (found,) = rows(body, table, *columns, kind=kind)
    return found


# Codes


def test_procedures_occurrences_conditions_and_values():
    """Several HI of one kind count on; codes of other kinds count for themselves."""
    hi = """
    HI*ABK:I21
    HI*BBR:02703DZ:D8:20260102
    HI*BBQ:4A023N7:D8:20260103*BBQ:b2151zz:D8:20260105
    HI*BBQ:5A1935Z
    HI*BI:70:RD8:20260101-20260105
    HI*BH:11:D8:20260101*BH:A3:D8:20260105
    HI*BE:01:::600*BE:80:::5
    HI*BG:09*BG:C1
    HI*TC:A01
    HI*DR:280
    HI*LOI:8302-2
    """
    names = ("qualifier", "kind", "position", "code", "from_date", "to_date", "amount")
    first, second, third, fifth = (date(2026, 1, day) for day in (1, 2, 3, 5))
    assert rows(CLM + hi + LINE, "claim_code", *names) == [
        ("BBR", "principal_procedure", 1, "02703DZ", second, second, None),
        ("BBQ", "other_procedure", 1, "4A023N7", third, third, None),
        ("BBQ", "other_procedure", 2, "B2151ZZ", fifth, fifth, None),
        ("BBQ", "other_procedure", 3, "5A1935Z", None, None, None),
        ("BI", "occurrence_span", 1, "70", first, fifth, None),
        ("BH", "occurrence", 1, "11", first, first, None),
        ("BH", "occurrence", 2, "A3", fifth, fifth, None),
        ("BE", "value", 1, "01", None, None, Decimal(600)),
        ("BE", "value", 2, "80", None, None, Decimal(5)),
        ("BG", "condition", 1, "09", None, None, None),
        ("BG", "condition", 2, "C1", None, None, None),
        ("TC", "treatment", 1, "A01", None, None, None),
        ("LOI", "other", 1, "8302-2", None, None, None),
    ]
    assert row(CLM + hi + LINE, "claim", "drg_code") == ("280",)


def test_codes_of_each_claim_count_for_themselves():
    two = CLM + "HI*BG:09*BG:10\n" + LINE + CLM + "HI*BG:11\n" + LINE
    assert rows(two, "claim_code", "position", "code") == [(1, "09"), (2, "10"), (1, "11")]


def test_older_and_anesthesia_procedures():
    hi = "HI*BR:3893:D8:20260105*BQ:8628\nHI*BP:33510*BO:33530\n"
    assert rows(CLM + hi + LINE, "claim_code", "kind", "code", "from_date") == [
        ("principal_procedure", "3893", DAY),
        ("other_procedure", "8628", None),
        ("anesthesia_procedure", "33510", None),
        ("anesthesia_procedure", "33530", None),
    ]


def test_a_value_that_cannot_be_read_is_left_empty_and_told():
    found = said(submission(CLM + "HI*BE:01:::6OO*BE:02:::.5\n" + LINE))
    assert cells(found, "claim_code", "code", "amount") == [("01", None), ("02", Decimal("0.5"))]
    assert rules(found) == [
        ("claim_code", "optional_amount_unreadable"),
        ("claim_line", "pointer_beyond_diagnoses"),
    ]


# Providers


def nm1(code: str, npi: str) -> str:
    return f"NM1*{code}*1*WHO*ANN****XX*{npi}\n"


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        ("837P", {"DN": "referring", "P3": "primary_care", "DQ": "supervising"}),
        ("837I", {"71": "attending", "72": "operating", "ZZ": "other_operating"}),
        ("837D", {"DN": "referring", "77": "facility", "DD": "assistant_surgeon"}),
    ],
)
def test_providers_of_claim_and_line(kind, roles):
    named = "".join(nm1(code, npi) for code, npi in zip(roles, NPIS, strict=False))
    body = CLM + nm1("82", NPIS[3]) + "PRV*PE*PXC*207R00000X\n" + named + LINE + nm1("82", NPIS[4])
    expected = [(role, npi, None) for role, npi in zip(roles.values(), NPIS, strict=False)]
    assert rows(body, "claim_provider", "role", "npi", "taxonomy_code", kind=kind) == [
        ("rendering", NPIS[3], "207R00000X"),
        *expected,
        ("rendering", NPIS[4], None),
    ]
    on_line = [line is not None for (line,) in rows(body, "claim_provider", "claim_line_id")]
    assert on_line == [False] * 4 + [True]
    named_so = {npi for (npi,) in rows(body, "provider", "npi")}
    assert named_so == {"1234567893", *NPIS[:5]}, "each is in the list of providers"


def test_providers_of_lines_have_roles_of_their_own():
    body = CLM + LINE + nm1("DK", NPIS[0]) + nm1("QB", NPIS[1]) + nm1("72", NPIS[2])
    found = said(submission(body))
    line = found["claim_line"]["record_no"][0]
    assert cells(found, "claim_provider", "role", "npi", "claim_line_id") == [
        ("ordering", NPIS[0], line),
        ("purchased", NPIS[1], line),
        ("operating", NPIS[2], line),
    ]


def test_a_provider_without_npi_has_a_role_and_other_payers_have_none():
    other = "SBR*S*01*******MB\nNM1*IL*1*DOE*JO\nNM1*PR*2*MEDICARE*****PI*MCARE\nNM1*82*1\n"
    body = CLM + "NM1*82*1*WHO*ANN****34*123456789\nREF*G2*X\n" + other + LINE
    assert rows(body, "claim_provider", "role", "npi") == [("rendering", None)]


# References, dates, amounts


def test_references_without_a_column_and_repeats_of_those_with_one():
    body = (
        CLM
        + "REF*9F*REFERRAL1\nREF*G1*AUTH1\nREF*G1*AUTH2\nREF*F8*ICN0\nREF*D9*CLEAR1\n"
        + "REF*EA*CHART1\nREF*P4*DEMO\nREF*LU*NE\n"
        + "NM1*82*1*WHO*ANN****XX*1000000012\nREF*G2*NOT\n"
        + "SBR*S*01*******MB\nNM1*PR*2*X*****PI*X\nREF*F8*NOT\n"
        + LINE
        + "REF*6R*L1\nREF*G1*AUTH3\nREF*6R*L2\nREF*G1*AUTH4\nLIN**N4*00011122233\nREF*XZ*RX1\n"
    )
    found = said(submission(body))
    line = found["claim_line"]["record_no"][0]
    assert cells(found, "claim_reference", "qualifier", "reference", "claim_line_id") == [
        ("9F", "REFERRAL1", None),
        ("G1", "AUTH2", None),
        ("D9", "CLEAR1", None),
        ("EA", "CHART1", None),
        ("P4", "DEMO", None),
        ("LU", "NE", None),
        ("G1", "AUTH3", line),
        ("6R", "L2", line),
        ("G1", "AUTH4", line),
        ("XZ", "RX1", line),
    ]
    own = cells(found, "claim", "original_payer_claim_number", "prior_authorization_number")
    assert own == [("ICN0", "AUTH1")]
    assert cells(found, "claim_line", "line_control_number", "ndc_code") == [("L1", "00011122233")]


def test_a_persons_own_number_is_no_reference():
    body = CLM + "REF*SY*123456789\nREF*1W*M1\nREF*G4*\n" + LINE
    assert rows(body, "claim_reference", "reference") == []


def test_dates_without_a_column():
    body = (
        CLM
        + "DTP*431*D8*20260101\nDTP*454*D8*20260102\nDTP*439*D8*20260103\n"
        + "DTP*434*RD8*20260101-20260105\nDTP*435*DT*202601011130\nDTP*096*TM*1415\n"
        + "DTP*573*D8*20260104\nDTP*091*TM*0900\n"
        + LINE
        + "DTP*471*D8*20260106\nDTP*441*RD8*20250101-20250102\nDTP*452*D8*2026013\n"
        + "SVD*P1*5*HC:1**1\nDTP*573*D8*20260120\n"
    )
    found = said(submission(body))
    line, year = found["claim_line"]["record_no"][0], 2026
    assert cells(found, "claim_date", "qualifier", "from_date", "to_date", "claim_line_id") == [
        ("431", date(year, 1, 1), date(year, 1, 1), None),
        ("454", date(year, 1, 2), date(year, 1, 2), None),
        ("439", date(year, 1, 3), date(year, 1, 3), None),
        ("573", date(year, 1, 4), date(year, 1, 4), None),
        ("471", date(year, 1, 6), date(year, 1, 6), line),
        ("441", date(2025, 1, 1), date(2025, 1, 2), line),
        ("452", None, None, line),
    ]
    names = ("admission_date", "admission_time", "discharge_time")
    assert cells(found, "claim", *names) == [(date(year, 1, 1), "1130", "1415")]
    assert ("claim_date", "optional_date_unreadable") in rules(found)


@pytest.mark.parametrize(
    ("dtp", "hours"),
    [("", (None, None)), ("DTP*435*D8*20260101\nDTP*096*DT*202601051415\n", (None, "1415"))],
)
def test_hours_that_are_not_sent(dtp, hours):
    assert row(CLM + dtp + LINE, "claim", "admission_time", "discharge_time") == hours


def test_amounts_and_quantities_without_a_column():
    body = (
        CLM
        + "CN1*09*90.5*10*C1*2.5\nAMT*F3*12\nAMT*F5*15\nAMT*F5*16\nHCP*10*80*20*TIN**110*5\n"
        + HI
        + LINE
        + "QTY*PT*2\nMEA*TR*R1*113.4\nCN1*01*7\nAMT*T*1.5\nAMT*F4*2O\nPS1*P1*30\n"
        + "SV5*HC:E0140*DA*30*50*200*4\nSVD*P1*5*HC:1**1\nAMT*EAF*9\n"
    )
    found = said(submission(body))
    line = found["claim_line"]["record_no"][0]
    names = ("segment", "qualifier", "amount", "quantity", "claim_line_id")
    assert cells(found, "claim_amount", *names) == [
        ("CN1", "02", Decimal("90.5"), None, None),
        ("CN1", "03", None, Decimal(10), None),
        ("CN1", "05", None, Decimal("2.5"), None),
        ("AMT", "F3", Decimal(12), None, None),
        ("AMT", "F5", Decimal(16), None, None),
        ("HCP", "02", Decimal(80), None, None),
        ("HCP", "03", Decimal(20), None, None),
        ("HCP", "07", Decimal(5), None, None),
        ("QTY", "PT", None, Decimal(2), line),
        ("MEA", "R1", None, Decimal("113.4"), line),
        ("CN1", "02", Decimal(7), None, line),
        ("AMT", "T", Decimal("1.5"), None, line),
        ("AMT", "F4", None, None, line),
        ("PS1", "02", Decimal(30), None, line),
        ("SV5", "04", Decimal(50), None, line),
        ("SV5", "05", Decimal(200), None, line),
        ("SV5", "03", None, Decimal(30), line),
    ]
    assert cells(found, "claim", "patient_paid_amount", "contract_type_code", "contract_code") == [
        (Decimal(15), "09", "C1")
    ]
    assert rules(found) == [("claim_amount", "optional_amount_unreadable")]


def test_attachments():
    body = CLM + "PWK*b4*EL***AC*CTRL1\n" + LINE + "PWK*OZ*BM***AC*CTRL2\nPWK*CT*AB\n"
    found = said(submission(body))
    line = found["claim_line"]["record_no"][0]
    names = ("report_type_code", "transmission_code", "control_number", "claim_line_id")
    assert cells(found, "claim_attachment", *names) == [
        ("B4", "EL", "CTRL1", None),
        ("OZ", "BM", "CTRL2", line),
        ("CT", "AB", None, line),
    ]


def test_notes_and_file_information_are_counted_and_not_kept():
    body = (
        CLM + "K3*SECRET1\nNTE*ADD*SECRET2\nNTE*ADD*SECRET3\n" + LINE + "K3*SECRET4\nK3*SECRET5\n"
    )
    found = said(submission(body + CLM + LINE))
    assert cells(found, "claim", "note_count", "k3_count") == [(2, 3), (0, 0)]
    kept = "".join(frame.write_json() for frame in found.tables.values())
    assert "SECRET" not in kept


# What is said once a claim


def test_flags_causes_and_reasons():
    clm = "CLM*A1*100***11:B:1*Y*C*W*I*P*AA:oa::ne:US*02" + "*" * 8 + "11\n"
    flags = ("signature_code", "assignment_code", "benefits_assigned_code", "release_code")
    assert row(clm + LINE, "claim", *flags) == ("Y", "C", "W", "I")
    rare = ("related_cause_codes", "accident_state_code", "special_program_code")
    assert row(clm + LINE, "claim", *rare) == (["AA", "OA"], "NE", "02")
    assert row(clm + LINE, "claim", "delay_reason_code") == ("11",)
    assert row(CLM + LINE, "claim", *rare, "delay_reason_code") == (None,) * 4
    both = rows(clm + LINE + CLM + LINE, "claim", *rare)
    assert both == [(["AA", "OA"], "NE", "02"), (None, None, None)]


def test_the_stay_of_an_institutional_claim():
    body = CLM.replace("11:B:1", "11:A:1") + "CL1*1*7*01\n" + LINE
    names = ("admission_type_code", "admission_source_code", "discharge_status_code")
    assert row(body, "claim", *names, kind="837I") == ("1", "7", "01")


DEPENDENT = "HL*3*2*23*0\nPAT*19\nNM1*QC*1*Doe*Kid\nDMG*D8*20150101*M\n"


def test_a_subscriber_and_a_dependent():
    names = ("patient_id", "subscriber_id", "relationship_code", "group_number")
    assert row(CLM + LINE, "claim", *names) == (13, 13, "18", "GRP1")
    found = said(submission(DEPENDENT + CLM + LINE))
    assert cells(found, "claim", *names) == [(20, 13, "19", "GRP1")]
    assert cells(found, "patient", "record_no", "first_name", "member_id") == [
        (13, "JANE", "M100"),
        (20, "KID", "M100"),
    ]


def test_what_a_dependent_says_is_not_said_of_the_next_subscriber():
    second = SUBSCRIBER.replace("HL*2*1", "HL*4*1").replace(
        "SBR*P*18*GRP1", "SBR*S*18*GRP2*NAME*12"
    )
    body = DEPENDENT + CLM + LINE + second + CLM.replace("A1", "A2") + LINE
    names = ("patient_control_number", "relationship_code", "group_number", "insurance_type_code")
    assert rows(body, "claim", *names) == [("A1", "19", "GRP1", None), ("A2", "18", "GRP2", "12")]


def test_the_taxonomy_that_was_billed_under():
    clinic = PROVIDER.replace("HL*1*", "HL*4*").replace("207Q00000X", "261QM0801X")
    third = SUBSCRIBER.replace("HL*2*1", "HL*5*4")
    found = said(claims(PROVIDER + SUBSCRIBER + CLM + LINE + clinic + third + CLM + LINE))
    assert cells(found, "claim", "billing_taxonomy_code") == [("207Q00000X",), ("261QM0801X",)]


@pytest.mark.parametrize(
    ("bht", "purpose", "use"),
    [
        ("BHT*0019*00*B1*20260110*1200*CH", "00", "CH"),
        ("BHT*0019*18*B1*20260110*12*RP", "18", "RP"),
    ],
)
def test_what_a_submission_is_for(bht, purpose, use):
    found = said(claims(PROVIDER + SUBSCRIBER + CLM + LINE, purpose=bht))
    names = ("reference_number", "purpose_code", "use_code")
    assert cells(found, "transaction_set", *names) == [("B1", purpose, use)]


# Lines


def test_a_drug_line():
    drug = "LIN**N4*00011122233\nCTP***1.25*2.5*ML\n"
    names = ("ndc_code", "drug_quantity", "drug_unit_code", "drug_unit_price_amount")
    stated = ("00011122233", Decimal("2.5"), "ML", Decimal("1.25"))
    assert row(CLM + LINE + drug, "claim_line", *names) == stated
    two = LINE.replace("100", "50") + drug + "LX*2\nSV1*HC:1*50*UN*1\n"
    assert rows(CLM + two, "claim_line", *names) == [stated, (None,) * 4]


def test_flags_of_a_professional_line():
    line = "LX*1\nSV1*HC:99213*100*UN*1***1**Y**Y*Y***0\n"
    names = ("emergency_code", "epsdt_code", "family_planning_code", "copay_code")
    assert row(CLM + line, "claim_line", *names) == ("Y", "Y", "Y", "0")
    assert row(CLM + LINE, "claim_line", *names) == (None,) * 4


def test_amounts_of_an_institutional_line():
    line = "LX*1\nSV2*0120**100*DA*4*25*12.5\n"
    names = ("revenue_code", "units", "rate_amount", "noncovered_amount")
    assert row(CLM + line, "claim_line", *names) == ("0120", 4, Decimal(25), Decimal("12.5"))


def test_a_dental_line():
    line = "LX*1\nSV3*AD:D2750*100*22*10:20*R*1*****1:2\nTOO*JP*3*m:O\nTOO*JP*14\n"
    found = said(submission(CLM + "DN2*5*M****JP\nHI*ABK:K029*ABF:K036\n" + line, "837D"))
    names = ("oral_cavity_codes", "prosthesis_code", "diagnosis_pointers", "place_of_service_code")
    assert cells(found, "claim_line", *names) == [(["10", "20"], "R", [1, 2], "22")]
    service = found["claim_line"]["record_no"][0]
    names = ("tooth_code", "surface_codes", "status_code", "claim_line_id")
    assert cells(found, "claim_tooth", *names) == [
        ("5", None, "M", None),
        ("3", ["M", "O"], None, service),
        ("14", None, None, service),
    ]


def test_orthodontic_months():
    body = CLM + "DN1*36*27\n" + LINE
    found = rows(body, "claim_amount", "segment", "qualifier", "quantity", kind="837D")
    assert found == [("DN1", "01", Decimal(36)), ("DN1", "02", Decimal(27))]


# All goes with its claim


def test_what_belongs_to_a_claim_that_cannot_be_used_goes_out_with_it():
    more = "REF*9F*R1\nDTP*431*D8*20260101\nAMT*T*5\nPWK*OZ*BM\nHI*BG:09\nNM1*82*1\n"
    bad = CLM.replace("*100*", "*1OO*") + more + "LX*1\nSV3*AD:D1*100\nTOO*JP*3\n"
    found = said(submission(bad + CLM + more + LINE))
    out = [table for table, rule in rules(found, "rejected") if rule == "claim_rejected"]
    details = ("reference", "date", "amount", "attachment", "code", "provider", "tooth", "line")
    assert sorted(out) == sorted(f"claim_{name}" for name in details)
    (kept,) = cells(found, "claim", "claim_id")
    for name in details[:-2]:
        assert cells(found, f"claim_{name}", "claim_id") == [kept], name
