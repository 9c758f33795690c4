"""People behind a number, and metrics that count people where they leave out small groups."""

import datetime as dt

import pytest
from care_world import cover, member, members, settled, settled_claims, span

from analytics import formats, tables
from analytics.errors import UnknownNameError
from analytics.metrics import CATALOGUE, by_people, member_count, with_people


@pytest.fixture
def db(given):
    """Twelve members of Medicare for two months, and two of Other for twelve."""
    medicare = [span(i, "2025-01-01", "2025-02-28") for i in range(1, 13)]
    other = [span(i, "2025-01-01", payer="Other", line="commercial") for i in (13, 14)]
    return given(
        as_of=dt.date(2025, 12, 31), patient=members(*(member(i) for i in range(1, 15))),
        eligibility=cover(*medicare, *other),
        payer_claim=settled_claims(
            settled(1, "2025-01-05"), settled(2, "2025-01-09", patient=2),
            settled(3, "2025-02-05", kind="pharmacy"), settled(4, "2025-06-05", patient=13),
            settled(5, "2025-06-05", patient=3),
        ),
    )  # fmt: skip


def test_people_are_counted_once(db):
    assert member_count(db)["n"].item() == 14
    by_payer = member_count(db, by="payer_name")
    assert sorted(by_payer.rows()) == [("Medicare", 12), ("Other", 2)]
    assert member_count(db, where={"payer_name": "Other"})["n"].item() == 2
    march = {"month": dt.date(2025, 3, 1)}
    assert member_count(db, where=march)["n"].item() == 2


def test_of_a_kind_of_service_those_with_a_claim_of_it_count(db):
    by_kind = member_count(db, by="service_category")
    # 3 was not covered in June: its claim counts nowhere.
    assert sorted(by_kind.rows()) == [("inpatient", 3), ("pharmacy", 1)]


def test_member_months_of_few_people_are_not_shown(db):
    pmpm = CATALOGUE["pmpm"]
    frame = pmpm(db, by="payer_name").sort("payer_name")
    assert frame["n"].to_list() == [24, 24]
    people = with_people(db, frame, "payer_name")
    assert people["n"].to_list() == [12, 2]
    assert people.columns == frame.columns
    assert formats.is_small(people).to_list() == [False, True]
    html = tables.metric_table(people, pmpm).html
    assert "$4.17" not in html
    whole = with_people(db, pmpm(db))
    assert (whole["n"].item(), whole["value"].item()) == (14, pmpm(db)["value"].item())


def test_names_are_checked(db):
    with pytest.raises(UnknownNameError, match="did you mean 'payer_name'"):
        member_count(db, by="payer_nme")


def test_stays_of_few_people_are_of_few_people(given):
    """Twelve stays of one person, one of each of twelve others, in two quarters."""
    first = dt.date(2025, 1, 1)
    stays = [settled(i, str(first + dt.timedelta(days=4 * i)), patient=1) for i in range(1, 13)]
    others = [settled(20 + i, "2025-04-05", patient=1 + i) for i in range(1, 13)]
    db = given(
        as_of=dt.date(2025, 12, 31), patient=members(*(member(i) for i in range(1, 14))),
        eligibility=cover(*(span(i, "2025-01-01") for i in range(1, 14))),
        payer_claim=settled_claims(*stays, *others),
    )  # fmt: skip
    metric = CATALOGUE["average_length_of_stay"]
    assert metric(db)["n"].item() == 24
    frame = by_people(db, metric, every="quarter")
    assert frame["n"].to_list() == [1, 12]
    assert frame["value"].to_list() == metric(db, every="quarter")["value"].to_list()
    assert formats.is_small(frame).to_list() == [True, False]
    assert by_people(db, metric)["n"].item() == 13
