"""Curves in files: those of groups of few are left out, and what would tell them."""

import polars as pl

from analytics import formats, suppression
from analytics.cli.cells import hidden_count, is_counted, without_small


def _frame(**sizes):
    """Two outcomes of two days for each payer."""
    rows = [
        (payer, outcome, days, size - days, 1)
        for payer, size in sizes.items()
        for outcome in ("denied", "paid")
        for days in (0, 1)
    ]
    return pl.DataFrame(rows, ("payer", "outcome", "days", "at_risk", "ended"), orient="row")


def _payers(frame, how=suppression.HIDE, reason=None):
    kept = without_small(frame, suppression.asked(how, reason))
    assert hidden_count(frame, kept) == len(frame) - len(kept)
    return kept["payer"].unique().sort().to_list()


def test_a_small_group_goes_and_the_next_that_would_tell_it():
    assert _payers(_frame(a=4, b=30, c=300)) == ["c"]


def test_large_groups_stay_in_their_order():
    frame = _frame(b=30, a=300)
    assert without_small(frame, suppression.asked(None, None)).equals(frame)


def test_shown_for_a_reason():
    assert _payers(_frame(a=4, b=30), suppression.SHOW, "board") == ["a", "b"]


def test_one_curve_of_few_has_no_row():
    frame = _frame(a=4).drop("payer", "outcome")
    assert without_small(frame, suppression.asked(None, None)).is_empty()


def test_a_list_is_no_curve():
    assert not is_counted(pl.DataFrame({"claim_id": [1], "days": [2]}))


def test_running_totals_end_where_a_hidden_row_begins():
    """Else the share of a group hidden between two that are shown is their difference."""
    frame = pl.DataFrame(
        {
            "code": ["a", "b", "c", "d"],
            "n": [100, 5, 40, 12],
            "value": [50.0, 30.0, 15.0, 5.0],
            "cumulative_share": [0.5, 0.8, 0.95, 1.0],
        }
    )
    assert suppression.suppressed(frame, ["code"])["cumulative_share"].to_list()[1:] == [None] * 3
    shown, hide, _ = formats.listed(frame)
    assert hide.to_list() == [False, True, False, True]
    assert shown["cumulative_share"].to_list() == [0.5, None, None, None]


def test_the_reach_of_bands_of_members_is_a_running_total():
    frame = pl.DataFrame({"band": ["top", "next", "low"], "n": [11, 40, 100],
                          "reach": [0.3, 0.6, 1.0], "is_few": [False, True, False]})  # fmt: skip
    shown = suppression.suppressed(frame, ["band"])["reach"].to_list()
    assert shown.count(None) == 3 or shown == [0.3, None, None]


def test_running_totals_stay_where_nothing_is_hidden():
    frame = pl.DataFrame({"code": ["a", "b"], "n": [100, 50], "cumulative_share": [0.6, 1.0]})
    assert suppression.suppressed(frame, ["code"]).equals(frame)
