"""A purge: what goes and what stays, that holds stop it, and that no byte of it is left."""

import datetime as dt
from decimal import Decimal

import pytest
from drawing import draw

from analytics import Database, auditing, connection, reconcile, schema
from analytics.errors import AnalyticsError
from analytics.retention import certificate, certificates, place, plan, purge, read_rules, release
from analytics.retention.hanging import EMPTIED, KEPT, PERSONS, REMOVED, kept, removed

TODAY = dt.date(2026, 1, 1)
OLD, NEW = "2015-03-10", "2025-03-10"
BORN = "1950-01-01"
KINDS = '"claim", "remit_claim", "side", "payer_claim", "eligibility"'
RULES = """
[[rule]]
name = "own"
records = [{kinds}]
years = 7
from = "day"
source = "ours"
verified = true
[minors]
unknown_age = "adult"
[minors.other]
majority = 18
years = 0
source = ""
verified = true
"""
# Columns by which rows of a table belong together, and the days by which they are old.
_LINKS = {
    "claim_id", "claim_line_id", "transaction_id", "patient_id", "subscriber_id", "remit_id",
    "remit_claim_id", "remit_line_id", "remit_group_id", "payer_claim_id", "acknowledgement_id",
    "corrected_patient_id", "other_subscriber_id", "payer_claim_line_id",
}  # fmt: skip
_CODES = {"claim": {"payer_sequence_code": "P"}, "acknowledgement": {"level": "claim"}}


@pytest.fixture
def rules(tmp_path):
    def made(kinds=KINDS):
        file = tmp_path / "retention.toml"
        file.write_text(RULES.format(kinds=kinds))
        return read_rules(file)

    return made


@pytest.fixture
def path(tmp_path):
    return tmp_path / "claims.duckdb"


@pytest.fixture(autouse=True)
def _legible(monkeypatch):
    """What is written can be read in the file's bytes, as nothing packs it."""
    monkeypatch.setitem(connection._SAFE, "force_compression", "uncompressed")


def _planted(db, number, day, of):
    """A row in every table that loses some, all of one claim, its texts a mark that is found."""
    for table in [*REMOVED, "patient"]:
        row = {}
        for column in schema.table(table).columns:
            if column.name in _LINKS or column.name in ("file_id", "record_no"):
                row[column.name] = number
            elif column.type == "DATE":
                row[column.name] = day
            elif column.type == "VARCHAR":
                row[column.name] = f"{of}{column.name.replace('_', '')}".upper()
        row |= {n: f"{of}NUMBER" for n in row if n == "patient_control_number"}
        row |= {n: f"{of}FEED" for n in row if n in ("feed_code", "claim_number")}
        row |= _CODES.get(table, {})
        if table == "patient":
            row["birth_date"] = BORN
        draw(db, table, _picture([row]))


def _picture(rows):
    head = " | ".join(rows[0])
    return "\n".join([head, *(" | ".join(str(v) for v in row.values()) for row in rows)])


def _purged(path, rules, **given):
    with Database(path, key=given.get("key")) as db:
        confirm = plan(db, rules, TODAY).digest
    return purge(path, rules, confirm, today=TODAY, progress=False, **given)


def _marks(db, mark):
    """The text columns of tables, facts and views in which a mark is found."""
    columns = db.connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal "
        "AND (data_type LIKE 'VARCHAR%' OR data_type LIKE 'ENUM%')"
    ).fetchall()
    return {
        (table, column)
        for table, column in columns
        if db.connection.execute(
            f'SELECT 1 FROM "{table}" WHERE contains(CAST("{column}" AS VARCHAR), $mark) LIMIT 1',
            {"mark": mark},
        ).fetchall()
    }


class TestEveryTable:
    def test_has_a_rule_or_a_reason_to_stay(self):
        gone, stays = set(removed()), set(kept())
        assert gone | stays == set(schema.tables()) >= set(KEPT) | set(EMPTIED)
        assert gone & stays == set()
        assert {*REMOVED, *PERSONS} == gone
        assert all(kept().values())

    def test_one_that_refers_to_a_claim_a_person_or_a_number_loses_rows(self):
        ties = _LINKS - {"transaction_id"} | {"patient_control_number", "claim_number"}
        for name, table in schema.tables().items():
            if ties & set(table.column_names):
                assert name in removed(), name

    def test_loses_the_rows_of_the_old_and_keeps_those_of_the_new(self, path, rules):
        with Database(path) as db:
            _planted(db, 1, OLD, "GONE")
            _planted(db, 2, NEW, "STAY")
            db.build(progress=False)
            before = {mark: _marks(db, mark) for mark in ("GONE", "STAY")}
            rows = {t: db.sql(f"SELECT count(*) FROM {t}").item() for t in REMOVED}
        assert {*REMOVED, "patient", "billed_claim"} <= {table for table, _ in before["GONE"]}
        assert set(rows.values()) == {2}
        assert b"GONE" in path.read_bytes(), "as it can be read, not to be there means something"
        done = _purged(path, rules())
        assert done.plan.tables == dict.fromkeys([*REMOVED, "patient"], 1)
        with Database(path) as db:
            assert _marks(db, "GONE") == set()
            assert _marks(db, "STAY") == before["STAY"]
            assert {db.sql(f"SELECT count(*) FROM {t}").item() for t in REMOVED} == {1}
            assert db.is_fresh
        data = path.read_bytes()
        assert b"STAYNUMBER" in data
        for form in ("ascii", "utf-16-le", "utf-16-be"):
            assert "GONE".encode(form) not in data
        assert [p.name for p in path.parent.iterdir() if p.name.startswith("claims")] == [path.name]
        assert path.stat().st_mode & 0o777 == 0o600


COLUMNS = (
    "claim_id", "file_id", "transaction_id", "patient_control_number", "patient_id", "payer_id",
    "billed_amount", "service_from_date",
)  # fmt: skip
PAYERS = "payer_id | payer_name\n1 | ACME\n2 | BETA"


def _claims(db, *rows):
    draw(db, "claim", "\n".join(" | ".join(map(str, row)) for row in (COLUMNS, *rows)))


def _left(db, column, table):
    return db.sql(f"SELECT {column} FROM {table} ORDER BY 1").to_series().to_list()


@pytest.fixture
def world(path):
    """Three old claims of two payers and two persons, and a new one of the first person."""
    with Database(path) as db:
        draw(db, "payer", PAYERS)
        draw(
            db, "patient",
            f"patient_id | last_name | birth_date\n1 | ONE | {BORN}\n2 | TWO | {BORN}",
        )  # fmt: skip
        _claims(
            db,
            (1, 1, 11, "A1", 1, 1, 100, OLD),
            (2, 1, 11, "A2", 1, 2, 200, "2016-03-10"),
            (3, 1, 11, "A3", 2, 1, 300, OLD),
            (4, 2, 12, "A4", 1, 1, 400, NEW),
        )
        yield db
    # closed by then: a purge needs the file for itself


def _after(db, rules, **given):
    """The database after a purge by these rules."""
    db.close()
    _purged(db.path, rules, **given)
    return Database(db.path)


class TestWhatGoes:
    def test_old_claims_and_who_is_named_by_nothing_else(self, world, rules):
        with _after(world, rules()) as db:
            assert _left(db, "patient_control_number", "claim") == ["A4"]
            assert _left(db, "last_name", "patient") == ["ONE"]
            assert _left(db, "billed_amount", "purged") == [Decimal(600)]

    def test_a_number_in_small_letters_is_the_same_number(self, world, rules):
        draw(world, "remit", f"remit_id | payer_id | payment_date\n9 | 1 | {NEW}")
        draw(world, "remit_claim", "remit_claim_id | remit_id | patient_control_number\n8 | 9 | a1")
        with _after(world, rules()) as db:
            assert _left(db, "patient_control_number", "claim") == ["A1", "A4"]

    @pytest.mark.parametrize(
        ("hold", "left"),
        [
            ({"patient": 1}, ["A1", "A2", "A4"]),
            ({"payer": "BETA"}, ["A2", "A4"]),
            ({"period": (dt.date(2016, 1, 1), dt.date(2016, 12, 31))}, ["A2", "A4"]),
            ({"payer": "ACME", "patient": 2}, ["A3", "A4"]),
        ],
    )
    def test_a_hold_stops_it_until_it_is_released(self, world, rules, hold, left):
        number = place(world, reason="letter of counsel", **hold)
        with _after(world, rules()) as db:
            assert _left(db, "patient_control_number", "claim") == left
            told = certificate(db)
            assert told["holds"] == {str(number): len(left) - 1}
            release(db, number)
            assert not plan(db, rules(), TODAY).is_empty
        with _after(db, rules()) as db:
            assert _left(db, "patient_control_number", "claim") == ["A4"]
            assert [one["purge"] for one in certificates(db)] == [1, 2]

    def test_a_hold_on_all_leaves_nothing_to_do(self, world, rules):
        place(world, reason="audit", everything=True)
        found = plan(world, rules(), TODAY)
        assert (found.is_empty, found.holds) == (True, {1: 3})
        world.close()
        with pytest.raises(AnalyticsError, match="nothing is past its time"):
            purge(world.path, rules(), found.digest, today=TODAY)

    def test_a_payment_goes_with_the_last_of_its_claims(self, world, rules):
        draw(
            world, "remit",
            "remit_id | file_id | payer_id | payment_date | payment_amount\n"
            f"21 | 3 | 1 | {OLD} | 90\n22 | 3 | 1 | {OLD} | 95\n23 | 3 | 1 | {OLD} | 5",
        )  # fmt: skip
        draw(
            world, "remit_claim",
            "remit_claim_id | file_id | record_no | remit_id | patient_control_number | "
            "payer_claim_number | paid_amount\n"
            "31 | 3 | 31 | 21 | A1 | P1 | 80\n32 | 3 | 32 | 22 | A3 | P3 | 60\n"
            "33 | 3 | 33 | 22 | A4 | P4 | 40",
        )  # fmt: skip
        draw(
            world, "provider_adjustment",
            "remit_id | file_id | record_no | position | reference | amount\n"
            "21 | 3 | 1 | 1 | P1 | -10\n22 | 3 | 2 | 1 | P3 TWO | 5\n22 | 3 | 2 | 2 | P4 | 0\n"
            "23 | 3 | 3 | 1 | P9 | -5",
        )  # fmt: skip
        draw(
            world,
            "source_file",
            "file_id | billed_amount | paid_amount\n1 | 600 | 0\n2 | 400 | 0\n3 | 0 | 180",
        )
        world.build(progress=False)
        with _after(world, rules()) as db:
            assert _left(db, "remit_id", "remit") == [22, 23]
            assert _left(db, "coalesce(reference, '-')", "provider_adjustment") == ["-", "P4", "P9"]
            assert set(reconcile.money(db)["difference_amount"]) == {Decimal(0)}
            cash = db.sql("SELECT remit_id, purged_amount, difference_amount FROM cash ORDER BY 1")
            assert cash.rows() == [(22, 60, 0), (23, 0, 0)]
            assert certificate(db)["payments_in_part"] == 1

    def test_an_answer_without_a_number_goes_with_all_it_answers(self, world, rules):
        draw(
            world, "transaction_set",
            "transaction_id | file_id | gs_control_number | st_control_number\n"
            "11 | 1 | 7 | 1\n12 | 2 | 8 | 1",
        )  # fmt: skip
        world.sql("UPDATE claim SET submission_date = service_from_date")
        draw(
            world, "acknowledgement",
            "acknowledgement_id | transaction_id | level | action | acknowledged_date | "
            "gs_control_number | st_control_number\n"
            f"51 | 91 | set | accepted | {OLD} | 7 | 1\n"
            f"52 | 92 | set | rejected | {NEW} | 8 | 1\n53 | 93 | set | accepted | {OLD} | 9 | 9",
        )  # fmt: skip
        with _after(world, rules()) as db:
            assert _left(db, "acknowledgement_id", "acknowledgement") == [52, 53]

    def test_links_between_persons_go_when_both_have_gone(self, world, rules):
        draw(world, "patient", "patient_id | last_name\n3 | THREE\n4 | FOUR\n5 | FIVE")
        draw(
            world, "member_link",
            "file_id | record_no | patient_id | previous_patient_id\n"
            "5 | 1 | 1 | 3\n5 | 2 | 2 | 4\n5 | 3 | 5 | 5",
        )  # fmt: skip
        with _after(world, rules()) as db:
            assert _left(db, "record_no", "member_link") == [1, 3]
            assert _left(db, "last_name", "patient") == ["FIVE", "ONE", "THREE"]

    def test_lines_of_a_payers_claim_go_by_its_number_unless_another_bears_it(self, world, rules):
        draw(
            world, "payer_claim",
            "payer_claim_id | feed_code | claim_number | claim_key | patient_id | service_from_date"
            f"\n61 | cclf | N1 | K1 | 2 | {OLD}\n62 | cclf | N2 | K2 | 2 | {OLD}\n"
            f"63 | cclf | N2 | K3 | 1 | {NEW}",
        )  # fmt: skip
        draw(
            world, "payer_claim_line",
            "payer_claim_line_id | payer_claim_id | feed_code | claim_number\n"
            "71 | | cclf | N1\n72 | | cclf | N2\n73 | 62 | cclf | N2\n74 | | rif | N1",
        )  # fmt: skip
        with _after(world, rules()) as db:
            assert _left(db, "payer_claim_id", "payer_claim") == [63]
            assert _left(db, "payer_claim_line_id", "payer_claim_line") == [72, 74]

    @pytest.mark.parametrize("is_held", [False, True])
    def test_the_text_of_rejected_records_goes_with_records_of_its_file(
        self, world, rules, is_held
    ):
        draw(
            world, "rejected",
            "file_id | record_no | severity | rule | raw\n"
            "1 | 5 | rejected | date_unreadable | SEG1\n"
            "2 | 5 | rejected | date_unreadable | SEG2",
        )  # fmt: skip
        if is_held:
            place(world, reason="audit", payer="BETA")
        with _after(world, rules()) as db:
            texts = db.sql("SELECT raw FROM rejected ORDER BY file_id")["raw"].to_list()
            assert texts == (["SEG1", "SEG2"] if is_held else [None, "SEG2"])
            assert certificate(db)["texts_left"] == int(is_held)

    def test_the_text_of_rejected_records_goes_by_a_rule_of_its_own(self, world, rules):
        draw(world, "source_file", f"file_id | loaded_at\n7 | {OLD}\n8 | {NEW}")
        draw(world, "rejected", "file_id | record_no | raw\n7 | 1 | SEG7\n8 | 1 | SEG8")
        with _after(world, rules('"rejected"')) as db:
            texts = db.sql("SELECT raw FROM rejected ORDER BY file_id")["raw"].to_list()
            assert texts == [None, "SEG8"]
            assert (len(_left(db, "claim_id", "claim")), certificate(db)["tables"]) == (4, {})

    def test_the_reason_of_a_released_hold_goes_with_whom_it_named(self, world, rules):
        numbers = [place(world, reason=f"of {who}", patient=who) for who in (1, 2)]
        place(world, reason="payer", payer="BETA")
        for number in (*numbers, 3):
            release(world, number)
        with _after(world, rules()) as db:
            reasons = db.sql("SELECT hold_reason FROM legal_hold ORDER BY hold_id")
            assert reasons["hold_reason"].to_list() == ["of 1", None, "payer"]

    def test_words_of_who_has_gone_in_texts_that_stay_are_told_of(self, world, rules):
        place(world, reason="of Mr. Two", payer="BETA")
        draw(world, "source_file", "file_id | file_name\n1 | a3.edi\n2 | one.edi\n3 | two_a4.csv")
        draw(world, "claim_reference", "claim_id | reference\n3 | A3\n4 | A3\n4 | A4")
        found = plan(world, rules(), TODAY)
        told = {"legal_hold.hold_reason": 1, "source_file.file_name": 2}
        assert found.mentions == told | {"claim_reference.reference": 1}
        with _after(world, rules()) as db:
            assert certificate(db)["mentions"] == found.mentions

    def test_without_a_rule_cover_stays_and_so_does_who_has_it(self, world, rules):
        draw(
            world,
            "eligibility",
            f"file_id | record_no | patient_id | start_date\n6 | 1 | 2 | {OLD}",
        )
        with _after(world, rules('"claim"')) as db:
            assert _left(db, "patient_id", "patient") == [1, 2]

    def test_the_audit_trail_stays_whatever_a_rule_says(self, world, rules):
        world.sql("UPDATE audit_log SET done_at = '2001-01-01'")
        world.trail.note("load")
        before = world.sql("SELECT count(*) FROM audit_log").item()
        with _after(world, rules('"claim", "audit_log"')) as db:
            assert db.sql("SELECT count(*) FROM audit_log").item() == before + 1
            assert auditing.verify(db.connection).is_whole


class TestThePlan:
    def test_counts_what_goes_what_a_hold_stops_and_what_stays(self, world, rules):
        place(world, reason="audit", payer="BETA")
        found = plan(world, rules(), TODAY)
        claims = found.groups.filter(kind="claim")
        assert claims.select(
            "payer_name", "record_year", "n", "removed", "held", "kept"
        ).rows() == [
            ("ACME", 2015, 2, 2, 0, 0),
            ("ACME", 2025, 1, 0, 0, 1),
            ("BETA", 2016, 1, 0, 1, 0),
        ]
        assert (found.tables, found.row_count) == ({"claim": 2, "patient": 1}, 3)
        assert (found.billed_amount, found.holds) == (Decimal(400), {1: 1})
        left = "SELECT count(*) FROM duckdb_tables() WHERE temporary"
        assert world.sql(left).item() == 0

    def test_of_another_day_with_the_same_due_has_the_same_hash(self, world, rules):
        one, other = (plan(world, rules(), day).digest for day in (TODAY, dt.date(2025, 1, 1)))
        assert one == other != plan(world, rules(), dt.date(2022, 6, 1)).digest

    @pytest.mark.parametrize(
        "change",
        [
            "DELETE FROM claim WHERE claim_id = 3",
            "UPDATE claim SET billed_amount = 1 WHERE claim_id = 3",
            f"UPDATE claim SET service_to_date = '{NEW}' WHERE claim_id = 3",
            "UPDATE claim SET patient_control_number = 'A9' WHERE claim_id = 3",
            "INSERT INTO charge (patient_control_number) VALUES ('A3')",
        ],
    )
    def test_what_changed_since_is_refused_and_nothing_happens(self, world, rules, change):
        digest = plan(world, rules(), TODAY).digest
        world.sql(change)
        world.close()
        with pytest.raises(AnalyticsError, match="not what was confirmed"):
            purge(world.path, rules(), digest, today=TODAY)
        with Database(world.path) as db:
            assert "purge" not in _left(db, "command", "audit_log")

    def test_a_day_to_come_is_refused(self, world, rules):
        with pytest.raises(AnalyticsError, match="yet to come"):
            plan(world, rules(), dt.datetime.now().astimezone().date() + dt.timedelta(days=1))
