"""The command: what it prints, how it exits, and that no mistake ends in a traceback."""

import csv
import errno
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from hatchling.builders.wheel import WheelBuilder
from seldom import seldom

from analytics.cli import main
from analytics.cli.console import _inert, write
from analytics.cli.listing import tell_if_short
from analytics.metrics import CATALOGUE, STUDIES

SAMPLE = Path(__file__).parents[1] / "sample_data"


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cli")


@pytest.fixture(scope="module")
def revcycle(folder):
    """Run the command in a folder of its own, with a database made from the sample."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("REVCYCLE_DATABASE", "it.duckdb")

        def run(*words):
            patch.setattr(sys, "argv", ["revcycle", *map(str, words)])
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
                main()
            return Done(int(stop.value.code or 0), out.getvalue(), err.getvalue())

        loaded = run("load", SAMPLE, "--build")
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        yield run


def test_as_a_process_it_exits_without_a_traceback(folder):
    command = [sys.executable, "-m", "analytics", "show", "nonsense"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("revcycle: unknown metric")
    assert "Traceback" not in done.stderr


def test_load_says_what_it_did(revcycle):
    again = revcycle("load", SAMPLE)
    assert again.returncode == 0
    assert "already loaded" in again.stdout


def test_load_as_json_has_totals_as_text(revcycle):
    found = json.loads(revcycle("load", SAMPLE, "--json", "--build", "-d", "other.duckdb").stdout)
    assert found["claims"] > 3000
    assert found["acknowledgements"] > found["claims"]
    assert "." in found["billed_amount"]


def test_findings_exit_with_one(revcycle):
    done = revcycle("load", SAMPLE / "broken" / "bad_amount.837.edi", "-d", "broken.duckdb")
    assert done.returncode == 1
    assert "amount_unreadable" in done.stdout
    shown = revcycle("rejected", "--each", "--json", "-d", "broken.duckdb")
    rules = {row["rule"] for row in json.loads(shown.stdout)}
    assert {"amount_unreadable", "claim_rejected"} <= rules


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["load", "nowhere/"], "no such file or folder"),
        (["show", "denial_rate"], "did you mean"),
        (["show", "initial_denial_rate", "--by", "payer_nme"], "did you mean 'payer_name'"),
        (["show", "initial_denial_rate", "--every", "fortnight"], "unknown period length"),
        (["show", "initial_denial_rate", "--where", "payer_name"], "has no '='"),
        (["show", "initial_denial_rate", "-d", "none.duckdb"], "no database at none.duckdb"),
        (["build", "--as-of", "soon"], "is not a date"),
        (["check", "nothing.edi"], "no such file or folder"),
        (["nonsense"], "No such command"),
        (["show", "initial_denial_rate", "--by", "payer_name,payer_name"], "is named twice"),
        (["show", "days_in_ar", "--by", "payer_name", "--by", "payer_name"], "is named twice"),
        (["report", "--format", "docx"], "unknown format 'docx'"),
        (["report", "--out", SAMPLE / "README.md" / "x.html"], "README.md: "),
        (["sample", SAMPLE / "README.md"], "is a file"),
        (["report", "--period", "2026-06-01..2026-01-01"], "after its last day 2026-01-01"),
        (["report", "--period", "June"], "write 2026-10 or"),
        (["show", "pmpm", "--where", "month=2026-10"], "month is the first day of a month"),
        (
            ["show", "initial_denial_rate", "--where", "first_answer_date=2026-13-45"],
            "first_answer_date is a date: write it as 2026-10-31",
        ),
        (["show", "line_denial_rate", "--where", "answer_no=first"], "answer_no is a number"),
        (["show", "em_level_mix", "--where", "em_level=five"], "em_level is a number"),
        (["show", "pmpm", "--rows", "--limit", "99999999999999999999"], "--limit"),
        (["show", "pmpm", "--rows", "--excluded"], "not for both"),
        (["show", "pmpm", "--json", "--csv"], "not for both"),
        (["files", "--json", "--csv"], "not for both"),
        (["build", "-d", "typo.duckdb"], "no database at typo.duckdb"),
        (["build", "--as-of", "1990-01-01"], "the data begin on 20"),
        (["build", "--only", "claim_outcom"], "did you mean 'claim_outcome'"),
        (["build", "--only", "initial_denial_rat"], "did you mean 'initial_denial_rate'"),
        (["build", "--only", " , "], "names no fact or metric"),
    ],
)
def test_a_mistake_is_answered_in_words_and_exit_code_two(revcycle, words, said):
    done = revcycle(*words)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("words", [["sample", "shut/in"], ["report", "--out", "shut/in/x.html"]])
def test_a_folder_that_cannot_be_written_is_said_so(revcycle, monkeypatch, words):
    def refuse(path, *_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    done = revcycle(*words)
    assert done.returncode == 2
    assert done.stderr == "revcycle: shut/in: Permission denied\n"


@pytest.mark.usefixtures("revcycle")
@pytest.mark.parametrize("how", seldom([[], ["--csv"], ["--json"]], 1))
def test_a_reader_that_has_seen_enough_ends_the_command_quietly(folder, how):
    """A pipe holds 64 kB at most: one that is closed after a few bytes breaks under the rest."""
    words = ["show", "initial_denial_rate", "--rows", "--limit", "3000", *how]
    command = [sys.executable, "-m", "analytics", *words]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        child.stdout.read(10)
        child.stdout.close()
        said = child.stderr.read()
    assert (child.returncode, b"Traceback" in said, b"Broken" in said) == (0, False, False)


def test_a_database_that_is_none_is_said_so(revcycle, tmp_path):
    file = tmp_path / "text.duckdb"
    file.write_text("not a database, but long enough to be taken for one" * 100)
    done = revcycle("files", "-d", file)
    assert done.returncode == 2
    assert "not a DuckDB database" in done.stderr


def test_check_loads_nothing_and_names_places(revcycle, tmp_path):
    none = tmp_path / "x.duckdb"
    done = revcycle("check", SAMPLE / "broken" / "truncated.835.edi", "-d", none, "--edits")
    assert (done.returncode, none.exists()) == (2, False), "edits need a database"
    done = revcycle("check", SAMPLE / "broken" / "truncated.835.edi")
    assert done.returncode == 1
    assert "set_cut_off" in done.stdout
    assert "at segment 3" in done.stdout
    assert revcycle("check", next((SAMPLE / "837").iterdir())).returncode == 0
    replies = revcycle("check", next((SAMPLE / "277").iterdir()))
    assert (replies.returncode, "acknowledgements" in replies.stdout) == (0, True)
    found = json.loads(revcycle("check", SAMPLE / "broken", "--json").stdout)
    assert {check["file"] for check in found} >= {"empty.edi", "utf16.835.edi"}


def test_show_gives_the_same_numbers_as_table_json_and_csv(revcycle):
    words = ("show", "initial_denial_rate", "--by", "payer_name")
    as_json = json.loads(revcycle(*words, "--json").stdout)
    as_csv = list(csv.DictReader(io.StringIO(revcycle(*words, "--csv").stdout)))
    table = revcycle(*words).stdout
    assert len(as_json) == len(as_csv) > 3
    for one, other in zip(as_json, as_csv, strict=True):
        assert one["payer_name"] == other["payer_name"]
        assert one["payer_name"] in table
        assert float(other["value"]) == pytest.approx(one["value"])


def test_show_filters_by_lists_ranges_and_empty(revcycle):
    def n(*words):
        rows = json.loads(revcycle("show", "initial_denial_rate", *words, "--json").stdout)
        return sum(row["n"] for row in rows)

    types = ("claim_type=professional", "claim_type=institutional")
    parts = [n("--where", where) for where in types]
    assert n("--where", "claim_type=professional|institutional") == sum(parts)
    early, late = "first_answer_date=..2026-03-31", "first_answer_date=2026-04-01.."
    day = "first_answer_date=2026-04-02"
    assert n("--where", f"{day}..2026-04-02") == n("--where", day) > 0, "both ends are included"
    assert n("--where", early) + n("--where", late) == n()
    assert n("--where", "payer_name=nobody' OR 1=1 --") == 0


@pytest.mark.parametrize("how", [[], ["--rows"]])
def test_a_filter_that_nothing_matches_is_said_so(revcycle, how):
    done = revcycle("show", "initial_denial_rate", "--where", "payer_name=Nobody", *how)
    assert (done.returncode, done.stderr) == (0, "no row matches the --where given\n")


def test_check_leaves_side_tables_to_load(revcycle, tmp_path):
    done = revcycle("check", SAMPLE / "roster.csv", next((SAMPLE / "837").iterdir()))
    assert (done.returncode, "roster.csv: side table, not checked" in done.stdout) == (0, True)
    assert revcycle("check", SAMPLE / "roster.csv").returncode == 0
    (tmp_path / "other.csv").write_text("a,b\n")
    assert revcycle("check", tmp_path / "other.csv").returncode == 2


def test_rows_lead_to_file_and_record(revcycle):
    rows = json.loads(
        revcycle("show", "initial_denial_rate", "--rows", "--limit", "3", "--json").stdout
    )
    assert len(rows) == 3
    assert all(row["file_name"] and row["record_no"] for row in rows)


def test_rows_in_a_table_are_few_columns_and_say_how_many_more_there_are(revcycle):
    words = ("show", "initial_denial_rate", "--rows", "--limit", "3")
    done = revcycle(*words)
    head, *rows = done.stdout.splitlines()
    assert head.split() == [
        *("file_name", "record_no", "first_answer_date", "payer_name", "first_outcome"),
        *("denial_category", "billed_amount", "is_hit"),
    ]
    assert len(rows) == 3
    assert re.fullmatch(r"3 of \d,\d\d\d rows; --limit gives more\n", done.stderr)
    named = revcycle(*words, "--columns", "file_name, claim_id").stdout
    assert named.splitlines()[0].split() == ["file_name", "claim_id"]
    every = revcycle(*words, "--columns", "all").stdout.splitlines()[0].split()
    assert set(every) == set(json.loads(revcycle(*words, "--json").stdout)[0])
    assert "unknown column" in revcycle(*words, "--columns", "nonsense").stderr


@pytest.mark.parametrize("name", [f"{'long' * 10}.edi", f"{'long' * 40}.edi"])
def test_a_place_is_never_cut(monkeypatch, name):
    """Neither in a narrow terminal nor in a pipe."""
    frame = pl.DataFrame({"file_name": [name], "record_no": [1234567], "reason": ["why so " * 40]})
    for is_terminal in (False, True):
        out = io.StringIO()
        monkeypatch.setattr(out, "isatty", lambda seen=is_terminal: seen)
        monkeypatch.setenv("COLUMNS", "80")
        with redirect_stdout(out):
            write(frame)
        assert name in out.getvalue().replace("\n", "")
        assert "1,234,567" in out.getvalue()
        assert "\N{HORIZONTAL ELLIPSIS}" not in out.getvalue()


def test_a_table_shows_numbers_in_their_unit(revcycle):
    dollars = revcycle("show", "denied_dollars").stdout.splitlines()
    assert dollars[0].split() == ["n", "value", "low", "high"]
    assert re.fullmatch(r"[\d,]+ +[\d,]+\.\d\d", dollars[1].strip())
    cost = revcycle("show", "pmpm").stdout.splitlines()
    parts = ["dollars", "member_months", "run_out_share", "answered_share"]
    assert cost[0].split() == ["n", "value", "low", "high", *parts]
    n, *_, months, _, _ = cost[1].split()
    assert (n, "." in cost[1].split()[1]) == (months, True)
    assert revcycle("show", "recovery_rate").stdout.split()[4:6] == ["dollars", "of_dollars"]
    events = revcycle("show", "repeat_denials").stdout.split()
    assert events[4:6] == ["denials", "claims"]
    assert all(number.isdigit() for number in events[11:13])
    waits = revcycle("show", "days_submission_to_answer").stdout.splitlines()[1].split()
    assert all(re.fullmatch(r"\d+\.\d", days) for days in waits[1:-2]), "days to one place"


def test_an_interval_of_no_hits_begins_at_zero(revcycle):
    words = ("show", "initial_denial_rate", "--by", "payer_name", "--where", "first_outcome=paid")
    rows = list(csv.DictReader(io.StringIO(revcycle(*words, "--csv").stdout)))
    assert {(row["hits"], row["value"], row["low"]) for row in rows} == {("0", "0.0", "0.0")}


def test_excluded_gives_reasons(revcycle):
    rows = json.loads(revcycle("show", "initial_denial_rate", "--excluded", "--json").stdout)
    assert rows
    assert {"reason", "n", "amount"} <= set(rows[0])


def test_sql_prints_what_runs(revcycle):
    text = revcycle("sql", "initial_denial_rate", "--by", "payer_name", "--every", "month").stdout
    assert "FROM claim_outcome" in text


def test_metrics_lists_all_and_tells_of_one(revcycle):
    listed = json.loads(revcycle("metrics", "--json").stdout)
    assert {"initial_denial_rate", "ar_aging", "pmpm"} <= {row["name"] for row in listed}
    one = revcycle("metrics", "initial_denial_rate").stdout
    assert "denominator" in one
    assert "by payer_name" in one


@pytest.mark.parametrize(
    "words",
    [
        "denial_pareto --by denial_carc",
        "denial_bridge --period 2026-03",
        "rate_drivers --metric line_denial_rate --by payer_name --before 2026-03 --after 2026-04",
        "payer_comparison --by payer_name --strata claim_type,specialty",
        "denial_cohorts --by line_of_business --where claim_type=institutional",
        "denial_worklist --limit 3",
        "denial_alerts --every month --by payer_name,claim_type",
        "coding_patterns --with support=15 --with explained=true",
        "denial_ratios --by diagnosis_chapter",
        "lag_curve --metric days_submission_to_answer --clock received --by payer_name",
        "outcome_curve --where payer_name=Medicare",
        "cash_curve --by payer_name --every quarter",
        "payer_scorecard --by payer_name,claim_type",
        "ar_rollforward --by payer_name --where claim_type=professional",
        "cash_reconciliation --by payer_name",
        "completion_factors --every week",
        "completed_payments --by line_of_business",
        "completed_pmpm --by payer_name,service_category",
        "expected_cash --with weeks=4 --by payer_name",
        "backtest_cash --with detail=true --with weeks=2",
    ],
)
def test_studies_are_shown_like_metrics(revcycle, words):
    name = words.split()[0]
    rows = json.loads(revcycle("show", *words.split(), "--json").stdout)
    assert rows
    assert list(csv.DictReader(io.StringIO(revcycle("show", *words.split(), "--csv").stdout)))
    assert "As of" in revcycle("show", *words.split()).stdout
    assert "Options of show" in revcycle("metrics", name).stdout


def test_studies_are_listed_with_metrics(revcycle):
    listed = {row["name"] for row in json.loads(revcycle("metrics", "--json").stdout)}
    assert listed == {*CATALOGUE, *STUDIES}


def test_a_balance_is_shown_on_any_days_with_other_buckets(revcycle):
    asked = ("at=2026-01-31,2026-02-28", "edges=45,90", "age_from=submission")
    words = "show ar_aging --with " + " --with ".join(asked)
    rows = json.loads(revcycle(*words.split(), "--json").stdout)
    assert {row["day"] for row in rows} == {"2026-01-31", "2026-02-28"}
    assert {row["age_bucket"] for row in rows} <= {"0-45", "46-90", ">90", "credit"}
    assert "with age_from" in revcycle("metrics", "ar_aging").stdout
    behind = revcycle("show", "ar_aging", "--rows", "--with", "at=2026-01-31", "--json").stdout
    assert all(row["day"] == "2026-01-31" for row in json.loads(behind))


def test_names_may_follow_commas_and_values_add_up(revcycle):
    show = ("show", "ar_aging", "--json", "--with")
    apart = revcycle(*show, "at=2026-01-31,2026-02-28", "--with", "edges=45,90").stdout
    assert json.loads(apart)
    assert revcycle(*show, "at=2026-01-31,2026-02-28,edges=45,90").stdout == apart
    twice = ("at=2026-01-31", "--with", "at=2026-02-28", "--with", "edges=45,90")
    assert revcycle(*show, *twice).stdout == apart


def test_tables_show_numbers_to_look_up_as_they_are_and_dollars_in_cents(revcycle):
    behind = revcycle("show", "underpayment_worklist", "--limit", "1", "--json").stdout
    (row,) = json.loads(behind)
    assert str(row["claim_id"]) in revcycle("show", "underpayment_worklist", "--limit", "1").stdout
    table = revcycle("show", "expected_cash", "--with", "weeks=1").stdout.splitlines()[1]
    assert re.search(r"\d\.\d\d\b", table)
    assert not re.search(r"\.\d{3}", table)
    assert not re.search(r"\.\d{4}.*\.\d{4}", revcycle("show", "completed_payments").stdout)
    assert "age_days" in revcycle("show", "ar_aging", "--rows").stdout
    assert "edit_code" in revcycle("show", "edit_rate", "--rows").stdout


def test_a_scorecard_is_few_columns_in_their_units_and_all_where_asked(revcycle):
    show = ("show", "payer_scorecard")
    done = revcycle(*show)
    head, first = done.stdout.splitlines()[:2]
    assert head.split("  ")[0] == "payer_name"
    assert "denial_rate (%)" in head
    assert "lag_p50 (days)" in head
    assert "rank" not in head
    rows = json.loads(revcycle(*show, "--json").stdout)
    assert len(rows[0]) == 39
    assert f"{rows[0]['denial_rate'] * 100:.1f}" in first.split()
    assert "denial_rate_rank_low" in rows[0]
    assert len(next(csv.reader(io.StringIO(revcycle(*show, "--csv").stdout)))) == 39
    every = revcycle(*show, "--columns", "all").stdout.splitlines()[0].split()
    assert every == list(rows[0])
    named = revcycle(*show, "--columns", "payer_name,lag_p50_rank").stdout.splitlines()[0].split()
    assert named == ["payer_name", "lag_p50_rank"]
    assert "unknown column" in revcycle(*show, "--columns", "nonsense").stderr
    assert "--columns all" in done.stdout


def test_a_back_test_tells_how_sure_its_coverage_is_and_warns(revcycle, capsys):
    head = revcycle("show", "backtest_cash", "--with", "weeks=2").stdout.splitlines()[0]
    assert "covered_80_low (%)" in head
    weeks = {"week": [1, 6, 7], "is_short_80": [False, True, True], "is_short_95": [None] * 3}
    tell_if_short(pl.DataFrame(weeks, schema_overrides={"is_short_95": pl.Boolean}))
    said = capsys.readouterr().err
    assert said.startswith("80 % bands held less than 80 %, and not by chance, 6, 7 weeks ahead")
    assert "95 %" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("show rate_drivers --by payer_name", "needs --metric"),
        ("show denial_bridge --by payer_name", "takes no --by"),
        ("show denial_cohorts --rows", "takes no --rows"),
        ("show initial_denial_rate --period 2026-03", "--period is of studies"),
        ("show denial_alerts --metric nonsense", "unknown metric"),
        ("show denial_alerts --metric pmpm", "no share"),
        ("show cash_curve --metric pmpm", "no wait"),
        ("show pmpm --clock received", "no wait"),
        ("show outcome_curve --clock received", "--clock"),
        ("show days_service_to_payment --clock received", "known: none"),
        ("sql denial_bridge", "study"),
        ("show expected_cash --with wek=4", "it takes weeks, at"),
        ("show expected_cash --with weeks", "name=value"),
        ("show initial_denial_rate --with at=2026-01-31", "it takes none"),
        ("show ar_aging --rows --with edges=30", "it takes at, age_from"),
        ("show ar_aging --with at=2099-01-31", "nothing is known"),
        ("show ar_aging --with at=soon", "not a date"),
        ("show ar_aging --with at=2026-01-31,soon", "not a date"),
        ("show ar_aging --with edges=a,b", "days above 0"),
        ("show aged_ar_share --with older_than=old", "whole number"),
        ("show days_in_ar --with window=30,60", "whole number"),
        ("show expected_cash --with weeks=few", "weeks is a whole number"),
        ("show expected_cash --with at=soon", "not a date"),
        ("show expected_cash --with at=2026-13-01", "write it as at=2026-10-31"),
        ("show expected_cash --with weeks=99", "1 to 52 weeks"),
        ("show expected_cash --with at=2026-01-31,2026-02-28", "one day"),
        ("show ar_aging --with at=2026-13-01", "'2026-13-01' is not a date"),
        ("show ar_aging --rows --with at=2026-13-01", "'2026-13-01' is not a date"),
        ("show ar_aging --rows --with at=2099-01-31", "nothing is known"),
        ("show ar_aging --with at=", "names no day"),
        ("show backtest_cash --with detail=maybe", "detail is true or false"),
        ("show backtest_cash --with detail=1", "detail is true or false"),
        ("show denial_worklist --with within=soon", "within is a whole number"),
        ("show denial_alerts --with false_alarms=few", "false_alarms is a number"),
        ("build --as-of 2026-13-01", "'2026-13-01' is not a date"),
    ],
)
def test_what_a_study_cannot_do_is_said_in_a_line(revcycle, words, said):
    done = revcycle(*words.split())
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_build_only_if_needed(revcycle):
    assert "up to date" in revcycle("build", "--if-needed").stdout
    newest = revcycle("build", "--if-needed").stdout.split()[-1]
    assert "facts built as of 2026-03-31" in revcycle("build", "--as-of", "2026-03-31").stdout
    assert "up to date" in revcycle("build", "--if-needed", "--as-of", "2026-03-31").stdout
    assert f"facts built as of {newest}" in revcycle("build", "--if-needed").stdout


def test_build_only_what_a_metric_needs(revcycle, tmp_path):
    """Facts and metrics can be named; what they do not need is dropped, and a new build has all."""
    copy = tmp_path / "only.duckdb"
    shutil.copyfile("it.duckdb", copy)
    whole = revcycle("show", "remittance_denial_rate", "--csv", "-d", copy).stdout
    assert "facts built" in revcycle("build", "--only", "remittance_denial_rate", "-d", copy).stdout
    part = revcycle("show", "remittance_denial_rate", "--csv", "-d", copy)
    assert (part.stdout, "not all" in part.stderr) == (whole, True)
    assert "not built yet" in revcycle("show", "initial_denial_rate", "-d", copy).stderr
    assert revcycle("build", "--only", "cash,ar_aging", "-d", copy).returncode == 0
    assert revcycle("show", "ar_aging", "-d", copy).returncode == 0
    assert "up to date" not in revcycle("build", "--if-needed", "-d", copy).stdout
    assert revcycle("show", "initial_denial_rate", "-d", copy).returncode == 0


def test_no_database_is_left_behind_by_a_mistake(revcycle, folder):
    assert revcycle("build", "-d", "typo.duckdb").returncode == 2
    assert revcycle("load", "nowhere/", "-d", "typo.duckdb").returncode == 2
    assert revcycle("load", SAMPLE / "broken" / "empty.edi", "-d", "typo.duckdb").returncode == 2
    assert not list(folder.glob("typo*"))


def test_an_empty_database_is_built_without_a_date(revcycle):
    done = revcycle("load", SAMPLE / "roster.csv", "--build", "-d", "side.duckdb")
    assert (done.returncode, "all empty" in done.stderr, "0001" in done.stdout) == (0, True, False)


def test_sample_writes_what_load_takes(revcycle):
    assert revcycle("sample", "made", "--claims", "60", "--months", "2").returncode == 0
    assert revcycle("load", "made", "-d", "made.duckdb").returncode == 0


def test_numbers_go_to_files(revcycle, folder):
    assert revcycle(
        "export", "metric", "initial_denial_rate", "m.xlsx", "--by", "payer_name"
    ).stdout
    shown = json.loads(
        revcycle("show", "initial_denial_rate", "--by", "payer_name", "--json").stdout
    )
    filed = pl.read_excel(folder / "m.xlsx", sheet_name="data")
    assert filed["n"].to_list() == [row["n"] for row in shown]
    about = pl.read_excel(folder / "m.xlsx", sheet_name="definition")
    assert {"definition", "as of", "codes"} <= set(about["name"])
    done = revcycle("show", "denial_worklist", "--limit", "7", "--out", "w.csv")
    assert "w.csv: 7 rows" in done.stdout
    assert "denial.parquet: " in revcycle("export", "table", "denial", "denial.parquet").stdout
    assert revcycle("export", "table", "denial", "denial.doc").returncode == 2


def test_a_database_goes_to_a_folder_and_back(revcycle):
    assert revcycle("export", "parquet", "whole").returncode == 0
    assert revcycle("import", "whole", "-d", "back.duckdb").returncode == 0
    assert revcycle("import", "whole", "-d", "back.duckdb").returncode == 2
    assert revcycle("files", "-d", "back.duckdb").stdout == revcycle("files").stdout


def test_a_formula_in_a_name_is_exported_inert():
    assert _inert("=cmd|' /C calc'!A0").startswith("'=")
    assert _inert(-3) == -3


def test_report_knows_its_notebook_in_any_folder(revcycle, monkeypatch):
    """Given no name it takes the overview; one of this folder comes before the library's own."""
    ran = []

    def make(book, out, *, formats, **_):
        ran.append((book, out, formats))
        return [out.with_name(f"{out.name}.{ending}") for ending in formats]

    monkeypatch.setattr("analytics.report.make", make)
    revcycle("build", "--if-needed")
    assert revcycle("report").stdout == f"{Path('reports/overview.html')}\n"
    assert ran[-1][0].is_file()
    assert ran[-1][1:] == (Path("reports/overview"), ["html"])
    revcycle("report", "denials", "--period", "2026-09", "--format", "html,xlsx", "--out", "sent")
    assert ran[-1][0].name == "02_denials.ipynb"
    assert ran[-1][1:] == (Path("sent/denials-2026-09"), ["html", "xlsx"])
    assert "has no data" not in revcycle("report", "--period", "2026-09").stderr
    empty = revcycle("report", "--period", "2030-01")  # made all the same, and said
    assert empty.returncode == 0
    assert "the period has no data: files tell of 2025-" in empty.stderr
    Path("notebooks").mkdir()
    Path("notebooks/02_denials.ipynb").touch()
    revcycle("report", "02_denials")
    assert ran[-1][0] == Path("notebooks/02_denials.ipynb")
    revcycle("report", "mine.ipynb", "--out", "x.xlsx")
    assert ran[-1] == (Path("mine.ipynb"), Path("x"), ["xlsx"])
    assert "did you mean 'denials'" in revcycle("report", "denial").stderr


def test_the_wheel_brings_the_notebook(tmp_path):
    built = WheelBuilder(str(Path(__file__).parents[1])).build(directory=str(tmp_path))
    with zipfile.ZipFile(next(iter(built))) as wheel:
        names = set(wheel.namelist())
    assert {"analytics/notebooks/02_denials.ipynb", "analytics/sql/core.sql"} <= names
    assert {"analytics/starting/files/gitignore", "analytics/report/templates/pdf.css"} <= names
    assert "analytics/notebooks/06_value_based_care.ipynb" in names
    assert not any(name.startswith(("notebooks/", "tests/")) for name in names)


def test_another_tolerance(revcycle):
    wide, usual = (
        json.loads(revcycle("show", "underpayment", "--json", *more).stdout)[0]["underpaid"]
        for more in (("--tolerance", "50,5"), ())
    )
    assert 0 < wide < usual
    lines, fewer = (
        len(json.loads(revcycle("show", "underpayment_worklist", "--json", *more).stdout))
        for more in (("--limit", "9999"), ("--limit", "9999", "--tolerance", "50,5"))
    )
    assert (lines, fewer) == (usual, wide)
    assert "--tolerance" in revcycle("metrics", "underpayment_worklist").stdout
    for name, tolerance in (
        ("underpayment", "a lot"), ("initial_denial_rate", "1,1"), ("denial_worklist", "1,1"),
        ("underpayment_worklist", "5"), ("denial_pareto", "1,1"),
    ):  # fmt: skip
        refused = revcycle("show", name, "--tolerance", tolerance)
        assert refused.returncode == 2
        assert "--tolerance" in refused.stderr
    assert revcycle("show", "underpayment", "--tolerance", "-1,1").returncode == 2


def test_help_and_version(revcycle):
    assert revcycle("--version").stdout.startswith("revcycle ")
    commands = ["sample", "load", "build", "metrics", "show", "sql", "report"]
    commands += ["files", "rejected", "check"]
    text = revcycle("--help").stdout
    for command in commands:
        assert command in text
        assert revcycle(command, "--help").returncode == 0


def test_reference_maps_are_listed_shown_and_exported(revcycle):
    listed = json.loads(revcycle("reference", "list", "--json").stdout)
    assert {row["map_name"]: row["file_name"] for row in listed} == {
        "carc": None, "rarc": None, "plb_reason": None, "em_code": None, "prompt_pay_rule": None,
        "assignment_code": None, "quality_measure": None, "quality_code": None,
        "payer_map": "payer_map.csv", "provider_map": "provider_map.csv",
    }  # fmt: skip
    assert all(len(row["version"]) == 12 for row in listed)
    one = json.loads(revcycle("reference", "show", "carc", "a1", "--json").stdout)
    assert [row["carc_code"] for row in one] == ["A1"]
    wrong = revcycle("reference", "show", "carc", "ZZ")
    assert (wrong.returncode, wrong.stderr) == (2, "revcycle: carc has no code ZZ\n")
    text = revcycle("reference", "export", "carc").stdout
    assert text == revcycle("reference", "export", "carc", "--shipped", "-d", "none.duckdb").stdout
    unmapped = json.loads(revcycle("reference", "show", "carc", "--unmapped", "--json").stdout)
    assert {"code", "n", "amount"} == set(unmapped[0])
    assert (
        json.loads(revcycle("reference", "show", "payer_map", "--unmapped", "--json").stdout) == []
    )


def test_a_specification_of_quality_measures_is_loaded_and_shown(revcycle, folder):
    codes = {"procedureCodes": [{"code": "99213"}], "minAge": 18}
    met = {"optionType": "performanceMet", "qualityCodes": [{"code": "G9899"}]}
    one = {"eligibilityOptions": [codes], "measureId": "112", "performanceOptions": [met]}
    (folder / "qpp-single-source-2026.json").write_text(json.dumps({"112": one}))
    database = ("-d", "quality.duckdb")
    revcycle("build", *database)
    loaded = revcycle("reference", "load", "qpp-single-source-2026.json", *database)
    assert (loaded.returncode, "quality_specification" in loaded.stdout) == (0, True)
    shown = revcycle("reference", "show", "quality_specification", "g9899", *database).stdout
    assert " 2026 " in shown.splitlines()[1], "a year is no number to add up"


def test_a_code_map_edited_is_loaded_used_and_named(revcycle, folder):
    database = ("-d", "edited.duckdb")
    revcycle("load", SAMPLE / "835", *database, "--build")
    text = revcycle("reference", "export", "carc").stdout
    (folder / "my.csv").write_text(text.replace(",hard,", ",firm,", 1))
    refused = revcycle("reference", "load", "carc", "my.csv", *database)
    assert refused.returncode == 2
    assert "column hardness: 'firm' is none of soft, hard, depends, na" in refused.stderr
    (folder / "my.csv").write_text(text.replace(",coding,", ",documentation,"))
    done = revcycle("reference", "load", "carc", "my.csv", *database, "--json")
    version = json.loads(done.stdout)["version"]
    stale = revcycle("show", "line_denial_rate", *database)
    assert "run revcycle build" in stale.stderr
    revcycle("build", *database)
    assert f"carc from my.csv ({version})" in revcycle("show", "line_denial_rate", *database).stdout
    assert revcycle("reference", "load", "carc", *database).returncode == 2
    assert revcycle("reference", "load", "carc", "--shipped", *database).returncode == 0


def test_published_files_are_loaded_listed_and_shown(revcycle, folder):
    (folder / "mce_v43_1_i10dx.csv").write_text(
        "code,start_date,end_date,flags\nA000,20151001,,adult\n"
    )
    database = ("-d", "published.duckdb")
    done = revcycle("reference", "load", "mce_v43_1_i10dx.csv", *database, "--json")
    assert json.loads(done.stdout)[0]["kind"] == "mce_diagnosis"
    [held] = [
        row
        for row in json.loads(revcycle("reference", "list", *database, "--json").stdout)
        if row["map_name"] == "mce_diagnosis"
    ]
    assert (held["version"], held["effective_to"]) == ("43.1", "2026-09-30")
    refused = revcycle("reference", "show", "mce_diagnosis", "--unmapped", *database)
    assert refused.returncode == 2
    assert "it takes no --unmapped" in refused.stderr
    shown = revcycle("reference", "show", "mce_diagnosis", "a00.0", *database, "--json")
    assert json.loads(shown.stdout)[0]["flags"] == ["adult"]
    wrong = revcycle("reference", "load", "ncci_ptp", "mce_v43_1_i10dx.csv", *database)
    assert (wrong.returncode, wrong.stderr) == (
        2, "revcycle: mce_v43_1_i10dx.csv is a file for mce_diagnosis, not for ncci_ptp\n",
    )  # fmt: skip
    nothing = revcycle("reference", "load", "mce.csv", "-d", "nothing.duckdb")
    assert nothing.stderr == "revcycle: no such file: mce.csv\n"
    assert not (folder / "nothing.duckdb").exists()


def test_coding_beside_peers_from_the_command_line(revcycle):
    shown = revcycle("show", "modifier_rate", "--with", "modifier=59,xe", "--json")
    assert json.loads(shown.stdout)[0]["hits"] == 0
    levels = json.loads(revcycle("show", "em_level_index", "--json").stdout)
    assert {row["em_family"] for row in levels} >= {"office_established"}
    refused = revcycle("show", "modifier_rate", "--with", "modifier=999")
    assert refused.returncode != 0
    assert "two letters or digits" in refused.stderr
    assert "code_over_code" in revcycle("metrics").stdout


def test_a_build_names_payers_of_rates_that_no_answer_has(revcycle, tmp_path):
    rates = tmp_path / "contract_rate.csv"
    rates.write_text(
        "payer_name,method_code,rate_percent,start_date\n"
        "Larkspur Advantge,PERCENT_OF_CHARGE,50,2025-01-01\n"
        "Zenith,PERCENT_OF_CHARGE,50,2025-01-01\n"
    )
    database = tmp_path / "some.duckdb"
    files = [*sorted((SAMPLE / "835").glob("*LARKSPUR*"))[:2], SAMPLE / "837" / "837P_2025-09.edi"]
    loaded = revcycle("load", *files, SAMPLE / "payer_map.csv", rates, "--database", database)
    assert loaded.returncode == 0
    said = revcycle("build", "--database", database).stderr
    assert "without answered claims: Zenith, 1\n" in said
    assert "Larkspur Advantge, 1 (is it Larkspur Advantage?)" in said
