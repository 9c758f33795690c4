"""Which submission an acknowledgement is of, and what it makes of it."""

import pytest
from world import REMIT, adjustments, claim, claims, payment, payments

from analytics.metrics.denials import clean_claim_rate, rejection_rate

SETS = """
    transaction_id | file_id | type_code | isa_control_number | gs_control_number | st_control_number | sender_code | receiver_code | reference_number | interchange_date
    100            | 1       | 837       | 000000007          | 5                 | 0001              | ME          | HOUSE         | B1               | 2026-01-10
    200            | 1       | 837       | 000000007          | 5                 | 0002              | ME          | HOUSE         | B2               | 2026-01-10
    300            | 2       | 837       | 000000008          | 5                 | 0001              | ME          | HOUSE         | B3               | 2026-02-10
    900            | 3       | 277       | 000000001          | 1                 | 0001              | HOUSE       | ME            | ACK1             | 2026-01-11
    """  # noqa: E501
BATCH = """
    claim_id | transaction_id | patient_control_number | billing_npi | submission_date | service_from_date | billed_amount
    11       | 100            | A                      | 1           | 2026-01-10      | 2026-01-05        | 100
    12       | 100            | B                      | 2           | 2026-01-10      | 2026-01-05        | 200
    21       | 200            | C                      | 1           | 2026-01-10      | 2026-01-05        | 300
    31       | 300            | D                      | 1           | 2026-02-10      | 2026-01-05        | 400
    """  # noqa: E501


def said(*rows):
    """The table acknowledgement: one mapping a row; by a 277CA, that rejected, on a day after."""
    usual = {"transaction_id": 900, "source": "277CA", "level": "claim", "action": "rejected"}
    usual |= {"acknowledged_date": "2026-03-01", "file_id": 3}
    filled = [usual | {"acknowledgement_id": 901 + i} | row for i, row in enumerate(rows)]
    names = list(dict.fromkeys(name for row in filled for name in row))
    lines = [" | ".join(str(row.get(name, "")) for name in names) for row in filled]
    return "\n".join([" | ".join(names), *lines])


def claim_said(control="A", **more):
    return {"patient_control_number": control} | more


def set_said(st="0001", gs="5", **more):
    kind = {"source": "999", "level": "set", "set_type_code": "837", "functional_code": "HC"}
    return kind | {"gs_control_number": gs, "st_control_number": st} | more


def rejected(db):
    """The submissions rejected, and those acknowledged."""
    found = db.sql("SELECT submission_id FROM submission_outcome WHERE is_rejected ORDER BY 1")
    known = db.sql("SELECT submission_id FROM submission_outcome WHERE is_acknowledged ORDER BY 1")
    return found["submission_id"].to_list(), known["submission_id"].to_list()


def unmatched(db):
    return db.sql("SELECT count(*) FROM acknowledgement_tie WHERE NOT is_matched").item()


def of(db, number=901):
    """The submission that an acknowledgement is of."""
    return db.sql(
        "SELECT submission_id FROM acknowledgement_tie WHERE acknowledgement_id = $n", n=number
    ).item()


def test_by_control_number_whatever_its_case(given):
    db = given(
        claim=claims(claim(1, "ab1"), claim(2, "X")), acknowledgement=said(claim_said("AB1"))
    )
    assert (of(db), rejected(db)) == (1, ([1], [1]))


@pytest.mark.parametrize(
    ("day", "wanted"),
    [("2026-01-09", None), ("2026-01-10", 1), ("2026-01-31", 1), ("2026-02-10", 2)],
)
def test_of_the_latest_submission_not_sent_after_it(given, day, wanted):
    db = given(
        claim=claims(claim(1), claim(2, sent="2026-02-10")),
        acknowledgement=said(claim_said(acknowledged_date=day)),
    )
    assert (of(db), unmatched(db)) == (wanted, wanted is None)


def test_the_charge_it_states_comes_before_the_latest(given):
    sent = claims(claim(1, billed="70"), claim(2, sent="2026-02-10", billed="90"))
    stated = [claim_said(charge_amount=amount) for amount in ("70", "90", "80", "")]
    db = given(claim=sent, acknowledgement=said(*stated))
    assert [of(db, 901 + i) for i in range(4)] == [1, 2, 2, 2]


def test_the_batch_it_names_comes_before_the_charge(given):
    twice = BATCH.replace("| D ", "| A ")
    named = claim_said(reference_number="B1", charge_amount="400")
    db = given(transaction_set=SETS, claim=twice, acknowledgement=said(named, claim_said()))
    assert (of(db, 901), of(db, 902)) == (11, 31)


def test_what_ties_to_nothing_is_kept_and_counted(given):
    stray = said(claim_said("ZZ", charge_amount="50"), set_said(gs="99"))
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=stray)
    assert (unmatched(db), rejected(db)) == (2, ([], []))
    left = rejection_rate.excluded(db).rows()
    assert left[-1] == ("acknowledgement tied to nothing sent (charge stated)", 2, 50)


def test_a_set_rejected_takes_all_its_claims_along(given):
    db = given(
        transaction_set=SETS,
        claim=BATCH,
        acknowledgement=said(
            set_said(acknowledged_date="2026-01-11"),
            set_said("2", action="accepted", acknowledged_date="2026-01-11"),
        ),
        as_of="2026-03-01",
    )
    assert rejected(db) == ([11, 12], [11, 12, 21])


def test_of_sets_with_the_same_numbers_it_is_the_latest_before_it(given):
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=said(set_said()))
    assert rejected(db)[0] == [31]


def test_then_one_between_the_same_parties(given):
    other = SETS.replace(
        "000000008          | 5                 | 0001              | ME ",
        "000000008          | 5                 | 0001              | YOU",
    )
    db = given(transaction_set=other, claim=BATCH, acknowledgement=said(set_said()))
    assert rejected(db)[0] == [11, 12]


def test_a_group_speaks_for_the_sets_that_are_not_named(given):
    group = {"level": "group", "st_control_number": "", "set_type_code": ""}
    early = {"acknowledged_date": "2026-01-11"}
    named = set_said("0001", action="accepted", **early)
    db = given(
        transaction_set=SETS, claim=BATCH, acknowledgement=said(named, set_said() | group | early)
    )
    assert rejected(db) == ([21], [11, 12, 21])
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=said(set_said() | group | early))
    assert rejected(db)[0] == [11, 12, 21]


def test_a_group_all_of_whose_sets_are_named_is_not_tied_to_nothing(given):
    group = {"level": "group", "st_control_number": "", "set_type_code": ""}
    early = {"acknowledged_date": "2026-01-11", "action": "accepted"}
    rows = [set_said("0001", **early), set_said("0002", **early), set_said() | group | early]
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=said(*rows))
    assert (unmatched(db), rejected(db)[1]) == (0, [11, 12, 21])


def test_a_whole_batch_or_a_provider_in_it(given):
    batch = {"level": "batch", "reference_number": "B1"}
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=said(batch))
    assert rejected(db)[0] == [11, 12]
    of_one = {"level": "provider", "reference_number": "B1", "provider_npi": "2"}
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=said(of_one))
    assert rejected(db)[0] == [12]
    of_whom = {"level": "provider", "reference_number": "B1"}
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=said(of_whom))
    assert (rejected(db)[0], unmatched(db)) == ([], 1)


def test_a_whole_interchange_rejected_but_not_accepted(given):
    ta1 = {"source": "TA1", "level": "interchange", "transaction_id": "", "isa_control_number": "7"}
    ta1 |= {"interchange_date": "2026-01-10"}
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=said(ta1))
    assert rejected(db)[0] == [11, 12, 21]
    db = given(
        transaction_set=SETS, claim=BATCH, acknowledgement=said(ta1 | {"action": "accepted"})
    )
    assert rejected(db) == ([], [])


def test_what_is_not_about_claims_or_says_nothing_is_left_aside(given):
    rows = [set_said(set_type_code="834"), set_said(functional_code="BE"), claim_said(action="")]
    db = given(transaction_set=SETS, claim=BATCH, acknowledgement=said(*rows))
    assert db.sql("SELECT * FROM acknowledgement_tie").is_empty()


def test_rejected_by_any_is_rejected(given):
    rows = [claim_said(action="accepted"), claim_said(), claim_said(action="accepted")]
    db = given(claim=claims(claim(1)), acknowledgement=said(*rows))
    assert rejected(db) == ([1], [1])


def test_nothing_later_than_the_day_asked_for(given):
    db = given("2026-02-28", claim=claims(claim(1)), acknowledgement=said(claim_said()))
    assert rejected(db) == ([], [])
    assert db.as_of.isoformat() == "2026-02-28"


def rate(metric, db):
    return metric(db).select("hits", "n").row(0)


def test_rejection_rate_counts_each_submission_that_was_acknowledged(given):
    db = given(
        claim=claims(claim(1), claim(2, sent="2026-01-20"), claim(3, "B"), claim(4, "C")),
        acknowledgement=said(
            claim_said(acknowledged_date="2026-01-11"),
            claim_said(acknowledged_date="2026-01-21", action="accepted"),
            claim_said("B", action="accepted"),
        ),
    )
    assert rate(rejection_rate, db) == (1, 3)
    assert db.sql("SELECT count(*) FROM claim_outcome").item() == 3, "sent again is the same claim"


CLEAN = {
    "paid": (1, 1),
    "denied": (0, 1),
    "rejected, never sent again": (0, 1),
    "rejected, sent again, paid": (1, 2),
    "denied, sent again, paid": (1, 2),
    "paid, then replaced and paid": (1, 2),
    "paid, then voided": (0, 1),
    "paid, then a late charge": (1, 1),
    "no word": (0, 0),
    "no word, sent again, paid": (1, 1),
    "denied as a duplicate": (0, 0),
}


@pytest.mark.parametrize("story", CLEAN)
def test_clean_claim_rate(given, story):
    sent, remits, denials, replies = [claim(1)], [], [], []
    happened, *later = story.split(", ")
    if happened == "rejected":
        replies = [claim_said(acknowledged_date="2026-01-11")]
    elif happened != "no word":
        remits.append(payment(10, 1, paid="0" if "denied" in happened else "80"))
        denials = {"denied": [(10, "CO", "197", "100")], "paid": []}.get(
            happened, [(10, "OA", "18", "100")]
        )
    frequency = {"then voided": "8", "then a late charge": "5", "then replaced and paid": "7"}
    if later and later[0] != "never sent again":
        sent.append(claim(2, sent="2026-02-10", freq=frequency.get(later[0], "1")))
    if later and later[-1].endswith("paid"):
        remits.append(payment(11, 2, paid="80", icn="X2"))
    db = given(
        claim=claims(*sent),
        remit=REMIT,
        remit_claim=payments(*remits),
        adjustment=adjustments(*denials),
        acknowledgement=said(*replies) if replies else "acknowledgement_id",
    )
    assert rate(clean_claim_rate, db) == CLEAN[story]


def test_a_payment_answers_what_was_sent_by_the_day_it_was_received(given):
    late = """
    remit_claim_id | remit_id | patient_control_number | status_code | charge_amount | paid_amount | received_date
    10             | 2        | A                      | 1           | 100           | 80          | 2026-01-12
    """  # noqa: E501
    db = given(claim=claims(claim(1), claim(2, sent="2026-02-10")), remit=REMIT, remit_claim=late)
    answered = db.sql("SELECT submission_id FROM submission_outcome WHERE is_answered")
    assert answered["submission_id"].to_list() == [1]


def test_a_payment_of_a_claim_that_was_rejected_answers_it_all_the_same(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, paid="80")),
        acknowledgement=said(claim_said(acknowledged_date="2026-01-11")),
    )
    row = db.sql("SELECT is_answered, is_rejected, is_clean FROM submission_outcome").row(0)
    assert row == (True, True, False)


def test_the_first_submission_stays_the_first_though_it_was_rejected(given):
    """Waits count from the day the money was first asked for: METRICS section 3."""
    db = given(
        claim=claims(claim(1), claim(2, sent="2026-01-20")),
        remit=REMIT,
        remit_claim=payments(payment(10, paid="80")),
        acknowledgement=said(claim_said(acknowledged_date="2026-01-11")),
    )
    row = db.sql(
        "SELECT claim_id, submission_count, days_to_answer, is_first_pass FROM claim_outcome"
    )
    assert row.rows() == [(1, 2, 22, False)]
