"""What the cells of a notebook share."""

import datetime as dt

import pytest

from analytics.database import Database
from analytics.errors import DatabaseError
from analytics.workbook import Workbook


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "empty.duckdb"
    with Database(path) as db:
        db.build(dt.date(2026, 10, 31))
    return path


@pytest.mark.parametrize(
    ("last", "as_of", "before", "after"),
    [
        ("2026-10-31", "2026-10-31", ("2026-05-01", "2026-08-01"), ("2026-08-01", "2026-11-01")),
        # A month not over yet is not whole.
        ("2026-10-30", "2026-10-31", ("2026-04-01", "2026-07-01"), ("2026-07-01", "2026-10-01")),
        ("2026-12-31", "2026-02-28", ("2025-09-01", "2025-12-01"), ("2025-12-01", "2026-03-01")),
    ],
)
def test_the_last_three_whole_months_and_the_three_before(path, last, as_of, before, after):
    day = dt.date.fromisoformat
    book = Workbook(path, period_end=day(last), as_of=day(as_of))
    spans = [(str(span.low), str(span.high)) for span in book.months]
    assert spans == [before, after]


def test_the_months_compared_are_told(path):
    book = Workbook(path, period_end=dt.date(2026, 8, 31), as_of=dt.date(2026, 10, 31))
    assert book.months_told == "Jun 2026 to Aug 2026 against Mar 2026 to May 2026."


@pytest.mark.parametrize(
    ("start", "end", "step"),
    [
        ("2026-08-01", "2026-08-31", "month"),  # never as the whole quarter it is of
        ("2026-04-01", "2026-09-30", "month"),
        ("2026-01-01", "2026-12-31", "quarter"),
    ],
)
def test_a_short_period_is_told_by_months(path, start, end, step):
    assert Workbook(path, *map(dt.date.fromisoformat, (start, end))).step == step


def test_a_period_has_both_its_days_and_none_is_all(path):
    book = Workbook(path, dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    span = book.within("answer_date")["answer_date"]
    assert (span.low, span.high) == (dt.date(2026, 1, 1), dt.date(2026, 2, 1))
    assert Workbook(path).period.low < dt.date(1950, 1, 1)


def test_the_head_tells_period_day_and_whether_dollars_agree(path):
    text = Workbook(path, dt.date(2026, 1, 1), dt.date(2026, 1, 31)).head().html
    assert "2026-01-01 to 2026-01-31" in text
    assert "2026-10-31" in text
    assert "equal to the cent" in text


def test_a_database_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DatabaseError, match=r"none\.duckdb"):
        Workbook(tmp_path / "none.duckdb")
