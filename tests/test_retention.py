"""How long records are kept: the rules, who is reached by them, holds, and what status says."""

import datetime as dt
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from drawing import draw

from analytics import Database, auditing
from analytics.cli import main
from analytics.errors import AnalyticsError, UnknownNameError, UnreadableFileError
from analytics.retention import RulesError, holds, place, read_rules, release, shipped_text, status
from analytics.retention.standing import units

TODAY = dt.date(2031, 1, 1)
ADULT = "1960-05-05"
PAYERS = "payer_id | payer_name\n1 | MEDICARE B\n2 | SENIOR PLAN\n3 | ACME\n4 | NEW"
YEAR = (dt.date(2020, 1, 1), dt.date(2020, 12, 31))
COVER = "file_id | record_no | patient_id | start_date\n1 | 1 | 1 | 2020-01-01"


@pytest.fixture
def world():
    with Database() as made:
        draw(
            made,
            "payer",
            "payer_id | payer_name\n1 | MEDICARE B\n2 | SENIOR PLAN\n3 | ACME\n4 | NEW",
        )
        draw(
            made,
            "payer_map",
            """
            payer_name  | canonical_payer | line_of_business
            MEDICARE B  | Medicare        | medicare
            SENIOR PLAN | Senior          | Medicare Advantage
            ACME        | Acme            | commercial
            """,
        )
        draw(made, "patient", f"patient_id | birth_date\n1 | {ADULT}\n2 | 2015-06-01\n3 | {ADULT}")
        yield made


def _claim(world, number, payer, day="2020-03-10", patient=1, state=None, claim=None):
    columns = {
        "claim_id": claim or number[1:],
        "patient_control_number": number,
        "payer_id": payer,
        "patient_id": patient,
        "facility_state_code": state or "",
        **dict.fromkeys(("service_from_date", "service_to_date", "submission_date"), day),
    }
    draw(
        world, "claim", "\n".join(" | ".join(map(str, row)) for row in (columns, columns.values()))
    )


def _unit(world, number, rules=None):
    with units(world.connection, rules or read_rules()):
        found = world.sql("FROM retention_unit WHERE unit = $unit", unit=f"number {number}")
    return found.row(0, named=True)


def _until(world, number, rules=None):
    unit = _unit(world, number, rules)
    return unit["keep_until"], unit["rule"]


class TestHowLong:
    def test_medicare_is_reached_by_its_rule_and_the_longer_of_false_claims(self, world):
        _claim(world, "A1", 1)
        assert _until(world, "A1") == (dt.date(2030, 3, 10), "false_claims_act")

    def test_medicare_advantage_counts_from_the_end_of_the_year(self, world):
        _claim(world, "A1", 2)
        assert _until(world, "A1") == (dt.date(2030, 12, 31), "medicare_advantage")

    def test_where_no_rule_reaches_it_stays(self, world):
        _claim(world, "A1", 3)
        assert _until(world, "A1") == (None, None)

    def test_a_payer_of_unknown_kind_is_reached_by_all(self, world):
        _claim(world, "A1", 4)
        assert _until(world, "A1") == (dt.date(2030, 12, 31), "medicare_advantage")

    def test_a_later_payment_or_write_off_keeps_all_of_the_number(self, world):
        _claim(world, "A1", 1)
        draw(world, "remit", "remit_id | payer_id | payment_date\n9 | 1 | 2021-02-01")
        draw(world, "remit_claim", "remit_claim_id | remit_id | patient_control_number\n8 | 9 | A1")
        assert _until(world, "A1")[0] == dt.date(2031, 2, 1)
        draw(world, "write_off", "patient_control_number | write_off_date\nA1 | 2022-02-01")
        assert _until(world, "A1")[0] == dt.date(2032, 2, 1)

    def test_no_known_day_is_no_end(self, world):
        _claim(world, "A1", 1, day="")
        assert _until(world, "A1")[0] is None

    def test_a_rule_for_one_payer(self, world):
        _claim(world, "A1", 3)
        _claim(world, "A2", 1)
        rules = _rules('payers = ["Acme"]\nyears = 4')
        assert _until(world, "A1", rules) == (dt.date(2024, 3, 10), "own")
        assert _until(world, "A2", rules) == (None, None)


class TestMinors:
    def test_a_child_is_kept_beyond_majority_by_the_state(self, world):
        _claim(world, "A1", 1, patient=2, state="TX")
        assert _until(world, "A1") == (dt.date(2036, 6, 1), "minors")

    def test_in_a_state_that_is_not_listed(self, world):
        _claim(world, "A1", 1, patient=2, state="OH")
        assert _until(world, "A1") == (dt.date(2043, 6, 1), "minors")

    def test_where_the_usual_time_is_longer_it_stands(self, world):
        _claim(world, "A1", 1, patient=2, state="CA")
        assert _until(world, "A1") == (dt.date(2034, 6, 1), "minors")
        _claim(world, "A2", 1, patient=2, state="CA", day="2025-03-10")
        assert _until(world, "A2") == (dt.date(2035, 3, 10), "false_claims_act")

    def test_of_unknown_age_may_be_a_minor_unless_told_otherwise(self, world):
        draw(world, "patient", "patient_id | birth_date\n4 | ")
        _claim(world, "A1", 1, patient=4, state="TX")
        assert _until(world, "A1") == (dt.date(2041, 3, 10), "minors")
        text = shipped_text().replace('unknown_age = "minor"', 'unknown_age = "adult"')
        assert _until(world, "A1", _read(text))[1] == "false_claims_act"

    def test_one_known_age_of_the_number_is_enough(self, world):
        _claim(world, "A1", 1)
        draw(world, "remit", "remit_id | payer_id | payment_date\n9 | 1 | 2020-04-01")
        draw(world, "remit_claim", "remit_claim_id | remit_id | patient_control_number\n8 | 9 | A1")
        assert _until(world, "A1")[1] == "false_claims_act"


class TestHolds:
    def test_of_a_patient_holds_the_same_person_under_another_row(self, world):
        world.sql("UPDATE patient SET member_id = 'M' WHERE patient_id IN (1, 3)")
        _claim(world, "A1", 1)
        _claim(world, "A2", 1, patient=2)
        _claim(world, "A3", 1, patient=3)
        place(world, reason="letter of counsel", patient=1)
        assert [_unit(world, n)["is_held"] for n in ("A1", "A2", "A3")] == [True, False, True]

    def test_of_a_patient_holds_what_is_loaded_later_of_the_same_person(self, world):
        world.sql("UPDATE patient SET member_id = 'M' WHERE patient_id = 1")
        place(world, reason="letter of counsel", patient=1)
        draw(world, "patient", "patient_id | member_id\n7 | M\n8 | N")
        _claim(world, "A7", 1, patient=7)
        _claim(world, "A8", 1, patient=8)
        assert [_unit(world, n)["is_held"] for n in ("A7", "A8")] == [True, False]

    def test_of_a_payer_and_a_period_together(self, world):
        _claim(world, "A1", 1)
        _claim(world, "A2", 1, day="2021-03-10")
        _claim(world, "A3", 3)
        place(
            world,
            reason="audit",
            payer="Medicare",
            period=YEAR,
        )
        assert [_unit(world, n)["is_held"] for n in ("A1", "A2", "A3")] == [True, False, False]

    def test_what_names_no_payer_or_person_could_be_meant(self, world):
        draw(world, "charge", "patient_control_number | charge_date\nA1 | 2020-01-01")
        place(world, reason="audit", payer="Medicare", patient=1)
        assert _unit(world, "A1")["is_held"]

    def test_released_it_holds_no_more_and_all_is_in_the_trail(self, world):
        _claim(world, "A1", 1)
        number = place(world, reason="SECRETREASON", everything=True)
        assert _unit(world, "A1")["is_held"]
        release(world, number)
        assert not _unit(world, "A1")["is_held"]
        with pytest.raises(AnalyticsError, match="no hold 1 is in force"):
            release(world, number)
        lines = world.sql("FROM audit_log ORDER BY entry_no")
        assert lines["command"].to_list() == ["hold add", "hold release"]
        assert "SECRETREASON" not in str(lines.to_dicts())
        assert auditing.verify(world.connection).is_whole
        assert len(holds(world)) == 1

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({}, "name a patient"),
            ({"everything": True, "patient": 1}, "not both"),
            ({"patient": 77}, "no patient"),
            ({"payer": "Medicar"}, "did you mean 'Medicare'"),
            ({"everything": True, "reason": " "}, "needs a reason"),
        ],
    )
    def test_a_hold_on_nothing_is_refused(self, world, given, words):
        with pytest.raises(AnalyticsError, match=words):
            place(world, **{"reason": "audit", **given})
        assert holds(world).is_empty()


class TestStatus:
    def test_records_by_kind_payer_and_year_all_of_them(self, world):
        _claim(world, "A1", 1)
        _claim(world, "A2", 1, day="2020-08-01")
        _claim(world, "A3", 3, day="2019-08-01")
        draw(
            world,
            "eligibility",
            "file_id | record_no | patient_id | start_date\n1 | 1 | 1 | 2020-01-01",
        )
        world.trail.note("load")
        found = status(world, read_rules(), TODAY)
        claims = found.filter(kind="claim")
        assert claims.select("payer_name", "record_year", "n", "rule", "due").rows() == [
            ("Acme", 2019, 1, None, 0),
            ("Medicare", 2020, 2, "false_claims_act", 2),
        ]
        assert claims["keep_until_date"].to_list() == [
            None,
            dt.date(2030, 8, 1),
        ]
        assert found.filter(kind="audit_log")["rule"].to_list() == ["hipaa_documentation"]
        assert found.filter(kind="eligibility")["keep_until_date"].to_list() == [None]

    def test_a_hold_takes_what_is_due(self, world):
        _claim(world, "A1", 1)
        place(world, reason="audit", everything=True)
        row = status(world, read_rules(), TODAY).filter(kind="claim").row(0, named=True)
        assert (row["due"], row["on_hold"]) == (0, 1)

    def test_all_of_the_sample_is_in_it_and_nothing_stays_behind(self, db):
        found = status(db, read_rules(), TODAY)
        assert {"claim", "remit_claim", "side"} <= set(found["kind"])
        for kind in ("claim", "remit_claim", "payer_claim", "eligibility"):
            held = db.sql(f"SELECT count(*) FROM {kind}").item()
            assert found.filter(kind=kind)["n"].sum() == held, kind
        left = "SELECT count(*) FROM duckdb_tables() WHERE starts_with(table_name, 'retention')"
        assert db.sql(left).item() == 0


class TestRules:
    def test_the_shipped_ones_name_their_sources(self):
        rules = read_rules()
        assert all(rule["source"] and rule["says"] for rule in rules.rules)
        assert not any(state["verified"] for state in rules.states.values())

    @pytest.mark.parametrize(
        ("old", "new", "error", "words"),
        [
            ("years = 6", "years = -1", RulesError, "whole number of years"),
            ("years = 6", "years = true", RulesError, "whole number of years"),
            ("years = 6", "", RulesError, "has no years"),
            ("years = 6", "year = 6", UnknownNameError, "did you mean 'years'"),
            ('records = ["audit_log"]', 'records = ["claims"]', UnknownNameError, "'claim'"),
            ('from = "day"', 'from = "month"', UnknownNameError, "start of a period"),
            ('"medicare_provider"', '"medicare_advantage"', RulesError, "one name"),
            ("[minors.other]", "[minors.others]", UnknownNameError, "others"),
            ("[[rule]]", "[[rule", UnreadableFileError, "no TOML"),
        ],
    )
    def test_a_mistake_is_said(self, old, new, error, words):
        with pytest.raises(error, match=words):
            _read(shipped_text().replace(old, new, 1))


class TestTheCommand:
    def test_from_a_hold_to_its_release(self, tmp_path, monkeypatch, capsys):
        path = tmp_path / "claims.duckdb"
        with Database(path) as made:
            draw(made, "payer", "payer_id | payer_name\n1 | ACME")
            _claim(made, "A1", 1)

        def run(*words):
            monkeypatch.setattr(sys, "argv", ["revcycle", "retention", *words])
            monkeypatch.setenv("REVCYCLE_DATABASE", str(path))
            with pytest.raises(SystemExit) as stop:
                main()
            return int(stop.value.code or 0), capsys.readouterr().out

        assert run("hold", "add", "--payer", "ACME", "--reason", "audit") == (0, "hold 1 placed\n")
        code, said = run("status", "--today", "2050-01-01", "--json")
        assert (code, json.loads(said)[1]["on_hold"]) == (0, 1)
        assert run("hold", "release", "1")[0] == 0
        assert json.loads(run("hold", "list", "--json")[1])[0]["released_at"]
        assert run("hold", "release", "1")[0] == 2
        assert run("rules")[1] == shipped_text()


def _rules(more):
    return _read(
        '[[rule]]\nname = "own"\nrecords = ["claim"]\nfrom = "day"\nsource = "ours"\n'
        f"verified = true\n{more}\n[minors.other]\nmajority = 18\nyears = 0\n"
        "source = ''\nverified = true"
    )


def _read(text):
    with TemporaryDirectory() as folder:
        file = Path(folder, "retention.toml")
        file.write_text(text)
        return read_rules(file)
