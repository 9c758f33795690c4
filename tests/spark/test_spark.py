"""Facts and metrics on Spark in this process: the same rows and numbers as on DuckDB."""

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from asked import CALLS
from comparing import SLICES, assert_same

from analytics import facts, parquet
from analytics.errors import (
    BadQueryError,
    DatabaseError,
    NotBuiltError,
    UnknownNameError,
)
from analytics.metrics import CATALOGUE
from analytics.query import Between

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def engine(session):
    from analytics.engines import Spark

    return Spark(session)


@pytest.mark.parametrize("fact", facts.ALL, ids=[fact.name for fact in facts.ALL])
def test_every_fact_has_the_same_rows(fact, spark, db):
    wanted = db.sql(f"SELECT * FROM {fact.name}")
    found = spark.sql(f"SELECT * FROM {fact.name}")
    assert found.schema == wanted.schema
    order = [name for name, of in wanted.schema.items() if not of.is_nested()]
    assert_same(found.sort(order, nulls_last=True), wanted.sort(order, nulls_last=True))


@pytest.mark.parametrize("asked", SLICES, ids=["whole", "sliced"])
@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_every_metric_has_the_same_numbers(metric, asked, spark, db):
    assert_same(metric(spark, **asked), metric(db, **asked))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_every_study_has_the_same_numbers(call, spark, db):
    assert_same(call(spark), call(db))


def test_what_is_behind_a_number_is_the_same(spark, db):
    for name in ("initial_denial_rate", "ar_aging", "pmpm"):
        metric = CATALOGUE[name]
        assert_same(metric.excluded(spark), metric.excluded(db))
        assert_same(metric.rows(spark, limit=20), metric.rows(db, limit=20))
        assert metric.row_count(spark) == metric.row_count(db)


@pytest.mark.parametrize(
    "where",
    [
        {"payer_name": ["Medicare", None]},
        {"payer_name": []},
        {"payer_name": None},
        {"payer_name": "x' OR 1=1 --"},
        {"submission_date": Between(dt.date(2026, 1, 1), dt.date(2026, 4, 1))},
        {"submission_date": Between(None, dt.date(2026, 4, 1), high_included=True)},
    ],
)
def test_filters_of_every_form(where, spark, db):
    rate = CATALOGUE["initial_denial_rate"]
    assert_same(rate(spark, where=where), rate(db, where=where))


def test_it_knows_the_day_and_the_maps_of_its_facts(spark, db):
    assert spark.as_of == db.as_of
    assert spark.code_map == db.code_map
    version = "SELECT facts_version FROM build_info"
    assert spark.sql(version).equals(db.sql(version))


def test_values_are_bound(spark):
    given = {"t": "it's :here", "n": 3, "d": dt.date(2026, 1, 2), "m": Decimal("1.50"), "b": True}
    found = spark.sql("SELECT $t AS t, $n AS n, $d AS d, $m AS m, $b AS b, '$t' AS kept", **given)
    assert found.row(0, named=True) == {**given, "kept": "$t"}


def test_what_is_built_can_be_opened(spark, engine, db):
    opened = engine.open(spark.folder)
    rate = CATALOGUE["denied_dollar_rate"]
    assert_same(rate(opened, by="payer_name"), rate(db, by="payer_name"))
    assert_same(rate(spark, by="payer_name"), rate(db, by="payer_name"))


def test_parts_of_queries_are_not_left(spark, session):
    parts = list(Path(spark.folder).glob("facts/revcycle_part_*.parquet"))
    assert parts
    assert all(session.read.parquet(str(part)).count() == 0 for part in parts)


def test_another_day_and_few_facts(engine, folder, tmp_path):
    """Two databases of one session do not mix, and a fact that was not asked for is not there."""
    other = tmp_path / "tables"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("facts"))
    day = dt.date(2026, 3, 31)
    past = engine.build(other, day, only=["calendar_day"], progress=False)
    assert past.as_of == day
    assert past.sql("SELECT max(calendar_date) AS day FROM calendar_day").item().year > 2040
    with pytest.raises(NotBuiltError):
        past.sql("SELECT count(*) FROM claim_outcome")
    with pytest.raises(NotBuiltError):
        engine.open(other).sql("SELECT count(*) FROM claim_outcome")


def test_a_folder_without_facts_gets_those_whose_names_are_columns_too(engine, folder, tmp_path):
    """`first_outcome` is a fact and a column of it, and `edit_code` one of facts made before it."""
    other = tmp_path / "tables"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("facts"))
    made = engine.build(other, only=["first_outcome", "edit_code"], progress=False)
    assert made.sql("SELECT count(*) AS n FROM first_outcome").item() > 0


def test_a_build_that_ended_early_is_none(engine, folder, tmp_path):
    other = tmp_path / "tables"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("facts"))
    engine.build(other, only=["known_payer"], progress=False)

    def stop(done, _all, _name):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.build(other, only=["known_provider", "known_payer"], progress=stop)
    with pytest.raises(NotBuiltError):
        engine.open(other)


def test_a_folder_that_is_no_export_is_refused(engine, folder, tmp_path):
    with pytest.raises(DatabaseError, match="not a whole Parquet export"):
        engine.build(tmp_path)
    with pytest.raises(NotBuiltError):
        engine.open(tmp_path)
    told = json.loads((folder / parquet.MANIFEST).read_text())
    (tmp_path / parquet.MANIFEST).write_text(json.dumps({**told, "schema_version": "old"}))
    with pytest.raises(DatabaseError, match="another version"):
        engine.build(tmp_path)


def test_a_copy_with_other_days_is_refused(engine, folder, db, tmp_path):
    other = tmp_path / "tables"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("facts"))
    rows = db.sql(
        "SELECT 'limited' AS level, 'shift' AS date_rule, FALSE AS is_provider_hidden, "
        "'0' AS key_fingerprint, '0' AS library_version, TIMESTAMP '2026-01-01' AS made_at"
    )
    rows.write_parquet(other / "deidentified.parquet")
    with pytest.raises(DatabaseError, match="de-identified copy"):
        engine.build(other)


def test_a_file_that_is_missing_is_told(engine, folder, tmp_path):
    shutil.copy(folder / parquet.MANIFEST, tmp_path)
    with pytest.raises(DatabaseError, match="a file of the folder is missing"):
        engine.build(tmp_path)


def test_errors_say_what_to_do_and_no_value(spark, engine, capfd):
    with pytest.raises(BadQueryError, match="nosuch"):
        spark.sql("SELECT nosuch FROM claim")
    with pytest.raises(BadQueryError):
        spark.sql("SELEC 1")
    with pytest.raises(BadQueryError, match="CAST_INVALID_INPUT") as caught:
        spark.sql("SELECT CAST(patient_control_number || 'x' AS DATE) AS n FROM claim")
    secrets = spark.sql("SELECT DISTINCT patient_control_number AS n FROM claim")["n"]
    said = "".join([str(caught.value), *capfd.readouterr()])
    assert not [secret for secret in secrets if secret in said]
    with pytest.raises(UnknownNameError):
        engine.build(spark.folder, only=["nosuch"])


class Old:
    version = "3.5.1"


def test_an_old_spark_is_refused(engine, session):
    with pytest.raises(DatabaseError, match=r"3\.5\.1 is too old"):
        type(engine)(Old())
    session.conf.set("spark.sql.ansi.enabled", "false")
    try:
        with pytest.raises(DatabaseError, match="ANSI"):
            type(engine)(session)
    finally:
        session.conf.unset("spark.sql.ansi.enabled")
