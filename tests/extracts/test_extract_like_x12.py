"""The sample's claims and payments, written as extracts and read back by a map, are what X12 made.

Every column that a map can fill goes the round; then every metric gives the same numbers.
"""

import polars as pl
import pytest
from drawing import SAMPLE
from polars.testing import assert_frame_equal

import analytics as rc
from analytics.maps.targets import columns
from analytics.metrics import CATALOGUE

ADJUSTMENTS, REMARKS, DIAGNOSES = 6, 4, 6
LISTS = ("modifiers", "diagnosis_pointers")

# What no map can say: statuses of files, payments withheld from a whole check, diagnoses that are
# numbered apart, and payments told without lines (they are a file of their own).
LEFT_OUT = """
DELETE FROM acknowledgement;
DELETE FROM acknowledgement_error;
DELETE FROM provider_adjustment;
DELETE FROM claim_diagnosis WHERE kind NOT IN ('principal', 'other');
CREATE TEMP TABLE gone AS
SELECT remit_claim_id FROM adjustment WHERE remit_line_id IS NULL
UNION SELECT remit_claim_id FROM remark WHERE remit_line_id IS NULL
UNION SELECT remit_claim_id FROM remit_claim
    WHERE remit_claim_id NOT IN (SELECT remit_claim_id FROM remit_line);
DELETE FROM remit_claim WHERE remit_claim_id IN (SELECT remit_claim_id FROM gone);
DELETE FROM remit_line WHERE remit_claim_id IN (SELECT remit_claim_id FROM gone);
DELETE FROM adjustment WHERE remit_claim_id IN (SELECT remit_claim_id FROM gone);
DELETE FROM remark WHERE remit_claim_id IN (SELECT remit_claim_id FROM gone);
DELETE FROM remit WHERE remit_id NOT IN (SELECT remit_id FROM remit_claim);
UPDATE source_file SET
    paid_amount = (SELECT coalesce(sum(paid_amount), 0) FROM remit_claim
        WHERE remit_claim.file_id = source_file.file_id);
"""


def cells(table, alias, prefix):
    """A table's columns as cells of a file, and the entries of a map that read them."""
    found, said = [], []
    for name in columns(table):
        if name == "group_and_carc_code":
            continue
        value = f"array_to_string({alias}.{name}, ' ')" if name in LISTS else f"{alias}.{name}"
        found.append(f'{value} AS "{prefix}{name}"')
        said.append(f'{table}.{name} = "{prefix}{name}"')
    return found, said


def wide(names, alias, count, prefix):
    """Cells of what a list of structs holds, side by side."""
    return [
        f'{alias}[{n}].{name} AS "{prefix}{name} {n}"'
        for n in range(1, count + 1)
        for name in names
    ]


CODES = {
    "claim_diagnosis": ("diagnosis_code", "kind", "code_system", "present_on_admission_code"),
    "adjustment": ("group_code", "carc_code", "amount", "quantity"),
    "remark": ("rarc_code", "source"),
}


def of_claims():
    """The query of a file of claim lines, and its map."""
    found, said = [], []
    for table, alias, prefix in (
        ("claim", "claim", "c "), ("claim_line", "l", "l "), ("patient", "p", "p "),
        ("subscriber", "s", "s "), ("payer", "y", "y "),
    ):  # fmt: skip
        more, entries = cells(table, alias, prefix)
        found, said = found + more, said + entries
    for who in ("billing", "rendering"):
        found.append(f'{who}.provider_name AS "{who}"')
        said.append(f'{who}_provider.provider_name = "{who}"')
    found += wide(CODES["claim_diagnosis"], "d.codes", DIAGNOSES, "d ")
    said += [f'claim_diagnosis.{n} = "d {n} {{n}}"' for n in CODES["claim_diagnosis"]]
    query = f"""
        SELECT claim.claim_id AS claim, {", ".join(found)}
        FROM claim JOIN claim_line AS l USING (claim_id)
        LEFT JOIN patient AS p ON p.patient_id = claim.patient_id
        LEFT JOIN patient AS s ON s.patient_id = claim.subscriber_id
        LEFT JOIN payer AS y ON y.payer_id = claim.payer_id
        LEFT JOIN provider AS billing ON billing.npi = claim.billing_npi
        LEFT JOIN provider AS rendering ON rendering.npi = claim.rendering_npi
        LEFT JOIN (
            SELECT claim_id, list(claim_diagnosis ORDER BY position) AS codes
            FROM claim_diagnosis GROUP BY claim_id
        ) AS d ON d.claim_id = claim.claim_id
        ORDER BY claim.claim_id, l.line_no
    """
    return query, 'keys.claim = ["claim"]\n', said


def of_remits():
    """The query of a file of answered lines, and its map."""
    found, said = [], []
    for table, alias, prefix in (
        ("remit", "r", "r "), ("remit_claim", "c", "c "), ("remit_line", "l", "l "),
        ("patient", "p", "p "), ("payer", "y", "y "),
    ):  # fmt: skip
        more, entries = cells(table, alias, prefix)
        found, said = found + more, said + entries
    for table, prefix, count in (("adjustment", "a ", ADJUSTMENTS), ("remark", "k ", REMARKS)):
        found += wide(CODES[table], f"{table}s.codes", count, prefix)
        said += [f'{table}.{n} = "{prefix}{n} {{n}}"' for n in CODES[table]]
    query = f"""
        SELECT r.remit_id AS remit, c.remit_claim_id AS claim, {", ".join(found)}
        FROM remit AS r JOIN remit_claim AS c USING (remit_id)
        JOIN remit_line AS l ON l.remit_claim_id = c.remit_claim_id
        LEFT JOIN patient AS p ON p.patient_id = c.patient_id
        LEFT JOIN payer AS y ON y.payer_id = r.payer_id
        LEFT JOIN (SELECT remit_line_id, list(adjustment ORDER BY record_no, position) AS codes
            FROM adjustment GROUP BY 1) AS adjustments
            ON adjustments.remit_line_id = l.remit_line_id
        LEFT JOIN (SELECT remit_line_id, list(remark ORDER BY record_no, position) AS codes
            FROM remark GROUP BY 1) AS remarks ON remarks.remit_line_id = l.remit_line_id
        ORDER BY r.remit_id, c.remit_claim_id, l.line_no
    """
    return query, 'keys.remit = ["remit"]\nkeys.remit_claim = ["claim"]\n', said


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The sample as X12 made it, and as it came back out of extracts."""
    folder = tmp_path_factory.mktemp("extracts")
    x12, mapped = rc.Database(), rc.Database()
    rc.load(x12, SAMPLE, progress=False)
    for statement in LEFT_OUT.split(";"):
        if statement.strip():
            x12.connection.execute(statement)
    text = ""
    for name, (query, keys, said) in (("claims", of_claims()), ("remits", of_remits())):
        x12.sql(query).write_csv(folder / f"{name}.csv")
        entries = "\n".join(said)
        text += f'[[file]]\npattern = "{name}.csv"\ngrain = "line"\n{keys}'
        text += f"[file.columns]\n{entries}\n"
    (folder / "map.toml").write_text(text)
    report = rc.load(mapped, folder, map=folder / "map.toml", progress=False)
    assert report.is_clean, str(report)
    sides = [p for p in SAMPLE.glob("*.csv") if p.name != "README.md"]
    rc.load(mapped, sides, progress=False)
    as_of = x12.build()
    mapped.build(as_of)
    yield x12, mapped
    x12.close()
    mapped.close()


@pytest.mark.parametrize(
    "table", ["claim", "claim_line", "claim_diagnosis", "remit", "remit_claim", "remit_line",
              "adjustment", "remark"],
)  # fmt: skip
def test_every_column_comes_back(both, table):
    names = [n for n in columns(table) if n != "group_and_carc_code"]
    if "modifiers" in names:
        names.append("modifier_key")
    said = ", ".join(f"array_to_string({n}, ' ') AS {n}" if n in LISTS else n for n in names)
    one, other = (db.sql(f"SELECT {said} FROM {table} ORDER BY ALL") for db in both)
    assert one.height == other.height > 0
    for name in names:
        assert one[name].equals(other[name], null_equal=True), name


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_metric_gives_the_same_numbers(both, name):
    one, other = (metric_of(db, name) for db in both)
    assert_frame_equal(one, other, rel_tol=1e-12)  # sums of floats depend on their order


def metric_of(db, name):
    """A metric's frame, whose rows do not depend on ids."""
    frame = CATALOGUE[name](db)
    return frame.sort(pl.all()) if frame.height > 1 else frame
