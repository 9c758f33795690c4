"""What of payers' feeds is left out or doubtful is listed, each record with its reason."""

import csv
import datetime as dt

import pytest
from care_world import cover, member, members, settled, settled_claims, span

from analytics.database import Database
from analytics.loader import load

DAY = dt.date(2025, 12, 31)
CLAIM = {
    "claim_id": "c1", "claim_line_number": "1", "claim_type": "professional", "person_id": "p1",
    "payer": "Plan", "claim_start_date": "2025-05-10", "claim_end_date": "2025-05-10",
    "paid_amount": "60.00", "allowed_amount": "80.00", "charge_amount": "100.00",
}  # fmt: skip
SPAN = {
    "person_id": "p1", "gender": "female", "birth_date": "1950-02-03", "death_date": "",
    "enrollment_start_date": "2025-01-01", "enrollment_end_date": "2025-12-31", "payer": "Plan",
    "payer_type": "commercial",
}  # fmt: skip


@pytest.fixture
def told(tmp_path):
    """Claims and spans, loaded and built: what is listed as (fact, reason, amount, record)."""

    def build(claims=(), spans=(), more=()):
        files = [("medical_claim.csv", claims), ("eligibility.csv", spans), ("later.csv", more)]
        for name, rows in files:
            if rows:
                with (tmp_path / name).open("w", newline="") as stream:
                    made = csv.DictWriter(stream, list(rows[0]))
                    made.writeheader()
                    made.writerows(rows)
        with Database() as db:
            report = load(db, tmp_path)
            assert report.total("rejected") == 0
            db.build(DAY)
            listed = db.sql(
                "SELECT fact_name, reason, amount, record_no % 4294967296 AS record "
                "FROM feed_doubt ORDER BY ALL"
            ).rows()
            counted = db.sql(
                "SELECT fact_name, reason, n FROM left_out WHERE (fact_name, reason) IN "
                "(SELECT fact_name, reason FROM feed_doubt)"
            ).rows()
            assert sum(n for _, _, n in counted) == len(listed)
            return listed, db.sql("SELECT count(*) AS n FROM member_month").item()

    return build


def test_a_sound_claim_of_a_covered_member_is_no_doubt(told):
    assert told([CLAIM], [SPAN]) == ([], 12)


ONE_CLAIM = [
    ({"person_id": "p2"}, "member of no known cover", 60),
    ({"claim_start_date": "2024-05-10"}, "service on a day without cover", 60),
    ({"paid_amount": "-60.00"}, "amount paid below 0", -60),
    ({"paid_amount": "160.00"}, "amount paid above the charge", 160),
    ({"allowed_amount": ""}, "amount allowed not said by the feed (amount paid)", 60),
    ({"paid_amount": ""}, "amount paid not said by the feed (amount charged)", 100),
    ({"claim_end_date": "2025-05-09"},
     "last day of service before the first, taken as the first", 60),
    ({"claim_start_date": "2026-01-10", "claim_end_date": "2026-01-10"},
     "claim of no day, or of one after the as-of date", 60),
]  # fmt: skip


@pytest.mark.parametrize(("change", "reason", "amount"), ONE_CLAIM)
def test_a_doubtful_claim_is_named_with_its_amount(told, change, reason, amount):
    listed, _ = told([CLAIM | {"claim_id": "c0"}, CLAIM | change], [SPAN])
    assert listed == [("settled_claim", reason, amount, 2)]


def test_service_after_a_death_is_named_and_so_is_cover_that_goes_on(told):
    listed, _ = told([CLAIM], [SPAN | {"death_date": "2025-05-09"}])
    assert listed == [
        ("member_month", "span that goes on after the day of death", 0, 1),
        ("settled_claim", "service after the day of death", 60, 1),
    ]


def test_of_several_days_of_death_the_latest_file_counts(given):
    """As for cover: it went on to June while service in April was said to be after the death."""
    people = [member(1, died="2025-03-01"), member(1, died="2025-06-01", file=2)]
    db = given(
        as_of=dt.date(2025, 6, 1),
        patient=members(people[0], people[1].replace("1 |", "2 |", 1)),
        eligibility=cover(span(1, "2025-01-01")),
        payer_claim=settled_claims(settled(1, "2025-04-05")),
    )  # fmt: skip
    assert db.sql("SELECT count(*) FROM member_month").item() == 6
    assert db.sql("SELECT reason FROM feed_doubt").is_empty()


def test_the_day_of_death_itself_is_no_doubt(told):
    dead = SPAN | {"death_date": "2025-05-10", "enrollment_end_date": "2025-05-10"}
    assert told([CLAIM], [dead]) == ([], 5)


def test_spans_that_overlap_are_named_and_a_month_counts_once(told):
    second = SPAN | {"enrollment_start_date": "2025-06-01"}
    next_door = SPAN | {"person_id": "p3", "enrollment_end_date": "2025-05-31"}
    after = next_door | {"enrollment_start_date": "2025-06-01", "enrollment_end_date": "2025-06-30"}
    listed, months = told([CLAIM], [SPAN, second, next_door, after])
    assert listed == [("member_month", "span that overlaps another of the same cover", 0, 2)]
    assert months == 12 + 6


def test_a_span_that_a_later_file_tells_again_is_no_doubt(tmp_path):
    """Files of members come each month, with all that the months before said."""
    with Database() as db:
        for n, until in enumerate(("2025-11-30", "2025-12-31")):
            path = tmp_path / f"eligibility{n}.csv"
            with path.open("w", newline="") as stream:
                made = csv.DictWriter(stream, list(SPAN))
                made.writeheader()
                made.writerow(SPAN | {"enrollment_end_date": until})
            load(db, path)
        db.build(DAY)
        assert db.sql("SELECT count(*) FROM feed_doubt").item() == 0
        assert db.sql("SELECT count(*) FROM member_month").item() == 12


def test_a_span_inside_a_long_one_overlaps_though_another_ended_between(told):
    spans = [
        SPAN,
        SPAN | {"enrollment_start_date": "2025-02-01", "enrollment_end_date": "2025-02-28"},
        SPAN | {"enrollment_start_date": "2025-04-01", "enrollment_end_date": "2025-04-30"},
    ]
    listed, _ = told([CLAIM], spans)
    assert [record for *_, record in listed] == [2, 3]


def test_a_span_that_ends_before_it_starts_covers_nothing_and_is_named(told):
    listed, months = told([], [SPAN | {"enrollment_end_date": "2024-12-31"}])
    assert listed == [("member_month", "span that ends before it starts", 0, 1)]
    assert months == 0


def test_a_version_that_a_later_file_replaces_is_named(told):
    listed, _ = told([CLAIM], [SPAN], more=[CLAIM | {"paid_amount": "50.00"}])
    named = [(reason, amount) for _, reason, amount, _ in listed]
    assert len(named) == 1
    assert named[0][0] == "version that a later record repeats"
