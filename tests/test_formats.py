"""Numbers and names as people read them."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from analytics import formats

GAP, DASH, MINUS = formats.GAP, formats.DASH, formats.MINUS


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (0.18249, "share", f"18.2{GAP}%"),
        (1.0, "share", f"100.0{GAP}%"),
        (Decimal("1234.50"), "dollars", "$1,234.50"),
        (-12, "dollars", f"{MINUS}$12.00"),
        (412.367, "dollars per member month", "$412.37"),
        (23, "days", "23 days"),
        (1, "days", "1 day"),
        (23.5, "days", "23.5 days"),
        (None, "share", formats.NOTHING),
        (float("nan"), "days", formats.NOTHING),
        (12345, "count", "12,345"),
        (1.158, "denials", "1.16"),
    ],
)
def test_a_value_in_its_unit(number, unit, text):
    assert formats.value(number, unit) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (0.071, 0.093, "share", f"7.1{DASH}9.3{GAP}%"),
        (20, 24, "days", f"20{DASH}24 days"),
        (20, None, "days", "from 20 days"),
        (None, 24, "days", "to 24 days"),
        (None, None, "days", formats.NOTHING),
        (-5, 5, "dollars", f"{MINUS}$5.00 to $5.00"),
    ],
)
def test_an_interval_names_its_unit_once(low, high, unit, text):
    assert formats.interval(low, high, unit) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "$0"), (950, "$950"), (12_000, "$12k"), (3_400_000, "$3.4M"), (-2e9, f"{MINUS}$2B")],
)
def test_dollars_on_an_axis_are_short(number, text):
    assert formats.short_dollars(number) == text


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (None, "not stated"),
        ("", "none"),
        ("medical_necessity", "medical necessity"),
        ("bundling_ncci", "bundling NCCI"),
        ("ACME_HEALTH", "ACME_HEALTH"),
        ("99213", "99213"),
        (("ACME", None), "ACME · not stated"),
        (dt.date(2026, 1, 31), "2026-01-31"),
    ],
)
def test_every_group_has_a_name(key, name):
    assert formats.group(key) == name


def test_a_long_name_is_folded_and_then_cut():
    folded = formats.folded("MUTUAL HEALTH INSURANCE COMPANY OF THE NORTHERN PLAINS", 20)
    assert folded.count("\n") == 1
    assert all(len(line) <= 20 for line in folded.splitlines())
    assert folded.endswith(formats.ELLIPSIS)


@pytest.mark.parametrize(
    ("days", "every"),
    [
        ([(2026, 1, 1), (2026, 2, 1)], "month"),
        ([(2026, 1, 1)], "month"),
        ([(2026, 1, 1), (2026, 4, 1), (2026, 10, 1)], "quarter"),
        ([(2025, 2, 1), (2025, 5, 1)], "month"),
        ([(2024, 1, 1), (2026, 1, 1)], "year"),
        ([(2026, 1, 5), (2026, 1, 12)], "day"),
        ([], "day"),
    ],
)
def test_the_step_of_periods_is_seen_from_their_days(days, every):
    assert formats.every_of([dt.date(*day) for day in days]) == every


def test_a_period_is_named_by_its_step():
    day = dt.date(2026, 10, 1)
    names = [formats.period(day, every) for every in ("month", "quarter", "year", "day")]
    assert names == ["Oct 2026", "Q4 2026", "2026", "2026-10-01"]


def test_groups_stand_left_of_n():
    frame = pl.DataFrame({"payer_name": ["A"], "period": [None], "n": [1], "value": [0.5]})
    assert formats.groups_of(frame) == ["payer_name"]


def test_small_groups_are_those_of_one_to_ten():
    assert formats.is_small(pl.DataFrame({"n": [0, 1, 10, 11, None]})).to_list() == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_two_rows_at_least_are_withheld_and_more_than_ten_things():
    def withheld(*n: int) -> list[bool]:
        return formats.withheld(pl.DataFrame({"n": n})).to_list()

    assert withheld(50, 4, 20) == [False, True, True]
    assert withheld(50, 2, 3, 20) == [False, True, True, True]
    assert withheld(50, 6, 7, 20) == [False, True, True, False]
    assert withheld(0, 50, 20) == [False, False, False]
    assert withheld(4) == [True]


def test_an_interval_without_width_is_one_number():
    assert formats.interval(24, 24, "days") == "24 days"


def test_an_axis_has_no_powers_of_ten():
    assert formats.short_dollars(999_950) == "$1M"
