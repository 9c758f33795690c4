"""Edits made and not made, and the quick road to edit_rate against the plain one."""

import pytest
from edit_world import Claim, published, rows, world

from analytics.errors import UnknownNameError
from analytics.facts_edits import EDITS
from analytics.metrics.coding import edit_precision, edit_rate, edit_recall
from analytics.metrics.edit_coverage import edit_coverage

PLAIN = """
SELECT {by}, count(*) FILTER (WHERE result = 'broken') AS hits, count(*) AS n
FROM edit_result WHERE result <> 'not_checked' AND claim_type = $kind
GROUP BY 1 ORDER BY 1 NULLS LAST
"""


def test_each_edit_says_what_was_checked_broken_and_left_open(given):
    pairs = rows(
        "reference_id | setting | column1_code | column2_code | modifier_indicator | start_date",
        (1, "practitioner", "11111", "22222", 0, "2020-01-01"),
    )
    lines = (("11111",), ("22222",))
    db = given(**world(Claim(lines), Claim(lines[:1], patient=2), Claim(lines, day="2025-12-31")),
               **published((1, "ncci_ptp"), ncci_ptp=pairs))  # fmt: skip
    told = {row["edit_code"]: row for row in edit_coverage(db).to_dicts()}
    pair = told["PTP-1"]
    assert (pair["n"], pair["hits"], pair["value"], pair["not_checked"]) == (2, 1, 0.5, 1)
    assert pair["needs"] == "ncci_ptp"
    units = told["MUE-1"]
    assert (units["n"], units["value"], units["not_checked"]) == (0, None, 3)
    assert "TAX-1" not in told


@pytest.mark.parametrize("by", ["edit_code", "payer_name", "specialty", "service_to_date"])
def test_sums_of_claims_alike_are_the_sums_of_the_view(db, by):
    quick = edit_rate(db, by=by, where={"claim_type": "professional"}).select(by, "hits", "n")
    assert quick.equals(db.sql(PLAIN.format(by=by), kind="professional"))


def test_values_of_closed_lists_are_those_of_the_facts(db):
    lists = [fact.values["edit_code"] for fact in EDITS if "edit_code" in fact.values]
    assert len(lists) == 2
    for codes in lists:
        assert list(codes) == db.sql("FROM edit ORDER BY edit_bit")["edit_code"].to_list()
    results = dict(edit_rate.fact.values)["result"]
    assert set(db.sql("SELECT DISTINCT result FROM edit_result")["result"]) <= set(results)


@pytest.mark.parametrize("metric", [edit_rate, edit_precision, edit_recall])
def test_an_edit_that_is_none_is_answered_with_the_right_one(metric, db):
    for call in (metric, metric.rows, metric.row_count, metric.excluded):
        with pytest.raises(UnknownNameError, match="unknown edit_code 'PTP1'; did you mean 'PTP-1"):
            call(db, where={"edit_code": ["PTP-2", "PTP1"]})
    assert metric(db, where={"edit_code": ["PTP-1", None]})["n"].sum() >= 0
    with pytest.raises(UnknownNameError, match="did you mean 'broken'"):
        edit_coverage(db, where={"result": "brokn"})
