"""Airflow 2.4 or later: load what came, build what that changed, make what is due, each a task.

Nothing is retried: a report that fails stays as it was and is made by the next run that succeeds.
"""

import datetime as dt

from airflow import DAG
from airflow.operators.bash import BashOperator

FOLDER = "/srv/revcycle"
PATH = "/opt/revcycle/.venv/bin:/usr/bin:/bin"

with DAG(
    dag_id="revcycle_reports",
    schedule="10 6 * * *",
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,  # `revcycle run` catches up by itself
    max_active_runs=1,
    default_args={"retries": 0},
    tags=["revcycle"],
):

    def task(name: str, command: str) -> BashOperator:
        """A task that runs in the working folder."""
        return BashOperator(
            task_id=name, bash_command=command, cwd=FOLDER, env={"PATH": PATH}, append_env=True
        )

    # 1: something was kept out, which `revcycle rejected` tells; the rest is loaded.
    load = task("load", "revcycle load extracts/ || test $? -eq 1")
    build = task("build", "revcycle build --if-needed")
    run = task("run", "revcycle run reports.toml")
    load >> build >> run
