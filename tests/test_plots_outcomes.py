"""Figures of competing outcomes and of payers side by side say what their frames say."""

import matplotlib as mpl
import polars as pl
import pytest

mpl.use("agg")
from matplotlib import pyplot as plt
from test_plots import draws, title

from analytics import formats, metrics, plots, stats
from analytics.plots.score import MEASURES

OUTCOMES = ["paid", "denied", "patient_only", "no_pay_other"]


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def answered(denied: int = 20, rare: int = 0, name: str = "ACME", waiting: int = 20):
    """Of 100 claims those paid on day 10, denied on day 20, rare ones on day 30; the rest wait."""
    ended = {"paid": [100 - denied - 2 * rare - waiting, 0, 0, 0], "denied": [0, denied, 0, 0]}
    few = {key: [0, 0, rare, 0] for key in ("patient_only", "no_pay_other")}
    waits = pl.DataFrame(
        {"payer_name": name, "days": [10, 20, 30, 40], "waiting": [0, 0, 0, waiting]} | ended | few
    )
    return stats.aalen_johansen(waits, OUTCOMES, ["payer_name"])


def areas(ax) -> list[tuple[float, float]]:
    """The low and high ends of each area on the last day drawn."""
    found = []
    for area in ax.collections:
        if hasattr(area, "get_paths") and area.get_paths() and len(area.get_paths()[0]) > 4:
            points = area.get_paths()[0].vertices
            right = points[points[:, 0] == points[:, 0].max()][:, 1]
            found.append((round(right.min(), 9), round(right.max(), 9)))
    return found


class TestOutcomes:
    def test_the_areas_are_the_shares_and_add_up_to_all_claims(self):
        ax = plots.outcomes(answered(denied=25).drop("payer_name"))
        assert areas(ax) == [(0, 0.55), (0.55, 0.8), (0.8, 1)]
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        assert labels == ["paid", "denied", "not answered yet"]
        found = title(ax)
        assert f"paid 55.0{formats.GAP}%" in found
        assert f"denied 25.0{formats.GAP}%" in found
        draws(ax)

    def test_the_bars_are_the_intervals(self):
        frame = answered().drop("payer_name")
        ax = plots.outcomes(frame)
        last = frame.filter(outcome="paid").tail(1).row(0, named=True)
        bars = [box.lines[2][0].get_segments()[0][:, 1] for box in ax.containers]
        assert list(bars[0]) == pytest.approx([last["low"], last["high"]])
        assert len(bars) == 2

    def test_nobody_answered_yet_is_drawn_as_that(self):
        waits = pl.DataFrame(
            {"days": [3, 5], "waiting": [10, 20]} | {name: [0, 0] for name in OUTCOMES}
        )
        ax = plots.outcomes(stats.aalen_johansen(waits, OUTCOMES, []))
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        assert labels == ["not answered yet"]
        assert "all: nobody answered yet." in plots.alt_text(ax)
        draws(ax)

    def test_days_filtered_away_are_as_the_day_before(self):
        whole = answered(denied=25, rare=5).drop("payer_name")
        drawn = areas(plots.outcomes(whole, small=2))
        plt.close()
        assert areas(plots.outcomes(whole.filter(pl.col("ended") > 0), small=2)) == drawn

    def test_a_panel_for_each_group_the_largest_six(self):
        frame = pl.concat(answered(denied=11 + i, name=f"P{i}") for i in range(8))
        ax = plots.outcomes(frame)
        assert len(ax.child_axes) == 6
        assert "6 of 8 groups shown" in plots.alt_text(ax)
        assert title(ax).startswith("Denied first within")
        draws(ax)

    def test_rare_outcomes_are_one_and_small_groups_left_out(self):
        ax = plots.outcomes(answered(rare=7).drop("payer_name"))
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        assert "not shown apart" in labels
        assert "left to the patient" not in labels
        assert "not shown apart 14.0" in plots.alt_text(ax)
        plt.close()
        tiny = answered(name="TINY").with_columns(pl.col("at_risk") // 20)
        ax = plots.outcomes(pl.concat([answered(), tiny]))
        assert f"1 group of 1{formats.DASH}10, or that would tell, not shown" in plots.alt_text(ax)
        assert "TINY" not in plots.alt_text(ax)

    def test_of_the_sample_and_of_nothing(self, db, empty):
        for by in ((), "payer_name"):
            draws(plots.outcomes(metrics.outcome_curve(db, by)))
            plt.close()
            assert "no data" in title(plots.outcomes(metrics.outcome_curve(empty, by)))
            plt.close()

    def test_the_axes_given_are_drawn_on(self, db):
        _, (left, right) = plt.subplots(1, 2, figsize=(12, 6))
        assert plots.outcomes(metrics.outcome_curve(db, "payer_name"), ax=right) is right
        assert not left.has_data()


class TestScorecard:
    def test_a_column_for_each_measure_says_which_side_is_better(self, db):
        frame = metrics.payer_scorecard(db)
        ax = plots.scorecard(frame)
        heads = {panel.get_title(): panel for panel in ax.child_axes}
        assert list(heads) == [one.head for one in MEASURES]
        assert "better" in heads["First pass"].get_xlabel()
        assert heads["First pass"].get_xlabel() != heads["Denied first"].get_xlabel()
        draws(ax)

    def test_points_and_lines_are_the_values_and_their_intervals(self, db):
        frame = metrics.payer_scorecard(db)
        panel = plots.scorecard(frame).child_axes[0]
        points = [line.get_xdata()[0] for line in panel.lines]
        assert points == frame["denial_rate"].to_list()
        lines = [seg[:, 0] for seg in (c.get_segments()[0] for c in panel.collections)]
        ends = frame.select("denial_rate_low", "denial_rate_high").rows()
        assert [tuple(line) for line in lines] == [pytest.approx(one) for one in ends]
        dark = [line.get_marker() == "o" for line in panel.lines]
        assert dark == (frame["denial_rate_rank_low"] == 1).to_list()

    def test_small_groups_measures_without_values_and_nothing(self, db, empty):
        frame = metrics.payer_scorecard(db)
        tiny = frame.with_columns(n=pl.when(pl.int_range(pl.len()) > 2).then(3).otherwise("n"))
        ax = plots.scorecard(tiny.with_columns(underpaid=pl.lit(None, pl.Float64)))
        assert len(ax.child_axes) == 5
        assert len(ax.child_axes[0].lines) == 2  # nine are too few to be hidden among
        assert f"of 1{formats.DASH}10, or that would tell, not shown" in plots.alt_text(ax)
        draws(ax)
        plt.close()
        assert "no data" in title(plots.scorecard(metrics.payer_scorecard(empty)))

    def test_a_value_without_a_high_end_reaches_the_edge(self, db):
        frame = metrics.payer_scorecard(db).with_columns(lag_p90_high=pl.lit(None, pl.Float64))
        panel = plots.scorecard(frame).child_axes[3]
        edge = panel.get_xlim()[1]
        assert [c.get_segments()[0][1, 0] for c in panel.collections] == [edge] * len(frame)

    def test_the_title_counts_measures_that_differ_and_praises_no_wide_interval(self, db):
        frame = metrics.payer_scorecard(db)
        assert "differences beyond chance in 6 of 6 measures" in title(plots.scorecard(frame))
        plt.close()
        ranks = [name for name in frame.columns if name.endswith("_rank_low")]
        tied = frame.with_columns(pl.lit(1, pl.Int64).alias(name) for name in ranks)
        assert "chance may explain all" in title(plots.scorecard(tied))
        plt.close()
        # One whose few claims let it be the best at all is not said to be.
        last = pl.int_range(pl.len()) == pl.len() - 1
        wide = frame.with_columns(
            pl.when(last).then(1).otherwise(name).alias(name) for name in ranks
        )
        assert not any(name in title(plots.scorecard(wide)) for name in frame["payer_name"])


def test_figures_one_after_the_other_are_apart():
    first = plots.outcomes(answered(), by="payer_name")
    second = plots.outcomes(answered(), by="payer_name")
    assert first.get_figure() is not second.get_figure()
    empty = plt.figure().gca()
    assert plots.outcomes(answered(), by="payer_name") is empty
