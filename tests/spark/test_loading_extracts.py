"""Extracts by a column map, feeds and contracts: loaded on Spark as into DuckDB."""

from pathlib import Path

import pytest
from loaded import differing

from analytics.database import Database
from analytics.engines.loading import load as spark_load
from analytics.errors import DatabaseError
from analytics.loader import load

pytestmark = pytest.mark.spark


SAMPLE = Path(__file__).parents[2] / "sample_data"
MAP = SAMPLE / "extracts" / "billing_export.toml"
DATA = Path(__file__).parents[3] / "shared" / "data"
CONTRACT = """
name = "Ours"
track = "basic_e"
payer_name = "Medicare"
[year.2026]
benchmark_per_person_year = 11500.50
"""
POSTED = """
[[file]]
name = "posted"
pattern = "posted*.csv"
mode = "replace_period"
period = "Day"
[file.columns]
write_off.patient_control_number = "Acct"
write_off.write_off_date = "Day"
write_off.amount = "Amt"
"""


def test_keys_of_rows_are_known_within_a_load_and_over_loads(session, tmp_path):
    head, *lines = (SAMPLE / "extracts" / "billing_export.csv").read_text().splitlines(True)
    for name, part in (("1", lines[:60]), ("2", lines[40:90]), ("3", lines[80:120])):
        (tmp_path / f"billing_export_{name}.csv").write_text(head + "".join(part))
    first = [tmp_path / "billing_export_1.csv", *sorted((SAMPLE / "837").iterdir())[:1]]
    first.append(tmp_path / "billing_export_2.csv")
    later = [*first, tmp_path / "billing_export_3.csv"]
    with Database() as db:
        for paths in (first, later):
            asked = load(db, paths, map=MAP)
            assert spark_load(session, paths, tmp_path / "tables", map=MAP) == asked
            assert differing(tmp_path / "tables", db) == []
        assert asked.by_rule("rejected_by_rule")["row_loaded_before"] == 10


def test_a_later_file_replaces_periods_of_its_load_only(session, tmp_path):
    said = tmp_path / "map.toml"
    said.write_text(POSTED)
    files = [tmp_path / f"posted_{n}.csv" for n in range(3)]
    files[0].write_text("Acct,Day,Amt\nA,1/5/26,1\nB,2/20/26,2\n")
    files[1].write_text("Acct,Day,Amt\nC,1/6/26,3\n")
    files[2].write_text("Acct,Day,Amt\nD,2/6/26,4\n")
    with Database() as db:
        asked = load(db, files[:2], map=said)
        assert spark_load(session, files[:2], tmp_path / "tables", map=said) == asked
        assert asked.total("replaced_rows") == 1
        assert differing(tmp_path / "tables", db) == []
        with pytest.raises(DatabaseError, match="replaces periods"):
            spark_load(session, files, tmp_path / "tables", map=said)
        assert differing(tmp_path / "tables", db) == []


def test_maps_contracts_and_what_is_no_file_at_all(session, tmp_path):
    """Two maps of payers: the later is the truth, in one load and over two."""
    text = (SAMPLE / "payer_map.csv").read_text().splitlines(True)
    (tmp_path / "payer_map_1.csv").write_text("".join(text[:3]))
    (tmp_path / "payer_map_2.csv").write_text("".join(text[:5]))
    (tmp_path / "ours.toml").write_text(CONTRACT)
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    (tmp_path / "none.edi").touch()
    paths = [tmp_path / n for n in ("payer_map_2.csv", "ours.toml", "odd.csv", "none.edi")]
    with Database() as db:
        for given in (paths, [*paths, tmp_path / "payer_map_1.csv"]):
            assert spark_load(session, given, tmp_path / "tables") == load(db, given)
            assert differing(tmp_path / "tables", db) == []
        assert db.sql("SELECT count(*) FROM payer_map").item() == 2
        assert db.sql("SELECT count(*) FROM source_file").item() == 5


@pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
def test_payers_feeds(session, tmp_path):
    beside = ("ExplanationOfBenefit.ndjson", "Patient.ndjson", "cclf")
    paths = [DATA / "tuva_cclf_seeds", *(DATA / "bcda" / name for name in beside)]
    with Database() as db:
        asked = load(db, paths)
        assert asked.total("payer_claims") > 10
        assert spark_load(session, paths, tmp_path / "tables") == asked
        assert differing(tmp_path / "tables", db) == []
