"""What kind of claim it is, and who billed it, gave its services, attended or referred."""

import polars as pl

from analytics.ingest.feeds import fhir_fields as fields
from analytics.ingest.feeds.fhir_code import code, exploded

_OWNERS = ("organization", "provider", "facility")
_TAX = r"v2-0203|(?i)tax|ein"  # numbers that are no NPI


def nch_type() -> pl.Expr:
    """NCH claim type: 60 inpatient, 40 outpatient, 71 carrier ..."""
    said = code(pl.col("type"), r"(?i)clm[-_]type[-_]cd$")
    return pl.when(said.is_in(list(fields.CLAIM_TYPES))).then(said)


def claim_kind() -> pl.Expr:
    """By NCH claim type: Blue Button's STU3 calls outpatient claims professional."""
    general = code(pl.col("type"), r"claim-?type$|claimtype|eob-type$").str.to_lowercase()
    hl7 = code(pl.col("type"), r"hl7\.org.*claim-?type").str.to_lowercase()
    return pl.coalesce(
        nch_type().replace_strict(fields.CLAIM_TYPES, default=None),
        hl7.replace_strict(fields.KINDS, default=None),
        general.replace_strict(fields.KINDS, default=None),
    )


def _team(frame: pl.DataFrame) -> pl.DataFrame:
    """Who took part: role, NPI and specialty, by the number that lines give."""
    held = pl.col("each").struct
    inside = exploded(frame, "contained").select(
        "record_no",
        reference=pl.lit("#") + held.field("id"),
        inner=held.field("identifier")
        .list.eval(
            pl.when(pl.element().struct.field("system").str.contains("us-npi")).then(
                pl.element().struct.field("value")
            )
        )
        .list.drop_nulls()
        .list.first(),
    )
    identifier = held.field("provider").struct.field("identifier").struct
    rows = exploded(frame, "careTeam").select(
        "record_no",
        "ordinal",
        sequence=held.field("sequence"),
        role=code(held.field("role")).str.to_lowercase(),
        npi=pl.when(~identifier.field("system").fill_null("").str.contains(_TAX)).then(
            identifier.field("value")
        ),
        reference=held.field("provider").struct.field("reference"),
        specialty=code(held.field("qualification")),
    )
    return rows.join(inside, on=["record_no", "reference"], how="left").with_columns(
        npi=pl.coalesce("npi", "inner")
    )


def line_teams(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Who gave the service of each line, of those that the line names."""
    roles = [*fields.RENDERING, "primary"]
    team = _team(frame).filter(pl.col("role").is_in(roles)).drop("ordinal")
    named = exploded(rows, "team", "item_no").rename({"each": "sequence"})
    found = named.join(team, on=["record_no", "sequence"]).sort(
        pl.col("role").replace_strict({r: n for n, r in enumerate(roles)}), "ordinal"
    )
    return found.group_by("record_no", "item_no", maintain_order=True).agg(
        rendering_npi=pl.col("npi").drop_nulls().first(),
        specialty_code=pl.col("specialty").drop_nulls().first(),
    )


def parties(frame: pl.DataFrame) -> pl.DataFrame:
    """Providers of the claim; `primary` is who attended, gave the service or prescribed."""
    role = pl.col("role")
    kinds = frame.select("record_no", kind=claim_kind())
    team = _team(frame).join(kinds, on="record_no").sort("record_no", "ordinal")
    primary = {
        "attending_npi": (fields.ATTENDING, "institutional"),
        "rendering_npi": (fields.RENDERING, "professional"),
        "referring_npi": (fields.REFERRING, "pharmacy"),
    }
    by_role = team.group_by("record_no", maintain_order=True).agg(
        pl.coalesce(
            pl.col("npi").filter(role.is_in(list(roles))).drop_nulls().first(),
            pl.col("npi")
            .filter((role == "primary") & (pl.col("kind") == kind))
            .drop_nulls()
            .first(),
        ).alias(column)
        for column, (roles, kind) in primary.items()
    )
    owner = {name: pl.col(name).struct.field("identifier").struct for name in _OWNERS}
    number = r"prvdr_num|(?i)ccn"
    is_number = owner["provider"].field("system").fill_null("").str.contains(number)
    said = frame.select(
        "record_no",
        billing_npi=pl.coalesce(
            owner["organization"].field("value"),
            pl.when(~is_number).then(owner["provider"].field("value")),
        ),
        facility_npi=owner["facility"].field("value"),
        provider_number=pl.when(is_number).then(owner["provider"].field("value")),
    )
    return said.join(by_role, on="record_no", how="left")
