"""The right answers of the metrics of coding: levels, modifiers, diagnoses and stays as first sent.

Readings chosen where the definitions leave a case open:

* A claim counts as first sent, once; voided ones and those to a second payer do not.
* Levels are of professional claims; modifiers of all lines with a procedure.  25 goes on E/M
  services, wellness visits among them, 59 on all others.
* What no table of the sample says (which diagnoses are unspecified, which are a CC) is told as
  counts of codes: whoever has the table can add them up.
"""

from collections import Counter, defaultdict

from analytics.sample.events import Claim, Line
from analytics.sample.people import Renderer
from analytics.sample.reading import Reading
from analytics.sample.tallies import Json, Rate, month

# What the catalogue bills of E/M services: family and level.
_LEVELS = {
    "99203": ("office_new", 3),
    "99213": ("office_established", 3),
    "99214": ("office_established", 4),
    "99215": ("office_established", 5),
    "99283": ("emergency", 3),
    "99284": ("emergency", 4),
}
_VISITS = {*_LEVELS, "G0439"}
_Level = tuple[str, int]


class CodedTruth:
    """Takes in claims one by one; `result` gives what the truth file says of them."""

    def __init__(self) -> None:
        self.rates = {"25": Rate(), "59": Rate()}
        self.levels: defaultdict[str, Counter[_Level]] = defaultdict(Counter)
        self.renderers: defaultdict[tuple[str, str], Counter[_Level]] = defaultdict(Counter)
        self.diagnoses: Counter[str] = Counter()
        self.stays: Counter[str] = Counter()

    def add(self, claim: Claim, found: Reading) -> None:
        """Counts one claim in everything."""
        if claim.sequence != "P" or found.void_day is not None:
            return
        self.diagnoses.update(claim.diagnoses)
        if claim.is_inpatient:
            self.stays[" ".join([claim.drg, *claim.diagnoses[1:]])] += 1
        for line in claim.submissions[0].lines:
            if line.procedure:
                self._count(claim, line)

    def _count(self, claim: Claim, line: Line) -> None:
        modifier = "25" if line.procedure in _VISITS else "59"
        hit = int(modifier in line.modifiers.split(":"))
        self.rates[modifier].add(claim.payer.canonical, month(line.day), hit)
        level = _LEVELS.get(line.procedure)
        if level and not claim.is_institutional:
            self.levels[claim.payer.canonical][level] += 1
            self.renderers[claim.renderer.specialty.name, _name(claim.renderer)][level] += 1

    def result(self) -> Json:
        """By metric."""
        every = sum(self.levels.values(), Counter[_Level]())
        return {
            "modifier_rate": {code: rate.result() for code, rate in self.rates.items()},
            "em_level_mix": {
                "all": _rows(every),
                "payer_name": {who: _rows(n) for who, n in sorted(self.levels.items())},
                "rendering_provider": [
                    [*who, *row] for who, n in sorted(self.renderers.items()) for row in _rows(n)
                ],
            },
            "coded_diagnoses": dict(sorted(self.diagnoses.items())),
            "stays": dict(sorted(self.stays.items())),
        }


def _rows(counts: Counter[_Level]) -> list[list[str | int]]:
    """Family, level and lines."""
    return [[*level, n] for level, n in sorted(counts.items())]


def _name(one: Renderer) -> str:
    return f"{one.last_name}, {one.first_name}".upper()
