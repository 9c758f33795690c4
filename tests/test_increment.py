"""A build of what changed gives the facts of a full build, whatever is loaded in which order."""

import datetime as dt
import os
import random
import re
import signal
import subprocess
import sys

import polars as pl
import pytest
from built import assert_same, told
from drawing import CODES, FEED, SAMPLE

from analytics import facts, sample
from analytics.database import Database
from analytics.increment import touched
from analytics.increment.planning import plan
from analytics.loader import load

pytestmark = pytest.mark.long  # test_increment_drawn.py holds it by drawn worlds

SETTINGS = ("payer_map.csv", "provider_map.csv", "roster.csv", "contract_rate.csv")
POSTED = ("write_off", "patient_payment", "appeal")
KILLED = """
import os, signal, sys
from analytics.database import Database
from analytics.increment import touched

def tell(done, total, name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

touched._MOST = 1
Database(sys.argv[1]).build(full=False, progress=tell)
"""


@pytest.fixture(autouse=True)
def _all_may_change(monkeypatch):
    """In small worlds much hangs together with little."""
    monkeypatch.setattr(touched, "_MOST", 1)


def month(path):
    found = re.search(r"\d{4}-\d{2}", path.name)
    return found[0] if found else ""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The settings, and the files of five months; postings in a file for each month."""
    folder = tmp_path_factory.mktemp("increment")
    sample.write(folder, claims=240, months=6, seed=11, with_truth=False)
    edi = [path for path in sorted(folder.rglob("*.edi")) if "broken" not in path.parts]
    for name in POSTED:
        rows = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        day = {"appeal": "appeal_date", "write_off": "write_off_date"}.get(name, "payment_date")
        for (of,), part in rows.group_by(pl.col(day).str.slice(0, 7)):
            edi.append(folder / f"{name}_{of}.csv")
            part.write_csv(edi[-1])
    edi.append(folder / "eligibility.csv")
    return [folder / name for name in SETTINGS], edi


def lots(edi, how):
    """The files in lots: by month, or in any order."""
    if str(how).startswith("by month"):
        at = [max(month(path), "2026-08") for path in edi]
        return [[p for p, of in zip(edi, at, strict=True) if of == one] for one in sorted({*at})]
    shuffled = edi[:]
    random.Random(how).shuffle(shuffled)  # noqa: S311
    return [shuffled[start::3] for start in range(3)]


@pytest.mark.parametrize(
    ("how", "days"),
    [
        ("by month", ()),
        ("by month, with tables and a feed", ()),
        (1, ()),
        (2, ("2026-09-20", "2026-09-20", "2026-10-25")),
    ],
)
def test_a_build_of_what_changed_is_a_full_build(files, how, days):
    first, edi = files
    reasons = []
    with Database(threads=1) as db, Database(threads=1) as whole:
        for number, lot in enumerate(lots(edi, how)):
            as_of = dt.date.fromisoformat(days[number]) if days else None
            for one in (db, whole):
                load(one, [*first, *lot] if number == 0 else lot)
                if number == 0 and "tables" in str(how):
                    one.connection.execute(CODES + FEED)
                one.build(as_of, full=one is whole)
            assert db.as_of == whole.as_of
            assert_same(told(db), told(whole))
            reasons.append(db.last_build.why_all)
    assert reasons[0] == "there were none"
    assert "" in reasons
    assert not [why for why in reasons[1:] if why and not why.startswith("the first records of")]


@pytest.fixture(scope="module", params=["", CODES + FEED], ids=["files alone", "with tables"])
def built(request):
    """The sample without and with published tables, reviews and a payer's feed, built."""
    with Database() as db:
        load(db, SAMPLE)
        if request.param:
            db.connection.execute(request.param)
        db.build()
        yield db, told(db)


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_of_some_units_are_those_of_all(built, seed, monkeypatch):
    """What each fact says of how its rows hang together: made of some units, nothing changes."""
    db, before = built

    def some(site, _):
        every = " UNION ".join(f"SELECT {touched.node(t)} AS node FROM {t}" for t in touched._DAYS)
        site.run(
            f"CREATE TEMP TABLE seed AS SELECT node FROM ({every}) "
            f"WHERE hash(node || '{seed}') % {3 * seed**3} = 0"
        )

    monkeypatch.setattr(touched, "_seed", some)
    db.build(full=False)
    assert not db.last_build.why_all
    assert 0 < db.last_build.claims < db.last_build.claims_in_all
    assert_same(told(db), before)


def test_what_hangs_together_holds_what_could_break_it(built):
    db, found = built
    assert found["answer"]["is_taken_back"].sum() > 0
    assert db.sql("SELECT count(*) FROM submission WHERE submission_no > 1").item() > 0
    made = plan(set(), {"payer_claim", "quality_population"})
    assert {"claim_outcome", "movement", "answered_line"} <= {fact.name for fact in made.touched}
    assert {"member_month", "encounter", "quality_gap"} <= {fact.name for fact in made.members}
    # What of these reads facts of units has no row without a feed.
    feed = {"payer_claim_version", "settled_line", "settled_claim", "primary_care_service"}
    quality = {"quality_list", "quality_event", "quality_service", "quality_finding"}
    early = {fact.name for fact in made.early}
    assert not early - {"person", "edited_service", "quality_member"} - feed - quality


@pytest.mark.parametrize("more", [{"with_rows": {"payer_claim"}}, {"is_later": True}])
def test_a_feed_or_a_later_day_of_cover_has_facts_of_members_made_as_a_whole(more):
    rows = more.pop("with_rows", set()) | {"eligibility"}
    made = plan(rows, **more)
    assert not {"cover_span", "member_month"} & {fact.name for fact in made.members}
    assert {"cover_span", "member_month"} <= {fact.name for fact in made.late}


def test_every_fact_is_made_once():
    for with_rows in (set(), {"reference_file"}):
        made = plan(with_rows)
        parts = [*made.early, *made.touched, *made.members, *made.late, *made.views]
        assert sorted(fact.name for fact in parts) == sorted(facts.NAMES)
    whole = {fact.name for fact in made.late}
    assert {"edited_line", "edit_repeat", "edit_finding", "edit_check"} <= whole


CHANGES = {
    "payer_map was changed": "UPDATE payer_map SET line_of_business = 'other'",
    "records of remit_claim were removed": "DELETE FROM remit_claim WHERE remit_claim_id = "
    "(SELECT min(remit_claim_id) FROM remit_claim)",
    "medicare_fee was changed": "INSERT INTO medicare_fee (procedure_code) VALUES ('99213')",
    "not all of them were there": "DROP TABLE movement",
    "it is not known": "DROP TABLE built_from",
    "their rules changed": "UPDATE build_info SET facts_version = 'older'",
    "code maps": "UPDATE build_info SET code_map_version = 'older'",
    "an earlier one": "UPDATE build_info SET as_of = as_of + 1",
}


@pytest.fixture
def world(files):
    first, edi = files
    with Database(threads=1) as db:
        load(db, [*first, *(path for path in edi if month(path) <= "2026-08")])
        db.build()
        yield db


def test_what_changes_all_facts_has_all_made(world):
    for why, change in CHANGES.items():
        world.sql(change)
        world.build(full=False)
        assert why in world.last_build.why_all
    found = told(world)
    world.build()
    assert_same(found, told(world))


def test_a_provider_known_by_number_that_gets_a_name_has_all_facts_made(world, files):
    npi = world.sql("SELECT min(billing_npi) FROM claim").item()
    world.sql("DELETE FROM provider WHERE npi = $npi", npi=npi)
    world.sql("UPDATE provider_map SET provider_name = NULL, npi = $npi", npi=npi)
    world.build()
    load(world, [next(path for path in files[1] if month(path) == "2026-09")])
    world.sql(
        "INSERT INTO provider (npi, provider_name, file_id) "
        "SELECT $npi, 'Named', max(file_id) FROM source_file", npi=npi,
    )  # fmt: skip
    world.build(full=False)
    assert "has a name now" in world.last_build.why_all


def test_new_names_and_codes_are_added_to_the_lists_of_words(world, files, tmp_path):
    later = [path for path in files[1] if month(path) > "2026-08"]
    old = next(path for path in later if "837P" in path.name)
    text = old.read_text()
    name = re.search(r"NM1\*85\*2\*([^*]+)\*", text)
    assert name
    new = tmp_path / "837P_other.edi"
    text = re.sub(r"(?<=\*XX\*)\d{10}", "1999999984", text)
    new.write_text(text.replace(name[1], "A NEW GROUP'S \"; --"))
    load(world, [new])
    world.build(full=False)
    assert not world.last_build.why_all
    found = told(world)
    assert "A NEW GROUP'S \"; --" in found["billed_claim"]["billing_provider"].to_list()
    assert world.sql("SELECT count(*) FROM ledger").item() > 0
    world.build()
    assert_same(found, told(world))


@pytest.mark.parametrize("at", ["answer", "priced_line"])
def test_a_build_of_what_changed_killed_leaves_the_facts_before(files, tmp_path, at):
    first, edi = files
    path = tmp_path / "killed.duckdb"
    with Database(path) as db:
        load(db, [*first, *(one for one in edi if month(one) <= "2026-08")])
        db.build()
        before = told(db)
        load(db, [one for one in edi if month(one) == "2026-09"])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), at], env=os.environ, check=False
    )
    assert done.returncode == -signal.SIGKILL
    with Database(path) as db:
        assert_same(told(db), before)
        db.build(full=False)
        assert not db.last_build.why_all
        found = told(db)
        left = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%next'"
        assert db.sql(left).item() == 0
        db.build()
        assert_same(found, told(db))
