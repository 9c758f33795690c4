"""A metric's frame shows itself: as a table, as text, as a figure; and stays a polars frame."""

import datetime as dt
import pickle
import re
from dataclasses import dataclass

import matplotlib as mpl
import polars as pl
import pytest
from polars.testing import assert_frame_equal

mpl.use("agg")
from matplotlib import pyplot as plt

from analytics import formats, identity, kernel, plots, progress, stats
from analytics.display import Asked, MetricFrame
from analytics.errors import BadQueryError
from analytics.formats import DASH, GAP, HIDDEN, NOTHING
from analytics.metrics import CATALOGUE, Balance
from analytics.query import Between
from analytics.suppression import mode
from analytics.tables import sheets, styled

EVERY_METRIC = pytest.mark.parametrize("metric", CATALOGUE.values(), ids=CATALOGUE.keys())
EVIL = "<img src=x onerror=alert(1)>"
DAY = dt.date(2026, 10, 31)


@dataclass(frozen=True)
class Told:
    title: str = "Initial denial rate"
    unit: str = "share"
    better: str = "lower"
    definition: str = "Of the claims answered, the share first denied."
    source: str = "HFMA"


def asked(unit="share", **more) -> Asked:
    return Asked(Told(unit=unit), "claim_outcome", DAY, **more)


def rates(names=("ACME", "OTHER", "TINY", "NEXT"), n=(1200, 400, 4, 30), hits=(240, 20, 1, 3)):
    frame = pl.DataFrame({"payer_name": names, "n": n, "hits": hits})
    return frame.select("payer_name", "n", *stats.wilson("hits", "n"), "hits")


@pytest.fixture
def shown() -> MetricFrame:
    return MetricFrame.of(rates(), asked())


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def rows(html: str) -> list[list[str]]:
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", html)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in found]
    drawn = [[re.sub(r"<svg.*?</svg>", "drawn", cell) for cell in row] for row in cells]
    return [[re.sub(r"</?time[^>]*>", "", cell) for cell in row] for row in drawn]


def test_a_cell_shows_units_intervals_bars_and_where_the_numbers_are_from(shown):
    html = shown._repr_mimebundle_()["text/html"]
    assert rows(html) == [
        ["Payer", "Initial denial rate", "95% interval", f"0.0{DASH}22.4{GAP}%", "n"],
        ["ACME", f"20.0{GAP}%", f"17.8{DASH}22.4{GAP}%", "drawn", "1,200"],
        ["OTHER", f"5.0{GAP}%", f"3.3{DASH}7.6{GAP}%", "drawn", "400"],
        ["TINY", NOTHING, NOTHING, "", HIDDEN],
        ["NEXT", NOTHING, NOTHING, "", HIDDEN],  # else TINY's could be worked out
    ]
    assert "the share first denied. Source: HFMA. Data: claim_outcome, as of 2026-10-31." in html
    assert html.startswith('<div class="revcycle"><style>')


def test_a_bar_lies_where_its_numbers_do(shown):
    """On a scale of 96 pixels from 0 to the highest end, 22.36 %."""
    (first, second) = re.findall(r"<svg.*?</svg>", shown._repr_html_())
    (low, high), (at,) = re.findall(r' x[12]="(.*?)"', first), re.findall(r'cx="(.*?)"', first)
    assert [float(x) for x in (low, at, high)] == pytest.approx([76.5, 85.9, 96.0], abs=0.2)
    assert 'aria-hidden="true"' in second


def test_dollars_have_bars_from_zero_also_below_it():
    frame = pl.DataFrame({"payer_name": ["A", "B"], "n": [20, 30], "value": [300.0, -100.0]})
    frame = frame.with_columns(low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64))
    html = MetricFrame.of(frame, asked("dollars"))._repr_html_()
    assert re.findall(r'<rect x="(.*?)" width="(.*?)"', html) == [("24.0", "72.0"), ("0.0", "24.0")]
    assert f"{formats.MINUS}$100.00 to $300.00" in html


def test_periods_not_settled_yet_are_marked_in_words_too():
    days = [dt.date(2026, month, 1) for month in (7, 8, 9)]
    frame = rates((1, 2, 3), (900, 900, 900), (90, 80, 70)).drop("payer_name")
    frame = frame.select(
        pl.Series("period", days), pl.all(), is_mature=pl.Series([True, True, False])
    )
    bundle = MetricFrame.of(frame, asked())._repr_mimebundle_()
    assert [row[0] for row in rows(bundle["text/html"])[1:]] == [
        "Jul 2026",
        "Aug 2026",
        "Sep 2026 *",
    ]
    assert bundle["text/html"].count('<tr class="young">') == 1
    assert "* Not settled yet: these numbers still move." in bundle["text/html"]
    columns = {column["head"]: column["cells"] for column in bundle[sheets.MIME]["columns"]}
    assert columns["Settled"] == ["yes", "yes", "no"]
    assert "Sep 2026 *" in bundle["text/plain"]


def test_months_of_which_claims_still_come_are_marked_and_hatched(db):
    frame = CATALOGUE["pmpm"](db, every="month")
    young = frame.filter(~pl.col("is_run_out")).height
    assert young
    assert frame._repr_html_().count('<tr class="young">') == young
    assert "Is run out" not in frame._repr_html_()
    assert "Hatched: not settled yet." in frame.plot().figure.get_supxlabel().replace("\n", " ")


def test_what_files_and_users_say_cannot_become_markup():
    frame = rates((EVIL, "B"), (40, 50), (3, 4))
    html = MetricFrame.of(frame, asked(where={"payer_name": [EVIL, None]}))._repr_html_()
    assert "<img" not in html
    assert html.count("&lt;img src=x") == 2


def test_a_terminal_shows_the_same_in_lines(shown):
    title, head, acme, *others = repr(shown).splitlines()
    assert title == "Initial denial rate"
    assert head.split("  ")[0] == "Payer"
    assert re.split("  +", acme) == ["ACME", f"20.0{GAP}%", f"17.8{DASH}22.4{GAP}%", "1,200"]
    assert len(head) == len(acme)
    assert HIDDEN in others[1]
    assert str(shown) == str(rates()), "print gives polars' own"


def test_a_report_has_its_own_style(shown, monkeypatch):
    monkeypatch.setitem(styled._state, "in_report", True)
    html = shown._repr_mimebundle_()["text/html"]
    assert html.startswith('<div class="table">')
    assert "<style" not in html
    assert "<svg" not in html
    assert "Data:" not in html


def test_every_operation_of_polars_is_as_before(shown):
    plain = rates()
    assert isinstance(shown, pl.DataFrame)
    assert_frame_equal(shown, plain)
    assert_frame_equal(plain, shown)
    for made in (
        shown.select("n"), shown.group_by("payer_name").agg(pl.len()), shown.drop("hits"),
        shown.join(plain, on="n"), pl.concat([shown, shown]), shown.lazy().collect(),
        shown.with_columns(value=1.0), pl.DataFrame(shown),
    ):  # fmt: skip
        assert type(made) is pl.DataFrame, "what its columns mean is not known"
    assert pickle.loads(pickle.dumps(shown)).equals(plain)  # noqa: S301
    assert shown.to_dicts() == plain.to_dicts()


def test_rows_left_out_or_in_another_order_are_still_those_of_the_metric(shown):
    for made in (
        shown.sort("value"), shown.filter(pl.col("n") > 40), shown.filter(payer_name="ACME"),
        shown.head(2), shown.tail(2), shown.limit(2), shown.slice(1), shown[:1],
        shown.with_columns(is_mature=True),
    ):  # fmt: skip
        assert isinstance(made, MetricFrame)
    assert rows(shown.sort("value").head(1)._repr_html_())[1][0] == "OTHER"
    assert shown.sort("value")["payer_name"].to_list()[0] == "OTHER"


def test_a_frame_that_lost_its_metric_is_shown_as_polars_does(shown):
    lost = pickle.loads(pickle.dumps(shown))  # noqa: S301
    assert repr(lost) == repr(rates())
    assert lost._repr_html_() == rates()._repr_html_()
    assert lost.sort("n").height == 4
    with pytest.raises(BadQueryError, match="no longer knows its metric"):
        lost.plot()


def test_only_so_many_rows_are_shown_unasked():
    names = [f"P{i}" for i in range(60)]
    frame = MetricFrame.of(rates(names, [100] * 60, [5] * 60), asked())
    assert len(rows(frame._repr_html_())) == 51
    assert "First 50 of 60 rows." in frame._repr_html_()
    assert len(rows(frame.table().html)) == 61


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({}, "Data: claim_outcome, as of 2026-10-31."),
        ({"claim_type": "professional"}, "Claim type: professional."),
        ({"payer_name": None}, "Payer: not stated."),
        ({"payer_name": ["A", None, "B", "C", "D"]}, "Payer: A, not stated, B and 2 more."),
        ({"payer_name": []}, "Payer: none of any."),
        (
            {"answer_date": Between(dt.date(2026, 1, 1), dt.date(2026, 7, 1))},
            "Answer from 2026-01-01 to 2026-06-30.",
        ),
        ({"answer_date": Between(dt.date(2026, 1, 1))}, "Answer from 2026-01-01."),
        ({"answer_date": Between(dt.date(1900, 1, 1), dt.date(2199, 12, 31))}, "as of 2026-10-31."),
        ({"units": Between(1, 5)}, "Units from 1 below 5."),
        ({"units": Between(high=5, high_included=True)}, "Units to 5."),
    ],
)
def test_a_filter_is_said_below(where, said):
    assert asked(where=where).data.endswith(said)


def test_a_balance_says_its_own_day(db):
    day = dt.date(2026, 6, 30)
    assert CATALOGUE["ar_aging"](db, at=day).asked.data == "Data: claim_balance, as of 2026-06-30."


def test_a_wait_by_another_clock_is_named_so(db):
    frame = CATALOGUE["days_submission_to_answer"](db, by="payer_name", clock="received")
    assert frame.asked.metric.title in frame._repr_html_()
    assert frame.asked.metric.title != CATALOGUE["days_submission_to_answer"].title


@EVERY_METRIC
@pytest.mark.parametrize("asked_for", [{}, {"by": "payer_name"}, {"every": "year"}])
def test_every_metric_shows_and_draws_itself(metric, db, asked_for):
    if asked_for.get("every") and not isinstance(metric, Balance):
        asked_for = {"every": "month"}
    frame = metric(db, **asked_for)
    html = frame._repr_html_()
    assert all(text in html for text in ("<caption>", "Data: ", metric.fact.name, str(db.as_of)))
    assert metric.title in html
    figure = frame.plot().figure
    assert metric.title[:12].lower() in figure.get_suptitle().lower().replace("\n", " ")
    caption = figure.get_supxlabel().replace("\n", " ")
    assert metric.fact.name in caption
    assert str(db.as_of) in caption
    labels = [label for ax in figure.axes for label in (ax.get_xlabel(), ax.get_ylabel())]
    assert any(labels) or "no data" in figure.get_suptitle()
    assert plots.alt_text(figure)


def test_an_empty_database_is_shown_as_such(empty):
    metric = CATALOGUE["initial_denial_rate"]
    assert "none." in metric(empty, by="payer_name")._repr_html_()
    assert "none" in repr(metric(empty, by="payer_name"))
    assert "no data" in metric(empty, by="payer_name").plot().figure.get_suptitle()


def test_polars_own_plots_are_reached_by_name(shown):
    with pytest.raises(Exception, match="altair"):
        shown.plot.line(x="n", y="value")


def test_a_figure_takes_what_its_kind_takes(shown):
    _, ax = plt.subplots()
    assert shown.plot(ax=ax, title="Mine", reference=0.1) is ax
    assert ax.get_title(loc="left") == "Mine"


def test_a_kernel_of_a_report_leaves_looks_to_the_page(monkeypatch):
    monkeypatch.setitem(styled._state, "in_report", False)
    monkeypatch.setitem(progress._state, "silent", False)
    monkeypatch.setitem(identity._state, "guarded", False)
    monkeypatch.setitem(mode._state, "how", mode._state["how"])
    monkeypatch.setattr(kernel, "figures", lambda: None)
    kernel.start()
    assert styled.in_report()
    assert progress._state["silent"], "a bar would be kept in the page"
