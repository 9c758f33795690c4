"""Appeals: a letter to the payer, a decision on some later day, and mostly an answer to match."""

from datetime import date, timedelta

from analytics.sample import codes
from analytics.sample.adjudicate import deny, pay
from analytics.sample.closing import write_off
from analytics.sample.events import Answer, AnsweredLine, Appeal, Line
from analytics.sample.settling import Denied, usual_share
from analytics.sample.story import Story


def appeal(story: Story, first: Answer, denied: Denied, ready: date, *, wins: bool) -> None:
    """Appealed on `ready`: won, won in part, lost, withdrawn, or not decided in time."""
    one = _send(story, ready, 1, sum(line.charge for line in _at_stake(story, denied)))
    if story.claim.number % 11 == 3:
        return _withdraw(story, one)
    day = story.payday(one.day, 20)
    if not wins:
        return _lose(story, one, first, denied, day)
    return _win(story, one, first, denied, day)


def _send(story: Story, day: date, level: int, amount: int) -> Appeal:
    one = Appeal(story.in_time(day), story.claim.submissions[-1].control, level, amount)
    story.claim.appeals.append(one)
    return one


def _at_stake(story: Story, denied: Denied) -> list[Line]:
    """The denied lines as last billed."""
    return [line for line in story.claim.submissions[-1].lines if line.number in denied]


def _withdraw(story: Story, one: Appeal) -> None:
    one.decided, one.decision = story.in_time(one.day + timedelta(days=15)), "WITHDRAWN"
    write_off(story, one.decided)


def _decide(story: Story, one: Appeal, day: date, decision: str) -> None:
    """Decided a few days before the answer of `day`."""
    one.decided, one.decision = day - timedelta(days=story.claim.number % 6), decision


def _lose(story: Story, one: Appeal, first: Answer, denied: Denied, day: date) -> None:
    """Upheld, in one of five by letter alone; some go to the next level, most are written off."""
    _decide(story, one, day, "LOST")
    if story.claim.number % 5:
        upheld = [deny(story.claim.payer, line, codes.UPHELD) for line in _at_stake(story, denied)]
        story.answer(day, upheld, number=first.payer_number)
    if one.level == 1 and story.chance(0.35):
        again = _send(story, day + timedelta(days=12), 2, one.amount)
        wins, day = story.chance(0.3), story.payday(again.day, 30)
        finish = _win if wins else _lose
        return finish(story, again, first, denied, day)
    if story.chance(0.6):
        write_off(story, day)
    return None


def _win(story: Story, one: Appeal, first: Answer, denied: Denied, day: date) -> None:
    """The denied lines paid, or only the first of them; some payers redo the whole claim."""
    lines = _at_stake(story, denied)
    in_part = len(lines) > 1 and story.claim.number % 3 == 0
    _decide(story, one, day, "PARTLY_WON" if in_part else "WON")
    if in_part:
        upheld = [deny(story.claim.payer, line, codes.UPHELD) for line in lines[1:]]
        story.answer(day, _paid(story, lines[:1]) + upheld)
        return
    if first.paid and first.taken_back_on is None and story.chance(0.5):
        story.reverse(first, day)
        lines = story.claim.submissions[-1].lines
    story.answer(day, _paid(story, lines))


def _paid(story: Story, lines: list[Line]) -> list[AnsweredLine]:
    claim, share = story.claim, usual_share(story)
    return [
        pay(story.world.rng, claim.payer, line, share, is_institutional=claim.is_institutional)
        for line in lines
    ]
