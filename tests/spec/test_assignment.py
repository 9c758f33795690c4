"""Who gave a member most of the primary care."""

import datetime as dt

import pytest
from care_world import CLAIM_HEAD, cover, member, members, settled, settled_claims, span

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
        ("no primary-care service that assigns", 1)
    ]


CODED = {
    "a code before its years": ({"code": "99490", "day": "2015-03-01"}, None),
    "a code in its years": ({"code": "99490", "day": "2016-03-01"}, "1"),
    "a telephone visit of the emergency": ({"code": "99441", "day": "2023-02-01"}, "1"),
    "a telephone visit after it": ({"code": "99441"}, None),
    "advance planning": ({"code": "99497"}, "1"),
    "advance planning of an inpatient": ({"code": "99497", "place": "21"}, None),
    "advance planning of one before 2021": (
        {"code": "99497", "place": "21", "day": "2020-03-01"}, "1",
    ),
    "a visit at home": ({"code": "99347", "place": "12", "day": "2021-03-01"}, "1"),
    "a home visit elsewhere": ({"code": "99347", "place": "13", "day": "2021-03-01"}, None),
    "a home visit elsewhere since 2023": ({"code": "99347", "place": "13"}, "1"),
    "a prolonged visit without a visit": ({"code": "99354"}, None),
}  # fmt: skip


@pytest.mark.parametrize(("about", "expected"), CODED.values(), ids=CODED.keys())
def test_which_services_assign(told, about, expected):
    year = about.get("day", "2025-01-01")[:4]
    db = told(("B", "1", "08", 70, about), spans=[span(1, f"{year}-01-01", f"{year}-12-31")])
    assert db.sql("SELECT assigned_to FROM assignment").item() == expected


def test_a_prolonged_visit_counts_beside_its_visit(told):
    db = told(("B", "1", "08", 70), ("A", "2", "08", 60))
    db.connection.execute("DELETE FROM payer_claim_line WHERE payer_claim_id = 2")
    db.connection.execute("UPDATE payer_claim_line SET line_no = 1")
    db.connection.execute(
        "INSERT INTO payer_claim_line BY NAME SELECT * REPLACE (9 AS payer_claim_line_id,"
        " 2 AS line_no, '99354' AS procedure_code, 5 AS allowed_amount) FROM payer_claim_line"
    )
    db.build()
    assert db.sql("SELECT allowed_amount FROM assignment").item() == 75


def test_what_rests_on_codes_that_were_not_checked_is_told(told):
    db = told(("B", "1", "08", 70), ("B", "1", "08", 30, {"code": "G2211"}))
    assert db.sql("SELECT allowed_amount, unchecked_amount FROM assignment").row(0) == (100, 30)


def test_a_nursing_stay_of_the_facility_takes_its_visits_out(given):
    claims = "\n".join([
        settled(1, "2025-03-01", "2025-03-20", bill="211"),
        settled(2, "2025-03-05", kind="professional"),
    ])  # fmt: skip
    db = given(
        as_of=dt.date(2025, 12, 31), patient=members(member(1)),
        eligibility=cover(span(1, "2025-01-01")), payer_claim=f"{CLAIM_HEAD}\n{claims}",
        payer_claim_line=(
            "payer_claim_line_id | payer_claim_id | feed_code | line_no | procedure_code"
            " | place_of_service_code | specialty_code | rendering_npi | service_from_date"
            " | allowed_amount\n5 | 2 | tuva | 1 | 99309 | 32 | 08 | B | 2025-03-05 | 50"
        ),
    )  # fmt: skip
    assert db.sql("SELECT count(*) FROM primary_care_service").item() == 0


def facility(bill, revenue, code, day="2025-03-05", paid=40):
    """A bill of clinic C, line by NPI B, of whom a carrier's line of an older year tells 11."""
    return {
        "as_of": dt.date(2025, 12, 31), "patient": members(member(1)),
        "eligibility": cover(span(1, "2012-01-01")),
        "payer_claim": settled_claims(
            settled(1, day, bill=bill, provider="459999", allowed="", paid=paid),
            settled(2, "2009-03-05", kind="professional"),
        ),
        "payer_claim_line": (
            "payer_claim_line_id | payer_claim_id | feed_code | line_no | procedure_code"
            " | revenue_code | specialty_code | rendering_npi | service_from_date | paid_amount\n"
            f"5 | 1 | tuva | 1 | {code} | {revenue} | | B | {day} | {paid}\n"
            "6 | 2 | tuva | 1 | 80053 | | 11 | B | 2009-03-05 | 5"
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("bill", "revenue", "code", "day", "counted"),
    [
        ("771", "0521", "99213", "2025-03-05", True),
        ("711", "0521", "99213", "2025-03-05", True),
        ("711", "0521", "", "2018-03-05", True),  # by revenue code, to 2018
        ("711", "0521", "", "2025-03-05", False),
        ("731", "0521", "99213", "2025-03-05", False),  # 73 was FQHC before April 2010
        ("851", "0981", "99213", "2025-03-05", True),
        ("851", "0450", "99213", "2025-03-05", False),
        ("131", "0510", "99213", "2025-03-05", False),
    ],
)
def test_clinics_and_critical_access_hospitals(given, bill, revenue, code, day, counted):
    rows = given(**facility(bill, revenue, code, day)).sql(
        "SELECT entity, provider_kind, allowed_amount FROM primary_care_service WHERE is_in_year"
    )
    assert rows.rows() == ([("459999", "primary_care", 40)] if counted else [])


EARLIER = {"day": "2024-06-01"}
WINDOWS = {
    "a physician of the network the year before": (
        [("A", "1", "50", 70), ("A", "1", "08", 10, EARLIER)], (None, "network"),
    ),
    "no physician of the network": ([("A", "1", "50", 70)], (None, None)),
    "no other professional in the year": (
        [("B", "2", "08", 5), ("A", "1", "08", 70, EARLIER)], ("2", "2"),
    ),
    "others with more in 24 months": (
        [("A", "1", "50", 70), ("A", "1", "08", 10, EARLIER), ("B", "2", "08", 90)], ("2", "2"),
    ),
    "a physician in the year": ([("A", "1", "08", 70), ("B", "2", "08", 90)], ("2", "2")),
}  # fmt: skip


@pytest.mark.parametrize(("services", "expected"), WINDOWS.values(), ids=WINDOWS.keys())
def test_the_expanded_window(told, services, expected):
    db = told(*services, spans=[span(1, "2024-01-01")])
    db.connection.execute("UPDATE roster SET start_date = NULL")
    db.build()
    found = db.sql("SELECT assigned_to, expanded_to FROM assignment WHERE year = '2025-01-01'")
    assert found.row(0) == expected
