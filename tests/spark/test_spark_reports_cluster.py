"""The command makes a report by a Connect server and by a master, each with workers of its own."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
from cluster import cluster
from nested import duck_of
from small import JVM
from small import SETTINGS as SMALL

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        find_spec("grpc") is None, reason="grpc is not installed: pip install revcycle[spark]"
    ),
]
# The server has one worker, who comes beside it the other.
SETTINGS = {
    **SMALL,
    "spark.cores.max": "1",
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": JVM,
    "spark.connect.grpc.binding.address": "127.0.0.1",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster"), SETTINGS) as made:
        yield made


@pytest.fixture(scope="module")
def duck(folder, tmp_path_factory):
    return duck_of(folder, tmp_path_factory.mktemp("duck"))


@pytest.fixture
def report(small_settings, tmp_path):
    """Run `revcycle report` as a process; gives the page."""

    def run(name, database, *words):
        out = tmp_path / f"{len(words)}.html"
        command = [sys.executable, "-m", "analytics", "report", name, "--out", out, *words]
        given = {**os.environ, **small_settings, "REVCYCLE_DATABASE": str(database)}
        done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=1200)
        assert done.returncode == 0, done.stderr[-2000:]
        assert "WARN" not in done.stdout + done.stderr
        return out.read_bytes()

    return run


@pytest.mark.parametrize(("name", "form"), [("data_quality", "sc"), ("denials", "spark")])
def test_a_report_is_the_same(name, form, running, folder, duck, report):
    address = running.url if form == "sc" else running.master
    assert report(name, folder, "--engine", address) == report(name, duck)
