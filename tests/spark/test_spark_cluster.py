"""The thin client of Spark Connect, before a server with two workers, each a process of its own."""

import shutil
import threading
import time
from importlib.util import find_spec

import pytest
from cluster import cluster
from comparing import assert_same, differing
from small import JVM
from small import SETTINGS as SMALL

from analytics.engines import Spark

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        find_spec("grpc") is None, reason="grpc is not installed: pip install revcycle[spark]"
    ),
]
SETTINGS = {
    **SMALL,
    "spark.executor.extraJavaOptions": JVM,
    "spark.executor.memory": "512m",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    # Each worker has its part of every query, and parts go from one to the other.
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.files.openCostInBytes": "0",
    "spark.sql.files.minPartitionNum": "2",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
}
# Some seconds of work for two workers: millions of pairs.
LONG = """
SELECT one.payer_name, count(*) AS n, CAST(sum(one.charge_amount) AS DECIMAL(18, 2)) AS amount
FROM answered_line AS one
JOIN answered_line AS other ON other.payer_name = one.payer_name
WHERE one.charge_amount <> other.charge_amount + 1 AND one.line_no = 1 AND other.line_no = 1
GROUP BY one.payer_name
ORDER BY one.payer_name ASC NULLS LAST
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster"), SETTINGS) as made:
        yield made


@pytest.fixture(scope="module")
def client(running):
    # A session of the client's, though the process has another of its own.
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(running.url).create()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def remote(client, folder):
    return Spark(client).open(folder)


def test_it_is_a_thin_client_of_two_workers(client, remote):
    assert type(client).__module__.startswith("pyspark.sql.connect")
    executors = "SELECT count(*) AS n FROM (SELECT explode(sequence(1, 4)) AS n) AS four"
    assert remote.sql(executors).item() == 4


def test_every_metric_has_the_same_numbers(remote, db):
    assert differing(remote, db) == []


def test_a_worker_killed_within_a_query_changes_nothing(running, remote, db):
    found = []
    asking = threading.Thread(target=lambda: found.append(remote.sql(LONG)))
    asking.start()
    time.sleep(2)
    assert asking.is_alive(), "the query was too short to kill a worker within"
    running.kill("one")
    asking.join(timeout=400)
    (rows,) = found
    assert_same(rows, db.sql(LONG))
    running.wait("master", "Telling app of lost executor")


def test_one_worker_alone_builds_the_same_facts(client, remote, folder, db, tmp_path):
    other = tmp_path / "tables"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("facts"))
    names = ("person", "chain", "calendar_day", "adjustment_kind")
    built = Spark(client).build(other, only=names, progress=False)
    for name in names:
        wanted, found = (e.sql(f"SELECT * FROM {name}") for e in (db, built))
        order = wanted.columns
        assert_same(found.sort(order, nulls_last=True), wanted.sort(order, nulls_last=True))
    assert remote.as_of == built.as_of == db.as_of
