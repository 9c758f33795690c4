"""Diagnoses called unspecified by the order file of the day, and what no file tells."""

import random

import pytest

from analytics.metrics.coded import unspecified_rate

FILES = """
    reference_id | kind         | release | effective_from | effective_to
    1            | icd10cm_code | 2025    | 2024-10-01     | 2025-09-30
    2            | icd10cm_code | 2026    | 2025-10-01     | 2026-09-30
    3            | icd10cm_code | 2026.1  | 2026-04-01     | 2026-09-30
    """
TITLES = """
    reference_id | code | is_billable | long_title
    1            | A09  | true        | Upset, unspecified
    2            | A09  | true        | Upset of the stomach
    2            | A008 | true        | Unspecified fall
    2            | A00  | false       | Falls, unspecified
    3            | A09  | true        | Upset, unspecified
    """


@pytest.fixture
def world(given):
    """A database of claims drawn as (day, first code, other ...)."""

    def build(*rows, files=FILES, seq="P"):
        claims, diagnoses = [], []
        for number, (day, *codes) in enumerate(rows, start=1):
            claims.append(f"{number} | C{number} | {seq} | 2027-01-01 | {day} | {day} | 10")
            diagnoses += [
                f"{number} | {n} | {'principal' if n == 1 else 'other'} | icd10 | {code}"
                for n, code in enumerate(codes, start=1)
            ]
        return given(
            claim="claim_id | patient_control_number | payer_sequence_code | submission_date"
            " | service_from_date | service_to_date | billed_amount\n" + "\n".join(claims),
            claim_diagnosis="claim_id | position | kind | code_system | diagnosis_code\n"
            + "\n".join(diagnoses),
            reference_file=files, icd10cm_code=TITLES,
        )  # fmt: skip

    return build


def rate(db, **asked):
    return unspecified_rate(db, **asked).select("hits", "n").row(0)


@pytest.mark.parametrize(
    ("day", "hits"), [("2025-09-30", 1), ("2025-10-01", 0), ("2026-03-31", 0), ("2026-04-01", 1)]
)
def test_the_title_of_the_day_decides(world, day, hits):
    assert rate(world((day, "A09"))) == (hits, 1)


def test_all_diagnoses_count_and_what_no_file_tells_is_left_out(world):
    db = world(("2026-01-05", "A09", "A008", "A008"), ("2026-01-05", "A00", "B99"),
               ("2024-01-05", "A09"))  # fmt: skip
    assert rate(db) == (2, 3)
    assert dict(unspecified_rate.excluded(db).select("reason", "n").rows()) == {
        "not checked: no order file of that day": 1,
        "a code not in the order file, or a heading": 2,
    }
    assert unspecified_rate.excluded(db)["amount"].sum() == 20  # charges once a claim
    assert rate(db, where={"diagnosis_kind": "principal"}) == (0, 1)


def test_without_a_file_nothing_is_known(world):
    db = world(("2026-01-05", "A09"), files="reference_id | kind\n9 | other")
    assert unspecified_rate(db).select("n", "value").row(0) == (0, None)
    assert unspecified_rate.excluded(db)["n"].to_list() == [1]


def test_a_second_payers_claim_codes_nothing_anew(world):
    assert rate(world(("2025-09-30", "A09"), seq="S")) == (0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_against_a_naive_count(world, seed):
    draw = random.Random(seed)  # noqa: S311
    days = ("2024-09-30", "2025-03-01", "2025-12-01", "2026-05-01", "2026-10-01")
    rows = [
        (draw.choice(days), *draw.choices(["A09", "A008", "A00", "B99"], k=draw.randint(1, 4)))
        for _ in range(50)
    ]
    titles = {
        "2025-03-01": {"A09": True}, "2025-12-01": {"A09": False, "A008": True},
        "2026-05-01": {"A09": True},
    }  # fmt: skip
    told = [titles[day][c] for day, *codes in rows for c in codes if c in titles.get(day, {})]
    assert rate(world(*rows)) == (sum(told), len(told))
