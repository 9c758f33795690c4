"""Small lives of a claim: two lines of 100.00 and 50.00 sent on DAY, answers as stated."""

from datetime import date, timedelta
from random import Random

from analytics.sample.claims import draw
from analytics.sample.events import Answer, AnsweredLine, Line
from analytics.sample.payers import HERONBANK
from analytics.sample.people import members
from analytics.sample.story import Story, World

DAY = date(2026, 1, 6)


def tale() -> Story:
    """A claim sent and not yet answered."""
    rng = Random(1)  # noqa: S311
    member = next(
        one for one in members(rng, 50, DAY, date(2026, 12, 31)) if one.payer is HERONBANK
    )
    claim = draw(rng, 1, member, DAY - timedelta(days=3))
    claim.is_institutional = False
    claim.lines = [line("L1", 10000), line("L2", 5000)]
    story = Story(World(rng, date(2026, 12, 31), DAY), claim)
    story.send(DAY)
    return story


def line(number: str, charge: int) -> Line:
    """A line of an office visit."""
    return Line(number, "99213", "", "", 1, "UN", charge, "1", "", DAY)


def answered(
    story: Story, day: int, *stated: tuple[int, int, list[tuple[str, str, int]]]
) -> Answer:
    """An answer `day` days on; each line as (index, paid, adjustments)."""
    claim = story.claim
    lines = [
        AnsweredLine(claim.lines[at], claim.lines[at].charge, paid, None, adjustments)
        for at, paid, adjustments in stated
    ]
    return story.answer(DAY + timedelta(days=day), lines)
