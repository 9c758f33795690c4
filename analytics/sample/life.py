"""Tells the life of a claim: draws one of the flows by the payer's habits, and follows it."""

from bisect import bisect
from collections.abc import Callable
from datetime import date
from itertools import accumulate

from analytics.sample import flows, rarities
from analytics.sample.events import Claim
from analytics.sample.payers import PAYERS, Payer
from analytics.sample.story import OutOfTimeError, Story, World


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
        return rarities.odd
    ceilings = CEILINGS[story.claim.payer.slug]
    return FLOWS[bisect(ceilings, story.world.rng.random() * ceilings[-1])]


WEIGHTS: tuple[tuple[Callable[[Story], None], float], ...] = (
    (flows.silent, 0.014),
    (flows.resent, 0.010),
    (flows.deductible, 0.060),
    (flows.split, 0.014),
    (rarities.taken_back, 0.018),
    (rarities.corrected, 0.014),
    (rarities.voided, 0.008),
    (rarities.duplicated, 0.012),
    (rarities.twin, 0.006),
    (rarities.doubled, 0.005),
    (rarities.pended, 0.018),
    (rarities.forwarded, 0.003),
    (rarities.priced, 0.002),
    (rarities.cut_down, 0.010),
    (rarities.reduced, 0.008),
    (rarities.twice_denied, 0.008),
    (rarities.stray, 0.004),
)
FLOWS = (
    *(flow for flow, _ in WEIGHTS),
    flows.capitated,
    flows.wholly_denied,
    flows.partly_denied,
    flows.paid,
)


def _ceilings(payer: Payer) -> list[float]:
    shares = [share for _, share in WEIGHTS]
    shares += [0.2 if payer.capitated else 0.0, payer.denied, payer.partly_denied]
    return list(accumulate([*shares, 1 - sum(shares)]))


CEILINGS = {payer.slug: _ceilings(payer) for payer in PAYERS}
