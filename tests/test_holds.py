"""Legal holds that must not be lost: renamed payers, numbers and names that change, texts."""

import datetime as dt

import pytest
from drawing import draw

from analytics import Database
from analytics.retention import place, plan, read_rules
from analytics.retention.standing import units

YEAR = (dt.date(2015, 1, 1), dt.date(2015, 12, 31))


@pytest.fixture
def world():
    with Database() as made:
        draw(made, "payer", "payer_id | payer_name\n1 | ACME\n2 | BETA")
        draw(
            made,
            "patient",
            """
            patient_id | member_id | last_name | first_name | birth_date
            1          | M1        | DOE       | JANE       | 1950-01-01
            2          | M2        | ROE       | JANE       | 1950-01-01
            3          |           | DOE       | JANE       |
            4          | M4        | DOE       | JANE       |
            5          | M5        | DOE       | JANE       | 1971-01-01
            6          |           | ROE       | JANE       |
            """,
        )
        for patient in range(1, 7):
            draw(
                made,
                "claim",
                "claim_id | patient_control_number | payer_id | patient_id | service_from_date\n"
                f"{patient} | N{patient} | {1 + patient % 2} | {patient} | 2015-03-10",
            )
        yield made


def _held(world):
    with units(world.connection, read_rules()):
        found = world.sql("SELECT unit FROM retention_unit WHERE is_held ORDER BY unit")
    return [unit.removeprefix("number ") for unit in found["unit"] if "audit_log" not in unit]


class TestOfAPayer:
    def test_that_a_map_renamed_since_holds_all(self, world):
        place(world, reason="suit", payer="ACME")
        assert _held(world) == ["N2", "N4", "N6"]
        draw(world, "payer_map", "payer_name | canonical_payer\nACME | Acme Health")
        assert _held(world) == ["N1", "N2", "N3", "N4", "N5", "N6"]

    def test_that_a_map_split_since_is_covered_by_all_its_names(self, world):
        draw(world, "payer", "payer_id | payer_code | payer_name\n3 | 3B | ACME")
        world.sql("UPDATE claim SET payer_id = 3 WHERE claim_id = 6")
        place(world, reason="suit", payer="ACME")
        draw(world, "payer_map", "payer_code | canonical_payer\n3B | Acme Dental")
        assert _held(world) == ["N2", "N4", "N6"]

    def test_that_has_no_claims_left_holds_no_others(self, world):
        place(world, reason="suit", payer="ACME")
        world.sql("DELETE FROM claim WHERE payer_id = 1")
        assert _held(world) == []


class TestOfAPerson:
    def test_covers_a_number_that_a_file_says_is_of_the_same_person(self, world):
        draw(world, "member_link", "patient_id | previous_patient_id\n2 | 1")
        place(world, reason="suit", patient=1)
        assert _held(world) == ["N1", "N2", "N3"]

    def test_covers_who_has_that_name_and_nothing_else(self, world):
        place(world, reason="suit", patient=1)
        assert _held(world) == ["N1", "N3"]

    def test_of_whom_only_the_name_is_known_covers_all_of_that_name(self, world):
        place(world, reason="suit", patient=3)
        assert _held(world) == ["N1", "N3", "N4", "N5"]


def test_a_period_does_not_tell_of_what_days_a_rejected_text_is(world):
    draw(world, "source_file", "file_id | loaded_at\n1 | 2026-01-01 00:00:00")
    draw(world, "rejected", "file_id | record_no | raw\n1 | 1 | CLM*1")
    place(world, reason="suit", period=YEAR)
    assert "rejected 1" in _held(world)


def test_a_rule_for_a_payer_or_line_that_nobody_has_is_told(world, tmp_path):
    file = tmp_path / "retention.toml"
    file.write_text(
        '[[rule]]\nname = "own"\nrecords = ["claim"]\nyears = 1\nfrom = "day"\n'
        'payers = ["Acme", "BETA"]\nlines_of_business = ["medicare", "Medicaer"]\n'
        'source = "ours"\nverified = true\n'
        '[minors.other]\nmajority = 18\nyears = 0\nsource = ""\nverified = true\n'
    )
    told = [("own", "line of business", "medicaer"), ("own", "payer", "Acme")]
    assert list(plan(world, read_rules(file)).nobodys) == told
