"""Rates of quality measures on claims: how many of the members they are for have open gaps."""

from collections.abc import Mapping

from analytics.facts_quality import quality_gap
from analytics.metrics._kinds import Proportion
from analytics.metrics._maturity import Maturity

LOAD = "qpp-single-source-2025.json"
_IN = "is_checked AND is_eligible"
_REASONS = {
    "no_birth_date": "birth date not known",
    "no_sex": "sex not known",
    "died": "died in the year",
    "not_covered": "not covered long enough in the year",
    "no_visit": "no encounter that the measure counts",
}
_LEFT_OUT: Mapping[str, str] = {
    f"not checked: load {LOAD} (of the year) with `revcycle reference load`": "NOT is_checked",
    **{
        said: f"is_checked AND coalesce(not_eligible_reason = '{name}', FALSE)"
        for name, said in _REASONS.items()
    },
    "excluded by the specification": f"{_IN} AND is_excluded",
}
_SOURCE = "CMS, Quality Payment Program: quality measures reported on Medicare Part B claims"
_LIMITS = (
    "A member counts once a measure and year, for all clinicians together, who in CMS's own count "
    "each answer for theirs; at most one month without cover is a rule of ours (quality_measure). "
    "Results in charts and laboratories, and care before the claims begin (history_months), are "
    "not seen. Ask for it by measure: a sum of measures is of no specification. Codes: the file "
    f"{LOAD} (none comes with the library) and the code map quality_code."
)
_settled = Maturity(column="settled_share", settled="CASE WHEN is_run_out THEN 1 ELSE 0 END")

quality_gap_rate = Proportion(
    name="quality_gap_rate",
    title="Open quality gaps",
    definition="Of the members that a quality measure is for, once a measure and year, the share "
    "without a claim that closes it, which is at most that: claims do not tell all.",
    unit="share",
    better="lower",
    denominator="members and measures: of the ages on the day of an encounter that counts, with "
    "the diagnosis, covered all year (so far) but for a month, alive, not excluded",
    date_basis="calendar year",
    source=_SOURCE,
    notes=_LIMITS,
    fact=quality_gap,
    left_out=_LEFT_OUT,
    event="NOT is_closed",
    period="year",
    maturity=_settled,
)
quality_closure_rate = Proportion(
    name="quality_closure_rate",
    title="Closed quality gaps",
    definition="Of the members that a quality measure is for, once a measure and year, the share "
    "with a claim that closes it, which is at least that: claims do not tell all.",
    unit="share",
    better="higher",
    denominator=quality_gap_rate.denominator,
    date_basis="calendar year",
    source=_SOURCE,
    notes=_LIMITS,
    fact=quality_gap,
    left_out=_LEFT_OUT,
    event="is_closed",
    period="year",
    maturity=_settled,
)
quality_uncoded_rate = Proportion(
    name="quality_uncoded_rate",
    title="Open gaps for want of a code",
    definition="Of the open quality gaps, the share of which claims tell that the care was given, "
    "but no code tells its result.",
    unit="share",
    better="lower",
    denominator="open gaps: members and measures of quality_gap_rate not closed",
    date_basis="calendar year",
    source="ours, over the open gaps of quality_gap_rate",
    notes="A gap of an A1c test whose result no CPT Category II code tells is closed by a code, "
    "not by a visit. What shows that care was given is role done of quality_code.",
    fact=quality_gap,
    left_out={**_LEFT_OUT, "closed": f"{_IN} AND NOT is_excluded AND is_closed"},
    event="gap_state = 'no_result'",
    period="year",
    maturity=_settled,
)
