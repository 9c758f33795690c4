"""Who gave a member most of the primary care."""

import datetime as dt

import pytest
from care_world import cover, member, members, span

from analytics.metrics.preventive import assignment_rate

ROSTER = "npi | start_date | end_date\nA | 2025-01-01 | 2025-09-30\nS | |"


@pytest.fixture
def told(given):
    """Member 1's services: (NPI, tax number, specialty, allowed, more)."""

    def build(*services, spans=None, people=None):
        claims, lines = [], []
        for n, (npi, tin, specialty, allowed, *more) in enumerate(services, start=1):
            about = {"day": f"2025-03-{n:02}", "code": "99213", "place": "11"}
            about |= more[0] if more else {}
            day = about["day"]
            claims.append(f"{n} | tuva | K{n} | professional | 1 | {day} | {tin} | {allowed}")
            lines.append(
                f"{n} | {n} | tuva | 1 | {about['code']} | {about['place']} | {specialty} | {npi}"
                f" | {day} | {allowed}"
            )
        return given(
            as_of=dt.date(2025, 12, 31), roster=ROSTER,
            patient=members(*(people or [member(1)])),
            eligibility=cover(*(spans or [span(1, "2025-01-01")])),
            payer_claim="payer_claim_id | feed_code | claim_key | claim_type | patient_id"
            " | service_from_date | billing_tin | allowed_amount\n" + "\n".join(claims),
            payer_claim_line="payer_claim_line_id | payer_claim_id | feed_code | line_no"
            " | procedure_code | place_of_service_code | specialty_code | rendering_npi"
            " | service_from_date | allowed_amount\n" + "\n".join(lines),
        )  # fmt: skip

    return build


def who(db):
    return db.sql("SELECT assigned_to, step_no FROM assignment").row(0)


CASES = {
    "the most by one tax number": ([("A", "1", "08", 50), ("B", "2", "08", 60)], ("2", 1)),
    "others count one by one": (
        [("A", "1", "08", 50), ("B", "2", "08", 40), ("C", "3", "11", 40)], ("network", 1),
    ),
    "several of one tax number": (
        [("A", "1", "08", 50), ("B", "2", "08", 30), ("C", "2", "11", 30)], ("2", 1),
    ),
    "a tie goes to the latest": ([("A", "1", "08", 50), ("B", "2", "08", 50)], ("2", 1)),
    "step 1 comes before however much of step 2": (
        [("A", "1", "08", 10), ("B", "2", "06", 900)], ("network", 1),
    ),
    "step 2 without any of step 1": ([("S", "1", "06", 70), ("B", "2", "13", 60)], ("network", 2)),
    "a specialty of neither": ([("A", "1", "02", 70)], (None, None)),
    "a service that is none": ([("A", "1", "08", 70, {"code": "80053"})], (None, None)),
    "a skilled nursing stay": (
        [("A", "1", "08", 70, {"code": "99309", "place": "31"})], (None, None),
    ),
    "a nursing facility": (
        [("A", "1", "08", 70, {"code": "99309", "place": "32"})], ("network", 1),
    ),
    "after leaving the roster": ([("A", "1", "08", 70, {"day": "2025-11-01"})], ("1", 1)),
    "no physician of the network": ([("A", "1", "50", 70), ("B", "2", "08", 10)], ("2", 1)),
    "a physician of the network besides": (
        [("A", "1", "50", 70), ("S", "1", "06", 5), ("B", "2", "08", 10)], ("network", 1),
    ),
    "no tax number": ([("B", "", "08", 70)], ("B", 1)),
}  # fmt: skip


@pytest.mark.parametrize(("services", "expected"), CASES.values(), ids=CASES.keys())
def test_who_a_member_is_assigned_to(told, services, expected):
    assert who(told(*services)) == expected


@pytest.mark.parametrize(
    ("spans", "assignable"),
    [
        ([span(1, "2025-01-01", part="PART_A"), span(1, "2025-01-01", part="PART_B", record=2)], 1),
        ([span(1, "2025-01-01", part="PART_A")], 0),
        ([span(1, "2025-01-01", part="PART_A"), span(1, "2025-02-01", part="PART_B", record=2)], 0),
        ([span(1, "2025-01-01"), span(1, "2025-06-01", part="PART_C", record=2)], 0),
    ],
)
def test_parts_a_and_b_all_along(told, spans, assignable):
    assert assignment_rate(told(("A", "1", "08", 70), spans=spans))["n"].item() == assignable


def test_the_share_is_of_those_assigned(told):
    db = told(("A", "1", "08", 70), people=[member(1), member(2)],
              spans=[span(1, "2025-01-01"), span(2, "2025-01-01")])  # fmt: skip
    assert assignment_rate(db).select("hits", "n").row(0) == (1, 1)
    assert assignment_rate.excluded(db).select("reason", "n").rows() == [
        ("no primary-care service", 1)
    ]
