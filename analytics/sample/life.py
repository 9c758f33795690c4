"""The lives a claim can have.  Each flow is one story told in the moves of `story`."""

from bisect import bisect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

from analytics.sample import codes
from analytics.sample.adjudicate import (
    PATTERN_REASON,
    PATTERN_SHARE,
    add_unknown,
    cut,
    deny,
    is_in_pattern,
    pay,
    write_off,
)
from analytics.sample.codes import Reason
from analytics.sample.events import Answer, AnsweredLine, Claim, Line
from analytics.sample.followup import follow_up, send_to_second_payer
from analytics.sample.payers import PAYERS, Payer, payment_day
from analytics.sample.story import OutOfTimeError, Story, World

Denied = dict[str, Reason]  # line number -> why


def live(world: World, claim: Claim, sent: date) -> None:
    """Tells the whole life of `claim`, first sent on `sent`; adds it to the finished claims."""
    story = Story(world, claim)
    world.finished.append(claim)
    try:
        story.send(sent)
        _flow(story)(story)
    except OutOfTimeError:
        return


def _flow(story: Story) -> Callable[[Story], None]:
    if story.claim.number % 997 == 500:
        return _odd
    ceilings = CEILINGS[story.claim.payer.slug]
    return FLOWS[bisect(ceilings, story.world.rng.random() * ceilings[-1])]


def settle(
    story: Story,
    day: date,
    denied: Denied,
    *,
    share: str = "",
    status: str = "",
    number: str = "",
    original: str = "",
) -> Answer:
    """An answer to the latest submission: the lines in `denied` denied, the others paid."""
    lines = _lines(story, denied, share)
    return story.answer(day, lines, status=status, number=number, original=original)


def _lines(story: Story, denied: Denied, share: str = "") -> list[AnsweredLine]:
    claim, rng = story.claim, story.world.rng
    share = share or _share(story)
    return [
        deny(claim.payer, line, denied[line.number])
        if line.number in denied
        else pay(rng, claim.payer, line, share, is_institutional=claim.is_institutional)
        for line in claim.submissions[-1].lines
    ]


def _share(story: Story) -> str:
    payer, draw = story.claim.payer, story.world.rng.random()
    if payer.line_of_business == "medicaid":
        return "none"
    if payer.line_of_business == "medicare":
        return "coinsurance"
    return "copay" if draw < 0.5 else "coinsurance" if draw < 0.8 else "none"


def _planted(story: Story) -> Denied:
    """The lines that the planted coding pattern strikes."""
    claim, start = story.claim, story.world.pattern_start
    struck = (line for line in claim.lines if is_in_pattern(claim.payer, line, start))
    return {line.number: PATTERN_REASON for line in struck if story.chance(PATTERN_SHARE)}


def _first(story: Story, denied: Denied, *, share: str = "", status: str = "") -> Answer:
    day = story.payday(story.claim.submissions[-1].sent)
    return settle(story, day, denied, share=share, status=status)


def _paid(story: Story) -> None:
    denied = _planted(story)
    first = _first(story, denied)
    if denied:
        follow_up(story, first, denied)
    elif story.claim.member.second_payer and first.patient:
        send_to_second_payer(story, first)


def _deductible(story: Story) -> None:
    """Allowed, but all of it the patient's to pay: nothing paid, and not a denial."""
    first = _first(story, {}, share="deductible")
    if story.claim.member.second_payer:
        send_to_second_payer(story, first)


def _denied(story: Story) -> None:
    claim = story.claim
    reason = _reason(story)
    denied = {line.number: reason for line in claim.lines}
    splits = story.chance(0.12)  # contractual part written off at once: such claims end here
    day = story.payday(claim.submissions[-1].sent)
    lines = [deny(claim.payer, line, reason, splits=splits) for line in claim.lines]
    # An alert would outrank nothing, but a bare reason code must stay bare.
    remarks = ("MA01",) if reason.remarks and claim.payer.sends_lines_institutional else ()
    first = story.answer(day, lines, status=claim.payer.deny_status, remarks=remarks)
    if not splits:
        follow_up(story, first, denied)


def _partly_denied(story: Story) -> None:
    lines = story.claim.lines
    if len(lines) == 1:
        return _denied(story)
    reason = _reason(story)
    struck = lines[int(story.world.rng.random() * len(lines))]
    denied = _planted(story) | {struck.number: reason}
    first = _first(story, denied)
    if first.lines:  # an answer for the whole claim does not say which line was denied
        follow_up(story, first, denied)
    return None


def _reason(story: Story) -> Reason:
    reasons = story.claim.payer.reasons
    return reasons[int(story.world.rng.random() * len(reasons))]


def _silent(_: Story) -> None:
    """Never answered."""


def _resent(story: Story) -> None:
    """No word after six weeks, so it is sent again; then one answer comes."""
    again = story.send(story.claim.submissions[0].sent + timedelta(days=42))
    settle(story, story.payday(again.sent), {})


def _reversed(story: Story) -> None:
    """Paid, taken back, and answered again on the same or a later day."""
    payer, first = story.claim.payer, _first(story, {}, share="copay")
    day = story.payday(first.day, 20)
    story.reverse(first, day)
    if payer.defers_recoupment:
        _recoup_later(story, first, day)
    if story.chance(0.4):
        day = story.payday(day)
    number = first.payer_number if story.chance(0.5) else ""
    settle(story, day, {}, share="coinsurance", number=number)


def _recoup_later(story: Story, victim: Answer, day: date) -> None:
    """PLB: what a reversal takes back is given back now and withheld from a later payment."""
    entries = story.claim.provider_level
    entries.append((day, "WO", victim.payer_number, -victim.paid))
    later = payment_day(story.claim.payer, day + timedelta(days=21))
    if later <= story.world.end:
        entries.append((later, "WO", victim.payer_number, victim.paid))


def _corrected(story: Story) -> None:
    """Paid, then replaced by the provider with one more unit on the first line."""
    first = _first(story, {})
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


def _voided(story: Story) -> None:
    """Sent in error: voided, and what was paid is taken back."""
    first = _first(story, {})
    void = story.send(first.day + timedelta(days=9), frequency="8", original=first.payer_number)
    story.reverse(first, story.payday(void.sent))


def _duplicated(story: Story) -> None:
    """Sent again by mistake after the answer: the second is denied as a duplicate."""
    first = _first(story, {})
    again = story.send(first.day + timedelta(days=2))
    denied = dict.fromkeys((line.number for line in story.claim.lines), codes.DUPLICATE)
    settle(story, story.payday(again.sent), denied)


def _twin(story: Story) -> None:
    """The same services sent under a second control number: that claim is a duplicate, whole."""
    claim = story.claim
    twin = replace(claim, submissions=[], answers=[], provider_level=[])
    other = Story(story.world, twin)
    _first(story, {})
    sent = other.send(claim.submissions[0].sent, control=f"RC{claim.number:07d}T")
    story.world.finished.append(twin)
    denied = dict.fromkeys((line.number for line in claim.lines), codes.DUPLICATE)
    settle(other, other.payday(sent.sent), denied)


def _doubled(story: Story) -> None:
    """Paid twice: a credit balance, and a recoupment later."""
    first = _first(story, {})
    day = story.payday(first.day, 10)
    again = story.answer(day, first.lines or _lines(story, {}))
    later = payment_day(story.claim.payer, day + timedelta(days=30))
    if later <= story.world.end:
        story.claim.provider_level.append((later, "WO", again.payer_number, again.paid))


def _pended(story: Story) -> None:
    """Pended first; the answer comes later under the same payer number."""
    denied = dict.fromkeys((line.number for line in story.claim.lines), codes.PENDED)
    pend = _first(story, denied)
    settle(story, story.payday(pend.day), {}, number=pend.payer_number)


def _forwarded(story: Story) -> None:
    """Status 23: not our claim, forwarded.  Half are answered later."""
    _not_an_answer(story, "23", Reason("OA", "B11"))


def _priced(story: Story) -> None:
    """Status 25: a predetermination of price, no payment."""
    _not_an_answer(story, "25", Reason("OA", "101"))


def _not_an_answer(story: Story, status: str, reason: Reason) -> None:
    denied = dict.fromkeys((line.number for line in story.claim.lines), reason)
    notice = _first(story, denied, status=status)
    if story.chance(0.5):
        settle(story, story.payday(notice.day), {})


def _split(story: Story) -> None:
    """The lines of one claim in two claim payments of one day."""
    claim = story.claim
    folds = claim.is_institutional and not claim.payer.sends_lines_institutional
    if len(claim.lines) == 1 or folds:
        return _paid(story)
    lines = _lines(story, {})
    day, number = story.payday(claim.submissions[-1].sent), story.number()
    story.answer(day, lines[:1], number=number)
    story.answer(day, lines[1:], number=number)
    return None


def _cut(story: Story) -> None:
    """Paid, one line for fewer units than billed: partly denied, no denied line."""
    lines = _lines(story, {})
    lines[0] = cut(lines[0], Reason("CO", "151"))
    story.answer(story.payday(story.claim.submissions[-1].sent), lines)


def _reduced(story: Story) -> None:
    """Paid, one line less for multiple procedures: a reduction, no denial."""
    lines = _lines(story, {})
    lines[-1] = cut(lines[-1], Reason("CO", "59"))
    story.answer(story.payday(story.claim.submissions[-1].sent), lines)


def _odd(story: Story) -> None:
    """Paid, less five dollars for a reason that no list knows."""
    lines = _lines(story, {}, "none")
    lines[0] = add_unknown(lines[0])
    story.answer(story.payday(story.claim.submissions[-1].sent), lines)


def _capitated(story: Story) -> None:
    """Covered by a monthly payment: answered, all written off, in a payment of nothing."""
    if not story.chance(story.claim.payer.capitated * 5):
        return _paid(story)
    lines = [write_off(line) for line in story.claim.lines]
    answer = story.answer(story.payday(story.claim.submissions[-1].sent), lines)
    answer.is_capitated = True
    return None


def _stray(story: Story) -> None:
    """Paid; and the same payment holds a claim that is none of ours."""
    first = _first(story, {})
    lost = replace(
        first,
        control=f"LOST{story.claim.number:06d}",
        payer_number=story.number(),
        lines=[replace(line, line=_renumbered(line.line)) for line in first.lines],
    )
    stray = replace(story.claim, submissions=[], answers=[lost], provider_level=[])
    story.world.finished.append(stray)


def _renumbered(line: Line) -> Line:
    return replace(line, number=f"X{line.number}")


WEIGHTS: tuple[tuple[Callable[[Story], None], float], ...] = (
    (_silent, 0.014), (_resent, 0.010), (_deductible, 0.060), (_reversed, 0.018),
    (_corrected, 0.014), (_voided, 0.008), (_duplicated, 0.012), (_twin, 0.006),
    (_doubled, 0.005), (_pended, 0.018), (_forwarded, 0.003), (_priced, 0.002),
    (_split, 0.014), (_cut, 0.010), (_reduced, 0.008), (_stray, 0.003),
)  # fmt: skip
FLOWS = (
    *(flow for flow, _ in WEIGHTS), _capitated, _denied, _partly_denied, _paid
)  # fmt: skip


def _ceilings(payer: Payer) -> list[float]:
    shares = [share for _, share in WEIGHTS]
    shares += [0.2 if payer.capitated else 0.0, payer.denied, payer.partly_denied]
    return list(accumulate([*shares, 1 - sum(shares)]))


CEILINGS = {payer.slug: _ceilings(payer) for payer in PAYERS}
