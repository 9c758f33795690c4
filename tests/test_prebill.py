"""Claims edited before they are sent: the same edits as when loaded, nothing loaded, no people."""

import json
import shutil
from pathlib import Path

import pytest
from drawing import CODES, SAMPLE
from typer.testing import CliRunner

from analytics.cli import app
from analytics.database import Database
from analytics.loader import load
from analytics.metrics.coding import edit_rate
from analytics.prebilling import prebill

TABLES = (
    "reference_file", "icd10cm_code", "icd10cm_exclusion", "ncci_ptp", "ncci_mue", "hcpcs_code",
    "nucc_taxonomy", "payer_map", "provider_map",
)  # fmt: skip
FOUND = """
SELECT billed_claim.record_no, line_edit.line_no, edit_code, finding
FROM line_edit
JOIN billed_claim ON billed_claim.claim_id = line_edit.claim_id
JOIN source_file ON source_file.file_id = billed_claim.file_id
WHERE source_file.file_name = $name
"""


@pytest.fixture(scope="module")
def file() -> Path:
    return sorted(p for p in SAMPLE.rglob("837P*.edi") if "broken" not in p.parts)[-1]


def test_the_edits_are_those_of_the_file_loaded(db, file):
    with Database() as alone:
        for table in TABLES:
            alone.connection.from_arrow(db.sql(f"FROM {table}").to_arrow()).insert_into(table)
        found = prebill(alone, file)
        assert alone.sql("SELECT count(*) FROM claim").item() == 0
        told = {
            (row["claim_segment"], row["line_no"], one["edit"], one["finding"])
            for row in found.lines.iter_rows(named=True)
            for one in row["edits"]
        }
        load(alone, file)
        alone.build()
        expected = set(alone.sql(FOUND, name=file.name).rows())
        unchecked = edit_rate.excluded(alone)["n"].sum()
    assert told == expected
    assert len({edit for _, _, edit, _ in told}) > 3
    assert found.unchecked["claims"].sum() == unchecked


def test_the_chance_is_the_payers_where_the_service_is_new_and_near_its_own_where_known(db, file):
    found = prebill(db, file).lines.drop_nulls("line_no")
    assert found["denial_chance"].null_count() == 0
    assert found["denial_chance"].is_between(0, 1).all()
    payers = found.group_by("payer_name").agg("payer_chance").explode("payer_chance")
    past = db.sql(
        "SELECT payer_name, avg(CAST(is_denied AS INTEGER)) FROM answered_line "
        "WHERE is_first_answer AND claim_id IS NOT NULL AND NOT is_duplicate GROUP BY 1"
    )
    share = dict(past.iter_rows())
    for payer, chance in payers.iter_rows():
        assert chance == pytest.approx(share[payer])


def test_without_facts_there_is_no_chance_and_without_tables_no_edit_of_them(file):
    with Database() as bare:
        found = prebill(bare, file)
    assert found.lines["denial_chance"].null_count() == len(found.lines)
    assert {"PTP-1", "MUE-1", "ICD-1", "GLB-1"} <= set(found.unchecked["edit_code"])


def test_on_the_command_line_places_are_named_and_people_are_not(file, tmp_path):
    path, sent = tmp_path / "main.duckdb", tmp_path / "batch.edi"
    shutil.copy(file, sent)
    run = CliRunner().invoke
    missing = run(app, ["check", "--edits", str(sent), "-d", str(path)])
    assert missing.exit_code != 0
    with Database(path) as held:
        load(held, SAMPLE)
        held.connection.execute(CODES)
        held.build()
        people = held.sql("SELECT last_name, member_id FROM patient").rows()
    size = path.stat().st_size
    said = run(app, ["check", "--edits", str(sent), "-d", str(path)])
    assert said.exit_code == 1
    assert path.stat().st_size == size
    assert "HCP-1" in said.stdout
    assert "not checked: STS-1" in said.stdout
    assert not [name for row in people for name in row if name and f" {name} " in said.stdout]
    told = json.loads(run(app, ["check", "--edits", "--json", str(sent), "-d", str(path)]).stdout)
    lines = told[0]["edits"]["lines"]
    assert any(one["edit"] == "PTP-1" for line in lines for one in line["edits"])
    assert all(line["segment"] > 0 for line in lines)
