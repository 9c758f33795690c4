"""What metrics say of de-identified copies: the same, but for those named."""

import shutil

import pytest
from polars.testing import assert_frame_equal
from seldom import seldom

from analytics import Database, facts
from analytics.deidentifying import unequal
from analytics.deidentifying.declared import columns
from analytics.metrics import CATALOGUE, STUDIES

WAYS = [
    ("limited", "keep"),
    ("limited", "shift"),
    ("limited", "year"),
    ("safe-harbor", "shift"),
    ("safe-harbor", "year"),
]
CHANGED = WAYS[1:]


def opened(path):
    return Database(path, read_only=True)


def _metrics(path):
    with opened(path) as db:
        return {name: metric(db) for name, metric in CATALOGUE.items()}


@pytest.fixture(scope="session")
def told(named):
    return _metrics(named)


@pytest.mark.parametrize("way", seldom(WAYS, 2), ids="-".join)
def test_every_metric_says_the_same_but_those_named(copy_of, told, way):
    others = unequal(way[1])
    assert set(others) <= set(CATALOGUE)
    for name, frame in _metrics(copy_of(*way)).items():
        if name not in others:
            kept = [c for c in frame.columns if c in ("value", "n", "hits", "top", "bottom")]
            whole = frame.columns if way[1] == "keep" else kept
            assert_frame_equal(frame.select(whole), told[name].select(whole))


@pytest.mark.parametrize("way", seldom(CHANGED, 1), ids="-".join)
def test_rates_by_payer_are_the_same(named, copy_of, way):
    with opened(named) as one, opened(copy_of(*way)) as other:
        for name, metric in CATALOGUE.items():
            if name not in unequal(way[1]) and "payer_name" in metric.dimensions:
                first, second = (metric(db, by="payer_name") for db in (one, other))
                assert_frame_equal(second.select(frame_of(first)), first.select(frame_of(first)))


def frame_of(frame):
    return [name for name in frame.columns if name in ("payer_name", "value", "n")]


@pytest.mark.parametrize("way", seldom(WAYS, 2), ids="-".join)
def test_every_study_runs(copy_of, way):
    with opened(copy_of(*way)) as db:
        for name, study in STUDIES.items():
            if name != "rate_drivers":  # which asks for two periods
                study(db)


def test_facts_built_of_a_limited_copy_are_those_it_has(copy_of, tmp_path):
    path = copy_of("limited", "keep")
    again = shutil.copy(path, tmp_path / "again.duckdb")
    with Database(again) as db:
        db.build()
        db.connection.execute(f"ATTACH '{path}' AS before (READ_ONLY)")
        for fact in facts.ALL:
            if not fact.is_view:
                text = ", ".join(f"CAST({name} AS VARCHAR)" for name in columns()[fact.name])
                new = f"SELECT {text} FROM {fact.name}"
                old = f"SELECT {text} FROM before.main.{fact.name}"
                for one, other in ((new, old), (old, new)):
                    more = db.sql(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").item()
                    assert more == 0, fact.name
