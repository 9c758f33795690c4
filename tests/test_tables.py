"""Tables and cards: units, intervals, small cells, and nothing that could be markup."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser

import polars as pl
import pytest

from analytics import formats, stats, tables
from analytics.errors import MissingReferenceError, UnknownNameError


@dataclass(frozen=True)
class Described:
    title: str = "Initial denial rate"
    unit: str = "share"
    better: str = "lower"
    definition: str = "Share of claims answered that were first denied."
    source: str = "HFMA"
    notes: str = ""
    denominator: str = "claims answered"
    date_basis: str = "first answer"


RATE = Described()
GAP, DASH = formats.GAP, formats.DASH


class Cells(HTMLParser):
    """The text of each row's cells."""

    def __init__(self, html: tables.Html) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(html.html)

    def handle_starttag(self, tag, _attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


@pytest.fixture
def by_payer() -> pl.DataFrame:
    frame = pl.DataFrame(
        {"payer_name": ["ACME", None, "TINY"], "n": [1200, 40, 4], "hits": [240, 2, 1]}
    )
    return frame.with_columns(*stats.wilson("hits", "n"))


def test_a_rate_has_percent_interval_and_n(by_payer):
    head, acme, *_ = Cells(tables.metric_table(by_payer, RATE)).rows
    assert head == ["Payer", "Initial denial rate", "95% interval", "n"]
    assert acme == ["ACME", f"20.0{GAP}%", f"17.8{DASH}22.4{GAP}%", "1,200"]


def test_a_group_without_a_name_is_not_stated(by_payer):
    assert Cells(tables.metric_table(by_payer, RATE)).rows[2][0] == "not stated"


def test_a_running_share_ends_where_a_row_is_hidden():
    frame = pl.DataFrame(
        {
            "code": ["a", "b", "c", "d"],
            "n": [50, 6, 7, 50],
            "value": [4.0, 3.0, 2.0, 1.0],
            "cumulative_share": [0.4, 0.7, 0.9, 1.0],
        }
    )
    rows = Cells(tables.metric_table(frame, Described(unit="dollars"))).rows
    assert [row[2] for row in rows[1:]] == [f"40.0{GAP}%", *[formats.NOTHING] * 3]


def test_a_plain_table_can_hide_its_small_rows():
    amounts = [Decimal(9), Decimal(8), Decimal(7)]
    frame = pl.DataFrame({"reason": ["a", "b", "c"], "n": [1, 11, 12], "amount": amounts})
    rows = Cells(tables.table(frame, "Left out", small=10)).rows
    nothing = formats.NOTHING
    assert rows[1:] == [
        ["a", formats.HIDDEN, nothing],
        ["b", formats.HIDDEN, nothing],
        ["c", "12", "$7.00"],
    ]


def test_a_card_of_few_shows_no_numbers():
    frame = pl.DataFrame({"n": [5], "value": [0.4], "low": [0.1], "high": [0.7]})
    html = tables.cards([(RATE, frame)]).html
    assert f"n 1{DASH}10" in html
    assert "40" not in html


def test_a_card_says_that_its_number_still_moves():
    frame = pl.DataFrame({"n": [43], "value": [0.16], "settled_share": [0.186]})
    young = tables.cards([(RATE, frame)])
    assert f"not settled yet: 18.6{formats.GAP}% so far" in young.html
    settled = tables.cards([(RATE, frame.with_columns(settled_share=0.95))])
    assert "settled" not in settled.html
    told = [c["cells"] for c in (young.sheet["columns"][5], settled.sheet["columns"][5])]
    assert told == [[0.186], [None]]


def test_a_sheet_has_the_numbers_and_hides_what_the_table_hides(by_payer):
    html = tables.metric_table(by_payer, RATE)
    outputs = html._repr_mimebundle_()
    assert html.html in outputs.pop("text/html")
    assert outputs == {tables.sheets.MIME: html.sheet}
    columns = {column["head"]: column for column in html.sheet["columns"]}
    assert list(columns) == ["Payer", "Initial denial rate", "95% low", "95% high", "n"]
    assert columns["Initial denial rate"]["cells"] == [0.2, None, None]
    assert columns["95% low"]["unit"] == "share"
    assert columns["n"]["cells"] == [1200, formats.HIDDEN, formats.HIDDEN]
    card = tables.cards([(RATE, pl.DataFrame({"n": [5], "value": [0.4]}))]).sheet
    assert [c["cells"] for c in card["columns"][1:5]] == [[None]] * 3 + [[f"1{DASH}10"]]
    amounts = [Decimal(9), Decimal(7), Decimal(8)]
    frame = pl.DataFrame({"reason": ["a", "b", "c"], "n": [1, 11, 12], "amount": amounts})
    plain = tables.table(frame, "Left out", small=10).sheet
    assert [column["cells"] for column in plain["columns"][1:]] == [
        [formats.HIDDEN, formats.HIDDEN, 12], [None, None, "8"],
    ]  # fmt: skip


def test_a_sheet_holds_what_json_can():
    frame = pl.DataFrame(
        {"a": [float("nan")], "b": [0.1 + 0.2], "c": [True], "period": [dt.date(2026, 1, 1)]}
    )
    cells = [column["cells"] for column in tables.table(frame, "x").sheet["columns"]]
    assert cells == [[None], [0.3], ["yes"], ["2026-01-01"]]


def test_a_small_group_keeps_its_row_and_shows_no_numbers(by_payer):
    html = tables.metric_table(by_payer, RATE)
    nothing = formats.NOTHING
    assert Cells(html).rows[3] == ["TINY", nothing, nothing, formats.HIDDEN]
    assert Cells(html).rows[2] == ["not stated", nothing, nothing, formats.HIDDEN]
    assert f"Groups of 1{DASH}10, and those that would tell them, show no numbers." in html.html
    assert "TINY" in Cells(tables.metric_table(by_payer, RATE, small=0)).rows[3]
    assert Cells(tables.metric_table(by_payer, RATE, small=0)).rows[3][-1] == "4"


def test_a_wait_shows_its_quantiles_in_days():
    frame = pl.DataFrame({"n": [90], "value": [23], "low": [20], "high": [None], "p90": [60]})
    frame = frame.with_columns(p90_low=pl.lit(55), p90_high=pl.lit(70))  # no room for these
    head, row = Cells(tables.metric_table(frame, Described("Days to payment", "days"))).rows
    assert head == ["Days to payment", "95% interval", "90% done by", "n"]
    assert row == ["23 days", "from 20 days", "60 days", "90"]


def test_a_part_of_n_that_is_small_hides_the_other():
    frame = pl.DataFrame({"n": [90, 21], "value": [23, 30], "events": [60, 18], "waiting": [30, 3]})
    rows = Cells(tables.metric_table(frame, Described("Days to payment", "days"))).rows
    assert rows == [
        ["Days to payment", "Done", "Still waiting", "n"],
        ["23 days", "60", "30", "90"],
        ["30 days", formats.HIDDEN, formats.HIDDEN, "21"],
    ]


def test_months_are_named_and_rows_cut_when_asked():
    days = [dt.date(2026, month, 1) for month in range(1, 11)]
    frame = pl.DataFrame({"period": days, "n": [50] * 10, "value": [0.1] * 10})
    html = tables.metric_table(frame, RATE, limit=2)
    assert [row[0] for row in Cells(html).rows] == ["Period", "Jan 2026", "Feb 2026"]
    assert "First 2 of 10 rows." in html.html


def test_money_keeps_its_cents():
    frame = pl.DataFrame({"billed_amount": [Decimal("1234567.05")]})
    assert Cells(tables.table(frame, "Totals")).rows == [["Billed"], ["$1,234,567.05"]]


def test_a_frame_turned_on_its_side_keeps_every_cent():
    months = [dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    amounts = {
        "paid_amount": [Decimal("1.50"), None],
        "void_amount": [Decimal("-2.05"), Decimal(3)],
    }
    frame = tables.turned(pl.DataFrame({"period": months, **amounts}), "movement")
    assert Cells(tables.table(frame, "Moved")).rows == [
        ["Movement", "Jan 2026", "Feb 2026"],
        ["Paid", "$1.50", formats.NOTHING],
        ["Void", f"{formats.MINUS}$2.05", "$3.00"],
    ]
    assert tables.turned(frame.clear(), "movement").is_empty()


def test_a_count_under_another_heading_is_hidden_alike():
    frame = pl.DataFrame({"reason": ["a", "b"], "n": [1, 40]})
    rows = Cells(tables.table(frame, "Checked", heads={"n": "Checked"}, small=10)).rows
    assert rows[1] == ["a", formats.HIDDEN]


def test_cells_say_what_machines_sort_by_and_need_room_for():
    text = "adjustment under a reason code in no list"
    frame = pl.DataFrame(
        {"file_name": ["837_2026-01.edi"], "reason": [text], "days_left": [-51],
         "record_no": [1245], "period": [dt.date(2026, 1, 1)]}
    )  # fmt: skip
    html = tables.table(frame, "Work").html
    assert '<th scope="row" class="name">837_2026-01.edi</th>' in html
    assert f'<td class="words">{text}</td>' in html
    assert f">{formats.MINUS}51</td>" in html
    assert ">1245</td>" in html
    assert '<time datetime="2026-01-01">Jan 2026</time>' in html


def test_what_stands_between_backticks_is_code():
    html = tables.table(pl.DataFrame({"a": ["`x <b>`"]}), "T", note="`revcycle show` & more").html
    assert "<code>revcycle show</code> &amp; more" in html
    assert "<code>x &lt;b&gt;</code>" in html


def test_an_empty_frame_says_so():
    html = tables.table(pl.DataFrame(schema={"payer_name": pl.String, "n": pl.Int64}), "Totals")
    assert "Totals:</b> none." in html.html


EVIL = "<script>alert(1)</script>\"'>"


@pytest.mark.parametrize(
    "html",
    [
        tables.metric_table(pl.DataFrame({EVIL: [EVIL], "n": [50], "value": [0.5]}), RATE),
        tables.table(pl.DataFrame({EVIL: [EVIL]}), EVIL, note=EVIL),
        tables.cards([(Described(EVIL, definition=EVIL), pl.DataFrame({"value": [0.5]}))]),
        tables.facts({EVIL: EVIL}),
        tables.definitions([Described(EVIL, definition=EVIL, source=EVIL, notes=EVIL)]),
    ],
    ids=["metric_table", "table", "cards", "facts", "definitions"],
)
def test_a_name_cannot_become_markup(html):
    assert "<script" not in html.html
    assert not re.search(r'="[^"]*"\'', html.html)


def test_a_card_shows_value_interval_and_n():
    frame = pl.DataFrame({"n": [1200], "value": [0.2], "low": [0.178], "high": [0.224]})
    html = tables.cards([(RATE, frame)]).html
    assert f"20.0{GAP}%" in html
    assert f"17.8{DASH}22.4{GAP}% · n 1,200" in html


def test_a_card_without_data_shows_a_dash():
    html = tables.cards([(RATE, pl.DataFrame(schema={"value": pl.Float64}))]).html
    assert formats.NOTHING in html


def test_facts_can_stand_out():
    html = tables.facts({"Rejected": 12, "Claims": 3000}, alert=["Rejected"]).html
    assert html.count("alert") == 1
    assert "<dd>3,000</dd>" in html


def years(n=1500, **more):
    row = {
        "contract_name": "Ours", "year": dt.date(2026, 1, 1), "scope": "to_date", "n": n,
        "months": 9, "months_over": 9, "member_months": 9 * n, "run_out_share": 0.5,
        "completion": 0.9, "known_amount": Decimal(90), "benchmark_amount": Decimal(110),
        "expenditure_amount": Decimal(100), "expenditure_low": None, "expenditure_high": None,
        "trend": None, "method": "none", "savings_rate": 0.1, "minimum_rate": 0.02,
        "savings_chance": 0.8, "loss_chance": None, "quality": 0.9, "applied_rate": 0.45,
        "generated_amount": Decimal(10), "earned_amount": Decimal("4.5"), "earned_low": None,
        "earned_high": None, "binding_cap": None, "is_final": False,
        "unpriced_amount": Decimal(0),
    }  # fmt: skip
    return pl.DataFrame([row | more], schema_overrides={"binding_cap": pl.String})


def test_a_contract_is_told_in_parts():
    head, row = Cells(tables.contract(years(), "earned")).rows
    assert head[:4] == ["Contract", "n", "Savings or losses", "Earned"]
    assert row[:4] == ["Ours 2026, to date", "1,500", "$10.00", "$4.50"]
    assert "none" in row
    assert f"80.0{GAP}%" in tables.contract(years(), "rates").html
    with pytest.raises(UnknownNameError, match="unknown part 'costs'; did you mean 'cost'"):
        tables.contract(years(), "costs")


def test_a_contract_of_few_people_shows_no_numbers():
    for part in ("members", "cost", "rates", "earned"):
        (row,) = Cells(tables.contract(years(n=7), part)).rows[1:]
        assert set(row[1:]) <= {formats.HIDDEN, formats.NOTHING, "none", "no", "not stated"}, part


def test_contracts_that_would_tell_a_small_one_of_their_year_show_no_numbers():
    """With all people known, two contracts tell of the third; another year does not."""
    more = [years(), years(7, contract_name="B"), years(7, contract_name="B", scope="year_end"),
            years(90, contract_name="C"), years(8000, year=dt.date(2025, 1, 1))]  # fmt: skip
    rows = Cells(tables.contract(pl.concat(more), "earned")).rows[1:]
    few = formats.HIDDEN
    assert [row[1] for row in rows] == ["1,500", few, few, few, "8,000"]


def test_a_plain_table_hides_the_row_that_would_tell_a_small_one():
    frame = pl.DataFrame({"payer": ["A", "B", "C"], "n": [4, 60, 900], "amount": [1.0, 2.0, 3.0]})
    rows = Cells(tables.table(frame, "By payer", small=10)).rows[1:]
    assert [row[1] for row in rows] == [formats.HIDDEN, formats.HIDDEN, "900"]
    assert [row[1] for row in Cells(tables.table(frame, "By payer")).rows[1:]] == ["4", "60", "900"]


def test_why_a_contract_has_no_numbers_is_said():
    assert "no contract of these years" in tables.contract(years().clear(), "cost").html
    empty = years(expenditure_amount=None)
    assert "Empty where nobody is covered" in tables.contract(empty, "cost").html
    assert "Empty" not in tables.contract(years(), "cost").html


def test_what_is_not_loaded_is_said_and_what_is_wrong_is_raised():
    def lacks():
        raise MissingReferenceError("load <b>this</b> file")

    def wrong():
        raise UnknownNameError("metric", "x", ["y"])

    html = tables.either(lacks, "Risk").html
    assert "Risk: not told. load &lt;b&gt;this" in html
    assert (
        tables.either(lambda: tables.sentence("fine"), "Risk").html == tables.sentence("fine").html
    )
    with pytest.raises(UnknownNameError):
        tables.either(wrong, "Risk")
