"""Edits made and not made, and the quick road to edit_rate against the plain one."""

import pytest
from edit_world import Claim, published, rows, world

from analytics.metrics.coding import edit_rate
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
