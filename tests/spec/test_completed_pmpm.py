"""Cost per member month once all claims are known: by hand on a small triangle."""

import datetime as dt

import pytest
from care_world import cover, member, members, settled, settled_claims, span

from analytics.metrics import completed_pmpm

AS_OF = dt.date(2025, 3, 31)


@pytest.fixture
def db(given):
    """Two members all of January to March; claims known in the month of service or after."""
    return given(
        as_of=AS_OF, patient=members(member(1), member(2)),
        eligibility=cover(span(1, "2025-01-01"), span(2, "2025-01-01")),
        payer_claim=settled_claims(
            settled(1, "2025-01-05", allowed=100, known="2025-01-20"),
            settled(2, "2025-01-06", allowed=60, known="2025-02-20"),
            settled(3, "2025-01-07", allowed=40, known="2025-03-20", kind="professional"),
            settled(4, "2025-02-05", allowed=80, known="2025-02-25"),
            settled(5, "2025-02-06", allowed=30, known="2025-03-25", patient=2),
            settled(6, "2025-03-06", allowed=9, known="2025-03-25"),
        ),
    )  # fmt: skip


def test_young_months_are_completed(db):
    rows = completed_pmpm(db).to_dicts()
    assert [r["period"].month for r in rows] == [1, 2, 3]
    assert [(r["n"], r["allowed_amount"], r["value"]) for r in rows] == [
        (2, 200, 100), (2, 110, 55), (2, 9, 4.5),
    ]  # fmt: skip
    # Known after one month: 160 of 200; at once: (100 + 80) of (160 + 110), of 80 %.
    by_one, at_once = 160 / 200, 180 / 270 * 160 / 200
    assert [r["completion"] for r in rows] == pytest.approx([1, by_one, at_once])
    assert [r["method"] for r in rows] == ["chain_ladder"] * 3
    assert [r["completed_pmpm"] for r in rows] == pytest.approx([100, 55 / by_one, 4.5 / at_once])
    assert [r["is_run_out"] for r in rows] == [False] * 3


def test_by_kind_of_service_over_all_members(db):
    rows = completed_pmpm(db, by="service_category").to_dicts()
    assert [(r["service_category"], r["n"], r["allowed_amount"]) for r in rows[:1]] == [
        ("inpatient", 2, 160)
    ]
    assert sum(r["allowed_amount"] for r in rows) == 319
    assert {r["n"] for r in rows} == {2}
    only = completed_pmpm(db, where={"service_category": "professional"})
    assert (only["n"].sum(), only["allowed_amount"].sum()) == (6, 40)


def test_without_days_nothing_can_be_completed(given):
    db = given(
        as_of=AS_OF, patient=members(member(1)), eligibility=cover(span(1, "2025-01-01")),
        payer_claim=settled_claims(settled(1, "2025-01-05", known="")),
    )  # fmt: skip
    rows = completed_pmpm(db)
    assert rows["completed_pmpm"].null_count() == rows["completion"].null_count() == 3
    assert rows["value"].to_list() == [100, 0, 0]


def test_nothing_gives_no_rows(empty):
    assert completed_pmpm(empty, by="payer_name").is_empty()
