"""Rows are numbered as they stand in the file, however many threads read it.

DuckDB keeps the order of rows unless a join is between, and makes one of an IN with many words.
"""

import io

import polars as pl
import pytest
from extract_worlds import lines

from analytics.extracts import parts, stage

ROW = {"Acct": "A1", "Sent": "1/2/2026", "Payer": "P", "CPT": "99213", "Amt": "$1.00"} | {
    "DOS": "1/1/2026",
    "Type": "PROF",
    "Kind": "K1",
}
WORDS = ", ".join(f'"K{n}"' for n in range(20))
MAP = lines().replace('{ constant = "professional" }', '"Type"')
WHERE = MAP.replace('grain = "line"\n', f'grain = "line"\nwhere = {{ "Kind" = [{WORDS}] }}\n')


def parquet():
    """The row as Parquet."""
    to = io.BytesIO()
    pl.DataFrame([ROW]).write_parquet(to)
    return to.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("extract.csv", f"{','.join(ROW)}\n{','.join(ROW.values())}\n"),
        ("extract.parquet", parquet()),
    ],
)
def test_no_join_stands_between_the_file_and_its_rows_numbers(world, monkeypatch, name, content):
    plans = []

    class Explained:
        def __init__(self, connection):
            self.connection = connection

        def execute(self, text):
            query = text.removeprefix(f"CREATE OR REPLACE TEMP TABLE {stage.TABLE} AS ")
            assert query != text
            plans.extend(row[1] for row in self.connection.execute(f"EXPLAIN {query}").fetchall())
            return self.connection.execute(text)

    def staged(connection, *given):
        return stage.staged(Explained(connection), *given)

    monkeypatch.setattr(parts, "staged", staged)
    world.load(WHERE, content, name)
    assert plans
    assert not any("JOIN" in plan for plan in plans)


def test_rows_of_a_file_in_many_pieces_have_their_numbers(world):
    count = 200_000
    frame = pl.DataFrame({"n": pl.int_range(count, eager=True)}).select(
        pl.format("A{}", "n").alias("Acct"),
        pl.lit("2026-01-02").alias("Day"),
        pl.lit("1.00").alias("Amt"),
    )
    to = io.BytesIO()
    frame.write_parquet(to, row_group_size=5000)
    text = (
        '[[file]]\nname = "w"\npattern = "*"\n[file.columns]\n'
        'write_off.patient_control_number = "Acct"\nwrite_off.write_off_date = "Day"\n'
        'write_off.amount = "Amt"\n'
    )
    world.load(text, to.getvalue(), "extract.parquet")
    wrong = world.db.sql(
        "SELECT count(*) AS n FROM write_off WHERE patient_control_number <> 'A' || (record_no - 1)"
    ).item()
    assert wrong == 0
