"""Files loaded on Spark, facts built there of what was loaded."""

import pytest

from analytics import sample
from analytics.database import Database
from analytics.engines import Spark
from analytics.loader import load

pytestmark = pytest.mark.spark


def test_facts_are_those_of_all_that_was_loaded(session, tmp_path):
    sample.write(tmp_path / "in", claims=40, months=1, seed=5)
    spark = Spark(session)
    with Database() as db:
        for folder in ("837", "835"):
            load(db, tmp_path / "in" / folder)
            spark.load(tmp_path / "in" / folder, tmp_path / "tables")
        db.build(only=["known_payer"])
        found = spark.build(tmp_path / "tables", only=["known_payer"], progress=False)
        asked = "SELECT count(*) AS n FROM {}"
        for name in ("known_payer", "claim", "remit_claim"):
            n = db.sql(asked.format(name)).item()
            assert found.sql(asked.format(name)).item() == n > 0
