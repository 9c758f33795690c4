"""What a year under a contract comes to, rule by rule."""

from decimal import Decimal

import polars as pl
import pytest

from analytics.contracts import ContractError, Terms, mssp_terms, shared_savings

ONE = {"sharing_rate": "0.5"}
TWO = {"sharing_rate": "0.5", "sides": "two", "loss_rate": "0.3"}


def settled(benchmark, expenditure, people=None, **terms):
    return shared_savings(benchmark, expenditure, people, Terms(**terms))


def earned(benchmark, expenditure, people=None, **terms):
    return settled(benchmark, expenditure, people, **terms).earned_amount


def test_half_of_what_was_saved_is_earned():
    year = settled(1000, 900, **ONE)
    assert (year.difference_amount, year.generated_amount, year.shared_amount) == (100, 100, 50)
    assert (year.earned_amount, year.is_minimum_met, year.binding_cap) == (50, True, None)
    assert (year.savings_rate, year.applied_rate) == (0.1, 0.5)


@pytest.mark.parametrize(
    ("expenditure", "generated", "met"),
    [("980", 20, True), ("980.01", 0, False), ("1000", 0, False), ("1500", 0, False)],
)
def test_savings_count_from_the_minimum_rate_on(expenditure, generated, met):
    year = settled(1000, expenditure, minimum_savings_rate="0.02", **ONE)
    assert (year.generated_amount, year.is_minimum_met) == (generated, met)


@pytest.mark.parametrize(
    ("expenditure", "earned_amount"), [("1010", 0), ("1020", -6), ("1019.99", 0), ("980", 10)]
)
def test_losses_of_a_two_sided_contract_count_from_the_minimum_loss_rate_on(
    expenditure, earned_amount
):
    terms = TWO | {"minimum_savings_rate": "0.01", "minimum_loss_rate": "0.02"}
    assert earned(1000, expenditure, **terms) == earned_amount


def test_the_minimum_of_losses_is_that_of_savings_unless_another_is_agreed():
    assert not settled(1000, 1019, **TWO, minimum_savings_rate="0.02").is_minimum_met
    assert settled(1000, 1020, **TWO, minimum_savings_rate="0.02").minimum_rate == 0.02


@pytest.mark.parametrize(
    ("people", "minimum"),
    [
        (100, 0.122), (500, 0.122), (999, 0.087), (3000, 0.05), (5000, 0.039), (5999, 0.036),
        (5500, 0.039 - 0.003 * 500 / 999), (6000, 0.036), (14999, 0.027), (50000, 0.022),
        (59999, 0.02), (60000, 0.02), (1_000_000, 0.02),
    ],
)  # fmt: skip
def test_the_minimum_rate_of_cms_falls_linearly_inside_each_band(people, minimum):
    year = settled(1000, 900, people, minimum_savings_rate="cms", **ONE)
    assert year.minimum_rate == pytest.approx(minimum, abs=1e-9)


def test_quality_lowers_the_sharing_rate():
    assert earned(1000, 900, quality="0.9", **ONE) == 45


def test_below_the_quality_standard_nothing_is_shared():
    year = settled(1000, 900, is_quality_met=False, **ONE)
    assert (year.generated_amount, year.earned_amount) == (100, 0)


@pytest.mark.parametrize(
    ("quality", "met", "rate"),
    [("1", True, 0.4), ("0.7", True, 0.475), ("0.2", True, 0.75), ("1", False, 0.75)],
)
def test_the_complement_of_the_final_sharing_rate_is_owed_within_its_bounds(quality, met, rate):
    terms = mssp_terms(
        "track_3", performance_year=2018, minimum_savings_rate=0, quality=quality,
        is_quality_met=met,
    )  # fmt: skip
    year = shared_savings(1000, 1010, None, terms)
    assert (year.applied_rate, year.earned_amount) == (rate, Decimal(str(rate)) * -10)


def test_sequestration_is_held_back_of_savings_and_not_of_losses():
    assert earned(1000, 900, sequestration="0.02", **ONE) == 49
    assert earned(1000, 1100, sequestration="0.02", **TWO) == -30


def test_sequestration_goes_by_the_performance_year():
    by_year = {2018: "0.02", 2019: 0}
    assert earned(1000, 900, sequestration=by_year, performance_year=2018, **ONE) == 49
    assert earned(1000, 900, sequestration=by_year, performance_year=2019, **ONE) == 50
    with pytest.raises(
        ContractError, match="none for performance_year 2030; its years: 2018, 2019"
    ):
        earned(1000, 900, sequestration=by_year, performance_year=2030, **ONE)


def test_the_savings_cap_is_put_on_what_sequestration_leaves():
    year = settled(1000, 700, savings_cap="0.1", sequestration="0.02", **ONE)
    assert (year.shared_amount, year.earned_amount, year.binding_cap) == (150, 100, "savings_cap")


def test_a_cap_that_is_just_reached_does_not_bind():
    year = settled(1000, 800, savings_cap="0.1", **ONE)
    assert (year.earned_amount, year.binding_cap) == (100, None)


@pytest.mark.parametrize(
    ("revenue", "earned_amount", "cap"),
    [("1000", -40, "loss_cap"), ("400", -32, "revenue_loss_cap"), ("500", -40, "loss_cap")],
)
def test_the_lower_of_two_loss_caps_binds(revenue, earned_amount, cap):
    caps = {"loss_cap": "0.04", "revenue_loss_cap": "0.08", "revenue_amount": revenue}
    year = settled(1000, 1200, **TWO, **caps)
    assert (year.shared_amount, year.earned_amount, year.binding_cap) == (-60, earned_amount, cap)


def test_what_is_waived_comes_off_the_capped_loss():
    assert earned(1000, 1200, **TWO, loss_cap="0.04", loss_waived="0.25") == -30


def test_cents_are_rounded_once_at_the_end():
    assert earned("1000.00", "999.99", sequestration="0.02", sharing_rate="0.51") == 0
    assert earned("1000", "999.99", sharing_rate="0.5") == Decimal("0.01")  # half away from zero
    assert earned("1000", "1000.01", sharing_rate=1, sides="two", loss_rate=".5") == Decimal(
        "-0.01"
    )


def test_columns_give_a_frame_in_their_order():
    frame = shared_savings([1000, 2000], pl.Series(["900", "1900"]), None, Terms(**ONE))
    assert frame["earned_amount"].to_list() == [50, 50]
    assert frame.schema["earned_amount"] == pl.Decimal(14, 2)
    each = shared_savings([1000, 1000], [900, 900], [5000, 60000], [Terms(**ONE), Terms(**TWO)])
    assert each["beneficiaries"].to_list() == [5000, 60000]


def test_no_rows_give_no_rows():
    assert shared_savings([], [], [], []).columns[-1] == "binding_cap"


@pytest.mark.parametrize(
    ("amounts", "message"),
    [
        ((0, 1, None), "benchmark_amount must be above 0"),
        (("a lot", 1, None), "benchmark_amount is not a number"),
        ((1, float("nan"), None), "expenditure_amount is not a number"),
        ((1, None, None), "expenditure_amount is not a number"),
        ((10**12, 1, None), "a trillion"),
        ((1, 1, 0), "whole numbers"),
        ((1, 1, 10.5), "whole numbers"),
    ],
)
def test_amounts_that_cannot_be_settled_are_refused(amounts, message):
    with pytest.raises(ContractError, match=message):
        shared_savings(*amounts, Terms(**ONE))


def test_columns_of_different_length_are_refused():
    with pytest.raises(ContractError, match=r"differ in length: \[1, 2\]"):
        shared_savings([1, 2], [1], None, Terms(**ONE))


def test_the_table_of_cms_needs_beneficiaries():
    with pytest.raises(ContractError, match="how many are assigned"):
        settled(1000, 900, minimum_savings_rate="cms", **ONE)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"sharing_rate": 50}, "sharing_rate must be a share from 0 to 1; it is 50"),
        ({**ONE, "minimum_savings_rate": "hhs"}, "minimum_savings_rate is not a number"),
        ({**ONE, "minimum_savings_rate": 2}, "a share from 0 to 1, or 'cms'"),
        ({**ONE, "sides": "both"}, "'one' or 'two'"),
        ({**ONE, "sides": "two"}, "needs a loss_rate"),
        ({**TWO, "loss_rate_floor": 1, "loss_rate_ceiling": 0}, "above"),
        ({**TWO, "revenue_loss_cap": ".08"}, "revenue_amount"),
        ({**ONE, "sequestration": {"soon": 0}}, "no year"),
        ({**ONE, "sequestration": True}, "not a number"),
        ({"sharing_rate": None}, "not a number"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms, message):
    with pytest.raises(ContractError, match=message):
        Terms(**terms)
