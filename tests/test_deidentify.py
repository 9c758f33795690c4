"""De-identified copies: nothing that names anyone is left, and metrics say the same."""

import datetime as dt
import hashlib
import hmac
import random
import shutil

import duckdb
import pytest

from analytics import Database, deidentify, facts, schema
from analytics.copies import deidentified
from analytics.deidentifying import pseudonyms, working
from analytics.deidentifying.declared import RULES, columns, people, small_areas
from analytics.deidentifying.expressions import needs_person
from analytics.deidentifying.plan import planned
from analytics.errors import DatabaseError, UnknownNameError
from analytics.loader import load

KEY = "a key for pseudonyms, long enough"
WAYS = [
    ("limited", "keep"),
    ("limited", "shift"),
    ("limited", "year"),
    ("safe-harbor", "shift"),
    ("safe-harbor", "year"),
]
CHANGED = WAYS[1:]
TODAY = dt.date(2026, 11, 1)


@pytest.fixture
def world(named, tmp_path):
    """A copy of the sample's database to change."""
    return shutil.copy(named, tmp_path / "world.duckdb")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out.duckdb"


def opened(path):
    return Database(path, read_only=True)


def ask(path, sql, **given):
    with opened(path) as db:
        return db.sql(sql, **given).rows()


# What is declared


def test_every_column_of_every_table_and_fact_has_a_rule(empty):
    held = {table.name: set(table.column_names) for table in schema.tables().values()}
    for fact in facts.ALL:
        if not fact.is_view:
            rows = empty.connection.execute(f"DESCRIBE {fact.name}").fetchall()
            held[fact.name] = {name for name, *_ in rows}
    assert {table: set(rules) for table, rules in columns().items()} == held


def test_every_rule_is_known_and_what_names_a_person_has_one_that_does_something():
    told = {rule[0] for rules in columns().values() for rule in rules.values()}
    assert told == set(RULES)
    for table, column in schema.identity_columns():
        assert columns()[table][column][0] not in ("keep", "id", "file"), (table, column)


def test_the_person_of_a_row_is_told_wherever_a_rule_asks_for_it():
    plans = [planned(*way, hide_providers=False, small=None) for way in WAYS]
    for table, rules in columns().items():
        asked = any(needs_person(rule[0], plan) for rule in rules.values() for plan in plans)
        assert (table in people()) == asked, table
        if asked:
            assert people()[table][1] in rules


def test_days_that_follow_a_rule_are_columns_of_the_table():
    for table, rules in columns().items():
        for rule in rules.values():
            assert rule[0] not in ("age", "wait") or set(rule[1:]) <= set(rules), table


# Pseudonyms


@pytest.mark.parametrize("key", ["short but long enough", "x" * 64, "é" * 70])
def test_a_pseudonym_is_the_hmac_of_kind_and_value(key):
    draw = random.Random(5)  # noqa: S311
    letters = "AB 01-ÄÖ漢字😀'\\%"
    values = ["".join(draw.choices(letters, k=draw.randint(1, 90))) for _ in range(200)]
    connection = duckdb.connect()
    pseudonyms.ready(connection, key)
    sql = pseudonyms.pseudonym("member", "said")
    for value in values:
        ((found,),) = connection.execute(
            f"SELECT {sql} FROM (SELECT CAST($value AS VARCHAR) AS said)", {"value": value}
        ).fetchall()
        form = value.strip(" ").upper()
        told = hmac.new(key.encode(), f"member:{form}".encode(), hashlib.sha256).hexdigest()
        assert found == ("M" + told[:24].upper() if form else "")


def test_equal_keys_give_equal_pseudonyms_and_others_do_not(named, copy_of, tmp_path):
    other = tmp_path / "other.duckdb"
    deidentify(named, other, "limited", pseudonym_key="another key, no less long")
    again = tmp_path / "again.duckdb"
    deidentify(named, again, "safe-harbor", pseudonym_key=KEY)
    numbers = "SELECT DISTINCT patient_control_number FROM claim"
    first, same, changed = (
        set(ask(path, numbers)) for path in (copy_of("limited", "keep"), again, other)
    )
    assert first == same
    assert not first & changed
    assert len(first) == len(changed) == len(set(ask(named, numbers)))


# What is left of people


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_rows_and_what_joins_them_are_those_of_the_original(named, copy_of, way):
    sql = """
    SELECT count(*), count(claim.claim_id), count(DISTINCT claim.patient_id),
        bool_and(line.claim_line_id >> 32 = line.file_id),
        (SELECT count(*) FROM remit_claim JOIN claim ON upper(trim(claim.patient_control_number))
            = upper(trim(remit_claim.patient_control_number))),
        (SELECT count(*) FROM answer JOIN remit USING (remit_id))
    FROM claim_line AS line JOIN claim USING (claim_id)
    JOIN source_file ON source_file.file_id = line.file_id
    """
    assert ask(copy_of(*way), sql) == ask(named, sql)


def test_files_have_other_numbers_where_days_are_changed(named, copy_of):
    sql = "SELECT file_id, claim_count, record_count FROM source_file ORDER BY file_id"
    before = ask(named, sql)
    assert ask(copy_of("limited", "keep"), sql) == before
    after = ask(copy_of("safe-harbor", "year"), sql)
    assert after != before
    assert sorted(row[1:] for row in after) == sorted(row[1:] for row in before)


@pytest.mark.parametrize("level", ["limited", "safe-harbor"])
def test_days_cut_to_the_year_are_all_first_of_january(copy_of, level):
    with opened(copy_of(level, "year")) as db:
        for table, rules in columns().items():
            days = [
                c for c, rule in rules.items() if rule[0] in ("date", "shared", "month", "birth")
            ]
            if days:
                odd = (f"count_if(year({day}) < 9000 AND dayofyear({day}) <> 1)" for day in days)
                assert not any(db.sql(f"SELECT {', '.join(odd)} FROM {table}").row(0)), table


def test_a_shift_moves_all_days_of_a_person_by_one_number_of_weeks(copy_of):
    sql = """
    SELECT member_id, min(service_from_date), max(service_from_date), min(submission_date),
        max(claim_outcome.first_answer_date), min(birth_date)
    FROM claim JOIN patient USING (patient_id)
    LEFT JOIN claim_outcome USING (claim_id, service_from_date, submission_date)
    GROUP BY member_id
    """
    before = {pseudonym: days for pseudonym, *days in ask(copy_of("limited", "keep"), sql)}
    after = {pseudonym: days for pseudonym, *days in ask(copy_of("limited", "shift"), sql)}
    assert set(before) == set(after)
    moved = set()
    for person, days in before.items():
        pairs = zip(after[person], days, strict=True)
        (shift,) = {(now - was).days for now, was in pairs if was}
        moved.add(shift)
    assert len(moved) > 20
    assert all(shift % 7 == 0 and -364 <= shift <= -7 for shift in moved)


def test_ages_and_zip_codes_of_a_drawn_world(world, out):
    patients = [
        (1, "75001", "TX", "1990-05-17"),
        (2, "03601-1234", "nh", "1930-02-03"),
        (3, "830112222", "JACKSON", "1936-12-31"),
        (4, "K1A 0B1", None, "1937-01-01"),
        (5, "20599", "", None),
    ]
    with Database(world) as db:
        db.connection.executemany(
            "INSERT INTO patient (patient_id, file_id, record_no, postal_code, state_code, "
            "birth_date) VALUES (? + 90000000, 1, 1, ?, ?, ?)",
            patients,
        )
        db.build()
    deidentify(world, out, "safe-harbor", pseudonym_key=KEY, today=TODAY)
    found = ask(
        out,
        "SELECT postal_code, state_code, year(birth_date) FROM patient "
        "WHERE patient_id & 4294967295 > 90000000 ORDER BY patient_id & 4294967295",
    )
    assert found == [
        ("750", "TX", 1990),
        ("000", "nh", 1936),
        ("000", None, 1936),
        (None, None, 1937),
        ("000", None, None),
    ]
    own = out.with_name("own.duckdb")
    deidentify(world, own, "safe-harbor", pseudonym_key=KEY, small_areas=["750"])
    assert ("000",) in ask(own, "SELECT postal_code FROM patient")
    assert not {"750"} & {zip3 for (zip3,) in ask(own, "SELECT DISTINCT postal_code FROM patient")}


def test_ages_tell_no_birthday_and_end_at_90(world, out):
    with Database(world) as db:
        db.sql("UPDATE patient SET birth_date = DATE '1931-06-15' WHERE patient_id % 3 = 0")
        db.build()
    deidentify(world, out, "safe-harbor", pseudonym_key=KEY, today=TODAY)
    told = """
    SELECT DISTINCT person_id, year(month), age FROM member_month WHERE age IS NOT NULL
    """
    rows = ask(out, told)
    assert len({row[:2] for row in rows}) == len(rows)
    assert max(age for *_, age in rows) == 90
    with opened(out) as db:
        for table, rules in columns().items():
            for column in [c for c, rule in rules.items() if rule[0] == "age"]:
                assert (db.sql(f"SELECT max({column}) FROM {table}").item() or 0) <= 90


def test_the_areas_of_few_people_are_three_digits_each():
    assert len(set(small_areas())) == len(small_areas()) == 19
    assert all(len(area) == 3 and area.isdigit() for area in small_areas())


# What is refused


def test_a_copy_takes_no_files_and_builds_nothing_that_would_be_others(copy_of, tmp_path):
    for way in WAYS:
        path = shutil.copy(copy_of(*way), tmp_path / "c.duckdb")
        with Database(path) as db:
            assert deidentified(db.connection) == f"{way[0]}, dates: {way[1]}"
            with pytest.raises(DatabaseError, match="files name people"):
                load(db, tmp_path)
            if way[1] != "keep":
                with pytest.raises(DatabaseError, match="de-identified copy"):
                    db.build()


def test_a_copy_of_a_copy_is_refused(copy_of, out):
    with pytest.raises(DatabaseError, match="make another of the original"):
        deidentify(copy_of("limited", "keep"), out, "limited", pseudonym_key=KEY)


@pytest.mark.parametrize("way", [("limit", None), ("safe-harbor", "keep"), ("limited", "month")])
def test_a_level_or_way_that_there_is_not_is_said(named, out, way):
    with pytest.raises(UnknownNameError):
        deidentify(named, out, way[0], dates=way[1], pseudonym_key=KEY)
    assert not out.exists()


def test_facts_that_are_not_of_all_loaded_are_refused(world, out):
    with Database(world) as db:
        db.sql("UPDATE source_file SET loaded_at = loaded_at + INTERVAL 1 DAY")
    with pytest.raises(DatabaseError, match="run revcycle build"):
        deidentify(world, out, "limited", pseudonym_key=KEY)


def test_a_file_with_a_log_is_not_replaced(named, out):
    out.write_text("before")
    out.with_name("out.duckdb.wal").write_text("changes")
    with pytest.raises(DatabaseError, match="open it once"):
        deidentify(named, out, "limited", pseudonym_key=KEY, replace=True)
    assert out.read_text() == "before"


def test_a_failure_leaves_what_was_there(named, out, monkeypatch):
    out.write_text("before")
    monkeypatch.setattr(working.Copier, "views", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        deidentify(named, out, "limited", pseudonym_key=KEY, replace=True)
    assert out.read_text() == "before"
    assert [path.name for path in out.parent.iterdir()] == ["out.duckdb"]
