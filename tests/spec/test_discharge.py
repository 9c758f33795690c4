"""What the tier of a discharge hangs on, by the lists of its fiscal year."""

import random

import pytest

from analytics.metrics.inpatient import drg_single_cc_share

FILES = """
    reference_id | kind          | release | effective_from | effective_to
    1            | ms_drg        | 2026    | 2025-10-01     | 2026-09-30
    2            | mcc_diagnosis | 2026    | 2025-10-01     | 2026-09-30
    3            | cc_diagnosis  | 2026    | 2025-10-01     | 2026-09-30
    """
GROUPS = """
    reference_id | drg_code | title               | tier
    1            | 001      | One with MCC        | MCC
    1            | 002      | One with CC         | CC
    1            | 003      | Two with CC/MCC     | CC_OR_MCC
    1            | 004      | Two without CC/MCC  |
    """
MAJOR = "reference_id | code\n2 | M1\n2 | M2"
MINOR = "reference_id | code\n3 | C1\n3 | C2"


@pytest.fixture
def world(given):
    """A database of stays drawn as (day, DRG, other diagnoses ...), all of principal P."""

    def build(*rows, files=FILES, seq="P", bill="111", kind="institutional", **more):
        claims, diagnoses = [], []
        for number, (day, drg, *codes) in enumerate(rows, start=1):
            claims.append(
                f"{number} | C{number} | {kind} | {bill} | {seq} | 2027-01-01 | {day} | {day}"
                f" | {drg} | 10"
            )
            diagnoses += [
                f"{number} | {n} | {'principal' if n == 1 else 'other'} | icd10 | {code}"
                for n, code in enumerate(("P", *codes), start=1)
            ]
        return given(
            as_of="2027-06-30",
            claim="claim_id | patient_control_number | claim_type | bill_type_code"
            " | payer_sequence_code | submission_date | service_from_date | service_to_date"
            " | drg_code | billed_amount\n" + "\n".join(claims),
            claim_diagnosis="claim_id | position | kind | code_system | diagnosis_code\n"
            + "\n".join(diagnoses),
            reference_file=files, ms_drg=GROUPS, mcc_diagnosis=MAJOR, cc_diagnosis=MINOR, **more,
        )  # fmt: skip

    return build


def share(db):
    return drg_single_cc_share(db).select("hits", "n").row(0)


@pytest.mark.parametrize(
    ("drg", "codes", "told"),
    [
        ("001", ["M1"], (1, 1)),
        ("001", ["M1", "C1", "C2"], (1, 1)),
        ("001", ["M1", "M2"], (0, 1)),
        ("001", ["M1", "M1"], (1, 1)),
        ("001", ["C1"], (0, 1)),
        ("002", ["C1"], (1, 1)),
        ("002", ["C1", "C2"], (0, 1)),
        ("003", ["M1"], (1, 1)),
        ("003", ["C1"], (1, 1)),
        ("003", ["M1", "C1"], (0, 1)),
        ("003", [], (0, 1)),
        ("1", ["M1"], (1, 1)),
        ("0001", ["M1"], (1, 1)),
        ("1001", ["M1"], (0, 0)),
        ("004", ["M1"], (0, 0)),
        ("", ["M1"], (0, 0)),
    ],
)
def test_what_a_tier_hangs_on(world, drg, codes, told):
    assert share(world(("2026-01-05", drg, *codes))) == told


@pytest.mark.parametrize("other", [{"seq": "S"}, {"bill": "131"}, {"kind": "professional"}])
def test_only_hospital_stays_sent_to_a_first_payer_count(world, other):
    assert share(world(("2026-01-05", "001", "M1"), **other)) == (0, 0)


def test_what_no_table_tells_is_left_out_and_counted(world):
    db = world(("2026-10-01", "001", "M1"), ("2026-01-05", "004"), ("2026-01-05", "999"))
    assert share(db) == (0, 0)
    assert dict(drg_single_cc_share.excluded(db).select("reason", "n").rows()) == {
        "not checked: no Table 5 of that year, or DRG not in it": 2,
        "an MS-DRG that asks for no CC or MCC, or not only": 1,
    }


def test_a_tier_needs_the_list_it_asks_for(world):
    files = FILES.replace("cc_diagnosis  | 2026", "other         | 2026")
    db = world(("2026-01-05", "001", "M1"), ("2026-01-05", "002", "C1"), files=files)
    assert share(db) == (1, 1)
    assert drg_single_cc_share.excluded(db)["n"].to_list() == [1]


def test_without_a_drg_on_the_claim_that_of_the_remittance_counts(world):
    db = world(
        ("2026-01-05", "", "M1"),
        remit="remit_id | payment_date\n1 | 2027-01-20",
        remit_claim="remit_claim_id | remit_id | patient_control_number | status_code"
        " | charge_amount | paid_amount | drg_code\n1 | 1 | C1 | 1 | 10 | 10 | 001",
    )
    assert share(db) == (1, 1)
    assert drg_single_cc_share(db, by="drg_source")["drg_source"].to_list() == ["remittance"]


@pytest.mark.parametrize("seed", range(3))
def test_against_a_naive_count(world, seed):
    draw = random.Random(seed)  # noqa: S311
    rows = [
        ("2026-01-05", draw.choice(["001", "002", "003", "004"]),
         *draw.choices(["M1", "M2", "C1", "C2", "X1"], k=draw.randint(0, 4)))
        for _ in range(60)
    ]  # fmt: skip
    counted = {"001": {"M1", "M2"}, "002": {"C1", "C2"}, "003": {"M1", "M2", "C1", "C2"}}
    told = [len(set(codes) & counted[drg]) == 1 for _, drg, *codes in rows if drg in counted]
    assert share(world(*rows)) == (sum(told), len(told))
