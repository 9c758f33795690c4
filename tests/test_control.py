"""Control charts against published ones, and alarms against what chance gives."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from analytics import stats

SPC = Path(__file__).parents[2] / "shared" / "truth" / "spc"
LIMITS = {"centre": "cl", "low_limit": "lcl", "high_limit": "ucl"}
RULES = {
    "useful": "n.useful",
    "longest_run": "longest.run",
    "longest_run_max": "longest.run.max",
    "crossings": "n.crossings",
    "crossings_min": "n.crossings.min",
    "is_run": "runs.signal",
}


def published(name: str) -> pl.DataFrame:
    """One row per point: hits ``y.sum``, size ``n`` (1 where counts are charted), the verdicts."""
    if not (SPC / name).exists():
        pytest.skip(f"the published chart {name} is not beside this checkout")
    new_part = (pl.col("cl").diff().abs() > 1e-9).fill_null(value=False)
    return pl.read_csv(SPC / name).with_columns(pl.col("n").fill_null(1), part=new_part.cum_sum())


@pytest.mark.parametrize(
    ("name", "kind", "left_out", "last"),
    [  # Montgomery, Introduction to Statistical Quality Control: points without a part in the
        # chart's base for a known cause, and the last point of the base
        ("ex_7.1_5.csv", "p", [15, 23], 94),
        ("tbl_7.4_1.csv", "p", [], 25),
        ("ex_7.3_3.csv", "c", [6, 20], 26),
    ],
)
def test_charts_are_as_published(name, kind, left_out, last):
    theirs = published(name)
    number = pl.col("x").cast(pl.Int64)
    used = ~number.is_in(left_out)
    base = used & (number <= last)
    ours = stats.chart(theirs, "y.sum", "n", ["part"], kind=kind, base=base)
    for mine, other in LIMITS.items():
        assert ours[mine].to_list() == pytest.approx(theirs[other].to_list(), rel=1e-9), mine
    assert ours["is_outside"].to_list() == theirs["sigma.signal"].to_list()
    runs = stats.runs(ours.filter(used), "y", "centre", ["part"])
    for mine, other in RULES.items():
        assert (
            runs[mine].to_list()
            == theirs.group_by("part", maintain_order=True).first()[other].to_list()
        ), mine


def test_laney_limits_by_hand():
    """Shares 0.2, 0.4, 0.3 of 100: centre 0.3, moving ranges of z 4.364 and 2.182."""
    frame = pl.DataFrame({"k": [20, 40, 30], "n": [100, 100, 100]})
    found = stats.chart(frame, "k", "n")
    sigma = (0.3 * 0.7 / 100) ** 0.5
    spread = (0.2 / sigma + 0.1 / sigma) / 2 / 1.128
    assert found["spread"].to_list() == pytest.approx([spread] * 3)
    assert found["high_limit"][0] == pytest.approx(0.3 + 3 * spread * sigma)
    assert found["low_limit"][0] == 0
    assert found["z"].to_list() == pytest.approx([-0.1 / sigma / spread, 0.1 / sigma / spread, 0])


def test_limits_of_a_share_stay_within_0_and_1_and_nothing_counted_has_none():
    found = stats.chart(pl.DataFrame({"k": [9, 1, 0], "n": [10, 3, 0]}), "k", "n")
    assert found["high_limit"].max() == 1
    assert found["low_limit"].min() == 0
    assert found["high_limit"][2] is None
    same = stats.chart(pl.DataFrame({"k": [0, 0], "n": [10, 10]}), "k", "n")
    assert same["is_outside"].to_list() == [False, False]


def test_the_chance_of_so_few_runs_is_the_share_of_orders_that_have_them():
    sides = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    frame = pl.DataFrame({"y": sides, "c": [0.5] * 12})
    found = stats.runs(frame, "y", "c")["run_p_value"].item()
    rng = np.random.default_rng(1)
    drawn = [1 + (np.diff(rng.permutation(sides)) != 0).sum() for _ in range(5000)]
    assert found == pytest.approx((np.array(drawn) <= 4).mean(), abs=0.02)


def charts(rng, groups=6, weeks=30, size=200, likeness=0.0, worlds=1, **shift):
    """Shares of random weeks by world and group; `likeness` makes weeks differ beyond draws."""
    n = rng.poisson(size, (worlds * groups, weeks)) + 1
    true = np.full(n.shape, 0.12)
    if likeness:
        true = rng.beta(0.12 * (1 / likeness - 1), 0.88 * (1 / likeness - 1), n.shape)
    if shift:
        true[0, -shift["last"] :] = shift["to"]
    names = np.arange(worlds * groups).repeat(weeks)
    frame = pl.DataFrame(
        {
            "world": names // groups,
            "g": names % groups,
            "hits": rng.binomial(n, true).ravel(),
            "n": n.ravel(),
        }
    )
    return stats.chart(frame, "hits", "n", ["world", "g"])


def alarms(points):
    return stats.alarms(points, "hits", "n", ["world", "g"])


@pytest.mark.parametrize(
    ("size", "likeness"), [(8, 0.0), (200, 0.0), (200, 0.02)], ids=["few", "draws", "spread"]
)
def test_random_data_raise_alarms_no_more_often_than_stated(size, likeness):
    """Of 100 worlds of 6 charts where nothing changed, at most 5 have any alarm at 5%.

    Points beyond three sigma alone would call a third of these worlds changed, and more.
    """
    points = charts(np.random.default_rng(20260), size=size, likeness=likeness, worlds=100)
    worlds = alarms(points).partition_by("world")
    found = [stats.benjamini_hochberg(world["p_value"]).min() < 0.05 for world in worlds]
    assert len(found) == 100
    assert sum(found) <= 5
    assert points.group_by("world").agg(pl.col("is_outside").any())["is_outside"].sum() > 30


@pytest.mark.parametrize("shift", [{"last": 1, "to": 0.3}, {"last": 12, "to": 0.17}])
def test_a_planted_change_is_found_and_no_other(shift):
    points = charts(np.random.default_rng(4), size=400, likeness=0.002, **shift)
    found = alarms(points).filter(pl.col("q_value") < 0.05)
    assert found["g"].to_list() == [0]


def test_too_short_a_chart_has_no_p_value():
    points = charts(np.random.default_rng(4), weeks=7)
    assert alarms(points)["p_value"].null_count() == 6


def test_q_values_by_hand():
    """0.01 x 4 / 1 and 0.02 x 4 / 2 are both 0.04; 0.03 x 4 / 3 is 0.04; 0.5 stays."""
    q = stats.benjamini_hochberg(pl.Series([0.5, 0.01, None, 0.03, 0.02]))
    assert q.to_list() == pytest.approx([0.5, 0.04, None, 0.04, 0.04])
    assert stats.benjamini_hochberg(pl.Series([None], dtype=pl.Float64)).to_list() == [None]
