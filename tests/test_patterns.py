"""Coding patterns: what is expected, what is found, and that nothing is found where nothing is."""

import datetime as dt
import json
from collections import defaultdict
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from peers import Peer
from seldom import seldom

from analytics import metrics
from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics import _pattern_sql, _pattern_tests, coding_patterns, pattern_lines

scipy_stats = Peer("scipy.stats")
SAMPLE = Path(__file__).parents[1] / "sample_data"
ITEMS = (
    "payer_name", "procedure_code", "modifier_key", "other_procedure_code", "diagnosis_category",
    "diagnosis_chapter", "place_of_service_code", "rendering_provider", "denial_carc",
)  # fmt: skip
OTHER, REASON = "other_procedure_code", "denial_carc"
COLUMNS = (
    "file_id, record_no, remit_claim_id, line_no, claim_id, is_first_answer, is_duplicate, "
    "claim_type, answer_date, charge_amount, is_denied, denied_amount, denial_carc, payer_name, "
    "procedure_code, modifier_key, diagnosis_category, diagnosis_chapter, place_of_service_code, "
    "rendering_provider"
)
CODES = np.array(
    ["99213", "99214", "99203", "20610", "73562", "85025", "80053", "36415", "93000", "97110",
     "J3301", "G0439"]
)  # fmt: skip
DIAGNOSES = np.array([f"{'EIJM'[at % 4]}{10 + at}" for at in range(12)])


class Lines:
    """An engine that knows answered lines and nothing else."""

    def __init__(self, frame):
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.register("drawn", frame)
        self.connection.execute("CREATE TABLE answered_line AS SELECT * FROM drawn")

    def fetch(self, query):
        return self.connection.execute(query.sql, dict(query.params)).pl()


def world(seed, claims=1800, months=8, lines=1.0):
    """Claims of 1 to 30 lines, long at some providers; denied whole or in part, whatever is billed.

    Payers and months differ in how much they deny.
    """
    rng = np.random.default_rng(seed)
    payer, provider = rng.integers(0, 4, claims), rng.integers(0, 12, claims)
    month, diagnosis = rng.integers(0, months, claims), rng.integers(0, 12, claims)
    size = np.minimum(1 + rng.geometric(1 / (1 + lines * provider / 2)), 30)
    chance = np.array([0.05, 0.08, 0.12, 0.06])[payer] * (1 + 0.4 * (month % 3))
    fate, reason = rng.random(claims), rng.integers(0, 5, claims)
    of = np.repeat(np.arange(claims), size)
    at = np.arange(len(of)) - np.repeat(np.cumsum(size) - size, size)
    is_hit = (fate < chance)[of] | (
        (fate < chance + 0.05)[of] & (at < np.maximum(size[of] // 2, 1))
    )
    code = rng.integers(0, len(CODES), len(of))
    modifier = np.where(rng.random(len(of)) < 0.4, np.array(["25", "59", "GP"])[code % 3], "")
    frame = pl.DataFrame(
        {
            "remit_claim_id": of, "line_no": at, "claim_id": of, "record_no": np.arange(len(of)),
            "payer_name": np.array(["A", "B", "C", "D"])[payer][of],
            "month": month[of],
            "is_denied": is_hit, "charge_amount": 50.0 + 10 * code,
            "denial_carc": np.array(["16", "97", "50", "197", "4"])[reason][of],
            "procedure_code": CODES[code], "modifier_key": modifier,
            "diagnosis_category": DIAGNOSES[diagnosis][of],
            "place_of_service_code": np.where(provider > 8, "22", "11")[of],
            "rendering_provider": np.array([f"P{n}" for n in range(12)])[provider][of],
        }
    )  # fmt: skip
    return judged(
        frame.with_columns(
            file_id=pl.lit(1), is_first_answer=pl.lit(value=True),
            is_duplicate=pl.lit(value=False), claim_type=pl.lit("professional"),
            answer_date=pl.date(2026, 1 + pl.col("month"), 15),
            diagnosis_chapter=pl.col("diagnosis_category").str.slice(0, 1) + "00",
        )
    )  # fmt: skip


def judged(frame):
    """Denied amounts and reasons as `is_denied` has them."""
    amount = pl.when("is_denied").then("charge_amount").otherwise(0.0).cast(pl.Decimal(14, 2))
    return frame.with_columns(
        denied_amount=amount, denial_carc=pl.when("is_denied").then("denial_carc")
    )


def planted(frame, which, seed, *, carc, share=0.6):
    """The lines of `which` denied for `carc`, so many of them."""
    luck = pl.Series(np.random.default_rng(seed).random(frame.height) < share)
    struck = which & luck
    return judged(
        frame.with_columns(
            is_denied=pl.col("is_denied") | struck,
            denial_carc=pl.when(struck).then(pl.lit(carc)).otherwise("denial_carc"),
        )
    )


def shuffled(frame, seed):
    """What became of claims, dealt anew within payer, kind of claim and month.

    Whole denials stay whole: the lines of a claim, in any order, share the fate of another's.
    """
    rng = np.random.default_rng(seed)
    lines = frame.with_columns(draw=pl.Series(rng.random(frame.height))).sort("claim_id", "draw")
    lines = lines.with_columns(at=pl.int_range(pl.len()).over("claim_id"))
    claims = lines.group_by("claim_id", maintain_order=True).agg(
        pl.col("payer_name", "claim_type").first(),
        pl.col("answer_date").first().dt.truncate("1mo"),
        size=pl.len(),
    )
    claims = claims.with_columns(draw=pl.Series(rng.random(claims.height)))
    deck = ["payer_name", "claim_type", "answer_date"]
    dealt = claims.sort(*deck, "draw").select(donor="claim_id", donated="size")
    given = claims.sort(*deck, "claim_id").select("claim_id").hstack(dealt)
    fate = lines.select("is_denied", "denial_carc", donor="claim_id", taken="at")
    moved = lines.drop("is_denied", "denial_carc").join(given, on="claim_id")
    moved = moved.with_columns(taken=pl.col("at") % pl.col("donated"))
    return judged(moved.join(fate, on=["donor", "taken"]))


@pytest.fixture(scope="module")
def sample_lines(db):
    return db.sql(
        f"SELECT {COLUMNS} FROM answered_line WHERE claim_id IS NOT NULL AND is_first_answer "
        "AND NOT is_duplicate AND charge_amount > 0"
    )


def items(row):
    return {name: row[name] for name in ITEMS if row[name] is not None}


# What is expected.


def tiny(rows):
    """Lines of claim, month, procedure and whether denied; all else is the same."""
    shape = {
        "claim_id": pl.Int64,
        "month": pl.Int64,
        "procedure_code": pl.String,
        "is_denied": pl.Boolean,
    }
    frame = pl.DataFrame(rows, schema=shape, orient="row")
    return Lines(
        judged(
            frame.with_columns(
                answer_date=pl.date(2026, pl.col("month"), 9), payer_name=pl.lit("A"),
                claim_type=pl.lit("professional"), modifier_key=pl.lit(""),
                remit_claim_id=pl.col("claim_id"), line_no=pl.int_range(pl.len()),
                record_no=pl.int_range(pl.len()), file_id=pl.lit(1), charge_amount=pl.lit(100.0),
                is_first_answer=pl.lit(value=True), is_duplicate=pl.lit(value=False),
                denial_carc=pl.lit("16"),
                **{name: pl.lit(None, pl.String) for name in ITEMS[4:8]},
            )
        )
    )  # fmt: skip


def test_expected_is_what_each_stratum_is_denied():
    january = [(n, 1, "99213", n < 3) for n in range(4)] + [
        (n, 1, "99214", False) for n in range(4, 8)
    ]
    february = [(n, 2, "99213", True) for n in range(8, 10)] + [
        (n, 2, "99214", n < 12) for n in range(10, 14)
    ]
    march = [(20, 3, "99213", True), (21, 3, "99214", False)]
    engine = tiny(january + february + march)
    frame = coding_patterns(engine, support=1, false_discoveries=1, explained=True)
    (row,) = frame.filter(
        pl.col("procedure_code") == "99213", pl.col("payer_name").is_null(),
        pl.col("denial_carc").is_null(), pl.col("other_procedure_code").is_null(),
    ).to_dicts()  # fmt: skip
    # January: 3 of 8 denied, so 4 lines expect 1.5; February: 4 of 6, so 2 lines expect 4/3.
    assert (row["n"], row["denied"], row["value"]) == (6, 5, pytest.approx(5 / 6))
    assert row["expected"] == pytest.approx(1.5 + 4 / 3)
    assert (row["holdout_n"], row["holdout_denied"], row["holdout_expected"]) == (1, 1, 0.5)
    assert row["sentence"] == (
        "Payers deny 99213 at 83% where 47% is expected; 5 lines, $500 in 2 months"
    )
    # Bounds of the tail: 6 lines each denied by 47%, or 7 denials each of 99213 by 40%.
    by_line = scipy_stats.binom.sf(4, 6, row["expected"] / 6)
    by_denial = scipy_stats.binom.sf(4, 7, row["expected"] / 7)
    assert row["p_value"] == pytest.approx(min(by_line, by_denial))


def test_what_is_all_of_its_stratum_is_as_expected():
    engine = tiny([(n, m, "99213", n % 3 == 0) for n, m in enumerate([1, 2, 3] * 20)])
    frame = coding_patterns(engine, support=1, false_discoveries=1, explained=True)
    assert frame["ratio"].to_list() == pytest.approx([1.0] * frame.height)
    assert frame["p_value"].to_list() == [1.0] * frame.height


def test_denials_of_one_claim_count_as_one():
    alone = [(n, 1, "99213", n < 6) for n in range(20)] + [
        (n, 1, "99214", False) for n in range(50, 70)
    ]
    together = [(n // 6, 1, "99213", n < 6) for n in range(20)] + alone[20:]
    p = [
        coding_patterns(tiny(rows), support=1, false_discoveries=1, explained=True).filter(
            pl.col("procedure_code") == "99213", pl.col("denial_carc").is_null()
        )["p_value"][0]
        for rows in (alone, together)
    ]
    assert p[0] == pytest.approx(scipy_stats.binom.sf(5, 6, 0.5))  # all six, each by half
    assert p[1] == pytest.approx(1 - 0.85 ** (20 / 6))  # one of 20 / 6 claims, each by 6 / 40


@pytest.mark.parametrize("family", _pattern_sql.FAMILIES, ids="+".join)
def test_sums_are_those_of_a_plain_count(family):
    """Every pattern by a loop over lines, which shares nothing with the query."""
    frame = world(3, claims=250, months=3)
    held = dt.date(2026, 3, 1)
    query = _pattern_sql.patterns(family, {}, held, 1)
    rows = Lines(frame).fetch(query).drop_nulls(family).to_dicts()
    told = counted(frame.to_dicts(), family, held)
    assert len(rows) == sum(one["denied"] > 0 for one in told.values()) > 0
    for row in rows:
        expected = told[row["payer_name"], *(row[item] for item in family)]  # the reason is last
        assert {name: float(row[name]) for name in expected} == pytest.approx(expected)


def counted(lines, family, held):
    """The sums of each pattern before the month held out and, after ``held_``, in it."""
    strata, codes_of = defaultdict(list), defaultdict(set)
    for line in lines:
        strata[stratum(line)].append(line)
        codes_of[line["claim_id"]].add(line["procedure_code"])
    seen = defaultdict(list)  # the lines of each pattern, whatever they are denied for
    for line in lines:
        for other in codes_of[line["claim_id"]] if OTHER in family else [None]:
            has = {**line, OTHER: other}
            key = tuple(has[item] or None for item in family if item != REASON)
            if None not in key and other != line["procedure_code"]:
                seen[line["payer_name"], *key].append(line)
                seen[None, *key].append(line)
    reasons = sorted({line["denial_carc"] for line in lines if line["is_denied"]})
    told = {
        (*key, *wanted): summed(its, strata, wanted, held)
        for key, its in seen.items()
        for wanted in ([(reason,) for reason in reasons] if REASON in family else [()])
    }
    # What no stratum is denied for is no pattern.
    return {key: one for key, one in told.items() if one["expected"] > 0 and one["lines"] > 0}


def summed(its, strata, wanted, held):
    """The sums of one pattern: its lines, denied for the reason `wanted` or for any."""
    sums = dict.fromkeys((*_pattern_sql.SUMS, "denied_amount"), 0.0)
    claims = defaultdict(int)
    parts = defaultdict(list)
    for line in its:
        parts[stratum(line)].append(line)
    for of, mine in parts.items():
        side = "held_" if of[-1] >= held else ""
        hits = [line for line in mine if is_hit(line, wanted)]
        touched = sum(is_hit(line, wanted) for line in strata[of])
        sums[f"{side}lines"] += len(mine)
        sums[f"{side}denied"] += len(hits)
        sums[f"{side}touched"] += touched
        sums[f"{side}expected"] += len(mine) * touched / len(strata[of])
        for line in hits:
            claims[side, line["claim_id"]] += 1
        sums["denied_amount"] += 0 if side else sum(float(line["denied_amount"]) for line in hits)
    for (side, _), count in claims.items():
        sums[f"{side}squares"] += count**2
    return sums


def is_hit(line, wanted):
    return line["is_denied"] and (not wanted or line["denial_carc"] == wanted[0])


def stratum(line):
    code = line["procedure_code"]
    is_visit = "99202" <= code <= "99499"
    section = "surgery" if "10000" <= code < "70000" else code[0]
    month = line["answer_date"].replace(day=1)
    return line["payer_name"], line["claim_type"], "visit" if is_visit else section, month


@pytest.mark.parametrize("seed", range(5))
def test_the_tail_is_no_less_than_the_exact_one(seed):
    """Strata of lines of a claim each: the exact tail is that of added hypergeometrics."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(4, 40, 8)
    denied, ours = rng.binomial(sizes, 0.3), rng.binomial(sizes, 0.4)
    exact = np.ones(1)
    for n, hits, own in zip(sizes, denied, ours, strict=True):
        exact = np.convolve(exact, scipy_stats.hypergeom.pmf(np.arange(own + 1), n, hits, own))
    due = (ours * denied / sizes).sum()
    seen = np.arange(int(np.ceil(due)) + 1, min(len(exact), denied.sum() + 1))
    rows = pl.DataFrame({"denied": seen, "squares": seen}).with_columns(
        expected=pl.lit(due), lines=pl.lit(ours.sum()), touched=pl.lit(denied.sum())
    )
    tails = exact[::-1].cumsum()[::-1][seen]
    assert (_pattern_tests.over_strata(rows).to_numpy() >= tails - 1e-12).all()


# What is found.


def test_planted_patterns_are_found_and_stand_alone():
    frame = world(1, claims=6000, lines=0.5)
    beside = frame.filter(procedure_code="G0439")["claim_id"]
    is_beside = frame["claim_id"].is_in(beside.implode())
    code, payer = frame["procedure_code"], frame["payer_name"]
    visit = (code == "99213") & (frame["modifier_key"] == "25") & is_beside & (payer == "B")
    joint = (code == "20610") & (frame["diagnosis_category"] == "M13")
    doctor = (frame["rendering_provider"] == "P5") & (payer == "C") & (code == "93000")
    frame = planted(frame, visit, 1, carc="97", share=0.9)
    frame = planted(frame, joint, 2, carc="50")
    frame = planted(frame, doctor, 3, carc="4", share=0.8)
    found = coding_patterns(Lines(frame))
    assert [items(row) for row in found.head(3).sort("procedure_code").to_dicts()] == [
        {"procedure_code": "20610", "diagnosis_category": "M13"},
        {"procedure_code": "93000", "rendering_provider": "P5", "payer_name": "C"},
        {"procedure_code": "99213", "modifier_key": "25", "other_procedure_code": "G0439",
         "payer_name": "B"},
    ]  # fmt: skip
    assert found.head(3)["ratio"].min() > 1.5
    assert set(found["holdout_confirmed"].to_list()[:3]) <= {True, None}
    assert True in found["holdout_confirmed"].to_list()


@pytest.mark.parametrize("seed", range(3))
def test_one_cause_is_one_row(seed):
    """Of all patterns that one cause makes significant, that which names it stands for all."""
    frame = world(seed, claims=4000, lines=0.5)
    code = (frame["procedure_code"] == "99214") & (frame["payer_name"] == "A")
    heart = (frame["diagnosis_chapter"] == "I00") & (frame["payer_name"] == "B")
    frame = planted(planted(frame, code, seed, carc="4", share=0.5), heart, 9, carc="50", share=0.2)
    assert sorted(map(str, map(items, coding_patterns(Lines(frame)).to_dicts()))) == [
        str({"payer_name": "A", "procedure_code": "99214", "denial_carc": "4"}),
        str({"payer_name": "B", "diagnosis_chapter": "I00", "denial_carc": "50"}),
    ]


def test_the_planted_pattern_of_the_sample_is_the_only_one(db):
    pattern = json.loads((SAMPLE / "truth.json").read_text("utf-8"))["planted_pattern"]
    (row,) = coding_patterns(db).to_dicts()
    assert items(row) == {
        "payer_name": pattern["payer_name"], "procedure_code": pattern["procedure_code"],
        "modifier_key": pattern["modifier"], "denial_carc": pattern["carc_code"],
    }  # fmt: skip
    assert row["holdout_confirmed"]
    assert row["sentence"].startswith(
        f"{row['payer_name']} denies 99214-25 for CARC 4 at {row['value']:.0%} where "
    )
    relatives = coding_patterns(db, explained=True).filter("is_explained")
    assert relatives.height >= 3
    assert relatives["left_denied"].max() < 20


def test_the_lines_of_a_pattern_are_those_counted(db):
    (row,) = coding_patterns(db).to_dicts()
    lines = pattern_lines(db, row)
    assert lines.height == row["denied"] + row["holdout_denied"]
    before = lines.filter(pl.col("answer_date") < lines["answer_date"].max().replace(day=1))
    assert before["denied_amount"].sum() == row["denied_amount"]
    assert lines["file_name"].null_count() == lines["record_no"].null_count() == 0
    assert pattern_lines(db, {"procedure_code": "99214"}, limit=3).height == 3
    beside = pattern_lines(db, {"procedure_code": "97110", "other_procedure_code": "97140"})
    assert beside["procedure_code"].unique().to_list() == ["97110"]
    with pytest.raises(BadQueryError, match="below 0"):
        pattern_lines(db, row, limit=-1)
    with pytest.raises(BadQueryError, match="at least one item"):
        pattern_lines(db, {"rank": 1})
    with pytest.raises(UnknownNameError, match="did you mean 'procedure_code'"):
        pattern_lines(db, {"payer_name": "Medicare", "procedure_cod": "99214"})


def test_a_pattern_gone_in_the_last_month_is_not_confirmed():
    frame = world(2, claims=4000, lines=0.5)
    late = frame["answer_date"] == frame["answer_date"].max()
    which = (frame["procedure_code"] == "99214") & (frame["payer_name"] == "A") & ~late
    found = coding_patterns(Lines(planted(frame, which, 1, carc="4", share=0.9)))
    assert items(found.row(0, named=True)).items() >= {"procedure_code": "99214"}.items()
    assert found["holdout_confirmed"][0] is False


def test_a_filter_keeps_to_its_lines(db):
    assert coding_patterns(db, where={"payer_name": "Medicare"}).is_empty()
    (row,) = coding_patterns(db, where={"payer_name": "Tallowmere Mutual"}).to_dicts()
    assert row["procedure_code"] == "99214"


@pytest.mark.parametrize(
    "options",
    [{"support": 0}, {"support": "x"}, {"support": float("nan")}, {"false_discoveries": 0},
     {"limit": -1}],
)  # fmt: skip
def test_options_out_of_range_are_refused(db, options):
    with pytest.raises(BadQueryError, match="support"):
        metrics.coding_patterns(db, **options)


def test_ratios_are_those_of_patterns(db):
    frame = metrics.denial_ratios(db, "modifier_key")
    assert frame.filter(pl.col("value").is_between("low", "high")).height == frame.height > 10
    where = {"payer_name": "Tallowmere Mutual"}
    told = coding_patterns(db, where=where, false_discoveries=1, explained=True, limit=None)
    own = {"payer_name": "Tallowmere Mutual", "modifier_key": "25"}
    (one,) = (row for row in told.to_dicts() if items(row) == own)
    (same,) = frame.filter(**own).to_dicts()
    assert same["n"] == one["n"] + one["holdout_n"]
    assert same["denied"] == one["denied"] + one["holdout_denied"]
    assert same["expected"] == pytest.approx(one["expected"] + one["holdout_expected"])
    with pytest.raises(BadQueryError, match="one item"):
        metrics.denial_ratios(db, ["procedure_code", "modifier_key"])
    with pytest.raises(UnknownNameError, match="procedure_code"):
        metrics.denial_ratios(db, "procedure")


# What is not found.


def test_without_regard_to_claims_chance_would_be_taken_for_patterns(monkeypatch):
    """So that the next tests can fail: lines taken for independent give patterns of nothing."""
    monkeypatch.setattr(_pattern_tests, "clustered", lambda *_: pl.lit(1.0))
    assert coding_patterns(Lines(world(0)), explained=True).height > 5


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("first", [0, 12])
def test_nothing_is_found_where_nothing_is(first):
    found = [
        coding_patterns(Lines(world(seed)), explained=True).height
        for seed in range(first, first + 12)
    ]
    assert sum(n > 0 for n in found) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("first", seldom([0, 12], 1))
def test_nothing_is_found_in_the_sample_once_dealt_anew(sample_lines, first):
    found = [
        coding_patterns(Lines(shuffled(sample_lines, seed)), explained=True).height
        for seed in range(first, first + 12)
    ]
    assert sum(n > 0 for n in found) <= 1
