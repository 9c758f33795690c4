"""What a year will cost: by hand, by plain loops, and how often its intervals hold."""

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peers import Peer

from analytics import rows
from analytics.contracts import Terms, contract_rows, contract_years
from analytics.contracts import shared_savings as settled
from analytics.database import Database
from analytics.metrics import completed_pmpm, shared_savings
from analytics.stats import projection
from analytics.stats.projection import Estimate

scipy = Peer("scipy.stats")

HISTORY, MEMBERS = 24, 600
CONTRACT = """
name = "Drawn"
expenditure = "allowed"
sharing_rate = 0.5
minimum_savings_rate = 0.02
sides = "two"
loss_rate = 0.4
[year.2025]
benchmark_per_person_year = 9000
"""


def world(seed, members=MEMBERS, months=HISTORY + 12):
    """Claims of people who differ, more in winter and more each year: month, delay, dollars."""
    rng = np.random.default_rng(seed)
    rate = 0.4 * rng.gamma(0.5, 2, members)
    parts = []
    for month in range(months):
        season = (1 + 0.1 * math.cos(2 * math.pi * month / 12)) * 1.04 ** (month / 12)
        who = np.repeat(np.arange(members), rng.poisson(rate * season))
        size = rng.lognormal(6, 1.3, len(who)).round(2)
        late = (rng.random(len(who)) < 0.15) * rng.integers(0, 6, len(who))
        delay = rng.geometric(0.45, len(who)) - 1 + late
        parts.append(np.column_stack([np.full(len(who), month), who, delay, size]))
    return np.concatenate(parts)


def triangle(claims, size):
    """What of the claims was known in month `size - 1`."""
    found = np.zeros((size, size))
    seen = claims[claims[:, 0] + claims[:, 2] < size]
    np.add.at(found, (seen[:, 0].astype(int), seen[:, 2].astype(int)), seen[:, 3])
    return found


def projected(claims, cut, members=MEMBERS):
    size = HISTORY + cut
    known, people = triangle(claims, size), np.full(size, float(members))
    gone = projection.gone(known, people, HISTORY, size)
    ahead = np.full(12 - cut, float(members))
    coming = projection.coming(projection.completed(known, people), people, ahead, size)
    return gone, coming, projection.added(gone, coming.estimate)


def test_intervals_hold_as_often_as_they_say():
    """Forty drawn worlds, each at four days of its year: what came lies in the interval."""
    held = {0.95: [], 0.8: []}
    for seed in range(40):
        claims = world(seed)
        came = claims[claims[:, 0] >= HISTORY][:, 3].sum()
        for cut in (3, 6, 9, 12):
            whole = projected(claims, cut)[2]
            for level, hits in held.items():
                low, high = projection.band(whole, level)
                hits.append(low <= came <= high)
    assert 0.90 <= np.mean(held[0.95]) <= 0.99
    assert 0.74 <= np.mean(held[0.8]) <= 0.92


def test_intervals_narrow_as_the_year_goes_by():
    widths = [projected(world(1), cut)[2].spread for cut in (1, 4, 8, 12)]
    assert widths == sorted(widths, reverse=True)


def plain_ultimate(known, people):
    """Chain ladder, and Cape Cod for months of which less than half is known, with loops."""
    size = len(known)
    added = [[sum(row[: lag + 1]) for lag in range(size)] for row in known.tolist()]
    share = [1.0] * size
    for lag in range(size - 2, -1, -1):
        seen = range(size - 1 - lag)
        before, after = (sum(added[i][lag + k] for i in seen) for k in (0, 1))
        share[lag] = share[lag + 1] * (before / after if after > 0 else 1)
    now = [added[i][size - 1 - i] for i in range(size)]
    done = [share[size - 1 - i] for i in range(size)]
    ratio = sum(now) / sum(p * s for p, s in zip(people, done, strict=True))
    whole = [
        a + ratio * p * (1 - s) if s < 0.5 else a / s
        for a, s, p in zip(now, done, people, strict=True)
    ]
    return whole, share


def test_months_over_by_plain_loops():
    claims, cut = world(2), 5
    size = HISTORY + cut
    known, people = triangle(claims, size), [float(MEMBERS)] * size
    whole, share = plain_ultimate(known, people)
    errors = []
    for back in range(1, size - 5):
        last = size - back
        if share[back] < 0.95:
            continue
        then, _ = plain_ultimate(known[:last, :last], people[:last])
        first = max(HISTORY - back, 0)
        errors.append(sum(then[first:last]) / sum(whole[first:last]) - 1)
    gone = projected(claims, cut)[0]
    assert gone.amount == pytest.approx(sum(whole[HISTORY:]))
    assert gone.spread == pytest.approx(math.sqrt(sum(e * e for e in errors) / len(errors)))
    assert gone.freedom == len(errors)


def test_months_to_come_by_plain_loops():
    claims, cut = world(3), 5
    size = HISTORY + cut
    known, people = triangle(claims, size), [float(MEMBERS)] * size
    whole, share = plain_ultimate(known, people)
    cost = [w / MEMBERS for w in whole]
    settled = [i for i in range(size) if share[size - 1 - i] >= 0.5]
    last = settled[-1]
    new, old = range(last - 11, last + 1), range(last - 23, last - 11)
    trend = sum(cost[i] for i in new) / sum(cost[i] for i in old)
    months = [MEMBERS * cost[row - 12] * trend for row in range(size, HISTORY + 12)]
    coming = projected(claims, cut)[1]
    assert coming.method == "seasonal"
    assert coming.trend == pytest.approx(trend - 1)
    assert coming.estimate.amount == pytest.approx(sum(months))
    # The noise of a month, from the logs of each over the one a year before it.
    logs = [math.log(cost[i] / cost[i - 12]) for i in settled if i >= 12]
    mean = sum(logs) / len(logs)
    noise = sum((x - mean) ** 2 for x in logs) / (len(logs) - 1) / 2
    pull = [0.0] * size
    for k, amount in enumerate(months):
        pull[size + k - 12] += amount / sum(months)
    for i in range(size):
        pull[i] += (i in new) / 12 - (i in old) / 12
    shares = [amount / sum(months) for amount in months]
    spread = math.sqrt(noise * (sum(p * p for p in pull) + sum(s * s for s in shares)))
    assert coming.estimate.spread == pytest.approx(spread)


def test_a_trend_that_is_given_is_taken():
    claims, cut = world(3), 6
    size = HISTORY + cut
    known, people = triangle(claims, size), np.full(size, float(MEMBERS))
    done, ahead = projection.completed(known, people), np.full(6, float(MEMBERS))
    flat, dear = (projection.coming(done, people, ahead, size, t) for t in (0.0, 0.1))
    assert dear.estimate.amount == pytest.approx(1.1 * flat.estimate.amount)
    assert (flat.trend, dear.trend) == pytest.approx((0, 0.1))
    measured = projection.coming(done, people, ahead, size)
    assert measured.estimate.spread > flat.estimate.spread, "a trend measured is less sure"


def test_a_leap_of_cost_is_no_trend():
    """The first year has a tenth of its claims: months to come cost as the last twelve did."""
    claims, size = world(3), HISTORY + 6
    claims[claims[:, 0] < 16, 3] /= 10
    known, people = triangle(claims, size), np.full(size, float(MEMBERS))
    ahead = np.full(6, float(MEMBERS))
    done = projection.completed(known, people)
    told = projection.coming(done, people, ahead, size)
    assert (told.method, told.trend) == ("level", 0)
    assert projection.coming(done, people, ahead, size, 0.03).method == "seasonal"


@pytest.mark.parametrize("freedom", [1.0, 3.0, 29.5])
def test_bands_and_chances_are_students(freedom):
    one = Estimate(1000.0, 0.1, freedom)
    low, high = projection.band(one, 0.9)
    t = scipy.t.ppf(0.95, freedom)
    assert (low, high) == pytest.approx((1000 * math.exp(-0.1 * t), 1000 * math.exp(0.1 * t)))
    for limit in (low, 900, 1000, 1100):
        chance = scipy.t.cdf(math.log(limit / 1000) / 0.1, freedom)
        assert projection.chance_below(one, limit) == pytest.approx(chance)


def test_what_is_sure_has_no_width_and_what_is_not_known_no_band():
    sure = Estimate(1000.0, 0.0, 1.0)
    assert projection.band(sure, 0.95) == (1000, 1000)
    assert [projection.chance_below(sure, x) for x in (0, 999, 1000)] == [0, 0, 1]
    unsure = Estimate(1000.0, math.nan, 1.0)
    assert np.isnan(projection.band(unsure, 0.95)).all()
    assert math.isnan(projection.chance_below(unsure, 5))


def test_dollars_in_another_money_change_no_share():
    claims = world(4)
    other = claims * [1, 1, 1, 7]
    for one, same in zip(projected(claims, 6), projected(other, 6), strict=True):
        if isinstance(one, Estimate):
            assert same.amount == pytest.approx(7 * one.amount)
            assert same.spread == pytest.approx(one.spread)


def drawn_database(claims) -> Database:
    """The claims as a payer's feed of people covered all the time."""
    db = Database()
    people = pl.DataFrame({"record_no": range(1, MEMBERS + 1)}).with_columns(
        patient_id=pl.col("record_no"), member_id=pl.format("M{}", "record_no"),
        birth_date=dt.date(1950, 1, 1), sex_code=pl.lit("F"), start_date=dt.date(2023, 1, 1),
        payer_name=pl.lit("Medicare"), line_of_business=pl.lit("medicare"),
    )  # fmt: skip
    first = pl.lit(dt.date(2023, 1, 1))
    told = pl.DataFrame(claims, schema=["month", "who", "delay", "allowed_amount"], orient="row")
    day = first.dt.offset_by(pl.format("{}mo", pl.col("month").cast(pl.Int64)))
    known = day.dt.offset_by(pl.format("{}mo", pl.col("delay").cast(pl.Int64)))
    told = told.with_row_index("record_no", offset=1).with_columns(
        pl.col("record_no").cast(pl.Int64), payer_claim_id=pl.col("record_no").cast(pl.Int64),
        feed_code=pl.lit("tuva"), claim_number=pl.format("N{}", "record_no"),
        claim_key=pl.format("N{}", "record_no"), claim_type=pl.lit("professional"),
        patient_id=pl.col("who").cast(pl.Int64) + 1, payer_name=pl.lit("Medicare"),
        line_of_business=pl.lit("medicare"), service_from_date=day, service_to_date=day,
        processed_date=known.dt.offset_by("10d"),
        allowed_amount=pl.col("allowed_amount").cast(pl.Decimal(14, 2)),
        paid_amount=pl.lit(0).cast(pl.Decimal(14, 2)),
    )  # fmt: skip
    for table, frame in {
        "patient": people, "eligibility": people, "payer_claim": told,
        "contract": contract_rows(contract_years(CONTRACT, "a file")),
    }.items():  # fmt: skip
        rows.append(db.connection, table, frame)
    return db


def test_a_year_at_several_days_of_it_holds_what_came():
    """One world in a database, the facts built as of the end of March, June, September, December.

    The study is the same computation on arrays, and its intervals hold what the year cost.
    """
    claims = world(5)
    came = claims[claims[:, 0] >= HISTORY][:, 3].sum()
    only = {"contract_year", "contract_month", "contract_cost"}
    held = []
    with drawn_database(claims) as db:
        for cut in (3, 6, 9, 12):
            db.build(dt.date(2025, cut, 30 if cut in (6, 9) else 31), only=only)
            end = shared_savings(db).filter(scope="year_end").row(0, named=True)
            gone, coming, whole = projected(claims, cut)
            high = projection.band(whole, 0.95)[1]
            assert float(end["expenditure_amount"]) == pytest.approx(whole.amount, abs=0.01)
            assert float(end["expenditure_high"]) == pytest.approx(high, abs=0.01)
            held.append(float(end["expenditure_low"]) <= came <= float(end["expenditure_high"]))
            assert end["earned_low"] <= end["earned_amount"] <= end["earned_high"]
            assert (end["months_over"], end["n"]) == (cut, MEMBERS)
            if cut < 12:
                assert (end["method"], end["trend"]) == ("seasonal", pytest.approx(coming.trend))
            assert end["completion"] == pytest.approx(float(end["known_amount"]) / gone.amount)
        db.build(dt.date(2027, 6, 30), only={*only, "member_month", "incurred_claim"})
        (final,) = shared_savings(db).to_dicts()
        assert final["is_final"]
        assert float(final["known_amount"]) == pytest.approx(came, abs=0.01)
        months = completed_pmpm(db).filter(pl.col("period").dt.year() == 2025)
        assert months["allowed_amount"].sum() == pytest.approx(came)
    assert sum(held) >= 3, "of four intervals of 95 % more than one missed"


def test_savings_and_losses_come_of_the_terms():
    """8 % above the benchmark: 0.4 of it is owed.  Below it 0.5 is earned, from 2 % on."""
    claims = world(5)
    came = claims[claims[:, 0] >= HISTORY][:, 3].sum()
    only = {"contract_year", "contract_month", "contract_cost"}
    with drawn_database(claims) as db:
        for part, share in ((1.08, -0.4), (0.9, 0.5), (0.99, 0)):
            whole = round(came / part, 2)
            db.connection.execute(
                "UPDATE contract SET benchmark_amount = $b, benchmark_per_person_year = NULL",
                {"b": whole},
            )
            db.build(dt.date(2027, 3, 31), only=only)
            (row,) = shared_savings(db).to_dicts()
            earned = share * abs(whole - came)
            assert float(row["earned_amount"]) == pytest.approx(earned, rel=0.001, abs=0.02)
            assert row["savings_chance"] == pytest.approx(float(part <= 0.98), abs=1e-9)
            assert row["loss_chance"] == pytest.approx(float(part >= 1.02), abs=1e-9)


RATES = st.integers(0, 100).map(lambda percent: percent / 100)


@given(
    st.lists(st.integers(0, 200), min_size=2, max_size=8),
    RATES, RATES, RATES, RATES, RATES, st.sampled_from(["one", "two"]),
)  # fmt: skip
@settings(deadline=None, max_examples=150)
def test_the_more_a_year_costs_the_less_is_earned(spent, share, minimum, cap, loss, quality, sides):
    """So the ends of what is earned are those of the cost, settled."""
    terms = Terms(
        sharing_rate=share, minimum_savings_rate=minimum, savings_cap=cap, loss_cap=cap,
        loss_rate=loss, quality=quality, sides=sides,
    )  # fmt: skip
    spent = sorted(spent)
    found = settled([100] * len(spent), spent, None, terms)
    assert found["earned_amount"].is_sorted(descending=True)
