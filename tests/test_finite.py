"""No number of any metric or study is infinite or NaN, on worlds that invite a division by 0."""

import datetime as dt

import polars as pl
import pytest
from drawing import draw
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import metrics, stats
from analytics.database import Database
from analytics.metrics import CATALOGUE, STUDIES
from analytics.query import Between

SPRING = Between(dt.date(2026, 1, 1), dt.date(2026, 4, 1))
SUMMER = Between(dt.date(2026, 4, 1), dt.date(2026, 7, 1))
RATES = [CATALOGUE[name] for name in ("initial_denial_rate", "denied_dollar_rate", "pmpm")]


def is_finite(frame):
    """Every float of a frame, those in lists included."""
    lists = [n for n, kind in frame.schema.items() if kind == pl.List(pl.Float64)]
    floats = [frame[n] for n, kind in frame.schema.items() if kind == pl.Float64]
    found = [*floats, *(frame[n].explode() for n in lists)]
    return all(one.is_finite().all() for one in found)


WEEKS = range(40)
FIRST = dt.date(2026, 1, 1)


def rows(*cells):
    return " | ".join(map(str, cells))


@pytest.fixture(scope="module", params=["nothing is charged", "all is taken back", "all is denied"])
def hostile(request):
    """Forty weeks of claims whose totals are 0: of charges, of payments, of what was allowed."""
    kind = request.param
    billed = 0 if kind == "nothing is charged" else 100
    paid = 50 if kind == "all is taken back" else 0
    claim, remit, remit_claim, adjustment = [], [], [], []
    for week in WEEKS:
        day = FIRST + dt.timedelta(days=7 * week)
        later = day + dt.timedelta(days=7)
        payer, number = week % 2 + 1, week + 1
        claim.append(rows(number, f"C{week}", payer, "P", day, day, day, billed, 1))
        remit.append(rows(number, later, payer))
        remit.append(rows(number + 100, later + dt.timedelta(days=7), payer))
        remit_claim.append(rows(number, number, f"C{week}", 1, billed, paid, f"X{week}"))
        if paid:
            back = rows(number + 100, number + 100, f"C{week}", 22, -billed, -paid, f"X{week}")
            remit_claim.append(back)
        code = "197" if kind == "all is denied" else "45"
        adjustment.append(rows(number, 9, number, 1, "CO", code, billed))
    drawn = {
        "payer": ["payer_id | payer_name", "1 | ACME", "2 | BETA"],
        "claim": [
            "claim_id | patient_control_number | payer_id | payer_sequence_code | submission_date"
            " | service_from_date | service_to_date | billed_amount | frequency_code",
            *claim,
        ],
        "remit": ["remit_id | payment_date | payer_id", *remit],
        "remit_claim": [
            "remit_claim_id | remit_id | patient_control_number | status_code | charge_amount"
            " | paid_amount | payer_claim_number",
            *remit_claim,
        ],
        "adjustment": [
            "remit_claim_id | file_id | record_no | position | group_code | carc_code | amount",
            *adjustment,
        ],
    }
    with Database(threads=1) as db:
        for name, lines in drawn.items():
            draw(db, name, "\n".join(lines))
        db.build()
        yield db


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_no_metric_is_infinite(metric, hostile):
    """Of all there is, and of the smallest parts, whose totals are most often 0."""
    assert is_finite(metric(hostile))
    assert is_finite(metric(hostile, "payer_name", every="month"))


DRIVEN = {
    f"rate_drivers_{metric.name}": lambda db, metric=metric: metrics.rate_drivers(
        db, metric, "payer_name", SPRING, SUMMER
    )
    for metric in RATES
}
CALLS = DRIVEN | {name: call for name, call in STUDIES.items() if name != "rate_drivers"}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_no_study_is_infinite(call, hostile):
    assert is_finite(call(hostile))


def test_a_forecast_of_nothing_has_no_bias(hostile):
    """Nothing was expected where all payments are 0, and so nothing can be a share of it."""
    record = metrics.backtest_cash(hostile)
    nothing = record.filter(pl.col("expected") == 0)
    assert len(record) > 0
    assert nothing["bias"].is_null().all()
    assert nothing["error"].is_null().all()
    assert is_finite(metrics.backtest_cash(hostile, "payer_name", detail=True))


HISTOGRAM = {"days": [1, 2, 3, 1, 2], "arm": ["a", "a", "a", "b", "b"]}


def waits(ended, waiting):
    return pl.DataFrame(HISTOGRAM | {"ended": ended, "waiting": waiting}, schema_overrides={})


@pytest.mark.parametrize(
    ("ended", "waiting"),
    [
        ([0, 0, 0, 0, 0], [0, 0, 0, 0, 0]),
        ([2, 0, 0, 0, 0], [0, 0, 0, 0, 1]),
        ([2, 1, 0, 1, 0], [0, 0, 0, 0, 0]),
        ([0, 2, 0, 0, 0], [0, 0, 0, 3, 0]),
    ],
)
def test_a_day_on_which_nobody_is_left_moves_no_curve(ended, waiting):
    frame = waits(ended, waiting)
    curve = stats.kaplan_meier(frame, ["arm"])
    first = stats.aalen_johansen(frame.rename({"ended": "paid"}), ["paid"], ["arm"])
    assert is_finite(curve)
    assert is_finite(first)
    assert curve["still"].is_between(0, 1).all()
    assert (curve["still"] + first["share"] - 1).abs().max() < 1e-12
    assert is_finite(stats.wait_quantiles(curve, ["arm"]))
    somebody = frame.filter(pl.col("ended") + pl.col("waiting") > 0)
    if len(somebody):
        same = stats.kaplan_meier(somebody, ["arm"])
        kept = curve.join(somebody.select("arm", "days"), on=["arm", "days"], how="semi")
        assert kept.equals(same)


def test_waits_of_nobody_have_ended_for_nobody():
    frame = waits([0] * 5, [0] * 5)
    curve = stats.kaplan_meier(frame, ["arm"])
    assert curve["still"].to_list() == [1.0] * 5
    assert curve["low"].is_null().all()
    assert stats.wait_quantiles(curve)["value"].item() is None


MONEY = st.sampled_from([0.0, 0.01, -0.01, 100.0, -100.0, 1e9, -1e9]) | st.floats(-1e6, 1e6)
PAIRS = st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=6)


@settings(deadline=None, max_examples=300)
@given(PAIRS, st.booleans())
def test_a_ratio_of_totals_that_nearly_cancel_is_finite(pairs, share):
    """As tops and bottoms of reversed payments do."""
    sums = pl.DataFrame(pairs, schema=["t", "b"], orient="row").select(
        pl.col("t").sum(), pl.col("b").sum(), n=pl.len(),
        tt=(pl.col("t") ** 2).sum(), tb=(pl.col("t") * pl.col("b")).sum(),
        bb=(pl.col("b") ** 2).sum(),
    )  # fmt: skip
    assert is_finite(sums.select(*stats.ratio("t", "b", "n", "tt", "tb", "bb", share=share)))


COUNTS = st.integers(0, 5).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None, max_examples=200)
@given(st.lists(COUNTS, min_size=1, max_size=6))
def test_shares_of_few_or_none_are_finite(counts):
    frame = pl.DataFrame(counts, schema={"k": pl.Int64, "n": pl.Int64}, orient="row")
    assert is_finite(frame.select(*stats.wilson("k", "n")))
    assert is_finite(frame.select(*stats.count_ratio("k", "n", 1000.0)))
    assert is_finite(stats.beta_binomial(frame, "k", "n"))
    assert is_finite(stats.shares_of_total(frame, "k"))
    assert is_finite(stats.funnel(frame, "k", "n", "n", overdispersion=True))
    for kind in ("p", "p_prime", "u"):
        assert is_finite(stats.chart(frame, "k", "n", kind=kind))
    spread = frame.select(y=pl.col("k") / pl.when(pl.col("n") > 0).then("n"), v=pl.col("k") * 0.1)
    assert is_finite(stats.random_effects(spread, "y", "v"))
