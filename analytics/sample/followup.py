"""What becomes of a denied claim, and of what a first payer leaves to a second."""

from dataclasses import replace
from datetime import date, timedelta

from analytics.sample import codes
from analytics.sample.adjudicate import deny, pay, pay_second
from analytics.sample.appealing import appeal
from analytics.sample.closing import void, write_off
from analytics.sample.events import Answer, AnsweredLine, Line, anew
from analytics.sample.payers import payment_day
from analytics.sample.settling import Denied, usual_share
from analytics.sample.story import Story


def follow_up(story: Story, first: Answer, denied: Denied) -> None:
    """Given up, voided, sent again, corrected or appealed; most succeed, by the payer's habit."""
    draw = story.world.rng.random()
    odds = story.claim.payer.overturned
    if any(reason.carc in {"29", "27", "204"} for reason in denied.values()):
        odds /= 4  # hard denials rarely turn
    wins = story.chance(odds)
    if draw < 0.02:
        return void(story, first)
    if draw < 0.28:
        return write_off(story, first.day) if story.chance(0.5) else None
    if draw < 0.52:
        _resubmit(story, first, denied, wins=wins)
    elif draw < 0.78:
        _correct(story, first, denied, wins=wins)
    else:
        return appeal(story, first, denied, _gap(story, first.day), wins=wins)
    return None if wins else _second_round(story, denied)


def _second_round(story: Story, denied: Denied) -> None:
    """Denied a second time: appealed, written off or left."""
    draw, last = story.world.rng.random(), story.claim.answers[-1]
    if draw < 0.35:
        wins = story.chance(story.claim.payer.overturned / 2)
        appeal(story, last, denied, _gap(story, last.day), wins=wins)
    elif draw < 0.7:
        write_off(story, last.day)


def _again(story: Story, lines: list[Line], denied: Denied, *, wins: bool) -> list[AnsweredLine]:
    """The lines paid, or where the payer will not yield denied once more."""
    claim, rng, share = story.claim, story.world.rng, usual_share(story)
    return [
        deny(claim.payer, line, denied[line.number])
        if line.number in denied and not wins
        else pay(rng, claim.payer, line, share, is_institutional=claim.is_institutional)
        for line in lines
    ]


def _gap(story: Story, day: date) -> date:
    """When the office gets round to a denial of `day`."""
    return day + timedelta(days=4 + int(35 * story.world.rng.random()))


def _resubmit(story: Story, first: Answer, denied: Denied, *, wins: bool) -> None:
    """The same claim again.  Lines already paid come back as duplicates."""
    sent = story.send(_gap(story, first.day))
    lines = _again(story, sent.lines, denied, wins=wins)
    if first.paid:
        lines = [
            line
            if line.line.number in denied
            else deny(story.claim.payer, line.line, codes.DUPLICATE)
            for line in lines
        ]
    status = "" if wins else story.claim.payer.deny_status
    story.answer(story.payday(sent.sent), lines, status=status)


def _correct(story: Story, first: Answer, denied: Denied, *, wins: bool) -> None:
    """A replacement (frequency 7), some under a new control number; the old answer is reversed."""
    claim = story.claim
    sent = story.send(
        _gap(story, first.day),
        frequency="7",
        original=first.payer_number,
        control=f"RC{claim.number:07d}C" if story.chance(0.35) else "",
        lines=[_amended(story, line, denied) for line in claim.lines],
    )
    day = story.payday(sent.sent)
    if first.paid or story.chance(0.7):
        early = payment_day(claim.payer, sent.sent + timedelta(days=7))
        story.reverse(first, early if early < day and story.chance(0.3) else day)
    lines = _again(story, sent.lines, denied, wins=wins)
    story.answer(day, lines, original=first.payer_number)


def _amended(story: Story, line: Line, denied: Denied) -> Line:
    """The line as corrected: modifier 59 in place of 25, or a tenth less charged."""
    if line.number not in denied:
        return line
    if line.modifiers == "25":
        return replace(line, modifiers="25:59")
    return replace(line, charge=line.charge * 9 // 10) if story.chance(0.4) else line


def send_to_second_payer(story: Story, first: Answer) -> None:
    """A secondary claim for what the first payer left; the second answers with OA-23."""
    claim = story.claim
    second = claim.member.second_payer
    if second is None or not first.lines:
        return
    other = anew(claim, payer=second, sequence="S", primary=claim)
    tale = Story(story.world, other)
    sent = tale.send(first.day + timedelta(days=3), control=claim.submissions[0].control)
    story.world.finished.append(other)
    day = tale.payday(sent.sent)
    if story.chance(0.1):
        tale.answer(day, [deny(second, line, codes.NOT_COVERED) for line in claim.lines])
    elif story.chance(0.15):  # the first payer paid more than the second allows: nothing due
        tale.answer(day, [_nothing_due(line) for line in first.lines])
    else:
        tale.answer(day, [pay_second(line) for line in first.lines])


def _nothing_due(line: AnsweredLine) -> AnsweredLine:
    adjustments = [("OA", "23", line.charge)] if line.charge else []
    return AnsweredLine(line.line, line.charge, 0, None, adjustments)
