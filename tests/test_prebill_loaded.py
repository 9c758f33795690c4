"""Claims edited before they are sent, beside those already loaded: of one person, near in days."""

import sys
from pathlib import Path

import pytest
from drawing import CODES, SAMPLE, draw
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent / "ingest"))

import wire
from wire import PROVIDER, SUBSCRIBER, Wire

from analytics.cli import app
from analytics.database import Database
from analytics.loader import load
from analytics.prebilling import prebill

TABLES = {
    "reference_file": "reference_id | kind | release | effective_from | effective_to\n"
    "1 | ncci_ptp | 2026 | 2026-01-01 | 2026-12-31\n"
    "2 | ncci_mue | 2026 | 2026-01-01 | 2026-12-31",
    "ncci_ptp": "reference_id | setting | column1_code | column2_code | modifier_indicator"
    " | start_date\n1 | practitioner | 20610 | 76942 | 0 | 2020-01-01",
    "ncci_mue": "reference_id | setting | procedure_code | max_units | adjudication_indicator\n"
    "2 | practitioner | 97110 | 4 | 2",
    "medicare_fee": "procedure_code | status_code | global_days_code | start_date | end_date\n"
    "27447 | A | 090 | 2026-01-01 | 2026-12-31\n20610 | A | 000 | 2026-01-01 | 2026-12-31\n"
    "99213 | A | XXX | 2026-01-01 | 2026-12-31\n76942 | A | XXX | 2026-01-01 | 2026-12-31\n"
    "97110 | A | XXX | 2026-01-01 | 2026-12-31",
}


def bill(control: str, service: str, day: str, *, units: int = 1, code: str = "1", more: str = ""):
    """A claim of one line."""
    return f"""
CLM*{control}*100***11:B:{code}*Y*A*Y*Y
{more}
HI*ABK:M1711
LX*1
SV1*HC:{service}*100*UN*{units}***1
DTP*472*D8*{day}
"""


def file(path: Path, *claims: str, member: str = "M100", sent: str = "20260401") -> Path:
    """An 837P of these claims of one person."""
    purpose = f"BHT*0019*00*{path.stem}*{sent}*1200*CH"
    body = PROVIDER + SUBSCRIBER.replace("M100", member) + "".join(claims)
    path.write_text(Wire().write(wire.claims(body, purpose=purpose)))
    return path


@pytest.fixture
def before(tmp_path):
    """A knee put in on 1 March, an injection and exercise on the 10th, a visit on 20 May."""
    return file(
        tmp_path / "before.edi",
        bill("A1", "27447", "20260301"), bill("A2", "20610", "20260310"),
        bill("A3", "99213", "20260520"), bill("A4", "97110", "20260310", units=3),
    )  # fmt: skip


@pytest.fixture
def held(before):
    with Database() as db:
        load(db, before)
        for name, text in TABLES.items():
            draw(db, name, text)
        db.build()
        yield db


def told(db, path, edits=("DUP-1", "PTP-1", "GLB-1", "MUE-1")):
    """Line by line, the edits: (procedure, edit, other file, loaded, on the other line)."""
    found = prebill(db, path)
    assert set(found.lines["file_name"]) == {path.name}
    assert set(found.unchecked["file_name"]) <= {path.name}
    return [
        (row["procedure_code"], one["edit"], one["other_file"], one["is_on_other"])
        for row in found.lines.iter_rows(named=True)
        for one in row["edits"]
        if one["edit"] in edits
    ]


def test_a_service_loaded_under_another_number_is_billed_twice(held, tmp_path):
    again = file(tmp_path / "new.edi", bill("B1", "20610", "20260310"))
    assert told(held, again) == [("20610", "DUP-1", "before.edi", False)]


def test_so_it_is_where_the_file_is_dated_before_what_is_loaded(held, tmp_path):
    again = file(tmp_path / "new.edi", bill("B1", "20610", "20260310"), sent="20260311")
    assert told(held, again) == [("20610", "DUP-1", "before.edi", False)]


def test_a_claim_sent_again_is_no_duplicate_of_itself(held, tmp_path):
    again = file(tmp_path / "new.edi", bill("a2 ", "20610", "20260310", code="7"))
    assert told(held, again) == []
    assert prebill(held, again).lines["is_sent_before"].to_list() == [True]
    other = file(tmp_path / "other.edi", bill("A2", "20610", "20260311"))
    assert prebill(held, other).lines["is_sent_before"].to_list() == [False]


def test_a_claim_replaced_by_the_payers_number_is_itself_too(held, tmp_path):
    payment = """
CLP*A2*1*100*60**12*ICN7*11*1
SVC*HC:20610*100*60
DTM*472*20260310
CAS*CO*45*40
"""
    remit = tmp_path / "835.edi"
    header = wire.PAYMENT.replace("*150*", "*60*").replace("202602", "202604")
    remit.write_text(Wire().write(wire.remittance(payment, header)))
    load(held, remit)
    more = "REF*F8*ICN7"
    again = file(tmp_path / "new.edi", bill("Z9", "20610", "20260310", code="7", more=more))
    assert told(held, again) == []
    alone = file(tmp_path / "alone.edi", bill("Z9", "20610", "20260310"))
    assert told(held, alone) == [("20610", "DUP-1", "before.edi", False)]


def test_a_voided_claim_is_not_there(held, tmp_path):
    void = file(tmp_path / "void.edi", bill("A2", "20610", "20260310", code="8"), sent="20260402")
    load(held, void)
    held.build()
    again = file(tmp_path / "new.edi", bill("B1", "20610", "20260310"), sent="20260403")
    assert told(held, again) == []


def test_a_visit_is_within_the_global_period_of_a_procedure_loaded(held, tmp_path):
    days = {"20260228": True, "20260227": False, "20260530": True, "20260531": False}
    for day, is_within in days.items():
        visit = file(tmp_path / "new.edi", bill("B1", "99213", day))
        expected = [("99213", "GLB-1", "before.edi", False)] if is_within else []
        assert told(held, visit) == expected, day


def test_a_procedure_puts_visits_loaded_within_its_global_period(held, tmp_path):
    knee = file(tmp_path / "new.edi", bill("B1", "27447", "20260519"))
    assert told(held, knee) == [("27447", "GLB-1", "before.edi", True)]


def test_pairs_are_seen_across_claims_whichever_is_loaded(held, tmp_path):
    guide = file(tmp_path / "new.edi", bill("B1", "76942", "20260310"))
    assert told(held, guide) == [("76942", "PTP-1", "before.edi", False)]
    later = file(tmp_path / "later.edi", bill("B1", "76942", "20260411"))
    load(held, later)
    held.build()
    paid = file(tmp_path / "paid.edi", bill("B2", "20610", "20260411"))
    assert told(held, paid) == [("20610", "PTP-1", "later.edi", True)]


def test_units_of_the_day_are_added_up(held, tmp_path):
    more = file(tmp_path / "new.edi", bill("B1", "97110:76", "20260310", units=2))
    assert [edit for _, edit, _, _ in told(held, more)] == ["MUE-1"]
    fewer = file(tmp_path / "few.edi", bill("B1", "97110:76", "20260310", units=1))
    assert told(held, fewer) == []


def test_another_person_and_another_provider_meet_nothing(held, tmp_path):
    other = file(tmp_path / "new.edi", bill("B1", "20610", "20260310"), member="M200")
    assert told(held, other) == []
    elsewhere = file(tmp_path / "npi.edi", bill("B1", "20610", "20260310"))
    text = elsewhere.read_text().replace("1234567893", "1003000126")
    elsewhere.write_text(text)
    assert told(held, elsewhere) == []


def test_what_is_loaded_but_not_built_is_seen(held, tmp_path):
    late = file(tmp_path / "late.edi", bill("L1", "99213", "20260201"), sent="20260402")
    load(held, late)
    again = file(tmp_path / "new.edi", bill("B1", "99213", "20260201"))
    assert told(held, again) == [("99213", "DUP-1", "late.edi", False)]
    with Database() as unbuilt:
        load(unbuilt, late)
        assert told(unbuilt, again) == [("99213", "DUP-1", "late.edi", False)]


def test_the_edits_are_those_the_file_has_once_loaded():
    """Every claim first sent in the last file, against the facts of all files."""
    files = sorted(p for p in SAMPLE.rglob("837P*.edi") if "broken" not in p.parts)
    text = """
        SELECT billed_claim.record_no, line_no, edit_code, finding, coalesce(other_line_no, 0)
        FROM line_edit JOIN billed_claim USING (claim_id)
        JOIN source_file ON source_file.file_id = billed_claim.file_id
        WHERE file_name = $name AND edit_code <> 'PTP-2'
    """
    with Database() as db:
        load(db, [p for p in SAMPLE.rglob("*") if p.suffix in (".edi", ".csv") and p != files[-1]])
        db.connection.execute(CODES)
        db.build()
        found = prebill(db, files[-1]).lines
        load(db, files[-1])
        db.build()
        expected = set(db.sql(text, name=files[-1].name).rows())
    got = {
        (row["claim_segment"], row["line_no"], one["edit"], one["finding"], one["other_line"] or 0)
        for row in found.filter(~found["is_sent_before"]).iter_rows(named=True)
        for one in row["edits"]
        if one["edit"] != "PTP-2" and not one["is_on_other"]
    }
    assert len(expected) > 20
    assert got == expected


def test_the_command_names_the_file_of_the_other_line(before, tmp_path):
    path = tmp_path / "held.duckdb"
    with Database(path) as db:
        load(db, before)
        db.build()
    bills = bill("B1", "20610", "20260310"), bill("A4", "97110", "20260310")
    again = file(tmp_path / "new.edi", *bills)
    said = CliRunner().invoke(app, ["check", "--edits", str(again), "-d", str(path)]).stdout
    assert "of before.edi, already loaded" in said
    assert "sent before: 1 claim," in said
    assert "M100" not in said


def test_how_often_a_provider_passes_pairs_is_known_of_all_that_is_loaded(tmp_path):
    """A lone bypassed pair says nothing; those loaded say that its provider stands out."""
    ours, peer = "1234567893", "1003000126"
    pair = lambda n: bill(f"C{n}", "20610:59", "20260310") + bill(f"D{n}", "76942", "20260310")  # noqa: E731
    sent = file(tmp_path / "new.edi", pair(0), member="N0")
    files = [
        file(tmp_path / f"{npi}-{n}.edi", pair(n) if npi == ours else pair(n).replace(":59", ""),
             member=f"{npi}{n}")
        for npi in (ours, peer) for n in range(1, 22)
    ]  # fmt: skip
    for path in files[21:]:
        path.write_text(path.read_text().replace(ours, peer).replace("Some Clinic", "Peers"))
    with Database() as db:
        load(db, files)
        for name, text in TABLES.items():
            draw(db, name, text.replace("76942 | 0", "76942 | 1"))
        assert told(db, sent, ["PTP-2"]) == []
        db.build()
        assert told(db, sent, ["PTP-2"]) == [("76942", "PTP-2", "new.edi", False)]


def test_files_of_one_name_are_told_apart_and_what_is_none_has_no_edits(before, tmp_path):
    path = tmp_path / "held.duckdb"
    with Database(path) as db:
        load(db, before)
    for folder, claims in (
        ("one", [bill("B1", "20610", "20260310")]),
        ("two", [bill("C1", "99213", "20260201"), bill("C2", "99213", "20260202")]),
    ):
        (tmp_path / folder).mkdir()
        file(tmp_path / folder / "new.edi", *claims)
    (tmp_path / "none.edi").write_text("nothing")
    asked = [str(tmp_path / name) for name in ("one", "two", "none.edi")]
    said = CliRunner().invoke(app, ["check", "--edits", *asked, "-d", str(path)]).stdout
    assert [line for line in said.splitlines() if "edits:" in line] == [
        "  edits: 1 broken in 1 places, of 1 lines", "  edits: 0 broken in 0 places, of 2 lines",
    ]  # fmt: skip
