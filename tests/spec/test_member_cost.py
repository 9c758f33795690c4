"""Bands of members by their cost: by hand, and by sorting in plain Python."""

import datetime as dt

import polars as pl
import pytest
from care_world import cover, member, members, settled, settled_claims, span

from analytics.errors import UnknownNameError
from analytics.metrics import CATALOGUE, member_cost

AS_OF = dt.date(2025, 12, 31)


@pytest.fixture
def db(given):
    """Twenty members; member 1 cost 1000, 2 cost 300, 3 and 4 cost 50, the others nothing."""
    people = range(1, 21)
    costs = ((1, 1000), (2, 300), (3, 50), (4, 50))
    return given(
        as_of=AS_OF, patient=members(*(member(i, sex="FM"[i % 2]) for i in people)),
        eligibility=cover(*(span(i, "2025-01-01", "2025-06-30" if i == 1 else "") for i in people)),
        payer_claim=settled_claims(
            *(settled(i, "2025-03-05", patient=i, allowed=a, paid=a / 2) for i, a in costs)
        ),
    )  # fmt: skip


def test_bands_by_hand(db):
    rows = member_cost(db).to_dicts()
    assert [(r["band"], r["n"], r["amount"]) for r in rows] == [
        ("top 1 %", 1, 1000), ("next 15 %", 3, 400), ("next 30 %", 6, 0), ("lower 50 %", 10, 0),
    ]  # fmt: skip
    assert [r["member_months"] for r in rows] == [6, 36, 72, 120]
    assert [r["cost_share"] for r in rows] == pytest.approx([1000 / 1400, 400 / 1400, 0, 0])
    assert [r["reach"] for r in rows] == pytest.approx([1000 / 1400, 1, 1, 1])
    assert [r["member_share"] for r in rows] == pytest.approx([0.05, 0.15, 0.3, 0.5])
    assert rows[0]["value"] == pytest.approx(1000 / 6)


def test_paid_dollars_and_groups_of_their_own(db):
    assert member_cost(db, basis="paid")["amount"].to_list()[:2] == [500, 200]
    by_sex = member_cost(db, by="sex_code", where={"year": dt.date(2025, 1, 1)})
    tops = by_sex.group_by("sex_code", maintain_order=True).first()
    # Odd numbers are men: 1000 and 50 of the ten; women 300 and 50.
    assert tops.select("sex_code", "band", "amount").rows() == [
        ("F", "top 1 %", 300), ("M", "top 1 %", 1000),
    ]  # fmt: skip
    assert by_sex["n"].sum() == 20


def test_what_is_asked_is_checked(db, empty):
    with pytest.raises(UnknownNameError, match="unknown basis 'billed'"):
        member_cost(db, basis="billed")
    with pytest.raises(UnknownNameError, match="unknown dimension 'month'"):
        member_cost(db, by="month")
    assert member_cost(empty).is_empty()
    assert member_cost(empty).schema == member_cost(db).schema


def test_bands_add_up_and_come_of_sorting(request):
    db = request.getfixturevalue("db")
    costs = sorted(
        db.sql("SELECT allowed_amount FROM member_year")["allowed_amount"].to_list(), reverse=True
    )
    found = member_cost(db, by=())
    place = 0
    for row in found.to_dicts():
        assert row["amount"] == sum(costs[place : place + row["n"]])
        place += row["n"]
    assert place == len(costs)
    pmpm = CATALOGUE["pmpm"](db)
    assert found["amount"].sum() == pmpm["top"].item()
    assert found["member_months"].sum() == pmpm["n"].item()
    assert found.select(pl.col("member_share").sum()).item() == pytest.approx(1)
