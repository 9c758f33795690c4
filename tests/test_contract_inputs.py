"""Whatever a year is settled from: finite numbers, or an error of ours that says what is wrong."""

import datetime as dt
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.contracts import ContractError, SharedSavings, Terms, shared_savings

HALF = Terms(sharing_rate="0.5")
BY_TABLE = Terms(sharing_rate="0.5", minimum_savings_rate="cms")
TWO_SIDED = {"sharing_rate": "0.5", "sides": "two", "loss_rate": "0.3"}
COLUMNS = [
    list, tuple, pl.Series, np.array, pd.Series, pa.array, lambda x: pa.chunked_array([x]),
    lambda x: pd.Series(x, dtype="Int64"), lambda x: pd.Series(x, dtype="float64"),
    lambda x: pl.Series(x, dtype=pl.Decimal(14, 2)), lambda x: list(map(str, x)),
    lambda x: np.array([Decimal(one) for one in x], dtype=object),
]  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_every_kind_of_column_gives_the_same_frame(column):
    frame = shared_savings(column([1000, 2000]), column([900, 1900]), column([5000, 6000]), HALF)
    assert frame["earned_amount"].to_list() == [50, 50]
    assert frame["beneficiaries"].to_list() == [5000, 6000]


@pytest.mark.parametrize(
    "number",
    [
        1000,
        1000.0,
        "1000",
        " 1000 ",
        Decimal(1000),
        np.int64(1000),
        np.float32(1000),
        Fraction(1000),
    ],
)
def test_every_kind_of_number_gives_the_same_year(number):
    year = shared_savings(number, 900, number, HALF)
    assert (year.earned_amount, year.beneficiaries) == (50, 1000)


def test_floats_are_taken_by_the_digits_they_print():
    assert shared_savings(np.float32(1000.1), 900.1, None, HALF).earned_amount == 50


def test_amounts_are_taken_to_the_cent_half_away_from_zero():
    year = shared_savings("1000.005", "900.015", None, HALF)
    assert (year.benchmark_amount, year.expenditure_amount) == (
        Decimal("1000.01"),
        Decimal("900.02"),
    )


def test_the_precision_set_for_other_sums_changes_nothing():
    with localcontext() as context:
        context.prec = 3
        assert shared_savings("123456.78", "23456.78", None, HALF).earned_amount == 50_000


@pytest.mark.parametrize("missing", [None, float("nan"), Decimal("nan"), np.float64("nan")])
def test_beneficiaries_not_known_are_null_and_no_minimum_of_cms(missing):
    assert shared_savings(1000, 900, missing, HALF).beneficiaries is None
    with pytest.raises(ContractError, match="how many are assigned"):
        shared_savings(1000, 900, missing, BY_TABLE)


@pytest.mark.parametrize("kind", ["float64", "Int64"])
def test_a_gap_in_a_column_of_pandas_is_not_known(kind):
    people = pd.Series([5000, None], dtype=kind)
    frame = shared_savings([1000, 1000], [900, 900], people, HALF)
    assert frame["beneficiaries"].to_list() == [5000, None]


def repr_of(value):
    return f"{type(value).__name__}"


BAD_AMOUNTS = [
    None, True, np.True_, "", "a lot", "1,000", "inf", float("nan"), float("inf"), -math.inf,
    Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), np.float64("nan"), 1j, b"1000", -1,
    10**12, 10**5000, Decimal("1e999999"), Decimal("999999999999.995"), Fraction(1, 3), object(),
    {"a": 1}, {1000}, dt.date(2026, 1, 1), (one for one in [1000]), pd.NA,
    np.datetime64("2026-01-01"),
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_AMOUNTS, ids=repr_of)
def test_what_is_no_amount_is_refused_alone_and_in_a_column(bad):
    for amounts in ((bad, 900), (1000, bad)):
        with pytest.raises(ContractError, match="_amount "):
            shared_savings(*amounts, None, HALF)
        with pytest.raises(ContractError, match="_amount "):
            shared_savings(*([one] for one in amounts), None, HALF)


@pytest.mark.parametrize(
    "column",
    [
        pl.DataFrame({"a": [1000]}), pd.DataFrame({"a": [1000]}), pa.table({"a": [1000]}),
        np.array([[1000]]), [[1000]], {"a": 1000}, {1000}, pl.Series(["1000 dollars"]), b"1000",
        pl.Series([True]), np.array([True]), pd.Series([1, "x"]), pl.Series([dt.date(2026, 1, 1)]),
        pl.Series([None], dtype=pl.Int64), np.array(1000), pd.Series([{}]), pl.Series([[1]]),
        pl.LazyFrame({"a": [1000]}), pl.col("a"), bytearray(b"1"), np.array([1], dtype="m8[s]"),
    ],
    ids=lambda x: type(x).__module__[:6] + type(x).__name__,
)  # fmt: skip
def test_what_is_no_column_of_numbers_is_refused(column):
    with pytest.raises(ContractError, match="benchmark_amount "):
        shared_savings(column, [900], None, HALF)


@pytest.mark.parametrize(
    "bad",
    [0, -5, 10.5, True, "many", 10**9 + 1, 10**30, 10**5000, float("inf"), [5], {}, b"5"],
    ids=repr_of,
)
def test_what_is_no_number_of_people_is_refused(bad):
    with pytest.raises(ContractError, match="beneficiaries "):
        shared_savings(1000, 900, bad, BY_TABLE)


def test_a_billion_people_have_a_minimum():
    assert shared_savings(1000, 900, 10**9, BY_TABLE).minimum_rate == 0.02


def test_text_is_one_number_and_never_a_column():
    assert shared_savings(1000, 900, "55", HALF).beneficiaries == 55
    with pytest.raises(ContractError, match="beneficiaries is one value"):
        shared_savings([1000, 1000], [900, 900], "55", HALF)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (([1000], 900, None, HALF), "is one value and benchmark_amount a column"),
        ((1000, [900], None, HALF), "is a column and benchmark_amount one value"),
        ((1000, 900, [1], HALF), "beneficiaries is a column"),
        (([1000], [900], 1, HALF), "beneficiaries is one value"),
        (([1000], [900, 1], None, HALF), r"differ in length: \[1, 2\]"),
        (([1000], [900], [1, 2], HALF), r"differ in length: \[1, 2\]"),
        (([1000], [900], None, [HALF, HALF]), r"differ in length: \[1, 2\]"),
        ((1000, 900, None, [HALF]), "terms must be Terms"),
        ((1000, 900, None, None), "terms must be Terms"),
        ((1000, 900, None, {"sharing_rate": 0.5}), "terms must be Terms"),
        ((1000, 900, None, "track_1"), "terms must be Terms"),
        (([1000], [900], None, "t"), "terms must be Terms"),
        (([1000], [900], None, {"sharing_rate": 0.5}), "terms must be Terms"),
        (([1000], [900], None, [{"sharing_rate": 0.5}]), "terms must be Terms"),
        (([1000], [900], None, [None]), "terms must be Terms"),
        (([1000], [900], None, 5), "terms must be Terms"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(given, message):
    with pytest.raises(ContractError, match=message):
        shared_savings(*given)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"revenue_loss_cap": ".08", "revenue_amount": -1000}, "revenue_amount must be above 0"),
        ({"revenue_loss_cap": ".08", "revenue_amount": 0}, "revenue_amount must be above 0"),
        ({"revenue_loss_cap": ".08", "revenue_amount": 10**12}, "revenue_amount is a trillion"),
        ({"revenue_amount": "much"}, "revenue_amount is not a number"),
        ({"is_quality_met": "false"}, "is_quality_met must be True or False"),
        ({"is_quality_met": None}, "is_quality_met must be True or False"),
        ({"is_quality_met": 1}, "is_quality_met must be True or False"),
        ({"sides": ["two"]}, "sides must be"),
        ({"sides": np.array(["one", "two"])}, "sides must be"),
        ({"sharing_rate": [0.5]}, "sharing_rate is not a number"),
        ({"minimum_savings_rate": np.array([1, 2])}, "minimum_savings_rate is not a number"),
        ({"quality": float("nan")}, "quality is not a number"),
        ({"quality": 10**5000}, "quality must be a share"),
        ({"performance_year": "soon"}, "performance_year is no year"),
        ({"performance_year": [2026]}, "performance_year is no year"),
        ({"performance_year": 2018.5}, "performance_year is no year"),
        ({"performance_year": True}, "performance_year is no year"),
        ({"sequestration": {None: 0}}, "no year"),
        ({"sequestration": {2018.5: 0}}, "no year"),
        ({"sequestration": {math.inf: 0}}, "no year"),
        ({"sequestration": {2018: 0, "2018": "0.02"}}, "a year twice"),
        ({"sequestration": [0.02]}, "sequestration is not a number"),
        ({"name": 5}, "name must be text"),
    ],
    ids=repr_of,
)
def test_terms_of_the_wrong_kind_are_refused(terms, message):
    with pytest.raises(ContractError, match=message):
        Terms(**TWO_SIDED | terms)


def test_a_year_may_be_text_and_a_flag_of_numpy():
    terms = Terms(
        sharing_rate="0.5", sequestration={2018: "0.02"}, performance_year="2018",
        is_quality_met=np.True_,
    )  # fmt: skip
    assert shared_savings(1000, 900, None, terms).earned_amount == 49


NUMBERS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=5)
    | st.binary(max_size=3) | st.fractions() | st.complex_numbers() | st.dates()
    | st.integers(-(2**63), 2**63 - 1).map(np.int64) | st.floats(width=32).map(np.float32)
    | st.integers(1, 2 * 10**9) | st.decimals(0, 10**12, places=2)
)  # fmt: skip
LISTS = st.lists(NUMBERS, max_size=3)
ANYTHING = (
    NUMBERS | LISTS | LISTS.map(tuple) | st.lists(st.floats(), max_size=3).map(pl.Series)
    | st.lists(st.floats(), max_size=3).map(np.array)
    | LISTS.map(lambda x: pd.Series(x, dtype=object))
    | st.dictionaries(st.text(max_size=2), NUMBERS, max_size=2) | st.just(pl.col("a"))
)  # fmt: skip
PLAUSIBLE = {
    "sharing_rate": st.decimals(0, 1, places=3), "sides": st.sampled_from(["one", "two"]),
    "minimum_savings_rate": st.sampled_from(["cms", 0, "0.02"]), "loss_rate": st.just("complement"),
    "revenue_amount": st.integers(1, 10**11), "performance_year": st.just(2026),
}  # fmt: skip
FIELDS = [*Terms.__dataclass_fields__]


@st.composite
def any_terms(draw):
    """Terms, or what comes instead where one of them is anything."""
    said = {name: draw(values) for name, values in PLAUSIBLE.items()}
    name = draw(st.sampled_from([None, *FIELDS]))
    return said | ({name: draw(ANYTHING)} if name else {})


@settings(deadline=None, max_examples=300)
@example(1, -1e38, None, {"sharing_rate": 0, "minimum_savings_rate": "cms"})  # too long to round
@given(
    st.integers(1, 10**11) | ANYTHING,
    st.integers(0, 10**11) | ANYTHING,
    st.integers(1, 10**9) | ANYTHING,
    any_terms(),
)
def test_anything_gives_finite_numbers_or_an_error_of_ours(benchmark, expenditure, people, terms):
    try:
        found = shared_savings(benchmark, expenditure, people, Terms(**terms))
    except ContractError:
        return
    if isinstance(found, SharedSavings):
        found = pl.DataFrame([{n: getattr(found, n) for n in SharedSavings.__slots__}])
    may_be_null = {"beneficiaries", "binding_cap"}
    assert sum(found.drop(may_be_null).null_count().row(0)) == 0 if len(found) else True
    assert all(found.select(pl.col(pl.Float64).is_finite().all()).row(0))
    losses = found.filter(pl.col("difference_amount") < 0)
    assert (losses["earned_amount"] <= 0).all()
