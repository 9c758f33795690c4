"""FHIR claims: counts and dollars again with the json module; shapes, versions, bad lines."""

import datetime as dt
import gzip
import json
import random
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from drawing import OnDemand

from analytics import schema
from analytics.database import Database
from analytics.ingest.feeds import recognised, text
from analytics.loader import load

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
BLUE = "https://bluebutton.cms.gov/resources"
HL7 = "http://terminology.hl7.org/CodeSystem"
C4BB = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication"


def concept(*codings):
    return {"coding": [{"system": system, "code": code} for system, code in codings]}


def variable(name, value):
    coding = (f"{BLUE}/codesystem/adjudication", f"{BLUE}/variables/{name}")
    return {"category": concept(coding), "amount": {"value": value}}


def category(name, value):
    return {"category": concept((C4BB, name)), "amount": {"value": value}}


def claim(number="carrier-1", **changes):
    """A physician's claim as Blue Button says it (STU3 and R4 alike)."""
    item = {
        "sequence": 1,
        "productOrService": concept((f"{BLUE}/codesystem/hcpcs", "99213")),
        "modifier": [concept((f"{BLUE}/codesystem/hcpcs", "59"))],
        "servicedPeriod": {"start": "2025-05-30", "end": "2025-05-30"},
        "quantity": {"value": 1},
        "adjudication": [
            variable("line_sbmtd_chrg_amt", 150), variable("line_alowd_chrg_amt", 100.10),
            variable("line_nch_pmt_amt", 80.1), variable("line_prvdr_pmt_amt", 80.1),
        ],
    }  # fmt: skip
    return {
        "resourceType": "ExplanationOfBenefit", "id": number, "status": "active", "use": "claim",
        "type": concept((f"{BLUE}/variables/nch_clm_type_cd", "71"),
                        (f"{HL7}/claim-type", "professional")),
        "patient": {"reference": "Patient/-7"},
        "billablePeriod": {"start": "2025-05-30", "end": "2025-05-30"},
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept(
            ("http://hl7.org/fhir/sid/icd-10-cm", "E11.9")),
            "type": [concept((f"{HL7}/ex-diagnosistype", "principal"))]}],
        "item": [item], "payment": {"amount": {"value": 80.1}},
    } | changes  # fmt: skip


PATIENT = {
    "resourceType": "Patient", "id": "-7", "gender": "female", "birthDate": "1945-11-11",
    "identifier": [{"system": "http://hl7.org/fhir/sid/us-mbi", "value": "1S00E00AA14"}],
}  # fmt: skip
COVERAGE = {
    "resourceType": "Coverage", "id": "part-b--7", "beneficiary": {"reference": "Patient/-7"},
    "period": {"start": "2010-11-01"},
    "class": [{"type": concept((f"{HL7}/coverage-class", "subplan")), "value": "Part B"}],
}  # fmt: skip


@pytest.fixture
def loaded(tmp_path):
    """Files written by name (lists as NDJSON), loaded and built; closes the database afterwards."""
    db = OnDemand(threads=1)

    def build(**files):
        for name, said in files.items():
            lines = [r if isinstance(r, str) else json.dumps(r) for r in said]
            (tmp_path / f"{name}.ndjson").write_text("\n".join(lines) + "\n")
        report = load(db, tmp_path)
        db.build_on_demand(dt.date(2025, 12, 31), "settled_claim", "payer_claim_version")
        return db, report

    yield build
    db.close()


def one(db, columns, table="settled_claim"):
    return db.sql(f"SELECT {columns} FROM {table}").row(0)


def listed(path):
    """The resources of a file, another road."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as stream:
        whole = stream.read()
    try:
        said = [json.loads(whole, parse_float=Decimal)]
    except json.JSONDecodeError:
        said = [json.loads(line, parse_float=Decimal) for line in whole.splitlines() if line]
    return [
        held
        for r in said
        for held in ([e["resource"] for e in r["entry"]] if r["resourceType"] == "Bundle" else [r])
    ]


def plainly(paths):
    """Claims, lines, dollars and codes, counted by loops over the parsed JSON."""
    told = defaultdict(Decimal)
    for r in (r for path in paths for r in listed(path)):
        told["records"] += 1
        told[r["resourceType"]] += 1
        if r["resourceType"] != "ExplanationOfBenefit":
            continue
        told["paid"] += Decimal(r.get("payment", {}).get("amount", {}).get("value", 0))
        told["diagnoses"] += sum(
            any(c.get("code") for c in d.get("diagnosisCodeableConcept", {}).get("coding", []))
            for d in r.get("diagnosis", [])
        )
        told["lines"] += len(r["item"])
        for adjudication in (a for item in r["item"] for a in item["adjudication"]):
            names = {
                c.get("code", "").split("/")[-1].lower() for c in adjudication["category"]["coding"]
            }
            amount = Decimal(adjudication.get("amount", {}).get("value", 0))
            if names & PAID:
                told["line_paid"] += amount
            for column, variables in OTHERS.items():
                told[column] += amount if names & variables else 0
    return told


PAID = {"line_nch_pmt_amt", "rev_cntr_pmt_amt_amt", "clm_line_cvrd_pd_amt", "cvrd_d_plan_pd_amt",
        "ncvrd_plan_pd_amt"}  # fmt: skip
OTHERS = {
    "allowed_amount": {"line_alowd_chrg_amt", "clm_line_alowd_chrg_amt"},
    "billed_amount": {"line_sbmtd_chrg_amt", "rev_cntr_tot_chrg_amt", "clm_line_sbmt_chrg_amt",
                      "tot_rx_cst_amt"},
    "coinsurance_amount": {"line_coinsrnc_amt", "rev_cntr_coinsrnc_wge_adjstd_c",
                           "clm_line_mdcr_coinsrnc_amt"},
    "deductible_amount": {"line_bene_ptb_ddctbl_amt", "rev_cntr_cash_ddctbl_amt",
                          "clm_line_mdcr_ddctbl_amt"},
}  # fmt: skip
FEEDS = ("bcda", "ab2d", "bluebutton")


@needs_shared
@pytest.mark.parametrize("feed", FEEDS)
def test_counts_and_dollars_are_those_of_the_files(feed):
    files = {p.read_bytes(): p for p in sorted((DATA / feed).glob("*.*"))}
    told = plainly(files.values())
    unused = told["Claim"] + told["ClaimResponse"]
    with Database() as db:
        report = load(db, [str(p) for p in files.values()])
        assert {f.status for f in report.files} == {"loaded"}
        assert report.total("records") == told["records"]
        assert report.by_rule("rejected_by_rule") == (
            {"resource_not_used": unused} if unused else {}
        )
        assert report.total("feed_rows") == told["records"] - unused
        claims = one(db, "count(*), sum(paid_amount)", "payer_claim")
        assert claims == (told["ExplanationOfBenefit"], told["paid"])
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in ("paid_amount", *OTHERS))
        lines = one(db, f"count(*), {sums}", "payer_claim_line")
        assert lines == (told["lines"], told["line_paid"], *(told[name] for name in OTHERS))
        assert one(db, "count(*)", "eligibility")[0] == told["Coverage"]
        kinds = "count(DISTINCT (file_id, record_no, diagnosis_code))"
        codes = one(db, f"count(*), {kinds}", "payer_claim_diagnosis")
        # A diagnosis that is principal and admitting is two rows.
        assert codes[1] <= told["diagnoses"] <= codes[0]


def test_a_claim_its_line_and_its_codes(loaded):
    db, report = loaded(a=[claim(), PATIENT, COVERAGE])
    assert report.is_clean
    assert one(db, "claim_type, service_category, paid_amount, allowed_amount, billed_amount, "
               "payer_name, is_member_known") == (
        "professional", "professional", Decimal("80.10"), Decimal("100.10"), 150, "Medicare", True,
    )  # fmt: skip
    assert one(db, "procedure_code, modifier_key, units, paid_amount", "settled_line") == (
        "99213", "59", 1, Decimal("80.10"),
    )  # fmt: skip
    assert one(db, "diagnosis_code, kind, code_system", "payer_claim_diagnosis") == (
        "E119", "principal", "icd10",
    )  # fmt: skip
    assert one(db, "coverage_code, start_date", "eligibility") == ("PART_B", dt.date(2010, 11, 1))
    assert one(db, "count(DISTINCT person_id)", "person") == (1,)


def test_a_payer_without_variables_says_categories_alone(loaded):
    said = claim(
        type=concept((f"{HL7}/claim-type", "institutional")),
        insurer={"display": "Some Plan"},
        total=[category("submitted", 500), category("eligible", 300), category("benefit", 250)],
        payment={}, item=[],
    )  # fmt: skip
    db, _ = loaded(a=[said])
    assert one(db, "claim_type, paid_amount, allowed_amount, billed_amount, payer_name") == (
        "institutional", 250, 300, 500, "Some Plan",
    )  # fmt: skip


def test_a_rate_under_a_general_category_is_no_charge(loaded):
    """Blue Button puts the rate of a revenue line, and its payment, under `submitted` too."""
    both = [
        {"category": {"coding": [*concept((f"{HL7}/adjudication", "submitted"))["coding"],
                                 *variable(name, 0)["category"]["coding"]]},
         "amount": {"value": value}}
        for name, value in (("rev_cntr_rate_amt", 9), ("rev_cntr_tot_chrg_amt", 200))
    ]  # fmt: skip
    db, _ = loaded(a=[claim(item=[{"sequence": 1, "adjudication": both}])])
    assert one(db, "billed_amount", "settled_line") == (200,)


def test_no_number_or_name_of_a_person_stands_outside_patient(loaded):
    person = PATIENT | {"id": "-99990001", "name": [{"family": "Example", "given": ["Ann"]}]}
    said = claim(patient={"reference": "Patient/-99990001"})
    db, _ = loaded(a=[said, person, COVERAGE | {"beneficiary": said["patient"]}])
    assert one(db, "is_member_known, count(*)", "settled_claim GROUP BY 1") == (True, 1)
    for table in schema.tables().values():
        for column in table.columns:
            if table.name != "patient" and column.type == "VARCHAR":
                found = set(db.sql(f"SELECT DISTINCT {column.name} AS v FROM {table.name}")["v"])
                assert not {"-99990001", "EXAMPLE", "ANN", "1S00E00AA14"} & found, column.name


def test_a_later_file_replaces_and_a_cancelled_claim_is_none(loaded):
    db, _ = loaded(a=[claim(), claim("carrier-2")],
                   b=[claim(payment={"amount": {"value": 70}}),
                      claim("carrier-2", status="cancelled")])  # fmt: skip
    assert one(db, "count(*), sum(paid_amount)") == (1, 70)
    fates = db.sql("SELECT fate, count(*) AS n FROM payer_claim_version GROUP BY 1 ORDER BY 1")
    assert fates.rows() == [("cancellation", 1), ("copy", 1), ("final", 1), ("superseded", 1)]


def test_one_id_twice_in_a_file_counts_once(loaded):
    db, _ = loaded(a=[claim(), claim(payment={"amount": {"value": 70}})])
    assert one(db, "count(*), sum(paid_amount), sum(line_count)") == (1, 70, 1)


BAD = [
    ('{"resourceType": "ExplanationOfBenefit", "id": "x"', "resource_unreadable"),
    ("no json", "resource_unreadable"),
    ({"id": "x"}, "resource_unreadable"),
    (claim("x", item={"sequence": 1}), "resource_unreadable"),
    ({"resourceType": "Organization", "type": "a"}, "resource_not_used"),
    (claim("x", use="preauthorization"), "request_not_claim"),
    (claim("x", payment={"amount": {"value": 1.234}}), "amount_unreadable"),
    (claim("x", payment={"amount": {"value": "ten"}}), "amount_unreadable"),
    (claim("x", patient={}), "value_missing"),
    (claim("x", billablePeriod={"start": "30.5.2025"}), "date_unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "rule"), BAD)
def test_a_bad_line_is_kept_out_by_its_number(loaded, line, rule):
    db, report = loaded(a=[claim("1"), line, claim("2"), "", claim("3")])
    assert db.sql("SELECT record_no, rule FROM rejected").rows() == [(2, rule)]
    assert report.total("records") == 4
    assert one(db, "count(*), max(record_no)", "payer_claim") == (3, 4)


def test_a_resource_with_several_bad_lines_is_rejected_once(loaded):
    items = [{"sequence": n, "adjudication": [variable("line_nch_pmt_amt", "x")]} for n in (1, 2)]
    db, report = loaded(a=[claim(item=items)])
    assert report.by_rule("rejected_by_rule") == {"amount_unreadable": 1}
    assert one(db, "count(*)", "payer_claim_line") == (0,)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("zipped", [False, True])
def test_bundles_are_read_as_lines_are(tmp_path, indent, zipped):
    held = [claim(str(n)) for n in range(3)]
    bundle = {"resourceType": "Bundle", "type": "searchset",
              "entry": [{"resource": r} for r in [*held, PATIENT]]}  # fmt: skip
    said = json.dumps(bundle, indent=indent).encode()
    path = tmp_path / ("a.json.gz" if zipped else "a.json")
    path.write_bytes(gzip.compress(said) if zipped else said)
    with Database() as db:
        report = load(db, path)
        assert report.is_clean
        assert report.total("records") == 4
        assert one(db, "count(*), sum(paid_amount)", "payer_claim") == (3, Decimal("240.30"))


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(("line", "rule"), [b for b in BAD if isinstance(b[0], dict)])
def test_of_a_bundle_only_the_resource_at_fault_is_rejected(tmp_path, line, rule, indent):
    entries = [{"resource": claim("1")}, {"resource": line}, 5, {"resource": claim("2")}, {}]
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
    (tmp_path / "a.json").write_text(json.dumps(bundle, indent=indent))
    with Database() as db:
        report = load(db, tmp_path)
        assert (report.total("records"), report.total("feed_rows")) == (5, 2)
        found = db.sql("SELECT record_no, rule FROM rejected ORDER BY 1").rows()
        assert found == [(2, rule), (3, "resource_unreadable"), (5, "resource_unreadable")]
        assert one(db, "count(*), sum(paid_amount)", "payer_claim") == (2, Decimal("160.20"))


def test_a_bundle_cut_off_is_one_record(loaded):
    bundle = {"resourceType": "Bundle", "entry": [{"resource": claim(str(n))} for n in range(3)]}
    _, report = loaded(a=[claim("9"), json.dumps(bundle)[:-20]])
    assert (report.total("feed_rows"), report.total("rejected")) == (1, 1)


def test_a_search_that_found_nothing_is_no_fault(loaded):
    _, report = loaded(a=[{"resourceType": "Bundle", "type": "searchset", "total": 0}])
    assert report.is_clean
    assert report.total("records") == 0


def test_blocks_of_any_size_give_the_same(loaded, monkeypatch):
    monkeypatch.setattr(text, "BLOCK", 700)
    db, report = loaded(a=[*(claim(str(n)) for n in range(20)), "{", PATIENT])
    assert one(db, "count(*), sum(paid_amount), count(DISTINCT record_no)", "payer_claim") == (
        20, Decimal("1602.00"), 20,
    )  # fmt: skip
    assert db.sql("SELECT record_no FROM rejected").item() == 21
    assert report.total("records") == 22


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_load_or_reject_each_line(tmp_path, seed):
    """Lines cut, changed or of another shape: what is read and what is rejected add up."""
    draw = random.Random(seed)  # noqa: S311
    lines = []
    for n in range(60):
        said = json.dumps(claim(str(n)))
        place = draw.randrange(len(said))
        damaged = [said, said[:place], said[:place] + draw.choice('{}[]",:0x') + said[place + 1 :]]
        lines.append(draw.choice(damaged) or "{}")
    assert recognised(json.dumps(claim()).encode(), "a").name == "fhir"
    (tmp_path / "a.ndjson").write_text("\n".join([json.dumps(claim("first")), *lines]))
    with Database() as db:
        report = load(db, tmp_path / "a.ndjson")
        assert report.total("records") == 61
        assert report.total("feed_rows") + report.total("rejected") == 61
        assert one(db, "count(*)", "payer_claim")[0] == report.total("feed_rows")
