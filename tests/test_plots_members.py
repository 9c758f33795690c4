"""Figures of members' cost say what their frames say, and tell of nobody."""

import datetime as dt

import matplotlib as mpl
import polars as pl
import pytest

mpl.use("agg")
from matplotlib import pyplot as plt

from analytics import plots
from analytics.errors import BadQueryError

GAP = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def bands(*n, cost=(0.3, 0.2, 0.3, 0.15, 0.05)):
    frame = pl.DataFrame(
        {
            "year": [dt.date(2025, 1, 1)] * 5, "n": list(n), "cost_share": list(cost),
            "band": ["top 1 %", "next 4 %", "next 15 %", "next 30 %", "lower 50 %"],
        }
    )  # fmt: skip
    return frame.with_columns(
        member_share=pl.col("n") / pl.col("n").sum(), reach=pl.col("cost_share").cum_sum()
    )


def months(count=6, run_out=3, completed=True, n=500):
    days = [dt.date(2024 + i // 12, i % 12 + 1, 1) for i in range(count)]
    known = pl.Series([100.0 + i for i in range(count)])
    whole = known * 1.5 if completed else pl.Series([None] * count, dtype=pl.Float64)
    return pl.DataFrame(
        {
            "period": days, "n": [n] * count, "value": known, "completed_pmpm": whole,
            "completed_low": whole * 0.9, "completed_high": whole * 1.1,
            "is_run_out": [i < count - run_out for i in range(count)],
        }
    )  # fmt: skip


def said(ax):
    return plots.alt_text(ax.figure).replace(GAP, " ")


def test_members_stand_left_and_dollars_right():
    ax = plots.cost_bands(bands(100, 400, 1500, 3000, 5000))
    widths = [round(bar.get_width(), 4) for bar in ax.patches]
    assert widths[:4] == [-0.01, 0.3, -0.04, 0.2]
    assert said(ax).startswith("1.0 % of members have 30.0 % of the dollars.")
    ax.figure.canvas.draw()


def test_a_band_of_few_and_one_that_would_tell_it_are_not_told():
    ax = plots.cost_bands(bands(4, 16, 60, 120, 200))
    assert len(ax.patches) == 6
    assert "30.0 % of dollars" not in said(ax).split("next 15")[0]
    assert "top 1 %" not in said(ax)
    assert "show no shares" in said(ax)
    assert said(ax).startswith("20.0 % of members have 80.0 % of the dollars.")


def test_all_bands_of_few_leave_no_number():
    ax = plots.cost_bands(bands(1, 1, 1, 2, 3))
    assert not ax.patches
    assert said(ax).startswith("Members and their cost. ")
    assert "%" not in said(ax)


def test_nothing_to_draw_is_said_and_several_groups_are_refused():
    assert "no data" in said(plots.cost_bands(bands(1, 1, 1, 2, 3).clear()))
    two = pl.concat([bands(20, 20, 20, 20, 20)] * 2)
    with pytest.raises(BadQueryError, match="one group"):
        plots.cost_bands(two)
    with pytest.raises(BadQueryError, match="member_cost"):
        plots.cost_bands(months())


def test_young_months_are_shaded_and_completed():
    ax = plots.completed(months())
    known, young, completed = ax.lines
    assert known.get_ydata().tolist() == [100, 101, 102, 103, 104, 105]
    assert young.get_ydata().tolist() == [103, 104, 105]
    assert completed.get_ydata().tolist() == pytest.approx([153, 154.5, 156, 157.5])
    assert [one.get_label().replace(GAP, " ") for one in ax.collections] == ["95 % band"]
    assert "Shaded" in said(ax)
    ax.figure.canvas.draw()


def test_months_that_had_their_time_are_neither():
    ax = plots.completed(months(run_out=0))
    assert len([line for line in ax.lines if len(line.get_xdata())]) == 1
    assert not ax.patches
    assert "Shaded" not in said(ax)


def test_two_years_are_compared():
    title = said(plots.completed(months(26, 2)))
    assert title.startswith("Allowed per member per month: $106 to $118 from year to year (+11.")


def test_of_less_than_two_years_the_last_month_run_out_is_told():
    title = said(plots.completed(months()))
    assert "month: $102 in Mar 2024, the last month run out." in title
    assert said(plots.completed(months(run_out=6))).startswith("Allowed per member per month. ")


def test_what_cannot_be_completed_is_said():
    ax = plots.completed(months(completed=False))
    assert "nothing is completed" in said(ax)
    assert not ax.collections


def test_no_months_several_groups_and_few_members():
    assert "no data" in said(plots.completed(months().clear()))
    assert "no data" in said(plots.completed(months(n=10)))
    with pytest.raises(BadQueryError, match="one group"):
        plots.completed(pl.concat([months()] * 2))
