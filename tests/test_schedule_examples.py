"""The examples of schedulers are of the form their program reads, and call what there is."""

import configparser
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

from analytics.cli import app

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
DAILY = EXAMPLES / "daily.sh"


def text(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",))
    parser.optionxform = str
    parser.read_string(text(name))
    return parser


def test_commands_are_those_of_the_library():
    known = {command.name for command in app.registered_commands}
    for name in ("daily.sh", "airflow_dag.py"):
        called = set(re.findall(r'(?m)(?:^|exec |")revcycle (\w+)', text(name)))
        assert called == {"load", "build", "run"}
        assert called <= known


@pytest.mark.skipif(os.name != "posix", reason="a script for the shell of POSIX")
@pytest.mark.parametrize(
    ("codes", "calls", "ended"),
    [
        ({}, ["load", "build", "run"], 0),
        ({"load": 1}, ["load", "build", "run"], 0),  # partly rejected is no reason not to report
        ({"load": 2}, ["load"], 2),
        ({"build": 2}, ["load", "build"], 2),
        ({"run": 1}, ["load", "build", "run"], 1),
    ],
)
def test_the_script_goes_on_where_it_may_and_ends_with_what_run_says(tmp_path, codes, calls, ended):
    cases = "".join(f"{name}) exit {code};; " for name, code in codes.items())
    program = tmp_path / "revcycle"
    program.write_text(f'#!/bin/sh\necho "$1"\ncase "$1" in {cases}*) exit 0;; esac\n')
    program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    given = {**os.environ, "PATH": path, "REVCYCLE_FOLDER": str(tmp_path)}
    done = subprocess.run(["/bin/sh", str(DAILY)], env=given, capture_output=True, text=True)
    assert (done.stdout.split(), done.returncode) == (calls, ended)


def test_the_line_for_cron_has_five_fields_and_a_command():
    lines = [line for line in text("crontab").splitlines() if line and not line.startswith("#")]
    *settings, line = lines
    assert all(re.fullmatch(r"[A-Z_]+=\S+", one) for one in settings)
    minute, hour, *others, command = line.split(maxsplit=5)
    assert (0 <= int(minute) < 60, 0 <= int(hour) < 24, others) == (True, True, ["*"] * 3)
    assert command.startswith("/srv/revcycle/daily.sh ")
    assert "%" not in command  # cron takes it for the end of a line


def test_the_timer_and_its_service_belong_together():
    service, timer = unit("revcycle.service"), unit("revcycle.timer")
    assert service["Service"]["Type"] == "oneshot"
    assert service["Service"]["ExecStart"].endswith("/srv/revcycle/daily.sh")
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:00", timer["Timer"]["OnCalendar"])
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_workflow_runs_the_script_on_a_runner_of_ones_own():
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    told = yaml.safe_load(text("github-actions.yml"))
    job = told["jobs"]["reports"]
    assert "self-hosted" in job["runs-on"]
    assert told["permissions"] == {}
    assert told[True]["schedule"][0]["cron"].count(" ") == 4  # YAML reads `on` as a truth value
    (step,) = job["steps"]
    assert step["run"].strip().endswith("/srv/revcycle/daily.sh")


def test_the_dag_is_three_tasks_one_after_the_other(monkeypatch):
    """Airflow is not installed here: what the file asks of it is noted down."""
    made, after, dags = [], [], []

    class Operator:
        def __init__(self, **given):
            self.given = given
            made.append(given)

        def __rshift__(self, other):
            after.append((self.given["task_id"], other.given["task_id"]))
            return other

    class Dag:
        def __init__(self, **given):
            dags.append(given)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    for name in ("airflow", "airflow.operators", "airflow.operators.bash"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["airflow"].DAG = Dag
    sys.modules["airflow.operators.bash"].BashOperator = Operator
    exec(compile(text("airflow_dag.py"), "airflow_dag.py", "exec"), {"__name__": "dag"})  # noqa: S102
    assert after == [("load", "build"), ("build", "run")]
    assert [one["bash_command"].split()[1] for one in made] == ["load", "build", "run"]
    assert dags[0]["default_args"] == {"retries": 0}
    assert dags[0]["catchup"] is False
