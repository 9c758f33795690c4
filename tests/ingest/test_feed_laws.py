"""What is true of every feed: no join loses a dollar or counts a member's month twice."""

import datetime as dt
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from seldom import seldom

from analytics.database import Database
from analytics.loader import load
from analytics.metrics import CATALOGUE, PerMember

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
FEEDS = {
    "cclf": ["tuva_cclf_seeds", "bcda/cclf"],
    "synthea": ["synthea"],
    "synpuf": ["synpuf"],
    "tuva": ["tuva_demo"],
    "rif": ["cms_rif"],
    "fhir": ["ab2d", "bcda/ExplanationOfBenefit.ndjson", "bcda/Patient.ndjson",
             "bcda/Coverage.ndjson", "bluebutton", "bcda/bcda_eob_200.ndjson"],
}  # fmt: skip
PER_MEMBER = [m for m in CATALOGUE.values() if isinstance(m, PerMember)]
ASKED = {m.fact.name for m in PER_MEMBER} | {"settled_claim", "settled_line", "incurred_claim"}
AMOUNTS = ("billed", "allowed", "paid", "patient_paid")


@pytest.fixture(scope="module", params=seldom(FEEDS, 4))
def fed(request):
    """Those facts of all public samples of a feed that are asked for here."""
    with Database() as db:
        load(db, [DATA / path for path in FEEDS[request.param]])
        db.build(dt.date(2030, 12, 31), only=ASKED)
        yield db


def line_sums_differ(db, own=""):
    """Claims of which an amount is not what their lines add up to."""
    differ = " OR ".join(
        f"claim.{a}_amount IS DISTINCT FROM coalesce(line.{a}, 0) AND claim.{a}_amount IS NOT NULL"
        for a in AMOUNTS
    )
    sums = ", ".join(f"sum({a}_amount) AS {a}" for a in AMOUNTS)
    return db.sql(
        f"SELECT count(*) AS n FROM {own}settled_claim AS claim LEFT JOIN "
        f"(SELECT payer_claim_id, {sums} FROM {own}settled_line GROUP BY 1) AS line "
        f"ON line.payer_claim_id = claim.payer_claim_id WHERE {differ}"
    ).item()


@needs_shared
def test_lines_add_up_to_their_claims(fed):
    assert line_sums_differ(fed) == 0


def test_lines_add_up_to_their_claims_of_the_sample(db):
    assert line_sums_differ(db) == 0
    assert line_sums_differ(db, "own_") == 0


@needs_shared
def test_members_spend_is_that_of_the_claims(fed):
    """Counted anew from the tables before the view that joins them."""
    spend = "sum(allowed_amount) AS a, sum(paid_amount) AS p, sum(claim_count) AS n"
    found = fed.sql(f"SELECT {spend} FROM member_spend")
    assert found.rows() == fed.sql(f"SELECT {spend} FROM incurred_claim").rows()
    months = fed.sql("SELECT coalesce(sum(member_months), 0) FROM member_spend").item()
    assert months == fed.sql("SELECT count(*) FROM member_month").item()
    assert (
        fed.sql(
            "SELECT (SELECT count(*) FROM settled_claim), "
            "(SELECT sum(paid_amount) FROM settled_claim)"
        ).rows()
        == fed.sql("SELECT count(*), sum(paid_amount) FROM incurred_claim").rows()
    )


@needs_shared
@pytest.mark.parametrize("metric", PER_MEMBER, ids=lambda m: m.name)
def test_no_slice_loses_spend_or_adds_months(fed, metric):
    whole = fed.fetch(metric.query()).select("top", "n")
    months = metric(fed)["n"].sum()
    for dimension in metric.dimensions:
        slices = fed.fetch(metric.query(by=dimension)).select("top", "n").sum()
        assert_frame_equal(slices, whole, check_dtypes=False)
        if dimension not in metric.above:
            assert metric(fed, by=dimension)["n"].sum() == months
