"""The rarer lives of a claim, each of which some reader of remittances gets wrong."""

from dataclasses import replace
from datetime import date, timedelta

from analytics.sample import codes
from analytics.sample.adjudicate import add_unknown, deny, deny_twice, withhold
from analytics.sample.closing import write_off
from analytics.sample.codes import Reason
from analytics.sample.events import Answer, Line, anew
from analytics.sample.followup import follow_up
from analytics.sample.payers import payment_day
from analytics.sample.settling import Denied, answer_lines, first_answer, pick_reason, settle
from analytics.sample.story import Story


def taken_back(story: Story) -> None:
    """Paid, taken back, and answered again on the same or a later day; some are then denied."""
    payer, first = story.claim.payer, first_answer(story, {}, share="copay")
    day = story.payday(first.day, 20)
    story.reverse(first, day)
    if payer.defers_recoupment:
        _recoup_later(story, first, day)
    if story.chance(0.4):
        day = story.payday(day)
    number = first.payer_number if story.chance(0.5) else ""
    denied: Denied = {}
    if story.chance(0.2):
        denied = dict.fromkeys((line.number for line in story.claim.lines), pick_reason(story))
    settle(story, day, denied, share="coinsurance", number=number)


def _recoup_later(story: Story, victim: Answer, day: date) -> None:
    """PLB: what a reversal takes back is given back now and withheld from a later payment."""
    entries = story.claim.provider_level
    entries.append((day, "WO", victim.payer_number, -victim.paid))
    later = payment_day(story.claim.payer, day + timedelta(days=21))
    if later <= story.world.end:
        entries.append((later, "WO", victim.payer_number, victim.paid))


def corrected(story: Story) -> None:
    """Paid, then replaced by the provider with one more unit on the first line."""
    first = first_answer(story, {})
    line = story.claim.lines[0]
    more = replace(line, units=line.units + 1, charge=line.charge // line.units * (line.units + 1))
    sent = story.send(
        first.day + timedelta(days=6),
        frequency="7",
        original=first.payer_number,
        lines=[more, *story.claim.lines[1:]],
    )
    day = story.payday(sent.sent)
    story.reverse(first, day)
    settle(story, day, {}, original=first.payer_number)


def voided(story: Story) -> None:
    """Sent in error: voided, and what was paid is taken back."""
    first = first_answer(story, {})
    void = story.send(first.day + timedelta(days=9), frequency="8", original=first.payer_number)
    story.reverse(first, story.payday(void.sent))


def duplicated(story: Story) -> None:
    """Sent again by mistake after the answer: the second is denied as a duplicate."""
    first = first_answer(story, {})
    again = story.send(first.day + timedelta(days=2))
    denied = dict.fromkeys((line.number for line in story.claim.lines), codes.DUPLICATE)
    settle(story, story.payday(again.sent), denied)


def twin(story: Story) -> None:
    """The same services sent under a second control number: that claim is a duplicate, whole."""
    claim = story.claim
    twin = anew(claim)
    other = Story(story.world, twin)
    first_answer(story, {})
    sent = other.send(claim.submissions[0].sent, control=f"RC{claim.number:07d}T")
    story.world.finished.append(twin)
    denied = dict.fromkeys((line.number for line in claim.lines), codes.DUPLICATE)
    settle(other, other.payday(sent.sent), denied)


def doubled(story: Story) -> None:
    """Paid twice: a credit balance, and a recoupment later."""
    first = first_answer(story, {})
    day = story.payday(first.day, 10)
    again = story.answer(day, first.lines or answer_lines(story, {}))
    later = payment_day(story.claim.payer, day + timedelta(days=30))
    if later <= story.world.end:
        story.claim.provider_level.append((later, "WO", again.payer_number, again.paid))


def pended(story: Story) -> None:
    """Pended first; the answer comes later under the same payer number."""
    denied = dict.fromkeys((line.number for line in story.claim.lines), codes.PENDED)
    pend = first_answer(story, denied)
    settle(story, story.payday(pend.day), {}, number=pend.payer_number)


def forwarded(story: Story) -> None:
    """Status 23: not our claim, forwarded.  Half are answered later."""
    _not_an_answer(story, "23", Reason("OA", "B11"))


def priced(story: Story) -> None:
    """Status 25: a predetermination of price, no payment."""
    _not_an_answer(story, "25", Reason("OA", "101"))


def _not_an_answer(story: Story, status: str, reason: Reason) -> None:
    denied = dict.fromkeys((line.number for line in story.claim.lines), reason)
    notice = first_answer(story, denied, status=status)
    if story.chance(0.5):
        settle(story, story.payday(notice.day), {})


def cut_down(story: Story) -> None:
    """Paid, one line for fewer units than billed: partly denied, no denied line."""
    lines = answer_lines(story, {})
    lines[0] = withhold(lines[0], Reason("CO", "151"))
    first = story.answer(story.payday(story.claim.submissions[-1].sent), lines)
    if story.chance(0.4):
        write_off(story, first.day)


def reduced(story: Story) -> None:
    """Paid, one line less for multiple procedures: a reduction, no denial."""
    lines = answer_lines(story, {})
    lines[-1] = withhold(lines[-1], Reason("CO", "59"))
    story.answer(story.payday(story.claim.submissions[-1].sent), lines)


def twice_denied(story: Story) -> None:
    """One line denied for two reasons; of every third claim by halves, where the first counts."""
    claim = story.claim
    lines = answer_lines(story, {})
    costly = max(range(len(lines)), key=lambda at: lines[at].charge)
    share = 50 if claim.number % 3 == 0 else 40
    struck = claim.lines[costly]
    lines[costly] = deny_twice(struck, codes.NOT_NECESSARY, codes.NO_AUTHORIZATION, share)
    first = story.answer(story.payday(claim.submissions[-1].sent), lines)
    if first.lines:
        follow_up(story, first, {struck.number: codes.NOT_NECESSARY})


def odd(story: Story) -> None:
    """Paid, less five dollars for a reason that no list knows."""
    lines = answer_lines(story, {}, "none")
    lines[0] = add_unknown(lines[0])
    story.answer(story.payday(story.claim.submissions[-1].sent), lines)


def stray(story: Story) -> None:
    """Paid; and the same payment holds a claim, paid or denied, that is none of ours."""
    first = first_answer(story, {})
    lines = [replace(line, line=_renumbered(line.line)) for line in first.lines]
    lost = replace(
        first, control=f"LOST{story.claim.number:06d}", payer_number=story.number(), lines=lines
    )
    if lines and story.claim.number % 2:
        lost.lines = [deny(story.claim.payer, one.line, codes.NO_AUTHORIZATION) for one in lines]
        lost.paid = lost.patient = lost.interest = 0
        lost.status, lost.adjustments = story.claim.payer.deny_status, []
    stray = anew(story.claim)
    stray.answers.append(lost)
    story.world.finished.append(stray)


def _renumbered(line: Line) -> Line:
    return replace(line, number=f"X{line.number}")
