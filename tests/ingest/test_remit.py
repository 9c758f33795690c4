"""835: a small remittance is drawn, and the frames are stated.  ASC X12N 005010X221A1."""

from datetime import date
from decimal import Decimal

import pytest
from wire import PAYMENT, Wire, interchange, remittance, rules, said, set_


def money(*texts: str | None) -> list[Decimal | None]:
    return [None if t is None else Decimal(t) for t in texts]


def row(segments: list[str], table: str) -> dict:
    (found,) = said(segments)[table].to_dicts()
    return found


def column(claims: str, table: str, *names: str) -> list:
    frame = said(remittance(claims))[table]
    return frame[names[0]].to_list() if len(names) == 1 else frame.select(names).rows()


def with_header(old: str, new: str) -> list[str]:
    return remittance("CLP*A*1*150*150**12*P1", PAYMENT.replace(old, new))


CLAIM = "CLP*A*1*100*100**12*P1\n"
LINE = CLAIM + "SVC*HC:99213*100*100\n"


# The payment


def test_a_payment():
    found = row(remittance("CLP*A*1*150*150**12*P1"), "remit")
    assert found == {
        "record_no": 3,
        "remit_id": 3,
        "payer_id": 3,
        "handling_code": "I",
        "payment_amount": Decimal("150.00"),
        "credit_debit_code": "C",
        "method_code": "ACH",
        "payment_date": date(2026, 2, 15),
        "trace_number": "CHECK1",
        "payer_trace_code": "1512345678",
        "production_date": date(2026, 2, 14),
        "payee_npi": "1234567893",
        "payee_tin": "123456789",
    }


def test_a_debit_is_negative():
    found = said(remittance("CLP*A*22*-150*-150**12*P1", PAYMENT.replace("I*150*C", "I*150*D")))
    assert found["remit"]["payment_amount"].to_list() == money("-150")
    assert found["transaction_set"]["is_balanced"].to_list() == [True]


@pytest.mark.parametrize("code", ["X", "1e2", "100.005", "1,000", "1" * 13])
def test_a_payment_that_cannot_be_read_keeps_the_set_out(code):
    found = said(with_header("I*150*C", f"I*{code}*C"))
    assert found["remit_claim"].is_empty()
    assert found["transaction_set"]["status"].to_list() == ["rejected"]
    assert ("transaction_set", "set_amount_unreadable") in rules(found)
    assert ("remit_claim", "set_rejected") in rules(found)


@pytest.mark.parametrize(
    ("old", "new", "day", "rule"),
    [
        ("*20260215", "", date(2026, 2, 14), "payment_date_missing"),
        ("*20260215", "*20260231", date(2026, 2, 14), "payment_date_missing"),
        ("DTM*405*20260214", "", date(2026, 2, 15), None),
    ],
)
def test_a_payment_date_that_is_not_there_is_the_production_date(old, new, day, rule):
    found = said(with_header(old, new))
    assert found["remit"]["payment_date"].to_list() == [day]
    assert rules(found) == ([("remit", rule)] if rule else [])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("N1*PR*Acme Health", "N1*PR*Acme Health*XV*PAYER9", "PAYER9"),
        ("N1*PR*Acme Health", "N1*PR*Acme Health", "ACME1"),  # REF*2U
        ("REF*2U*ACME1\n", "", "1512345678"),  # TRN03
    ],
)
def test_the_code_of_the_payer(old, new, code):
    found = row(with_header(old, new), "payer")
    assert (found["payer_code"], found["payer_name"]) == (code, "ACME HEALTH")


@pytest.mark.parametrize(
    ("new", "npi", "tin"),
    [
        ("XX*1234567893", "1234567893", "123456789"),
        ("FI*987654321", None, "987654321"),
        ("XV*PLAN", None, "123456789"),
    ],
)
def test_the_ids_of_the_payee(new, npi, tin):
    found = row(with_header("XX*1234567893", new), "remit")
    assert (found["payee_npi"], found["payee_tin"]) == (npi, tin)


def test_a_payment_without_claims():
    adjusted = PAYMENT.replace("I*150*C", "I*0*C") + "PLB*1*20261231*FB:X*10*WO:Y*-10\n"
    found = said(interchange(set_("835", adjusted)))
    assert len(found["remit"]) == 1
    assert found["provider_adjustment"]["amount"].to_list() == money("10", "-10")
    assert found["transaction_set"]["is_balanced"].to_list() == [True]


# Claim payments


def test_a_claim_payment():
    claims = "CLP* A 1*2*150.5*100*.5*ma*ICN1*11*7**470\n"
    found = row(remittance(claims), "remit_claim")
    stated = {
        "record_no": 14,
        "remit_claim_id": 14,
        "remit_id": 3,
        "patient_id": 14,
        "patient_control_number": "A 1",
        "status_code": "2",
        "charge_amount": Decimal("150.50"),
        "paid_amount": Decimal("100.00"),
        "patient_responsibility_amount": Decimal("0.50"),
        "payer_claim_number": "ICN1",
        "facility_code": "11",
        "frequency_code": "7",
        "drg_code": "470",
        "is_balanced": False,
    }
    assert {name: found[name] for name in stated} == stated
    assert found["allowed_amount"] is found["interest_amount"] is None


def test_empty_amounts_of_a_claim_payment_are_nothing():
    found = row(remittance("CLP*A*4***"), "remit_claim")
    assert found["charge_amount"] == found["paid_amount"] == 0
    assert found["patient_responsibility_amount"] == 0


def test_a_claim_payment_without_number_is_kept_out_with_its_lines():
    found = said(remittance("CLP**1*100*100\nSVC*HC:1*100*100\nCLP*B*1*50*50"))
    assert found["remit_claim"]["patient_control_number"].to_list() == ["B"]
    assert rules(found, "rejected") == [
        ("remit_claim", "control_number_missing"),
        ("remit_line", "claim_rejected"),
    ]


def test_who_is_named_on_a_claim_payment():
    claims = CLAIM + "\n".join(
        [
            "NM1*QC*1*Doe*Jane",
            "NM1*IL*1*Doe*John****MI*m100",
            "NM1*82*1*Who*Ann****XX*1234567893",
            "NM1*PR*2*First Plan",
        ]
    )
    found = said(remittance(claims))
    people = found["patient"].select("record_no", "member_id", "last_name", "first_name").rows()
    assert people == [(14, "M100", "DOE", "JANE"), (16, "M100", "DOE", "JOHN")]
    (claim,) = found["remit_claim"].to_dicts()
    assert (claim["patient_id"], claim["subscriber_id"]) == (14, 16)
    assert claim["rendering_npi"] == "1234567893"
    assert claim["corrected_priority_payer"].upper() == "FIRST PLAN"


def test_the_number_of_the_patient_serves_where_no_subscriber_is_named():
    claims = CLAIM + "NM1*QC*1*DOE*JANE****MI*M7"
    assert column(claims, "patient", "member_id") == ["M7"]


def test_what_a_claim_payment_says_of_itself():
    claims = CLAIM + "REF*F8*OLD1\nDTM*050*20260110\nAMT*AU*90\nAMT*I*1.5\nAMT*D8*7"
    found = row(remittance(claims), "remit_claim")
    assert found["original_reference_number"] == "OLD1"
    assert found["received_date"] == date(2026, 1, 10)
    assert (found["allowed_amount"], found["interest_amount"]) == (Decimal(90), Decimal("1.5"))


def test_what_a_line_says_is_not_said_of_the_claim():
    claims = LINE + "REF*F8*NOT\nAMT*AU*90\nAMT*I*1.5\nDTM*232*20260101"
    found = row(remittance(claims), "remit_claim")
    names = ("original_reference_number", "allowed_amount", "interest_amount", "service_from_date")
    assert [found[name] for name in names] == [None] * 4


def test_a_reversal_keeps_its_signs():
    found = said(remittance("CLP*A*22*-100*-80*-20*12*P1\nCAS*PR*1*-20"))
    (claim,) = found["remit_claim"].to_dicts()
    assert (claim["charge_amount"], claim["paid_amount"]) == (Decimal(-100), Decimal(-80))
    assert claim["is_balanced"]
    assert found["adjustment"]["amount"].to_list() == money("-20")


# Service lines


@pytest.mark.parametrize(
    ("service", "code", "modifiers", "key"),
    [
        ("HC:99213", "99213", [], ""),
        ("HC:99213:25", "99213", ["25"], "25"),
        ("HC:99213:gt:25:59:xs", "99213", ["GT", "25", "59", "XS"], "25,59,GT,XS"),
        ("HC:99213::25", "99213", ["25"], "25"),
        ("HC:99213:25::::VISIT", "99213", ["25"], "25"),
        ("AD:D0120", "D0120", [], ""),
    ],
)
def test_the_procedure_of_a_line(service, code, modifiers, key):
    found = row(remittance(CLAIM + f"SVC*{service}*100*100"), "remit_line")
    assert found["procedure_qualifier"] == service[:2]
    assert (found["procedure_code"], found["modifiers"]) == (code, modifiers)
    assert found["modifier_key"] == key


@pytest.mark.parametrize(
    ("line", "procedure", "revenue"),
    [
        ("SVC*NU:0450*100*100", None, "0450"),
        ("SVC*HC:99284*100*100*0450", "99284", "0450"),
        ("SVC*HC:99284*100*100", "99284", None),
    ],
)
def test_the_revenue_code_of_a_line(line, procedure, revenue):
    claims = CLAIM + line
    assert column(claims, "remit_line", "procedure_code", "revenue_code") == [(procedure, revenue)]


@pytest.mark.parametrize(
    ("rest", "paid", "billed"),
    [("", "1", "1"), ("**2", "2", "2"), ("**2**3", "2", "3"), ("**0**1.5", "0", "1.5")],
)
def test_the_units_of_a_line(rest, paid, billed):
    claims = CLAIM + "SVC*HC:1*100*100" + rest
    (found,) = column(claims, "remit_line", "units_paid", "units_billed")
    assert found == (Decimal(paid), Decimal(billed))


def test_the_procedure_as_billed():
    claims = CLAIM + "SVC*HC:99213*100*100***HC:99214:25\nSVC*HC:1*0*0"
    assert column(claims, "remit_line", "submitted_procedure_code") == ["99214", None]


def test_what_a_line_says_of_itself():
    claims = LINE + "REF*6R*L1\nREF*HPI*1234567893\nAMT*B6*80\nAMT*KH*5"
    names = ("line_control_number", "rendering_npi", "allowed_amount", "line_no")
    assert column(claims, "remit_line", *names) == [("L1", "1234567893", Decimal(80), 1)]


CLAIM_DAYS = "DTM*232*20260101\nDTM*233*20260105\n"


@pytest.mark.parametrize(
    ("claim", "line", "of_claim", "of_line"),
    [
        ("", "", (None, None), (None, None)),
        ("", "DTM*472*20260102", (2, 2), (2, 2)),
        ("", "DTM*150*20260102\nDTM*151*20260103", (2, 3), (2, 3)),
        ("", "DTM*150*20260102", (2, 2), (2, 2)),
        (CLAIM_DAYS, "", (1, 5), (1, 5)),
        (CLAIM_DAYS, "DTM*472*20260102", (1, 5), (2, 2)),
        ("DTM*232*20260101\n", "", (1, 1), (1, 1)),
    ],
)
def test_the_days_of_claims_and_lines_fill_each_other(claim, line, of_claim, of_line):
    found = said(remittance(CLAIM + claim + "SVC*HC:1*100*100\n" + line))
    for table, days in (("remit_claim", of_claim), ("remit_line", of_line)):
        names = ["service_from_date", "service_to_date"]
        (row_,) = found[table].select(names).rows()
        assert row_ == tuple(day and date(2026, 1, day) for day in days), table


# Adjustments


def test_up_to_six_triplets_blank_ones_left_out():
    cas = "CAS*CO*45*1*1*253*2**A1*3*-2*16*4*****B7*6"
    found = said(remittance(LINE + cas))["adjustment"]
    assert found["carc_code"].to_list() == ["45", "253", "A1", "16", "B7"]
    assert found["position"].to_list() == [1, 2, 3, 4, 6]
    assert found["amount"].to_list() == money("1", "2", "3", "4", "6")
    assert found["quantity"].to_list() == money("1", None, "-2", None, None)


def test_several_cas_of_one_group_on_claim_and_line():
    claims = (
        "CLP*A*1*100*60\nCAS*co*45*5\nCAS*CO*253*5\nSVC*HC:1*100*70\nCAS*CO*45*10\nCAS*CO*50*20"
    )
    found = said(remittance(claims))
    names = ("remit_claim_id", "remit_line_id", "record_no", "group_code", "amount")
    assert found["adjustment"].select(names).rows() == [
        (14, None, 15, "CO", Decimal(5)),
        (14, None, 16, "CO", Decimal(5)),
        (14, 17, 18, "CO", Decimal(10)),
        (14, 17, 19, "CO", Decimal(20)),
    ]
    assert found["remit_line"]["is_balanced"].to_list() == [True]
    assert found["remit_claim"]["is_balanced"].to_list() == [True]


@pytest.mark.parametrize(
    ("cas", "is_line", "is_claim"),
    [("CAS*CO*45*40", True, True), ("CAS*CO*45*39.99", False, False), ("", False, False)],
)
def test_balance_of_line_and_claim_is_to_the_cent(cas, is_line, is_claim):
    found = said(remittance("CLP*A*1*100*60\nSVC*HC:1*100*60\n" + cas))
    assert found["remit_line"]["is_balanced"].to_list() == [is_line]
    assert found["remit_claim"]["is_balanced"].to_list() == [is_claim]
    (one,) = found["transaction_set"].to_dicts()
    assert one["unbalanced_line_count"] == (not is_line)
    assert one["difference_amount"] == Decimal(-90)


def test_provider_adjustments():
    plb = "PLB*1234567893*20261231*wo:ICN9*12.5*L6*-2.5***72:X*1"
    found = said(remittance("CLP*A*1*150*150\n" + plb))
    names = ("remit_id", "position", "reason_code", "reference", "amount")
    assert found["provider_adjustment"].select(names).rows() == [
        (3, 1, "WO", "ICN9", Decimal("12.5")),
        (3, 2, "L6", None, Decimal("-2.5")),
        (3, 4, "72", "X", Decimal(1)),
    ]
    assert found["provider_adjustment"]["fiscal_period_date"][0] == date(2026, 12, 31)
    assert found["transaction_set"]["difference_amount"].to_list() == money("-11")


def test_a_provider_adjustment_that_cannot_be_read_is_kept_out_alone():
    found = said(remittance("CLP*A*1*150*150\nPLB*1*20261231*WO*1O*L6*5"))
    assert found["provider_adjustment"]["amount"].to_list() == money("5")
    assert ("provider_adjustment", "amount_unreadable") in rules(found, "rejected")
    assert found["transaction_set"]["is_balanced"].to_list() == [False]


def test_remark_codes():
    claims = (
        CLAIM
        + "MIA*0***5*ma1***************n1*N2*N3*N4\nMOA***MA01**N9\nSVC*HC:1*100*100\nLQ*HE*n130"
    )
    rows = column(claims, "remark", "rarc_code", "source", "position", "remit_line_id")
    assert sorted(rows) == [
        ("MA01", "MOA", 1, None),
        ("MA1", "MIA", 1, None),
        ("N1", "MIA", 2, None),
        ("N130", "LQ", 1, 17),
        ("N2", "MIA", 3, None),
        ("N3", "MIA", 4, None),
        ("N4", "MIA", 5, None),
        ("N9", "MOA", 3, None),
    ]


# Sets


def test_several_sets_with_one_control_number_are_kept_apart():
    one = set_("835", PAYMENT + "LX*1\nCLP*A*1*150*150")
    other = set_("835", PAYMENT + "LX*1\nCLP*B*1*149*149")
    found = said(interchange(one, other))
    assert found["remit_claim"].select("remit_id", "patient_control_number").rows() == [
        (3, "A"),
        (16, "B"),
    ]
    assert found["transaction_set"]["difference_amount"].to_list() == money("0", "-1")


@pytest.mark.parametrize(("include", "count"), [(False, 0), (True, 1)])
def test_a_test_interchange_is_loaded_only_when_asked(include, count):
    test = interchange(set_("835", PAYMENT + "LX*1\nCLP*A*1*150*150"), usage="T")
    found = said(test, include_test=include)
    assert len(found["remit_claim"]) == len(found["remit"]) == count


def test_strict_keeps_what_does_not_balance_out():
    found = said(remittance("CLP*A*1*100*100"), strict=True)
    assert found["remit_claim"].is_empty()
    assert ("transaction_set", "set_unbalanced") in rules(found)


def test_a_set_cut_off_is_rejected_and_one_that_only_lacks_its_trailer_is_not():
    text = Wire().write(remittance("CLP*A*1*100*100\nCLP*B*1*50*50"))
    whole = said(text[: text.index("SE*")])
    assert len(whole["remit_claim"]) == 2
    assert ("transaction_set", "trailer_missing") in rules(whole)
    cut = said(text[: text.index("CLP*B")])
    assert cut["remit_claim"].is_empty()
    assert ("transaction_set", "set_cut_off") in rules(cut)
