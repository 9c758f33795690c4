"""What a payer's feed told by a past day, after later deliveries: what was known on that day."""

import datetime as dt
import random

import pytest
from polars.testing import assert_frame_equal

MEMBERS = "patient_id | member_id | birth_date\n1 | M1 | 1950-01-01\n2 | M2 | 1950-01-01"
COVER = (
    "file_id | record_no | patient_id | payer_name | line_of_business | start_date\n"
    "99 | 1 | 1 | Medicare | medicare | 2025-01-01\n99 | 2 | 2 | Medicare | medicare | 2025-01-01"
)
HEAD = (
    "payer_claim_id | file_id | record_no | feed_code | claim_number | claim_key | claim_type"
    " | patient_id | line_of_business | adjustment_code | is_final | service_from_date"
    " | service_to_date | {dated} | paid_amount | allowed_amount"
)
LINES = (
    "payer_claim_line_id | payer_claim_id | feed_code | line_no | file_id | record_no | paid_amount"
)
ENDS = [dt.date(2025, month, 28) for month in (1, 2, 3, 4)]
# Rows of which each is what its claim came to, without the numbers of the records that told it.
TOLD = {
    "payer_claim_version": "feed_code, fate, signed_paid_amount",
    "settled_claim": "feed_code, service_from_date, paid_amount, allowed_amount, line_count",
    "settled_line": "line_no, is_remainder, paid_amount",
    "member_month": "person_id, month, claim_count, paid_amount",
    "left": "reason, amount",
}


def drawn(feed, seed):
    """Versions of few claims, each in the delivery of the month it was processed in."""
    rng = random.Random(seed)  # noqa: S311
    rows = []
    for number in range(1, 90):
        month = rng.randrange(4)
        day = dt.date(2025, month + 1, rng.randrange(1, 29))
        key, code = f"K{rng.randrange(25)}", rng.choice(["0", "0", "1", "2"])
        served = dt.date(2025, rng.randrange(1, month + 2), 1)
        paid = rng.choice([100, 100, 40])
        person = rng.randrange(1, 3)
        told = (number, month + 1, number, feed, f"{key}-{number}", key, "institutional", person,
                "medicare", code, "true", served, served, day, paid, paid)  # fmt: skip
        rows.append((month, " | ".join(map(str, told)), number))
    return rows


def world(given, rows, until, as_of, dated):
    kept = [row for row in rows if row[0] <= until]
    lines = [f"{n} | {n} | {r.split(' | ')[3]} | 1 | {m + 1} | {n} | 30" for m, r, n in kept]
    return given(
        as_of=as_of, patient=MEMBERS, eligibility=COVER,
        payer_claim="\n".join([HEAD.format(dated=dated), *(row for _, row, _ in kept)]),
        payer_claim_line="\n".join([LINES, *lines]),
    )  # fmt: skip


def told(db):
    found = {name: db.sql(f"SELECT {columns} FROM {name} ORDER BY ALL")
             for name, columns in TOLD.items() if name != "left"}  # fmt: skip
    found["left"] = db.sql(
        "SELECT reason, amount FROM feed_doubt WHERE reason NOT LIKE '%after the as-of date' "
        "ORDER BY ALL"
    )
    return found


@pytest.mark.parametrize(
    ("feed", "seed", "dated"),
    [("cclf", 0, "processed_date"), ("cclf", 1, "processed_date"), ("fhir", 2, "paid_date")],
)
def test_what_was_told_by_a_day_stays_so_whatever_comes_later(given, feed, seed, dated):
    rows = drawn(feed, seed)
    for month, day in list(enumerate(ENDS))[1:3]:
        then = told(world(given, rows, month, day, dated))
        later = told(world(given, rows, 3, day, dated))
        for name, frame in then.items():
            assert_frame_equal(frame, later[name])
    assert then["payer_claim_version"]["fate"].n_unique() > 2


def test_versions_to_come_are_counted(given):
    rows = drawn("cclf", 0)
    db = world(given, rows, 3, ENDS[1], "processed_date")
    reason = "version processed after the as-of date"
    named = db.sql(f"SELECT sum(n) FROM left_out WHERE reason = '{reason}'")
    assert named.item() == sum(month > 1 for month, _, _ in rows)
