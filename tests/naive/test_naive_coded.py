"""What was coded, against loops over the core tables: levels, modifiers, diagnoses."""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import naive_answers
import naive_draw
import naive_rows
import pytest

import analytics
from analytics import sample
from analytics.database import Database
from analytics.loader import load
from analytics.metrics.coded import em_level_mix, modifier_rate, unspecified_rate

READ = {one.fact.name for one in (em_level_mix, modifier_rate, unspecified_rate)}
AS_OF = {"sample": dt.date(2026, 10, 31), "sample, half-way": dt.date(2026, 3, 20)}
MAP = Path(analytics.__file__).parent / "sql" / "reference" / "em_codes.csv"
# What the random worlds lack: modifiers, E/M codes, renderers of single lines, diagnoses.
MORE = """
UPDATE claim SET claim_type = (['professional', 'institutional'])[1 + (claim_id % 5 = 0)::INT],
    rendering_npi = (claim_id % 4)::VARCHAR;
UPDATE claim_line SET
    modifier_key = (['', '25', '25,59', '59', 'LT', 'XE'])[1 + claim_line_id % 6],
    procedure_code = (['99213', '99214', '99283', '70010', '99291', NULL])[1 + claim_line_id % 7],
    rendering_npi = (claim_line_id % 5)::VARCHAR;
INSERT INTO provider_map (npi, provider_name, specialty)
VALUES ('1', 'One', 'Heart'), ('2', 'Two', 'Skin'), ('3', 'Three', NULL);
INSERT INTO claim_diagnosis (claim_id, position, diagnosis_code, kind, code_system)
SELECT claim_id, n, (['A09', 'A008', 'B99', 'C10'])[1 + (claim_id + n) % 4],
    (['principal', 'other', 'other'])[n], 'icd10'
FROM claim, range(1, 4) AS made(n);
"""
CODES = """
INSERT INTO reference_file (reference_id, kind, release, effective_from, effective_to)
VALUES (1, 'icd10cm_code', '2026', '2025-10-01', '2026-03-31');
INSERT INTO icd10cm_code (reference_id, code, is_billable, long_title)
SELECT DISTINCT 1, diagnosis_code, true,
    CASE WHEN diagnosis_code LIKE '%9' THEN 'Unspecified ailment' ELSE 'Ailment' END
FROM claim_diagnosis WHERE diagnosis_code NOT LIKE 'C%'
"""


@pytest.fixture(scope="module", params=[*AS_OF, "random 1", "random 2", "random 3"])
def world(request, tmp_path_factory):
    """A database, and each claim's first submission: those to a first payer and not voided."""
    if request.param in AS_OF:
        folder, as_of = tmp_path_factory.mktemp("sample"), AS_OF[request.param]
        sample.write(folder, claims=400, seed=31, files="single", with_truth=False)
        load(made := Database(), folder)
    else:
        as_of = dt.date(2026, 8, 1)
        made = naive_draw.database(int(request.param[-1]))
        made.connection.execute(MORE)
    with made as db:
        db.connection.execute(CODES)
        db.build(as_of, only=READ)
        chains, _ = naive_answers.chains(naive_rows.world(db, as_of))
        order = lambda one: (one["submission_date"], one["claim_id"])  # noqa: E731
        firsts = [min(c.submissions, key=order) for c in chains if c.void_day is None]
        yield db, [one for one in firsts if (one["payer_sequence_code"] or "P") == "P"]


def lines_of(db, firsts):
    """Each line billed first, with the claim it is of."""
    claims = {one["claim_id"]: one for one in firsts}
    lines = naive_rows.rows(db, "claim_line")
    return [(claims[one["claim_id"]], one) for one in lines if one["claim_id"] in claims]


def families() -> dict[str, tuple[str, int | None]]:
    with MAP.open() as file:
        return {
            one["procedure_code"]: (one["family"], int(one["level"]) if one["level"] else None)
            for one in csv.DictReader(file)
        }


def test_levels(world):
    db, firsts = world
    known, found = families(), Counter[tuple[str, int]]()
    for claim, line in lines_of(db, firsts):
        family, level = known.get(line["procedure_code"], ("", None))
        if level and claim["claim_type"] == "professional":
            found[family, level] += 1
    whole = Counter[str]()
    for (family, _), n in found.items():
        whole[family] += n
    assert found
    told = em_level_mix(db).select("em_family", "em_level", "n", "whole").rows()
    assert {(f, lv): (n, all_n) for f, lv, n, all_n in told} == {
        key: (n, whole[key[0]]) for key, n in found.items()
    }


def test_levels_by_who_gave_the_service(world):
    db, firsts = world
    known, found = families(), Counter[tuple[str | None, int]]()
    names = {one["npi"]: one["provider_name"] for one in naive_rows.rows(db, "provider")}
    mapped = {one["npi"]: one["provider_name"] for one in naive_rows.rows(db, "provider_map")}
    roster = {one["npi"]: one["provider_name"] for one in naive_rows.rows(db, "roster")}
    names = {**names, **roster, **mapped}
    for claim, line in lines_of(db, firsts):
        family, level = known.get(line["procedure_code"], ("", None))
        npi = line["rendering_npi"] or claim["rendering_npi"] or claim["attending_npi"]
        if level and claim["claim_type"] == "professional" and family.startswith("office"):
            found[names.get(npi, npi), level] += 1
    office = {"em_family": ["office_established"]}
    told = em_level_mix(db, by="rendering_provider", where=office)
    for who, level, n in told.select("rendering_provider", "em_level", "n").rows():
        if level > 3:  # only those with known patients have levels above 3 here
            assert found[who, level] == n


@pytest.mark.parametrize("modifier", ["25", "59", "LT"])
def test_modifiers(world, modifier):
    db, firsts = world
    known, hits, n = families(), 0, 0
    for _, line in lines_of(db, firsts):
        code = line["procedure_code"]
        on = {"25": code in known, "59": code not in known, "LT": True}[modifier]
        if code and on:
            n += 1
            hits += modifier in (line["modifier_key"] or "").split(",")
    assert n
    assert modifier_rate.of(modifier)(db).select("hits", "n").row(0) == (hits, n)


def test_unspecified_diagnoses(world):
    db, firsts = world
    claims, hits, n = {one["claim_id"]: one for one in firsts}, 0, 0
    for one in naive_rows.rows(db, "claim_diagnosis"):
        claim = claims.get(one["claim_id"])
        if claim is None or one["kind"] not in ("principal", "other"):
            continue
        day = claim["service_to_date"]
        in_force = day and dt.date(2025, 10, 1) <= day <= dt.date(2026, 3, 31)
        if in_force and not one["diagnosis_code"].startswith("C"):
            n += 1
            hits += one["diagnosis_code"].endswith("9")
    assert n > 0
    assert unspecified_rate(db).select("hits", "n").row(0) == (hits, n)
