"""Coding edits of loaded claims: by which release, for whom, and what no table tells."""

import random

import pytest

from analytics.metrics.coding import diagnosis_edits, edit_rate, inpatient_claims

FILES = """
    reference_id | kind          | release | effective_from | effective_to
    1            | icd10cm_code  | 2025    | 2024-10-01     | 2025-09-30
    2            | icd10cm_code  | 2026    | 2025-10-01     | 2026-09-30
    3            | mce_diagnosis | 43.1    | 2015-10-01     | 2026-09-30
    4            | mce_age_range | 43.1    | 1984-03-01     | 2026-09-30
    5            | mce_diagnosis | 42.1    | 2015-10-01     | 2025-09-30
    """
ORDER = """
    reference_id | code | is_billable
    1            | A00  | false
    1            | A000 | true
    1            | A001 | true
    2            | A00  | false
    2            | A000 | true
    """
AGES = """
    reference_id | age_group | start_age | end_age | start_date
    4            | adult     | 15        | 124     | 1984-03-01
    4            | pediatric | 0         | 17      | 1984-03-01
    4            | maternity | 9         | 64      | 2019-10-01
    """
FLAGS = {
    "A000": "", "VAGUE": "unspecified", "GROWN": "adult", "CHILD": "pediatric", "MOTHER":
    "maternity,female", "MAN": "male", "FALL": "ecodepdx", "SHOWS": "manifestation",
    "NEVER": "unacceptable", "WITH": "reqsdx,unacceptable",
}  # fmt: skip
EDITOR = "reference_id | code | start_date | flags\n" + "\n".join(
    f"3 | {code} | 2015-10-01 | [{flags}]" for code, flags in FLAGS.items()
)
PATIENTS = """
    patient_id | birth_date | sex_code
    1          | 1986-01-01 | M
    2          | 2016-01-01 | F
    3          |            | U
    """
NAMES = {
    "UNSPECIFIED": "ICD-3", "AGE_CONFLICT": "ICD-4", "SEX_CONFLICT": "ICD-4",
    "DUPLICATE_OF_PDX": "ICD-5", "E_CODE_AS_PDX": "ICD-5", "MANIFESTATION_AS_PDX": "ICD-5",
    "UNACCEPTABLE_PDX": "ICD-5", "REQUIRES_SDX": "ICD-5",
}  # fmt: skip


@pytest.fixture
def world(given):
    """A database of claims drawn as (day, patient, bill type, principal, other ...)."""

    def build(*rows, files=FILES):
        claims, diagnoses = [], []
        for number, (day, patient, bill, *codes) in enumerate(rows, start=1):
            kind = "institutional" if bill else "professional"
            claims.append(
                f"{number} | C{number} | {patient} | {kind} | {bill} | 2026-10-01 | {day} | {day}"
                f" | {codes[0]} | 10"
            )
            diagnoses += [
                f"{number} | {n} | {'principal' if n == 1 else 'other'} | icd10 | {code}"
                for n, code in enumerate(codes, start=1)
            ]
        return given(
            claim="claim_id | patient_control_number | patient_id | claim_type | bill_type_code"
            " | submission_date | service_from_date | service_to_date | principal_diagnosis_code"
            " | billed_amount\n" + "\n".join(claims),
            claim_diagnosis="claim_id | position | kind | code_system | diagnosis_code\n"
            + "\n".join(diagnoses),
            patient=PATIENTS, reference_file=files, icd10cm_code=ORDER, mce_diagnosis=EDITOR,
            mce_age_range=AGES,
        )  # fmt: skip

    return build


def told(db) -> dict[tuple[int, str], str]:
    text = "SELECT claim_id, edit_code, result FROM edit_result WHERE edit_code < 'ICD-6'"
    rows = db.sql(f"{text} AND edit_code LIKE 'ICD%'").rows()
    return {(claim, edit): result for claim, edit, result in rows}


def test_a_code_is_judged_by_the_release_of_the_day(world):
    found = told(world(
        ("2025-09-30", 1, "", "A001"), ("2025-10-01", 1, "", "A001"), ("2025-10-01", 1, "", "A00"),
        ("2026-10-01", 1, "", "A00"), ("2024-09-30", 1, "", "A000"),
    ))  # fmt: skip
    assert [found[n, "ICD-1"] for n in range(1, 6)] == [
        "sound", "broken", "sound", "not_checked", "not_checked",
    ]  # fmt: skip
    assert [found[n, "ICD-2"] for n in range(1, 6)] == [
        "sound", "sound", "broken", "not_checked", "not_checked",
    ]  # fmt: skip
    assert len(found) == 10  # the editor's edits are of inpatient claims


@pytest.mark.parametrize(
    ("patient", "codes", "broken", "unknown"),
    [
        (1, ("A000", "VAGUE"), {"ICD-3"}, set()),
        (2, ("GROWN",), {"ICD-4"}, set()),
        (1, ("MOTHER",), {"ICD-4"}, set()),
        (3, ("MAN",), set(), {"ICD-4"}),
        (3, ("CHILD",), set(), {"ICD-4"}),
        (1, ("FALL", "FALL"), {"ICD-5"}, set()),
        (1, ("A000", "FALL", "NEVER"), set(), set()),
        (1, ("WITH",), {"ICD-5"}, set()),
        (1, ("WITH", "A000"), set(), set()),
        (1, ("A000", "A000"), {"ICD-5"}, set()),
    ],
)
def test_rules_of_the_editor(world, patient, codes, broken, unknown):
    found = told(world(("2026-01-05", patient, "111", *codes)))
    of_editor = {edit: r for (_, edit), r in found.items() if edit > "ICD-2"}
    assert {edit for edit, r in of_editor.items() if r == "broken"} == broken
    assert {edit for edit, r in of_editor.items() if r == "not_checked"} == unknown


def test_without_tables_nothing_is_sound_and_nothing_is_counted(world):
    db = world(("2026-01-05", 1, "111", "FALL", "A000"), files="reference_id | kind\n9 | other")
    assert set(told(db).values()) == {"not_checked"}
    icd = {"edit_code": [f"ICD-{n}" for n in range(1, 6)]}
    assert edit_rate(db, where=icd)["n"].sum() == 0
    assert edit_rate.excluded(db, where=icd)["n"].to_list() == [5]


def test_the_rate_is_of_claims_checked(world):
    db = world(("2026-01-05", 1, "", "A00"), ("2026-01-05", 1, "", "A000"),
               ("2027-01-05", 1, "", "A00"))  # fmt: skip
    rate = edit_rate(db, by="edit_code", where={"edit_code": ["ICD-1", "ICD-2", "ICD-3"]})
    assert rate.select("edit_code", "n", "value").rows() == [("ICD-1", 2, 0.0), ("ICD-2", 2, 0.5)]
    assert rate["n"].sum() == len(edit_rate.rows(db, where={"edit_code": ["ICD-1", "ICD-2"]}))


@pytest.mark.parametrize("seed", range(3))
def test_sql_and_frames_say_the_same(world, seed):
    draw = random.Random(seed)  # noqa: S311
    db = world(*(
        ("2026-01-05", draw.randint(1, 3), "111", *draw.choices(list(FLAGS), k=draw.randint(1, 4)))
        for _ in range(40)
    ))  # fmt: skip
    frame = diagnosis_edits(inpatient_claims(db), db)
    expected = {
        (claim, NAMES[name]) for claim, names in frame.select("claim_id", "edits").rows()
        for name in names
    }  # fmt: skip
    broken = {key for key, result in told(db).items() if result == "broken" and key[1] > "ICD-2"}
    assert broken == expected
