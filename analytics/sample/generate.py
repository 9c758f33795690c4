"""Runs the generator: claims in the order they are sent, delivered, told to the truth file."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal

from analytics.sample import broken, rates, readme, side
from analytics.sample import claims as drawing
from analytics.sample.adjudicate import PATTERN_MONTHS
from analytics.sample.delivery import Delivery
from analytics.sample.events import Claim
from analytics.sample.extracts import Extracts
from analytics.sample.front_end import pass_through
from analytics.sample.life import live
from analytics.sample.patients import pay_share
from analytics.sample.payers import batch_day
from analytics.sample.people import Member, members
from analytics.sample.postings import NAMES, Postings
from analytics.sample.story import World
from analytics.sample.truth import Truth
from analytics.sample.truth_file import tell

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was written: file names under `folder`, claims (CLM), remit claims (CLP), bytes."""

    folder: Path
    files: tuple[str, ...]
    claims: int
    remit_claims: int
    byte_count: int


def write(
    folder: Path,
    *,
    claims: int = 3000,
    months: int = 14,
    seed: int = 7,
    end: date = date(2026, 10, 31),
    progress: Progress | None = None,
    files: Literal["monthly", "single"] = "monthly",
    one_set: bool = False,
    with_truth: bool = True,
) -> SampleReport:
    """Writes an invented sample of about `claims` claims sent in the `months` up to `end`.

    Same arguments, same bytes.  Resubmissions and claims to a second payer come on top of `claims`.
    `files="single"` writes one 837P, one 837I and one 835; `one_set=True` puts all of a file into
    one transaction set, for tests of size; such a set has one date, so no truth is told of it.
    `with_truth=False` leaves truth.json out, which halves the time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    start = month_start(end, months - 1)
    world = World(Random(seed), end, month_start(end, PATTERN_MONTHS - 1))  # noqa: S311
    people = members(world.rng, max(claims // 4, 20), month_start(end, months + 2), end)
    delivery, postings = Delivery(folder, end, files, one_set), Postings(folder)
    exported = _exported(folder, end) if files == "monthly" and not one_set else None
    truth = Truth(end, people, world.pattern_start) if with_truth and not one_set else None
    for claim in _lives(world, people, claims, start, progress, delivery):
        delivery.add(claim)
        postings.add(claim)
        if exported:
            exported.add(claim)
        if truth:
            truth.add(claim)
    delivery.close()
    postings.close()
    if exported:
        exported.close()
    names = [
        *delivery.done,
        *delivery.replies.done,
        *NAMES,
        *side.write(folder, people, month_start(end, months + 2)),
        rates.write(folder, month_start(end, months + 2)),
        *(exported.names if exported else []),
    ]
    readme.write(folder, claims, seed)
    if files == "monthly":
        good = next((one for one in names if "MEDICARE" in one), names[0])
        broken.write(folder / "broken", folder / good)
    if truth:
        (folder / "truth.json").write_text(
            _json(tell(truth, delivery.done, delivery.replies.done)), "utf-8"
        )
    totals = delivery.done.values()
    return SampleReport(
        folder,
        tuple(sorted(names)),
        sum(one.claims for one in totals),
        sum(one.remit_claims for one in totals),
        sum((folder / name).stat().st_size for name in names),
    )


def _json(truth: dict[str, Any]) -> str:
    """The truth as JSON, a claim a line, so that two versions can be compared."""
    claims = truth.pop("claims")
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in claims["rows"])
    head = json.dumps(truth, indent=1)[:-2]
    columns = json.dumps(claims["columns"])
    return f'{head},\n "claims": {{"columns": {columns}, "rows": [\n{rows}\n]}}\n}}\n'


def _lives(
    world: World,
    people: list[Member],
    count: int,
    start: date,
    progress: Progress | None,
    delivery: Delivery,
) -> Iterator[Claim]:
    """Every claim with its whole life, in the order of first submission."""
    rng, span, day = world.rng, (world.end - start).days, start
    active = len(people) * 5 // 6  # the rest are covered and never seen
    for number in range(1, count + 1):
        sent = batch_day(start + timedelta(days=number * span // (count + 1)))
        sent = sent if sent <= world.end else day  # no batch day is left: sent with the last batch
        if sent > day:
            delivery.flush(sent)
            day = sent
        member = people[int(rng.random() * active)]
        draw = rng.random()
        lag = 1 + int(9 * draw) + (int(50 * rng.random()) if draw > 0.97 else 0)
        claim = drawing.draw(rng, number, member, sent - timedelta(days=lag))
        live(world, claim, sent)
        for one in world.finished:
            pass_through(one, world.end)
            pay_share(one, world.end)
            yield one
        world.finished.clear()
        if progress and number % 1000 == 0:
            progress(number, count)
    if progress:
        progress(count, count)


def _exported(folder: Path, end: date) -> Extracts:
    """The extracts of two months that are over and mostly answered."""
    return Extracts(folder, month_start(end, 3), month_start(end, 1) - timedelta(days=1))


def month_start(day: date, back: int) -> date:
    """The first day of the month `back` months before that of `day`."""
    month = day.year * 12 + day.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)
