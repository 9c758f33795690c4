"""What came of each submission: the answer to it, and whether it was clean.

Which were rejected at the front end is given: acknowledgements have tests of their own.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from naive_answers import Chain, is_added, is_void
from naive_parts import Part, parts
from naive_rows import Row, World


@dataclass
class Reply:
    """A submission, when it was first answered and with what lines."""

    sent: Row
    day: date | None
    found: list[Part]
    is_rejected: bool
    is_last: bool  # nothing sent after it replaces or voids it

    @property
    def is_duplicate(self) -> bool:
        """Answered as a duplicate and nothing else."""
        denied = any(part.denied for part in self.found)
        return not denied and any(part.is_duplicate for part in self.found)

    @property
    def counts(self) -> bool:
        """Whether it is among the submissions rejected or answered; voids are not."""
        came = self.is_rejected or self.day is not None
        return came and not is_void(self.sent) and not self.is_duplicate

    @property
    def is_clean(self) -> bool:
        """Answered without rejection, denial or another submission after it."""
        denied = any(part.denied for part in self.found)
        return self.day is not None and self.is_last and not (self.is_rejected or denied)


def replies(world: World, chain: Chain, rejected: set[int]) -> list[Reply]:
    """One for each submission of a claim."""
    answers: dict[int, list[Row]] = defaultdict(list)
    for one in chain.answers:
        answers[_answered(chain, one, rejected)["claim_id"]].append(one)
    found: list[Reply] = []
    for at, sent in enumerate(chain.submissions):
        here = answers[sent["claim_id"]]
        day = min((one["payment_date"] for one in here), default=None)
        lines = [part for one in here if one["payment_date"] == day for part in parts(world, one)]
        is_last = all(is_added(later) for later in chain.submissions[at + 1 :])
        found.append(Reply(sent, day, lines, sent["claim_id"] in rejected, is_last))
    return found


def _answered(chain: Chain, payment: Row, rejected: set[int]) -> Row:
    """The latest submission that the payer had by then, one not rejected before one that was."""
    by = payment["received_date"] or payment["payment_date"]

    def liking(at: int) -> tuple[bool, bool, bool, int]:
        one = chain.submissions[at]
        had = one["submission_date"] <= by
        return not is_void(one), had, one["claim_id"] not in rejected, at if had else -at

    return chain.submissions[max(range(len(chain.submissions)), key=liking)]
