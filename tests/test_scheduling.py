"""Reports are made when due, once, one run at a time, and a failure leaves the old one."""

import datetime as dt
import json
import shutil
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analytics.alone import alone
from analytics.cli.filters import days
from analytics.database import Database
from analytics.errors import AnalyticsError, UnknownNameError, UnreadableFileError
from analytics.report import ReportError
from analytics.report import making as report_making
from analytics.scheduling import PlanError, periods, read_plan, run
from analytics.scheduling.run import LOCK

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:nbclient"),
]

TODAY = dt.date(2026, 11, 5)
PARAMETERS = """database: str = ''
period_start: dt.date | None = None
period_end: dt.date | None = None"""
PLAN = """
database = "claims.duckdb"
out = "sent"

[[report]]
name = "mine"
every = "month"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A database with its facts, to be copied."""
    path = tmp_path_factory.mktemp("built") / "claims.duckdb"
    with Database(path) as db:
        db.build(dt.date(2026, 11, 4))
    return path


@pytest.fixture
def folder(tmp_path, built) -> Path:
    """A working folder: a database with its facts, a notebook, a plan."""
    shutil.copy(built, tmp_path)
    cells = [
        new_markdown_cell("# Mine"),
        new_code_cell(f"import datetime as dt\n{PARAMETERS}", metadata={"tags": ["parameters"]}),
    ]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "01_mine.ipynb")
    (tmp_path / "reports.toml").write_text(PLAN)
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    """Notebooks are read, not run; those whose name is in the list fail."""
    failing: list[str] = []

    def executed(notebook, database, parameters, timeout, progress, cells, engine):  # noqa: ARG001
        if parameters.get("period_start") in failing:
            raise ReportError("cell 3 failed: ValueError")
        return report_making.read(notebook)

    monkeypatch.setattr(report_making, "executed", executed)
    return failing


def ran(folder: Path, today=TODAY, **options) -> tuple[int, list[str]]:
    """How many failed, and for each report what was said of it."""
    lines: list[str] = []
    failed = run(read_plan(folder / "reports.toml"), today, tell=lines.append, **options)
    return failed, [line.split(" (")[0] for line in lines if not line.startswith("run of")]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "sent").glob("*.html"))


class TestPeriods:
    def test_are_whole_months_and_weeks_from_monday(self):
        month = periods.last_whole("month", dt.date(2026, 11, 1))
        assert (month.name, month.first, month.last) == (
            "2026-10", dt.date(2026, 10, 1), dt.date(2026, 10, 31)
        )  # fmt: skip
        week = periods.last_whole("week", dt.date(2026, 11, 8))  # a Sunday: its week goes on
        assert (week.name, week.first, week.last) == (
            "2026-W44", dt.date(2026, 10, 26), dt.date(2026, 11, 1)
        )  # fmt: skip
        assert periods.last_whole("week", dt.date(2026, 11, 9)).name == "2026-W45"
        assert periods.of("week", dt.date(2027, 1, 1)).name == "2026-W53"

    @pytest.mark.parametrize("every", ["month", "week"])
    def test_follow_one_another_and_are_known_by_name(self, every):
        first, last = (periods.of(every, dt.date(year, 3, 4)) for year in (2024, 2027))
        found = periods.through(every, first, last)
        assert found[0] == first
        assert found[-1] == last
        for one, following in pairwise(found):
            assert following.first == one.last + dt.timedelta(days=1)
        assert [periods.named(every, one.name) for one in found] == found
        assert periods.through(every, last, first) == []

    def test_the_command_reads_the_same_names(self):
        for every in ("month", "week"):
            for one in periods.through(every, *[periods.of(every, TODAY)] * 2):
                assert days(one.name) == (one.first, one.last)

    @pytest.mark.parametrize("name", ["2026-13", "2026-10-31", "x", "2026-W60", "2026-1"])
    def test_another_name_is_none(self, name):
        assert periods.named("month", name) is None
        assert periods.named("week", name) is None


class TestThePlan:
    @pytest.mark.parametrize(
        ("more", "error", "said"),
        [
            ("retries = 3", UnknownNameError, "key of a report 'retries'"),
            ('formats = ["html", "docx"]', UnknownNameError, "unknown format 'docx'"),
            ('formats = "html"', PlanError, "formats of a report is not a list"),
            ("wait = -1", PlanError, "wait of a report is not a number of days"),
            ("wait = true", PlanError, "wait of a report is not a number of days"),
            ('since = "2026-01-01"', PlanError, "without quotes"),
            ('file = "../x"', PlanError, "name without folders"),
            ('[[report]]\nname = "mine"', PlanError, "has no every"),
            ('[[report]]\nname = "mine"\nevery = "day"', UnknownNameError, "pace of a report"),
            ('[[report]]\nname = "mine"\nevery = "month"', PlanError, "give one a file"),
            ('[[report]]\nname = "minne"\nevery = "week"', UnknownNameError, "did you mean 'mine'"),
            ('[[report]]\nname = "x.ipynb"\nevery = "week"', PlanError, "no such notebook"),
            ("[[report", UnreadableFileError, "is no TOML"),
        ],
    )
    def test_that_cannot_be_is_refused_in_words(self, folder, more, error, said):
        (folder / "reports.toml").write_text(PLAN + more)
        with pytest.raises(error, match=said.replace("[", r"\[")):
            read_plan(folder / "reports.toml")

    def test_that_is_not_there_or_makes_nothing(self, folder):
        with pytest.raises(UnreadableFileError, match="cannot be read"):
            read_plan(folder / "no.toml")
        (folder / "reports.toml").write_text("")
        with pytest.raises(PlanError, match="makes nothing"):
            read_plan(folder / "reports.toml")

    def test_paths_are_from_its_folder(self, folder):
        plan = read_plan(folder / "reports.toml")
        assert plan.database == folder / "claims.duckdb"
        assert plan.out == folder / "sent"
        assert plan.log == folder / "sent" / "run.log"


class TestARun:
    def test_makes_the_last_month_and_then_nothing(self, folder, quick):  # noqa: ARG002
        assert ran(folder) == (0, ["mine-2026-10: made"])
        before = (folder / "sent" / "mine-2026-10.html").stat().st_mtime_ns
        assert ran(folder) == (0, ["mine-2026-10: skipped"])
        assert (folder / "sent" / "mine-2026-10.html").stat().st_mtime_ns == before

    def test_catches_up_what_was_missed(self, folder, quick):  # noqa: ARG002
        ran(folder, dt.date(2026, 7, 2))
        assert ran(folder)[1] == [
            *("mine-2026-06: kept", "mine-2026-07: made", "mine-2026-08: made"),
            *("mine-2026-09: made", "mine-2026-10: made"),
        ]

    def test_makes_all_periods_since_a_day(self, folder, quick):  # noqa: ARG002
        (folder / "reports.toml").write_text(PLAN + "since = 2026-08-15\n")
        ran(folder)
        assert names(folder) == [f"mine-2026-{month:02}.html" for month in (8, 9, 10)]

    def test_waits_for_late_data(self, folder, quick):  # noqa: ARG002
        (folder / "reports.toml").write_text(PLAN + "wait = 5\n")
        assert ran(folder)[1] == ["mine-2026-09: made"]
        assert ran(folder, dt.date(2026, 11, 6))[1] == ["mine-2026-09: kept", "mine-2026-10: made"]

    def test_makes_the_last_anew_when_its_inputs_changed_and_older_ones_when_told(
        self, folder, quick  # noqa: ARG002
    ):  # fmt: skip
        (folder / "reports.toml").write_text(PLAN + "since = 2026-09-01\n")
        ran(folder)
        with Database(folder / "claims.duckdb") as db:
            db.build(dt.date(2026, 11, 5))
        assert ran(folder)[1] == ["mine-2026-09: kept", "mine-2026-10: made"]
        (folder / "reports.toml").write_text(PLAN + "since = 2026-09-01\nrevise = true\n")
        assert ran(folder)[1] == ["mine-2026-09: made", "mine-2026-10: skipped"]

    def test_makes_anew_what_was_changed_taken_away_or_asked_in_another_format(
        self, folder, quick  # noqa: ARG002
    ):  # fmt: skip
        ran(folder)
        (folder / "sent" / "mine-2026-10.html").write_text("by hand")
        assert ran(folder)[1] == ["mine-2026-10: made"]
        (folder / "sent" / "mine-2026-10.html").unlink()
        assert ran(folder)[1] == ["mine-2026-10: made"]
        (folder / "reports.toml").write_text(PLAN + 'formats = ["html", "xlsx"]\n')
        assert ran(folder)[1] == ["mine-2026-10: made"]
        assert ran(folder)[1] == ["mine-2026-10: skipped"]

    def test_makes_what_is_due_after_each_load(self, folder, quick):  # noqa: ARG002
        text = PLAN.replace("month", "load") + '[[report]]\nname = "mine"\nevery = "week"\n'
        (folder / "reports.toml").write_text(text)
        assert ran(folder)[1] == ["mine: made", "mine-2026-W44: made"]
        assert ran(folder)[1] == ["mine: skipped", "mine-2026-W44: skipped"]
        with Database(folder / "claims.duckdb") as db:
            db.build(dt.date(2026, 11, 5))
        assert ran(folder, dt.date(2026, 11, 6))[1] == ["mine: made", "mine-2026-W44: made"]

    def test_a_dry_one_says_it_and_writes_nothing(self, folder, quick):  # noqa: ARG002
        before = sorted(folder.rglob("*"))
        assert ran(folder, dry_run=True) == (0, ["mine-2026-10: would be made"])
        assert sorted(folder.rglob("*")) == before

    def test_that_fails_goes_on_says_so_and_leaves_the_old_report(self, folder, quick):
        (folder / "reports.toml").write_text(PLAN + "since = 2026-09-01\nrevise = true\n")
        ran(folder)
        old = (folder / "sent" / "mine-2026-09.html").read_bytes()
        with Database(folder / "claims.duckdb") as db:
            db.build(dt.date(2026, 11, 5))
        quick.append("2026-09-01")
        assert ran(folder) == (1, ["mine-2026-09: failed", "mine-2026-10: made"])
        assert (folder / "sent" / "mine-2026-09.html").read_bytes() == old
        quick.clear()
        assert ran(folder) == (0, ["mine-2026-09: made", "mine-2026-10: skipped"])

    def test_of_a_period_without_data_fails(self, folder, quick):  # noqa: ARG002
        assert ran(folder, dt.date(2027, 1, 5)) == (1, ["mine-2026-12: failed"])

    def test_an_error_that_may_quote_a_row_is_not_logged(self, folder, monkeypatch):
        def broken(*_, **__):
            raise ValueError("QUILLFEATHER")

        monkeypatch.setattr(report_making, "executed", broken)
        failed, said = ran(folder)
        assert (failed, said) == (1, ["mine-2026-10: failed"])
        log = (folder / "sent" / "run.log").read_text()
        assert "ValueError" in log
        assert "QUILLFEATHER" not in log

    def test_is_logged_with_times(self, folder, quick):  # noqa: ARG002
        ran(folder)
        ran(folder)
        lines = (folder / "sent" / "run.log").read_text().splitlines()
        assert [line.split()[2] for line in lines] == ["made", "of", "skipped", "of"]
        assert all(dt.datetime.fromisoformat(line.split()[0]) for line in lines)
        assert lines[1].endswith("run of 2026-11-05 ended: 1 report, 1 due, 0 failed")

    def test_is_alone(self, folder, quick):  # noqa: ARG002
        with (
            alone(folder / "sent" / LOCK),
            pytest.raises(AnalyticsError, match="another run holds"),
        ):
            ran(folder)
        assert ran(folder)[0] == 0  # the lock went with the one who held it

    def test_without_facts_says_so_in_the_log_too(self, folder, quick):  # noqa: ARG002
        (folder / "claims.duckdb").unlink()
        Database(folder / "claims.duckdb").close()
        with pytest.raises(AnalyticsError, match="run revcycle build"):
            ran(folder)
        assert "not run: " in (folder / "sent" / "run.log").read_text()


def test_a_real_run(folder):
    assert ran(folder) == (0, ["mine-2026-10: made"])
    told = json.loads((folder / "sent" / "mine-2026-10.manifest.json").read_text())
    assert told["period_end"] == "2026-10-31"
    assert ran(folder) == (0, ["mine-2026-10: skipped"])
