"""The truth file: its file totals against the files, its rules against small drawn lives."""

import csv
import json
import zipfile
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sample_wire as wire
from sample_lives import DAY, answered, line

import analytics
from analytics.sample import catalogue, codes, reading
from analytics.sample.story import Story

REFERENCE = Path(analytics.__file__).parent / "sql" / "reference"
PUBLISHED = Path(__file__).parents[3] / "shared" / "reference" / "icd10cm"


@pytest.fixture(scope="module")
def truth(folder):
    return json.loads((folder / "truth.json").read_text())


@pytest.fixture(scope="module")
def rows(truth):
    columns = truth["claims"]["columns"]
    return [dict(zip(columns, row, strict=True)) for row in truth["claims"]["rows"]]


def as_numbers(stated):
    """Decimal strings as Decimals, groups of zero left out."""
    found = {name: Decimal(value) for name, value in stated.items() if name != "adjustments"}
    groups = {group: Decimal(amount) for group, amount in stated["adjustments"].items()}
    return found | {"adjustments": groups}


def test_what_the_truth_says_of_a_file_is_what_the_file_says(folder, truth):
    found = {str(path.relative_to(folder)): path for path in folder.glob("83[57]/*.edi")}
    assert set(found) == set(truth["files"])
    for name, path in found.items():
        assert wire.facts(path) == as_numbers(truth["files"][name]), name


def test_totals_are_the_sum_of_the_files(truth):
    for name, total in as_numbers(truth["totals"]).items():
        if name != "adjustments":
            assert total == sum(as_numbers(one)[name] for one in truth["files"].values())


def test_rows_and_metrics_agree(truth, rows):
    metrics = truth["metrics"]
    outcomes = Counter(
        "duplicate" if row["is_duplicate"] else row["first_outcome"] or "unanswered" for row in rows
    )
    assert outcomes == metrics["first_outcome"]
    denied = outcomes["denied"] + outcomes["partially_denied"]
    answered = denied + outcomes["paid"] + outcomes["no_pay_other"]
    assert metrics["initial_denial_rate"]["all"] == {"hits": denied, "n": answered}
    assert metrics["overturn_rate"]["all"]["n"] == denied
    assert metrics["overturn_rate"]["all"]["hits"] == sum(row["is_overturned"] for row in rows)
    assert Decimal(metrics["open_balance"]) == sum(Decimal(row["open_balance"]) for row in rows)
    aged = metrics["ar_aging"][truth["as_of"]]["all"]
    assert Decimal(metrics["open_balance"]) == sum(map(Decimal, aged.values()))


def test_slices_add_up(truth):
    told = {name: one for name, one in truth["metrics"].items() if type(one) is dict}
    sliced = {name: one for name, one in told.items() if {"all", "payer_name", "month"} <= {*one}}
    assert len(sliced) > 20
    for name, one in sliced.items():
        for part in ("payer_name", "month"):
            for key in {"hits", "n", "events", "top", "bottom", "amount"} & set(one["all"]):
                slices = [Decimal(each[key]) for each in one[part].values()]
                assert sum(slices) == Decimal(one["all"][key]), (name, part, key)


def test_waits_count_every_claim(truth, rows):
    wait = truth["metrics"]["days_submission_to_answer"]["all"]
    assert wait["n"] == len(rows)
    assert wait["events"] == sum(row["first_answer_date"] is not None for row in rows)
    assert sum(wait["event_days"].values()) == wait["events"]
    assert sum(wait["censored_days"].values()) == wait["n"] - wait["events"]


def test_claims_are_known_by_control_number_and_payer_sequence(rows):
    keys = {(row["patient_control_number"], row["payer_sequence_code"]) for row in rows}
    assert len(keys) == len(rows)


def test_the_planted_pattern_is_there_to_be_found(truth):
    assert truth["metrics"]["denial_pareto"]["carc"]["4"]["lines"] >= 20


def test_our_table_of_codes_agrees_with_the_reference():
    text = (REFERENCE / "carc_groups.csv").read_text("utf-8")
    known = {row["carc"]: row for row in csv.DictReader(text.splitlines())}
    kinds = {"denial": "denial", "contractual": "contractual", "patient_resp": "patient_share"}
    kinds |= {"cob": "prior_payer", "pend": "pend"}
    for code, ours in codes.CARCS.items():
        if code == codes.UNKNOWN_CARC:
            assert code not in known
            continue
        theirs = known[code]
        assert ours.category == theirs["category"]
        assert ours.counts == theirs["counts_as_denial"]
        assert ours.kind == kinds.get(theirs["adjustment_class"], "other")
        assert ours.remark_decides == (theirs["rarc_required"] == "yes")
        assert (ours.preventable, ours.hardness) == (theirs["preventable"], theirs["soft_or_hard"])


def test_our_table_of_remarks_agrees_with_the_reference():
    text = (REFERENCE / "rarc_codes.csv").read_text("utf-8")
    known = {row["rarc"]: row["category"] for row in csv.DictReader(text.splitlines())}
    assert {code: known.get(code) for code in codes.RARCS} == codes.RARCS
    used = {code for one in vars(codes).values() if type(one) is codes.Reason for code in one[2]}
    assert used <= set(codes.RARCS)


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_diagnosis_is_billable(year):
    file = PUBLISHED / f"cms_{year}_dx.zip"
    if not file.exists():
        pytest.skip("CMS's order files of ICD-10-CM are not beside this checkout")
    text = zipfile.ZipFile(file).read(f"icd10cm_order_{year}.txt").decode("ascii", "replace")
    billable = {row[6:13].strip() for row in text.splitlines() if row[14] == "1"}
    used = {code for one in catalogue.SPECIALTIES for code in one.diagnoses}
    used |= {*catalogue.OUTPATIENT_DIAGNOSES, *(one.diagnosis for one in catalogue.STAYS)}
    assert used | {"I10", "E119"} <= billable


# Small lives, drawn by hand: two lines of 100.00 and 50.00 sent on DAY, answers as stated.


def read(story: Story) -> tuple[reading.Reading, int]:
    found = reading.read(story.claim)
    return found, found.balance(date(2026, 12, 31))


PAID_1 = (0, 6000, [("CO", "45", 4000)])
PAID_2 = (1, 3000, [("CO", "45", 1500), ("PR", "1", 500)])
DENIED_1 = (0, 0, [("CO", "197", 10000)])
DENIED_2 = (1, 0, [("CO", "197", 5000)])


def test_unanswered_is_open_for_its_charge(story):
    found, balance = read(story)
    assert (found.outcome, balance) == (None, 15000)


def test_paid_with_patient_share_leaves_nothing_with_the_insurer(story):
    answered(story, 14, PAID_1, PAID_2)
    found, balance = read(story)
    assert (found.outcome, found.denied, balance) == ("paid", 0, 0)
    assert found.allowed == 6000 + 3500


def test_all_patient_share_is_paid_not_denied(story):
    answered(story, 14, (0, 0, [("PR", "1", 10000)]), (1, 0, [("PR", "1", 5000)]))
    assert read(story)[0].outcome == "paid"


def test_a_later_payment_overturns(story):
    answered(story, 14, PAID_1, DENIED_2)
    answered(story, 50, PAID_2)
    found, balance = read(story)
    assert (found.outcome, found.denied) == ("partially_denied", 5000)
    assert (found.is_overturned, found.recovered, balance) == (True, 3500, 0)


def test_a_payment_on_a_line_not_denied_overturns_nothing(story):
    first = answered(story, 14, PAID_1, DENIED_2)
    story.reverse(first, DAY + timedelta(days=40))
    answered(story, 40, PAID_1, DENIED_2)
    found, balance = read(story)
    assert (found.is_overturned, balance) == (False, 5000)


def test_an_answer_taken_back_stays_first_and_leaves_the_money(story):
    first = answered(story, 14, PAID_1, PAID_2)
    story.reverse(first, DAY + timedelta(days=40))
    found, balance = read(story)
    assert (found.outcome, found.first_day, balance) == ("paid", first.day, 15000)
    assert found.balance(DAY + timedelta(days=39)) == 0
    assert found.allowed == 0


def test_claim_payments_of_one_day_are_one_answer(story):
    answered(story, 14, PAID_1)
    answered(story, 14, DENIED_2)
    found, balance = read(story)
    assert (found.outcome, len(found.first), balance) == ("partially_denied", 2, 5000)


def test_a_pend_is_no_answer(story):
    answered(story, 14, (0, 0, [("OA", "133", 10000)]), (1, 0, [("OA", "133", 5000)]))
    found, balance = read(story)
    assert (found.outcome, balance) == (None, 15000)
    answered(story, 28, PAID_1, PAID_2)
    assert read(story)[0].outcome == "paid"


@pytest.mark.parametrize("status", ["23", "25"])
def test_a_notice_is_no_answer(story, status):
    answered(story, 14, (0, 0, [("OA", "B11", 10000)])).status = status
    found, balance = read(story)
    assert (found.outcome, balance) == (None, 15000)


def test_only_a_duplicate_denial_is_kept_apart(story):
    answered(story, 14, (0, 0, [("OA", "18", 10000)]), (1, 0, [("OA", "18", 5000)]))
    found, balance = read(story)
    assert (found.outcome, found.is_duplicate, found.denied, balance) == (
        "no_pay_other", True, 0, 15000,
    )  # fmt: skip


def test_a_reduction_denies_only_an_unpaid_line(story):
    answered(story, 14, (0, 4000, [("CO", "59", 6000)]), (1, 0, [("CO", "59", 5000)]))
    found, balance = read(story)
    assert (found.outcome, found.denied, balance) == ("partially_denied", 5000, 5000)


def test_a_denial_moved_to_the_patient_is_a_denial(story):
    answered(story, 14, (0, 0, [("PR", "96", 10000)]), (1, 0, [("PR", "96", 5000)]))
    found, balance = read(story)
    assert (found.outcome, found.denied, balance) == ("denied", 15000, 15000)


def test_all_written_off_by_contract_is_neither_paid_nor_denied(story):
    answered(story, 14, (0, 0, [("CO", "45", 10000)]), (1, 0, [("CO", "45", 5000)]))
    found, balance = read(story)
    assert (found.outcome, balance) == ("no_pay_other", 0)


def test_an_unknown_code_settles_and_does_not_deny(story):
    answered(story, 14, (0, 0, [("CO", codes.UNKNOWN_CARC, 10000)]), PAID_2)
    found, balance = read(story)
    assert (found.outcome, balance) == ("paid", 0)


def test_a_replacement_changes_the_charge_and_a_void_ends_it(story):
    story.send(DAY + timedelta(days=7), frequency="7", original="X", lines=[line("L1", 12000)])
    sent = story.claim.submissions[-1].sent
    found, balance = read(story)
    assert (found.balance(sent - timedelta(days=1)), balance) == (15000, 12000)
    story.send(DAY + timedelta(days=20), frequency="8", original="X")
    assert read(story)[1] == 0


def test_sending_again_adds_no_charge(story):
    story.send(DAY + timedelta(days=50))
    assert read(story)[1] == 15000


def test_the_remark_decides_where_the_code_says_little(story):
    answered(story, 14, (0, 0, [("CO", "16", 10000)]))
    (part,) = reading.read(story.claim).first_parts
    assert part.reason(part.main) == "billing_data"
    story.claim.answers[0].lines[0].remarks = ("N620", "M76", "MA130")
    (part,) = reading.read(story.claim).first_parts
    assert part.reason(part.main) == "coding"


def test_the_largest_denial_gives_the_category(story):
    answered(story, 14, (0, 0, [("CO", "197", 3000), ("CO", "50", 7000)]))
    (part,) = reading.read(story.claim).first_parts
    assert part.reason(part.main) == "medical_necessity"
