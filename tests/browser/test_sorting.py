"""Tables of a page sort by their headings and can be filtered, with a mouse and without."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analytics import formats, metrics, tables
from analytics.report.page import page as made

pytestmark = pytest.mark.browser

DAYS = ("2026-03-01", "2025-12-31", "2026-01-02", None, "2024-02-29", "2026-01-01")
PAID = ("-9411.90", "1000000", None, "9.99", "20", "20")
ROWS = {
    "payer": ["b", "Über", "a", "C", "9 · x", "10 · y"],
    "paid_amount": [Decimal(amount) if amount else None for amount in PAID],
    "days_left": [-51, 7, 100, 0, None, 12],
    "due": [dt.date.fromisoformat(day) if day else None for day in DAYS],
    "denial_rate": [0.095, 0.1, 0.0, 1.0, None, 0.02],
}
MONTHS = [dt.date(2025, 9, 1), dt.date(2026, 4, 1), dt.date(2026, 1, 1)]
RATES = {"payer": list("abcd"), "n": [11, 2, 3000, 1], "value": [0.5, 0.2, 0.1, 0.3]}
MANY = {"payer": [f"Payer {i}" for i in range(24)] + ["O'Brien & <Sons>"], "n": list(range(25))}

YOUNG = {"period": MONTHS, "n": [50, 60, 70], "value": [0.5, 0.2, 0.1], "low": [0.4, 0.1, 0.0]}
YOUNG |= {"high": [0.6, 0.3, 0.2], "is_mature": [True, False, True]}
RATE = metrics.CATALOGUE["overturn_rate"]


def shown(*made_tables: tables.Html) -> str:
    cells = [new_markdown_cell("# Tables\n\n## All")]
    for table in made_tables:
        data = {"text/html": table.html}
        cells.append(new_code_cell("", outputs=[new_output("display_data", data=data)]))
    return made(new_notebook(cells=cells), "Tables")


@pytest.fixture(scope="module")
def opened(open_page, tmp_path_factory):
    periods = pl.DataFrame({"period": MONTHS, "n": [1, 2, 3]})
    path = tmp_path_factory.mktemp("tables") / "tables.html"
    path.write_text(
        shown(
            tables.table(pl.DataFrame(ROWS), "Mixed"),
            tables.table(periods, "Months"),
            tables.table(pl.DataFrame(RATES), "Rates", units={"value": "share"}, small=10),
            tables.table(pl.DataFrame(MANY), "Many"),
            tables.table(pl.DataFrame({"payer": ["a", "b"]}), "Two"),
            tables.metric_table(pl.DataFrame(YOUNG), RATE, caption="Drawn", bars=True),
        ),
        encoding="utf-8",
    )
    return open_page(path)


@pytest.fixture
def page(opened):
    opened.page.reload()
    assert opened.told == []
    return opened.page


def press(page, caption, head):
    page.locator(f"[aria-label='{caption}'] thead button", has_text=head).click()


def cells(page, caption, column=0):
    rows = page.locator(f"[aria-label='{caption}'] tbody tr:visible")
    return [rows.nth(i).locator("th, td").nth(column).inner_text() for i in range(rows.count())]


def states(page, caption):
    heads = page.locator(f"[aria-label='{caption}'] thead th")
    return [heads.nth(i).get_attribute("aria-sort") for i in range(heads.count())]


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        ("Payer", "9 · x, 10 · y, a, b, C, Über", "Über, C, b, a, 10 · y, 9 · x"),
        ("Paid", "Über, 9 · x, 10 · y, C, b, a", "b, C, 9 · x, 10 · y, Über, a"),
        ("Days left", "a, 10 · y, Über, C, b, 9 · x", "b, C, Über, 10 · y, a, 9 · x"),
        ("Due", "9 · x, Über, 10 · y, a, b, C", "b, a, 10 · y, Über, 9 · x, C"),
        ("Denial rate", "C, Über, b, 10 · y, a, 9 · x", "a, 10 · y, b, Über, C, 9 · x"),
    ],
)
def test_a_heading_sorts_both_ways_then_as_it_was(page, head, first, second):
    """Numbers the largest first, texts and days the first first; what is unknown last."""
    for expected in (first.split(", "), second.split(", "), ROWS["payer"]):
        press(page, "Mixed", head)
        assert cells(page, "Mixed") == expected


def test_the_heading_says_how_the_table_is_sorted(page):
    assert states(page, "Mixed") == [None] * 5
    press(page, "Mixed", "Payer")
    assert states(page, "Mixed") == ["ascending", *[None] * 4]
    press(page, "Mixed", "Paid")
    assert states(page, "Mixed") == [None, "descending", *[None] * 3]
    for expected in ("ascending", None):
        press(page, "Mixed", "Paid")
        assert states(page, "Mixed")[1] == expected


def test_months_sort_by_the_calendar(page):
    press(page, "Months", "Period")
    assert cells(page, "Months") == ["Sep 2025", "Jan 2026", "Apr 2026"]


def test_hidden_numbers_stand_last_and_stay_hidden(page):
    hidden = [formats.HIDDEN] * 3
    assert sorted(cells(page, "Rates", 1)) == ["3,000", *hidden]
    press(page, "Rates", "n")
    assert cells(page, "Rates", 1) == ["3,000", *hidden]


def test_a_keyboard_sorts(page):
    page.locator("[aria-label='Mixed'] thead button").nth(1).focus()
    page.keyboard.press("Enter")
    assert cells(page, "Mixed")[0] == "Über"
    page.keyboard.press("Space")
    assert cells(page, "Mixed")[0] == "b"


def test_only_long_tables_have_a_filter_and_tables_of_two_rows_nothing(page):
    assert page.locator("input").count() == 1
    assert page.locator("[aria-label='Two'] button").count() == 0


def test_a_filter_keeps_rows_with_all_its_words(page):
    field = page.get_by_role("searchbox", name="Filter: Many")
    status = page.get_by_role("status")
    for words, rows in (("payer 2", 6), ("PAYER 23", 1), ("<sons> o'b", 1), ("none such", 0)):
        field.fill(words)
        assert len(cells(page, "Many")) == rows
        assert status.inner_text() == f"{rows} of 25 rows"
    field.fill(" ")
    assert len(cells(page, "Many")) == 25
    assert status.inner_text() == ""


def test_filtered_rows_sort_and_others_stay_hidden(page):
    page.get_by_role("searchbox").fill("payer 2")
    press(page, "Many", "n")
    assert cells(page, "Many") == [f"Payer {i}" for i in (23, 22, 21, 20, 12, 2)]


def test_a_drawing_is_coloured_and_offers_no_sorting_and_a_young_month_is_hatched(page):
    table = page.locator("[aria-label='Drawn']")
    heads = table.locator("thead th")
    bars = [heads.nth(i).get_attribute("class") == "bar" for i in range(heads.count())]
    sorted_by = [heads.nth(i).locator("button").count() == 0 for i in range(heads.count())]
    assert bars == sorted_by
    assert any(bars)
    colour = "e => getComputedStyle(e).color"
    assert table.locator("svg").first.evaluate(colour) != table.evaluate(colour)
    hatched = "r => getComputedStyle(r.cells[0]).backgroundImage.includes('gradient')"
    rows = table.locator("tbody tr")
    assert [rows.nth(i).evaluate(hatched) for i in range(3)] == [False, True, False]
    press(page, "Drawn", "Period")
    assert cells(page, "Drawn")[0].startswith("Sep 2025")


def test_without_scripts_the_tables_stand_as_they_are(browser, opened):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(opened.page.url)
    assert page.locator("tbody tr").count() == 6 + 3 + 4 + 25 + 2 + 3
    assert page.locator("button, input").count() == 0
    context.close()
