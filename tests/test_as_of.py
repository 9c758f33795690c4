"""The numbers of a past day, after later files came: those that were given on that day.

What has no date cannot be put back: the maps, the names of payers and providers, and who a person
is are those of today, and are loaded first here.
"""

import datetime as dt
import random
import re
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import facts, sample
from analytics.database import Database
from analytics.loader import load
from analytics.metrics import CATALOGUE, Balance

# Lists of what is known, and the count of what is left out: later files add to them.  An
# acknowledgement that comes twice is kept twice, though no rate counts it so.  What is posted later
# is tied too, but not counted; payments of a later day are told apart.
UNDATED = {"calendar_day", "known_payer", "known_provider", "person", "adjustment_kind", "left_out"}
UNDATED |= {"acknowledgement_tie", "posting_tie", "cash"}
UNDATED |= {"known_filing", "known_care", "known_team"}  # what stands on claims of any day
UNDATED |= {"edit_day", "edit_release", "edited_service"}  # what was billed on which days
DATED = [fact.name for fact in facts.ALL if fact.name not in UNDATED]


def month(path: Path) -> str:
    found = re.search(r"\d{4}-\d{2}", path.name)
    assert found
    return found[0]


def deliveries(folder: Path) -> tuple[list[Path], list[list[Path]]]:
    """What is loaded first, and the files of each month, with some of the month before again."""
    sample.write(folder, claims=160, months=4, seed=5, with_truth=False)
    files = [path for path in sorted(folder.rglob("*.edi")) if "broken" not in path.parts]
    months = [[p for p in files if month(p) == name] for name in sorted(set(map(month, files)))]
    for number, before in enumerate(months[:-1], start=1):
        for kind in ("835", "837", "277", "999"):
            old = next(path for path in before if kind in path.name)
            again = folder / f"again_{kind}_{number}.edi"
            again.write_bytes(old.read_bytes() + b"\n")  # another file, the same transactions
            months[number].append(again)
    return list(folder.glob("*.csv")), months


def posted(db: Database, folder: Path, day: dt.date | None, seed: int) -> list[Path]:
    """Write-offs and payments of patients, posted on claims sent by then, up to a day."""
    assert day
    rng = random.Random(seed)  # noqa: S311
    text = "SELECT patient_control_number FROM claim ORDER BY 1"
    numbers = rng.sample(db.sql(text)["patient_control_number"].to_list(), 8)
    paths = []
    for table, column in (("write_off", "write_off_date"), ("patient_payment", "payment_date")):
        rows = [
            f"{n},{day - dt.timedelta(rng.randrange(20))},{rng.randrange(1, 90)}.50"
            for n in numbers
        ]
        paths.append(folder / f"{table}_{day}.csv")
        paths[-1].write_text("\n".join([f"patient_control_number,{column},amount", *rows, ""]))
    return paths


def told(db: Database) -> dict[str, pl.DataFrame]:
    """Every fact as it stands, and every metric by payer and by month."""
    found = {name: db.sql(f"SELECT * FROM {name} ORDER BY ALL") for name in DATED}
    found["cash counted"] = db.sql("SELECT * FROM cash WHERE status = 'counted' ORDER BY ALL")
    for name, metric in CATALOGUE.items():
        found[f"{name} by payer"] = metric(db, by="payer_name")
        every = None if isinstance(metric, Balance) else "month"
        found[f"{name} by month"] = metric(db, every=every)
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """For each month's last day: what was told then, and what is told of it at the end.

    With them the database, as of the last day, and what was loaded, in that order.
    """
    folder = tmp_path_factory.mktemp("months")
    first, months = deliveries(folder)
    then, last, loaded = {}, {}, [first]
    with Database(threads=1) as db:
        load(db, first)
        for number, files in enumerate(months):
            load(db, files)
            later = posted(db, folder, db.span[1], number)
            load(db, later)
            loaded += [files, later]
            day = db.build()
            then[day] = told(db)
        for day in then:
            assert db.build(as_of=day) == day
            last[day] = told(db)
        yield then, last, db, loaded


@pytest.fixture
def both(world):
    return world[:2]


def test_every_number_of_a_past_day_is_reproduced(both):
    then, last = both
    assert len(then) == 4
    for day, before in then.items():
        for name, frame in before.items():
            try:
                # Ends of intervals are sums of doubles, which may add up in another order.
                assert_frame_equal(frame, last[day][name], rel_tol=1e-12, abs_tol=1e-12)
            except AssertionError as error:
                raise AssertionError(f"{name} as of {day}: {error}") from None
            exact = pl.exclude("low", "high")
            assert frame.select(exact).equals(last[day][name].select(exact)), (name, day)


def test_the_world_holds_what_could_break_it(both):
    then, _ = both
    found = list(then.values())[-1]
    assert found["answer"]["is_taken_back"].sum() > 0
    assert found["submission_outcome"]["is_rejected"].sum() > 0
    assert {"write_off", "patient_payment", "taken_back"} <= set(found["ledger"]["kind"])
    changed = [day for day, one in then.items() if not one["answer"].equals(found["answer"])]
    assert len(changed) == len(then) - 1


def test_a_row_dated_later_is_in_no_fact(both):
    then, _ = both
    for day, found in then.items():
        for name in DATED:
            dates = [c for c, kind in found[name].schema.items() if kind == pl.Date]
            for column in dates:
                ahead = ("_deadline_date", "due_date", "start_date", "end_date")  # rates to come
                if column.startswith("service_") or column.endswith(ahead):
                    continue  # such a day may be still to come
                newest = found[name][column].max()
                assert newest is None or newest <= day, (name, column)


@pytest.mark.long
def test_the_order_of_loading_changes_no_number(world):
    *_, forward, loaded = world
    with Database(threads=1) as backward:
        for files in loaded[::-1]:
            load(backward, files)
        backward.build()
        for name, metric in CATALOGUE.items():
            for by in {"payer_name", "specialty", "sex_code", "denial_carc"} & {*metric.dimensions}:
                one, other = (metric(db, by=by).drop("low", "high") for db in (forward, backward))
                assert one.equals(other), (name, by)
