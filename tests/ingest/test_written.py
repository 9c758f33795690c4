"""What a file with one of everything leaves in the database: rows that lead to each other."""

from collections.abc import Iterator

import pytest
from wire import Wire
from worlds import claims, remits, stays

from analytics import schema
from analytics.database import Database
from analytics.loader import load

PARENTS = {"claim_id": "claim", "claim_line_id": "claim_line", "remit_id": "remit"}
PARENTS |= {f"remit_{name}_id": f"remit_{name}" for name in ("claim", "line", "group")}
PEOPLE = ("patient_id", "subscriber_id", "corrected_patient_id", "other_subscriber_id")
ANSWERS = {
    "other_payer_record_no": "claim_other_payer",
    "line_answer_record_no": "claim_line_other_payer",
}
PARENTS |= dict.fromkeys(PEOPLE, "patient")
TEXT = "".join(Wire().write(part) for part in (remits(1), claims(), stays()))
KEPT_OF_REJECTED = ("source_file", "transaction_set", "rejected", "payer", "provider")


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> Iterator[Database]:
    """A database with the file loaded."""
    file = tmp_path_factory.mktemp("written") / "all.edi"
    file.write_text(TEXT)
    with Database() as database:
        assert load(database, file).is_balanced is False
        yield database


def x12_tables() -> list[str]:
    names = ("adjustment", "remark", "provider_adjustment", "claim", "remit")
    return [n for n in schema.tables() if n in names or n.startswith(("claim_", "remit_"))]


def counts(db: Database) -> dict[str, int]:
    tables = [*x12_tables(), *KEPT_OF_REJECTED, "patient"]
    return {name: db.sql(f"SELECT count(*) FROM {name}").item() for name in tables}


@pytest.mark.parametrize("table", x12_tables())
def test_each_column_holds_a_value_of_some_row(db, table):
    columns = schema.table(table).column_names
    held = db.sql(f"SELECT {', '.join(f'count({c}) AS {c}' for c in columns)} FROM {table}")
    assert {name for name, count in held.row(0, named=True).items() if not count} == set()


@pytest.mark.parametrize("table", x12_tables())
def test_each_row_leads_to_what_it_is_of(db, table):
    for column in schema.table(table).column_names:
        parent = PARENTS.get(column, table)
        if parent != table:
            lost = db.sql(
                f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL"
                f" AND {column} NOT IN (SELECT {parent}_id FROM {parent})"
            )
            assert lost.item() == 0, column


@pytest.mark.parametrize("column", ANSWERS)
def test_each_record_number_leads_to_a_row_of_its_file(db, column):
    for table in (n for n in x12_tables() if column in schema.table(n).column_names):
        lost = db.sql(
            f"SELECT count(*) FROM {table} AS child WHERE {column} IS NOT NULL AND NOT EXISTS"
            f" (SELECT 1 FROM {ANSWERS[column]} AS parent"
            f" WHERE parent.file_id = child.file_id AND parent.record_no = child.{column})"
        )
        assert lost.item() == 0, table


def test_the_same_transactions_again_leave_nothing(db, tmp_path):
    (tmp_path / "again.edi").write_text(TEXT + "\n")
    before = counts(db)
    load(db, tmp_path)
    after = counts(db)
    assert {n: c for n, c in after.items() if n not in KEPT_OF_REJECTED} == {
        n: c for n, c in before.items() if n not in KEPT_OF_REJECTED
    }
    (file,) = db.sql("SELECT max(file_id) FROM source_file").row(0)
    out = db.sql(
        "SELECT table_name, count(*) AS n FROM rejected"
        " WHERE file_id = $file AND severity = 'rejected' GROUP BY table_name",
        file=file,
    )
    told = dict(out.rows())
    assert {name: told.get(name, 0) for name in x12_tables()} == {
        name: before[name] for name in x12_tables()
    }
