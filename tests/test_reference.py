"""Maps in a database: replaced whole, used by the next build, and what none of them names."""

import polars as pl
import pytest

import analytics
from analytics import codes, reference
from analytics.database import Database
from analytics.errors import UnknownNameError, UnreadableFileError
from analytics.metrics import CATALOGUE

CLAIM = """
    claim_id | patient_control_number | payer_id | billing_npi | submission_date | billed_amount
    1        | A                      | 1        | 111         | 2026-01-05      | 100
    2        | B                      | 2        | 222         | 2026-01-05      | 70
    """
PAYER = """
    payer_id | payer_code | payer_name
    1        | P1         | ACME
    2        | P2         | OTHER
    """
REMIT = """
    remit_id | payer_id | payment_date
    1        | 1        | 2026-02-01
    """
REMIT_CLAIM = """
    remit_claim_id | remit_id | patient_control_number | status_code | charge_amount | paid_amount
    10             | 1        | A                      | 1           | 100           | 0
    """
ADJUSTMENT = """
    remit_claim_id | file_id | record_no | position | group_code | carc_code | amount
    10             | 9       | 1         | 1        | CO         | ZZ9       | 60
    10             | 9       | 1         | 2        | PR         | 50        | 40
    """


@pytest.fixture
def db(given):
    db = given(
        claim=CLAIM,
        payer=PAYER,
        remit=REMIT,
        remit_claim=REMIT_CLAIM,
        adjustment=ADJUSTMENT,
        payer_map="""
        payer_code | canonical_payer
        P1         | Acme
        """,
        provider="""
        npi | provider_name
        111 | ONE
        222 | TWO
        """,
        provider_map="""
        npi | specialty
        222 | Surgery
        """,
        remark="""
        remit_claim_id | file_id | record_no | position | rarc_code
        10             | 9       | 2         | 1        | QQ1
        10             | 9       | 2         | 2        | N382
        """,
        provider_adjustment="""
        remit_id | file_id | record_no | position | reason_code | amount
        1        | 9       | 3         | 1        | Q9          | 12.5
        1        | 9       | 3         | 2        | WO          | 5
        """,
    )
    db.build()  # maps are held against facts that are there
    return db


def with_row(tmp_path, code, **values):
    """A file of the shipped map in which one code is replaced, or added, with these values."""
    rows = codes.shipped("carc")
    like = rows.filter(pl.col("carc_code") == "50").with_columns(
        carc_code=pl.lit(code), **{name: pl.lit(value) for name, value in values.items()}
    )
    kept = rows.filter(pl.col("carc_code") != code) if "group_code" not in values else rows
    path = tmp_path / "my.csv"
    pl.concat([kept, like], how="vertical_relaxed").write_csv(path)
    return path


def test_codes_nobody_mapped_are_counted_with_their_dollars(db):
    found = analytics.unmapped_codes(db)
    assert [(*row[:3], float(row[3])) for row in found.rows()] == [
        ("carc", "ZZ9", 1, 60.0),
        ("plb_reason", "Q9", 1, 12.5),
        ("rarc", "QQ1", 1, 0.0),
    ]


def test_payers_and_providers_in_no_map_are_counted_and_kept(db):
    payers = reference.unmapped_payers(db)
    assert payers.select("payer_code", "claims", "claim_payments").rows() == [("P2", 1, 0)]
    providers = reference.unmapped_providers(db)
    assert providers.select("npi", "claims").rows() == [("111", 1)]
    assert set(db.sql("SELECT payer_name FROM claim_outcome")["payer_name"]) == {"Acme", "OTHER"}
    counted = reference.unmapped(db)
    assert dict(counted.select("map_name", "names").iter_rows()) == {
        "carc": 1, "rarc": 1, "plb_reason": 1, "payer_map": 1, "provider_map": 1,
    }  # fmt: skip


def test_a_map_loaded_is_used_by_the_next_build(db, tmp_path):
    assert db.is_fresh
    assert "as shipped" in (db.code_map or "")
    path = with_row(tmp_path, "ZZ9", category="coding")
    version = reference.load_map(db, "carc", path)
    assert not db.is_fresh
    assert "as shipped" in (db.code_map or ""), "the facts are still of the one before"
    db.build()
    assert db.is_fresh
    assert f"carc from my.csv ({version})" in (db.code_map or "")
    assert reference.unmapped_in(db, "carc").is_empty()
    assert db.sql("SELECT denial_category FROM claim_outcome WHERE claim_id = 1").item() == "coding"
    reference.load_map(db, "carc", None)
    db.build()
    assert reference.unmapped_in(db, "carc").height == 1
    assert "my.csv" not in (db.code_map or "")


def test_a_row_for_one_group_comes_before_the_row_for_any(db, tmp_path):
    denied = "SELECT denied_amount FROM claim_outcome WHERE claim_id = 1"
    assert db.sql(denied).item() == 40
    path = with_row(
        tmp_path, "50", group_code="PR", counts_as_denial="no", adjustment_class="patient_resp"
    )
    reference.load_map(db, "carc", path)
    db.build()
    kinds = db.sql("SELECT group_code, kind FROM adjustment_kind WHERE carc_code = '50'").rows()
    assert kinds == [("PR", "patient_share")]
    assert db.sql(denied).item() == 0
    assert CATALOGUE["initial_denial_rate"](db)["hits"].item() == 0


def test_a_map_refused_changes_nothing(db, tmp_path):
    before = reference.maps(db)
    path = with_row(tmp_path, "ZZ9", hardness="firm")
    with pytest.raises(codes.CodeMapError, match=r"line 409, column hardness"):
        reference.load_map(db, "carc", path)
    with pytest.raises(UnreadableFileError, match="no such file"):
        reference.load_map(db, "carc", tmp_path / "none.csv")
    with pytest.raises(UnknownNameError, match="unknown map 'crac'; did you mean"):
        reference.load_map(db, "crac", path)
    assert reference.maps(db).equals(before)
    assert db.is_fresh


def test_a_user_s_map_outlives_a_new_version_of_ours_and_ours_does_not(tmp_path):
    path = tmp_path / "claims.duckdb"
    with Database(path) as db:
        reference.load_map(db, "carc", with_row(tmp_path, "ZZ9"))
        db.build()
        # As if another version of the library had made this database.
        db.sql("DELETE FROM rarc")
        db.sql("UPDATE code_map SET version = 'older' WHERE map_name = 'rarc'")
        db.build()
        assert db.is_fresh
        assert db.sql("SELECT count(*) FROM rarc").item() == codes.shipped("rarc").height
        assert db.sql("SELECT count(*) FROM carc WHERE carc_code = 'ZZ9'").item() == 1
