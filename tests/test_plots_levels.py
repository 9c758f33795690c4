"""The figure of levels says what its frame says, and tells no small number."""

import matplotlib as mpl
import polars as pl
import pytest

mpl.use("agg")
from matplotlib import pyplot as plt

from analytics import plots, stats
from analytics.errors import BadQueryError
from analytics.metrics.coded import em_level_mix


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def mix(*hits, peers=(0.1, 0.3, 0.6), signal=(None, None, None), z=(0.0, 0.0, 0.0)):
    count = len(hits)
    frame = pl.DataFrame(
        {
            "rendering_provider": ["Ann"] * count, "em_family": ["office_new"] * count,
            "em_level": list(range(1, count + 1)), "n": [sum(hits)] * count,
            "peer_share": peers[:count], "hits": list(hits), "z": z[:count],
            "signal": pl.Series(signal[:count], dtype=pl.String),
        },
        schema_overrides={"peer_share": pl.Float64},
    )  # fmt: skip
    wilson = frame.with_columns(*stats.wilson("hits", "n"))
    return wilson.select(
        "rendering_provider", "em_family", "em_level", "n", "value", "low", "high", "hits",
        "peer_share", "z", "signal",
    )  # fmt: skip


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_each_level_has_its_share_and_that_of_peers():
    ax = plots.levels(mix(100, 100, 200), em_level_mix)
    assert [bar.get_width() for bar in ax.patches] == [0.25, 0.25, 0.5]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["level 1", "level 2", "level 3"]
    (peers,) = [line for line in ax.lines if line.get_label() == "peers"]
    assert peers.get_xdata().tolist() == [0.1, 0.3, 0.6]
    assert "level 3 50.0" in plots.alt_text(ax.figure).replace("\N{NARROW NO-BREAK SPACE}", "")


def test_the_title_names_the_level_beyond_chance():
    frame = mix(10, 90, 300, signal=(None, "low", "high"), z=(0.0, -4.0, 9.0))
    title = plots.alt_text(plots.levels(frame.filter(hits=300), em_level_mix).figure)
    assert title.startswith("Level 3 of office new: ")
    plt.close("all")
    calm = plots.alt_text(plots.levels(mix(100, 100, 200), em_level_mix).figure)
    assert calm.startswith("E/M level mix: no level beyond what chance explains")


def test_small_numbers_are_not_told():
    ax = plots.levels(mix(5, 100, 200), em_level_mix)
    assert len(ax.patches) == 1  # the next in size is hidden too: it would tell the small one
    assert words(ax).count("\N{EM DASH}") == 2
    assert "level 1" not in plots.alt_text(ax.figure)


def test_without_peers_the_figure_says_so():
    ax = plots.levels(mix(100, 100, peers=(None, None)), em_level_mix)
    assert "No peers to compare with." in plots.alt_text(ax.figure)


def test_nothing_to_draw_is_said():
    assert "no data" in plots.alt_text(plots.levels(mix(100).clear(), em_level_mix).figure)


def test_a_frame_of_several_providers_is_refused():
    frame = pl.concat([mix(100, 100), mix(50, 50)])
    with pytest.raises(BadQueryError, match="one provider and one family"):
        plots.levels(frame, em_level_mix)


def test_a_funnel_of_several_levels_is_refused():
    limits = {f"{end}_{of}": pl.lit(1.0) for end in ("low", "high") for of in ("95", "998")}
    frame = mix(100, 100).with_columns(ratio=pl.lit(1.0), expected=pl.lit(100.0), **limits)
    with pytest.raises(BadQueryError, match="one em_level"):
        plots.funnel(frame, em_level_mix, by="em_level")
