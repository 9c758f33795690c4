"""Facts that can have no rows are not run; what is made is what running them would make."""

import pytest
from drawing import draw

from analytics import facts, schema
from analytics.database import Database
from analytics.errors import NotBuiltError, UnknownNameError
from analytics.fact import Fact

ORDER = {fact.name: place for place, fact in enumerate(facts.ALL)}
NEEDS = [
    pytest.param(fact, need, id=f"{fact.name} {need}") for fact in facts.ALL for need in fact.needs
]
CLAIM = """
    claim_id | patient_control_number | payer_id | submission_date | billed_amount
    1        | A                      | 1        | 2026-01-05      | 100
    2        | B                      | 1        | 2026-01-06      | 200
    """
PAYER = "payer_id | payer_name \n 1 | ACME"
REMIT = "remit_id | payer_id | payment_date \n 7 | 1 | 2026-02-01"
PAYMENT = """
    remit_claim_id | remit_id | patient_control_number | status_code | charge_amount | paid_amount
    70             | 7        | A                      | 1           | 100           | 80
    71             | 7        | B                      | 4           | 200           | 0
    """
DENIED = """
    remit_claim_id | record_no | position | group_code | carc_code | amount
    71             | 4         | 1        | CO         | 16        | 200
    """
WORLDS = {
    "nothing": {},
    "claims": {"claim": CLAIM, "payer": PAYER},
    "payments": {"remit": REMIT, "remit_claim": PAYMENT, "adjustment": DENIED},
    "both": {
        "claim": CLAIM, "payer": PAYER, "remit": REMIT, "remit_claim": PAYMENT,
        "adjustment": DENIED,
    },
}  # fmt: skip


@pytest.mark.parametrize(("fact", "need"), NEEDS)
def test_a_fact_has_no_row_without_what_it_needs(db, fact, need):
    group = {need} if isinstance(need, str) else set(need)
    any_row = f"SELECT 1 FROM ({fact.sql}) LIMIT 1"
    with db.connection.cursor() as own:  # its temporary tables hide those of the sample
        if not own.execute(any_row).fetchall():
            pytest.skip("the sample has no row of it")
        for name in group:
            own.execute(f"CREATE TEMP TABLE {name} AS FROM main.{name} LIMIT 0")
        if not group & reads(own, fact.sql):
            for other in between(own, group, fact):
                own.execute(f"CREATE TEMP TABLE {other.name} AS {other.sql}")
        assert not own.execute(any_row).fetchall()


def between(connection, group, fact):
    """The facts by which what is in the tables comes to the fact, in their order."""
    moved = set(group)
    for other in facts.ALL[: ORDER[fact.name]]:
        if other.name not in group and reads(connection, other.sql) & moved:
            moved.add(other.name)
            yield other
    assert reads(connection, fact.sql) & moved


def reads(connection, sql):
    return connection.get_table_names(sql)


def test_what_a_fact_reads_is_what_the_engine_finds(db):
    tables = facts.NAMES | set(schema.tables())
    for fact in facts.ALL:
        assert fact.reads & tables == reads(db.connection, fact.sql) & tables, fact.name
        assert fact.sources <= tables, fact.name


def test_only_some_facts_with_what_they_read():
    with Database() as db, Database() as whole:
        for one in (db, whole):
            for name, text in WORLDS["both"].items():
                draw(one, name, text)
        whole.build()
        db.build()
        assert db.is_fresh
        db.build(only=["claim_outcome", "edit_result"])
        assert not db.is_fresh
        for name in ("claim_outcome", "edit_result", "answered_line", "tie"):
            rows = f"SELECT * FROM {name} ORDER BY ALL"
            assert db.sql(rows).equals(whole.sql(rows)), name
        with pytest.raises(NotBuiltError):
            db.sql("FROM submission_outcome")
        assert db.as_of == whole.as_of
        db.build(only=[])
        with pytest.raises(NotBuiltError):
            db.sql("FROM edit_result")
        db.build()
        assert db.is_fresh
        with pytest.raises(UnknownNameError, match="claim_outcome"):
            db.build(only=["claim_outcom"])


def test_all_facts_read_say_what_they_need():
    assert [fact.name for fact in facts.ALL if not fact.needs and not fact.is_view] == [
        "known_provider", "edit", "left_out",  # of several tables, of none, of nearly all
    ]  # fmt: skip


@pytest.mark.parametrize("world", WORLDS)
def test_what_is_made_is_what_running_would_make(world, monkeypatch):
    with Database() as db, Database() as whole:
        for one in (db, whole):
            for name, text in WORLDS[world].items():
                draw(one, name, text)
        db.build()
        monkeypatch.setattr(Fact, "is_empty_without", lambda *_: False)
        whole.build()
        shape = (
            "SELECT table_name, column_index, column_name, data_type FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY ALL"
        )
        assert db.sql(shape).equals(whole.sql(shape))
        for fact in facts.ALL:
            rows = f"SELECT * FROM {fact.name} ORDER BY ALL"
            assert db.sql(rows).equals(whole.sql(rows)), fact.name


def test_a_world_drawn_for_tests_holds_what_a_build_makes(given):
    """Twice: what has no row is planned in the first such world of a process alone."""
    worlds = given(**WORLDS["both"]), given(**WORLDS["both"])
    with Database() as whole:
        for name, text in WORLDS["both"].items():
            draw(whole, name, text)
        whole.build()
        rows = {name: f"SELECT * FROM {name} ORDER BY ALL" for name in facts.NAMES}
        expected = {name: whole.sql(text) for name, text in rows.items()}
    for db in worlds:
        db.build_on_demand(None, *facts.NAMES)
        for name, frame in expected.items():
            found = db.sql(rows[name])
            assert (found.equals(frame), found.schema) == (True, frame.schema), name
