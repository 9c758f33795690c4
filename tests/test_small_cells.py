"""Small cells: what is hidden, that totals do not tell it, and the switch that shows it.

The attacker knows all that is shown: rows, totals over each group that are not hidden themselves,
and that a hidden row which keeps its place counts one at least.  For every hidden number linear
programs say between which values it must lie: they must leave more than one.
"""

import json

import nbformat
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from scipy.optimize import linprog
from typer.testing import CliRunner

from analytics import formats, suppression, tables
from analytics.cli import app
from analytics.database import Database
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.metrics import CATALOGUE
from analytics.report import make
from analytics.scheduling import read_plan
from analytics.suppression import hidden, suppressed

COUNTS = st.one_of(st.just(0), st.integers(1, 10), st.integers(11, 40))
REASON = "own claims, for the denial team"


def shown(n, hide, listed=()):
    """Bounds of each number: what is shown is known, what is hidden and listed is 1 or more."""
    return [
        (int(c), int(c)) if not h else (1 if i in listed else 0, None)
        for i, (c, h) in enumerate(zip(n, hide, strict=True))
    ]


def span(goal, bounds, equal, totals):
    """The least and the most that a sum can be, given equations."""
    ends = []
    for sign in (1, -1):
        found = linprog(sign * goal, A_eq=equal, b_eq=totals, bounds=bounds, method="highs")
        assert found.status in (0, 3), found.message  # 3: without an end
        ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
    return ends


class TestOneWay:
    @settings(max_examples=80, deadline=None)
    @given(st.lists(COUNTS, min_size=2, max_size=12))
    def test_the_total_tells_no_hidden_number(self, counts):
        frame = pl.DataFrame({"payer": [f"p{i}" for i in range(len(counts))], "n": counts})
        found = hidden(frame, ["payer"])
        n, hide = np.array(counts), found.rows.to_numpy()
        assert not hide[n == 0].any()  # zero cells stay
        assert hide[(n >= 1) & (n <= 10)].all()
        if 1 <= n.sum() <= 10:
            return  # the total is hidden itself
        listed = np.flatnonzero(hide) if found.are_listed else ()
        bounds = shown(n, hide | (n == 0) & (not found.are_listed), listed)
        for place in np.flatnonzero(hide):
            goal = np.eye(len(n))[place]
            low, high = span(goal, bounds, np.ones((1, len(n))), [n.sum()])
            assert high - low >= 1

    def test_the_next_in_size_is_hidden_too_and_no_more(self):
        frame = pl.DataFrame({"payer": ["a", "b", "c", "d"], "n": [4, 900, 60, 0]})
        assert hidden(frame, ["payer"]).rows.to_list() == [True, False, True, False]

    def test_two_small_ones_need_no_third_where_each_could_be_any(self):
        frame = pl.DataFrame({"payer": ["a", "b", "c"], "n": [5, 6, 90]})
        assert hidden(frame, ["payer"]).rows.to_list() == [True, True, False]
        frame = pl.DataFrame({"payer": ["a", "b", "c"], "n": [1, 2, 90]})
        assert hidden(frame, ["payer"]).rows.all()

    def test_eleven_of_one_each_are_not_even_named(self):
        frame = pl.DataFrame({"payer": [f"p{i}" for i in range(11)], "n": [1] * 11})
        assert not hidden(frame, ["payer"]).are_listed

    def test_a_category_is_a_total_of_its_codes(self):
        """Which of 16's two codes is small must not be told by the total of the other category."""
        frame = pl.DataFrame(
            {"code": list("abcd"), "kind": ["x", "x", "y", "y"], "n": [5, 80, 30, 40]}
        )
        assert hidden(frame, ["code", "kind"]).rows.to_list() == [True, True, False, False]

    def test_the_order_of_rows_decides_nothing(self):
        frame = pl.DataFrame({"payer": ["a", "b", "c", "d"], "n": [4, 60, 60, 900]})
        turned = frame.sort("payer", descending=True)
        assert (
            hidden(turned, ["payer"]).rows.to_list()[::-1]
            == hidden(frame, ["payer"]).rows.to_list()
        )


@st.composite
def crossings(draw_):
    rows, columns = draw_(st.integers(2, 5)), draw_(st.integers(2, 5))
    cells = st.lists(COUNTS, min_size=columns, max_size=columns)
    return np.array(draw_(st.lists(cells, min_size=rows, max_size=rows)))


class TestTwoWays:
    @settings(max_examples=120, deadline=None)
    @given(crossings())
    def test_totals_of_rows_and_columns_tell_no_hidden_number(self, table):
        """Hidden rows and totals, as the tables by one group alone hide them, stay open."""
        row, column = np.nonzero(table)
        if len(row) in (len(set(row)), len(set(column))):
            return  # each row or column has one cell: the table is of one way
        frame = pl.DataFrame({"a": row, "b": column, "n": table[row, column]})
        found = hidden(frame, ["a", "b"])
        assert found.are_listed == (not found.rows.any()) or not found.are_listed
        small = (table >= 1) & (table <= 10)
        hide = np.zeros(table.shape, dtype=bool)
        hide[row, column] = found.rows.to_numpy()
        assert hide[small].all()
        bounds = shown(table.ravel(), (hide | (table == 0)).ravel())  # none looks like few
        places = np.arange(table.size).reshape(table.shape)
        equal, totals, goals = [], [], [np.eye(table.size)[p] for p in places[hide]]
        for lines in (places, places.T):
            sums = table.ravel()[lines].sum(axis=1)
            by = pl.DataFrame({"g": [f"{i:03}" for i in range(len(sums))], "n": sums})
            kept = by.filter(pl.col("n") > 0)
            gone = dict(zip(kept["g"], hidden(kept, ["g"]).rows, strict=True))
            for i, line in enumerate(lines):
                told = np.isin(np.arange(table.size), line).astype(float)
                if gone.get(f"{i:03}", False):
                    goals.append(told)
                else:
                    equal.append(told)
                    totals.append(sums[i])
        if table.sum() > 10:
            equal.append(np.ones(table.size))
            totals.append(table.sum())
        for goal in goals:
            low, high = span(goal, bounds, np.array(equal) if equal else None, totals or None)
            assert high - low >= 1

    @settings(max_examples=60, deadline=None)
    @given(crossings())
    def test_what_a_line_hides_together_is_no_small_cell(self, table):
        row, column = np.nonzero(table)
        if len(row) in (len(set(row)), len(set(column))):
            return
        frame = pl.DataFrame({"a": row, "b": column, "n": table[row, column]})
        gone = frame.filter(hidden(frame, ["a", "b"]).rows)
        for key in ("a", "b"):
            whole = frame.group_by(key).agg(pl.col("n").sum()).sort(key)
            public = whole.filter(~hidden(whole, [key]).rows)
            sums = gone.join(public, on=key, how="semi").group_by(key).agg(pl.col("n").sum())
            assert (sums["n"] > 10).all()

    def test_a_third_way_hides_what_each_pair_asks_for(self):
        frame = pl.DataFrame(
            {"a": [0, 0, 0, 0, 1, 1, 1, 1], "b": [0, 0, 1, 1] * 2, "c": [0, 1] * 4,
             "n": [5, 30, 30, 30, 30, 30, 30, 30]}
        )  # fmt: skip
        assert hidden(frame, ["a", "b", "c"]).rows.sum() >= 4


class TestFrames:
    rate = pl.DataFrame(
        {"payer": ["a", "b", "c", "d"], "n": [200, 300, 400, 500], "value": [0.02, 0.2, 0.3, 0.2],
         "hits": [4, 60, 120, 100]}
    )  # fmt: skip

    def test_the_parts_of_a_rate_are_cells_where_its_rows_are_of_members(self):
        assert not hidden(self.rate, ["payer"]).rows.any()
        deep = self.rate.with_columns(is_few=pl.lit(value=False), is_deep=pl.lit(value=True))
        assert hidden(deep, ["payer"]).rows.to_list() == [True, True, False, False]
        almost_all = deep.with_columns(hits=pl.col("n") - 3)
        assert hidden(almost_all, ["payer"]).rows.all()

    def test_few_people_with_many_claims_are_few(self):
        few = self.rate.with_columns(is_few=pl.col("payer") == "d")
        assert hidden(few, ["payer"]).rows.to_list() == [True, False, False, True]

    def test_a_file_has_no_number_of_a_hidden_row(self):
        frame = pl.DataFrame({"payer": ["a", "b", "c"], "n": [5, 60, 900], "value": [1.0, 2, 3]})
        assert suppressed(frame, ["payer"]).rows() == [
            ("a", None, None), ("b", None, None), ("c", 900, 3.0),
        ]  # fmt: skip
        crossed = pl.DataFrame(
            {"payer": list("aabbcc"), "kind": list("xyxyxy"), "n": [5, 60, 70, 80, 90, 99]}
        )
        kept = suppressed(crossed, ["payer", "kind"])
        assert kept.height < 6
        assert kept["n"].null_count() == 0
        assert "5" not in str(kept["n"].to_list())

    def test_shown_is_shown(self):
        frame = pl.DataFrame({"payer": ["a", "b"], "n": [5, 60], "value": [0.1, 0.2]})
        rate = CATALOGUE["initial_denial_rate"]
        with suppression.using("show"):
            assert "hidden" not in tables.metric_table(frame, rate).html
            assert not formats.withheld(frame).any()
        assert "hidden" in tables.metric_table(frame, rate).html


def test_people_are_counted_and_not_their_claims():
    """Thirty claims of three people are of three people."""
    with _few_people() as db:
        rate = CATALOGUE["initial_denial_rate"]
        frame = rate(db, by="payer_name")
        assert "is_few" not in frame.guarded().columns  # an analyst's own frame
        with suppression.using("hide"):
            told = dict(frame.guarded().select("payer_name", "is_few").iter_rows())
        assert told == {"FEW": True, "MANY": False}


def _few_people():
    db = Database()
    db.connection.execute(
        "INSERT INTO patient BY NAME SELECT 1 AS file_id, n AS record_no, n AS patient_id,"
        " 'M' || n AS member_id FROM range(1, 33) AS r(n)"
    )
    db.build()
    db.connection.execute(
        "INSERT INTO person SELECT n, n FROM range(1, 33) AS r(n) WHERE NOT EXISTS (FROM person)"
    )
    for payer, people, first in (("FEW", 3, 0), ("MANY", 30, 100)):
        db.connection.execute(
            "INSERT INTO billed_claim BY NAME SELECT $first + n AS claim_id,"
            " 1 + n % $people AS patient_id FROM range(30) AS r(n)",
            {"first": first, "people": people},
        )
        db.connection.execute(
            f"INSERT INTO claim_outcome BY NAME SELECT $first + n AS claim_id, '{payer}' AS"
            " payer_name, DATE '2026-01-01' AS first_answer_date, n % 2 = 0 AS"
            " is_initially_denied, false AS is_duplicate FROM range(30) AS r(n)",
            {"first": first},
        )
    return db


def test_a_card_whose_part_is_few_shows_nothing():
    frame = pl.DataFrame({"n": [118], "value": [0.05], "low": [0.02], "high": [0.1]})
    rate = CATALOGUE["readmission_rate"]
    assert "5.0" in tables.cards([(rate, frame)]).html
    html = tables.cards([(rate, frame.with_columns(is_few=pl.lit(value=True)))]).html
    assert "not shown" in html
    assert "118" not in html


@pytest.mark.parametrize(
    ("how", "reason", "said"),
    [("show", None, "--reason"), ("show", "  ", "--reason"), ("hide", "because", "add"),
     (None, "because", "add")],
)  # fmt: skip
def test_small_cells_are_shown_for_a_reason_only(how, reason, said):
    with pytest.raises(AnalyticsError, match=said):
        suppression.asked(how, reason)


def test_another_way_is_unknown():
    with pytest.raises(UnknownNameError, match="strict"):
        suppression.asked("strikt", None)


def test_a_schedule_says_why_it_shows_small_cells(world):
    plan = world / "reports.toml"
    text = '[[report]]\nname = "denials"\nevery = "month"\nsmall_cells = "show"\n'
    plan.write_text(text)
    with pytest.raises(AnalyticsError, match="reason"):
        read_plan(plan)
    plan.write_text(f'{text}reason = "{REASON}"\n')
    assert read_plan(plan).reports[0].cells.text.endswith(REASON)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells")
    with Database(folder / "claims.duckdb") as db:
        db.build()
    cells = [
        new_code_cell("database: str = ''", metadata={"tags": ["parameters"]}),
        new_code_cell(
            "import polars as pl\nfrom analytics import tables\n"
            "from analytics.metrics import CATALOGUE\n"
            "by = pl.DataFrame({'payer_name': ['ACME', 'BIRCH', 'TINY'], 'n': [1200, 40, 4],"
            " 'value': [0.2, 0.1, 0.77], 'low': [0.1, 0.0, 0.5], 'high': [0.3, 0.2, 0.9]})\n"
            "tables.metric_table(by, CATALOGUE['initial_denial_rate'])"
        ),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "book.ipynb")
    return folder


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_report_says_what_it_does_with_small_cells_and_why(world, tmp_path):
    given = {"database": world / "claims.duckdb"}
    make(world / "book.ipynb", tmp_path / "a", **given)
    page = (tmp_path / "a.html").read_text()
    assert "77.0" not in page
    assert "Groups of 1 to 10 people are hidden" in page
    told = json.loads((tmp_path / "a.manifest.json").read_text())
    assert told["small_cells"] == {"how": "hide", "smallest_shown": 11, "reason": None}
    make(world / "book.ipynb", tmp_path / "a", small_cells="show", reason=REASON, **given)
    page = (tmp_path / "a.html").read_text()
    assert "77.0" in page
    assert REASON in page
    shown_ = json.loads((tmp_path / "a.manifest.json").read_text())
    assert shown_["small_cells"]["reason"] == REASON
    assert shown_["inputs"] != told["inputs"]  # another report of the same data
    with Database(world / "claims.duckdb") as db:
        lines = db.sql("SELECT detail FROM audit_log WHERE command = 'report'")
    assert {json.loads(detail)["small_cells"] for detail in lines["detail"]} == {"hide", "show"}
    assert REASON not in "".join(lines["detail"])


def test_an_export_hides_small_cells_and_says_so(tmp_path):
    database = tmp_path / "claims.duckdb"
    with Database(database) as db:
        db.build()
        db.connection.execute(
            "INSERT INTO claim_outcome BY NAME SELECT n AS claim_id, CASE WHEN n < 4 THEN 'TINY'"
            " WHEN n < 40 THEN 'NEXT' ELSE 'ACME' END AS payer_name, DATE '2026-01-01' AS"
            " first_answer_date, n % 2 = 0 AS is_initially_denied, false AS is_duplicate"
            " FROM range(100) AS r(n)"
        )
    out = tmp_path / "rate.csv"
    asked = ["export", "metric", "initial_denial_rate", str(out), "--by", "payer_name"]
    asked += ["--database", str(database)]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 0, said.output
    assert "2 rows of 1 to 10 people" in said.output
    assert pl.read_csv(out).sort("payer_name")["n"].to_list() == [60, None, None]
    assert CliRunner().invoke(app, [*asked, "--small-cells", "show"]).exit_code != 0
    said = CliRunner().invoke(app, [*asked, "--small-cells", "show", "--reason", REASON])
    assert said.exit_code == 0, said.output
    assert pl.read_csv(out).sort("payer_name")["n"].to_list() == [60, 36, 4]
    told = json.loads((tmp_path / "rate.csv.manifest.json").read_text())
    assert told["small_cells"]["reason"] == REASON
    screen = CliRunner().invoke(app, ["show", *asked[2:3], *asked[4:], "--small-cells", "show"])
    assert screen.exit_code != 0
