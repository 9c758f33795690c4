"""The library's answers on the sample against those of the events it was made from.

truth.json is told by the generator from its own events, in plain Python: no SQL, no parsing.
"""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics import sample
from analytics.database import Database
from analytics.loader import load
from analytics.metrics import (
    CATALOGUE,
    ar_rollforward,
    cash_curve,
    cash_reconciliation,
    completed_payments,
    completion_factors,
    denial_ends,
    denial_pareto,
    em_level_index,
    outcome_curve,
)
from analytics.sample import truth_denials

SAMPLE = Path(__file__).parents[1] / "sample_data"
SAMPLES = {"shipped": 0, "seed 21": 21, "seed 22": 22}  # the others are made here, and smaller
RATES = (
    "initial_denial_rate", "full_denial_rate", "partial_denial_rate", "line_denial_rate",
    "overturn_rate", "first_pass_rate", "coding_denial_rate", "rejection_rate",
    "clean_claim_rate", "primary_denial_rate", "remittance_denial_rate", "preventable_share",
    "hard_share", "appeal_rate", "appeal_success_rate", "contract_match_rate",
    "prompt_pay_breaches", "recode_rate",
)  # fmt: skip
ADJUSTED = ("contractual", "patient_share", "prior_payer", "other_adjustment")
DOLLARS = (
    "net_collection_rate", "gross_collection_rate",
    "denied_dollar_rate", "initial_denial_dollars", "recovery_rate", "final_denial_rate",
    "denial_write_off_rate",
)  # fmt: skip
WAITS = (
    "days_service_to_submission", "days_submission_to_answer", "days_submission_to_payment",
    "days_service_to_payment", "days_denial_to_payment", "days_denial_to_resubmission",
    "days_denial_to_resolution", "prompt_pay_days_late",
)  # fmt: skip
PARTS = ("all", "payer_name", "month")
# Invented: codes that end in 9 are unspecified, I10 is a CC, every group asks for one.
TABLES = """
INSERT INTO reference_file (reference_id, kind, release, effective_from, effective_to)
SELECT n, ['icd10cm_code', 'ms_drg', 'mcc_diagnosis', 'cc_diagnosis'][n], '2026',
    '2024-01-01', '2026-12-31'
FROM range(1, 5) AS made(n);
INSERT INTO icd10cm_code (reference_id, code, is_billable, long_title)
SELECT DISTINCT 1, diagnosis_code, TRUE,
    CASE WHEN diagnosis_code LIKE '%9' THEN 'Unspecified ailment' ELSE 'Ailment' END
FROM claim_diagnosis;
INSERT INTO ms_drg SELECT DISTINCT 2, drg_code, 'Ailment with CC', 'CC' FROM claim;
INSERT INTO mcc_diagnosis VALUES (3, 'Z999', 'Ailment');
INSERT INTO cc_diagnosis VALUES (4, 'I10', 'Ailment');
"""


@pytest.fixture(scope="module", params=SAMPLES)
def folder(request, tmp_path_factory):
    if not (seed := SAMPLES[request.param]):
        return SAMPLE
    made = tmp_path_factory.mktemp("sample")
    sample.write(made, claims=700, seed=seed, files="single")
    return made


@pytest.fixture(scope="module")
def truth(folder):
    return json.loads((folder / "truth.json").read_text())


@pytest.fixture(scope="module")
def db(folder, truth):
    with Database() as db:
        load(db, folder)
        db.connection.execute(TABLES)
        db.build(dt.date.fromisoformat(truth["as_of"]))
        yield db


def found(db, name, part):
    """The rows of a metric: all under the empty name, by payer or by month."""
    metric = CATALOGUE[name]
    if part == "all":
        return {"": metric(db).row(0, named=True)}
    if part == "payer_name":
        return {row["payer_name"]: row for row in metric(db, by="payer_name").to_dicts()}
    return {f"{row['period']:%Y-%m}": row for row in metric(db, every="month").to_dicts()}


def told(truth, name, part):
    """What the truth says of a metric, in the same shape."""
    stated = truth["metrics"][name][part]
    return {"": stated} if part == "all" else stated


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", RATES)
def test_rates(db, truth, name, part):
    ours = {key: {"hits": row["hits"], "n": row["n"]} for key, row in found(db, name, part).items()}
    assert {key: one for key, one in ours.items() if one["n"]} == told(truth, name, part)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", DOLLARS)
def test_dollars(db, truth, name, part):
    ours = {key: (row["top"], row["bottom"]) for key, row in found(db, name, part).items()}
    theirs = told(truth, name, part)
    assert ours == {
        key: (Decimal(one["top"]), Decimal(one["bottom"])) for key, one in theirs.items()
    }


@pytest.mark.parametrize("part", PARTS)
def test_repeat_denials(db, truth, part):
    ours = {
        key: {"hits": int(row["top"]), "n": int(row["bottom"])}
        for key, row in found(db, "repeat_denials", part).items()
    }
    assert ours == told(truth, "repeat_denials", part)


@pytest.mark.parametrize("payer", [None, "Medicare", "Heronbank Health"])
def test_denials_over_claims_sent(db, truth, payer):
    stated = truth["metrics"]["initial_denial_rate_submitted"]
    expected = stated["payer_name"][payer] if payer else stated["month"]
    where = {"payer_name": payer} if payer else None
    frame = CATALOGUE["initial_denial_rate_submitted"](db, every="month", where=where)
    ours = {f"{r['period']:%Y-%m}": {"hits": r["hits"], "n": r["n"]} for r in frame.to_dicts()}
    assert {month: one for month, one in ours.items() if one["n"]} == expected


def test_how_much_is_answered(db, truth):
    frame = db.sql("""
        SELECT strftime(submission_date, '%Y-%m') AS month, count(*) AS n,
            count(*) FILTER (WHERE is_answered) AS hits
        FROM claim_outcome GROUP BY month
    """)
    ours = {row["month"]: {"hits": row["hits"], "n": row["n"]} for row in frame.to_dicts()}
    assert ours == truth["metrics"]["answered_share"]["month"]


def test_the_window_is_the_same():
    assert truth_denials.MATURE_DAYS == denial_ends.WINDOW


@pytest.mark.parametrize("part", PARTS)
def test_denied_dollars(db, truth, part):
    ours = {
        key: (row["n"], row["amount"]) for key, row in found(db, "denied_dollars", part).items()
    }
    assert ours == {
        key: (one["n"], Decimal(one["amount"]))
        for key, one in told(truth, "denied_dollars", part).items()
    }


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", WAITS)
def test_waits(db, truth, name, part):
    columns = ("n", "events", "p25", "p50", "p75", "p90")
    theirs = told(truth, name, part)
    ours = found(db, name, part)
    assert {key: [row[c] for c in columns] for key, row in ours.items()} == {
        key: [one[c] for c in columns] for key, one in theirs.items()
    }


@pytest.mark.parametrize("name", WAITS)
@pytest.mark.parametrize("payer", [None, "Medicare", "Heronbank Health"])
def test_every_day_waited(db, truth, name, payer):
    told = truth["metrics"][name]
    expected = told["payer_name"][payer] if payer else told["all"]
    where = {"payer_name": payer} if payer else None
    parts = db.fetch(CATALOGUE[name].query(where=where))
    assert _histogram(parts, "ended") == expected["event_days"]
    assert _histogram(parts, "waiting") == expected["censored_days"]


def test_aging_at_fourteen_month_ends(db, truth):
    expected = {dt.date.fromisoformat(d): one for d, one in truth["metrics"]["ar_aging"].items()}
    whole = CATALOGUE["ar_aging"](db, at=[*expected])
    by_payer = CATALOGUE["ar_aging"](db, "payer_name", at=[*expected])
    credit = CATALOGUE["credit_balances"](db, at=[*expected])
    assert len(expected) == 14
    for day, told in expected.items():
        assert _buckets(whole.filter(day=day)) == _amounts(told["all"])
        for payer, buckets in told["payer_name"].items():
            assert _buckets(by_payer.filter(day=day, payer_name=payer)) == _amounts(buckets)
        assert credit.filter(day=day)["amount"].sum() == -Decimal(told["all"]["credit"])


def test_rollforward(db, truth):
    frame = ar_rollforward(db, "payer_name")
    expected = truth["metrics"]["ar_rollforward"]
    assert frame["difference"].unique().to_list() == [0]
    found = {(row["payer_name"], f"{row['period']:%Y-%m}"): row for row in frame.to_dicts()}
    told = {(payer, at) for payer, months in expected.items() for at in months}
    assert told <= found.keys()
    for (payer, at), row in found.items():
        moved = expected[payer].get(at, {})
        ours = {
            "charge": row["charge"] + row["superseded_charge"],
            "paid": row["payer_payment"],
            "adjusted": sum(row[kind] for kind in ADJUSTED),
            "taken_back": row["taken_back"],
            "write_off": row["write_off"],
            "void": row["void"],
        }
        assert ours == {kind: Decimal(moved.get(kind, 0)) for kind in ours}, (payer, at)


def test_voided_claims_are_left_out_of_collections(db, truth):
    told = truth["metrics"]["net_collection_rate"]["left_out"]["voided"]
    left_out = CATALOGUE["net_collection_rate"].excluded(db)
    assert left_out.filter(reason="voided")["n"].sum() == told


def test_payments_by_lag(db, truth):
    frame = completed_payments(db)
    found = {(r["payer_name"], f"{r['period']:%Y-%m}"): r["paid_amount"] for r in frame.to_dicts()}
    for payer, months in truth["metrics"]["payments_by_lag"].items():
        for sent, lags in months.items():
            assert found[payer, sent] == sum(map(Decimal, lags.values()))
        factors = completion_factors(db, where={"payer_name": payer})["factor"].to_list()
        last = len(factors) - 1
        for lag in range(3):
            reached = sorted(months)[: last - lag]
            before, after = (
                sum(
                    Decimal(amount)
                    for sent in reached
                    for at, amount in months[sent].items()
                    if int(at) <= until
                )
                for until in (lag, lag + 1)
            )
            expected = pytest.approx(float(after / before)) if before else None
            assert factors[lag] == expected


def test_cash_of_every_file(db, truth):
    frame = cash_reconciliation(db, "file_name")
    assert frame["difference_amount"].unique().to_list() == [0]
    found = {
        row["file_name"].rsplit("/", 1)[-1]: [
            row["payment_amount"], row["claim_paid_amount"], row["provider_adjustment_amount"],
        ]
        for row in frame.to_dicts()
    }  # fmt: skip
    told = {
        name.rsplit("/", 1)[-1]: [Decimal(one[key]) for key in ("bpr", "paid", "plb")]
        for name, one in truth["files"].items()
        if "835" in name
    }
    assert found == told


def test_waits_from_receipt(db, truth):
    told = truth["metrics"]["days_submission_to_answer by receipt"]["all"]
    parts = db.fetch(CATALOGUE["days_submission_to_answer"].query(clock="received"))
    assert _histogram(parts, "ended") == told["event_days"]
    assert _histogram(parts, "waiting") == told["censored_days"]


@pytest.mark.parametrize("payer", [None, "Medicare", "Heronbank Health"])
def test_what_came_first_by_some_days(db, truth, payer):
    told = truth["metrics"]["outcome_curve"]
    frame = outcome_curve(db, where={"payer_name": payer} if payer else None)
    for last, expected in (told["payer_name"][payer] if payer else told["all"]).items():
        by_then = frame.filter(pl.col("days") <= int(last)).group_by("outcome")
        found = dict(by_then.agg(pl.col("share").last()).iter_rows())
        assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("unit", ["claims", "dollars"])
@pytest.mark.parametrize("name", ["days_submission_to_answer", "days_submission_to_payment"])
def test_cash_by_some_days(db, truth, name, unit):
    told = truth["metrics"]["cash_curve"][name][unit]
    column = "within" if unit == "claims" else "dollar_within"
    frame = cash_curve(db, CATALOGUE[name], "payer_name")
    for payer, expected in told["payer_name"].items():
        found = frame.filter(pl.col("payer_name") == payer)[column].to_list()
        assert found[:4] == pytest.approx([one["done"] for one in expected.values()], abs=1e-12)
    whole = cash_curve(db, CATALOGUE[name])[column].to_list()
    assert whole[:4] == pytest.approx([one["done"] for one in told["all"].values()], abs=1e-12)


def test_days_in_ar(db, truth):
    expected = truth["metrics"]["days_in_ar"]
    found = CATALOGUE["days_in_ar"](db).row(0, named=True)
    assert (found["receivable"], found["charges"]) == (
        Decimal(expected["ar"]),
        Decimal(expected["charges"]),
    )


def test_pmpm(db, truth):
    expected = truth["metrics"]["pmpm"]
    found = CATALOGUE["pmpm"](db).row(0, named=True)
    assert (found["top"], found["n"]) == (
        Decimal(expected["all"]["allowed"]),
        expected["all"]["member_months"],
    )
    by_month = CATALOGUE["pmpm"](db, every="month")
    assert {
        row["period"].strftime("%Y-%m"): (row["top"], row["n"]) for row in by_month.to_dicts()
    } == {
        month: (Decimal(one["allowed"]), one["member_months"])
        for month, one in expected["month"].items()
    }


def test_claims_without_cover_are_told(db, truth):
    expected = truth["metrics"]["pmpm"]["left_out"]
    found = CATALOGUE["pmpm"].excluded(db).row(0, named=True)
    assert (found["n"], found["amount"]) == (expected["claims"], Decimal(expected["allowed"]))


@pytest.mark.parametrize("part", PARTS)
def test_underpayment_by_contract(db, truth, part):
    options = {"payer_name": {"by": "payer_name"}, "month": {"every": "month"}}.get(part, {})
    metric = CATALOGUE["underpayment"]
    rows = metric(db, where={"rate_source": "contract"}, **options).to_dicts()
    key = {"payer_name": "payer_name", "month": "period"}.get(part)
    ours = {
        (f"{row[key]:%Y-%m}" if part == "month" else row[key] if key else ""): (
            row["amount"],
            row["underpaid"],
        )
        for row in rows
    }
    assert ours == {
        name: (Decimal(one["amount"]), one["n"])
        for name, one in told(truth, "underpayment", part).items()
    }
    if part == "all":
        assert sum(row["expected_amount"] for row in rows) == Decimal(
            truth["metrics"]["underpayment"]["expected"]
        )


@pytest.mark.parametrize("part", PARTS)
def test_prompt_pay_interest(db, truth, part):
    ours = {
        key: (row["amount"], row["known"])
        for key, row in found(db, "prompt_pay_interest", part).items()
        if row["known"]
    }
    assert ours == {
        name: (Decimal(one["amount"]), one["n"])
        for name, one in told(truth, "prompt_pay_interest", part).items()
    }


@pytest.mark.parametrize("key", ["category", "carc", "rarc", "group"])
def test_pareto(db, truth, key):
    by = f"denial_{key}"
    found = {row[by] or "": (row["n"], row["amount"]) for row in denial_pareto(db, by).to_dicts()}
    assert found == {
        name: (one["lines"], Decimal(one["denied_amount"]))
        for name, one in truth["metrics"]["denial_pareto"][key].items()
    }


@pytest.mark.parametrize("folder", ["shipped"], indirect=True)
def test_the_planted_pattern_stands_out(db, truth):
    pattern = truth["planted_pattern"]
    struck = db.sql(
        "SELECT count(*) FILTER (WHERE is_denied) AS denied, count(*) AS n FROM answered_line "
        "WHERE is_first_answer AND procedure_code = $code AND modifier_key = $modifier "
        "AND payer_name = $payer AND service_date >= $start",
        code=pattern["procedure_code"],
        modifier=pattern["modifier"],
        payer=pattern["payer_name"],
        start=dt.date.fromisoformat(pattern["service_from"]),
    ).row(0, named=True)
    assert struck["denied"] >= 20
    assert struck["denied"] / struck["n"] > 0.5


def test_totals(db, truth):
    expected = truth["metrics"]
    claims, balance = db.sql("SELECT count(*), sum(open_balance_amount) FROM claim_outcome").row(0)
    assert (claims, balance) == (expected["claims"], Decimal(expected["open_balance"]))
    unmatched = db.sql("SELECT count(*), sum(paid_amount) FROM answer WHERE NOT is_matched").row(0)
    assert unmatched == (expected["unmatched_remit_claims"], Decimal(expected["unmatched_paid"]))


def test_every_claim(db, truth):
    told = pl.DataFrame(truth["claims"]["rows"], schema=truth["claims"]["columns"], orient="row")
    amounts = ["denied_amount", "recovered_amount", "open_balance", "written_off"]
    told = told.with_columns(
        pl.col(amounts).cast(pl.Decimal(14, 2)),
        pl.col("^.*_date$").str.to_date(),
    )
    found = db.sql("""
        SELECT claim.patient_control_number, claim_outcome.payer_sequence_code,
            claim_outcome.payer_name, claim_outcome.claim_type, claim_outcome.first_outcome,
            claim_outcome.is_duplicate, first_answer_date, first_paid_date, denied_amount,
            recovered_amount, open_balance_amount AS open_balance, is_overturned,
            submission_count AS submissions,
            CASE WHEN is_initially_denied THEN denial_category END AS denial_category,
            CASE WHEN is_initially_denied THEN denial_carc END AS denial_carc,
            CASE WHEN is_initially_denied THEN denial_group END AS denial_group,
            CASE WHEN is_initially_denied THEN denial_rarc END AS denial_rarc,
            CASE WHEN is_initially_denied THEN denial_resubmission_date END AS resubmission_date,
            CASE WHEN is_initially_denied THEN denial_resolved_date END AS resolution_date,
            CASE WHEN is_initially_denied THEN written_off_denied_amount END AS written_off
        FROM claim_outcome JOIN claim USING (claim_id)
    """)
    keys = ["patient_control_number", "payer_sequence_code"]
    found = found.with_columns(pl.col(amounts).cast(pl.Decimal(14, 2)))
    both = told.join(found, on=keys, how="full", suffix="_found", coalesce=True)
    for column in [c for c in told.columns if c not in keys]:
        differing = both.filter(~pl.col(column).eq_missing(pl.col(f"{column}_found")))
        assert differing.is_empty(), (column, differing.height)


def _histogram(parts, column):
    some = parts.filter(pl.col(column) > 0)
    return {str(days): count for days, count in some.select("days", column).iter_rows()}


def _buckets(frame):
    return dict(frame.select("age_bucket", "amount").iter_rows())


def _amounts(told):
    return {bucket: Decimal(amount) for bucket, amount in told.items() if Decimal(amount)}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("modifier", ["25", "59"])
def test_modifiers(db, truth, modifier, part):
    metric = CATALOGUE["modifier_rate"].of(modifier)
    asked = {"payer_name": {"by": "payer_name"}, "month": {"every": "month"}, "all": {}}[part]
    ours = {
        _key(row, part): {"hits": row["hits"], "n": row["n"]}
        for row in metric(db, **asked).to_dicts()
        if row["n"]
    }
    theirs = truth["metrics"]["modifier_rate"][modifier][part]
    assert ours == ({"": theirs} if part == "all" else theirs)
    assert sum(one["hits"] for one in ours.values()) > 0 or modifier == "59"


def _key(row, part):
    return {"all": "", "payer_name": row.get("payer_name")}.get(part) or (
        f"{row['period']:%Y-%m}" if part == "month" else ""
    )


def test_levels_of_visits(db, truth):
    stated = truth["metrics"]["em_level_mix"]
    columns = ("em_family", "em_level", "n")
    mix = CATALOGUE["em_level_mix"]
    assert sorted(map(list, mix(db).select(columns).rows())) == stated["all"]
    for payer, rows in stated["payer_name"].items():
        ours = mix(db, where={"payer_name": payer}).select(columns).rows()
        assert sorted(map(list, ours)) == rows, payer


def test_levels_beside_those_of_the_other_providers_of_the_specialty(db, truth):
    """Share, peers' share and index of each provider, from the counts of the truth."""
    told = truth["metrics"]["em_level_mix"]["rendering_provider"]
    counts = {(kind, who, family, level): n for kind, who, family, level, n in told}
    index = em_level_index(db)
    assert len(index) >= len(counts)
    for row in index.to_dicts():
        kind, who, family = row["specialty"], row["rendering_provider"].upper(), row["em_family"]
        own = sum(n for (k, w, f, _), n in counts.items() if (k, w, f) == (kind, who, family))
        others = [(w, lv, n) for (k, w, f, lv), n in counts.items()
                  if (k, f) == (kind, family) and w != who]  # fmt: skip
        hits = counts.get((kind, who, family, row["em_level"]), 0)
        assert (row["hits"], row["n"]) == (hits, own)
        whole = sum(n for _, _, n in others)
        if not whole:
            assert row["peer_share"] is None
            continue
        share = sum(n for _, lv, n in others if lv == row["em_level"]) / whole
        assert row["peer_share"] == pytest.approx(share)
        if share:
            assert row["ratio"] == pytest.approx(hits / own / share)


def test_diagnoses_and_stays(db, truth):
    codes = truth["metrics"]["coded_diagnoses"]
    ours = CATALOGUE["unspecified_rate"](db).select("hits", "n").row(0)
    assert ours == (sum(n for code, n in codes.items() if code[-1] == "9"), sum(codes.values()))
    stays = {tuple(said.split()): n for said, n in truth["metrics"]["stays"].items()}
    ours = CATALOGUE["drg_single_cc_share"](db).select("hits", "n").row(0)
    single = sum(n for (_, *others), n in stays.items() if {"I10"} & {*others})
    assert ours == (single, sum(stays.values()))
