"""The body of a mail: key numbers as the cards have them, and what became of them."""

import pytest

from analytics.formats import DASH, GAP
from analytics.report.found import Found
from analytics.report.mail import changed, mail
from analytics.tables import facts

RATE = {
    "metric": "Initial denial rate <1>",
    "value": 0.182,
    "low": 0.15,
    "high": 0.22,
    "n": 1200,
    "unit": "share",
    "better": "lower",
}
FEW = {**RATE, "metric": "Overturn rate", "value": None, "low": None, "high": None, "n": "1-10"}
OWED = {**RATE, "metric": "Owed", "value": "1234.50", "low": None, "high": None, "unit": "dollars"}
TOLD = {"title": "Denials", "report": "denials-2026-10", "key_numbers": [RATE, FEW, OWED]}
EARLIER = {
    "report": "denials-2026-09",
    "as_of": "2026-10-01",
    "key_numbers": [{**RATE, "value": 0.16}, {**OWED, "value": "1000.00"}],
}
HEAD = Found("", facts({"Period": "2026-10", "Records rejected": 1234}).sheet, is_head=True)


@pytest.mark.parametrize(
    ("was", "more", "said"),
    [
        (0.16, {}, f"up 2.2 points from 16.0{GAP}%, worse, the earlier value is within"),
        (0.30, {}, f"down 11.8 points from 30.0{GAP}%, better, the earlier value is outside"),
        (0.30, {"better": "higher"}, "worse"),
        (0.18201, {}, f"as before (18.2{GAP}%)"),
        (20, {"value": 23, "unit": "days", "low": None}, "up 3 days from 20 days, worse"),
        ("9.50", {"value": "10.00", "unit": "dollars", "low": None}, "up $0.50 from $9.50"),
    ],
)
def test_a_change_is_said_in_its_unit(was, more, said):
    assert said in changed({**RATE, **more}, {**RATE, "value": was})


def test_where_a_number_is_unknown_no_change_is():
    assert changed(RATE, None) == changed(FEW, RATE) == changed(RATE, FEW) == ""


def test_a_number_that_still_moves_says_so_and_is_not_called_a_change():
    young = {**RATE, "settled": 0.186}
    assert changed(young, {**RATE, "value": 0.3}) == (
        f"30.0{GAP}% before; not compared, as this still moves"
    )
    text = mail({**TOLD, "key_numbers": [young]}, [HEAD], EARLIER)[".mail.txt"].decode()
    assert f"n 1,200, not settled yet: 18.6{GAP}% so far)" in text
    assert "better" not in text
    assert "worse" not in text


def test_the_text_says_numbers_changes_and_what_they_are_compared_with():
    text = mail(TOLD, [HEAD], EARLIER)[".mail.txt"].decode()
    lines = text.splitlines()
    assert lines[0] == "Denials (denials-2026-10)"
    assert f"Initial denial rate <1>: 18.2{GAP}% (15.0{DASH}22.0{GAP}%, n 1,200)" in lines
    assert "Overturn rate: not shown (n 1-10)" in lines
    assert "Owed: $1,234 (n 1,200)" in lines
    assert "  up $234.50 from $1,000.00, worse" in lines
    assert lines[-3:] == [
        *("Period: 2026-10", "Records rejected: 1,234"),
        "Compared with denials-2026-09, as of 2026-10-01.",
    ]


def test_the_page_says_the_same_and_needs_nothing_else():
    page = mail(TOLD, [HEAD], EARLIER)[".mail.html"].decode()
    assert "Initial denial rate &lt;1&gt;" in page
    assert "up $234.50 from $1,000.00, worse" in page
    assert not any(word in page for word in ("http", "<script", "<link", "src="))
    assert len(page) < 5_000


def test_without_an_earlier_report_it_says_so():
    assert "No earlier report" in mail(TOLD, [], None)[".mail.txt"].decode()
