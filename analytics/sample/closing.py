"""How the office closes a denial that it pursues no further: written off, or voided."""

from datetime import date, timedelta

from analytics.sample.events import Answer, WriteOff
from analytics.sample.reading import read
from analytics.sample.story import Story

REASONS = ("denied", "not worth the work", "filed too late")


def write_off(story: Story, after: date) -> None:
    """What is open some weeks after `after` written off; of one claim in seven half of it."""
    claim = story.claim
    day = after + timedelta(days=20 + int(90 * story.world.rng.random()))
    owed = read(claim).balance(day)
    if day > story.world.end or owed <= 0:
        return
    amount = owed // 2 if claim.number % 7 == 0 else owed
    reason = REASONS[claim.number % len(REASONS)]
    claim.write_offs.append(WriteOff(day, claim.submissions[-1].control, reason, amount))


def void(story: Story, first: Answer) -> None:
    """A denied claim that should not have been sent: voided, and the denial taken back."""
    sent = story.send(first.day + timedelta(days=15), frequency="8", original=first.payer_number)
    story.reverse(first, story.payday(sent.sent))
