"""When a person is covered, and what care costs per month of it."""

import calendar
import datetime as dt
import random
from decimal import Decimal

import pytest
from care_world import cover, line, lines, member, members, settled, settled_claims, span
from world import REMIT, claim, claims, payment, payments

from analytics.metrics.value import paid_pmpm, pmpm

AS_OF = dt.date(2025, 12, 31)


@pytest.fixture
def world(given):
    """A database of spans of cover of the members 1 to 3."""

    def build(*spans, people=None, as_of=AS_OF, **more):
        people = people or [member(1), member(2), member(3)]
        return given(as_of=as_of, patient=members(*people), eligibility=cover(*spans), **more)

    return build


def months(db):
    rows = db.sql("SELECT person_id, strftime(month, '%m') AS m, covered_days FROM member_month")
    return sorted(rows.rows())


CASES = [
    ("one span, whole and part", [("2025-01-01", "2025-02-10")], [("01", 31), ("02", 10)]),
    ("one day is a member month", [("2025-03-31", "2025-03-31")], [("03", 1)]),
    ("overlapping spans are merged", [("2025-01-01", "2025-01-20"), ("2025-01-10", "2025-02-03")],
     [("01", 31), ("02", 3)]),
    ("spans apart in a month", [("2025-01-01", "2025-01-05"), ("2025-01-20", "2025-01-24")],
     [("01", 10)]),
    ("open cover ends with the as-of date", [("2025-11-15", "")], [("11", 16), ("12", 31)]),
    ("cover that begins later is not known", [("2026-01-01", "")], []),
    ("cover that ends before it begins is none", [("2025-05-01", "2025-04-30")], []),
]  # fmt: skip


@pytest.mark.parametrize(("spans", "told"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_months_and_days_of_cover(world, spans, told):
    db = world(*(span(1, *ends) for ends in spans))
    assert months(db) == [(1, *one) for one in told]


def test_a_later_file_ends_cover_in_retrospect(world):
    db = world(span(1, "2025-01-01"), span(1, "2025-01-01", "2025-02-28", file=2))
    assert [m for _, m, _ in months(db)] == ["01", "02"]
    db = world(span(1, "2025-01-01"), span(1, "2025-01-01", "2024-12-31", file=2))
    assert months(db) == []
    db = world(span(1, "2025-11-01", "2025-11-30"), span(1, "2025-11-01", file=2))
    assert [m for _, m, _ in months(db)] == ["11", "12"]


def test_another_payers_span_of_that_day_is_another_span(world):
    db = world(
        span(1, "2025-01-01", "2025-03-31", payer="B", line="commercial"),
        span(1, "2025-01-01", "2025-01-31", payer="A", file=2),
    )
    rows = db.sql("SELECT payer_name FROM member_month ORDER BY month")["payer_name"].to_list()
    assert rows == ["A", "B", "B"]


def test_cover_is_under_the_name_that_a_table_of_payers_gives_and_none_is_not_cover(world):
    db = world(
        span(1, "2025-01-01", "2025-01-31", payer="7caa"),
        span(2, "2025-01-01", "2025-03-31", payer="b1c4"),
        payer="payer_id | file_id | record_no | payer_code | payer_name\n"
        "1 | 1 | 1 | 7caa | MEDICARE\n2 | 1 | 2 | b1c4 | NO_INSURANCE",
    )
    assert months(db) == [(1, "01", 31)]
    assert db.sql("SELECT payer_name FROM member_month").item() == "MEDICARE"
    told = db.sql("SELECT reason, n FROM left_out WHERE fact_name = 'member_month'").rows()
    assert told == [("span without insurance (NO_INSURANCE)", 1)]


def test_cover_ends_with_death(world):
    db = world(span(1, "2025-01-01"), people=[member(1, died="2025-02-03")])
    assert months(db) == [(1, "01", 31), (1, "02", 3)]
    assert db.sql("SELECT is_ended_by_death FROM cover_span").item()
    db = world(span(1, "2025-12-01"), people=[member(1, died="2026-02-03")])
    assert months(db) == [(1, "12", 31)]


def test_age_on_the_first_of_the_month(world):
    db = world(span(1, "2025-05-01", "2025-06-30"), people=[member(1, "1950-05-02")])
    assert db.sql("SELECT age FROM member_month ORDER BY month")["age"].to_list() == [74, 75]


def test_parts_of_medicare(world):
    db = world(
        span(1, "2025-01-01", "2025-02-28", part="PART_A"),
        span(1, "2025-02-01", "2025-03-31", part="PART_B", record=2),
        span(1, "2025-04-01", "2025-04-30", record=3),
    )
    rows = db.sql("SELECT has_part_a, has_part_b FROM member_month ORDER BY month").rows()
    assert rows == [(True, False), (True, True), (False, True), (True, True)]


@pytest.mark.parametrize("seed", range(4))
def test_random_cover_day_by_day(world, seed):
    draw = random.Random(seed)  # noqa: S311
    first = dt.date(2025, 1, 1)
    spans, days = [], set()
    for number in range(40):
        start = first + dt.timedelta(draw.randrange(340))
        end = start + dt.timedelta(draw.randrange(-3, 60))
        person = draw.randrange(1, 4)
        spans.append(span(person, start, end, payer=f"P{number}", record=number))
        day = start
        while day <= min(end, AS_OF):
            days.add((person, day))
            day += dt.timedelta(1)
    told = {}
    for person, day in days:
        told[person, f"{day.month:02}"] = told.get((person, f"{day.month:02}"), 0) + 1
    db = world(*spans)
    assert months(db) == sorted((p, m, n) for (p, m), n in told.items())
    whole = db.sql("SELECT count(*) FROM member_month WHERE is_whole_month").item()
    assert whole == sum(n == calendar.monthrange(2025, int(m))[1] for (_, m), n in told.items())


def test_a_claim_whose_allowed_amount_no_feed_says_is_told(world):
    db = world(
        span(1, "2025-01-01", "2025-02-28"),
        payer_claim=settled_claims(
            settled(1, "2025-01-05", allowed="", paid=90), settled(2, "2025-02-05", allowed=40),
            settled(3, "2025-03-05", allowed="", paid=7),
        ),
    )  # fmt: skip
    assert pmpm(db)["top"].item() == 40
    reason = "counted, with nothing allowed: amount allowed not said by the feed (amount paid)"
    assert (reason, 1, 90) in pmpm.excluded(db).rows()


def test_spend_is_that_of_covered_months_and_the_rest_is_told(world):
    db = world(
        span(1, "2025-01-01", "2025-02-28"), span(2, "2025-01-01", "2025-01-31"),
        payer_claim=settled_claims(
            settled(1, "2025-01-05", allowed=100), settled(2, "2025-02-05", allowed=40),
            settled(3, "2025-02-27", "2025-03-02", allowed=7),
            settled(4, "2025-01-09", patient=2, allowed=60, kind="professional"),
        ),
    )  # fmt: skip
    found = pmpm(db).row(0, named=True)
    assert (found["n"], found["top"], found["value"]) == (3, 200, pytest.approx(200 / 3))
    by = pmpm(db, by="service_category").select("service_category", "n", "top").rows()
    assert by == [("inpatient", 3, 140), ("professional", 3, 60)]
    assert pmpm.excluded(db).rows() == [("claim of a month without cover", 1, 7)]
    assert paid_pmpm(db)["top"].item() == 240
    assert paid_pmpm.excluded(db).rows() == [("claim of a month without cover", 1, 80)]
    only = pmpm(db, where={"service_category": "professional"}).row(0, named=True)
    assert (only["n"], only["top"]) == (3, 60)
    monthly = pmpm(db, by="service_category", every="month").select(
        "service_category", "period", "n", "top"
    )
    assert monthly.rows() == [
        ("inpatient", dt.date(2025, 1, 1), 2, 100),
        ("inpatient", dt.date(2025, 2, 1), 1, 40),
        ("professional", dt.date(2025, 1, 1), 2, 60),
    ]


def test_claims_run_out_three_months_after_their_month(world):
    db = world(span(1, "2025-08-01", "2025-10-31"))
    assert pmpm(db, every="month")["is_run_out"].to_list() == [True, True, False]
    assert pmpm(db)["run_out_share"].item() == pytest.approx(2 / 3)


OWN = {
    "claim": claims(claim(1, "A"), claim(2, "B", day="2026-02-03")).replace(
        "claim_id |", "patient_id | claim_id |"
    ).replace("\n", "\n1 | "),
    "remit": REMIT,
    "remit_claim": payments(
        payment(1, 1, "A", paid="70"), payment(2, 2, "B", paid="30", icn="X2", day="2026-02-03")
    ),
}  # fmt: skip


def test_without_a_feed_our_own_claims_count(world):
    db = world(span(1, "2026-01-01", "2026-02-28"), as_of=dt.date(2026, 6, 1), **OWN)
    found = pmpm(db).row(0, named=True)
    assert (found["n"], found["top"], found["answered_share"]) == (2, 100, 1.0)


def test_what_a_feed_tells_of_is_not_counted_again(world):
    db = world(
        span(1, "2026-01-01", "2026-02-28"), as_of=dt.date(2026, 6, 1), **OWN,
        payer_claim=settled_claims(settled(9, "2026-01-05", allowed=70)),
    )  # fmt: skip
    assert pmpm(db)["top"].item() == 70
    left = pmpm.excluded(db).rows()
    assert left == [("own claim of a person whom a payer's feed tells of (amount allowed)", 2, 100)]


@pytest.mark.parametrize("seed", range(3))
def test_no_slice_loses_or_multiplies_months_or_money(world, seed):
    draw = random.Random(seed)  # noqa: S311
    spans, told, extra = [], [], []
    for number in range(1, 13):
        start = dt.date(2025, draw.randrange(1, 12), 1)
        payer = draw.choice("AB")
        spans.append(span(number % 3 + 1, start, start + dt.timedelta(90), payer=payer,
                          part=draw.choice(["PART_A", "PART_B", ""]), record=number))  # fmt: skip
    for number in range(1, 60):
        day = dt.date(2025, 1, 1) + dt.timedelta(draw.randrange(360))
        kind = draw.choice(["professional", "institutional"])
        allowed = Decimal(draw.randrange(1, 9999)) / 100
        told.append((settled(number, day, patient=draw.randrange(1, 4), kind=kind, allowed=allowed,
                             bill=draw.choice(["111", "131", "211"])), allowed))  # fmt: skip
        extra += [line(10 * number + n, number, revenue="0450", line_no=n) for n in (1, 2)]
    db = world(*spans, payer_claim=settled_claims(*(row for row, _ in told)),
               payer_claim_line=lines(*extra))  # fmt: skip
    whole = sum(allowed for _, allowed in told)
    assert db.sql("SELECT sum(allowed_amount) FROM member_spend").item() == whole
    assert pmpm(db)["top"].item() + pmpm.excluded(db)["amount"].sum() == whole
    assert pmpm(db)["n"].item() == db.sql("SELECT count(*) FROM member_month").item()
    for by in ("payer_name", "service_category", "claim_source"):
        assert pmpm(db, by=by)["top"].sum() == pmpm(db)["top"].item()
    assert pmpm(db, by="payer_name")["n"].sum() == pmpm(db)["n"].item()
    in_months = db.sql("SELECT sum(allowed_amount) FROM member_month").item()
    assert in_months == pmpm(db)["top"].item()
