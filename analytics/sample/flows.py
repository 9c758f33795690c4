"""The common lives of a claim: paid, denied in part or whole, owed by the patient, no word."""

from datetime import timedelta

from analytics.sample import adjudicate
from analytics.sample.adjudicate import deny
from analytics.sample.closing import write_off
from analytics.sample.followup import follow_up, send_to_second_payer
from analytics.sample.settling import (
    Denied,
    answer_lines,
    first_answer,
    pick_reason,
    planted,
    settle,
)
from analytics.sample.story import Story


def paid(story: Story) -> None:
    """Paid, unless the planted pattern strikes a line; a second payer may follow."""
    denied = planted(story)
    first = first_answer(story, denied)
    if denied:
        follow_up(story, first, denied)
    elif story.claim.member.second_payer and first.patient:
        send_to_second_payer(story, first)


def deductible(story: Story) -> None:
    """Allowed, but all of it the patient's to pay: nothing paid, and mostly not a denial."""
    lines = story.claim.lines
    denied: Denied = {}
    if len(lines) > 1 and story.chance(0.06):
        denied = {lines[-1].number: pick_reason(story)}
    first = first_answer(story, denied, share="deductible")
    if story.claim.member.second_payer and not denied:
        send_to_second_payer(story, first)


def wholly_denied(story: Story) -> None:
    """Every line denied for one reason."""
    claim = story.claim
    reason = pick_reason(story)
    denied = {line.number: reason for line in claim.lines}
    splits = story.chance(0.12)  # contractual part written off at once: such claims end here
    day = story.payday(claim.submissions[-1].sent)
    lines = [deny(claim.payer, line, reason, splits=splits) for line in claim.lines]
    # An alert would outrank nothing, but a bare reason code must stay bare.
    remarks = ("MA01",) if reason.remarks and claim.payer.sends_lines_institutional else ()
    first = story.answer(day, lines, status=claim.payer.deny_status, remarks=remarks)
    if not splits:
        follow_up(story, first, denied)
    elif story.chance(0.5):
        write_off(story, day)


def partly_denied(story: Story) -> None:
    """One line denied, the others paid."""
    lines = story.claim.lines
    if len(lines) == 1:
        return wholly_denied(story)
    reason = pick_reason(story)
    struck = lines[int(story.world.rng.random() * len(lines))]
    denied = planted(story) | {struck.number: reason}
    first = first_answer(story, denied)
    if first.lines:  # an answer for the whole claim does not say which line was denied
        follow_up(story, first, denied)
    return None


def silent(story: Story) -> None:
    """Never answered; some are written off half a year later."""
    if story.chance(0.5):
        write_off(story, story.claim.submissions[0].sent + timedelta(days=150))


def resent(story: Story) -> None:
    """No word after six weeks, so it is sent again; then one answer comes."""
    again = story.send(story.claim.submissions[0].sent + timedelta(days=42))
    settle(story, story.payday(again.sent), {})


def split(story: Story) -> None:
    """The lines of one claim in two claim payments of one day; sometimes the last is denied."""
    claim = story.claim
    folds = claim.is_institutional and not claim.payer.sends_lines_institutional
    if len(claim.lines) == 1 or folds:
        return paid(story)
    denied = {claim.lines[-1].number: pick_reason(story)} if story.chance(0.3) else {}
    lines = answer_lines(story, denied)
    day, number = story.payday(claim.submissions[-1].sent), story.number()
    story.answer(day, lines[:1], number=number)
    story.answer(day, lines[1:], number=number)
    return None


def capitated(story: Story) -> None:
    """Covered by a monthly payment: answered, all written off, in a payment of nothing."""
    if not story.chance(story.claim.payer.capitated * 5):
        return paid(story)
    lines = [adjudicate.write_off(line) for line in story.claim.lines]
    answer = story.answer(story.payday(story.claim.submissions[-1].sent), lines)
    answer.is_capitated = True
    return None
