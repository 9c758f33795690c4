"""Curves in files: those of groups of few are left out, and what would tell them."""

import polars as pl

from analytics import suppression
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
