"""Figures say what their frames say, whatever the frame."""

import ast
import datetime as dt
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import polars as pl
import pytest

mpl.use("agg")
from matplotlib import pyplot as plt
from matplotlib.text import Text

from analytics import formats, plots, stats
from analytics.metrics import CATALOGUE
from analytics.plots import style

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Described:
    title: str = "Initial denial rate"
    unit: str = "share"
    better: str = "lower"
    definition: str = "Of the claims answered, the share first answered with a denial."


RATE = Described()
WAIT = Described("Days to payment", "days")
MONEY = Described("Denied dollars", "dollars")
LONG = "MUTUAL HEALTH INSURANCE COMPANY OF THE NORTHERN PLAINS AND THE SOUTHERN COAST, INC"


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def rates(**hits_of_n: tuple[int, int]) -> pl.DataFrame:
    rows = [{"payer_name": name, "n": n, "hits": hits} for name, (hits, n) in hits_of_n.items()]
    schema = {"payer_name": pl.String, "n": pl.Int64, "hits": pl.Int64}
    return pl.DataFrame(rows, schema=schema).with_columns(*stats.wilson("hits", "n"))


def months(*hits: int, n: int = 200, **more) -> pl.DataFrame:
    days = [dt.date(2026, i + 1, 1) for i in range(len(hits))]
    frame = pl.DataFrame({"period": days, "n": [n] * len(hits), "hits": list(hits), **more})
    return frame.with_columns(*stats.wilson("hits", "n"))


def waits(**peak: int) -> pl.DataFrame:
    rows = [
        {"payer_name": name, "days": day, "ended": 30 if abs(day - at) < 5 else 1, "waiting": 1}
        for name, at in peak.items()
        for day in range(1, 61)
    ]
    return stats.kaplan_meier(pl.DataFrame(rows), ["payer_name"])


def title(ax) -> str:
    return ax.get_figure().get_suptitle().replace("\n", " ")


def draws(ax) -> None:
    """The figure can be laid out, and nothing falls off it."""
    figure = ax.get_figure()
    figure.canvas.draw()
    inside = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert inside.x0 >= -0.02
    assert inside.x1 <= width + 0.02
    assert inside.y0 >= -0.02
    assert inside.y1 <= height + 0.02


def test_importing_the_plots_does_not_import_matplotlib():
    code = "import sys, analytics.plots, analytics.tables; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_plots_do_not_query():
    for path in (ROOT / "analytics" / "plots").glob("*.py"):
        used = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute | ast.Name)
        }
        assert not used & {"fetch", "sql", "execute", "Database", "duckdb"}


class TestRanked:
    def test_the_worst_is_at_the_top_and_named_when_it_stands_apart(self):
        ax = plots.ranked(rates(ACME=(100, 1000), NORTH=(300, 1000), ZED=(90, 1000)), RATE)
        assert [t.get_text() for t in ax.get_yticklabels()] == ["NORTH", "ACME", "ZED"]
        assert "highest for NORTH" in title(ax)
        draws(ax)

    def test_a_difference_that_may_be_chance_is_not_claimed(self):
        ax = plots.ranked(rates(ACME=(10, 100), NORTH=(13, 100)), RATE)
        assert "no clear difference" in title(ax)

    def test_for_a_metric_where_more_is_better_the_lowest_is_the_worst(self):
        better = Described("First pass rate", better="higher")
        ax = plots.ranked(rates(ACME=(900, 1000), NORTH=(500, 1000)), better)
        assert "lowest for NORTH" in title(ax)

    def test_a_dot_at_nothing_is_whole(self):
        ax = plots.ranked(rates(ACME=(0, 1000), NORTH=(300, 1000)), RATE)
        dots = next(line for line in ax.lines if line.get_marker() == "o")
        assert ax.get_xlim()[0] == 0 == min(dots.get_xdata())
        assert not dots.get_clip_on()
        draws(ax)

    def test_intervals_and_counts_are_drawn(self):
        ax = plots.ranked(rates(ACME=(100, 1000), NORTH=(300, 1200)), RATE)
        assert len(ax.collections[0].get_segments()) == 2
        assert {"1,000", "1,200", "n"} <= {text.get_text() for text in ax.texts}

    def test_small_groups_are_left_out_and_it_says_so(self):
        ax = plots.ranked(rates(ACME=(100, 1000), BIG=(9, 1000), TINY=(1, 4), ZED=(1, 30)), RATE)
        assert [t.get_text() for t in ax.get_yticklabels()] == ["ACME", "BIG"]
        assert title(ax).endswith("of those shown")
        assert "TINY" in ax.get_figure().get_supxlabel()

    def test_forty_long_names_one_of_them_null(self):
        frame = rates(**{f"{LONG} {i}": (i, 300) for i in range(39)})
        null = frame.head(1).with_columns(payer_name=pl.lit(None, pl.String))
        ax = plots.ranked(pl.concat([frame, null]), RATE, caption="Source: files to October 2026.")
        assert len(ax.get_yticks()) == 40
        draws(ax)

    def test_more_groups_than_fit_are_cut_and_it_says_so(self):
        ax = plots.ranked(rates(**{f"P{i}": (i, 300) for i in range(60)}), RATE)
        assert "40 of 60 groups shown" in ax.get_figure().get_supxlabel()

    def test_two_columns_make_one_name(self):
        frame = rates(ACME=(100, 1000)).with_columns(claim_type=pl.lit("dental"))
        ax = plots.ranked(frame, RATE, by=["payer_name", "claim_type"])
        assert ax.get_yticklabels()[0].get_text() == "ACME · dental"

    def test_negative_values_and_missing_intervals(self):
        frame = pl.DataFrame(
            {"payer_name": ["A", "B", "C"], "n": [20, 30, 40], "value": [-5.0, 7.5, None]}
        ).with_columns(low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64))
        ax = plots.ranked(frame, MONEY)
        assert ax.get_xlabel() == "Denied dollars"
        assert "Without a value: C." in plots.alt_text(ax)
        assert len(ax.get_yticks()) == 2
        assert ax.get_xlim()[0] < -5
        draws(ax)


class TestTrend:
    def test_a_rise_beyond_chance_is_said(self):
        assert "rose from 10.0" in title(plots.trend(months(20, 30, 60), RATE)).replace(
            "\u202f", ""
        )

    def test_a_change_within_chance_is_not(self):
        assert "did not clearly change" in title(plots.trend(months(20, 30, 22), RATE))

    def test_periods_not_settled_are_hatched_and_hollow_and_not_compared(self):
        ax = plots.trend(months(20, 22, 90, is_mature=[True, True, False]), RATE)
        assert "did not clearly change" in title(ax)
        assert any(patch.get_hatch() for patch in ax.patches)
        assert "not settled yet" in ax.get_figure().get_supxlabel()
        draws(ax)

    def test_groups_that_never_have_a_value_are_named(self):
        both = [
            months(20, 30).with_columns(payer_name=pl.lit("ACME")),
            months(20, 30).with_columns(
                pl.lit("ZENITH").alias("payer_name"), value=pl.lit(None, pl.Float64)
            ),
        ]
        ax = plots.trend(pl.concat(both), RATE, by="payer_name")
        assert "Without a value: ZENITH." in ax.get_figure().get_supxlabel()

    def test_a_missing_month_breaks_the_line(self):
        frame = months(20, 30, 40, 50).filter(pl.col("period") != dt.date(2026, 2, 1))
        assert plots.trend(frame, RATE).lines[0].get_ydata()[1] != pytest.approx(0.15)

    def test_a_month_alone_has_a_bar_for_its_interval(self):
        ax = plots.trend(months(40), RATE)
        assert "Bar: 95% interval" in ax.get_figure().get_supxlabel()
        assert sum(len(c.get_segments()) for c in ax.collections if hasattr(c, "get_segments"))
        draws(ax)

    def test_labels_of_sparse_months_keep_apart(self):
        frame = months(*range(20, 32)).filter(pl.col("period").dt.month().is_in([1, 2, 12]))
        ax = plots.trend(frame, RATE)
        assert [text.get_text() for text in ax.get_xticklabels()] == ["Jan\n2026", "Dec"]

    def test_ten_groups_of_which_six_have_a_name(self):
        frame = pl.concat(
            months(20, 30, 40, n=100 + i).select(pl.lit(f"P{i}").alias("payer_name"), pl.all())
            for i in range(10)
        )
        ax = plots.trend(frame, RATE)
        assert len(ax.get_legend().get_texts()) == 6
        draws(ax)


class TestCurve:
    def test_groups_that_are_not_half_over_are_told_beside_those_that_are(self):
        never = pl.DataFrame({"payer_name": "LATE", "days": [9], "ended": [10], "waiting": [90]})
        late = stats.kaplan_meier(never, ["payer_name"])
        end = "not half yet in 1 of"
        for peaks, found in (
            ({"ACME": 14}, f"half within 15 days (ACME), {end} 2 groups"),
            ({"ACME": 14, "NORTH": 14}, f"half within 15 days, {end} 3 groups"),
            ({"ACME": 14, "NORTH": 40}, f"half within 15 (ACME) to 40 (NORTH), {end} 3 groups"),
        ):
            ax = plots.curve(pl.concat([waits(**peaks), late]), WAIT)
            assert found in title(ax).replace("\n", " ").replace(formats.GAP, " ")
            assert "Dot:" in plots.alt_text(ax)
        assert "Dot:" not in plots.alt_text(plots.curve(late, WAIT)), "no half, no dot"

    def test_the_median_is_marked_and_told(self):
        ax = plots.curve(waits(ACME=14, NORTH=40), WAIT)
        assert "half within" in title(ax)
        assert any(line.get_ydata()[0] == 0.5 and len(line.get_xdata()) == 1 for line in ax.lines)
        draws(ax)

    def test_a_group_that_never_reaches_half(self):
        frame = pl.DataFrame({"days": [1, 2, 3], "ended": [1, 1, 1], "waiting": [0, 0, 97]})
        ax = plots.curve(stats.kaplan_meier(frame), WAIT)
        assert "more than half are still waiting" in title(ax)

    def test_a_small_group_is_left_out(self):
        frame = waits(ACME=14)
        tiny = frame.filter(pl.col("days") < 4).with_columns(
            payer_name=pl.lit("TINY"), at_risk=pl.lit(3, frame.schema["at_risk"])
        )
        ax = plots.curve(pl.concat([frame, tiny]), WAIT)
        assert [text.get_text().split(":")[0] for text in ax.get_legend().get_texts()] == ["ACME"]

    def test_one_legal_day_is_a_line_and_says_what_waits_longer(self):
        ax = plots.curve(waits(ACME=14, NORTH=40), WAIT, legal_day=30)
        assert [30, 30] in [list(line.get_xdata()) for line in ax.lines]
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        assert all(label.endswith("%") for label in labels)
        assert "the legal day, 30" in ax.get_label()
        assert "30" in [text.get_text() for text in ax.texts]
        draws(ax)

    def test_a_legal_day_for_each_group_is_one_line_where_equal_and_one_label_where_near(self):
        frame = waits(ACME=14, NORTH=40, SOUTH=30, EAST=35)
        days = {"ACME": 20, "SOUTH": 20, "NORTH": 21, "EAST": 45, "NOBODY": 50}
        ax = plots.curve(frame, WAIT, legal_day=days)
        assert [
            line.get_xdata()[0] for line in ax.lines if list(line.get_ydata()) == [0, 1]
            and line.get_linestyle() == "--"
        ] == [20, 21, 45]  # fmt: skip
        assert [text.get_text() for text in ax.texts] == ["20, 21", "45"]
        labels = {text.get_text().split(":")[0]: text.get_text() for text in ax.get_legend().texts}
        acme = frame.filter(payer_name="ACME")
        still = acme.filter(pl.col("days") <= 20)["still"][-1]
        assert labels["ACME"].endswith(f", {formats.value(still, 'share')} after 20")
        assert labels["EAST"].endswith("after 45")
        draws(ax)

    def test_a_group_without_a_legal_day_has_none_told(self):
        ax = plots.curve(waits(ACME=14, NORTH=40), WAIT, legal_day={"ACME": 20})
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        assert [label for label in labels if "%" in label] == [labels[0]]

    def test_the_key_stands_in_the_empty_corner_or_below(self):
        slow = {f"{LONG} {i}": 50 + i for i in range(6)}
        for peaks, is_below in (({"ACME": 5, "NORTH": 6}, False), (slow, True)):
            ax = plots.curve(waits(**peaks), WAIT)
            draws(ax)
            key, box = ax.get_legend().get_window_extent(), ax.get_window_extent()
            assert (key.y1 < box.y0) == is_below
            assert key.height < 0.28 * ax.get_figure().bbox.height
            plt.close()

    def test_the_key_covers_no_median(self):
        names = "Heronbank Health", "Larkspur Advantage", "Quincefield Health Plan", "Tallowmere"
        many = {name: 18 + i for i, name in enumerate(names)} | {"State": 12, "Medicare": 10}
        ax = plots.curve(waits(**many), WAIT, legal_day=20)
        ax.figure.canvas.draw()
        key = ax.get_legend().get_window_extent()
        dots = [line for line in ax.lines if len(line.get_xdata()) == 1]
        places = [ax.transData.transform((line.get_xdata()[0], 0.5)) for line in dots]
        assert len(places) == 6
        assert not [place for place in places if key.contains(*place)]

    def test_the_title_says_the_clock_that_was_asked_for(self):
        """Whether the clock was asked of the metric or of the study."""
        wait = CATALOGUE["days_submission_to_answer"]
        frame = waits(ACME=14, NORTH=40)
        assert "from submission" in title(plots.curve(frame, wait))
        plt.close()
        received = frame.with_columns(counted_from=pl.lit("received"))
        for metric in (wait, wait.clocked("received")):
            ax = plots.curve(received, metric)
            assert "Days from receipt to answer" in title(ax)
            assert ax.get_xlabel() == "Days from receipt to answer"
            plt.close()

    def test_a_legal_day_beyond_the_data_says_nothing(self):
        ax = plots.curve(waits(ACME=14), WAIT, legal_day=400)
        assert "%" not in ax.get_legend().get_texts()[0].get_text()
        draws(ax)

    def test_thirty_groups(self):
        ax = plots.curve(waits(**{f"{LONG} {i}": 10 + i for i in range(30)}), WAIT)
        assert len(ax.get_legend().get_texts()) == 6
        draws(ax)


class TestPareto:
    frame = pl.DataFrame(
        {"category": ["coding", "eligibility", None, "cob"], "n": [90, 80, 70, 60]}
    )

    def test_the_few_that_make_most_are_counted(self):
        frame = self.frame.with_columns(value=pl.Series([60.0, 25.0, 10.0, 5.0]))
        ax = plots.pareto(frame, MONEY)
        assert title(ax).startswith("2 of 4 groups make 85")
        draws(ax)

    def test_the_largest_may_be_the_group_without_a_name(self):
        frame = pl.DataFrame({"category": [None, "b", "c", "d"], "n": [90, 80, 5, 6]})
        frame = frame.with_columns(value=pl.Series([4.0, 3.0, 2.0, 1.0]))
        assert "largest is the group not stated; 2 groups" in title(plots.pareto(frame, MONEY))

    def test_decimals_and_negative_amounts(self):
        amounts = pl.Series(["60.00", "25.00", "0.00", "-5.00"]).cast(pl.Decimal(14, 2))
        ax = plots.pareto(self.frame.with_columns(value=amounts), MONEY)
        assert "Negative amounts" in ax.get_figure().get_supxlabel()
        assert len(ax.get_yticks()) == 3
        draws(ax)

    def test_the_rest_is_pooled_and_the_small_keep_their_place_and_name_so_that_the_total_stands(
        self,
    ):
        frame = pl.DataFrame(
            {
                "category": [f"c{i}" for i in range(30)],
                "n": [5] * 3 + [50] * 27,
                "value": [1.0] * 30,
            }
        )
        ax = plots.pareto(frame, MONEY, limit=10)
        names = [label.get_text() for label in ax.get_yticklabels()]
        assert names[:2] == ["c0", "c1"]
        assert names[-2:] == ["20 others", "3 not shown,\ntogether"]
        assert [patch.get_y() + 0.34 for patch in ax.patches] == pytest.approx(range(3, 12))
        assert sum(patch.get_width() for patch in ax.patches) == pytest.approx(30)
        draws(ax)

    def test_the_largest_shown_is_not_called_the_largest_where_a_hidden_one_comes_first(self):
        frame = pl.DataFrame(
            {"category": ["auth", "docs", "data"], "n": [5, 6, 90], "value": [60.0, 30.0, 10.0]}
        )
        ax = plots.pareto(frame, MONEY)
        gap = "\u202f"
        assert title(ax) == (
            f"Denied dollars: largest shown is data, 10{gap}%; 2 groups not shown hold 90{gap}% "
            "together"
        )
        assert [t.get_text() for t in ax.get_yticklabels()][:3] == ["auth", "docs", "data"]
        words = " ".join(text.get_text() for text in ax.texts) + plots.alt_text(ax.get_figure())
        assert "$60" not in words
        assert "$30" not in words

    def test_the_share_so_far_ends_where_it_would_give_a_small_group_away(self):
        frame = pl.DataFrame(
            {
                "category": ["a", "b", "c", "d"],
                "n": [90, 6, 7, 80],
                "value": [40.0, 30.0, 20.0, 10.0],
            }
        )
        texts = [text.get_text() for text in plots.pareto(frame, MONEY).texts]
        assert [text for text in texts if "%" in text] == ["40\u202f%", "100\u202f%"]

    def test_one_small_group_takes_the_next_in_size_with_it(self):
        frame = pl.DataFrame(
            {"category": ["a", "b", "c"], "n": [90, 4, 20], "value": [40.0, 30.0, 20.0]}
        )
        texts = [text.get_text() for text in plots.pareto(frame, MONEY).texts]
        assert [text for text in texts if "$" in text] == ["$40", "$50"]

    def test_where_only_small_groups_are_there_no_amount_is_shown(self):
        frame = pl.DataFrame({"category": ["a", "b"], "n": [3, 4], "value": [30.0, 20.0]})
        ax = plots.pareto(frame, MONEY)
        assert not any("$" in text.get_text() for text in ax.texts)
        assert "too small" in title(ax)
        draws(ax)


class TestStacked:
    frame = pl.DataFrame(
        {
            "payer_name": ["ACME", "ACME", None, None],
            "bucket": ["0-30", ">120", "0-30", ">120"],
            "n": [50] * 4,
            "value": pl.Series(["10.00", "5.00", "30.00", "-4.00"]).cast(pl.Decimal(14, 2)),
        }
    )

    def test_bars_are_as_long_as_their_parts_and_credits_are_not_netted(self):
        ax = plots.stacked(self.frame, MONEY, by="payer_name", parts="bucket")
        assert [t.get_text() for t in ax.get_yticklabels()] == ["not stated", "ACME"]
        assert [t.get_text() for t in ax.texts] == ["$30", "$15"]
        assert "below zero" in ax.get_figure().get_supxlabel()
        draws(ax)

    def test_groups_beyond_the_limit_are_one_bar_and_the_shares_are_of_all(self):
        frame = pl.DataFrame(
            {
                "payer_name": [f"P{i}" for i in range(25) for _ in range(2)],
                "age_bucket": ["0-30", ">120"] * 25,
                "n": [50] * 50,
                "value": [1.0, 3.0] * 25,
            }
        )
        ax = plots.stacked(frame, MONEY, by="payer_name", parts="age_bucket")
        assert ax.get_yticklabels()[-1].get_text() == "5 others"
        assert title(ax) == "Denied dollars: 75.0\u202f% is over 120 days old"
        assert sum(patch.get_width() for patch in ax.patches) == pytest.approx(100)
        draws(ax)

    def test_a_group_of_one_claim_shows_no_dollars_nor_does_the_next(self):
        frame = pl.DataFrame(
            {
                "payer_name": ["A", "B", "C"],
                "age_bucket": ["0-30"] * 3,
                "n": [90, 1, 20],
                "value": [500.0, 77.0, 50.0],
            }
        )
        ax = plots.stacked(frame, MONEY, by="payer_name", parts="age_bucket")
        assert [t.get_text() for t in ax.texts if "$" in t.get_text()] == ["$500"]
        assert [patch.get_width() for patch in ax.patches if patch.get_width()] == [500.0]

    def test_small_parts_are_joined_so_that_neither_bar_nor_part_gives_them_away(self):
        frame = pl.DataFrame(
            {
                "payer_name": ["A"] * 3 + ["B"] * 3,
                "age_bucket": ["0-30", "31-60", ">120"] * 2,
                "n": [90, 4, 20, 80, 30, 40],
                "value": [500.0, 70.0, 50.0, 400.0, 60.0, 90.0],
            }
        )
        ax = plots.stacked(frame, MONEY, by="payer_name", parts="age_bucket")
        widths = [patch.get_width() for patch in ax.patches if patch.get_width()]
        assert widths == [500.0, 400.0, 120.0, 150.0]

    def test_without_groups_it_is_one_bar(self):
        ax = plots.stacked(self.frame, MONEY, parts="bucket")
        assert len(ax.get_yticks()) == 1


class TestHeatmap:
    frame = pl.concat(
        months(*hits, n=n).select(pl.lit(name).alias("payer_name"), pl.all())
        for name, n, hits in (
            ("ACME", 200, (20, 30)),
            ("NORTH", 100, (40, 50)),
            ("SOUTH", 40, (10, 12)),
            ("TINY", 4, (1, 2)),
        )
    )

    def cells(self, ax):
        return {(t.get_position(), t.get_text()) for t in ax.texts}

    def test_the_worst_group_is_on_top_and_small_ones_show_no_number(self):
        ax = plots.heatmap(self.frame, RATE)
        assert [text.get_text() for text in ax.get_yticklabels()] == [
            "NORTH",
            "ACME",
            "SOUTH",
            "TINY",
        ]
        assert self.cells(ax) == {
            ((0, 0), "40"), ((1, 0), "50"), ((0, 1), "10"), ((1, 1), "15"),
            *(((month, group), "·") for month in (0, 1) for group in (2, 3)),  # SOUTH tells TINY
        }  # fmt: skip
        assert "50.0" in title(ax)
        assert "NORTH in Feb 2026" in title(ax)
        assert "Dot: none, 1–10, or what would tell." in ax.get_label()  # noqa: RUF001
        draws(ax)

    def test_where_more_is_better_the_lowest_is_the_worst(self):
        ax = plots.heatmap(self.frame, Described(better="higher"))
        assert ax.get_yticklabels()[0].get_text() == "ACME"
        assert "10.0" in title(ax)

    def test_periods_not_settled_are_hatched_and_not_the_worst(self):
        frame = self.frame.with_columns(is_mature=pl.col("period").dt.month() == 1)
        ax = plots.heatmap(frame, RATE)
        assert [bar.get_hatch() for bar in ax.patches].count("///") == 2
        assert "NORTH in Jan 2026" in title(ax)
        assert "Hatched: not settled yet." in ax.get_label()

    def test_a_median_not_reached_is_a_dash(self):
        frame = self.frame.with_columns(
            value=pl.when(pl.col("payer_name") != "NORTH").then("value")
        )
        ax = plots.heatmap(frame, WAIT)
        assert ((0, 1), "–") in self.cells(ax)  # noqa: RUF001
        draws(ax)

    def test_many_groups_and_periods_are_cut_and_it_says_so(self):
        days = [dt.date(2020 + i // 12, i % 12 + 1, 1) for i in range(40)]
        frame = pl.DataFrame(
            [(f"{LONG} {g}", day, 100, g / 50) for g in range(30) for day in days],
            schema=["payer_name", "period", "n", "value"],
            orient="row",
        )
        ax = plots.heatmap(frame, RATE)
        assert (len(ax.get_yticks()), len(ax.get_xticks())) == (20, 14)
        assert "20 of 30 groups shown" in ax.get_label()
        draws(ax)


def ratios(*cells):
    """Payer, procedure, lines, denied and expected, as `denial_ratios` gives them."""
    schema = {"payer_name": pl.String, "procedure_code": pl.String, "n": pl.Int64}
    schema |= {"denied": pl.Int64, "expected": pl.Float64}
    frame = pl.DataFrame(cells, schema=schema, orient="row")
    return frame.with_columns(value=pl.col("denied") / pl.col("expected"))


class TestGrid:
    def test_the_row_with_most_beyond_expectation_is_on_top(self):
        ax = plots.grid(
            ratios(
                ("NORTH", "99213", 400, 44, 40.0), ("NORTH", "99214", 300, 75, 30.0),
                ("ACME", "99213", 50, 9, 3.0), ("ACME", "20610", 7, 7, 1.0),
                ("NORTH", "20610", 40, 9, 4.0), ("ACME", "20611", 12, 9, 4.0),
                ("NORTH", "20611", 30, 9, 4.0),
            )
        )  # fmt: skip
        assert [text.get_text() for text in ax.get_yticklabels()] == [
            "99214",
            "99213",
            "20610",
            "20611",
        ]
        assert [text.get_text() for text in ax.get_xticklabels()] == ["ACME", "NORTH"]
        assert {(t.get_position(), t.get_text()) for t in ax.texts} == {
            ((0, 0), "·"), ((1, 0), "2.5"), ((0, 1), "3.0"), ((1, 1), "1.1"),
            *(((column, row), "·") for column in (0, 1) for row in (2, 3)),
        }  # fmt: skip
        assert "2.5 times as many, 99214 at NORTH" in title(ax)
        assert "lines, or what would tell" in ax.get_label()
        draws(ax)

    def test_many_rows_and_columns_are_cut_and_it_says_so(self):
        many = [(f"{LONG} {p}", f"{9000 + c}0", 50, 5, 4.0) for p in range(12) for c in range(30)]
        ax = plots.grid(ratios(*many))
        assert (len(ax.get_yticks()), len(ax.get_xticks())) == (20, 8)
        assert "20 of 30 groups shown" in ax.get_label()
        draws(ax)


EMPTY = rates()
EVERY_PLOT = pytest.mark.parametrize(
    ("plot", "frame"),
    [
        (lambda f, **k: plots.ranked(f, RATE, **k), EMPTY),
        (lambda f, **k: plots.trend(f, RATE, **k), months(20).clear()),
        (lambda f, **k: plots.curve(f, WAIT, **k), waits(A=5).clear()),
        (lambda f, **k: plots.heatmap(f, RATE, **k), months(20).clear()),
        (plots.grid, ratios()),
        (lambda f, **k: plots.pareto(f, MONEY, **k), EMPTY),
        (lambda f, **k: plots.stacked(f, MONEY, by="payer_name", parts="hits", **k), EMPTY),
    ],
    ids=["ranked", "trend", "curve", "heatmap", "grid", "pareto", "stacked"],
)


@EVERY_PLOT
def test_nothing_to_show_is_said(plot, frame):
    ax = plot(frame)
    assert "no data" in title(ax)
    draws(ax)


@EVERY_PLOT
def test_the_axes_given_are_the_axes_drawn_on(plot, frame):
    figure, (left, right) = plt.subplots(1, 2)
    size = figure.get_size_inches().tolist()
    assert plot(frame, ax=right) is right
    assert not left.has_data()
    assert figure.get_size_inches().tolist() == size
    assert right.get_title(loc="left")


def test_dollars_are_not_formulas():
    frame = pl.DataFrame({"payer_name": ["A$B$C", "D"], "n": [50, 60], "value": [300.0, 100.0]})
    frame = frame.with_columns(low=pl.col("value") - 10, high=pl.col("value") + 10)
    figure = plots.ranked(frame, MONEY, title="From $1 to $2").get_figure()
    figure.canvas.draw()
    assert not any(text.get_parse_math() for text in figure.findobj(Text) if "$" in text.get_text())


def test_the_words_for_those_who_cannot_see_the_figure():
    ax = plots.ranked(rates(ACME=(100, 1000), NORTH=(300, 1000)), RATE, caption="To October.")
    words = plots.alt_text(ax.get_figure())
    assert words.startswith("Initial denial rate is highest for NORTH")
    assert "ACME 10.0" in words
    assert words.endswith("To October.")


def test_colours_differ_in_a_grey_print_or_in_their_dashes():
    assert len(set(map(str, style.DASHES))) == len(style.PALETTE) == len(set(style.MARKERS))


def compared(**observed_expected: tuple[int, float]) -> pl.DataFrame:
    """What payer_comparison gives of groups of ten claims for each one expected."""
    rows = [
        {"payer_name": k, "n": int(10 * e), "hits": o, "expected": e}
        for k, (o, e) in observed_expected.items()
    ]
    frame = pl.DataFrame(rows).with_columns(
        ratio=pl.col("hits") / pl.col("expected"), variance=pl.col("expected") * 0.9
    )
    limits = stats.funnel(frame, "hits", "expected", "variance")
    high = pl.when(pl.col("ratio") > pl.col("high_998")).then(pl.lit("high"))
    low = high.when(pl.col("ratio") < pl.col("low_998")).then(pl.lit("low"))
    return limits.with_columns(signal=low)


class TestFunnel:
    def test_who_is_beyond_the_limits_is_named_and_no_other(self):
        ax = plots.funnel(compared(ACME=(60, 55.0), NORTH=(160, 100.0), ZED=(240, 245.0)), RATE)
        assert title(ax) == "Initial denial rate: NORTH is above expectation"
        assert {text.get_text() for text in ax.texts} == {"NORTH"}
        draws(ax)

    def test_chance_is_called_chance(self):
        ax = plots.funnel(compared(ACME=(60, 55.0), ZED=(240, 245.0)), RATE)
        assert "no group beyond" in title(ax)

    def test_small_groups_are_left_out_and_it_says_so(self):
        frame = compared(ACME=(60, 55.0), NEXT=(4, 3.0), TINY=(1, 0.6), ZED=(240, 245.0))
        ax = plots.funnel(frame, RATE)
        drawn = sum(len(line.get_xdata()) for line in ax.lines if line.get_marker() in "os")
        assert drawn == 2
        assert "not shown" in ax.get_figure().get_supxlabel()

    def test_nothing_to_compare(self):
        assert "no data" in title(plots.funnel(compared(ACME=(1, 1.0)).clear(), RATE))


def moved(**sums: tuple[int, int, int, int]) -> pl.DataFrame:
    """What rate_drivers gives of hits and claims before, hits and claims after."""
    names = ["top_before", "bottom_before", "top_after", "bottom_after"]
    rows = [dict(zip(["payer_name", *names], (k, *v), strict=True)) for k, v in sums.items()]
    split = stats.mix_and_rate(pl.DataFrame(rows))
    effect = pl.col("rate_effect") + pl.col("mix_effect")
    return split.select(
        "payer_name", n_before="bottom_before", n_after="bottom_after",
        rate_effect="rate_effect", mix_effect="mix_effect", effect=effect,
    ).sort(pl.col("effect").abs(), descending=True)  # fmt: skip


class TestEffects:
    def test_the_change_and_its_largest_part_are_said(self):
        ax = plots.effects(moved(ACME=(10, 100, 30, 100), ZED=(10, 100, 10, 100)), RATE)
        assert title(ax) == "Initial denial rate: +10.0 pts, most moved by ACME (+10.0 pts)"
        assert len(ax.patches) == 4
        draws(ax)

    def test_a_share_changes_by_points(self):
        ax = plots.effects(moved(ACME=(10, 100, 30, 100), ZED=(10, 100, 10, 100)), RATE)
        ax.figure.canvas.draw()
        assert ax.get_xlabel().endswith("rate, points")
        assert not [label for label in ax.get_xticklabels() if "%" in label.get_text()]

    def test_a_group_small_in_one_period_is_left_out(self):
        sums = {"ACME": (10, 100, 30, 100), "TINY": (1, 4, 40, 100), "ZED": (10, 100, 10, 100)}
        ax = plots.effects(moved(**sums, MORE=(10, 90, 9, 100)), RATE)
        assert "TINY" not in {label.get_text() for label in ax.get_yticklabels()}
        assert "not shown" in ax.get_figure().get_supxlabel()

    def test_dollars_and_nothing(self):
        draws(plots.effects(moved(ACME=(10, 100, 30, 100)), MONEY))
        plt.close("all")
        assert "no data" in title(plots.effects(moved(ACME=(1, 10, 1, 10)).clear(), RATE))


class TestBridge:
    STEPS = pl.DataFrame(
        {
            "name": ["initial_denial_rate", "initial_denial_rate", "line_denial_rate"],
            "include_duplicates": [False, True, False],
            "n": [100, 104, 250],
            "after": [0.1, 0.13, 0.08],
        }
    )

    def test_each_definition_has_its_row_and_each_step_its_bar(self):
        ax = plots.bridge(self.STEPS, RATE)
        assert len(ax.patches) == 2
        assert "8.0" in title(ax)
        assert "13.0" in title(ax)
        assert "duplicates too" in ax.get_yticklabels()[1].get_text().replace("\n", " ")
        draws(ax)

    def test_nothing_and_too_little_have_no_rate(self):
        assert "no data" in title(plots.bridge(self.STEPS.clear(), RATE))
        plt.close("all")
        few = self.STEPS.with_columns(n=pl.lit(5))
        assert "no data" in title(plots.bridge(few, RATE))
