"""One absurd amount in a file of many claims: the others load, and all is accounted for."""

import re

import pytest

from analytics import sample
from analytics.database import Database
from analytics.loader import load

ABSURD = "999999999999.99"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    sample.write(folder, claims=150, months=3, seed=11)
    return folder


@pytest.mark.parametrize(
    ("segment", "before", "table"),
    [("CLM", r"CLM\*[^*]*\*", "claim"), ("CLP", r"CLP\*[^*]*\*[^*]*\*[^*]*\*", "remit_claim")],
)
def test_it_keeps_out_its_claim_by_name(folder, tmp_path, segment, before, table):
    source = next(p for p in sorted(folder.rglob("*")) if _count(p, segment) > 9)
    wanted, text = _count(source, segment), source.read_text("latin-1")
    path = tmp_path / "world.x12"
    path.write_text(re.sub(rf"({before})[^*~]*", rf"\g<1>{ABSURD}", text, count=1), "latin-1")
    with Database() as db:
        report = load(db, path).files[0]
        assert (report.status, report.claims + report.remit_claims) == ("loaded", wanted - 1)
        kept_out = "SELECT record_no > 1 FROM rejected WHERE rule = 'amount_absurd' AND"
        assert db.sql(f"{kept_out} table_name = $table", table=table).to_series().to_list() == [
            True
        ]
        db.build()


def test_a_file_of_many_large_claims_loads_and_builds(tmp_path, folder):
    """Their sum passes what an amount can hold."""
    source = next(p for p in sorted(folder.rglob("*")) if _count(p, "CLM") > 9)
    text = re.sub(r"(CLM\*[^*]*\*)[^*~]*", r"\g<1>99999999.99", source.read_text("latin-1"))
    start, end = text.index("CLM*"), re.search(r"(?<=~)\s*SE\*", text).start()
    claim = text[start : text.index("CLM*", start + 4)].split("HL*")[0]
    path = tmp_path / "world.x12"
    path.write_text(text[:start] + claim * 11_000 + text[end:], "latin-1")
    with Database() as db:
        assert load(db, path).files[0].status == "loaded"
        billed = db.sql("SELECT billed_amount FROM source_file").item()
        assert billed > 10**12
        assert db.sql("SELECT sum(billed_amount) FROM claim").item() == billed
        db.build()


def _count(path, segment):
    if not path.is_file() or path.suffix in (".gz", ".zip"):
        return 0
    return path.read_bytes().count(f"~{segment}*".encode()) + path.read_bytes().count(
        f"\n{segment}*".encode()
    )
