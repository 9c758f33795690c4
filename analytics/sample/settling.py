"""How a payer answers a submission: which lines it pays, leaves to the patient or denies."""

from datetime import date

from analytics.sample.adjudicate import PATTERN_REASON, PATTERN_SHARE, deny, is_in_pattern, pay
from analytics.sample.codes import Reason
from analytics.sample.events import Answer, AnsweredLine
from analytics.sample.story import Story

Denied = dict[str, Reason]  # line number -> why


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
    lines = answer_lines(story, denied, share)
    return story.answer(day, lines, status=status, number=number, original=original)


def first_answer(story: Story, denied: Denied, *, share: str = "", status: str = "") -> Answer:
    """The first answer, on the day the payer gets to it."""
    day = story.payday(story.claim.submissions[-1].sent)
    return settle(story, day, denied, share=share, status=status)


def answer_lines(story: Story, denied: Denied, share: str = "") -> list[AnsweredLine]:
    """The lines of the latest submission, answered."""
    claim, rng = story.claim, story.world.rng
    share = share or usual_share(story)
    return [
        deny(claim.payer, line, denied[line.number])
        if line.number in denied
        else pay(rng, claim.payer, line, share, is_institutional=claim.is_institutional)
        for line in claim.submissions[-1].lines
    ]


def usual_share(story: Story) -> str:
    """What this payer usually leaves to the patient: copay, coinsurance or none."""
    payer, draw = story.claim.payer, story.world.rng.random()
    if payer.line_of_business == "medicaid":
        return "none"
    if payer.line_of_business == "medicare":
        return "coinsurance"
    return "copay" if draw < 0.5 else "coinsurance" if draw < 0.8 else "none"


def planted(story: Story) -> Denied:
    """The lines that the planted coding pattern strikes."""
    claim, start = story.claim, story.world.pattern_start
    struck = (line for line in claim.lines if is_in_pattern(claim.payer, line, start))
    return {line.number: PATTERN_REASON for line in struck if story.chance(PATTERN_SHARE)}


def pick_reason(story: Story) -> Reason:
    """One of the payer's reasons to deny."""
    reasons = story.claim.payer.reasons
    return reasons[int(story.world.rng.random() * len(reasons))]
