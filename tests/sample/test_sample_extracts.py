"""The sample's extracts: loaded by their maps, they give what their part of the X12 files gives."""

from pathlib import Path

import pytest
import sample_wire as wire
from polars.testing import assert_frame_equal

from analytics import metrics
from analytics.database import Database
from analytics.loader import load
from analytics.maps import read_map

SAMPLE = Path(__file__).parents[2] / "sample_data"
EXTRACTS = SAMPLE / "extracts"
MONTHS = ("2026-07", "2026-08")
NAMES = {
    "billing_export": "billing_export.csv",
    "remittance_export": "remittance_export.txt",
    "denial_log": "denial_log.tsv",
}


def denials(target):
    """835 files with the claims of the log alone: denied whole, each line for a reason."""
    for path in sorted((SAMPLE / "835").glob("835_QUINCEFIELD_*.edi")):
        segments, _ = wire.read(path)
        (target / path.name).write_text(written(segments))
    return [target]


def written(segments):
    """The segments of such claims in sets that balance: nothing was paid."""
    kept, body = [], []
    for one in [*wire.sets(segments), None]:
        if body:
            kept += [*body, ["SE", str(len(body) + 1), body[0][2]]]
        body = settled(one) if one else []
    head, end = segments[:2], [["GE", "1", segments[1][6]], ["IEA", "1", segments[0][13]]]
    return "~".join("*".join(s) for s in [*head, *kept, *end]) + "~"


def settled(one):
    starts = [place for place, segment in enumerate(one) if segment[0] == "CLP"]
    head = one[: starts[0]] if starts else []
    claims = [
        one[start:stop] for start, stop in zip(starts, [*starts[1:], len(one) - 1], strict=True)
    ]
    claims = [[s for s in claim if s[0] not in ("PLB", "SE")] for claim in claims]
    claims = [claim for claim in claims if claim[0][2] == "4" and is_reasoned(claim)]
    for segment in head:
        if segment[0] == "BPR":
            segment[2] = "0"
    return [*head, *(segment for claim in claims for segment in claim)] if claims else []


def is_reasoned(claim):
    """Whether each line has an adjustment."""
    names = "".join("L" if s[0] == "SVC" else "A" if s[0] == "CAS" else "" for s in claim)
    return "LL" not in names and not names.endswith("L")


def same_part(name, target):
    """The X12 files that say what an extract says."""
    if name == "billing_export":
        return [SAMPLE / "837" / f"837P_{month}.edi" for month in MONTHS]
    if name == "remittance_export":
        return [SAMPLE / "835" / f"835_TALLOWMERE_{month}.edi" for month in MONTHS]
    return denials(target)


CORE = {
    "claim": ("patient_control_number", "submission_date", "frequency_code", "billed_amount",
              "payer_sequence_code", "billing_npi", "rendering_npi", "service_from_date",
              "principal_diagnosis_code"),
    "claim_line": ("procedure_code", "modifier_key", "units", "billed_amount", "ndc_code",
                   "line_control_number", "service_from_date", "place_of_service_code"),
    "claim_diagnosis": ("diagnosis_code", "kind", "position"),
    "remit": ("trace_number", "payment_date", "payment_amount"),
    "remit_claim": ("patient_control_number", "payer_claim_number", "status_code",
                    "charge_amount", "paid_amount", "patient_responsibility_amount",
                    "is_balanced"),
    "remit_line": ("line_control_number", "procedure_code", "modifier_key", "charge_amount",
                   "paid_amount", "service_from_date", "is_balanced"),
    "adjustment": ("group_code", "carc_code", "amount"),
}  # fmt: skip


def loaded(db, name, how, target):
    """The extract by its map, or the X12 that says the same."""
    if how == "x12":
        report = load(db, same_part(name, target))
    else:
        report = load(db, EXTRACTS / NAMES[name], map=EXTRACTS / f"{name}.toml")
    assert report.is_clean, str(report)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_core_tables_hold_the_same_rows(name, tmp_path):
    with Database() as one, Database() as other:
        loaded(one, name, "x12", tmp_path)
        loaded(other, name, "map", tmp_path)
        for table, columns in CORE.items():
            query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY ALL"
            assert_frame_equal(one.sql(query), other.sql(query))
        assert one.sql("SELECT count(*) FROM claim").item() + len(one.sql("FROM remit_claim")) > 40


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "beside"),
    [(["billing_export"], "835"), (["remittance_export", "denial_log"], "837")],
    ids=["claims", "remittances"],
)
def test_every_metric_is_the_same(names, beside, tmp_path):
    read = {metric.fact.name for metric in metrics.CATALOGUE.values()}
    with Database(threads=1) as one, Database(threads=1) as other:
        for db, how in ((one, "x12"), (other, "map")):
            load(db, [SAMPLE / beside, SAMPLE / "payer_map.csv", SAMPLE / "provider_map.csv"])
            for name in names:
                loaded(db, name, how, tmp_path)
            db.build(only=read)
        for metric in metrics.CATALOGUE.values():
            assert_frame_equal(metric(one), metric(other), check_row_order=False)
        rate = metrics.CATALOGUE["initial_denial_rate"]
        both = [rate(db, by="payer_name", every="month") for db in (one, other)]
        assert_frame_equal(*both)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_map_reads_every_column_that_it_names(name):
    (file,) = read_map(EXTRACTS / f"{name}.toml").files
    assert file.is_of(NAMES[name])


def test_the_extracts_are_small_and_not_loaded_with_the_sample():
    paths = list(EXTRACTS.iterdir())
    assert len(paths) == 2 * len(NAMES)
    assert all(path.stat().st_size < 300 << 10 for path in paths)
    with Database() as db:
        load(db, SAMPLE)
        names = db.sql("SELECT file_name FROM source_file")["file_name"]
    assert not names.is_in([*NAMES.values()]).any()
    assert not names.str.ends_with(".toml").any()
