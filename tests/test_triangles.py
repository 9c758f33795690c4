"""Chain ladder, Bornhuetter-Ferguson and the bands of forecasts: by hand, by others, by chance."""

import warnings

import numpy as np
import pytest

from analytics.stats import forecasts, triangles

# Origins 1 to 3, increments by lag; the last two cells of the last two rows are still to come.
SMALL = np.array([[10.0, 30.0, 10.0], [20.0, 40.0, 99.0], [12.0, 99.0, 99.0]])
CHARGED = np.array([[100.0, 0, 0], [100.0, 0, 0], [50.0, 50.0, 0]])


def test_factors_and_shares_by_hand():
    """By lag 0 30 was paid, by lag 1 100; of the oldest 40 by lag 1 and 50 by lag 2."""
    before, after = triangles.link_ratios(SMALL, 2)
    assert (before.tolist(), after.tolist()) == ([30, 40], [100, 50])
    assert triangles.shares(SMALL, 2) == pytest.approx([0.3 * 0.8, 0.8, 1])


def test_old_origins_are_laddered_and_young_ones_expected_by_their_charges():
    """Used up: 100 + 80 + 0.24 x 50; the 50 charged after the last period are not known."""
    done = triangles.complete(SMALL, CHARGED, 2)
    ratio = (50 + 60 + 12) / (100 + 80 + 12)
    assert done.ratio == pytest.approx(ratio)
    assert done.is_young.tolist() == [False, False, True]
    assert done.ultimate == pytest.approx([50, 75, 12 + ratio * 50 * 0.76])
    to_come = triangles.ahead(done, 3)
    assert to_come == pytest.approx([15 + ratio * 50 * 0.56, ratio * 50 * 0.2, 0])
    assert to_come.sum() == pytest.approx((done.ultimate - done.paid).sum())


def test_nothing_that_came_later_is_used():
    later = SMALL.copy()
    later[1, 2] = later[2, 1:] = 10**6
    for one, other in zip(
        triangles.complete(SMALL, CHARGED, 2), triangles.complete(later, CHARGED, 2), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    assert triangles.came(later, 1, 1).tolist() == [10 + 40]
    assert np.isnan(triangles.came(later, 2, 1)).all()


def test_where_nothing_came_nothing_is_expected():
    none = triangles.complete(np.zeros((4, 4)), np.zeros((4, 4)), 3)
    assert none.ultimate.tolist() == [0] * 4
    assert triangles.ahead(none, 2).tolist() == [0, 0]
    late = np.array([[0.0, 5, 5], [0, 5, 0], [0, 0, 0]])
    assert triangles.shares(late, 2).tolist() == [0, 0.5, 1]


@pytest.fixture(scope="module")
def theirs():
    """The package chainladder, which warns of its own dependencies."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("chainladder")


@pytest.fixture(scope="module")
def drawn():
    """A triangle of twelve months, every cell filled, and its charges."""
    rng = np.random.default_rng(17)
    charged = rng.uniform(50_000, 90_000, 12)
    pace = np.array([0.02, 0.2, 0.1, 0.04, 0.02, 0.01, 0.004, 0.002, 0.001, 0.001, 0.0005, 0.0002])
    return rng.gamma(20, charged[:, None] * pace[None, :] / 20), np.diag(charged)[:, ::1], charged


def _theirs(theirs, cells, charged):
    import pandas as pd

    size = len(cells)
    months = pd.date_range("2025-01-01", periods=size, freq="MS")
    rows = [
        (months[i], months[i + j], cells[i, j], charged[i] if j == 0 else 0.0)
        for i in range(size)
        for j in range(size - i)
    ]
    frame = pd.DataFrame(rows, columns=["origin", "seen", "paid", "charged"])
    return theirs.Triangle(
        frame, origin="origin", development="seen", columns=["paid", "charged"], cumulative=False
    ).incr_to_cum()


def test_chain_ladder_and_bornhuetter_ferguson_are_those_of_chainladder(theirs, drawn):
    cells, _, charged = drawn
    exposure = np.zeros_like(cells)
    exposure[:, 0] = charged
    last = len(cells) - 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        triangle = _theirs(theirs, cells, charged)
        paid, sent = triangle["paid"], triangle["charged"].latest_diagonal
        factors = theirs.Development(average="volume").fit(paid).ldf_.values.ravel()
        ladder = theirs.Chainladder().fit(paid).ultimate_.values.ravel()
        cape = theirs.CapeCod().fit(paid, sample_weight=sent)
        ratio = float(cape.apriori_.values.ravel()[-1])
        bf = theirs.BornhuetterFerguson(apriori=ratio).fit(paid, sample_weight=sent)
        expected = bf.ultimate_.values.ravel()
    before, after = triangles.link_ratios(cells, last)
    np.testing.assert_allclose(after / before, factors, rtol=1e-12)
    np.testing.assert_allclose(
        triangles.complete(cells, exposure, last, young=0).ultimate, ladder, rtol=1e-10
    )
    done = triangles.complete(cells, exposure, last, young=2)
    assert done.ratio == pytest.approx(ratio, rel=1e-10)
    np.testing.assert_allclose(done.ultimate, expected, rtol=1e-10)


def test_bands_need_enough_past_forecasts():
    """80 % needs 4 forecasts come true, 95 % 19; of two periods ahead one later."""
    expected, found = np.full((40, 2), 100.0), np.full((40, 2), 110.0)
    for level, least in ((0.8, 4), (0.95, 19)):
        wide = [forecasts.half_widths(expected, found, last, level) for last in range(least, 40)]
        assert wide[0] == pytest.approx([10, np.nan], nan_ok=True)
        assert wide[1] == pytest.approx([10, 10])
        assert np.isnan(forecasts.half_widths(expected, found, least - 1, level)).all()
    assert forecasts.known(expected, found, 10) == [10, 9]


def test_the_width_grows_with_the_root_of_what_is_expected():
    """Beside the usual 100: an unexpected 20 of 100 + 100 is the same as 40 of 700 + 100."""
    expected, found = np.full((30, 1), 100.0), np.full((30, 1), 120.0)
    expected[29] = 700
    assert forecasts.half_widths(expected, found, 29, 0.8).item() == pytest.approx(40)


def test_a_band_has_width_where_nothing_or_less_is_expected():
    expected, found = np.full((30, 1), 100.0), np.full((30, 1), 120.0)
    for value in (0.0, -50.0):
        expected[29] = value
        low, high = forecasts.band(expected, found, 29, 0.8)
        width = 20 / 2**0.5
        assert low.item() == pytest.approx(min(value, 0)), "no week came to less than 0"
        assert high.item() == pytest.approx(value + width)
    nothing = np.zeros((30, 1))
    assert forecasts.half_widths(nothing, nothing, 29, 0.8).item() == 0
    assert forecasts.half_widths(nothing, nothing + 7, 29, 0.8).item() == 7


def test_a_low_end_is_below_zero_once_a_week_came_to_less():
    expected, found = np.full((30, 1), 10.0), np.full((30, 1), 40.0)
    assert forecasts.band(expected, found, 29, 0.8)[0].item() == 0
    found[3] = -1
    assert forecasts.band(expected, found, 29, 0.8)[0].item() == pytest.approx(-20)
    assert forecasts.band(expected, found, 3, 0.5)[0].item() == 0, "not known then"


@pytest.mark.parametrize("taken_back", [0.0, 0.3], ids=["paid", "taken back too"])
def test_bands_cover_what_they_say_where_payments_are_by_chance(taken_back):
    """Sixty weeks of payments with over-dispersed totals; forty worlds, every forecast in them.

    Of what is paid in the last weeks a part is taken back, so that weeks far ahead are below zero.
    """
    rng = np.random.default_rng(835)
    within: dict[float, list[bool]] = {0.8: [], 0.95: []}
    for _ in range(40):
        charged = rng.gamma(30, 1000, 60)
        pace = np.array([0, 0.02, 0.1, 0.15, 0.08, 0.03, 0.01, *[0.0] * 53])
        cells = rng.gamma(2, charged[:, None] * pace[None, :] / 2)
        cells[:, 4:7] *= np.where(rng.uniform(size=(60, 3)) < taken_back, -1, 1)
        exposure = np.zeros_like(cells)
        exposure[:, 0] = charged
        expected, found = forecasts.made(cells, exposure, 4)
        for level in within:
            for last in range(len(cells) - 1):
                low, high = forecasts.band(expected, found, last, level)
                is_known = ~np.isnan(low + found[last])
                is_inside = (low <= found[last]) & (found[last] <= high)
                within[level] += is_inside[is_known].tolist()
    # Somewhat more than they say: the first forecasts had less to learn from.
    assert 0.78 < np.mean(within[0.8]) < 0.86
    assert 0.94 < np.mean(within[0.95]) < 0.98
