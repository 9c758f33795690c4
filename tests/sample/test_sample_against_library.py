"""What the sample breaks, as the library finds it.  The right answers: tests/test_truth.py."""

import json

from analytics import loader
from analytics.database import Database


def test_damaged_files_load_as_expected(folder):
    broken = folder / "broken"
    expected = json.loads((broken / "expected.json").read_text())
    database = Database(":memory:")
    good = next(iter(sorted(folder.glob("835/*MEDICARE*.edi"))))
    loader.load(database, good)
    counts = "SELECT (SELECT count(*) FROM claim), (SELECT count(*) FROM remit_claim)"
    for name, one in expected.items():
        before = database.sql(counts).row(0)
        loader.load(database, broken / name)
        after = database.sql(counts).row(0)
        found = tuple(b - a for a, b in zip(before, after, strict=True))
        assert found == (one["readable_claims"], one["readable_remit_claims"]), name
    database.close()
