"""What becomes of denials in the sample: that each kind is there, and how the truth reads it."""

import csv
import json
from collections import Counter
from datetime import date, timedelta

import pytest
import sample_wire as wire
from sample_lives import DAY, answered

from analytics.sample import codes, reading
from analytics.sample.denials import by_day, read_denials
from analytics.sample.events import WriteOff
from analytics.sample.tallies import percentiles


@pytest.fixture(scope="module")
def segments(folder):
    return [one for path in folder.glob("835/*.edi") for one in wire.read(path)[0]]


def extract(folder, name):
    return list(csv.DictReader((folder / name).read_text().splitlines()))


def test_appeals_end_in_every_way(folder):
    ends = Counter(
        (row["appeal_level"], row["decision_code"]) for row in extract(folder, "appeal.csv")
    )
    assert {"WON", "PARTLY_WON", "LOST", "WITHDRAWN", ""} == {decision for _, decision in ends}
    assert {"1", "2"} == {level for level, _ in ends}


def test_what_is_decided_has_its_day(folder):
    as_of = json.loads((folder / "truth.json").read_text())["as_of"]
    for row in extract(folder, "appeal.csv"):
        assert bool(row["decision_code"]) is bool(row["decision_date"])
        assert row["appeal_date"] <= (row["decision_date"] or as_of) <= as_of


def test_write_offs_are_of_claims_sent(folder):
    rows = extract(folder, "write_off.csv")
    sent = {
        one[1] for path in folder.glob("837/*.edi") for one in wire.read(path)[0] if one[0] == "CLM"
    }
    assert len(rows) > 50
    assert all(row["patient_control_number"] in sent and float(row["amount"]) > 0 for row in rows)


def test_denials_of_every_kind_are_there(segments):
    found = {
        (group, code)
        for one in segments
        if one[0] == "CAS"
        for group, code, amount in wire.adjustments(one)
        if amount > 0
    }
    wanted = {("OA", "18"), ("CO", "193"), ("PR", "96"), ("CO", "62"), ("CO", "B18"), ("CO", "59")}
    wanted |= {("OA", "23"), ("OA", "133"), ("CO", codes.UNKNOWN_CARC)}
    assert wanted <= found


def test_claim_payments_of_every_kind_are_there(segments):
    assert {one[2] for one in segments if one[0] == "CLP"} >= {
        "1",
        "2",
        "4",
        "19",
        "22",
        "23",
        "25",
    }
    assert any(one[0] == "PLB" for one in segments)


def test_percentiles_are_the_first_day_by_which_a_share_is_done():
    # Ten wait: four end on day 3, one is lost to sight then; of the five left four end on day 9.
    found = percentiles(Counter({3: 4, 9: 4}), Counter({3: 1, 20: 1}))
    assert found == {"p25": 3, "p50": 9, "p75": 9, "p90": None}
    assert percentiles(Counter(), Counter({5: 2}))["p25"] is None


# Small lives, drawn by hand.

PAID_1 = (0, 6000, [("CO", "45", 4000)])
PAID_2 = (1, 3000, [("CO", "45", 2000)])
DENIED_2 = (1, 0, [("CO", "197", 5000)])
UPHELD_2 = (1, 0, [("CO", "193", 5000)])


def denials(story):
    found = read_denials(story.claim, reading.read(story.claim))
    assert found
    return found


def test_a_claim_not_denied_has_no_denials(story):
    assert read_denials(story.claim, reading.read(story.claim)) is None
    answered(story, 14, PAID_1, PAID_2)
    assert read_denials(story.claim, reading.read(story.claim)) is None


def test_a_denial_has_its_reason(story):
    answered(story, 14, PAID_1, DENIED_2)
    found = denials(story)
    assert (found.main, found.category, found.remark) == (("CO", "197", 5000), "prior_auth", "")
    assert (found.is_preventable, found.is_hard) == (True, True)
    assert (found.resubmitted, found.resolved) == (None, None)


def test_a_denial_is_resolved_when_its_line_is_paid(story):
    answered(story, 14, PAID_1, DENIED_2)
    answered(story, 30, PAID_1)  # not the line denied
    assert denials(story).resolved is None
    answered(story, 50, PAID_2)
    assert denials(story).resolved == DAY + timedelta(days=50)


def test_or_written_off_or_voided(story):
    answered(story, 14, PAID_1, DENIED_2)
    story.claim.write_offs.append(WriteOff(DAY + timedelta(days=60), "", "", 5000))
    found, read = denials(story), reading.read(story.claim)
    assert (found.resolved, found.written_off) == (DAY + timedelta(days=60), 5000)
    assert (read.balance(DAY + timedelta(days=59)), read.balance(date(2026, 12, 31))) == (5000, 0)
    void = story.send(DAY + timedelta(days=20), frequency="8")
    found = denials(story)
    assert (found.resolved, found.resubmitted) == (void.sent, None)


def test_sent_again_after_the_denial(story):
    story.send(DAY + timedelta(days=7))
    answered(story, 14, PAID_1, DENIED_2)
    assert denials(story).resubmitted is None
    again = story.send(DAY + timedelta(days=20))
    assert denials(story).resubmitted == again.sent


def test_a_denial_upheld_is_no_new_event(story):
    answered(story, 14, PAID_1, DENIED_2)
    answered(story, 30, UPHELD_2)
    answered(story, 50, DENIED_2)
    events = [any(part.denied for part in found) for _, _, found in by_day(story.claim)]
    assert events == [True, False, True]
