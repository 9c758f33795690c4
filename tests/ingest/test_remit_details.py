"""835: every further element a payment may say, as rows by table and column.  005010X221A1."""

from datetime import date
from decimal import Decimal

import pytest
from wire import PAYMENT, cells, interchange, remittance, rules, said, set_

CLAIM = "CLP*A*1*100*100**12*P1\n"
LINE = "SVC*HC:99213*100*100\n"


def rows(claims: str, table: str, *columns: str) -> list[tuple]:
    return cells(said(remittance(claims)), table, *columns)


def test_references_of_the_payment():
    header = PAYMENT.replace("DTM*405", "REF*EV*RECEIVER1\nREF*F2*V2\nDTM*405")
    found = said(interchange(set_("835", header + "LX*1\n" + CLAIM)))
    names = ("qualifier", "reference", "remit_id", "remit_claim_id")
    assert cells(found, "remit_reference", *names) == [
        ("EV", "RECEIVER1", 3, None),
        ("F2", "V2", 3, None),
        ("2U", "ACME1", 3, None),
        ("TJ", "123456789", 3, None),
    ]


def test_references_of_claims_and_lines():
    own = "REF*1L*GRP1\nREF*CE*GOLD\nREF*CE*SILVER\nREF*EA*CHART1\nREF*G1*AUTH1\nREF*BB*AUTH2\n"
    never = "REF*SY*123456789\nREF*1W*M9\nREF*28*E1\nREF*IG*M9\n"
    line = "REF*6R*L1\nREF*HPI*1234567893\nREF*LU*11\nREF*0K*POLICY1\nREF*0K*POLICY2\n"
    found = said(remittance(CLAIM + own + never + LINE + line))
    names = ("qualifier", "reference", "remit_line_id", "remit_claim_id", "remit_id")
    service = found["remit_line"]["record_no"][0]
    kept = [row for row in cells(found, "remit_reference", *names) if row[3]]
    assert kept == [
        ("CE", "SILVER", None, 14, 3),
        ("EA", "CHART1", None, 14, 3),
        ("G1", "AUTH1", None, 14, 3),
        ("BB", "AUTH2", None, 14, 3),
        ("LU", "11", service, 14, 3),
        ("0K", "POLICY1", service, 14, 3),
        ("0K", "POLICY2", service, 14, 3),
    ]
    assert cells(found, "remit_claim", "contract_class", "group_number") == [("GOLD", "GRP1")]


def test_amounts_and_quantities_of_claims_and_lines():
    own = "AMT*AU*90\nAMT*I*1.5\nAMT*D8*7\nAMT*F5*8\nAMT*NL*9\nQTY*CA*3\nQTY*ZK*1.25\n"
    line = "AMT*B6*80\nAMT*KH*5\nAMT*T2*6\nQTY*ZL*2\n"
    found = said(remittance(CLAIM + own + LINE + line))
    service = found["remit_line"]["record_no"][0]
    names = ("segment", "qualifier", "amount", "quantity", "remit_line_id", "remit_claim_id")
    assert cells(found, "remit_amount", *names) == [
        ("AMT", "D8", Decimal(7), None, None, 14),
        ("AMT", "F5", Decimal(8), None, None, 14),
        ("AMT", "NL", Decimal(9), None, None, 14),
        ("QTY", "CA", None, Decimal(3), None, 14),
        ("QTY", "ZK", None, Decimal("1.25"), None, 14),
        ("AMT", "KH", Decimal(5), None, service, 14),
        ("AMT", "T2", Decimal(6), None, service, 14),
        ("QTY", "ZL", None, Decimal(2), service, 14),
    ]
    assert cells(found, "remit_amount", "remit_id") == [(3,)] * 8


def test_numbers_of_stays_and_visits():
    elements = "*".join(str(n) if n not in (5, 20, 21, 22, 23) else "" for n in range(1, 25))
    found = said(remittance(CLAIM + f"MIA*{elements}\nMOA*.75*2*MA01*****8*9\n"))
    rows_ = cells(found, "remit_amount", "segment", "qualifier", "amount", "quantity")
    assert {(s, q) for s, q, _, quantity in rows_ if quantity is not None} == {
        ("MIA", "01"),
        ("MIA", "03"),
        ("MIA", "15"),
        ("MOA", "01"),
    }
    assert len(rows_) == 19 + 4
    for segment, qualifier, amount, quantity in rows_:
        said_ = Decimal("0.75") if (segment, qualifier) == ("MOA", "01") else int(qualifier)
        assert (amount if quantity is None else quantity) == said_
    assert cells(found, "remark", "rarc_code") == [("MA01",)]


def test_a_number_no_balance_needs_is_left_empty_where_it_cannot_be_read():
    found = said(remittance(CLAIM + "AMT*D8*7O\nQTY*CA*X\n"))
    assert cells(found, "remit_amount", "amount", "quantity") == [(None, None)] * 2
    assert [rule for _, rule in rules(found) if rule.startswith("optional")] == [
        "optional_amount_unreadable",
        "optional_quantity_unreadable",
    ]
    assert len(found["remit_claim"]) == 1


def test_summaries_of_groups_of_claims():
    groups = """
    TS3*1234567893*11*20261231*1*100********7*****8
    TS2*50*60***********2
    CLP*A*1*100*100**12*P1
    LX*2
    TS3*1234567893*13*20261231*2*50
    CLP*B*1*50*50**12*P2
    """
    found = said(remittance(groups))
    names = ("remit_group_id", "remit_id", "group_no", "provider_code", "facility_code")
    assert cells(found, "remit_group", *names) == [
        (14, 3, "1", "1234567893", "11"),
        (18, 3, "2", "1234567893", "13"),
    ]
    names = ("fiscal_period_date", "claim_count", "charge_amount")
    assert cells(found, "remit_group", *names) == [
        (date(2026, 12, 31), 1, Decimal(100)),
        (date(2026, 12, 31), 2, Decimal(50)),
    ]
    names = ("segment", "qualifier", "amount", "quantity", "remit_group_id", "remit_id")
    assert cells(found, "remit_amount", *names) == [
        ("TS3", "13", Decimal(7), None, 14, 3),
        ("TS3", "18", Decimal(8), None, 14, 3),
        ("TS2", "01", Decimal(50), None, 14, 3),
        ("TS2", "02", Decimal(60), None, 14, 3),
        ("TS2", "13", None, Decimal(2), 14, 3),
    ]


def test_people_and_payers_named_on_a_claim_payment():
    named = """
    NM1*QC*1*Doe*Jane
    NM1*IL*1*Doe*John****MI*m100
    NM1*74*1*Dough*****C*M200
    NM1*82*1*Who*Ann****FI*123456789
    NM1*TT*2*Next Plan*****PI*NEXT1
    NM1*PR*2*First Plan*****PI*FIRST1
    NM1*GB*1*Roe*Rick****MI*M300
    """
    found = said(remittance(CLAIM + named))
    people = {
        row[0]: row[1:] for row in cells(found, "patient", "record_no", "member_id", "last_name")
    }
    ids = ("patient_id", "subscriber_id", "corrected_patient_id", "other_subscriber_id")
    (claim,) = cells(found, "remit_claim", *ids)
    assert [people[person] for person in claim] == [
        ("M100", "DOE"),
        ("M100", "DOE"),
        ("M200", "DOUGH"),
        ("M300", "ROE"),
    ]
    names = ("crossover_payer", "crossover_payer_code", "corrected_priority_payer_code")
    assert cells(found, "remit_claim", *names) == [("Next Plan", "NEXT1", "FIRST1")]
    assert cells(found, "remit_claim", "rendering_npi") == [(None,)], "a tax number is no NPI"


def test_only_the_patient_is_named():
    ids = ("subscriber_id", "corrected_patient_id", "other_subscriber_id", "crossover_payer")
    claims = CLAIM + "NM1*QC*1*DOE*JANE****MI*M1\n" + CLAIM + "NM1*QC*1*ROE*RIK\nREF*1W*m2\n"
    assert rows(claims, "remit_claim", *ids) == [(None,) * 4] * 2
    assert rows(claims, "patient", "member_id") == [("M1",), ("M2",)]


def test_weight_fraction_and_the_end_of_cover():
    claims = "CLP*A*1*100*100**12*P1*11*1**470*1.9512*.5\nDTM*036*20251231\n" + CLAIM
    names = ("drg_code", "drg_weight", "discharge_fraction", "coverage_expiry_date")
    found = said(remittance(claims))
    assert cells(found, "remit_claim", *names) == [
        ("470", Decimal("1.9512"), Decimal("0.5"), date(2025, 12, 31)),
        (None,) * 4,
    ]


@pytest.mark.parametrize(
    ("svc06", "code", "modifiers"),
    [("HC:99214:25:gt", "99214", ["25", "GT"]), ("HC:99214", "99214", None), ("", None, None)],
)
def test_the_procedure_as_billed(svc06, code, modifiers):
    claims = CLAIM + f"SVC*HC:99213:59*50*50***{svc06}\n"
    claims += "SVC*HC:1*50*50***HC:2:TC\n"
    names = ("procedure_code", "submitted_procedure_code", "submitted_modifiers")
    assert rows(claims, "remit_line", *names) == [
        ("99213", code, modifiers),
        ("1", "2", ["TC"]),
    ]


def test_what_belongs_to_a_claim_that_cannot_be_used_goes_out_with_it():
    more = "REF*EA*C1\nAMT*D8*7\n" + LINE
    found = said(remittance(CLAIM.replace("*100*", "*1OO*", 1) + more + CLAIM + more))
    out = sorted(table for table, rule in rules(found, "rejected") if rule == "claim_rejected")
    assert out == ["remit_amount", "remit_line", "remit_reference"]
    (kept,) = cells(found, "remit_claim", "remit_claim_id")
    assert cells(found, "remit_amount", "remit_claim_id") == [kept]
