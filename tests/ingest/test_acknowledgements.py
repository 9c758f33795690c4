"""What a 277CA, 999, 997 or TA1 says of the claims sent, and what is kept when it says it badly."""

from datetime import date
from decimal import Decimal

import pytest
from wire import RECEIVED, Wire, acknowledgement, interchange, isa, rules, said, set_, submission

CLAIMS = """
HL*4*3*PT
NM1*QC*1*Doe*Jane****MI*M100
TRN*2*C1
STC*A2:20:PR*20260111*WQ*100
REF*1K*ICN1
REF*D9*CH1
DTP*472*D8*20260105
HL*5*3*PT
NM1*QC*1*Roe*Rick****MI*M200
TRN*2*C2
STC*A7:562:85*20260111*U*150.5******A6:128*A8:496:PR
STC*A3:21*20260112*U*150.5
SVC*HC:99213*50.5****1
STC*A7:454**U
REF*FJ*L1
"""


def found(segments, **options):
    """The acknowledgements as rows, without what is empty."""
    rows = said(segments, **options).tables["acknowledgement"].to_dicts()
    return [{k: v for k, v in row.items() if v not in (None, [])} for row in rows]


def only(segments, *names):
    """Some columns of the only row."""
    (row,) = found(segments)
    return tuple(row.get(name) for name in names)


def test_each_status_is_a_row_with_what_its_levels_say():
    batch, taken, refused, again, line = found(acknowledgement(CLAIMS))
    assert batch == {
        "record_no": 13,
        "acknowledgement_id": 13,
        "transaction_id": 3,
        "source": "277CA",
        "level": "batch",
        "action": "accepted",
        "reply_code": "WQ",
        "acknowledged_date": date(2026, 1, 11),
        "reference_number": "B1",
        "category_code": "A1",
        "status_code": "19",
        "entity_code": "PR",
        "charge_amount": Decimal(450),
    }
    assert taken == batch | {
        "record_no": 24,
        "acknowledgement_id": 24,
        "level": "claim",
        "provider_npi": "1234567893",
        "patient_control_number": "C1",
        "payer_claim_number": "ICN1",
        "clearinghouse_number": "CH1",
        "category_code": "A2",
        "status_code": "20",
        "charge_amount": Decimal(100),
    }
    assert (refused["action"], refused["patient_control_number"]) == ("rejected", "C2")
    assert refused["further_codes"] == ["A6:128", "A8:496:PR"]
    assert (again["category_code"], again["acknowledged_date"]) == ("A3", date(2026, 1, 12))
    assert line["level"] == "line"
    assert line["line_control_number"] == "L1"
    assert line["charge_amount"] == refused["charge_amount"] == Decimal("150.5")
    assert line["acknowledged_date"] == date(2026, 1, 11), "that of its claim"


def test_the_set_is_loaded_counted_and_needs_no_balance():
    whole = said(acknowledgement(CLAIMS))
    (row,) = whole["transaction_set"].to_dicts()
    assert (row["status"], row["acknowledgement_count"], row["claim_count"]) == ("loaded", 5, 0)
    assert (row["is_balanced"], row["difference_amount"]) == (None, None)
    assert row["reference_number"] == "ACK1"
    assert not len(whole.rejected)


def test_a_batch_and_a_provider_are_rejected_without_naming_claims():
    header = RECEIVED.replace("STC*A1:19:PR*20260111*WQ*450", "STC*A3:24:41*20260111*U*450")
    batch = header[: header.index("QTY*90")]
    names = ("level", "action", "reference_number", "provider_npi", "patient_control_number")
    assert only(acknowledgement("", batch), *names) == ("batch", "rejected", "B1", None, None)
    _, provider = found(acknowledgement("STC*A8:496:85**U*150"))
    assert [provider.get(name) for name in names] == [
        "provider",
        "rejected",
        "B1",
        "1234567893",
        None,
    ]
    assert provider["acknowledged_date"] == date(2026, 1, 11), "the day of processing"


@pytest.mark.parametrize(
    ("status", "action", "rule"),
    [
        ("A0:19**WQ", "accepted", None),
        ("A1:19", "accepted", None),
        ("A2:20**WQ", "accepted", None),
        ("A5:20", "accepted", None),
        ("A4:35**WQ", "accepted", None),
        ("A3:21", "rejected", None),
        ("A4:35**U", "rejected", None),
        ("a6:21**u", "rejected", None),
        ("A7:21", "rejected", None),
        ("A8:21", "rejected", None),
        ("A7:21**WQ", "rejected", "action_contradictory"),
        ("A1:19**U", "rejected", "action_contradictory"),
        ("A2:20**WQ*******A7:21", "rejected", "action_contradictory"),
        ("A4:35", None, "action_unknown"),
        ("E1:0", None, "action_unknown"),
        ("ZZ:1*20260111*X", None, "action_unknown"),
        (":20", None, "action_unknown"),
        ("", None, "action_unknown"),
    ],
)
def test_accepted_or_rejected(status, action, rule):
    claim = f"HL*4*3*PT\nTRN*2*C1\nSTC*{status}"
    whole = said(acknowledgement(claim))
    assert whole["acknowledgement"]["action"][-1] == action
    assert rules(whole) == ([("acknowledgement", rule)] if rule else [])


@pytest.mark.parametrize(
    ("body", "rule", "kept"),
    [
        ("HL*4*3*PT\nTRN*2*C1\nHL*5*3*PT\nTRN*2*C2\nSTC*A2:20", "status_missing", ["C2"]),
        ("HL*4*3*PT\nSTC*A2:20\nHL*5*3*PT\nTRN*2*C2\nSTC*A2:20", "control_number_missing", ["C2"]),
        ("HL*4*3*PT\nTRN*2\nSTC*A2:20\nTRN*2*C2\nSTC*A2:20", "control_number_missing", ["C2"]),
    ],
)
def test_what_says_nothing_or_of_no_claim_is_kept_out_alone(body, rule, kept):
    whole = said(acknowledgement(body))
    numbers = whole["acknowledgement"]["patient_control_number"].drop_nulls().to_list()
    assert (rules(whole, "rejected"), numbers) == ([("acknowledgement", rule)], kept)


def test_a_charge_or_day_that_cannot_be_read_is_left_empty():
    whole = said(acknowledgement("HL*4*3*PT\nTRN*2*C1\nSTC*A2:20*20260231*WQ*1e3"))
    (_, row) = whole["acknowledgement"].to_dicts()
    assert (row["charge_amount"], row["acknowledged_date"]) == (None, date(2026, 1, 11))
    assert rules(whole) == [("acknowledgement", "amount_unreadable")]


@pytest.mark.parametrize("level", ["PT", "22", "23", ""])
def test_a_patient_is_whoever_stands_below_the_provider(level):
    (_, row) = found(acknowledgement(f"HL*4*3*{level}\nTRN*2*C1\nSTC*A2:20"))
    assert (row["level"], row["patient_control_number"]) == ("claim", "C1")


def test_the_guide_before_this_one_is_read_and_other_277s_are_not():
    segments = interchange(set_("277CA", RECEIVED, guide="004040X167"))
    assert len(found(segments)) == 1
    for guide in ("005010X212", "005010X364", ""):
        other = said(interchange(set_("277CA", RECEIVED, guide=guide)))
        assert other["transaction_set"]["status"].to_list() == ["skipped"]
        assert rules(other) == [("transaction_set", "type_skipped")]
        assert "acknowledgement" not in other.tables


def test_a_277ca_without_trailer_is_cut_off_and_kept_out_whole():
    whole = said(acknowledgement(CLAIMS)[:-3])
    assert not len(whole["acknowledgement"])
    assert rules(whole, "rejected").count(("acknowledgement", "set_rejected")) == 5
    assert ("transaction_set", "set_cut_off") in rules(whole)


REPLY = """
AK1*HC*17*005010X222A1
AK2*837*0001*005010X222A1
IK5*A
AK2*837*0002
IK3*CLM*22*2300*8
CTX*CLM01:C7
IK4*5:3*1331*7*SECRET
IK3*REF*57**3
CTX*SITUATIONAL TRIGGER*CLM*43**5:3
IK5*R*5*I5
AK9*P*2*2*1
"""


def test_each_set_and_group_that_a_999_answers_is_a_row():
    first, second, group = found(interchange(set_("999", REPLY)))
    assert first == {
        "record_no": 5,
        "acknowledgement_id": 5,
        "transaction_id": 3,
        "source": "999",
        "level": "set",
        "action": "accepted",
        "reply_code": "A",
        "acknowledged_date": date(2026, 2, 14),
        "functional_code": "HC",
        "gs_control_number": "17",
        "set_type_code": "837",
        "st_control_number": "0001",
        "implementation_code": "005010X222A1",
        "error_count": 0,
    }
    assert (second["action"], second["reason_code"], second["error_count"]) == ("rejected", "5", 2)
    counts = [group[f"{name}_count"] for name in ("set", "received", "accepted")]
    assert (group["level"], group.get("action"), counts) == ("group", None, [2, 2, 1])


def test_errors_lead_to_the_claim_and_leave_the_bad_value_out():
    whole = said(interchange(set_("999", REPLY)))
    rows = whole["acknowledgement_error"].to_dicts()
    shown = [
        (r["acknowledgement_id"], r["segment_code"], r["segment_position"], r["error_code"])
        for r in rows
    ]
    assert shown == [(7, "CLM", 22, "8"), (7, "CLM", 22, "7"), (7, "REF", 57, "3")]
    element = rows[1]
    assert (element["element_position"], element["component_position"]) == (5, 3)
    assert (element["element_code"], element["loop_code"]) == ("1331", "2300")
    assert [r["patient_control_number"] for r in rows] == ["C7", "C7", None]
    assert "SECRET" not in str(whole.tables)


def test_a_997_says_the_same_in_other_segments():
    old = REPLY.replace("IK", "AK").replace("*005010X222A1", "")
    new = [row | {"source": "997"} for row in found(interchange(set_("999", REPLY)))]
    for row in new:
        row.pop("implementation_code", None)
    assert found(interchange(set_("997", old, guide=""))) == new


@pytest.mark.parametrize(
    ("code", "action"),
    [("A", "accepted"), ("E", "accepted"), ("a", "accepted")]
    + [(code, "rejected") for code in "RMWX"],
)
def test_codes_of_a_set(code, action):
    body = f"AK1*HC*17\nAK2*837*0001\nIK5*{code}\nAK9*{code}*1*1*1"
    rows = found(interchange(set_("999", body)))
    assert [row["action"] for row in rows] == [action, action]


@pytest.mark.parametrize(
    ("body", "actions", "expected"),
    [
        ("AK1*HC*17\nAK9*R*1*1*0", ["rejected"], []),
        ("AK1*HC*17\nAK2*837*1\nAK9*A*1*1*1", [None, "accepted"], ["action_unknown"]),
        ("AK1*HC*17\nAK2*837*1\nIK5*Q\nAK9*A*1*1*1", [None, "accepted"], ["action_unknown"]),
        ("AK1*HC*17\nIK5*R\nAK9*R*1*1*0", ["rejected"], ["orphan_record"]),
        ("AK1*HC*17\nAK2*837*1\nIK5*A\nIK5*R\nAK9*P", ["accepted", None], ["orphan_record"]),
        ("AK1*HC*17\nAK2*837\nIK5*R\nAK9*A*1*1*0", ["accepted"], ["value_missing"]),
        (
            "AK1*HC*17\nAK2*837\nIK3*CLM*2\nIK5*R\nAK9*A*1*1*0",
            ["accepted"],
            ["value_missing", "answer_rejected"],
        ),
        ("AK2*837*1\nIK5*R\nAK9*R*1*1*0", ["rejected"], ["value_missing"]),
        ("AK1*HC*17\nAK9*R*one*1*0", ["rejected"], ["quantity_unreadable"]),
        ("AK1*HC*17\nAK9*Z", [None], ["action_unknown"]),
        ("IK3*CLM*2\nAK1*HC*17\nIK3*CLM*2\nAK9*A", ["accepted"], ["orphan_record"] * 2),
    ],
)
def test_what_a_damaged_999_still_says(body, actions, expected):
    whole = said(interchange(set_("999", body)))
    assert whole["acknowledgement"]["action"].to_list() == actions
    assert [rule for _, rule in rules(whole)] == expected


def test_a_999_that_comes_to_its_end_loads_without_trailer():
    whole = said(interchange(set_("999", REPLY))[:-3])
    assert len(whole["acknowledgement"]) == 3
    assert set(rules(whole)) == {("transaction_set", "trailer_missing")}
    cut = said(interchange(set_("999", REPLY))[:-4])
    assert not len(cut["acknowledgement"])
    assert not len(cut["acknowledgement_error"])


def ta1(code: str = "R", usage: str = "P") -> list[str]:
    return [isa(usage=usage), f"TA1*000000077*260110*0930*{code}*006", "IEA*0*000000001"]


@pytest.mark.parametrize(
    ("code", "action"), [("R", "rejected"), ("A", "accepted"), ("E", "accepted")]
)
def test_a_whole_interchange(code, action):
    assert found(ta1(code)) == [
        {
            "record_no": 2,
            "acknowledgement_id": 2,
            "source": "TA1",
            "level": "interchange",
            "action": action,
            "reply_code": code,
            "reason_code": "006",
            "isa_control_number": "000000077",
            "interchange_date": date(2026, 1, 10),
            "acknowledged_date": date(2026, 2, 14),
        }
    ]
    assert not rules(said(ta1(code)))


def test_a_ta1_in_an_interchange_for_tests_is_kept_out():
    assert found(ta1(usage="T")) == []
    assert rules(said(ta1(usage="T"))) == [("acknowledgement", "set_rejected")]
    assert len(found(ta1(usage="T"), include_test=True)) == 1


def test_a_ta1_before_claims_leaves_them_alone():
    claim = "CLM*A1*10***11:B:1\nLX*1\nSV1*HC:99213*10*UN*1\nDTP*472*D8*20260105"
    head, *rest = submission(claim)
    whole = said([head, "TA1*000000077*260110*0930*A*000", *rest])
    assert len(whole["claim"]) == len(whole["acknowledgement"]) == 1
    assert not rules(whole)


def test_acknowledgements_of_all_kinds_in_one_file():
    text = Wire().write([*acknowledgement(CLAIMS), *interchange(set_("999", REPLY)), *ta1()])
    whole = said(text)
    sources = whole["acknowledgement"]["source"].to_list()
    assert sources == ["277CA"] * 5 + ["999"] * 3 + ["TA1"]
    assert whole["transaction_set"]["acknowledgement_count"].to_list() == [5, 3]
