"""Figures of receivables over time and of cash to come say what their frames say."""

import datetime as dt

import matplotlib as mpl
import polars as pl
import pytest

mpl.use("agg")
from matplotlib import pyplot as plt
from test_plots import Described, draws, title

from analytics import formats, plots, tables
from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics import CATALOGUE

AGING = Described("A/R aging", "dollars")
BUCKETS = ("0-30", "31-60", ">60", "credit")


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def aged(*months: tuple[int, ...], n: int = 50) -> pl.DataFrame:
    rows = [
        (dt.date(2026, i, 1), bucket, n, float(value))
        for i, month in enumerate(months, start=1)
        for bucket, value in zip(BUCKETS, month, strict=True)
        if value
    ]
    return pl.DataFrame(rows, schema=["period", "age_bucket", "n", "value"], orient="row")


def bars(ax) -> dict[str, list[tuple[float, float]]]:
    """By part: where each bar begins and how high it is."""
    return {
        box.get_label(): [(bar.get_y(), bar.get_height()) for bar in box] for box in ax.containers
    }


class TestAging:
    def test_ages_stack_and_credits_hang_below(self):
        ax = plots.aging(aged((100, 50, 10, -5), (80, 60, 30, -7)), AGING)
        assert bars(ax) == {
            "0-30 days": [(0, 100), (0, 80)],
            "31-60 days": [(100, 50), (80, 60)],
            ">60 days": [(150, 10), (140, 30)],
            "credit": [(0, -5), (0, -7)],
        }
        assert title(ax) == "A/R aging: from $160 in Jan 2026 to $170 in Feb 2026"
        assert f"credits {formats.MINUS}$7" in plots.alt_text(ax.get_figure())
        draws(ax)

    def test_small_parts_are_joined_and_small_days_left_out(self):
        frame = aged((100, 50, 10, -5), (80, 60, 30, -7), (9, 0, 0, 0))
        few = (pl.col("value") == 10) | (pl.col("value") == 9)
        most = pl.when(pl.col("age_bucket") == "0-30").then(80).otherwise("n")
        ax = plots.aging(frame.with_columns(n=pl.when(few).then(3).otherwise(most)), AGING)
        assert bars(ax)["ages not shown"] == [(100, 60)]
        assert bars(ax)["0-30 days"] == [(0, 100), (0, 80)]
        assert f"1 group of 1{formats.DASH}10, or that would tell, not shown" in plots.alt_text(
            ax.get_figure()
        )

    def test_a_balance_stands_on_a_day(self):
        ends = aged((100, 50, 10, 0), (80, 60, 30, 0)).rename({"period": "day"})
        ax = plots.aging(ends.with_columns(pl.col("day").dt.month_end()), AGING)
        assert title(ax).replace("\n", " ") == (
            "A/R aging: from $160 on 2026-01-31 to $170 on 2026-02-28"
        )

    def test_days_asked_for_and_nothing(self):
        frame = aged((100, 50, 10, 0)).rename({"period": "day"})
        draws(plots.aging(frame, AGING))
        plt.close()
        assert "no data" in title(plots.aging(frame.clear(), AGING))

    def test_the_words_tell_no_part_that_the_bar_does_not_show(self):
        frame = aged((100, 50, 10, -5)).with_columns(
            n=pl.col("age_bucket").replace_strict({"0-30": 80, "31-60": 12}, default=3)
        )
        words = plots.alt_text(plots.aging(frame.reverse(), AGING))
        assert "At the last: 0-30 $100; ages not shown $60." in words
        assert "credits" not in words

    def test_of_several_groups_all_is_drawn_and_told_once(self):
        one, other = aged((100, 50, 10, -5)), aged((80, 60, 30, -7))
        both = pl.concat([one.with_columns(payer_name=pl.lit(p)) for p in "AB"] + [
            other.with_columns(payer_name=pl.lit("C"))
        ])  # fmt: skip
        ax = plots.aging(both, AGING)
        assert bars(ax)["credit"] == [(0, -17)]
        assert bars(ax)["0-30 days"] == [(0, 280)]
        told = f"At the last: 0-30 $280; 31-60 $160; >60 $50; credits {formats.MINUS}$17."
        assert told in plots.alt_text(ax)


def expected(*values: float, band: float | None = 10) -> pl.DataFrame:
    ends = {f"{end}_{x}": band for end in ("low", "high") for x in (80, 95)}
    rows = [
        {"period": dt.date(2026, 11, 1) + dt.timedelta(7 * i), "n": 30 if band else 0, "value": v}
        | {
            name: width and v + (width if "high" in name else -width)
            for name, width in ends.items()
        }
        for i, v in enumerate(values)
    ]
    kinds = dict.fromkeys(ends, pl.Float64)
    return pl.DataFrame(rows, schema_overrides=kinds)


class TestForecast:
    def test_what_is_expected_and_its_bands(self):
        ax = plots.forecast(expected(100, 80, 30), came=expected(90, 70).select("period", "value"))
        line, dots = ax.lines
        assert list(line.get_ydata()) == [100, 80, 30]
        assert list(dots.get_ydata()) == [90, 70]
        assert len(ax.collections) == 2
        assert title(ax) == "$210 expected in 3 weeks"
        assert "30 or more such forecasts" in plots.alt_text(ax.get_figure())
        draws(ax)

    def test_without_bands_and_without_anything(self):
        ax = plots.forecast(expected(100, band=None))
        assert title(ax) == "$100 expected in 1 week"
        draws(ax)
        plt.close()
        assert "no data" in title(plots.forecast(expected(100).clear()))

    def test_weeks_of_several_groups_are_no_line(self):
        with pytest.raises(BadQueryError, match="one group"):
            plots.forecast(pl.concat([expected(100, 80), expected(60, 50)]))

    def test_words_are_told_of_axes_as_of_their_figure(self):
        ax = plots.forecast(expected(100, 80))
        assert plots.alt_text(ax) == plots.alt_text(ax.get_figure())


def test_a_curve_is_of_those_who_wait():
    with pytest.raises(BadQueryError, match=r"lag_curve .*no column still"):
        plots.curve(pl.DataFrame({"days": [1], "share": [0.5]}), AGING)


def test_a_name_where_the_metric_belongs_is_said():
    with pytest.raises(BadQueryError, match=r"CATALOGUE\['ar_aging'\]"):
        plots.aging(aged((100, 50, 10, 0)), "ar_aging")


@pytest.mark.parametrize(
    "draw",
    [
        plots.aging,
        plots.bridge,
        plots.curve,
        plots.effects,
        plots.funnel,
        plots.heatmap,
        plots.levels,
        plots.pareto,
        plots.ranked,
        plots.trend,
        lambda frame, metric: plots.stacked(frame, metric, parts="age_bucket"),
        lambda frame, _: plots.forecast(frame),
        lambda frame, _: plots.grid(frame),
        lambda frame, _: plots.outcomes(frame),
        lambda frame, _: plots.scorecard(frame),
    ],
)
def test_a_frame_of_another_kind_is_refused_by_name(draw):
    with pytest.raises(BadQueryError, match=r"this draws .*: the frame has no column"):
        draw(pl.DataFrame({"payer_name": ["A"], "other": [1.0]}), AGING)


@pytest.mark.parametrize("draw", [plots.ranked, plots.trend, plots.heatmap, plots.pareto])
def test_a_group_that_is_no_column_is_refused(draw):
    frame = aged((100, 50, 10, -5)).with_columns(low=None, high=None)
    with pytest.raises(UnknownNameError, match="did you mean 'age_bucket'"):
        draw(frame, AGING, by="age_buckt")


AGED = [
    ("ar_aging", {"age_from": "last_answer"}, "A/R aging, from the last answer"),
    ("ar_aging", {"age_from": "submission"}, "A/R aging, from submission"),
    ("ar_aging", {}, "A/R aging:"),
    ("aged_ar_share", {"older_than": 60}, "A/R over 60 days"),
    (
        "aged_ar_share",
        {"older_than": 60, "age_from": "last_answer"},
        "A/R over 60 days, from the last answer",
    ),
]


@pytest.mark.parametrize(("name", "asked", "said"), AGED)
def test_the_title_says_the_age_that_was_asked_for(db, name, asked, said):
    metric = CATALOGUE[name]
    over_time = metric(db, every="quarter", **asked)
    by_payer = metric(db, "payer_name", **asked)
    if name == "ar_aging":
        figures = [plots.aging(over_time, metric)]
        plt.figure()
        figures.append(plots.stacked(by_payer, metric, by="payer_name", parts="age_bucket"))
    else:
        figures = [plots.trend(over_time, metric)]
        plt.figure()
        figures.append(plots.ranked(by_payer, metric))
    for ax in figures:
        assert title(ax).startswith(said)
    heading = str(tables.metric_table(by_payer, metric))
    assert said.rstrip(":") in heading
    assert "ounted" not in heading, "the title says it; no column does again"
